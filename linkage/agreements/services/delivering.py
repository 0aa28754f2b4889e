"""Deliveries: one side enters what was handed over, the other confirms or disputes it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from linkage.agreements.models import COUNTING_STATES, Delivery, Linkage, State
from linkage.agreements.services.parties import Party, join, tell_other
from linkage.agreements.services.states import must_be, note, reason_of
from linkage.agreements.services.terms import unit_for
from linkage.errors import Conflict, Invalid, NotFound
from linkage.market.amounts import base_quantity
from linkage.notices.models import Kind
from linkage.registry import values
from linkage.registry.access import Actor
from linkage.registry.constraints import refusals


class DeliveryOutOfTime(Invalid):
    """Handed over before the linkage began, after it ended, or on a day to come."""

    code = "delivery_out_of_time"
    words = _("A delivery lies within the linkage's days and not in the future.")


class OwnDelivery(Conflict):
    """Who entered a delivery does not confirm it."""

    code = "own_delivery"
    words = _("Your side entered this delivery: the other side has to answer.")


class DeliveryAnswered(Conflict):
    """A delivery is confirmed or disputed once."""

    code = "delivery_answered"
    words = _("This delivery was answered already.")


def enter_delivery(
    *,
    actor: Actor,
    organisation_id: int,
    linkage_id: int,
    on: date,
    quantity: Decimal,
    unit: str,
    now: datetime,
    note_text: str = "",
) -> Delivery:
    """Say what was handed over on a day, `quantity` in `unit`.

    Raises: NotFound; NotInThatState, unless the linkage is agreed or in force; Invalid for a day or
    an amount that cannot be. Nothing is written then.
    """
    words = values.text(note_text, field="note", limit=500)
    with refusals(), transaction.atomic():
        linkage, party = join(actor=actor, organisation_id=organisation_id, linkage_id=linkage_id)
        must_be(linkage, State.AGREED, State.IN_FORCE)
        last = min(localdate(now), linkage.ends or localdate(now))
        if not linkage.starts <= on <= last:
            raise DeliveryOutOfTime(field="on")
        delivery = Delivery.objects.create(
            linkage=linkage,
            on=on,
            quantity=base_quantity(quantity, unit_for(unit, _dimension(linkage))),
            note=words,
            side=party.side,
            entered_by_id=actor.user_id,
            entered_at=now,
        )
        _tell(linkage, party, delivery, "entered", now)
    return delivery


def confirm_delivery(
    *, actor: Actor, organisation_id: int, linkage_id: int, delivery_id: int, now: datetime
) -> Delivery:
    """Say that what the other side entered is so.

    Raises: NotFound, NotInThatState, OwnDelivery, DeliveryAnswered.
    """
    return _answer(
        actor=actor, organisation_id=organisation_id, linkage_id=linkage_id,
        delivery_id=delivery_id, to=Delivery.State.CONFIRMED, reason="", now=now,
    )  # fmt: skip


def dispute_delivery(
    *,
    actor: Actor,
    organisation_id: int,
    linkage_id: int,
    delivery_id: int,
    reason: str,
    now: datetime,
) -> Delivery:
    """Say that what the other side entered is not so, and why.

    Raises: NotFound, NotInThatState, OwnDelivery, DeliveryAnswered, ReasonMissing.
    """
    return _answer(
        actor=actor, organisation_id=organisation_id, linkage_id=linkage_id,
        delivery_id=delivery_id, to=Delivery.State.DISPUTED, reason=reason_of(reason), now=now,
    )  # fmt: skip


def _answer(
    *,
    actor: Actor,
    organisation_id: int,
    linkage_id: int,
    delivery_id: int,
    to: Delivery.State,
    reason: str,
    now: datetime,
) -> Delivery:
    with refusals(), transaction.atomic():
        # The linkage is locked first: what it keeps at its end is settled before or after this.
        linkage, party = join(actor=actor, organisation_id=organisation_id, linkage_id=linkage_id)
        rows = Delivery.objects.filter(pk=delivery_id, linkage=linkage)
        delivery = rows.first()
        if delivery is None:
            raise NotFound
        must_be(linkage, *(State(state) for state in sorted(COUNTING_STATES)))
        if delivery.side == party.side:
            raise OwnDelivery
        entered = rows.filter(state=Delivery.State.ENTERED)
        # Must be 1: zero means that a colleague answered first.
        if not entered.update(
            state=to, answered_by_id=actor.user_id, answered_at=now, reason=reason
        ):
            raise DeliveryAnswered
        delivery.refresh_from_db()
        _tell(linkage, party, delivery, to.value, now)
    return delivery


def _dimension(linkage: Linkage) -> str | None:
    if linkage.commodity is not None:
        return linkage.commodity.dimension
    return linkage.unit.dimension if linkage.unit else None


def _tell(linkage: Linkage, party: Party, delivery: Delivery, what: str, now: datetime) -> None:
    said = {
        "on": delivery.on.isoformat(),
        "quantity": delivery.quantity,
        "reason": delivery.reason,
    }
    data = {"side": party.side.value, **said}
    note(linkage, f"delivery_{what}", party.actor, now, data)
    key = f"delivery:{delivery.pk}:{what}"
    tell_other(linkage, party, Kind.DELIVERY, what, key=key, now=now, data=said)
