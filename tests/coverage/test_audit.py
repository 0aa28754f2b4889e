"""audit_invariants: each check holds on sound rows, and names the row that breaks it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from linkage.agreements.models import Consent, Linkage, Reservation
from linkage.coverage.audit import audit
from linkage.coverage.models import Snapshot, SnapshotValue
from linkage.coverage.services import take_snapshot
from linkage.jobs import chain, heads
from linkage.jobs.models import Event, Heartbeat, Outbox, Seal
from linkage.market.models import Need, Offer
from tests.agreements import deals
from tests.jobs import forger

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _heads_of_a_test(settings, tmp_path):
    settings.AUDIT_HEADS_DIR = tmp_path / "heads"


@pytest.fixture
def deal():
    made = deals.make()
    made.agreed(3)
    take_snapshot(as_of=deals.TODAY, now=made.now)
    assert chain.verify().ok
    return made


def asked(capsys):
    """The command's document and exit code."""
    code = 0
    try:
        call_command("audit_invariants", "--json")
    except SystemExit as end:
        code = end.code
    return json.loads(capsys.readouterr().out), code


def test_sound_rows_pass_every_check(deal, capsys):
    found, code = asked(capsys)
    assert (found["ok"], code) == (True, 0)
    assert set(found) == {"ok", "settled", "checks"}
    assert {name: check["ok"] for name, check in found["checks"].items()} == dict.fromkeys(
        [*BREAKS, *OF_FILES], True
    )
    assert found["checks"]["offers_hold_what_is_reserved"] == {"ok": True, "seen": 1, "broken": []}
    assert found["checks"]["figures_are_recomputed"]["seen"] > 0


def more_reserved(deal):
    Offer.objects.update(reserved=4_000_000)
    return deal.offer.pk


def more_needed(deal):
    Need.objects.update(reserved=4_000_000)
    return deal.need.pk


def less_held(deal):
    for table, column in ((Reservation, "held"), (Offer, "reserved"), (Need, "reserved")):
        table.objects.update(**{column: 2_000_000})
    return Linkage.objects.get().pk


def consent_lost(deal):
    Consent.objects.filter(side="seller").delete()
    return Linkage.objects.get().pk


def nothing_held(deal):
    Reservation.objects.all().delete()
    Offer.objects.update(reserved=0)
    Need.objects.update(reserved=0)
    return Linkage.objects.get().pk


def kept_without_a_delivery(deal):
    Reservation.objects.update(state="settled", settled_at=deal.now)
    Linkage.objects.update(state="ended")
    return Linkage.objects.get().pk


def in_force_in_part(deal):
    pool = deals.pool(deal.need)
    Linkage.objects.update(pool=pool)
    return pool.pk


def message_left(deal):
    Heartbeat.objects.create(worker="w", seen_at=timezone.now())
    late = timezone.now() - timedelta(minutes=2)
    kept = Outbox.objects.order_by("pk").first()
    Outbox.objects.exclude(pk=kept.pk).delete()
    Outbox.objects.update(created_at=late)
    return kept.pk


def message_parked(deal):
    parked = Outbox.objects.order_by("pk").last()
    Outbox.objects.filter(pk=parked.pk).update(state="parked", finished_at=timezone.now())
    return parked.pk


def figure_changed(deal):
    value = SnapshotValue.objects.filter(indicator_code="LINK-ALL").first()
    SnapshotValue.objects.filter(pk=value.pk).update(numerator=0, denominator=99)
    return Snapshot.objects.get().pk


def event_changed(deal):
    bad = Seal.objects.order_by("seq")[1]
    forger.off_with_the_triggers()
    Event.objects.filter(pk=bad.event_id).update(kind="x")
    return f"seq {bad.seq}, event {bad.event_id}: changed"


BREAKS = {
    "offers_hold_what_is_reserved": more_reserved,
    "needs_hold_what_is_reserved": more_needed,
    "agreed_linkages_have_both_consents": consent_lost,
    "linkages_that_hold_are_open": nothing_held,
    "ended_linkages_hold_what_they_delivered": kept_without_a_delivery,
    "held_is_what_was_agreed": less_held,
    "pools_are_in_force_wholly_or_not_at_all": in_force_in_part,
    "outbox_is_delivered": message_left,
    "figures_are_recomputed": figure_changed,
    "audit_chain_verifies": event_changed,
}

# Broken in tests/agreements/test_evidence.py, tests/officers/test_consent_scans.py and
# tests/intake/test_batches.py, which have files.
OF_FILES = (
    "evidence_rows_have_their_files",
    "evidence_files_have_their_rows",
    "consent_rows_have_their_files",
    "consent_files_have_their_rows",
    "source_rows_have_their_files",
    "source_files_have_their_rows",
    "workbook_rows_have_their_files",
    "workbook_files_have_their_rows",
)


@pytest.mark.parametrize(
    ("name", "damage"), [*BREAKS.items(), ("outbox_is_delivered", message_parked)]
)
def test_a_broken_rule_is_named_with_its_row_and_ends_with_1(deal, capsys, name, damage):
    broken = damage(deal)
    found, code = asked(capsys)
    assert (found["ok"], code) == (False, 1)
    assert [key for key, check in found["checks"].items() if not check["ok"]] == [name]
    assert found["checks"][name]["broken"] == [broken]


def test_a_tail_that_was_cut_after_its_head_was_kept_is_named(deal, capsys):
    kept = heads.verify_and_keep(now=deal.now, progress=lambda done, total: None).head
    last = Seal.objects.latest("seq").event_id
    forger.off_with_the_triggers()
    forger.take_off(kept.seq)
    Event.objects.filter(pk=last).delete()
    assert chain.verify().ok
    found, code = asked(capsys)
    assert found["checks"]["audit_chain_verifies"]["broken"] == [f"seq {kept.seq}: cut"]
    assert code == 1


def test_a_file_of_heads_that_cannot_be_read_is_no_whole_chain(deal, capsys):
    heads.verify_and_keep(now=deal.now, progress=lambda done, total: None)
    heads.file().write_text("x\n")
    found, code = asked(capsys)
    assert (found["checks"]["audit_chain_verifies"]["ok"], code) == (False, 1)


def test_without_a_worker_what_waits_is_not_settled_and_no_failure(deal):
    now = timezone.now() + timedelta(hours=1)
    found = audit(now=now)
    assert (found.ok, found.settled) == (True, False)
    Outbox.objects.update(state="done", finished_at=now)
    assert audit(now=now).settled


def test_for_people_it_is_a_line_a_check(deal, capsys):
    call_command("audit_invariants")
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(BREAKS) + len(OF_FILES)
    assert all(line.endswith(": ok") for line in lines)
