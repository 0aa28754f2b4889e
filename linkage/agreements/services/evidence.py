"""Scans come to a linkage, are opened, and what broken uploads left behind is cleared away."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from linkage import files, scans
from linkage.agreements.models import COUNTING_STATES, EvidenceFile, Linkage, Side
from linkage.agreements.services.parties import Party, join, party_of, tell_other
from linkage.agreements.services.states import hold, must_be, must_be_known, note
from linkage.errors import Conflict, NotFound
from linkage.notices.models import Kind
from linkage.registry.access import Actor, Capability, require, require_member
from linkage.registry.constraints import refusals
from linkage.registry.models import Deed
from linkage.scans import Opened, Scan, Upload

MOST_FILES = 20


class TooManyFiles(Conflict):
    """A contract has a few pages."""

    code = "too_many_files"
    words = _("A linkage has at most %(most)s files.")


def attach_evidence(
    *, actor: Actor, organisation_id: int, linkage_id: int, file: Upload, now: datetime
) -> EvidenceFile:
    """Attach a scan to a linkage of the actor's organisation.

    The linkage gets a new version: a verifier who read it without this file is told so. Raises:
    NotFound; NotInThatState, unless it was agreed; TooManyFiles; what `scans.take_in` raises;
    Conflict `evidence_is_attached_once`. Neither row nor file is kept then.
    """
    with refusals(), transaction.atomic(), files.beside_its_row() as keep:
        linkage, party = join(
            actor=actor,
            organisation_id=organisation_id,
            linkage_id=linkage_id,
            deed=Deed.PAPERS,
        )
        kept = _keep(linkage, party.side, actor, _taken_in(linkage, file, keep), now)
        _tell(linkage, party, kept, now)
    return kept


def attach_evidence_by_office(
    *, actor: Actor, linkage_id: int, file: Upload, now: datetime
) -> EvidenceFile:
    """Attach a scan that the office holds. Raises: NotAllowed, and as `attach_evidence`."""
    require(actor, Capability.WRITE_LINKAGES)
    with refusals(), transaction.atomic(), files.beside_its_row() as keep:
        must_be_known(linkage_id)
        linkage = hold(linkage_id)
        return _keep(linkage, Side.OFFICE, actor, _taken_in(linkage, file, keep), now)


def open_own_evidence(
    *, actor: Actor, organisation_id: int, linkage_id: int, file_id: int
) -> Opened:
    """Return a scan of a linkage of the actor's organisation. Raises: NotFound."""
    require_member(actor, organisation_id)
    file = _file(linkage_id, file_id)
    party_of(actor=actor, organisation_id=organisation_id, linkage=file.linkage)
    return scans.opened(file)


def open_evidence(*, actor: Actor, linkage_id: int, file_id: int, now: datetime) -> Opened:
    """Return a scan to the office; the reading is noted in the linkage's history.

    Raises: NotAllowed, NotFound.
    """
    require(actor, Capability.READ_EVIDENCE)
    file = _file(linkage_id, file_id)
    opened = scans.opened(file)
    with transaction.atomic():
        note(file.linkage, "evidence_read", actor, now, {"file": file.pk})
    return opened


def clear_broken_uploads(*, now: datetime) -> int:
    """Clear away what broke off a day ago; how many went. See `files.clear_broken`."""
    return files.clear_broken(files.SCANS, rows=EvidenceFile.objects.all(), now=now)


def _taken_in(linkage: Linkage, file: Upload, keep: files.Keep) -> Scan:
    must_be(linkage, *COUNTING_STATES)
    if linkage.evidence_files.count() >= MOST_FILES:
        raise TooManyFiles(most=MOST_FILES)
    return scans.take_in(file, keep)


def _keep(linkage: Linkage, side: Side, actor: Actor, scan: Scan, now: datetime) -> EvidenceFile:
    """Write the row in the caller's transaction, which holds the linkage."""
    kept = EvidenceFile.objects.create(
        linkage=linkage,
        side=side,
        uploaded_by_id=actor.user_id,
        uploaded_at=now,
        **asdict(scan),
    )
    Linkage.objects.filter(pk=linkage.pk).update(version=F("version") + 1)
    # Its own name may be personal and stays out of the history.
    data = {"file": kept.pk, "sha256": kept.sha256, "side": side.value}
    note(linkage, "evidence_attached", actor, now, data)
    return kept


def _file(linkage_id: int, file_id: int) -> EvidenceFile:
    rows = EvidenceFile.objects.select_related("linkage")
    found = rows.filter(pk=file_id, linkage=linkage_id).first()
    if found is None:
        raise NotFound
    return found


def _tell(linkage: Linkage, party: Party, kept: EvidenceFile, now: datetime) -> None:
    key = f"evidence:{kept.pk}"
    tell_other(linkage, party, Kind.VERIFICATION, "evidence_attached", key=key, now=now)
