"""Scans of consents on paper: put beside them by their officer, opened by those whose they are."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from linkage import files, scans
from linkage.errors import Conflict, NotFound
from linkage.registry.access import Actor, require_member
from linkage.registry.acting import of
from linkage.registry.constraints import refusals
from linkage.registry.models import ConsentScan, OfficerConsent
from linkage.registry.officer_queries import own_consent
from linkage.registry.services.claims import SUBJECT, hold
from linkage.registry.services.memberships import person_id
from linkage.registry.services.officers import ConsentOver, note_of_consent
from linkage.registry.services.reading import CONSENT_SCAN, record_read
from linkage.scans import Opened, Upload

MOST_SCANS = 5


class TooManyScans(Conflict):
    """A consent is a page or two."""

    code = "too_many_consent_scans"
    words = _("A consent has at most %(most)s scans.")


def attach_consent_scan(
    *, actor: Actor, organisation_id: int, consent_id: int, file: Upload, now: datetime
) -> ConsentScan:
    """Put a scan beside a consent that the officer recorded and nobody withdrew; its people are
    told.

    Raises: NotFound, also for another officer's and outside the area; ConsentOver, TooManyScans;
    what `scans.take_in` raises; Conflict `consent_scan_is_attached_once`. Neither row nor file is
    kept then.
    """
    with refusals(), transaction.atomic(), files.beside_its_row() as keep:
        # A withdrawal, and another scan of the consent, come before or after.
        hold(organisation_id)
        consent = own_consent(actor=actor, organisation_id=organisation_id, consent_id=consent_id)
        if hasattr(consent, "end"):
            raise ConsentOver
        if consent.scans.count() >= MOST_SCANS:
            raise TooManyScans(most=MOST_SCANS)
        taken = scans.take_in(file, keep, folder=files.CONSENTS)
        kept = ConsentScan.objects.create(
            consent=consent,
            uploaded_by_id=person_id(actor),
            uploaded_at=now,
            **asdict(taken),
        )
        # Its own name may be personal and stays out of the history.
        data = {"consent": consent.pk, "sha256": kept.sha256}
        note_of_consent(consent, "consent_scan_attached", actor, now, data)
    return kept


def open_consent_scan(
    *, actor: Actor, organisation_id: int, consent_id: int, scan_id: int, now: datetime
) -> Opened:
    """Return a scan to the officer whose consent it is; the reading is noted before.

    Raises: NotFound, also for another officer's and outside the area.
    """
    consent = own_consent(actor=actor, organisation_id=organisation_id, consent_id=consent_id)
    found = _opened(consent, scan_id)
    record_read(
        actor=actor, subject_kind=SUBJECT, ids=[organisation_id], what={CONSENT_SCAN}, now=now
    )
    return found


def open_own_consent_scan(
    *, actor: Actor, organisation_id: int, consent_id: int, scan_id: int
) -> Opened:
    """Return a scan to who acts for the organisation that gave the consent. Raises: NotFound."""
    require_member(actor, organisation_id)
    consent = OfficerConsent.objects.filter(of(organisation_id), pk=consent_id).first()
    if consent is None:
        raise NotFound
    return _opened(consent, scan_id)


def clear_broken_uploads(*, now: datetime) -> int:
    """Clear away what broke off a day ago; how many went. See `files.clear_broken`."""
    return files.clear_broken(files.CONSENTS, rows=ConsentScan.objects.all(), now=now)


def _opened(consent: OfficerConsent, scan_id: int) -> Opened:
    scan = consent.scans.filter(pk=scan_id).first()
    if scan is None:
        raise NotFound
    return scans.opened(scan)
