"""The page that undoes a merge: what goes back, what was changed since, and why."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from linkage.registry.access import OPERATOR
from linkage.registry.models import Organisation
from linkage.registry.services import merge_organisations
from tests.web import register

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(db: None) -> tuple[Organisation, Organisation]:
    """The one that stayed, and one merged into it with its representative and founding day."""
    kept = register.organisation("HTX Ở Lại", founded_on=None)
    merged = register.organisation("HTX Ghi Hai Lần", founded_on=date(2012, 3, 4))
    register.contact(merged)
    merge_organisations(
        actor=OPERATOR, organisation_id=kept.pk, version=1, merged_id=merged.pk,
        merged_version=1, reason="Ghi hai lần", now=timezone.now(),
    )  # fmt: skip
    return kept, merged


def test_it_is_reached_from_the_one_that_stayed_and_undone(staff: Client, pair: tuple) -> None:
    kept, merged = pair
    address = f"/organisations/{merged.pk}/unmerge/"
    assert address in staff.get(f"/organisations/{kept.pk}/").content.decode()
    body = staff.get(address).content.decode()
    assert "04/03/2012" in body
    answer = staff.post(address, {"version": "2", "reason": "Hai đơn vị"})
    assert answer["Location"] == f"/organisations/{merged.pk}/"
    history = staff.get(f"/organisations/{merged.pk}/").content.decode()
    assert "việc gộp đã được hoàn tác" in history
    assert merged.contacts.count() == 1


def test_what_was_changed_since_is_a_choice(staff: Client, pair: tuple) -> None:
    kept, merged = pair
    kept.contacts.all().delete()
    address = f"/organisations/{merged.pk}/unmerge/"
    body = staff.get(address).content.decode()
    assert "không quay lại" in body
    refused = staff.post(address, {"version": "2", "reason": "Hai đơn vị"}).content.decode()
    assert "notice is-error" in refused
    merged.refresh_from_db()
    assert merged.merged_into_id == kept.pk
    code = body.split('name="leave" value="')[1].split('"')[0]
    staff.post(address, {"version": "2", "reason": "Hai đơn vị", "leave": code})
    merged.refresh_from_db()
    assert merged.merged_into is None


def test_a_merge_without_its_record_says_why_not(staff: Client) -> None:
    kept, merged = register.organisation("HTX A"), register.organisation("HTX B")
    Organisation.objects.filter(pk=merged.pk).update(merged_into=kept)
    body = staff.get(f"/organisations/{merged.pk}/unmerge/").content.decode()
    assert "notice is-error" in body
    assert 'name="reason"' not in body


def test_an_auditor_has_no_button(auditor: Client, pair: tuple) -> None:
    kept, _merged = pair
    assert "/unmerge/" not in auditor.get(f"/organisations/{kept.pk}/").content.decode()
