"""The answers to a pool: it comes into force when all members agree, or not at all.

Who agrees has its part held (`pool_pending`) until all have agreed: then all parts are agreed on in
one transaction. One that declines, the buyer that takes the pool back and the day after the last
one for answers end it: in one transaction all parts end and all that was held goes back.

Whoever acts on a pool locks it first, so of two that answer at once the second finds what the first
did. Members are rivals: none is told who the others are, or which of them did what.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import F, Q
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from linkage.agreements.models import Consent, Linkage, PoolProposal, Side, State
from linkage.agreements.services.leading import must_lead_on
from linkage.agreements.services.parties import (
    Party,
    is_with_itself,
    must_be_on_one_side,
    must_may,
    organisation_on,
)
from linkage.agreements.services.pool_news import record, tell_buyer, tell_members
from linkage.agreements.services.reserving import release, reserve_all
from linkage.agreements.services.states import NotInThatState, move, reason_of
from linkage.agreements.services.terms import agreed_fields, newest_terms
from linkage.errors import Conflict, NotFound
from linkage.market.models import PostState
from linkage.registry.access import OPERATOR, Actor, require_acting
from linkage.registry.constraints import refusals
from linkage.registry.models import Deed
from linkage.registry.on_a_day import inactive_on
from linkage.registry.queries import with_merged

logger = logging.getLogger(__name__)


class PoolIsOver(Conflict):
    """All have agreed, or it failed."""

    code = "pool_is_over"
    words = _("This pool is over: %(state)s.")


class OtherSidesAct(Conflict):
    """Both sides know of the pool; each has its own word on it."""

    code = "other_sides_act"
    words = _("The members answer a pool, and the buyer takes it back.")


class AnswerTooLate(Conflict):
    """The last day for answers is over, whether or not the night has ended the pool yet."""

    code = "pool_answer_too_late"
    words = _("The last day for answers is over: this pool was not agreed in time.")


class MemberCannotTakePart(Conflict):
    """Another member cannot be dealt with that day. Which one is nobody's business here."""

    code = "pool_member_cannot_take_part"
    words = _("Another member can no longer take part, so this pool cannot be agreed on now.")


class _Held(NamedTuple):
    """A pool and its parts, locked for the transaction, and those of who acts."""

    pool: PoolProposal
    lines: Sequence[Linkage]
    own: Sequence[Linkage]
    party: Party


def agree_to_pool(
    *, actor: Actor, organisation_id: int, pool_id: int, now: datetime
) -> PoolProposal:
    """Agree to the organisation's part, which is held from then on; the last one makes all agree.

    Raises: NotFound; PoolIsOver, AnswerTooLate, NotInThatState for who agreed already;
    OutOfStock, PostClosed, OrganisationNotActive, MemberCannotTakePart. Nothing is written then.
    """
    with refusals(), transaction.atomic():
        held = _take(actor, organisation_id, pool_id, Side.SELLER, now)
        mine = _unanswered(held)
        today = localdate(now)
        for line in mine:
            must_lead_on(line, today)
        agreed = [(line, newest_terms(line)) for line in mine]
        Consent.objects.bulk_create(
            Consent(terms=terms, side=Side.SELLER, given_by_id=actor.user_id, given_at=now)
            for _line, terms in agreed
        )
        reserve_all(agreed, now=now)
        for line, terms in agreed:
            data = {"side": Side.SELLER.value, "number": terms.number}
            fields = {"agreed_terms_id": terms.pk, "version": line.version + 1}
            move(line, State.POOL_PENDING, actor=actor, now=now, fields=fields, data=data)
        record(held.pool, held.party, "pool_agreed", now)
        if all(line.state == State.POOL_PENDING for line in held.lines):
            _bring_into_force(held, now)
        else:
            tell_buyer(held.pool, mine[0], "pool_agreed", now=now, actor=actor)
    return held.pool


def decline_pool(
    *, actor: Actor, organisation_id: int, pool_id: int, reason: str, now: datetime
) -> PoolProposal:
    """Decline the organisation's part, which ends the pool; the reason is for the buyer alone.

    Raises: NotFound, ReasonMissing, PoolIsOver, AnswerTooLate; NotInThatState for who has agreed
    and is bound. Nothing is written then.
    """
    said = reason_of(reason)
    with refusals(), transaction.atomic():
        held = _take(actor, organisation_id, pool_id, Side.SELLER, now)
        mine = _unanswered(held)
        data = {"side": Side.SELLER.value, "reason": said}
        for line in mine:
            _move(line, State.DECLINED, actor, now, data)
        _fail(held.pool, held.lines, PoolProposal.State.DECLINED, now)
        record(held.pool, held.party, "pool_declined", now, {"reason": said})
        told = {"reason": said}
        tell_buyer(held.pool, mine[0], "pool_declined", now=now, actor=actor, data=told)
        others = [line for line in held.lines if line not in held.own]
        tell_members(held.pool, others, "pool_failed", now=now, actor=actor)
    return held.pool


def withdraw_pool(
    *, actor: Actor, organisation_id: int, pool_id: int, now: datetime
) -> PoolProposal:
    """Take the buyer's own pool back, as long as not all have agreed.

    Raises: NotFound, PoolIsOver, AnswerTooLate. Nothing is written then.
    """
    with refusals(), transaction.atomic():
        held = _take(actor, organisation_id, pool_id, Side.BUYER, now)
        _take_back(held.pool, held.lines, held.party, now)
    return held.pool


def withdraw_pools_of(*, actor: Actor, organisation_id: int, need_id: int, now: datetime) -> None:
    """Take back each pool of the organisation's own need that waits for answers, as the need goes.

    In the caller's transaction, before it locks the need: who agrees locks them in this order.
    Raises: NotFound, for who does not act for it; NotConsented, if there is such a pool and the
    officer may not talk. Nothing is locked for whoever else names the need.
    """
    require_acting(actor, organisation_id, Deed.POSTS)
    waiting = PoolProposal.objects.filter(
        state=PoolProposal.State.WAITING,
        need=need_id,
        need__organisation__in=with_merged(organisation_id),
    )
    party = Party(actor, organisation_id, Side.BUYER)
    for pool_id in waiting.order_by("pk").values_list("pk", flat=True):
        must_may(actor, organisation_id, Deed.TALKS)
        pool, lines = _lock(pool_id)
        # All may have agreed since.
        if pool.state == PoolProposal.State.WAITING:
            _take_back(pool, lines, party, now)


def lapse_pools(*, now: datetime) -> int:
    """End every pool whose last day for answers is over, or whose need is gone for good, so that
    nobody can agree any more; how many ended. The schedule calls it.

    Each in a transaction of its own, and looked at again once it is locked: run twice, or beside
    people at work, each is ended once. One that does not add up is logged, and the others end.
    """
    gone = Q(need__state__in=(PostState.WITHDRAWN, PostState.EXPIRED))
    over = PoolProposal.objects.filter(
        Q(answer_by__lt=localdate(now)) | gone, state=PoolProposal.State.WAITING
    )
    return sum(_lapse(id_, now) for id_ in over.order_by("pk").values_list("pk", flat=True))


def _lapse(pool_id: int, now: datetime) -> bool:
    try:
        with refusals(), transaction.atomic():
            pool, lines = _lock(pool_id)
            if pool.state != PoolProposal.State.WAITING:
                return False
            _fail(pool, lines, PoolProposal.State.LAPSED, now)
            record(pool, None, "pool_lapsed", now)
            tell_buyer(pool, lines[0], "pool_lapsed", now=now)
            tell_members(pool, lines, "pool_lapsed", now=now)
    except Conflict as refusal:
        logger.error("pool %s cannot lapse: %s", pool_id, refusal.code)
        return False
    return True


def _take(actor: Actor, organisation_id: int, pool_id: int, side: Side, now: datetime) -> _Held:
    """Lock a pool that waits, for who acts for the side.

    Raises: NotFound, NotConsented, OtherSidesAct, ActedForOtherSide, PoolIsOver, AnswerTooLate.
    """
    must_may(actor, organisation_id, Deed.TALKS if side == Side.BUYER else None)
    ours = with_merged(organisation_id)
    parts = Linkage.objects.filter(pool=pool_id)
    if not parts.filter(Q(seller__in=ours) | Q(buyer__in=ours)).exists():
        raise NotFound
    if not parts.filter(**{f"{side.value}__in": ours}).exists():
        raise OtherSidesAct
    pool, lines = _lock(pool_id)
    if pool.state != PoolProposal.State.WAITING:
        raise PoolIsOver(state=PoolProposal.State(pool.state).label)
    if pool.answer_by < localdate(now):
        raise AnswerTooLate
    own = [line for line in lines if getattr(line, f"{side.value}_id") in ours]
    party = Party(actor, organisation_id, side)
    for line in own:
        must_be_on_one_side(party, line)
    return _Held(pool, lines, own, party)


def _lock(pool_id: int) -> tuple[PoolProposal, list[Linkage]]:
    """The pool and its parts, in order of id, until the caller's transaction ends.

    An UPDATE that changes nothing: it locks on both databases. Raises: NotFound.
    """
    rows = PoolProposal.objects.filter(pk=pool_id)
    if not rows.update(answer_by=F("answer_by")):
        raise NotFound
    related = ("seller__merged_into", "buyer__merged_into", "commodity", "offer", "need")
    lines = Linkage.objects.filter(pool=pool_id).select_related(*related).order_by("pk")
    return rows.get(), list(lines.select_for_update(of=("self",), no_key=True))


def _unanswered(held: _Held) -> list[Linkage]:
    """The actor's parts that wait for its word. Raises: NotInThatState, if none does."""
    found = [line for line in held.own if line.state == State.PROPOSED]
    if not found:
        raise NotInThatState(state=State(held.own[0].state).label)
    return found


def _bring_into_force(held: _Held, now: datetime) -> None:
    """All have agreed: each part is agreed on as any other linkage is, in this transaction."""
    today = localdate(now)
    _must_be_with(held, today)
    for line in held.lines:
        terms = newest_terms(line)
        fields = {**agreed_fields(line, terms, today), "version": line.version + 1}
        # Who agreed last is nobody else's business: it is nobody's act in the others' histories.
        move(line, State.AGREED, actor=OPERATOR, now=now, fields=fields, data={"side": ""})
    _end(held.pool, PoolProposal.State.AGREED, now)
    record(held.pool, None, "pool_in_force", now)
    tell_buyer(held.pool, held.lines[0], "pool_in_force", now=now)
    actor = held.party.actor
    tell_members(held.pool, held.lines, "pool_in_force", now=now, actor=actor)


def _must_be_with(held: _Held, today: date) -> None:
    """Raises: MemberCannotTakePart, if one that agreed before does not work any more, or is the
    buyer now."""
    others = [line for line in held.lines if line not in held.own]
    sellers = [organisation_on(line, Side.SELLER).pk for line in others]
    if inactive_on(today).filter(pk__in=sellers).exists() or any(map(is_with_itself, others)):
        raise MemberCannotTakePart


def _take_back(pool: PoolProposal, lines: Sequence[Linkage], party: Party, now: datetime) -> None:
    """What the buyer does to a pool that waits, and that is in each part's history as its act."""
    for line in lines:
        _move(line, State.LAPSED, party.actor, now, {"side": Side.BUYER.value})
    _fail(pool, lines, PoolProposal.State.WITHDRAWN, now)
    record(pool, party, "pool_withdrawn", now)
    tell_members(pool, lines, "pool_withdrawn", now=now, actor=party.actor)


def _fail(
    pool: PoolProposal, lines: Sequence[Linkage], to: PoolProposal.State, now: datetime
) -> None:
    """End the pool and what of it has not ended, and give everything back."""
    for line in lines:
        if line.state in (State.PROPOSED, State.POOL_PENDING):
            _move(line, State.LAPSED, OPERATOR, now, {"side": ""})
    release([line.pk for line in lines], now=now)
    _end(pool, to, now)


def _move(line: Linkage, to: State, actor: Actor, now: datetime, data: Mapping[str, Any]) -> None:
    move(line, to, actor=actor, now=now, fields={"version": line.version + 1}, data=data)


def _end(pool: PoolProposal, to: PoolProposal.State, now: datetime) -> None:
    pool.state, pool.ended_at = to, now
    waiting = PoolProposal.objects.filter(pk=pool.pk, state=PoolProposal.State.WAITING)
    # Must be 1: the caller holds the pool and saw it wait.
    if waiting.update(state=to, ended_at=now) != 1:
        raise PoolIsOver(state=to.label)
