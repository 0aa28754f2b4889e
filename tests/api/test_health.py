"""/livez and /readyz."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from api.health import PARTS, Probe
from linkage.jobs.services import beat


def test_alive_asks_no_database(client):
    # Without the db fixture any query is an error.
    response = client.get("/livez")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


@pytest.mark.django_db(transaction=True)
def test_ready_when_a_worker_works(client):
    beat(worker="one", now=timezone.now())
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {"status": "ok", "parts": dict.fromkeys(PARTS, "ok")}


@pytest.mark.django_db(transaction=True)
def test_not_ready_without_a_worker_and_says_so(client):
    beat(worker="one", now=timezone.now() - timedelta(hours=1))
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["parts"] == {"database": "ok", "migrations": "ok", "worker": "failed"}


@pytest.mark.django_db(transaction=True)
def test_not_ready_before_the_last_migration(client):
    beat(worker="one", now=timezone.now())
    recorder = MigrationRecorder(connection)
    applied = recorder.migration_qs.filter(app="sessions").latest("pk")
    recorder.record_unapplied(applied.app, applied.name)
    try:
        response = client.get("/readyz")
    finally:
        recorder.record_applied(applied.app, applied.name)
    assert response.status_code == 503
    assert response.json()["parts"]["migrations"] == "failed"


def test_a_database_that_never_answers_is_given_up_in_time():
    release, asked = threading.Event(), []

    def frozen():
        asked.append(1)
        release.wait(30)
        return dict.fromkeys(PARTS, True)

    probe = Probe(frozen, patience=0.1)
    started = time.monotonic()
    assert probe.look() == probe.look() == dict.fromkeys(PARTS, False)
    assert time.monotonic() - started < 2
    assert len(asked) == 1, "one thread waits, however often one asks"
    release.set()
    probe._thread.join(5)
    assert probe.look() == dict.fromkeys(PARTS, True)


@pytest.mark.parametrize("address", ["/livez", "/readyz"])
def test_health_is_only_read(address, client):
    assert client.post(address).status_code == 405
