"""The writes of agreements: recording, correcting, moving and verifying linkages.

`move` is the one function that changes a linkage's state. Every write names the version that the
actor read; a stale one is refused and nothing is written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, TypedDict

from django.db import transaction
from django.db.models import F
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from linkage.agreements.models import COUNTING_STATES, Linkage, Origin, State
from linkage.catalogue.models import Commodity, LinkageForm, Unit
from linkage.catalogue.queries import CommodityIndex
from linkage.catalogue.units import LARGEST_QUANTITY, QuantityOutOfRange
from linkage.errors import Conflict, Invalid, NotFound, StaleVersion
from linkage.jobs.queries import events_of
from linkage.jobs.services import record_event
from linkage.registry import values
from linkage.registry.access import Actor, Capability, require
from linkage.registry.constraints import refusals
from linkage.registry.models import Organisation

SUBJECT = "linkage"

# From -> to. Ended and terminated ones are history; what is declined or lapsed begins anew.
TRANSITIONS: Mapping[State, frozenset[State]] = {
    State.PROPOSED: frozenset({State.NEGOTIATING, State.AGREED, State.DECLINED, State.LAPSED}),
    State.NEGOTIATING: frozenset({State.AGREED, State.POOL_PENDING, State.DECLINED, State.LAPSED}),
    State.POOL_PENDING: frozenset({State.AGREED, State.LAPSED}),
    State.AGREED: frozenset({State.IN_FORCE, State.TERMINATED}),
    State.IN_FORCE: frozenset({State.ENDED, State.TERMINATED}),
    State.DECLINED: frozenset(),
    State.LAPSED: frozenset(),
    State.ENDED: frozenset(),
    State.TERMINATED: frozenset(),
}


class IllegalMove(Conflict):
    """The linkage's state does not lead there."""

    code = "illegal_move"
    words = _("A linkage that is %(state)s cannot become %(to)s.")


class NotYetVerifiable(Conflict):
    """Only what is agreed and not verified yet, and on no day to come."""

    code = "not_verifiable"
    words = _("Only an agreed linkage that is not verified yet can be verified.")


class NotVerified(Conflict):
    """There is no verification to withdraw."""

    code = "not_verified"
    words = _("This linkage is not verified.")


class ReasonMissing(Invalid):
    """Withdrawing what somebody saw needs a reason."""

    code = "reason_missing"
    words = _("A reason is needed.")


class TerminationOutOfRange(Invalid):
    """A linkage cannot be terminated before it starts."""

    code = "terminated_before_start"
    words = _("The day of termination lies before the start.")


class VerifiedByRecorder(Conflict):
    """Whoever entered a linkage does not prove it."""

    code = "verified_by_its_recorder"
    words = _("Whoever recorded a linkage cannot verify it.")


class Terms(TypedDict, total=False):
    """What a linkage says; a key that is absent stays as it is, None or "" empties a field.

    `product` is the word as written; its commodity is looked up. `quantity` is in base units.
    """

    contract_number: str
    starts: date
    ends: date | None
    product: str
    form: int | None
    quantity: int | None
    unit: str | None


def record_linkage(
    *, actor: Actor, seller_id: int, buyer_id: int, terms: Terms, now: datetime
) -> Linkage:
    """Enter a paper contract as declared; `terms` must hold its number and first day.

    Raises: NotAllowed; NotFound for a side that does not exist or was merged; Invalid for a value
    that cannot be; Conflict for one organisation on both sides or an end before the start.
    """
    require(actor, Capability.WRITE_LINKAGES)
    if "starts" not in terms:
        raise values.ValueUnknown(field="starts")
    sides = Organisation.objects.filter(pk__in={seller_id, buyer_id}, merged_into=None)
    linkage = Linkage(
        seller_id=seller_id, buyer_id=buyer_id, origin=Origin.DECLARED, state=State.IN_FORCE
    )
    with refusals(), transaction.atomic():
        if sides.count() != len({seller_id, buyer_id}):
            raise NotFound
        given: Mapping[str, Any] = {"contract_number": "", **terms}
        changed = _apply(linkage, given)
        linkage.hand_edited = sorted(changed)
        linkage.save()
        data = {"seller": seller_id, "buyer": buyer_id, "after": _after(changed)}
        _note(linkage, "recorded", actor, now, data)
    return linkage


def edit_linkage(
    *, actor: Actor, linkage_id: int, version: int, terms: Terms, now: datetime
) -> Linkage:
    """Correct what a linkage says; imports leave these fields alone afterwards.

    Raises: NotAllowed, NotFound, StaleVersion; Invalid for a value that cannot be; Conflict for an
    end before the start. Nothing is written then.
    """
    require(actor, Capability.WRITE_LINKAGES)
    with refusals(), transaction.atomic():
        linkage = _claim(linkage_id, version)
        changed = _apply(linkage, {**terms})
        if linkage.terminated_on and linkage.terminated_on < linkage.starts:
            raise TerminationOutOfRange
        if changed:
            linkage.hand_edited = sorted({*linkage.hand_edited, *changed})
            linkage.save()
            before = {field: old for field, (old, _new) in changed.items()}
            data = {"before": before, "after": _after(changed)}
            _note(linkage, "edited", actor, now, data)
    return linkage


def terminate_linkage(
    *, actor: Actor, linkage_id: int, version: int, terminated_on: date, now: datetime
) -> Linkage:
    """End a linkage before its time: from that day on it is not in force.

    Raises: NotAllowed, NotFound, StaleVersion, IllegalMove, DayOutOfRange, TerminationOutOfRange.
    """
    require(actor, Capability.WRITE_LINKAGES)
    values.day(terminated_on, field="terminated_on")
    with refusals(), transaction.atomic():
        linkage = _claim(linkage_id, version)
        if terminated_on < linkage.starts:
            raise TerminationOutOfRange
        fields = {"terminated_on": terminated_on}
        data = {"terminated_on": terminated_on.isoformat()}
        move(linkage, State.TERMINATED, actor=actor, now=now, fields=fields, data=data)
        linkage.hand_edited = sorted({*linkage.hand_edited, "terminated_on"})
        linkage.save(update_fields=["hand_edited"])
    return linkage


def verify_linkage(
    *, actor: Actor, linkage_id: int, version: int, verified_on: date, now: datetime
) -> Linkage:
    """Say that the city saw the evidence on that day. For verifiers only.

    Raises: NotAllowed, NotFound, StaleVersion, DayOutOfRange; NotYetVerifiable for a linkage that
    is not agreed, is verified already, or for a day in the future; VerifiedByRecorder for whoever
    recorded it.
    """
    require(actor, Capability.VERIFY_LINKAGES)
    values.day(verified_on, field="verified_on")
    with refusals(), transaction.atomic():
        linkage = _claim(linkage_id, version)
        if linkage.state not in COUNTING_STATES or linkage.verified_on is not None:
            raise NotYetVerifiable
        if verified_on > localdate(now):
            raise NotYetVerifiable
        recorded = events_of(SUBJECT, linkage_id).filter(kind="recorded")
        if actor.user_id is not None and recorded.filter(actor_id=actor.user_id).exists():
            raise VerifiedByRecorder
        linkage.verified_on, linkage.verified_by_id = verified_on, actor.user_id
        linkage.hand_edited = sorted({*linkage.hand_edited, "verified_on"})
        linkage.save()
        _note(linkage, "verified", actor, now, {"verified_on": verified_on.isoformat()})
    return linkage


def withdraw_verification(
    *, actor: Actor, linkage_id: int, version: int, reason: str, now: datetime
) -> Linkage:
    """Take a verification back, with the reason; imports do not bring it again.

    Raises: NotAllowed, NotFound, StaleVersion, ReasonMissing, NotVerified.
    """
    require(actor, Capability.WITHDRAW_VERIFICATIONS)
    said = values.text(reason, field="reason", limit=500)
    if not said:
        raise ReasonMissing
    with refusals(), transaction.atomic():
        linkage = _claim(linkage_id, version)
        if linkage.verified_on is None:
            raise NotVerified
        data = {"verified_on": linkage.verified_on.isoformat(), "reason": said}
        linkage.verified_on, linkage.verified_by_id = None, None
        linkage.hand_edited = sorted({*linkage.hand_edited, "verified_on"})
        linkage.save()
        _note(linkage, "verification_withdrawn", actor, now, data)
    return linkage


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
    _note(linkage, "moved", actor, now, {"from": before.value, "to": to.value, **(data or {})})


def _claim(linkage_id: int, version: int) -> Linkage:
    """Take the linkage at the version that was read; of two readers the second is refused."""
    rows = Linkage.objects.filter(pk=linkage_id)
    if rows.filter(version=version).update(version=F("version") + 1) != 1:
        raise StaleVersion if rows.exists() else NotFound
    return rows.get()


def _apply(linkage: Linkage, given: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Set what differs; return before and after by field, as the history keeps them."""
    changed = {}
    for field, (column, read) in _FIELDS.items():
        if field in given:
            before, after = getattr(linkage, column), read(given[field])
            if before != after:
                setattr(linkage, column, after)
                changed[field] = (_fit(before), _fit(after))
    if "product" in changed:
        code = CommodityIndex.load().find(linkage.product_as_written)
        linkage.commodity = Commodity.objects.filter(pk=code).first() if code else None
    if "form" in changed:
        linkage.form_as_written = ""
    return changed


def _read_number(value: str) -> str:
    return values.text(value, field="contract_number", limit=100, required=True)


def _read_start(value: date) -> date:
    return values.day(value, field="starts")


def _read_end(value: date | None) -> date | None:
    return values.day(value, field="ends") if value else None


def _read_product(value: str) -> str:
    return values.text(value, field="product", limit=200)


def _read_form(value: int | None) -> int | None:
    if value is not None and not LinkageForm.objects.filter(pk=value).exists():
        raise values.ValueUnknown(field="form")
    return value


def _read_quantity(value: int | None) -> int | None:
    if value is not None and not 0 < value <= LARGEST_QUANTITY:
        raise QuantityOutOfRange
    return value


def _read_unit(value: str | None) -> str | None:
    if value is not None and not Unit.objects.filter(pk=value).exists():
        raise values.ValueUnknown(field="unit")
    return value


_FIELDS: Mapping[str, tuple[str, Callable[[Any], Any]]] = {
    "contract_number": ("contract_number", _read_number),
    "starts": ("starts", _read_start),
    "ends": ("ends", _read_end),
    "product": ("product_as_written", _read_product),
    "form": ("form_id", _read_form),
    "quantity": ("quantity", _read_quantity),
    "unit": ("unit_id", _read_unit),
}


def _fit(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _after(changed: Mapping[str, tuple[Any, Any]]) -> dict[str, Any]:
    return {field: new for field, (_old, new) in changed.items()}


def _note(
    linkage: Linkage, kind: str, actor: Actor, now: datetime, data: Mapping[str, Any]
) -> None:
    record_event(
        subject_kind=SUBJECT,
        subject_id=linkage.pk,
        kind=kind,
        at=now,
        actor_id=actor.user_id,
        data=dict(data),
    )
