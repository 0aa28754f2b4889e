"""`audit_verify` and the night's job: what they say, what they keep, and when they refuse."""

from __future__ import annotations

import json
import logging

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from linkage.jobs import chain, heads
from linkage.jobs.chain import BadRow, Fault
from linkage.jobs.heads import ChainBroken, HeadsUnreadable
from linkage.jobs.models import Event, Job, Seal
from linkage.jobs.runner import run_job
from linkage.jobs.services import submit
from tests.jobs import forger
from tests.jobs.conftest import NOW
from worker.handlers import HANDLERS

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def place(settings, tmp_path):
    settings.AUDIT_HEADS_DIR = tmp_path / "heads"
    return settings.AUDIT_HEADS_DIR


@pytest.fixture
def ids():
    return forger.write_a_chain(12)


def asked(capsys, *options):
    """The command's document and exit code."""
    code = 0
    try:
        call_command("audit_verify", "--json", *options)
    except SystemExit as end:
        code = end.code
    return json.loads(capsys.readouterr().out), code


def keep():
    return heads.verify_and_keep(now=NOW, progress=lambda done, total: None)


def cut(ids, start):
    forger.off_with_the_triggers()
    forger.take_off(start)
    Event.objects.filter(pk__in=ids[start - 1 :]).delete()


def test_a_whole_chain_is_said_to_be_with_its_head(ids, capsys):
    head = Seal.objects.get(seq=12).hash
    assert asked(capsys) == ({"ok": True, "seen": 12, "head": head, "first_bad": None}, 0)
    assert asked(capsys, "--head", head, "--head", f"12:{head.upper()}")[1] == 0
    call_command("audit_verify")
    assert capsys.readouterr().out == f"12 events, whole; head 12:{head}\n"


def test_the_first_bad_row_is_named_with_exit_1(ids, capsys):
    forger.off_with_the_triggers()
    Event.objects.filter(pk__in=ids[4:]).update(kind="x")
    bad = {"seq": 5, "event": ids[4], "fault": "changed", "until": None}
    found, code = asked(capsys)
    assert (found["ok"], found["seen"], found["first_bad"], code) == (False, 4, bad, 1)
    with pytest.raises(SystemExit):
        call_command("audit_verify")
    assert f"BROKEN after 4 events: seq 5, event {ids[4]}: changed" in capsys.readouterr().out


def test_a_cut_tail_is_found_by_an_earlier_head_alone(ids, capsys):
    head = Seal.objects.get(seq=12).hash
    cut(ids, 9)
    assert asked(capsys)[1] == 0
    for given in (head, f"12:{head}"):
        found, code = asked(capsys, "--head", given)
        bad = {"seq": 9, "event": None, "fault": "cut", "until": None}
        assert (found["first_bad"], code) == (bad, 1)


@pytest.mark.parametrize("head", ["12", "x" * 64, "-1:" + "a" * 64, "1.5:" + "a" * 64])
def test_what_is_no_head_is_wrong_usage(head):
    with pytest.raises(CommandError, match="hexadecimal"):
        call_command("audit_verify", f"--head={head}")


def test_the_night_keeps_the_head_and_the_next_one_sees_what_was_cut(ids, capsys, caplog):
    with caplog.at_level(logging.INFO):
        keep()
    head = chain.head()
    assert json.loads(heads.file().read_text()) == {
        "at": NOW.isoformat(), "seq": 12, "hash": head.hash,
    }  # fmt: skip
    assert f"seq 12 with {head.hash}" in caplog.text
    assert heads.file().stat().st_mode & 0o077 == 0
    forger.an_event()
    keep()
    assert [kept.seq for kept in heads.kept()] == [12, 13]
    cut(ids, 10)
    found, code = asked(capsys)
    assert (found["first_bad"]["seq"], found["first_bad"]["fault"], code) == (10, "cut", 1)
    with (
        translation.override("en"),
        pytest.raises(ChainBroken, match="row 10 of the chain: cut off"),
    ):
        keep()
    assert len(heads.kept()) == 2


def test_no_head_is_kept_of_an_empty_history():
    keep()
    assert not heads.file().exists()


def test_a_line_that_is_no_head_is_refused_by_name(ids, capsys):
    keep()
    with heads.file().open("a") as out:
        out.write('{"seq": "x"}\n')
    with pytest.raises(HeadsUnreadable):
        heads.kept()
    with pytest.raises(CommandError, match=r"Line 2|Dòng 2") as refusal:
        call_command("audit_verify")
    assert refusal.value.returncode == 2


@pytest.mark.parametrize(
    ("seq", "event", "until", "words"),
    [
        (None, 7, None, "event 7 has no row of the chain: put in later"),
        (3, 7, None, "row 3 of the chain, event 7: put in later"),
        (3, None, None, "row 3 of the chain: put in later"),
        (3, 7, 9, "one of the rows 3 to 9 of the chain: put in later"),
    ],
)
def test_a_bad_row_is_told_in_words(seq, event, until, words):
    with translation.override("en"):
        assert heads.in_words(BadRow(Fault.INSERTED, seq, event, until)) == words


def test_every_fault_has_words_in_both_languages():
    for fault in Fault:
        told = heads.in_words(BadRow(fault, 3, None))
        with translation.override("en"):
            assert heads.in_words(BadRow(fault, 3, None)) != told


@pytest.mark.django_db(transaction=True)
def test_the_job_fails_and_says_which_row_is_bad():
    ids = forger.write_a_chain(3)

    def ran() -> Job:
        job = submit(kind="jobs.verify_chain", args={}, now=NOW)
        run_job(job_id=job.pk, handlers=HANDLERS, worker="w", clock=lambda: NOW)
        return Job.objects.get(pk=job.pk)

    assert ran().result == {"seen": 3, "head": chain.head().hash}
    assert chain.verify(heads=heads.kept()).bad is None
    with heads.file().open("a") as out:
        out.write(json.dumps({"seq": 5, "hash": "f" * 64}) + "\n")
    job = ran()
    assert (job.state, job.error_code) == ("failed", "audit_chain_broken")
    # The audit page shows it.
    assert "dòng 4 của chuỗi" in job.error_text
    assert ids
