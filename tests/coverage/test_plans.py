"""What staff set as data: the next programme, its targets, further lines."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

import pytest
from django.db import transaction

from linkage.coverage import queries
from linkage.coverage.models import Indicator, Programme, Target
from linkage.coverage.services import (
    add_indicator,
    add_programme,
    change_programme,
    change_target,
    plans,
    set_target,
)
from linkage.coverage.services.plans import (
    BoundInvalid,
    IndicatorKnown,
    ProgrammeEndsBeforeItStarts,
    ProgrammeKnown,
    TargetKnown,
    TargetOutsideProgramme,
)
from linkage.coverage.targets import Bound
from linkage.coverage.territory import UnknownTerritory
from linkage.errors import NotAllowed, NotFound, StaleVersion, ValueUnknown
from linkage.jobs.queries import events_of
from linkage.registry.access import OPERATOR, Actor
from linkage.registry.models import Role
from linkage.registry.values import DayOutOfRange, TextInvalid
from tests.racing import at_once, many_writers, while_it_waits

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 1, 5, tzinfo=UTC)
NEXT: dict[str, Any] = {
    "code": "2026-2030",
    "name_vi": "Kế hoạch 2026-2030",
    "name_en": "Plan 2026-2030",
    "starts": date(2026, 1, 1),
    "ends": date(2030, 12, 31),
    "source": "a draft of the city",
    "actor": OPERATOR,
    "now": NOW,
}
TARGET: dict[str, Any] = {
    "programme": "2026-2030",
    "indicator": "LINK-ALL",
    "comparison": "at_least",
    "minimum": Bound(75, 100),
    "from_date": date(2026, 1, 1),
    "source": "a draft of the city",
    "actor": OPERATOR,
    "now": NOW,
}


def test_the_next_programme_is_added_as_data(programme: Programme) -> None:
    add_programme(**NEXT)
    set_target(**TARGET)
    assert queries.target_for("LINK-ALL", date(2026, 6, 30)).minimum == Bound(75, 100)
    assert queries.target_for("LINK-ALL", date(2025, 12, 31)).minimum == Bound(60, 100)
    assert queries.period_starts(date(2026, 6, 30)) == date(2026, 1, 1)
    assert queries.period_starts(date(2025, 12, 31)) == date(2021, 1, 1)
    assert queries.period_starts(date(2015, 1, 1)) == date(2021, 1, 1)


def test_a_line_is_counted_from_the_first_day_of_the_programme_whose_target_it_meets(
    programme: Programme,
) -> None:
    line = {"order": 9, "name_vi": "-", "name_en": "-", "source": "-"}
    Indicator.objects.create(code="DISSOLVED", how="computed", measure="count", **line)
    of = {"indicator": "DISSOLVED", "minimum": Bound(100, 1)}
    old = {"programme": programme.code, "from_date": programme.starts}
    set_target(**{**TARGET, **of, **old})
    add_programme(**NEXT)
    assert queries.period_starts(date(2026, 11, 26)) == programme.starts
    set_target(**{**TARGET, **of, "from_date": date(2026, 7, 1)})
    assert queries.period_starts(date(2026, 6, 30)) == programme.starts
    assert queries.period_starts(date(2026, 11, 26)) == date(2026, 1, 1)


def test_what_staff_set_is_told_in_the_history(programme: Programme) -> None:
    add_programme(**NEXT)
    set_target(**TARGET)
    events = [event.kind for event in events_of("programme", "2026-2030")]
    assert sorted(events) == ["programme_added", "target_set"]


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"source": " "}, TextInvalid),
        ({"source": "x" * 2001}, TextInvalid),
        ({"code": "x" * 51}, TextInvalid),
        ({"name_vi": "\u200b"}, TextInvalid),
        ({"name_en": "x" * 301}, TextInvalid),
        ({"starts": date(21, 1, 1)}, DayOutOfRange),
        ({"ends": date(2101, 1, 1)}, DayOutOfRange),
        ({"ends": date(2025, 1, 1)}, ProgrammeEndsBeforeItStarts),
        ({"code": "215/KH-UBND 2021-2025"}, ProgrammeKnown),
        ({"territory": "ha-noi"}, UnknownTerritory),
    ],
)
def test_a_programme_that_cannot_be_is_refused_and_nothing_written(
    programme: Programme, changes: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        add_programme(**{**NEXT, **changes})
    assert Programme.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"source": ""}, TextInvalid),
        ({"programme": "none"}, NotFound),
        ({"indicator": "none"}, NotFound),
        ({"minimum": Bound(101, 100)}, BoundInvalid),
        ({"minimum": Bound(1, 0)}, BoundInvalid),
        ({"minimum": Bound(1, 2**31)}, BoundInvalid),
        ({"minimum": Bound(1, 2), "maximum": Bound(2**31, 2**31)}, BoundInvalid),
        ({"maximum": Bound(70, 100)}, BoundInvalid),
        ({"from_date": date(2026, 12, 1)}, TargetKnown),
        ({"from_date": date(2020, 1, 1)}, TargetOutsideProgramme),
        ({"from_date": date(2031, 1, 1)}, TargetOutsideProgramme),
    ],
)
def test_a_target_that_cannot_be_is_refused_and_nothing_written(
    programme: Programme, changes: dict[str, Any], error: type[Exception]
) -> None:
    add_programme(**NEXT)
    set_target(**{**TARGET, "from_date": date(2026, 12, 1)})
    before = Target.objects.count()
    with pytest.raises(error):
        set_target(**{**TARGET, **changes})
    assert Target.objects.count() == before


@pytest.mark.parametrize("largest", [2**31, 10**20])
def test_a_count_that_no_column_holds_is_refused(programme: Programme, largest: int) -> None:
    line = {"order": 9, "name_vi": "-", "name_en": "-", "source": "-"}
    Indicator.objects.create(code="DISSOLVED", how="computed", measure="count", **line)
    of = {"programme": programme.code, "indicator": "DISSOLVED", "from_date": programme.starts}
    with pytest.raises(BoundInvalid):
        set_target(**{**TARGET, **of, "minimum": Bound(largest, 1)})
    set_target(**{**TARGET, **of, "minimum": Bound(2**31 - 1, 1)})


def test_what_staff_type_is_stored_as_every_other_text_is(programme: Programme) -> None:
    typed = unicodedata.normalize("NFD", " Kế  hoạch\n2026 ")
    kept = "Kế hoạch 2026"
    line = {"name_vi": typed, "name_en": typed, "source": typed, "measure": "share"}
    rows = (
        add_programme(**{**NEXT, "code": typed, "name_vi": typed, "name_en": typed}),
        change_programme(**{**shortened(programme), "name_vi": typed, "name_en": typed}),
        add_indicator(code="DIGITAL", **line, actor=OPERATOR, now=NOW),
    )
    for row in rows:
        assert (row.name_vi, row.name_en) == (kept, kept)
    assert Programme.objects.filter(code=kept).exists()
    target = set_target(**{**TARGET, "programme": kept, "source": typed})
    assert target.source == kept
    assert changed(target, source=typed, reason=typed).source == kept
    (told,) = [one for one in events_of("programme", kept) if one.kind == "target_changed"]
    assert told.data["reason"] == kept


def test_a_reported_line_is_added_once_at_the_end(programme: Programme) -> None:
    line = {"name_vi": "Số hóa", "name_en": "Digital", "measure": "share", "source": "a draft"}
    added = add_indicator(code="DIGITAL", **line, actor=OPERATOR, now=NOW)
    assert (added.order, added.how) == (3, "reported")
    with pytest.raises(IndicatorKnown):
        add_indicator(code="DIGITAL", **line, actor=OPERATOR, now=NOW)


# --- What is put right ------------------------------------------------------------------------
@pytest.fixture
def target(programme: Programme) -> Target:
    return Target.objects.get(indicator="LINK-ALL")


def changed(target: Target, **changes: Any) -> Target:
    base: dict[str, Any] = {
        "target_id": target.pk, "version": 1, "comparison": "over", "minimum": Bound(65, 100),
        "source": "Nghị quyết 1", "reason": "Điều chỉnh", "official": "manual", "actor": OPERATOR,
        "now": NOW,
    }  # fmt: skip
    return change_target(**{**base, **changes})


def test_a_target_is_put_right_and_the_history_keeps_what_it_was(target: Target) -> None:
    changed(target, official="returns")
    target.refresh_from_db()
    assert (target.comparison, target.min_num, target.max_num) == ("over", 65, None)
    assert queries.target_for("LINK-ALL", date(2023, 1, 1)).official == "returns"
    (told,) = events_of("programme", target.programme.code)
    assert told.kind == "target_changed"
    assert told.data["before"]["minimum"] == "60/100"
    assert told.data["after"]["minimum"] == "65/100"
    assert told.data["reason"] == "Điều chỉnh"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"source": " "}, TextInvalid),
        ({"reason": ""}, TextInvalid),
        ({"target_id": 999_999}, NotFound),
        ({"version": 2}, StaleVersion),
        ({"minimum": Bound(101, 100)}, BoundInvalid),
        ({"minimum": Bound(3_000_000_000, 10**20)}, BoundInvalid),
        ({"official": "x"}, ValueUnknown),
    ],
)
def test_a_change_that_cannot_be_is_refused_and_nothing_written(
    target: Target, changes: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        changed(target, **changes)
    target.refresh_from_db()
    assert target.min_num == 60


def test_a_programme_is_put_right_with_a_reason(programme: Programme) -> None:
    said: dict[str, Any] = {
        "programme_id": programme.pk, "version": 1,
        "name_vi": "Kế hoạch 215 sửa đổi", "name_en": "Plan 215",
        "starts": date(2021, 1, 1), "ends": date(2026, 12, 31), "source": "Quyết định 9",
        "reason": "Kéo dài", "actor": OPERATOR, "now": NOW,
    }  # fmt: skip
    change_programme(**said)
    programme.refresh_from_db()
    assert (programme.ends, programme.name_vi) == (date(2026, 12, 31), "Kế hoạch 215 sửa đổi")
    (told,) = events_of("programme", programme.code)
    assert told.data["before"]["ends"] == "2025-12-31"
    for wrong, error in (
        ({"reason": " "}, TextInvalid),
        ({"name_vi": " "}, TextInvalid),
        ({"starts": date(21, 1, 1)}, DayOutOfRange),
        ({"ends": date(2020, 1, 1)}, ProgrammeEndsBeforeItStarts),
        ({"programme_id": 999_999}, NotFound),
        ({"version": 1}, StaleVersion),
    ):
        with pytest.raises(error):
            change_programme(**{**said, "version": 2, **wrong})
    set_target(**{**TARGET, "programme": programme.code, "from_date": date(2026, 6, 1)})
    with pytest.raises(TargetOutsideProgramme):
        change_programme(**{**said, "version": 2, "ends": date(2026, 5, 31)})


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.VERIFIER, Role.FIELD_OFFICER])
def test_who_may_not_write_programmes_is_refused_by_the_services_themselves(
    programme: Programme, target: Target, role: Role
) -> None:
    who = {"actor": Actor(1, frozenset({role}))}
    line = {"code": "DIGITAL", "name_vi": "x", "name_en": "x", "measure": "count", "source": "x"}
    acts = (
        lambda: add_programme(**{**NEXT, **who}),
        lambda: add_indicator(**line, **who, now=NOW),
        lambda: set_target(**{**TARGET, "programme": programme.code, **who}),
        lambda: changed(target, **who),
        lambda: change_programme(**{**shortened(programme), **who}),
    )
    for act in acts:
        with pytest.raises(NotAllowed):
            act()


def shortened(programme: Programme) -> dict[str, Any]:
    """The programme ends before the day of `later`."""
    return {
        "programme_id": programme.pk, "version": 1, "name_vi": "x", "name_en": "x",
        "starts": programme.starts, "ends": date(2024, 12, 31), "source": "x", "reason": "x",
        "actor": OPERATOR, "now": NOW,
    }  # fmt: skip


def later(programme: Programme) -> dict[str, Any]:
    return {**TARGET, "programme": programme.code, "from_date": date(2025, 6, 1)}


@pytest.mark.django_db(transaction=True)
@many_writers
def test_a_target_and_an_end_before_it_in_one_moment_are_not_both_set(
    programme: Programme,
) -> None:
    with pytest.raises(TargetOutsideProgramme):
        while_it_waits(
            partial(set_target, **later(programme)),
            partial(change_programme, **shortened(programme)),
        )
    programme.refresh_from_db()
    assert programme.ends == date(2025, 12, 31)


@pytest.mark.django_db(transaction=True)
@many_writers
def test_an_end_and_a_target_after_it_in_one_moment_are_not_both_set(
    programme: Programme,
) -> None:
    with pytest.raises(TargetOutsideProgramme):
        while_it_waits(
            partial(change_programme, **shortened(programme)),
            partial(set_target, **later(programme)),
        )
    assert not Target.objects.filter(from_date=date(2025, 6, 1)).exists()


@pytest.mark.django_db(transaction=True)
@many_writers
def test_the_control_that_does_not_wait_leaves_a_target_outside(
    programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plans, "_held", lambda rows: rows.get())
    with transaction.atomic():
        set_target(**later(programme))
        at_once([partial(change_programme, **shortened(programme))])
    programme.refresh_from_db()
    assert Target.objects.filter(from_date__gt=programme.ends).exists()
