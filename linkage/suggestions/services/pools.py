"""Looks for few suppliers that fill a need together, and proposes to them.

A job looks: choosing partners takes up to some seconds, which no request waits for. It is looked
for within the need's own sealed ceiling and never at a price that somebody tries: who is found at
one price and not at another would be told where floors lie. A ceiling can be moved a few times a
day only (`market.services.limits`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from linkage.agreements import services as agreements
from linkage.agreements.models import PoolProposal
from linkage.agreements.services import Part
from linkage.agreements.services.reserving import PostClosed
from linkage.agreements.services.terms import Proposal
from linkage.jobs.queries import under_way
from linkage.jobs.services import submit
from linkage.market.models import Need, PostKind
from linkage.market.sight import is_open, trade_of, visible_commodities
from linkage.market.tree import Tree
from linkage.matching.columns import UNSET
from linkage.matching.near import NearMiss, near_offers
from linkage.matching.pooling.posts import Posts, Terms, closing_pool, pool
from linkage.matching.pooling.problem import MAX_CANDIDATES, NoFeasiblePool, Pool
from linkage.matching.solver import Limits
from linkage.registry.access import Actor, require_acting
from linkage.registry.models import Deed
from linkage.registry.queries import with_merged
from linkage.suggestions.facts import World, gather
from linkage.suggestions.models import PoolPart, PoolSuggestion
from linkage.suggestions.pools import LOOK_FOR_POOL, own_need
from linkage.suggestions.queries import shown_to, stands
from linkage.suggestions.services.answering import note_talks

# For each of the two questions.
SECONDS = 5.0
# A need holds no more than it asks for; so many partners at most are one order still.
TERMS = Terms(partners=10, under=0, over=0)


@dataclass(frozen=True)
class _Found:
    """`why` there is no pool of what fits, and `closing_why` none with near misses either."""

    why: str = ""
    values: dict[str, int] = field(default_factory=dict)
    closing_why: str = ""
    closing_values: dict[str, int] = field(default_factory=dict)
    pool: Pool | None = None
    lacks: dict[int, dict[str, Any]] = field(default_factory=dict)


def ask_for_pool(*, actor: Actor, organisation_id: int, need_id: int, now: datetime) -> None:
    """Have it looked for who fills a need of the organisation's together; asked again, anew.

    Raises: NotFound, also for another's need; NotConsented; PostClosed. Nothing is written then.
    """
    require_acting(actor, organisation_id, Deed.TALKS)
    need = own_need(organisation_id, need_id)
    if not is_open(need, localdate(now)) or need.left <= 0:
        raise PostClosed
    with transaction.atomic():
        about = {"asked_at": now, "need_version": need.version, "wanted": need.left}
        PoolSuggestion.objects.get_or_create(need=need, defaults=about)
        if under_way([LOOK_FOR_POOL], need=need_id) is None:
            args = {"need": need_id}
            submit(kind=LOOK_FOR_POOL, args=args, now=now, created_by_id=actor.user_id)


def look_for_pool(
    *,
    need_id: int,
    now: datetime,
    fence: Callable[[], None] = lambda: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> None:
    """Look for it, and keep what was found in place of what was found before.

    Raises: solver.Cancelled. Nothing is written then.
    """
    need = Need.objects.filter(pk=need_id).select_related("organisation").first()
    if need is None:
        return
    found = _look(need, localdate(now), Limits(seconds=SECONDS, cancelled=cancelled))
    with transaction.atomic():
        fence()
        _keep(need, found, now)


def propose_pool(
    *,
    actor: Actor,
    organisation_id: int,
    need_id: int,
    parts: Sequence[Part],
    common: Proposal,
    now: datetime,
    answer_by: date | None = None,
) -> PoolProposal:
    """Propose to all members at once; what was suggested of them is noted as taken up.

    An offer may be one that the rivals' rule shows to the organisation, or one that was suggested
    to this need, alone or as a part of a pool. Raises: what `agreements.services.propose_pool`
    raises. Nothing is written then.
    """
    require_acting(actor, organisation_id, Deed.TALKS)
    own_need(organisation_id, need_id)
    suggested = shown_to(organisation_id, stands(localdate(now))).filter(need=need_id)
    pooled = PoolPart.objects.filter(suggestion=need_id)
    introduced = {
        *suggested.values_list("offer", flat=True), *pooled.values_list("offer", flat=True)
    }  # fmt: skip
    own: dict[str, Any] = {"actor": actor, "organisation_id": organisation_id, "now": now}
    with transaction.atomic():
        made = agreements.propose_pool(
            **own, need_id=need_id, parts=parts, common=common, answer_by=answer_by,
            introduced=introduced,
        )  # fmt: skip
        for part in parts:
            note_talks(**own, offer_id=part["offer_id"], need_id=need_id)
    return made


def _look(need: Need, today: date, limits: Limits) -> _Found:
    tree = Tree.load()
    code = need.commodity_id
    # What is stated more broadly than asked is a near miss.
    offered = {*tree.below(code), *tree.above(code)}
    world = gather(tree=tree, offered=offered, needed={code}, today=today)
    place = [row for row, id_ in enumerate(world.needs["id"]) if id_ == need.pk]
    if not place:
        return _Found(why=PoolSuggestion.Why.NEED_CLOSED)
    try:
        return _Found(pool=pool(_posts(world, place), TERMS, limits))
    except NoFeasiblePool as none:
        about = {"why": none.code, "values": none.values}
    seen = visible_commodities(tree, PostKind.OFFER, trade_of(_owner(need), today))
    return _close(world, place, seen, about, limits)


def _owner(need: Need) -> list[int]:
    return with_merged(need.organisation.survivor_id)


def _close(
    world: World, place: list[int], seen: Collection[str], about: dict[str, Any], limits: Limits
) -> _Found:
    """What would close the shortfall, as little missing as can be.

    A near miss introduces nobody (`suggestions.near`): only those of the commodities whose offers
    the rivals' rule shows to the need's owner are asked about.
    """
    tables = (world.all_offers, world.need_columns(place), world.tree, world.certificates)
    misses = list(near_offers(*tables, top=max(1, len(world.all_offers))))
    codes = dict(zip(world.offers["id"], world.offers["commodity"], strict=True))
    lacks = {one.offer: _numbers(world, one) for one in misses if codes[one.offer] in seen}
    hidden = {one.offer for one in misses} - set(lacks)
    try:
        found = closing_pool(_posts(world, place, hidden), TERMS, limits)
    except NoFeasiblePool as still:
        return _Found(**about, closing_why=still.code, closing_values=still.values)
    return _Found(**about, pool=found, lacks=lacks)


def _posts(world: World, place: list[int], hidden: Collection[int] = ()) -> Posts:
    """The question, without the hidden offers; of more than can be asked about, those that have
    most."""
    rows = [row for row, id_ in enumerate(world.offers["id"]) if id_ not in hidden]
    rows.sort(key=lambda row: -world.offers["quantity"][row])
    offers = world.offer_columns(sorted(rows[:MAX_CANDIDATES]))
    return Posts(
        offers,
        world.need_columns(place),
        world.tree,
        world.certificates,
        lots={},
        today=world.today,
        weights=world.weights,
    )


def _numbers(world: World, miss: NearMiss) -> dict[str, Any]:
    """What `pools.PoolAnswer.lacking` says it from."""
    known = miss.certificate != UNSET
    code = world.certifications[miss.certificate].pk if known else ""
    return {"kind": miss.kind, "amount": miss.amount, "takes": miss.takes, "certificate": code}


def _keep(need: Need, found: _Found, now: datetime) -> None:
    said = {
        "looked_at": now,
        "need_version": need.version,
        "wanted": need.left,
        "why": found.why,
        "values": found.values,
        "closing_why": found.closing_why,
        "closing_values": found.closing_values,
        "aims": _aims(found.pool),
    }
    row, _made = PoolSuggestion.objects.update_or_create(
        need=need, defaults=said, create_defaults={**said, "asked_at": now}
    )
    row.parts.all().delete()
    PoolPart.objects.bulk_create(
        PoolPart(
            suggestion=row,
            offer_id=member.id,
            quantity=member.quantity,
            lacks=found.lacks.get(member.id),
        )
        for member in (found.pool.members if found.pool else ())
        # An offer from which nothing is taken is no part.
        if member.quantity
    )


def _aims(found: Pool | None) -> list[dict[str, Any]]:
    return [
        {"name": aim.name, "value": aim.value, "bound": aim.bound, "proved": aim.proved}
        for aim in (found.aims if found else ())
    ]
