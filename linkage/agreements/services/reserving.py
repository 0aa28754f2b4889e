"""Quantity that an agreed linkage holds of its two posts, and its way back.

Locks are taken in one order everywhere: the pool, then its linkages in order of id, then their
offers in order of id, then the need. Of one linkage: itself, then its offer, then its need.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import F, QuerySet, Sum
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from linkage.agreements.models import (
    STANDING_DELIVERIES,
    Delivery,
    Linkage,
    Reservation,
    State,
    TermsVersion,
)
from linkage.agreements.services.states import move
from linkage.errors import Conflict
from linkage.jobs.services import enqueue
from linkage.market.models import Need, Offer
from linkage.market.services.claims import POST_CHANGED
from linkage.market.sight import open_on
from linkage.registry.access import Actor


class OutOfStock(Conflict):
    """Less is left of the offer or the need than was agreed; others were first."""

    code = "out_of_stock"
    field = "quantity"
    words = _("Less is left than this would take: others agreed first, or the post was changed.")


class PostClosed(Conflict):
    """A post that is not published, or whose last day is over, is agreed on no more."""

    code = "post_closed"
    words = _("The offer or the need is not published any more.")


class LedgerBroken(Conflict):
    """A post holds less than its linkages say: `audit_invariants` names it."""

    code = "ledger_broken"
    words = _("The quantities held do not add up. The office has to look at this.")


def reserve(linkage: Linkage, terms: TermsVersion, *, now: datetime) -> None:
    """Hold the quantity of the terms, of the offer and then of the need, in the caller's
    transaction.

    Raises: OutOfStock, PostClosed; the caller's transaction is then undone.
    """
    reserve_all([(linkage, terms)], now=now)


def reserve_all(agreed: Sequence[tuple[Linkage, TermsVersion]], *, now: datetime) -> None:
    """Hold the quantity of each, of all offers and then of all needs, in the caller's transaction.

    Each is one conditional UPDATE that must hit one row, so two buyers can never both take the
    last tonne. Raises: OutOfStock, PostClosed; the caller's transaction is then undone.
    """
    held = [
        Reservation(
            linkage=linkage,
            offer_id=_post_of(linkage.offer_id),
            need_id=_post_of(linkage.need_id),
            held=terms.quantity,
            made_at=now,
        )
        for linkage, terms in agreed
    ]
    today = localdate(now)
    for offer_id, quantity in _sums((one.offer_id, one.held) for one in held):
        _draw(Offer, offer_id, quantity, today)
    for need_id, quantity in _sums((one.need_id, one.held) for one in held):
        _draw(Need, need_id, quantity, today)
    Reservation.objects.bulk_create(held)
    for one in held:
        _say_changed(one.offer_id, one.need_id, f"linkage-{one.linkage_id}-reserved", now)


def end(
    linkage: Linkage,
    to: State,
    *,
    actor: Actor,
    now: datetime,
    fields: Mapping[str, Any] | None = None,
    data: Mapping[str, Any] | None = None,
) -> None:
    """Move a linkage to its end and give back what it held and did not deliver.

    Raises: IllegalMove, LedgerBroken.
    """
    move(linkage, to, actor=actor, now=now, fields=fields, data=data)
    settle(linkage.pk, now=now)


def settle(linkage_id: int, *, now: datetime) -> None:
    """Keep what was delivered, give the rest back to both posts; once.

    What one side entered and the other has not answered counts as delivered: goods that may be gone
    are not offered again. Raises: LedgerBroken; the caller's transaction is then undone.
    """
    live = Reservation.objects.filter(linkage=linkage_id, state=Reservation.State.LIVE)
    reservation = live.first()
    if reservation is None:
        return
    kept = min(reservation.held, delivered(linkage_id))
    # Must be 1: zero means that another transaction settled it first.
    if live.update(state=Reservation.State.SETTLED, held=kept, settled_at=now) != 1:
        return
    rest = reservation.held - kept
    if rest:
        _give_back(Offer, reservation.offer_id, rest)
        _give_back(Need, reservation.need_id, rest)
        key = f"linkage-{linkage_id}-settled"
        _say_changed(reservation.offer_id, reservation.need_id, key, now)


def release(linkage_ids: Collection[int], *, now: datetime) -> None:
    """Give all back that linkages hold of which none came into force, in the caller's transaction,
    which has locked them. Raises: LedgerBroken; that transaction is then undone."""
    live = Reservation.objects.filter(linkage__in=linkage_ids, state=Reservation.State.LIVE)
    held = list(live.order_by("pk"))
    live.update(state=Reservation.State.SETTLED, held=0, settled_at=now)
    for offer_id, quantity in _sums((one.offer_id, one.held) for one in held):
        _give_back(Offer, offer_id, quantity)
    for need_id, quantity in _sums((one.need_id, one.held) for one in held):
        _give_back(Need, need_id, quantity)
    for one in held:
        _say_changed(one.offer_id, one.need_id, f"linkage-{one.linkage_id}-settled", now)


def follow_deliveries(linkage: Linkage, *, key: str, now: datetime) -> None:
    """After the end, hold what stands as delivered by now and no more than was agreed.

    What was disputed goes back to both posts; what was entered late is taken of what is left of
    them, whatever their state: the goods are gone. If less is left, that much is held, since a
    delivery is a fact and nobody else's agreement is broken for it. The caller has locked the
    linkage; `key` names the delivery and what became of it. Until the end nothing changes.

    Raises: LedgerBroken; the caller's transaction is then undone.
    """
    settled = Reservation.objects.filter(linkage=linkage, state=Reservation.State.SETTLED)
    reservation = settled.first()
    if reservation is None or linkage.agreed_terms is None:
        return
    due = min(linkage.agreed_terms.quantity, delivered(linkage.pk))
    change = due - reservation.held
    if change > 0:
        change = _take_what_is_left(reservation, change)
    elif change < 0:
        _give_back(Offer, reservation.offer_id, -change)
        _give_back(Need, reservation.need_id, -change)
    if change:
        settled.update(held=F("held") + change)
        key = f"linkage-{linkage.pk}-{key}"
        _say_changed(reservation.offer_id, reservation.need_id, key, now)


def delivered(linkage_id: int) -> int:
    """What was entered and not disputed, in base units."""
    standing = Delivery.objects.filter(linkage=linkage_id, state__in=STANDING_DELIVERIES)
    return standing.aggregate(sum=Sum("quantity"))["sum"] or 0


def _post_of(post_id: int | None) -> int:
    if post_id is None:
        raise PostClosed
    return post_id


def _sums(held: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """How much of each post, in order of id."""
    summed: Counter[int] = Counter()
    for post_id, quantity in held:
        summed[post_id] += quantity
    return sorted(summed.items())


def _draw(model: type[Offer] | type[Need], post_id: int, quantity: int, today: date) -> None:
    still_open = model._default_manager.filter(open_on(today), pk=post_id)
    if not _drawn(still_open, quantity):
        raise OutOfStock if still_open.exists() else PostClosed


def _drawn(posts: QuerySet[Any], quantity: int) -> bool:
    """Whether the one post had the quantity left, and holds it now: one conditional UPDATE."""
    free = posts.filter(total__gte=F("reserved") + quantity)
    return free.update(reserved=F("reserved") + quantity) == 1


def _take_what_is_left(reservation: Reservation, wanted: int) -> int:
    """Hold `wanted` of both posts, or as much as both have left; return how much."""
    offers = Offer.objects.filter(pk=reservation.offer_id)
    needs = Need.objects.filter(pk=reservation.need_id)
    quantity = wanted
    for posts in (offers, needs):
        # An UPDATE that changes nothing: it locks, so what is read stays so until it is drawn.
        posts.update(reserved=F("reserved"))
        quantity = min(quantity, posts.get().left)
    if quantity <= 0:
        return 0
    if not (_drawn(offers, quantity) and _drawn(needs, quantity)):
        raise LedgerBroken
    return quantity


def _give_back(model: type[Offer] | type[Need], post_id: int, quantity: int) -> None:
    holding = model._default_manager.filter(pk=post_id, reserved__gte=quantity)
    if holding.update(reserved=F("reserved") - quantity) != 1:
        raise LedgerBroken


def _say_changed(offer_id: int, need_id: int, key: str, now: datetime) -> None:
    """What is left of both posts changed: whoever matches them looks again."""
    for kind, id_ in (("offer", offer_id), ("need", need_id)):
        enqueue(
            topic=POST_CHANGED,
            dedupe_key=f"{kind}:{id_}:{key}",
            payload={"kind": kind, "id": id_},
            now=now,
        )
