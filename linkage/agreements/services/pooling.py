"""A buyer proposes to several members at once, each its part of one need.

Each part is a linkage with its terms and consents, as in talks of two; what comes of it is in
`pool_answers`. The price is held against nobody's floor: that would tell the floor to who tries one
price after the other. Each member answers for itself.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, TypedDict

from django.db import transaction
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext_lazy as _

from linkage.agreements.models import Linkage, PoolProposal, Side
from linkage.agreements.services import terms as proposals
from linkage.agreements.services.leading import must_lead_on
from linkage.agreements.services.meeting import must_see, opened, pair
from linkage.agreements.services.negotiating import must_have_left
from linkage.agreements.services.parties import Party, must_be_on_one_side
from linkage.agreements.services.pool_news import record, tell_members
from linkage.agreements.services.states import note
from linkage.errors import Conflict, Invalid, NotFound
from linkage.market.models import PostKind
from linkage.registry import values
from linkage.registry.access import Actor, require_acting
from linkage.registry.constraints import refusals
from linkage.registry.models import Deed

FEWEST_MEMBERS, MOST_MEMBERS = 2, 20
# So many days members have to answer.
LEAST_DAYS, USUAL_DAYS, MOST_DAYS = 1, 3, 14
# Each is a notice to every member.
MOST_A_DAY = 5


class Part(TypedDict):
    """What one member is asked for: `quantity` in the common unit, of its offer, in these days."""

    offer_id: int
    quantity: Decimal
    starts: date
    ends: date


class MembersOutOfRange(Invalid):
    """One supplier is no pool, and a pool of everybody is none either."""

    code = "members_out_of_range"
    field = "members"
    words = _("A pool has from %(least)s to %(most)s members, each with another offer.")


class AnswerByOutOfRange(Invalid):
    """Members need a day to think, and what they hold is not held for ever."""

    code = "answer_by_out_of_range"
    field = "answer_by"
    words = _("Members have from %(least)s to %(most)s days to answer.")


class PoolProposedTooOften(Conflict):
    """Who proposes and takes back all day tells every member so each time."""

    code = "pool_proposed_too_often"
    words = _("This need was proposed to several %(times)s times today. Propose again tomorrow.")


class AnswerByAfterDelivery(Invalid):
    """Nothing is agreed for days that are over by then."""

    code = "answer_by_after_delivery"
    field = "answer_by"
    words = _("Members have to answer before the last day of each delivery is over.")


def propose_pool(
    *,
    actor: Actor,
    organisation_id: int,
    need_id: int,
    parts: Sequence[Part],
    common: proposals.Proposal,
    now: datetime,
    answer_by: date | None = None,
    introduced: Collection[int] = (),
) -> PoolProposal:
    """Propose to all members at once, each its part of the buyer's need, at one price.

    `common`: unit, price and what else of the terms all share. `introduced`: offers that something
    stands for that shows them to the buyer, which the rivals' rule may hide from it otherwise.

    Raises: NotFound, also for a post that the organisation may not see; PostClosed,
    OrganisationNotActive, MembersOutOfRange, AnswerByOutOfRange, AnswerByAfterDelivery, LessIsLeft,
    PoolProposedTooOften; Conflict, if a pool of the need waits, or talks of it with a member are
    open; Invalid for a value that cannot be. Nothing is written then.
    """
    require_acting(actor, organisation_id, Deed.TALKS)
    today = localdate(now)
    last = _answer_by(answer_by, parts, today)
    if common.get("price") is None:
        raise values.ValueUnknown(field="price")
    with refusals(), transaction.atomic():
        asked: dict[str, Any] = {"actor": actor, "organisation_id": organisation_id, "now": now}
        # In order of id: of two who propose to the same offers at once, neither waits in a circle
        # on what stands once for a pair.
        parts = sorted(parts, key=lambda part: part["offer_id"])
        ids = [part["offer_id"] for part in parts]
        for offer_id in set(ids) - set(introduced):
            must_see(PostKind.OFFER, offer_id, **asked)
        lines = [_begun(organisation_id, offer_id, need_id, today) for offer_id in ids]
        read = [
            proposals.read({**common, **_stated(part)}, linkage=line, now=now)
            for line, part in zip(lines, parts, strict=True)
        ]
        _must_fit(lines, read)
        _must_not_be_too_often(need_id, now)
        pool = PoolProposal.objects.create(
            need_id=need_id,
            price=read[0]["price"],
            answer_by=last,
            proposed_by_id=actor.user_id,
            proposed_at=now,
        )
        party = Party(actor, organisation_id, Side.BUYER)
        for line, columns in zip(lines, read, strict=True):
            _open(line, pool, party, columns, now)
        record(pool, party, "pool_proposed", now)
        tell_members(pool, lines, "pool_proposed", now=now, actor=actor, asks=True)
    return pool


def _answer_by(asked: date | None, parts: Sequence[Part], today: date) -> date:
    """Raises: MembersOutOfRange, AnswerByOutOfRange, AnswerByAfterDelivery."""
    fits = FEWEST_MEMBERS <= len(parts) <= MOST_MEMBERS
    if not fits or len({part["offer_id"] for part in parts}) < len(parts):
        raise MembersOutOfRange(least=FEWEST_MEMBERS, most=MOST_MEMBERS)
    last = asked or today + timedelta(days=USUAL_DAYS)
    if not LEAST_DAYS <= (last - today).days <= MOST_DAYS:
        raise AnswerByOutOfRange(least=LEAST_DAYS, most=MOST_DAYS)
    if any(part["ends"] < last for part in parts):
        raise AnswerByAfterDelivery
    return last


def _begun(organisation_id: int, offer_id: int, need_id: int, today: date) -> Linkage:
    """The talks that a part begins. Raises: NotFound, PostClosed, OrganisationNotActive."""
    offer, need, side = pair(organisation_id, offer_id, need_id, today)
    if side != Side.BUYER:
        raise NotFound
    line = opened(offer, need, side)
    must_lead_on(line, today)
    return line


def _stated(part: Part) -> proposals.Proposal:
    return {"quantity": part["quantity"], "starts": part["starts"], "ends": part["ends"]}


def _must_fit(lines: Sequence[Linkage], read: Sequence[Mapping[str, Any]]) -> None:
    """Early word of what `reserve_all` would refuse; nothing is held yet. Raises: LessIsLeft."""
    for line, columns in zip(lines, read, strict=True):
        if line.offer is not None:
            must_have_left(line.offer, columns["quantity"])
    need = lines[0].need
    if need is not None:
        must_have_left(need, sum(columns["quantity"] for columns in read))


def _must_not_be_too_often(need_id: int, now: datetime) -> None:
    """Raises: PoolProposedTooOften."""
    midnight = localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    pools = PoolProposal.objects.filter(need=need_id, proposed_at__gte=midnight)
    if pools.count() >= MOST_A_DAY:
        raise PoolProposedTooOften(times=MOST_A_DAY)


def _open(
    line: Linkage, pool: PoolProposal, party: Party, columns: Mapping[str, Any], now: datetime
) -> None:
    line.pool = pool
    line.save(update_fields=["pool"])
    must_be_on_one_side(party, line)
    note(line, "opened", party.actor, now, {"side": party.side.value})
    proposals.put_down(line, party, columns, now)
