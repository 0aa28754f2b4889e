"""Heads of the chain of events that were kept outside of the database, one line a night.

A file for each database in `settings.AUDIT_HEADS_DIR`: whoever can change the database alone cannot
cut the chain before a head that stands there, or write it anew.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linkage.databases import told_apart
from linkage.errors import Conflict, Unprocessable
from linkage.jobs import chain
from linkage.jobs.chain import BadRow, Fault, Head, Progress, Verified

# The job that verifies the chain and keeps its head.
KIND = "jobs.verify_chain"

_FAULTS = {
    Fault.CHANGED: _("changed"),
    Fault.MISSING: _("taken out"),
    Fault.REORDERED: _("put at another place"),
    Fault.INSERTED: _("put in later"),
    Fault.CUT: _("cut off with all after it"),
    Fault.REWRITTEN: _("written anew"),
}

logger = logging.getLogger(__name__)


class ChainBroken(Conflict):
    """The history is not what was sealed; `row` names the first bad row and what is wrong."""

    code = "audit_chain_broken"
    words = _("The history was changed past the program. First bad row: %(row)s")


class HeadsUnreadable(Unprocessable):
    """A line of the file of heads is none."""

    code = "audit_heads_unreadable"
    words = _("Line %(line)s of %(file)s is no head of the history.")


def verify_and_keep(*, now: datetime, progress: Progress) -> Verified:
    """Verify the chain against the heads that are kept, and keep its own if it is whole.

    Raises: ChainBroken, HeadsUnreadable; then nothing is kept.
    """
    found = chain.verify(heads=kept(), progress=progress)
    if found.bad is not None:
        logger.error("the chain of events is broken: %s", named(found.bad))
        raise ChainBroken(row=in_words(found.bad))
    if found.seen:
        _keep(found.head, now)
    return found


def named(bad: BadRow) -> str:
    """The first bad row in one line, as it stands in logs."""
    where = "no seq" if bad.seq is None else f"seq {bad.seq}"
    if bad.until is not None:
        where += f" to {bad.until}"
    event = "" if bad.event_id is None else f", event {bad.event_id}"
    return f"{where}{event}: {bad.fault.value}"


def in_words(bad: BadRow) -> str:
    """The first bad row as people read it, in the reader's language."""
    told = {"seq": bad.seq, "until": bad.until, "event": bad.event_id, "fault": _FAULTS[bad.fault]}
    if bad.seq is None:
        return gettext("event %(event)s has no row of the chain: %(fault)s") % told
    if bad.until is not None:
        return gettext("one of the rows %(seq)s to %(until)s of the chain: %(fault)s") % told
    if bad.event_id is None:
        return gettext("row %(seq)s of the chain: %(fault)s") % told
    return gettext("row %(seq)s of the chain, event %(event)s: %(fault)s") % told


def file() -> Path:
    """Where the heads of this database are kept; its name is the database's, told apart."""
    return Path(settings.AUDIT_HEADS_DIR) / f"{told_apart(connection.settings_dict)}.jsonl"


def kept() -> Sequence[Head]:
    """The heads that are kept, oldest first. Raises: HeadsUnreadable."""
    path = file()
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8").splitlines()
    return [_read(line, number, path) for number, line in enumerate(lines, start=1)]


def _read(line: str, number: int, path: Path) -> Head:
    try:
        found = json.loads(line)
        return Head(int(found["seq"]), str(found["hash"]))
    except (ValueError, TypeError, KeyError) as error:
        raise HeadsUnreadable(line=number, file=path.name) from error


def _keep(head: Head, now: datetime) -> None:
    line = json.dumps({"at": now.isoformat(), "seq": head.seq, "hash": head.hash})
    path = file()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "a", encoding="utf-8") as out:
        out.write(line + "\n")
        out.flush()
        os.fsync(out.fileno())
    logger.info("the chain of events ends at seq %s with %s", head.seq, head.hash)
