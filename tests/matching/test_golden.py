"""Matches worked by hand, each number shown."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from linkage.matching import Match, best_needs, best_offers, explain
from tests.matching.posts import DAYS, HACCP, OCOP_3, OCOP_4, TODAY, VIETGAP, columns, need, offer

TONNE = 1_000_000
FAR = DAYS[-1] + timedelta(days=400)


def match(own: Any, wanted: Any) -> Match | None:
    found = best_offers(*columns([own], [wanted]), top=1, today=TODAY)
    return found[0] if len(found) else None


def factor(name: str, own: Any, wanted: Any) -> int:
    found = match(own, wanted)
    assert found is not None
    return found.factors[name]


def test_a_match_worked_by_hand() -> None:
    found = match(
        offer(
            commodity=2,
            quantity=3 * TONNE,
            starts=DAYS[3],
            ends=DAYS[30],
            latitude=20.86,
            confirmed_on=TODAY - timedelta(days=6),
            kept=2,
            broken=1,
            cooperative=True,
            certificates=((VIETGAP, FAR), (OCOP_4, FAR)),
        ),
        need(
            commodity=1,
            quantity=5 * TONNE,
            starts=DAYS[0],
            ends=DAYS[20],
            latitude=20.96,
            max_distance_m=50_000,
            confirmed_on=TODAY,
            certificates=((VIETGAP, None),),
        ),
    )
    assert found is not None
    assert found.factors == {
        "quantity": 6_000,  # 3 of 5 tonnes
        "window": 8_571,  # the 4th to the 21st is 18 days of 21: 180,000 // 21
        "nearness": 7_776,  # 0.1 degrees of a meridian: 11,119.51 m; 10,000 - 111,200,000 // 50,000
        "commodity": 8_000,  # leaves where vegetables are asked for
        "certificates": 7_500,  # OCOP 4 beyond VietGAP
        "freshness": 9_000,  # the older of the two is 6 days old: 10,000 - 60,000 // 60
        "standing": 5_000,  # 10,000 x 5 // 8 = 6,250 and 10,000 x 1 // 2 = 5,000: the lower
        "preference": 10_000,  # the seller is an HTX without a verified linkage
    }
    # 12,000,000 + 12,856,500 + 11,664,000 + 8,000,000 + 3,750,000 + 4,500,000 + 5,000,000
    # + 20,000,000 = 77,770,500
    assert found.score == 7_777
    assert explain(found, "vi") == (
        "cách 11,1 km; khớp 18 trong 21 ngày; đủ 3 trong 5 tấn; "
        "mặt hàng cụ thể hơn yêu cầu 1 bậc; thêm 1 chứng nhận ngoài yêu cầu; "
        "xác nhận 6 ngày trước; ưu tiên HTX chưa có liên kết được xác minh"
    )


def test_a_plain_pair_of_twins_scores_what_is_neutral() -> None:
    """Five full factors would be 10,000; freshness, standing, preference, certificates are half."""
    found = match(offer(), need())
    # 2,000 + 1,500 + 1,500 + 1,000 + 250 + 250 + 500 + 1,000
    assert found is not None
    assert found.score == 8_000


def test_windows_that_touch_share_one_day() -> None:
    own, wanted = offer(starts=DAYS[0], ends=DAYS[9]), need(starts=DAYS[9], ends=DAYS[18])
    assert factor("window", own, wanted) == 1_000
    assert match(own, need(starts=DAYS[10], ends=DAYS[18])) is None


def test_a_certificate_is_good_on_its_last_day_and_cuts_the_window_after_it() -> None:
    wanted = need(starts=DAYS[0], ends=DAYS[9], certificates=((VIETGAP, None),))
    own = offer(certificates=((VIETGAP, DAYS[4]),))
    assert factor("window", own, wanted) == 5_000
    assert factor("window", offer(certificates=((VIETGAP, DAYS[0]),)), wanted) == 1_000
    assert match(offer(certificates=((VIETGAP, DAYS[0] - timedelta(days=1)),)), wanted) is None


def test_a_renewed_certificate_counts_to_its_later_day_whichever_stands_first() -> None:
    wanted = need(starts=DAYS[0], ends=DAYS[9], certificates=((VIETGAP, None),))
    for days in ((DAYS[2], DAYS[7]), (DAYS[7], DAYS[2])):
        own = offer(certificates=tuple((VIETGAP, day) for day in days))
        assert factor("window", own, wanted) == 8_000
        assert factor("certificates", own, wanted) == 5_000


@pytest.mark.parametrize(
    ("held", "asked", "stands"),
    [
        (OCOP_4, OCOP_3, True),
        (OCOP_3, OCOP_4, False),
        (OCOP_3, OCOP_3, True),
        (VIETGAP, HACCP, False),
    ],
)
def test_more_stars_stand_for_fewer_and_nothing_else_for_anything(
    held: int, asked: int, stands: bool
) -> None:
    own, wanted = offer(certificates=((held, FAR),)), need(certificates=((asked, None),))
    assert (match(own, wanted) is not None) == stands


def test_a_certificate_without_an_end_date_is_not_held() -> None:
    own = offer(certificates=((VIETGAP, None),))
    assert match(own, need(certificates=((VIETGAP, None),))) is None
    assert factor("certificates", own, need()) == 5_000


def test_extra_certificates_count_on_the_first_day_of_the_delivery_window() -> None:
    own = offer(certificates=((VIETGAP, DAYS[5]), (HACCP, DAYS[4])))
    assert factor("certificates", own, need(starts=DAYS[4])) == 10_000
    assert factor("certificates", own, need(starts=DAYS[5])) == 7_500
    assert factor("certificates", own, need(starts=DAYS[6])) == 5_000


def test_a_rate_is_a_total_over_the_delivery_window_rounded_down() -> None:
    """100 g a week over the 10 common days: 1,000 // 7 = 142 g, of 568 g: 1,420,000 // 568."""
    own = offer(quantity=100, per="week", starts=DAYS[0], ends=DAYS[9])
    wanted = need(quantity=568, starts=DAYS[0], ends=DAYS[19])
    assert factor("quantity", own, wanted) == 2_500
    # The need's own rate is cut to the same 10 days: 142 of 10 x 30 g.
    daily = need(quantity=30, per="day", starts=DAYS[0], ends=DAYS[19])
    assert factor("quantity", own, daily) == 4_733
    # A month is 30 days: 90 g a month are 30 g in 10 days.
    assert factor("quantity", own, need(quantity=852, per="month", ends=DAYS[19])) == 5_000


def test_a_need_that_rounds_down_to_nothing_is_covered() -> None:
    own, wanted = offer(ends=DAYS[0]), need(quantity=1, per="month")
    assert factor("quantity", own, wanted) == 10_000


def test_too_small_a_quantity_lowers_the_score_and_excludes_nobody() -> None:
    assert factor("quantity", offer(quantity=1), need(quantity=10**9)) == 0


def test_quantities_measured_differently_are_not_compared() -> None:
    own, wanted = offer(measure=2, price_limit=5), need(measure=0)
    assert factor("quantity", own, wanted) == 0
    assert match(own, need(measure=0, price_limit=10)) is None


def test_the_distance_is_compared_with_both_maxima_in_whole_metres() -> None:
    """0.1 degrees of a meridian are 11,119.51 m, which is 11,120 m."""
    there = need(latitude=20.96)
    assert match(offer(max_distance_m=11_120), there) is not None
    assert match(offer(max_distance_m=11_119), there) is None
    assert match(offer(), need(latitude=20.96, max_distance_m=11_119)) is None
    # At the need's own maximum nothing is left; the offer's maximum measures nothing.
    assert factor("nearness", offer(), need(latitude=20.96, max_distance_m=11_120)) == 0
    assert factor("nearness", offer(max_distance_m=12_000), there) == 8_888


def test_a_maximum_of_nought_is_the_same_place() -> None:
    assert factor("nearness", offer(), need(max_distance_m=0)) == 10_000
    assert match(offer(latitude=20.861), need(max_distance_m=0)) is None


def test_standing_and_preference_of_either_side() -> None:
    assert factor("standing", offer(kept=3), need(broken=1)) == 2_500
    linked = {"cooperative": True, "verified": True}
    assert factor("preference", offer(**linked), need()) == 0
    assert factor("preference", offer(**linked), need(cooperative=True)) == 10_000
    assert factor("preference", offer(), need(verified=True)) == 5_000


def test_the_other_side_sees_the_same_scores_ordered_for_itself() -> None:
    """One offer, three needs: the fullest first, of equals the one with the smaller id."""
    needs = [need(9), need(4), need(2, quantity=2 * TONNE)]
    found = best_needs(*columns([offer()], needs), top=2)
    assert [(row.need, row.offer, row.score) for row in found] == [(4, 1, 8_000), (9, 1, 8_000)]
    assert found.need_row.tolist() == [1, 0]
