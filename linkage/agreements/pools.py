"""What the sides of a pool read: the buyer all members, a member its own part and a count."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from linkage.agreements.models import Linkage, PoolProposal, Side, State, TermsVersion
from linkage.agreements.services.leading import OneOnBothSides, hindrance
from linkage.agreements.services.parties import is_with_itself, organisation_on
from linkage.agreements.services.reserving import PostClosed
from linkage.errors import Conflict, NotFound
from linkage.market.errors import OrganisationNotActive
from linkage.market.sight import is_open, must_work
from linkage.registry.access import Actor, require_acting
from linkage.registry.models import Deed, Organisation
from linkage.registry.queries import with_merged

_SHOWN = (
    "seller__merged_into", "buyer__merged_into", "commodity", "offer__unit", "need__unit",
    "agreed_terms",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PoolView:
    """A pool as one of its sides sees it on a day.

    `lines`: all parts for the buyer, for a member its own alone; `members` and `agreed` count
    organisations. `standing` is what the day makes of the state, whether or not the night has come
    round to it. `acts`: what the reader may do; `hindrance`: why a member's part that waits for its
    answer cannot be agreed on now, or to the buyer why not all can be.
    """

    pool: PoolProposal
    side: Side
    lines: tuple[Linkage, ...]
    members: int
    agreed: int
    standing: PoolProposal.State
    acts: frozenset[str]
    hindrance: Conflict | None

    @property
    def buyer(self) -> Organisation:
        """Whose need it is: of a merged organisation the survivor."""
        return organisation_on(self.lines[0], Side.BUYER)


def pool(*, actor: Actor, organisation_id: int, pool_id: int, on: date) -> PoolView:
    """Return a pool of which the organisation is the buyer or a member.

    Raises: NotFound, also for other people's; NotConsented.
    """
    require_acting(actor, organisation_id, Deed.TALKS)
    found = PoolProposal.objects.filter(pk=pool_id).select_related("need__unit").first()
    if found is None:
        raise NotFound
    rows = Linkage.objects.filter(pool=found).select_related(*_SHOWN).order_by("pk")
    lines = tuple(rows.prefetch_related("terms__unit", "terms__form"))
    own = with_merged(organisation_id)
    side = _side(lines, own)
    mine = lines if side == Side.BUYER else tuple(one for one in lines if one.seller_id in own)
    standing = standing_on(found, on)
    blocked = _hindrance(side, mine, on) if standing == PoolProposal.State.WAITING else None
    acts = _acts(side, mine, standing) if blocked is None or side == Side.BUYER else {"decline"}
    return PoolView(
        pool=found,
        side=side,
        lines=mine,
        members=len(_members(lines)),
        agreed=len(_members(lines) - _members(one for one in lines if not _has_agreed(one))),
        standing=standing,
        acts=frozenset(acts if actor.acts_for(organisation_id) else acts & {"withdraw"}),
        hindrance=blocked,
    )


def waiting_pool(*, actor: Actor, organisation_id: int, need_id: int, on: date) -> int | None:
    """Return the pool of the organisation's own need that waits for answers on the day.

    Raises: NotFound; NotConsented.
    """
    require_acting(actor, organisation_id, Deed.TALKS)
    rows = PoolProposal.objects.filter(
        need=need_id,
        need__organisation__in=with_merged(organisation_id),
        state=PoolProposal.State.WAITING,
        answer_by__gte=on,
    )
    return rows.values_list("pk", flat=True).first()


def terms_of(line: Linkage) -> TermsVersion:
    """The terms of a part, of which there is one version: nobody counters a pool."""
    return next(iter(line.terms.all()))


def standing_on(found: PoolProposal, on: date) -> PoolProposal.State:
    """What a pool is on the day: one whose last day for answers is over was not agreed in time."""
    state = PoolProposal.State(found.state)
    over = state == PoolProposal.State.WAITING and found.answer_by < on
    return PoolProposal.State.LAPSED if over else state


def _side(lines: Iterable[Linkage], own: Collection[int]) -> Side:
    for side in (Side.BUYER, Side.SELLER):
        if any(getattr(one, f"{side.value}_id") in own for one in lines):
            return side
    raise NotFound


def _members(lines: Iterable[Linkage]) -> set[int]:
    return {organisation_on(one, Side.SELLER).pk for one in lines}


def _has_agreed(line: Linkage) -> bool:
    return line.agreed_terms_id is not None


def _hindrance(side: Side, lines: Sequence[Linkage], on: date) -> Conflict | None:
    """Why a part that waits for its answer cannot be agreed on, of the first that cannot; to the
    buyer why all cannot come into force."""
    if side == Side.BUYER:
        return _hindrance_of_all(lines, on)
    waiting = (one for one in lines if one.state == State.PROPOSED)
    return next((found for one in waiting if (found := hindrance(one, on))), None)


def _hindrance_of_all(lines: Sequence[Linkage], on: date) -> Conflict | None:
    """That the need is closed, or that a member is the buyer now, or does not work any more."""
    need = lines[0].need
    if need is None or not is_open(need, on):
        return PostClosed()
    if any(map(is_with_itself, lines)):
        return OneOnBothSides()
    try:
        must_work(_members(lines), on)
    except OrganisationNotActive as refusal:
        return refusal
    return None


def _acts(side: Side, lines: Iterable[Linkage], standing: PoolProposal.State) -> set[str]:
    if standing != PoolProposal.State.WAITING:
        return set()
    if side == Side.BUYER:
        return {"withdraw"}
    waits = any(one.state == State.PROPOSED for one in lines)
    return {"agree", "decline"} if waits else set()
