"""What a side does with a suggestion: later, not for us, talks. The other side sees none of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from linkage.errors import Conflict, Invalid
from linkage.registry.access import Actor
from linkage.registry.models import Deed
from linkage.registry.services.behalf import record_act
from linkage.suggestions.models import DismissReason, Suggestion, View
from linkage.suggestions.queries import Own, own, shown_to

SUBJECT = "suggestion"
_BEFORE_PROPOSAL = (View.NEW, View.SEEN, View.DISMISSED)


class AlreadyProposed(Conflict):
    """Talks were opened: they are answered or broken off on their own page."""

    code = "suggestion_was_proposed"
    words = _("You sent a proposal already: its own page has what comes next.")


class ReasonUnknown(Invalid):
    """A suggestion is dismissed for one of the known reasons."""

    code = "value_unknown"
    words = _("This value is not one of the known ones.")


def see(*, actor: Actor, organisation_id: int, suggestion_id: int, now: datetime) -> Own:
    """Note that the side looked at it and leaves it for later; a dismissed one comes back.

    One that was seen or proposed stays so. Raises: NotFound.
    """
    states = (View.NEW, View.DISMISSED)
    return _move(actor, organisation_id, suggestion_id, now=now, states=states, view=View.SEEN)


def dismiss(
    *, actor: Actor, organisation_id: int, suggestion_id: int, reason: str, now: datetime
) -> Own:
    """Note that the side does not want it, and why; again with another reason changes the reason.

    Raises: NotFound, ReasonUnknown, AlreadyProposed. Nothing is written then.
    """
    if reason not in DismissReason.values:
        raise ReasonUnknown(field="reason")
    found = _move(
        actor, organisation_id, suggestion_id,
        now=now, states=_BEFORE_PROPOSAL, view=View.DISMISSED, reason=reason,
    )  # fmt: skip
    if found.view != View.DISMISSED:
        raise AlreadyProposed
    return found


def note_talks(
    *, actor: Actor, organisation_id: int, offer_id: int, need_id: int, now: datetime
) -> None:
    """Note on the pair's suggestion to the side, if there is one, that it opened talks."""
    row = shown_to(organisation_id).filter(offer=offer_id, need=need_id).first()
    if row is not None:
        _move(actor, organisation_id, row.pk, now=now, states=_BEFORE_PROPOSAL, view=View.PROPOSED)


def _move(
    actor: Actor,
    organisation_id: int,
    suggestion_id: int,
    *,
    now: datetime,
    states: tuple[View, ...],
    view: View,
    reason: str = "",
) -> Own:
    with transaction.atomic():
        found = own(actor=actor, organisation_id=organisation_id, suggestion_id=suggestion_id)
        side = found.kind.value
        rows = Suggestion.objects.filter(**{f"{side}_view__in": states}, pk=suggestion_id).exclude(
            **{f"{side}_view": view, f"{side}_reason": reason}
        )
        # Must be 1: zero means that it is there already, or a colleague was faster.
        if rows.update(**{f"{side}_view": view, f"{side}_reason": reason, "updated_at": now}):
            _note(found, view, reason, actor, now)
        return own(actor=actor, organisation_id=organisation_id, suggestion_id=suggestion_id)


def _note(found: Own, view: View, reason: str, actor: Actor, now: datetime) -> None:
    before = {"view": found.view, "reason": found.reason}
    data: dict[str, Any] = {"before": before, "after": {"view": view.value, "reason": reason}}
    owner = found.post.organisation
    record_act(
        actor=actor,
        organisation_id=owner.survivor_id,
        deed=Deed.TALKS,
        subject_kind=SUBJECT,
        subject_id=found.row.pk,
        kind=f"suggestion_{view.value}",
        now=now,
        data={"side": found.kind.value, **data},
    )
