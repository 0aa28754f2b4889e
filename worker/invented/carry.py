"""Carries the plan out: through the services that people use, on the days that the plan says.

One transaction: a demonstration that breaks off has nothing of it, and is begun anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.timezone import get_current_timezone

from linkage.agreements import services as agreements
from linkage.agreements.models import Delivery, Linkage, Side
from linkage.agreements.services.turning import turn_the_day
from linkage.agreements.services.verifying import verify_linkage
from linkage.catalogue.models import Unit
from linkage.jobs.models import Outbox
from linkage.market.models import AnyPost
from linkage.market.services import create_post
from linkage.market.services.claims import POST_CHANGED
from linkage.market.services.posts import Limit
from linkage.registry.access import OPERATOR, Actor
from linkage.registry.models import MemberRole, Role
from linkage.registry.services import create_organisation
from linkage.suggestions.services import refresh_all
from worker.invented.contracts import Contract
from worker.invented.market import Market, Owner, Post, Step, Talk
from worker.invented.town import Firm

FORM = 5
KNOWN_SINCE_DAYS = 905
_AT_ONCE = 1_000


@dataclass(frozen=True)
class People:
    """Who acts besides those who are made: the verifier, and members by their organisation."""

    verifier: int
    members: Mapping[int, int]


class Hand:
    """Does what the plan says, of `today` at `now`."""

    def __init__(self, people: People, now: datetime) -> None:
        self._people, self._now = people, now
        self._today = now.date()
        self._ids: dict[Firm, int] = {}
        self._posts: dict[Post, AnyPost] = {}
        # Two years of them go in by a few statements: by the service each would be a transaction.
        self._deliveries: list[Delivery] = []
        self._units = dict(Unit.objects.values_list("code", "base_units"))

    def carry_out(
        self,
        firms: Sequence[Firm],
        contracts: Sequence[Contract],
        market: Market,
    ) -> None:
        """Make all of it, in one transaction."""
        with transaction.atomic():
            for firm in firms:
                self._enter(firm)
            for contract in contracts:
                self._make(contract)
            Delivery.objects.bulk_create(self._deliveries, batch_size=_AT_ONCE)
            for post in market.posts:
                self._publish(post)
            for talk in market.talks:
                self._hold(talk)
            turn_the_day(now=self._now)
            agreements.expire_posts(now=self._now)
            self._suggest()

    def _at(self, day: date, hour: int = 9) -> datetime:
        return min(self._now, datetime.combine(day, time(hour), get_current_timezone()))

    def _ago(self, days: int, hour: int = 9) -> datetime:
        return self._at(self._today - timedelta(days=days), hour)

    def _id(self, owner: Owner) -> int:
        return self._ids[owner] if isinstance(owner, Firm) else owner

    def _actor(self, owner: Owner) -> Actor:
        id_ = self._id(owner)
        return Actor(self._people.members.get(id_), frozenset(), {id_: MemberRole.ADMIN})

    def _enter(self, firm: Firm) -> None:
        made = create_organisation(
            actor=OPERATOR,
            kind=firm.kind,
            details={"name": firm.name, "product": firm.product},
            commune_code=firm.commune,
            now=self._ago(KNOWN_SINCE_DAYS),
        )
        self._ids[firm] = made.pk

    def _make(self, contract: Contract) -> None:
        """Declared by the seller; confirmed, verified and terminated as the plan says."""
        trade, begun = contract.trade, self._at(contract.starts)
        linkage = agreements.declare(
            actor=self._actor(trade.seller),
            organisation_id=self._id(trade.seller),
            side=Side.SELLER,
            partner={"name": trade.buyer.name},
            terms={
                "contract_number": contract.number,
                "starts": contract.starts,
                "ends": contract.ends,
                "product": trade.commodity,
                "form": FORM,
                "quantity": Decimal(contract.quantity),
                "unit": trade.unit,
            },
            now=begun,
        )
        if contract.is_confirmed:
            linkage = agreements.confirm(
                actor=self._actor(trade.buyer),
                organisation_id=self._id(trade.buyer),
                linkage_id=linkage.pk,
                version=linkage.version,
                now=self._at(contract.starts, 14),
            )
        if contract.is_confirmed and contract.is_verified:
            linkage = self._verify(linkage, min(self._today, contract.starts + timedelta(days=30)))
        if contract.terminated_on:
            self._terminate(linkage, trade.seller, self._at(contract.terminated_on))
        self._deliveries += self._delivered(linkage.pk, contract)

    def _verify(self, linkage: Linkage, on: date) -> Linkage:
        verifier = Actor(self._people.verifier, frozenset({Role.VERIFIER}))
        return verify_linkage(
            actor=verifier,
            linkage_id=linkage.pk,
            version=linkage.version,
            verified_on=on,
            paper="Bản hợp đồng mẫu, không có bản giấy",
            now=self._at(on, 15),
        )

    def _terminate(self, linkage: Linkage, owner: Owner, now: datetime) -> None:
        agreements.terminate(
            actor=self._actor(owner),
            organisation_id=self._id(owner),
            linkage_id=linkage.pk,
            version=linkage.version,
            reason="Hai bên thôi hợp tác (minh họa)",
            now=now,
        )

    def _delivered(self, linkage_id: int, contract: Contract) -> Iterator[Delivery]:
        scale = self._units[contract.trade.unit] or 1
        for number, (on, amount) in enumerate(contract.deliveries):
            yield self._delivery(linkage_id, number, on, amount * scale)

    def _delivery(self, linkage_id: int, number: int, on: date, quantity: int) -> Delivery:
        """Confirmed by the buyer on the next day; one in a hundred is disputed."""
        made = Delivery(
            linkage_id=linkage_id,
            on=on,
            quantity=quantity,
            side=Side.SELLER,
            entered_at=self._at(on, 17),
        )
        if on < self._today - timedelta(days=1):
            disputed = (linkage_id + number) % 100 == 0
            made.state = Delivery.State.DISPUTED if disputed else Delivery.State.CONFIRMED
            made.reason = "Cân lại thấy thiếu (minh họa)" if disputed else ""
            made.answered_at = self._at(on + timedelta(days=1))
        return made

    def _publish(self, post: Post) -> None:
        self._posts[post] = create_post(
            actor=self._actor(post.owner),
            kind=post.kind,
            organisation_id=self._id(post.owner),
            terms={
                "commodity": post.commodity,
                "quantity": Decimal(post.a_week),
                "unit": post.unit,
                "period": "week",
                "starts": post.starts,
                "ends": post.ends,
                "note": "Tin mẫu, không phải chào bán thật",
            },
            publish=True,
            limit=Limit(post.limit, post.unit) if post.limit else None,
            now=self._ago(post.days_ago),
        )

    def _hold(self, talk: Talk) -> None:
        linkage: Linkage | None = None
        for step in talk.steps:
            linkage = self._step(talk, step, linkage)
        if linkage is not None and talk.delivered_percent is not None:
            self._hand_over(talk, linkage)

    def _step(self, talk: Talk, step: Step, linkage: Linkage | None) -> Linkage:
        owner = talk.offer.owner if step.side == Side.SELLER else talk.need.owner
        now = self._ago(step.days_ago, 10)
        if linkage is None:
            return self._open(talk, step, owner, now)
        linkage.refresh_from_db()
        on: dict[str, Any] = {
            "actor": self._actor(owner),
            "organisation_id": self._id(owner),
            "linkage_id": linkage.pk,
            "now": now,
        }
        at_version = {**on, "version": linkage.version}
        match step.act:
            case "answer":
                agreements.answer(**on, text="Được, bên tôi giao hai lần một tuần (minh họa).")
            case "propose":
                agreements.propose(**at_version, proposal=self._proposal(talk, step.side))
            case "accept":
                agreements.accept(**at_version)
            case "decline":
                agreements.decline(**at_version, reason="Giá chưa phù hợp (minh họa)")
            case "withdraw":
                agreements.withdraw(**at_version)
            case "terminate":
                agreements.terminate(**at_version, reason="Thiếu hàng do mưa bão (minh họa)")
            case "verify":
                self._verify(linkage, now.date())
            case _:
                raise ValueError(step.act)
        linkage.refresh_from_db()
        return linkage

    def _open(self, talk: Talk, step: Step, owner: Owner, now: datetime) -> Linkage:
        proposes = step.act == "propose"
        return agreements.ask(
            actor=self._actor(owner),
            organisation_id=self._id(owner),
            offer_id=self._posts[talk.offer].pk,
            need_id=self._posts[talk.need].pk,
            text="" if proposes else "Mỗi tuần giao được bao nhiêu, giao ở đâu? (minh họa)",
            proposal=self._proposal(talk, step.side) if proposes else None,
            introduced=True,
            now=now,
        )

    def _proposal(self, talk: Talk, side: Side) -> agreements.Proposal:
        """Half of the smaller post; each side a little on its own side of the price."""
        share = min(self._posts[post].total for post in (talk.offer, talk.need)) // 2
        scale = self._units[talk.offer.unit] or 1
        percent = 103 if side == Side.SELLER else 97
        return {
            "quantity": Decimal(max(1, share // scale)),
            "unit": talk.offer.unit,
            "price": talk.price * percent // 10_000 * 100,
            "starts": max(talk.offer.starts, talk.need.starts),
            "ends": min(talk.offer.ends, talk.need.ends),
            "form": FORM,
            "delivery_plan": "Giao thứ ba và thứ sáu hằng tuần (minh họa)",
        }

    def _hand_over(self, talk: Talk, linkage: Linkage) -> None:
        """Once a week, what is due by today in the part that the talk says; the buyer confirms."""
        if linkage.ends is None or linkage.quantity is None:
            return
        last = min(linkage.ends, linkage.terminated_on or self._today, self._today)
        weeks = ((linkage.ends - linkage.starts).days + 1) // 7 or 1
        each = linkage.quantity * (talk.delivered_percent or 0) // 100 // weeks
        amount = Decimal(each // (self._units[talk.offer.unit] or 1))
        for week in range(weeks):
            on = linkage.starts + timedelta(days=7 * week)
            if on > last or not amount:
                return
            self._hand_over_once(talk, linkage, on, amount)

    def _hand_over_once(self, talk: Talk, linkage: Linkage, on: date, amount: Decimal) -> None:
        seller, buyer = talk.offer.owner, talk.need.owner
        delivery = agreements.enter_delivery(
            actor=self._actor(seller),
            organisation_id=self._id(seller),
            linkage_id=linkage.pk,
            on=on,
            quantity=amount,
            unit=talk.offer.unit,
            now=self._at(on, 17),
        )
        agreements.confirm_delivery(
            actor=self._actor(buyer),
            organisation_id=self._id(buyer),
            linkage_id=linkage.pk,
            delivery_id=delivery.pk,
            now=self._at(on + timedelta(days=1)),
        )

    def _suggest(self) -> None:
        """Look at all posts at once, after which no single one has to be looked at any more."""
        refresh_all(now=self._now)
        waiting = Outbox.objects.filter(topic=POST_CHANGED, state=Outbox.State.PENDING)
        waiting.update(state=Outbox.State.DONE, finished_at=self._now)
