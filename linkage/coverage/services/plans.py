"""What city staff set as data: programmes, indicators and targets, each with its source."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Max, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from linkage.coverage.models import Basis, Indicator, Programme, Target
from linkage.coverage.queries import find_territory
from linkage.coverage.services.reporting import LARGEST, LONGEST_SOURCE
from linkage.coverage.targets import Bound
from linkage.errors import Conflict, Invalid, NotFound, StaleVersion, ValueUnknown
from linkage.jobs.services import record_event
from linkage.registry import values
from linkage.registry.access import Actor, Capability, require

LONGEST_CODE, LONGEST_NAME = 50, 300


class ProgrammeEndsBeforeItStarts(Invalid):
    """A programme's last day is before its first."""

    code = "programme_ends_before_it_starts"
    field = "ends"
    words = _("The programme ends before it starts.")


class BoundInvalid(Invalid):
    """A target's bound is no number, too large, no share, or above the upper one."""

    code = "bound_invalid"
    field = "minimum"
    words = _("A share is at most the whole, and its lower bound is not above the upper one.")


class TargetOutsideProgramme(Invalid):
    """A programme sets targets within its own days."""

    code = "target_outside_programme"
    field = "from_date"
    words = _("The day lies outside the programme, which runs from %(starts)s to %(ends)s.")


class ProgrammeKnown(Conflict):
    """There is a programme of that code."""

    code = "programme_known"
    field = "code"
    words = _("There is already a programme %(programme)s.")


class IndicatorKnown(Conflict):
    """There is an indicator of that code."""

    code = "indicator_known"
    words = _("There is already an indicator %(indicator)s.")


class TargetKnown(Conflict):
    """The programme already sets the indicator from that day."""

    code = "target_known"
    words = _("The programme already has a target for it from %(day)s.")


def add_programme(
    *,
    code: str,
    name_vi: str,
    name_en: str,
    starts: date,
    ends: date,
    source: str,
    actor: Actor,
    now: datetime,
    territory: str = "",
) -> Programme:
    """Add a plan of the city, such as the one of 2026-2030, with its territory and source.

    Raises: NotAllowed, TextInvalid, DayOutOfRange, ProgrammeEndsBeforeItStarts, ProgrammeKnown,
    UnknownTerritory; nothing is written then.
    """
    require(actor, Capability.WRITE_PROGRAMMES)
    code = _code(code)
    said = {**_names(name_vi, name_en), **_days(starts, ends), "source": _source(source)}
    where = find_territory(territory).key or ""
    with transaction.atomic():
        programme, made = Programme.objects.get_or_create(
            code=code, defaults={**said, "territory": where}
        )
        if not made:
            raise ProgrammeKnown(programme=code)
        record_event(
            subject_kind="programme",
            subject_id=code,
            kind="programme_added",
            at=now,
            actor_id=actor.user_id,
            data={"source": programme.source},
        )
    return programme


def add_indicator(
    *,
    code: str,
    name_vi: str,
    name_en: str,
    measure: str,
    source: str,
    actor: Actor,
    now: datetime,
    text_vi: str = "",
    text_en: str = "",
) -> Indicator:
    """Add a line of a plan that is reported yearly; what is computed is the rule's, not staff's.

    Raises: NotAllowed, TextInvalid, IndicatorKnown; nothing is written then.
    """
    require(actor, Capability.WRITE_PROGRAMMES)
    code = _code(code)
    said = {
        **_names(name_vi, name_en),
        "text_vi": values.text(text_vi, field="text_vi", limit=LONGEST_SOURCE),
        "text_en": values.text(text_en, field="text_en", limit=LONGEST_SOURCE),
        "source": _source(source),
    }
    with transaction.atomic():
        last = Indicator.objects.aggregate(last=Max("order"))["last"] or 0
        indicator, made = Indicator.objects.get_or_create(
            code=code,
            defaults={
                **said,
                "order": last + 1,
                "how": Indicator.How.REPORTED,
                "measure": Indicator.Measure(measure),
            },
        )
        if not made:
            raise IndicatorKnown(indicator=code)
        record_event(
            subject_kind="indicator",
            subject_id=code,
            kind="indicator_added",
            at=now,
            actor_id=actor.user_id,
            data={"source": indicator.source},
        )
    return indicator


def set_target(
    *,
    programme: str,
    indicator: str,
    comparison: str,
    minimum: Bound,
    from_date: date,
    source: str,
    actor: Actor,
    now: datetime,
    maximum: Bound | None = None,
) -> Target:
    """Set what a programme wants of an indicator from a day on; a day's target is set once.

    Raises: NotAllowed, NotFound, TextInvalid, TargetOutsideProgramme, BoundInvalid, TargetKnown;
    nothing is written then.
    """
    require(actor, Capability.WRITE_PROGRAMMES)
    source = _source(source)
    with transaction.atomic():
        plan = _held(Programme.objects.filter(code=programme))
        line = Indicator.objects.filter(code=indicator).first()
        if line is None:
            raise NotFound
        _check_days(from_date, from_date, plan.starts, plan.ends)
        _check_bounds(line, minimum, maximum)
        target, made = Target.objects.get_or_create(
            programme=plan,
            indicator=line,
            from_date=from_date,
            defaults={
                "comparison": Target.Comparison(comparison),
                "min_num": minimum.num,
                "min_den": minimum.den,
                "max_num": maximum.num if maximum else None,
                "max_den": maximum.den if maximum else None,
                "source": source,
            },
        )
        if not made:
            raise TargetKnown(day=from_date.isoformat())
        record_event(
            subject_kind="programme",
            subject_id=programme,
            kind="target_set",
            at=now,
            actor_id=actor.user_id,
            data={"indicator": indicator, "from_date": from_date.isoformat(), "source": source},
        )
    return target


def change_target(
    *,
    target_id: int,
    version: int,
    comparison: str,
    minimum: Bound,
    source: str,
    reason: str,
    official: str,
    actor: Actor,
    now: datetime,
    maximum: Bound | None = None,
) -> Target:
    """Put a target right, or say which of a reported line's two values is the programme's own.

    The history keeps what it was; a target that counts from another day is another one. Raises:
    NotAllowed, NotFound, StaleVersion, TextInvalid, BoundInvalid, ValueUnknown; nothing is written
    then.
    """
    require(actor, Capability.WRITE_PROGRAMMES)
    source, why = _source(source), _reason(reason)
    if official not in Basis.values:
        raise ValueUnknown(field="official", value=official)
    with transaction.atomic():
        rows = Target.objects.select_related("programme", "indicator").filter(pk=target_id)
        before = rows.first()
        if before is None:
            raise NotFound
        _check_bounds(before.indicator, minimum, maximum)
        said = {
            "comparison": Target.Comparison(comparison),
            "min_num": minimum.num,
            "min_den": minimum.den,
            "max_num": maximum.num if maximum else None,
            "max_den": maximum.den if maximum else None,
            "source": source,
            "official": official,
        }
        _set(Target.objects.filter(pk=target_id), version, said)
        after = rows.get()
        record_event(
            subject_kind="programme",
            subject_id=after.programme.code,
            kind="target_changed",
            at=now,
            actor_id=actor.user_id,
            data={
                "indicator": after.indicator_id,
                "from_date": after.from_date.isoformat(),
                **_differing(_said_of(before), _said_of(after)),
                "reason": why,
            },
        )
    return after


def change_programme(
    *,
    programme_id: int,
    version: int,
    name_vi: str,
    name_en: str,
    starts: date,
    ends: date,
    source: str,
    reason: str,
    actor: Actor,
    now: datetime,
) -> Programme:
    """Put a programme's names, days or source right; its code and territory are what it is.

    Raises: NotAllowed, NotFound, StaleVersion, TextInvalid, DayOutOfRange,
    ProgrammeEndsBeforeItStarts; TargetOutsideProgramme for days that would leave a target out.
    """
    require(actor, Capability.WRITE_PROGRAMMES)
    why = _reason(reason)
    said = {**_names(name_vi, name_en), **_days(starts, ends), "source": _source(source)}
    with transaction.atomic():
        programme = _held(Programme.objects.filter(pk=programme_id))
        days = Target.objects.filter(programme=programme).values_list("from_date", flat=True)
        if days:
            _check_days(min(days), max(days), starts, ends)
        before = {name: str(getattr(programme, name)) for name in said}
        _set(Programme.objects.filter(pk=programme_id), version, said)
        programme.refresh_from_db()
        record_event(
            subject_kind="programme",
            subject_id=programme.code,
            kind="programme_changed",
            at=now,
            actor_id=actor.user_id,
            data={
                **_differing(before, {name: str(value) for name, value in said.items()}),
                "reason": why,
            },
        )
    return programme


def _held(rows: QuerySet[Programme]) -> Programme:
    """The programme, which nobody else changes until the transaction ends: its days and the days of
    its targets are set one by one. Raises: NotFound."""
    found = rows.select_for_update(no_key=True).first()
    if found is None:
        raise NotFound
    return found


def _set(rows: QuerySet[Any], version: int, said: dict[str, Any]) -> None:
    """Compare and set: of two who change a row, the second finds another version."""
    if not rows.filter(version=version).update(version=F("version") + 1, **said):
        raise StaleVersion


def _said_of(target: Target) -> dict[str, str]:
    upper = "" if target.max_num is None else f"{target.max_num}/{target.max_den}"
    return {
        "comparison": str(target.comparison),
        "minimum": f"{target.min_num}/{target.min_den}",
        "maximum": upper,
        "source": target.source,
        "official": target.official,
    }


def _differing(before: dict[str, str], after: dict[str, str]) -> dict[str, dict[str, str]]:
    """Only what was changed, as a history tells it."""
    names = [name for name in after if before[name] != after[name]]
    return {
        "before": {name: before[name] for name in names},
        "after": {name: after[name] for name in names},
    }


def _code(code: str) -> str:
    return values.text(code, field="code", limit=LONGEST_CODE, required=True)


def _names(name_vi: str, name_en: str) -> dict[str, Any]:
    said = {"name_vi": name_vi, "name_en": name_en}
    return {
        field: values.text(name, field=field, limit=LONGEST_NAME, required=True)
        for field, name in said.items()
    }


def _source(source: str) -> str:
    return values.text(source, field="source", limit=LONGEST_SOURCE, required=True)


def _reason(reason: str) -> str:
    return values.text(reason, field="reason", limit=values.LONGEST_REASON, required=True)


def _days(starts: date, ends: date) -> dict[str, Any]:
    said = {"starts": values.day(starts, field="starts"), "ends": values.day(ends, field="ends")}
    if ends < starts:
        raise ProgrammeEndsBeforeItStarts
    return said


def _check_days(first: date, last: date, starts: date, ends: date) -> None:
    if not starts <= first <= last <= ends:
        told = (date_format(day, "SHORT_DATE_FORMAT") for day in (starts, ends))
        raise TargetOutsideProgramme(**dict(zip(("starts", "ends"), told, strict=True)))


def _check_bounds(line: Indicator, minimum: Bound, maximum: Bound | None) -> None:
    """Bounds are fractions; a share's are within 0 and 1, and the lower is not above the upper."""
    bounds = [minimum] if maximum is None else [minimum, maximum]
    if any(not (0 <= bound.num <= LARGEST and 0 < bound.den <= LARGEST) for bound in bounds):
        raise BoundInvalid
    if line.measure == Indicator.Measure.SHARE and any(bound.num > bound.den for bound in bounds):
        raise BoundInvalid
    if maximum is not None and minimum.num * maximum.den > maximum.num * minimum.den:
        raise BoundInvalid
