"""One cell at a time: what is read, what is corrected and by which proof, what is refused."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkage.intake.planning import days, values, words
from linkage.intake.planning.corrections import RULES, tidy
from linkage.text import clean

CODE = "0205198368"
ANY = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.dates(), st.datetimes()
)


def rules(reading: values.Reading[Any]) -> list[str]:
    return [step.rule for step in reading.steps]


# --- Tax codes ----------------------------------------
@pytest.mark.parametrize(
    ("written", "code", "by"),
    [
        (CODE, CODE, []),
        (205198368, CODE, ["leading_zero"]),
        (205198368.0, CODE, ["leading_zero"]),
        ("205198368", CODE, ["leading_zero"]),
        (" 02 0519 8368", CODE, ["separators"]),
        ("0205.198.368", CODE, ["separators"]),
        ("'0205198368", CODE, ["separators"]),
        ("０２０５１９８３６８", CODE, ["width"]),
        ("205198368.0", CODE, ["decimal_zero", "leading_zero"]),
        (205198368001, f"{CODE}-001", ["leading_zero", "branch_dash"]),
        (f"{CODE}001", f"{CODE}-001", ["branch_dash"]),
        (f"{CODE}-001", f"{CODE}-001", []),
        ("031188012345", "031188012345", []),
        (None, None, []),
        ("  ", None, []),
        ("-", None, ["placeholder"]),
    ],
)
def test_a_tax_code_is_read_and_each_correction_named(
    written: Any, code: str | None, by: list[str]
) -> None:
    found = values.read_tax_code(written)
    assert (found.value, found.problem) == (code, None)
    assert [rule for rule in rules(found) if rule not in ("invisible", "spaces")] == by


@pytest.mark.parametrize(
    "written",
    [
        "0200000001", 200000001, "020519836", 36099012345, 31188012345, True, 0.5, -205198368,
        "0205198368-01", "MST 0205198368", "02051983680", "999188012345", date(2020, 1, 1),
    ],
)  # fmt: skip
def test_what_cannot_be_proved_a_tax_code_is_refused(written: Any) -> None:
    found = values.read_tax_code(written)
    assert (found.value, found.problem) == (None, "tax_code_invalid")


# --- Telephone numbers ----------------------------------------
@pytest.mark.parametrize(
    ("written", "phone"),
    [
        (976604557, "+84976604557"),
        ("0976.604.557", "+84976604557"),
        ("976604557", "+84976604557"),
        ("+84 976 604 557", "+84976604557"),
        (2253842123, "+842253842123"),
    ],
)
def test_a_phone_gets_its_zero_back_by_its_length(written: Any, phone: str) -> None:
    assert values.read_phone(written).value == phone


def test_a_number_nobody_has_keeps_its_zero_and_is_doubted() -> None:
    found = values.read_phone(992665840)
    assert (found.value, found.problem) == ("0992665840", "phone_invalid")


def test_two_numbers_in_a_cell_stay_as_written() -> None:
    found = values.read_phone("0976604557; 0965027463")
    assert (found.value, found.problem) == ("0976604557; 0965027463", "phone_invalid")


# --- Dates ----------------------------------------
@pytest.mark.parametrize(
    ("written", "day"),
    [
        (datetime.combine(date(2018, 7, 19), time()), date(2018, 7, 19)),
        ("19/7/2018", date(2018, 7, 19)),
        ("03/04/2026", date(2026, 4, 3)),
        ("19-07-2018", date(2018, 7, 19)),
        ("19.7.2018", date(2018, 7, 19)),
        (" 19 / 7 / 2018 ", date(2018, 7, 19)),
        ("2018-07-19", date(2018, 7, 19)),
        ("2018-07-19 00:00:00", date(2018, 7, 19)),
        ("19/07/2018 0:00", date(2018, 7, 19)),
        ("ngày 5 tháng 3 năm 2021", date(2021, 3, 5)),
        (43692, date(2019, 8, 15)),
        ("43692", date(2019, 8, 15)),
        (43692.75, date(2019, 8, 15)),
        (None, None),
        (" ", None),
    ],
)
def test_a_date_is_read_day_month_year(written: Any, day: date | None) -> None:
    found = days.read_date(written)
    assert (found.value, found.problem) == (day, None)


@pytest.mark.parametrize(
    "written",
    ["31/02/2025", "19/7/18", True, "hôm qua", "00/01/2020", 5, 99999999, "13/2018", 1899, "0000"],
)
def test_what_is_no_day_is_no_such_date(written: Any) -> None:
    assert days.read_date(written).problem == "no_such_date"


@pytest.mark.parametrize(
    "written", ["01/01/1800", "31/12/1899", date(1899, 12, 31), "1/1/2200", "9999-12-31"]
)
def test_a_day_outside_two_centuries_is_out_of_bounds(written: Any) -> None:
    found = days.read_date(written)
    assert (found.value, found.problem) == (None, "date_out_of_bounds")
    assert days.read_date("01/01/1900").value == date(1900, 1, 1)
    assert days.read_date("31/12/2199").value == date(2199, 12, 31)


def test_a_date_that_only_the_american_order_reads_is_not_guessed() -> None:
    assert days.read_date("02/25/2025").problem == "american_date"
    assert days.read_date("02/25/2025", order="mdy").value == date(2025, 2, 25)
    assert days.read_date("25/02/2025", order="mdy").problem == "american_date"


def test_day_numbers_follow_the_workbooks_calendar() -> None:
    assert days.read_date(42230, base_1904=True).value == date(2019, 8, 15)


@given(st.dates(date(1950, 1, 1), date(2100, 12, 31)))
def test_a_day_is_read_back_from_each_way_of_writing_it(day: date) -> None:
    number = (day - date(1899, 12, 30)).days
    written = (f"{day.day}/{day.month}/{day.year}", f"{day:%d-%m-%Y}", day.isoformat(), number)
    assert {days.read_date(one).value for one in written} == {day}


# --- Numbers ----------------------------------------
@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("153,8", "153.8"), ("1.234", "1234"), ("1.234,56", "1234.56"), ("1 234,5", "1234.5"),
        ("12", "12"), (300.7, "300.7"), (0.1 + 0.2, "0.3"), (7, "7"), ("-5", "-5"),
    ],
)  # fmt: skip
def test_a_number_is_read_the_vietnamese_way(written: Any, number: str) -> None:
    assert values.read_number(written).value == Decimal(number)


@pytest.mark.parametrize("written", ["1,234.56", "12.5", "1,234,567"])
def test_a_number_with_a_decimal_point_is_asked_about(written: str) -> None:
    assert values.read_number(written).problem == "foreign_number"
    assert values.read_number(written, decimal=".").value == Decimal(written.replace(",", ""))


@pytest.mark.parametrize("written", ["khoảng 10", True, float("nan"), 1e400, "1e5", "٣٤"])
def test_what_is_no_number_is_left_out(written: Any) -> None:
    found = values.read_number(written)
    assert found.value is None or found.value == 34


# --- Rules ----------------------------------------
@given(ANY)
def test_every_step_is_its_rule_applied_and_steps_join(value: Any) -> None:
    readers = (values.read_text, values.read_tax_code, values.read_phone, days.read_date)
    for reader in (*readers, values.read_number, values.read_count):
        found = reader(value)
        for step in found.steps:
            assert RULES[step.rule](step.before) == step.after
            assert step.proof
        for one, following in zip(found.steps, found.steps[1:], strict=False):
            assert one.after == following.before
        assert found.problem is None or found.value is None or reader is values.read_phone


@given(st.text())
def test_tidied_text_is_clean_text(text: str) -> None:
    tidied, _steps = tidy(text)
    assert tidied == clean(tidied)
    assert "\0" not in tidied


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("htx", "cooperative"), ("Hợp tác xã", "cooperative"), ("H.T.X", "cooperative"),
        ("hop tac xa", "cooperative"), ("HTX nông nghiệp", "cooperative"),
        ("Tổ hợp tác", "cooperative_group"), ("THT", "cooperative_group"),
        ("LH HTX", "union"), ("Liên hiệp hợp tác xã", "union"), ("LHHTX", "union"),
        ("DN", "enterprise"), ("Cty TNHH", "enterprise"), ("Hộ KD", "household_business"),
            ("Hộ", None),
        ("hộ kinh doanh", "household_business"), ("cá nhân", "individual"), ("Trang trại", None),
        ("HTX dịch vụ nông nghiệp", "cooperative"), ("HTXDVNN", "cooperative"),
        ("Hợp tác xã (HTX)", "cooperative"), ("Công ty TNHH một thành viên", "enterprise"),
        ("Doanh nghiệp tư nhân", "enterprise"), ("Hộ kinh doanh cá thể", "household_business"),
        ("HTX không phải", None), ("HTX hoặc THT", None), ("HTX/THT", None), ("HTXX", None),
        ("Hợp tác xã (đã giải thể)", None), ("HTX?", None), ("THT → HTX", None), ("", None),
        ("Doanh nghiệp (chưa rõ)", None), ("Khác HTX", None),
    ],
)  # fmt: skip
def test_a_kind_has_many_spellings_and_none_is_guessed(word: str, kind: str | None) -> None:
    assert words.read_kind(word) == kind


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("ĐANG HOẠT ĐỘNG", "active"), ("còn hoạt động", "active"), ("Tạm dừng", "suspended"),
        ("Ngưng hoạt động", "stopped"), ("dừng", "stopped"), ("Giải thể", "dissolved"),
        ("Đang hoạt động?", None), ("hoạt động (?)", None),
        ("phá sản", "dissolved"), ("đang giải thể", None), ("chờ giải thể", None), ("tốt", None),
    ],
)  # fmt: skip
def test_a_status_has_many_spellings_and_none_is_guessed(word: str, status: str | None) -> None:
    assert words.read_status(word) == status


@pytest.mark.parametrize(
    "written", ["-", "không thời hạn", "Vô thời hạn", "không xác định thời hạn"]
)
def test_words_for_no_end_are_no_day_and_are_named(written: str) -> None:
    found = days.read_date(written)
    assert (found.value, found.problem) == (None, None)
    assert "placeholder" in rules(found)
