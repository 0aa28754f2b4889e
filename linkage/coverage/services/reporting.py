"""Values of a plan's lines entered by hand: each with source and day, corrected by new versions."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linkage.coverage.models import Indicator, ManualValue
from linkage.coverage.queries import find_territory
from linkage.errors import Conflict, Invalid, NotFound, StaleVersion
from linkage.jobs.services import record_event
from linkage.registry import values
from linkage.registry.access import Actor, Capability, require
from linkage.registry.constraints import refusals

LINE = "indicator"
LONGEST_SOURCE = 2000
LARGEST = 2_147_483_647


class LineIsComputed(Conflict):
    """What the register gives is nobody's to enter."""

    code = "line_is_computed"
    words = _("This line is computed from the register: nobody enters it.")


class ValueInvalid(Invalid):
    """No number, no part of a whole, or not what the line is measured by."""

    code = "value_invalid"
    field = "numerator"
    words = _("A count is one whole number; a share is a part and its whole, not more than it.")


class DayToCome(Invalid):
    """A value is of a day that has come."""

    code = "day_to_come"
    field = "as_of"
    words = _("A value is of a day that has come.")


class ValueKnown(Conflict):
    """The line already has a value of that day there; it can be corrected."""

    code = "value_known"
    field = "as_of"
    words = _("There is already a value of that day. Correct that one.")


def enter_value(
    *,
    actor: Actor,
    indicator: str,
    as_of: date,
    numerator: int,
    denominator: int | None,
    source: str,
    now: datetime,
    territory: str = "",
) -> ManualValue:
    """Enter what a reported line was on a day, with where that is written.

    Raises: NotAllowed, NotFound, LineIsComputed, ValueInvalid, DayOutOfRange, DayToCome,
    TextInvalid, UnknownTerritory, ValueKnown; nothing is written then.
    """
    require(actor, Capability.WRITE_PROGRAMMES)
    line = _line(indicator)
    _check(line, numerator, denominator)
    where = find_territory(territory).key or ""
    if values.day(as_of, field="as_of") > timezone.localdate(now):
        raise DayToCome
    said = values.text(source, field="source", limit=LONGEST_SOURCE, required=True)
    place = {"indicator": line, "territory": where, "as_of": as_of}
    with refusals(), transaction.atomic():
        # Two who enter the same value: the second meets the row of the first.
        made, is_new = ManualValue.objects.get_or_create(
            **place,
            version=1,
            defaults={
                "numerator": numerator,
                "denominator": denominator,
                "source": said,
                "entered_at": now,
                "entered_by_id": actor.user_id,
            },
        )
        if not is_new:
            raise ValueKnown
        _note(made, "value_entered", actor=actor, now=now)
    return made


def correct_value(
    *,
    actor: Actor,
    value_id: int,
    numerator: int,
    denominator: int | None,
    source: str,
    reason: str,
    now: datetime,
) -> ManualValue:
    """Add a version that says better what `value_id`, the last one, said; also one taken back.

    Raises: NotAllowed, NotFound, StaleVersion if there is a later one, ValueInvalid, TextInvalid.
    """
    require(actor, Capability.WRITE_PROGRAMMES)
    last = _last(value_id)
    _check(last.indicator, numerator, denominator)
    said = values.text(source, field="source", limit=LONGEST_SOURCE, required=True)
    return _add_version(
        last,
        "value_corrected",
        numerator=numerator,
        denominator=denominator,
        source=said,
        reason=reason,
        actor=actor,
        now=now,
    )


def withdraw_value(*, actor: Actor, value_id: int, reason: str, now: datetime) -> ManualValue:
    """Take a value back: the line has none of that day from now on; its versions stay.

    Raises: NotAllowed, NotFound, StaleVersion, TextInvalid.
    """
    require(actor, Capability.WRITE_PROGRAMMES)
    last = _last(value_id)
    if last.numerator is None:
        raise StaleVersion
    return _add_version(
        last,
        "value_withdrawn",
        numerator=None,
        denominator=None,
        source=last.source,
        reason=reason,
        actor=actor,
        now=now,
    )


def _line(code: str) -> Indicator:
    line = Indicator.objects.filter(pk=code).first()
    if line is None:
        raise NotFound
    if line.how != Indicator.How.REPORTED:
        raise LineIsComputed
    return line


def _check(line: Indicator, numerator: int, denominator: int | None) -> None:
    """A share has a whole that is more than nothing; a count has none."""
    if (denominator is None) != (line.measure == Indicator.Measure.COUNT):
        raise ValueInvalid
    highest = LARGEST if denominator is None else denominator
    if not 0 <= numerator <= highest <= LARGEST or denominator == 0:
        raise ValueInvalid


def _last(value_id: int) -> ManualValue:
    found = ManualValue.objects.select_related("indicator").filter(pk=value_id).first()
    if found is None:
        raise NotFound
    return found


def _add_version(
    last: ManualValue,
    kind: str,
    *,
    numerator: int | None,
    denominator: int | None,
    source: str,
    reason: str,
    actor: Actor,
    now: datetime,
) -> ManualValue:
    why = values.text(reason, field="reason", limit=values.LONGEST_REASON, required=True)
    place = {"indicator": last.indicator, "territory": last.territory, "as_of": last.as_of}
    with refusals(), transaction.atomic():
        # The next version is one row: of two who correct the same one, the second finds it taken.
        made, is_new = ManualValue.objects.get_or_create(
            **place,
            version=last.version + 1,
            defaults={
                "numerator": numerator,
                "denominator": denominator,
                "source": source,
                "reason": why,
                "entered_at": now,
                "entered_by_id": actor.user_id,
            },
        )
        if not is_new:
            raise StaleVersion
        _note(made, kind, actor=actor, now=now, before=last)
    return made


def _note(
    made: ManualValue, kind: str, *, actor: Actor, now: datetime, before: ManualValue | None = None
) -> None:
    record_event(
        subject_kind=LINE,
        subject_id=made.indicator_id,
        kind=kind,
        at=now,
        actor_id=actor.user_id,
        data={
            "as_of": made.as_of.isoformat(),
            "territory": made.territory,
            "before": None if before is None else [before.numerator, before.denominator],
            "after": [made.numerator, made.denominator],
            "source": made.source,
            "reason": made.reason,
        },
    )
