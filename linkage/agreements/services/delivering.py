"""Deliveries: one side enters what was handed over, the other confirms or disputes it.

Until then who entered it may take it back. An officer whom a side lets enters deliveries for it and
takes back its own entries; it answers none.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from linkage.agreements.models import COUNTING_STATES, Delivery, Linkage
from linkage.agreements.services.parties import Party, join, tell_other
from linkage.agreements.services.reserving import delivered, follow_deliveries
from linkage.agreements.services.states import must_be, note, reason_of
from linkage.agreements.services.terms import unit_for
from linkage.errors import Conflict, Invalid, NotFound
from linkage.market.amounts import base_quantity, quantity_in_words
from linkage.notices.models import Kind
from linkage.registry import values
from linkage.registry.access import Actor
from linkage.registry.constraints import refusals
from linkage.registry.models import Deed

# How long after the last day of a linkage its deliveries may still be entered.
LATE_ENTRY_DAYS = 30
# Of what was agreed: so much more than what is left of it is weighing, not a mistake in writing.
TOLERANCE_PERCENT = 10
# Ten times what was agreed is another unit, not another harvest.
MOST_TIMES = 10


class DeliveryOutOfTime(Invalid):
    """Handed over before the linkage began, after it ended, or on a day to come."""

    code = "delivery_out_of_time"
    words = _("A delivery lies within the linkage's days and not in the future.")


class NeverBegan(Conflict):
    """The linkage was ended on its first day or before: it was in force on no day."""

    code = "never_began"
    words = _("This linkage was ended before it took effect: nothing is delivered under it.")


class MoreThanIsLeft(Conflict):
    """More than what is left of the agreement: who enters it says that it is so."""

    code = "more_than_is_left"
    field = "sure"
    words = _("Of what was agreed %(left)s is left. If you did hand over more, tick here and save.")


class FarMoreThanAgreed(Invalid):
    """With it, so many times what was agreed was delivered that no word makes it so."""

    code = "far_more_than_agreed"
    field = "quantity"
    words = _(
        "With this, more than %(times)s times what was agreed was delivered. Is the unit right?"
    )


class DeliveryTooLate(Conflict):
    """The linkage has been over for too long to enter what was handed over under it."""

    code = "delivery_too_late"
    words = _("Deliveries of this linkage could be entered until %(last)s.")


class OwnDelivery(Conflict):
    """Who entered a delivery does not confirm it."""

    code = "own_delivery"
    words = _("Your side entered this delivery: the other side has to answer.")


class OthersDelivery(Conflict):
    """Only the side that entered a delivery takes it back."""

    code = "others_delivery"
    words = _("The other side entered this delivery: say whether it is right.")


class MembersDelivery(Conflict):
    """An officer takes back what it entered itself, and nothing that its side's people entered."""

    code = "members_delivery"
    words = _("You did not enter this delivery: whoever did takes it back.")


class DeliveryAnswered(Conflict):
    """A delivery is confirmed, disputed or taken back once."""

    code = "delivery_answered"
    words = _("This delivery was answered or taken back already.")


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
    sure: bool = False,
) -> Delivery:
    """Say what was handed over on a day of the linkage's, `quantity` in `unit`; up to 30 days after
    its end, and what was given back then is held again, as far as there is any left. `sure`: it is
    so, although more than is left of what was agreed.

    Raises: NotFound, NotConsented, ActedForOtherSide; NotInThatState, unless the linkage was
    agreed; NeverBegan; DeliveryTooLate; MoreThanIsLeft, unless `sure`; FarMoreThanAgreed; Invalid
    for a day or an amount that cannot be. Nothing is written then.
    """
    words = values.text(note_text, field="note", limit=500)
    with refusals(), transaction.atomic():
        linkage, party = join(
            actor=actor,
            organisation_id=organisation_id,
            linkage_id=linkage_id,
            deed=Deed.DELIVERIES,
        )
        must_be(linkage, *COUNTING_STATES)
        _must_be_in_time(linkage, on, localdate(now))
        entered = base_quantity(quantity, unit_for(unit, _dimension(linkage)))
        _must_be_meant(linkage, entered, sure=sure)
        delivery = Delivery.objects.create(
            linkage=linkage,
            on=on,
            quantity=entered,
            note=words,
            side=party.side,
            entered_by_id=actor.user_id,
            entered_at=now,
        )
        follow_deliveries(linkage, key=f"delivery-{delivery.pk}-entered", now=now)
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
    """Say that what the other side entered is not so, and why; after the linkage's end what it held
    goes back to both posts.

    Raises: NotFound, NotInThatState, OwnDelivery, DeliveryAnswered, ReasonMissing.
    """
    return _answer(
        actor=actor, organisation_id=organisation_id, linkage_id=linkage_id,
        delivery_id=delivery_id, to=Delivery.State.DISPUTED, reason=reason_of(reason), now=now,
    )  # fmt: skip


def withdraw_delivery(
    *, actor: Actor, organisation_id: int, linkage_id: int, delivery_id: int, now: datetime
) -> Delivery:
    """Take back what the own side entered and the other has not answered; it stays in the history,
    the other side is told, and after the linkage's end what it held goes back to both posts.

    Raises: NotFound, NotConsented, NotInThatState, OthersDelivery, MembersDelivery,
    DeliveryAnswered.
    """
    return _answer(
        actor=actor, organisation_id=organisation_id, linkage_id=linkage_id,
        delivery_id=delivery_id, to=Delivery.State.WITHDRAWN, reason="", now=now,
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
        linkage, party = join(
            actor=actor,
            organisation_id=organisation_id,
            linkage_id=linkage_id,
            deed=Deed.DELIVERIES if to == Delivery.State.WITHDRAWN else None,
        )
        rows = Delivery.objects.filter(pk=delivery_id, linkage=linkage)
        delivery = rows.first()
        if delivery is None:
            raise NotFound
        must_be(linkage, *COUNTING_STATES)
        _must_be_for(party, delivery, to)
        entered = rows.filter(state=Delivery.State.ENTERED)
        # Must be 1: zero means that somebody answered it, or took it back, first.
        if not entered.update(
            state=to, answered_by_id=actor.user_id, answered_at=now, reason=reason
        ):
            raise DeliveryAnswered
        delivery.refresh_from_db()
        follow_deliveries(linkage, key=f"delivery-{delivery.pk}-{to.value}", now=now)
        _tell(linkage, party, delivery, to.value, now)
    return delivery


def _must_be_for(party: Party, delivery: Delivery, to: Delivery.State) -> None:
    """Raises: OwnDelivery, OthersDelivery, MembersDelivery."""
    is_own = delivery.side == party.side
    if to == Delivery.State.WITHDRAWN:
        if not is_own:
            raise OthersDelivery
        if not may_undo(party.actor, party.organisation_id, delivery):
            raise MembersDelivery
    elif is_own:
        raise OwnDelivery


def may_undo(actor: Actor, organisation_id: int, delivery: Delivery) -> bool:
    """Whether of its side the delivery is the actor's to take back: an officer's own alone."""
    return actor.acts_for(organisation_id) or delivery.entered_by_id == actor.user_id


def last_day(linkage: Linkage) -> date | None:
    """The last day on which goods change hands; None while no end is set.

    On the day of a termination too: they may have done so before it.
    """
    days = [day for day in (linkage.ends, linkage.terminated_on) if day is not None]
    return min(days, default=None)


def entered_until(linkage: Linkage) -> date | None:
    """The last day on which deliveries may be entered; None while no end is set."""
    last = last_day(linkage)
    return None if last is None else last + timedelta(days=LATE_ENTRY_DAYS)


def never_began(linkage: Linkage) -> bool:
    """Whether the linkage was ended so early that it was, and will be, in force on no day."""
    return linkage.terminated_on is not None and linkage.terminated_on <= linkage.starts


def may_enter(linkage: Linkage, on: date) -> bool:
    """Whether a side may enter a delivery on the day: it was agreed, and is not over for long."""
    until = entered_until(linkage)
    in_time = until is None or on <= until
    return linkage.state in COUNTING_STATES and in_time and not never_began(linkage)


def _must_be_in_time(linkage: Linkage, on: date, today: date) -> None:
    """Raises: NeverBegan, DeliveryTooLate, DeliveryOutOfTime."""
    if never_began(linkage):
        raise NeverBegan
    until = entered_until(linkage)
    if until is not None and today > until:
        raise DeliveryTooLate(last=date_format(until, "SHORT_DATE_FORMAT"))
    if not linkage.starts <= on <= min(today, last_day(linkage) or today):
        raise DeliveryOutOfTime(field="on")


def _must_be_meant(linkage: Linkage, entered: int, *, sure: bool) -> None:
    """Of a linkage whose quantity is known. Raises: FarMoreThanAgreed, MoreThanIsLeft."""
    agreed, unit = linkage.quantity, linkage.unit
    if agreed is None:
        return
    before = delivered(linkage.pk)
    total = before + entered
    if total > MOST_TIMES * agreed:
        raise FarMoreThanAgreed(times=MOST_TIMES)
    if unit is None or not unit.base_units:
        return
    # By the total: what is not doubted of one delivery is not doubted of ten small ones either.
    if not sure and 100 * (total - agreed) > TOLERANCE_PERCENT * agreed:
        raise MoreThanIsLeft(left=quantity_in_words(max(0, agreed - before), unit))


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
