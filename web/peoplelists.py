"""Members and codes of an organisation as its page shows them, to its own people and to staff."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from linkage.registry.models import AccessCode, MemberRole, Membership


@dataclass(frozen=True)
class MemberRow:
    """Somebody who acts for it; without addresses where the reader may change nothing."""

    name: str
    username: str
    role_words: str
    since: date
    is_reader: bool
    version: int
    other_role: str
    other_role_words: str
    role_address: str
    end_address: str


@dataclass(frozen=True)
class CodeRow:
    """A code that was made; `cancel_address` while it can still be used."""

    way_words: str
    address: str
    role_words: str
    issued_at: datetime
    state_words: str
    cancel_address: str


def member_rows(
    memberships: Iterable[Membership], *, organisation_id: int, reader_id: int | None, door: str
) -> list[MemberRow]:
    """`door`: member or office, whose addresses the buttons have; empty: no buttons."""
    return [
        MemberRow(
            name=str(row.user),
            username=row.user.username,
            role_words=row.get_role_display(),
            since=row.starts,
            is_reader=row.user_id == reader_id,
            version=row.version,
            other_role=_other(row.role).value,
            other_role_words=str(_other(row.role).label),
            role_address=_address(door, "role", organisation_id, row.pk),
            end_address=_address(door, "end", organisation_id, row.pk),
        )
        for row in memberships
    ]


def code_rows(codes: Iterable[AccessCode], *, now: datetime, door: str) -> list[CodeRow]:
    """Codes with what became of each."""
    return [
        CodeRow(
            way_words=str(AccessCode.Way(code.way).label),
            address=code.address,
            role_words=code.get_role_display(),
            issued_at=code.issued_at,
            state_words=_state(code, now),
            cancel_address=_address(door, "code_cancel", code.organisation_id, code.pk)
            if _is_live(code, now)
            else "",
        )
        for code in codes
    ]


def _address(door: str, act: str, organisation_id: int, row_id: int) -> str:
    return reverse(f"web:{door}_{act}", args=[organisation_id, row_id]) if door else ""


def _other(role: str) -> MemberRole:
    return MemberRole.MEMBER if role == MemberRole.ADMIN else MemberRole.ADMIN


def _is_live(code: AccessCode, now: datetime) -> bool:
    return code.used_at is None and code.cancelled_at is None and code.expires_at > now


def _state(code: AccessCode, now: datetime) -> str:
    if code.used_at is not None:
        return _("used by %(person)s") % {"person": code.used_by or "—"}
    if code.cancelled_at is not None:
        return _("cancelled")
    return _("not used yet") if _is_live(code, now) else _("run out")
