"""Where a notice leads. Its sentence is in `linkage.notices.words`, which messages share.

A part that tells of a new kind of subject adds a line to `_ADDRESSES`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models.functions import Coalesce
from django.urls import reverse

from linkage.notices.models import Notice
from linkage.notices.words import sentence_of
from linkage.registry.access import Actor, Capability, allows
from linkage.registry.models import Organisation


@dataclass(frozen=True)
class Line:
    """A notice as the inbox shows it."""

    pk: int
    words: str
    kind_words: str
    at: datetime
    is_unread: bool
    organisation_name: str


def lines_of(notices: Iterable[Notice]) -> list[Line]:
    """Notices as lines of the inbox."""
    return [
        Line(
            told.pk,
            sentence_of(told),
            told.get_kind_display(),
            told.created_at,
            told.read_at is None,
            told.organisation.name if told.organisation else "",
        )
        for told in notices
    ]


def address_of(notice: Notice, actor: Actor) -> str:
    """The page of what the notice is about; the inbox, where there is none for its reader."""
    found = _ADDRESSES.get(notice.subject_kind)
    return (found(notice, actor) if found else "") or reverse("web:inbox")


def _survivor(organisation_id: int) -> int | None:
    """The organisation's id, of one that was merged since the notice its survivor's."""
    rows = Organisation.objects.filter(pk=organisation_id)
    return rows.values_list(Coalesce("merged_into", "pk"), flat=True).first()


def _own(notice: Notice, actor: Actor) -> int | None:
    """The organisation for which the reader was told, if they still act for it."""
    party = _survivor(notice.organisation_id) if notice.organisation_id else None
    return party if party is not None and actor.acts_for(party) else None


def _organisation(notice: Notice, actor: Actor) -> str:
    party = _survivor(notice.subject_id)
    if party is None:
        return ""
    if notice.what.startswith(("officer_", "consent_")) and actor.acts_for(party):
        return reverse("web:own_consents", args=[party])
    if notice.what == "invited_to_post" and actor.acts_for(party):
        return reverse("web:offers", args=[party])
    if actor.acts_for(party):
        return reverse("web:member_people", args=[party])
    if allows(actor, Capability.MANAGE_MEMBERS):
        return reverse("web:office_people", args=[party])
    return reverse("web:mine")


def _join_request(notice: Notice, actor: Actor) -> str:
    if allows(actor, Capability.MANAGE_MEMBERS):
        return reverse("web:join_request", args=[notice.subject_id])
    return reverse("web:mine")


def _linkage(notice: Notice, actor: Actor) -> str:
    if (party := _own(notice, actor)) is not None:
        return reverse("web:own_linkage", args=[party, notice.subject_id])
    if allows(actor, Capability.READ_LINKAGES):
        return reverse("web:linkage", args=[notice.subject_id])
    return ""


def _pool(notice: Notice, actor: Actor) -> str:
    party = _own(notice, actor)
    return "" if party is None else reverse("web:pool", args=[party, notice.subject_id])


def _suggestion(notice: Notice, actor: Actor) -> str:
    party = _own(notice, actor)
    return "" if party is None else reverse("web:suggestions", args=[party])


def _year_return(notice: Notice, actor: Actor) -> str:
    party = _own(notice, actor)
    return "" if party is None else reverse("web:own_returns", args=[party])


_ADDRESSES: Mapping[str, Callable[[Notice, Actor], str]] = {
    "organisation": _organisation,
    "join_request": _join_request,
    "linkage": _linkage,
    "pool": _pool,
    "suggestion": _suggestion,
    # What the city suggests stands first on the same page.
    "plan_line": _suggestion,
    "introduction": _suggestion,
    "year_return": _year_return,
}
