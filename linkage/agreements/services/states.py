"""The states of a linkage: where each leads, and what changes them.

`move` moves one, `move_by_days` one on paper to where its days say; `follow_days` does so on the
row alone, where it is entered or brought by an import.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import F
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from linkage.agreements.models import (
    KNOWN_TO_OFFICES,
    STATES_BY_DAYS,
    Linkage,
    Origin,
    Side,
    State,
)
from linkage.errors import Conflict, Invalid, NotFound, StaleVersion
from linkage.registry import values
from linkage.registry.access import Actor
from linkage.registry.models import Deed
from linkage.registry.services.behalf import record_act

SUBJECT = "linkage"

# From -> to. What was declined or lapsed is history: what begins anew is a new linkage.
TRANSITIONS: Mapping[State, frozenset[State]] = {
    # Back to talking when the proposer takes the proposal back.
    State.PROPOSED: frozenset(
        {State.NEGOTIATING, State.AGREED, State.POOL_PENDING, State.DECLINED, State.LAPSED}
    ),
    State.NEGOTIATING: frozenset({State.PROPOSED, State.AGREED, State.DECLINED, State.LAPSED}),
    # A member that agreed is bound until all agree, or the pool fails.
    State.POOL_PENDING: frozenset({State.AGREED, State.LAPSED}),
    # Declined from here on: a declared contract that its partner says is wrong.
    State.AGREED: frozenset({State.IN_FORCE, State.ENDED, State.TERMINATED, State.DECLINED}),
    # Between agreed, in force and ended also back: a contract on paper whose days were put right.
    State.IN_FORCE: frozenset({State.AGREED, State.ENDED, State.TERMINATED, State.DECLINED}),
    State.ENDED: frozenset({State.AGREED, State.IN_FORCE, State.DECLINED}),
    State.DECLINED: frozenset(),
    State.LAPSED: frozenset(),
    State.TERMINATED: frozenset({State.DECLINED}),
}


class IllegalMove(Conflict):
    """The linkage's state does not lead there."""

    code = "illegal_move"
    words = _("A linkage that is %(state)s cannot become %(to)s.")


class NotInThatState(Conflict):
    """What was asked is not done in the linkage's present state."""

    code = "not_in_that_state"
    words = _("This cannot be done with a linkage that is %(state)s.")


class PartOfAPool(Conflict):
    """A member's part is agreed on with all the others, or not at all."""

    code = "part_of_a_pool"
    words = _("This is a part of a pool: it is answered as a whole, on the pool's own page.")


class ReasonMissing(Invalid):
    """Ending what others rely on needs a reason."""

    code = "reason_missing"
    words = _("A reason is needed.")


def move(
    linkage: Linkage,
    to: State,
    *,
    actor: Actor,
    now: datetime,
    fields: Mapping[str, Any] | None = None,
    data: Mapping[str, Any] | None = None,
) -> None:
    """Move a linkage to another state, with the columns that the state needs, in the caller's
    transaction.

    One conditional UPDATE on the state that was read: of two moves at once the second finds no row
    and is refused. Raises: IllegalMove; nothing is written then.
    """
    before = State(linkage.state)
    if to not in TRANSITIONS[before]:
        raise IllegalMove(state=before.label, to=to.label)
    columns = {**(fields or {}), "state": to}
    if Linkage.objects.filter(pk=linkage.pk, state=before).update(**columns) != 1:
        raise IllegalMove(state=before.label, to=to.label)
    for name, value in columns.items():
        setattr(linkage, name, value)
    note(linkage, "moved", actor, now, {"from": before.value, "to": to.value, **(data or {})})


def state_by_dates(starts: date, ends: date | None, today: date) -> State:
    """Where a contract stands that was agreed on paper."""
    if starts > today:
        return State.AGREED
    return State.ENDED if ends is not None and ends < today else State.IN_FORCE


def move_by_days(linkage: Linkage, *, actor: Actor, now: datetime) -> None:
    """Move a contract on paper to where its days, just set, put it; in the caller's transaction.

    What was terminated stays so, and what was agreed here goes by its own course.
    """
    if linkage.origin == Origin.PLATFORM or linkage.state not in STATES_BY_DAYS:
        return
    to = state_by_dates(linkage.starts, linkage.ends, localdate(now))
    if to != linkage.state:
        move(linkage, to, actor=actor, now=now)


def follow_days(linkage: Linkage, *, on: date) -> None:
    """Put a linkage where its days say, on the row alone: the caller saves it.

    For a contract on paper that is new, and for an import and its undoing, which write in bulk what
    a workbook says of days. A day of termination is a state by itself; what was agreed on the
    platform goes on by `move` only.
    """
    if linkage.terminated_on is not None:
        linkage.state = State.TERMINATED
    elif linkage.origin != Origin.PLATFORM:
        linkage.state = state_by_dates(linkage.starts, linkage.ends, on)


def claim(linkage_id: int, version: int) -> Linkage:
    """Take the linkage at the version that was read; of two readers the second is refused.

    Raises: NotFound, StaleVersion.
    """
    rows = Linkage.objects.filter(pk=linkage_id)
    if rows.filter(version=version).update(version=F("version") + 1) != 1:
        raise StaleVersion if rows.exists() else NotFound
    return rows.get()


def must_be_known(linkage_id: int) -> None:
    """Raises: NotFound, unless offices know of the linkage: talks are the two sides' own."""
    if not Linkage.objects.filter(KNOWN_TO_OFFICES, pk=linkage_id).exists():
        raise NotFound


def claim_by_office(linkage_id: int, version: int) -> Linkage:
    """Claim what the office knows of. Raises: NotFound, StaleVersion."""
    must_be_known(linkage_id)
    return claim(linkage_id, version)


def hold(linkage_id: int) -> Linkage:
    """Lock the linkage until the caller's transaction ends, for what adds a row and changes none.

    An UPDATE that changes nothing: it locks on both databases. Raises: NotFound.
    """
    if not Linkage.objects.filter(pk=linkage_id).update(version=F("version")):
        raise NotFound
    return Linkage.objects.get(pk=linkage_id)


def must_be(linkage: Linkage, *states: State) -> None:
    """Raises: NotInThatState, with the state now."""
    if linkage.state not in states:
        raise NotInThatState(state=State(linkage.state).label)


def must_stand_alone(linkage: Linkage) -> None:
    """Raises: PartOfAPool, for what a pool's own services agree on and end."""
    if linkage.pool_id is not None:
        raise PartOfAPool


def reason_of(text: str) -> str:
    """The reason as it is stored. Raises: ReasonMissing, TextInvalid."""
    said = values.text(text, field="reason", limit=values.LONGEST_REASON)
    if not said:
        raise ReasonMissing(field="reason")
    return said


def note(linkage: Linkage, kind: str, actor: Actor, now: datetime, data: Mapping[str, Any]) -> None:
    """Add a line to the linkage's history, in the caller's transaction.

    What a side did has its `side` in `data`: an officer needs its consent, and it is told.
    """
    # Of others nobody asks, which spares reading the sides.
    party = _party_in(linkage, data.get("side")) if actor.on_behalf else None
    record_act(
        actor=actor,
        organisation_id=party,
        deed=_DEEDS.get(kind, Deed.TALKS),
        subject_kind=SUBJECT,
        subject_id=linkage.pk,
        kind=kind,
        now=now,
        data=data,
    )


# What is about paper or goods; all else is talks.
_DEEDS = {
    "recorded": Deed.PAPERS,
    "evidence_attached": Deed.PAPERS,
    "delivery_entered": Deed.DELIVERIES,
    "delivery_withdrawn": Deed.DELIVERIES,
}


def _party_in(linkage: Linkage, side: str | None) -> int | None:
    """Whose act it is; None for the office and for the calendar."""
    if side not in (Side.SELLER, Side.BUYER):
        return None
    party = linkage.seller if side == Side.SELLER else linkage.buyer
    return party.survivor_id
