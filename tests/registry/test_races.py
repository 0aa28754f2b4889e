"""Two who read the same version at once: one is saved, the others are told. With its control."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, transaction
from django.db.models import F

from linkage.errors import StaleVersion
from linkage.registry.models import Organisation
from linkage.registry.services import edit_organisation

WRITERS = 8

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor == "sqlite",
        reason="the test database of SQLite lives in memory and locks whole tables",
    ),
]


def at_once(attempt):
    """How many of the writers, started together, were told that they saved."""
    together = Barrier(WRITERS)

    def one(number):
        together.wait()
        try:
            return attempt(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(WRITERS) as pool:
        return sum(pool.map(one, range(WRITERS)))


def test_of_many_who_read_one_version_exactly_one_saves(coop, officer, now):
    def attempt(number):
        try:
            edit_organisation(actor=officer, organisation_id=coop.pk, version=1,
                              details={"members": number}, now=now)  # fmt: skip
        except StaleVersion:
            return False
        return True

    assert at_once(attempt) == 1
    assert Organisation.objects.get(pk=coop.pk).version == 2


def test_the_control_without_the_guard_lets_more_than_one_save(coop):
    checked = Barrier(WRITERS)

    def attempt(number):
        with transaction.atomic():
            fresh = Organisation.objects.get(pk=coop.pk).version == 1
            checked.wait()
            rows = Organisation.objects.filter(pk=coop.pk)
            return fresh and rows.update(members=number, version=F("version") + 1) == 1

    assert at_once(attempt) > 1
