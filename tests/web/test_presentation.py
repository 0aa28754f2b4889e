"""Shares, targets and quantities in words."""

from __future__ import annotations

from datetime import date

from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from linkage.coverage.targets import Bound, TargetRow
from web.charts import TrendLine, share_bar, trend
from web.presentation import ShareWords, percent_of, range_words, whole
from web.spreadsheets import as_text

TARGET = TargetRow("P", "at_least", Bound(60, 100), Bound(70, 100), date(2021, 1, 1))


def test_a_share_just_below_its_target_never_reads_as_reached() -> None:
    share = ShareWords(5996, 10000, TARGET)
    assert share.percent == "59,9%"
    assert share.verdict == "còn thiếu 4 HTX để đạt 60%"


@given(st.integers(1, 5000), st.data())
def test_a_percent_that_reads_sixty_has_reached_sixty(
    denominator: int, data: st.DataObject
) -> None:
    numerator = data.draw(st.integers(0, denominator))
    share = ShareWords(numerator, denominator, TARGET)
    reached = float(share.percent.rstrip("%").replace(",", ".")) >= 60
    assert reached == (numerator * 100 >= denominator * 60)
    assert reached == ("đã đạt" in share.verdict)


def test_nothing_to_count_is_no_figure_and_not_nought() -> None:
    assert ShareWords(0, 0, TARGET).percent == "chưa có số liệu"
    assert ShareWords(0, 0, TARGET).verdict == ""


def test_a_small_target_keeps_its_decimals() -> None:
    assert percent_of(Bound(67, 10000)) == "0,67%"
    assert range_words(TARGET) == "60–70%"


def test_thousands_are_grouped_the_readers_way() -> None:
    assert whole(1234567) == "1.234.567"
    with override("en"):
        assert whole(1234567) == "1,234,567"


@given(st.integers(0, 500), st.integers(0, 500))
def test_a_bar_stays_within_its_scale(numerator: int, more: int) -> None:
    picture = share_bar(ShareWords(numerator, numerator + more, TARGET))
    assert "style=" not in picture
    assert 'width="-' not in picture


def test_a_trend_draws_a_dot_for_each_day_that_has_figures() -> None:
    line = TrendLine("x", [(1, 2), None, (0, 0), (2, 2)])
    picture = trend(title="t", labels=["a", "b", "c", "d"], lines=[line], band=(600, 700))
    assert picture.count("<circle") == 2


def test_a_name_with_angle_brackets_is_escaped_in_a_picture() -> None:
    line = TrendLine("<script>", [(1, 2)])
    assert "<script>" not in trend(title="t", labels=["a"], lines=[line], band=None)


@given(st.sampled_from("=+-@\t\r＝＋－＠"), st.text(max_size=20))
def test_no_text_in_a_sheet_begins_like_a_formula(start: str, rest: str) -> None:
    assert str(as_text(start + rest)).startswith("'")


def test_negative_numbers_stay_numbers_in_a_sheet() -> None:
    assert as_text(-5) == -5
