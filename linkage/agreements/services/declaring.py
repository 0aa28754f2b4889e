"""Contracts on paper as the sides themselves enter, confirm, dispute and complete them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, TypedDict

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from linkage.agreements.models import COUNTING_STATES, Linkage, Origin, Side, State
from linkage.agreements.services.contract import (
    DAYS,
    MEASURED,
    Paper,
    after,
    apply,
    has_number,
    in_base,
    must_be_new,
    must_measure,
    must_stay_itself,
    same_days_and_sides,
)
from linkage.agreements.services.parties import (
    Party,
    ask_to_confirm,
    must_be_on_one_side,
    take,
    tell_office,
    tell_other,
)
from linkage.agreements.services.states import (
    SUBJECT,
    follow_days,
    move,
    move_by_days,
    must_be,
    note,
    reason_of,
)
from linkage.errors import Conflict, Invalid
from linkage.jobs.models import Event
from linkage.jobs.queries import events_of
from linkage.notices.models import Kind
from linkage.registry import values
from linkage.registry.access import Actor, require_acting
from linkage.registry.constraints import refusals
from linkage.registry.models import Deed, Organisation
from linkage.registry.services.partners import find_or_enter_partner


class Partner(TypedDict, total=False):
    """The other side as it is written; `kind` is needed where it is not in the register.

    `kind_is_meant`: it is of that kind although its name says another one.
    """

    name: str
    tax_code: str | None
    kind: str
    kind_is_meant: bool


class AnsweredAlready(Conflict):
    """A side says once whether a contract is so."""

    code = "linkage_answered_already"
    words = _("Your side has answered this already.")


class NotOnPaper(Conflict):
    """What was agreed here needs no confirmation and has no blanks."""

    code = "linkage_not_on_paper"
    words = _("This linkage was agreed here by both sides.")


class ProvedAlready(Conflict):
    """What the city has seen is corrected by the office."""

    code = "linkage_proved_already"
    words = _("This linkage is confirmed or verified: the office corrects it.")


class NotBlank(Conflict):
    """A side completes; it does not change what stands there."""

    code = "field_not_blank"
    words = _("Only what is blank can be completed here; the office corrects the rest.")


class DeniedAlready(Conflict):
    """What the partner said is wrong is not entered again unchanged by whoever entered it."""

    code = "linkage_denied_already"
    field = "contract_number"
    words = _(
        "The other side has said that this contract is wrong: it is in your list, with the reason. "
        "Enter it with what was wrong put right. If it is right as it stands, the other side "
        "enters it, or the city’s staff once they have seen the paper."
    )


class StartMissing(Invalid):
    """A contract has a first day."""

    code = "start_missing"
    words = _("The first day is missing.")


def declare(
    *,
    actor: Actor,
    organisation_id: int,
    side: str,
    partner: Partner,
    terms: Paper,
    now: datetime,
) -> Linkage:
    """Enter a contract on paper with a partner in the register or not; it is asked to confirm.

    `side` is the organisation's own; `terms` must hold number and first day. Raises: NotFound;
    Invalid for a value that cannot be; KnownAlready, DeniedAlready; what finding the partner
    raises; Conflict for one organisation on both sides or an end before the start. Nothing is
    written then.
    """
    require_acting(actor, organisation_id, Deed.PAPERS)
    if side not in (Side.SELLER, Side.BUYER):
        raise values.ValueUnknown(field="side")
    if terms.get("starts") is None:
        raise StartMissing(field="starts")
    party = Party(actor, organisation_id, Side(side))
    with refusals(), transaction.atomic():
        # One contract of an organisation at a time: two that are alike are known as such. Others
        # may name it as their partner meanwhile, so the lock is none on its key.
        own = Organisation.objects.select_for_update(no_key=True).get(pk=organisation_id)
        other = find_or_enter_partner(
            actor=actor, name=partner.get("name", ""), kind=partner.get("kind", ""),
            tax_code=partner.get("tax_code"), now=now,
            kind_is_meant=partner.get("kind_is_meant", False),
        )  # fmt: skip
        linkage = _new(own, other, party, now)
        must_be_on_one_side(party, linkage)
        changed = apply(linkage, {"contract_number": "", **in_base(terms)})
        must_measure(linkage)
        must_be_new(linkage)
        _must_not_be_denied(linkage)
        linkage.hand_edited = sorted(changed)
        follow_days(linkage, on=localdate(now))
        linkage.save()
        data = {"side": party.side.value, "seller": linkage.seller_id, "buyer": linkage.buyer_id}
        note(linkage, "recorded", actor, now, {**data, "after": after(changed)})
        ask_to_confirm(linkage, party.other, now=now, except_user_id=actor.user_id)
    return linkage


def _must_not_be_denied(linkage: Linkage) -> None:
    """Raises: DeniedAlready, if the other side denied the very same as this side declared it.

    Put right (another product, quantity or end) it is entered anew, and the partner asked anew.
    """
    said = ("ends", "product_as_written", "form_id", "quantity", "unit_id")
    denied = same_days_and_sides(linkage).filter(
        origin=Origin.DECLARED,
        opened_by=linkage.opened_by,
        state=State.DECLINED,
        **{column: getattr(linkage, column) for column in said},
    )
    if has_number(linkage, denied):
        raise DeniedAlready


def confirm(
    *, actor: Actor, organisation_id: int, linkage_id: int, version: int, now: datetime
) -> Linkage:
    """Say that a contract on paper is so; once both sides have said it, it is confirmed.

    Both contacts are then shared. Raises: NotFound, StaleVersion, NotInThatState, NotOnPaper,
    AnsweredAlready.
    """
    with refusals(), transaction.atomic():
        linkage, party = take(
            actor=actor, organisation_id=organisation_id, linkage_id=linkage_id, version=version
        )
        _must_be_on_paper(linkage)
        if said_by(linkage, party.side) is not None:
            raise AnsweredAlready
        fields = _saying(party.side, localdate(now))
        if said_by(linkage, party.other) is not None and linkage.confirmed_on is None:
            fields["confirmed_on"] = localdate(now)
        for name, value in fields.items():
            setattr(linkage, name, value)
        linkage.save(update_fields=list(fields))
        note(linkage, "confirmed", actor, now, {"side": party.side.value})
        key = f"confirmed:{party.side.value}"
        tell_other(linkage, party, Kind.ANSWER, "confirmed", key=key, now=now)
    return linkage


def deny(
    *,
    actor: Actor,
    organisation_id: int,
    linkage_id: int,
    version: int,
    reason: str,
    now: datetime,
) -> Linkage:
    """Say that a contract on paper is wrong, and why; city staff are told.

    One that the other side alone declared counts no more. One that the office or the register
    brought stays until staff have looked at it; a side says it once, and again only of what was
    changed since: the second time is refused and nothing is written. Raises: NotFound,
    StaleVersion, NotInThatState, NotOnPaper, AnsweredAlready, ProvedAlready, ReasonMissing.
    """
    said = reason_of(reason)
    with refusals(), transaction.atomic():
        linkage, party = take(
            actor=actor, organisation_id=organisation_id, linkage_id=linkage_id, version=version
        )
        _must_be_on_paper(linkage)
        said_so = said_by(linkage, party.side) is not None
        if said_so or has_denied(events_of(SUBJECT, linkage.pk), party.side):
            raise AnsweredAlready
        if linkage.confirmed_on or linkage.verified_on:
            raise ProvedAlready
        data = {"side": party.side.value, "reason": said}
        if linkage.opened_by == party.other:
            move(linkage, State.DECLINED, actor=actor, now=now, data=data)
        else:
            note(linkage, "denied", actor, now, data)
        key = f"denied:{linkage.version}"
        told = {"reason": said}
        tell_other(linkage, party, Kind.ANSWER, "denied", key=key, now=now, data=told)
        tell_office(linkage, party.side, "denied", key=key, now=now)
    return linkage


def complete(
    *,
    actor: Actor,
    organisation_id: int,
    linkage_id: int,
    version: int,
    terms: Paper,
    now: datetime,
) -> Linkage:
    """Fill what is blank in a contract on paper; imports leave these fields alone afterwards.

    Raises: NotFound, StaleVersion, NotInThatState, NotOnPaper; NotBlank for a field that says
    something else; ProvedAlready for number and end of a verified one; KnownAlready for the number
    of a contract that is there; Invalid; Conflict for an end before the start. Nothing is written
    then.
    """
    with refusals(), transaction.atomic():
        linkage, party = take(
            actor=actor, organisation_id=organisation_id, linkage_id=linkage_id, version=version
        )
        _must_be_on_paper(linkage)
        blank = blanks(linkage)
        changed = apply(linkage, {**in_base(terms)})
        if changed.keys() - blank:
            proved = linkage.verified_on is not None and changed.keys() & _DATED
            raise ProvedAlready if proved else NotBlank(field=min(changed.keys() - blank))
        if changed.keys() & MEASURED:
            must_measure(linkage)
        must_stay_itself(linkage, changed.keys())
        if changed:
            linkage.hand_edited = sorted({*linkage.hand_edited, *changed})
            linkage.save()
            data = {"side": party.side.value, "after": after(changed)}
            note(linkage, "completed", actor, now, data)
            if changed.keys() & DAYS:
                move_by_days(linkage, actor=actor, now=now)
            key = f"completed:{linkage.version}"
            tell_other(linkage, party, Kind.ANSWER, "completed", key=key, now=now)
    return linkage


_BLANKS: Mapping[str, str] = {
    "contract_number": "contract_number",
    "ends": "ends",
    "product": "product_as_written",
    "form": "form_id",
    "quantity": "quantity",
    "unit": "unit_id",
}
# What decides whether a linkage is in force, or which paper was seen.
_DATED = frozenset({"contract_number", "ends"})


def blanks(linkage: Linkage) -> frozenset[str]:
    """Return what a side may still fill in: nothing dated once the city has seen the contract."""
    empty = {name for name, column in _BLANKS.items() if getattr(linkage, column) in (None, "")}
    return frozenset(empty - _DATED if linkage.verified_on else empty)


def said_by(linkage: Linkage, side: Side) -> date | None:
    """Return when the side said that the contract is so."""
    return linkage.seller_confirmed_on if side == Side.SELLER else linkage.buyer_confirmed_on


# What makes of the contract another one than a side has spoken of.
_CHANGES = frozenset({"edited", "completed", "import_changed", "import_undone"})


def has_denied(history: Iterable[Event], side: Side) -> bool:
    """Whether the side has said that the contract as it stands is wrong; `history` oldest first."""
    denied = False
    for event in history:
        if event.kind == "denied" and event.data["side"] == side:
            denied = True
        elif event.kind in _CHANGES:
            denied = False
    return denied


def _new(own: Organisation, other: Organisation, party: Party, now: datetime) -> Linkage:
    seller, buyer = (own, other) if party.side == Side.SELLER else (other, own)
    linkage = Linkage(seller=seller, buyer=buyer, origin=Origin.DECLARED, opened_by=party.side)
    for name, value in _saying(party.side, localdate(now)).items():
        setattr(linkage, name, value)
    return linkage


def _saying(side: Side, today: date) -> dict[str, Any]:
    """A side's yes, which shares its contact person too."""
    return {f"{side.value}_confirmed_on": today, f"{side.value}_shares_contact": True}


def _must_be_on_paper(linkage: Linkage) -> None:
    if linkage.origin == Origin.PLATFORM:
        raise NotOnPaper
    must_be(linkage, *COUNTING_STATES)
