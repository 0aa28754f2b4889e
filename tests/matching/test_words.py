"""Reasons in Vietnamese and English, with numbers, and nothing of a sealed limit."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from linkage.matching import FACTORS, best_offers, explain, reasons
from linkage.matching.words import LANGUAGES
from tests.matching.posts import DAYS, HACCP, TODAY, columns, need, offer

TONNE = 1_000_000


def said(name: str, own: Any, wanted: Any) -> tuple[str, str]:
    found = best_offers(*columns([own], [wanted]), top=1, today=TODAY)[0]
    return reasons(found, "vi")[name], reasons(found, "en")[name]


def test_the_reasons_of_a_pair_that_knows_little() -> None:
    found = best_offers(*columns([offer(quantity=3 * TONNE)], [need(quantity=5 * TONNE)]), top=1)
    assert explain(found[0], "vi") == (
        "cùng xã/phường; khớp cả 21 ngày; đủ 3 trong 5 tấn; đúng mặt hàng"
    )
    assert explain(found[0], "en") == (
        "in the same commune; every day fits (21); 3 of 5 tonnes covered; the very commodity"
    )


@pytest.mark.parametrize(
    ("offered", "needed", "words"),
    [
        (3 * TONNE, 5 * TONNE, ("đủ 3 trong 5 tấn", "3 of 5 tonnes covered")),
        (
            1_234_500_000,
            2_000 * TONNE,
            ("đủ 1.234,5 trong 2.000 tấn", "1,234.5 of 2,000 tonnes covered"),
        ),
        (4_999_999, 5 * TONNE, ("đủ 4,999 trong 5 tấn", "4.999 of 5 tonnes covered")),
        (6 * TONNE, 5 * TONNE, ("đủ cả 5 tấn", "all of 5 tonnes covered")),
        (250, 1_500, ("đủ 0,25 trong 1,5 kg", "0.25 of 1.5 kg covered")),
        (250, 500, ("đủ 250 trong 500 g", "250 of 500 g covered")),
    ],
)
def test_quantities_are_told_in_the_unit_of_the_need_and_never_rounded_up(
    offered: int, needed: int, words: tuple[str, str]
) -> None:
    assert said("quantity", offer(quantity=offered), need(quantity=needed)) == words


def test_pieces_and_litres() -> None:
    pieces = {"measure": 2, "quantity": 40_000}
    assert said("quantity", offer(**pieces), need(**pieces))[0] == "đủ cả 40.000 đơn vị"
    litres = {"measure": 1, "quantity": 500_000}
    assert said("quantity", offer(**litres), need(**litres))[0] == "đủ cả 500 lít"
    unlike = said("quantity", offer(**pieces), need(**litres))
    assert unlike[0] == "khác đơn vị đo, chưa so được số lượng"


def test_age_certificates_and_standing() -> None:
    month_ago = TODAY - timedelta(days=30)
    own = offer(confirmed_on=month_ago, kept=3, certificates=((HACCP, DAYS[9]),))
    wanted = need(confirmed_on=TODAY, kept=3)
    assert said("freshness", own, wanted)[0] == "xác nhận 30 ngày trước"
    assert said("certificates", own, wanted)[0] == "thêm 1 chứng nhận ngoài yêu cầu"
    assert said("standing", own, wanted)[0] == "mức giữ cam kết giao hàng 87%"
    assert "30 ngày trước" in explain(
        best_offers(*columns([own], [wanted]), top=1, today=TODAY)[0], "vi"
    )
    assert said("freshness", offer(confirmed_on=TODAY), wanted)[0] == "vừa xác nhận hôm nay"


def test_every_factor_has_words_in_both_languages_that_differ() -> None:
    found = best_offers(*columns([offer()], [need()]), top=1)[0]
    vietnamese, english = (reasons(found, language) for language in LANGUAGES)
    assert set(vietnamese) == set(english) == set(FACTORS)
    assert all(vietnamese[name] != english[name] for name in FACTORS)


def test_no_word_depends_on_a_limit() -> None:
    """Whatever the floors and ceilings are, set or not, the words of a match are the same."""
    limits = [(None, None), (None, 7_000), (5_000, None), (5_000, 7_000), (7_000, 7_000)]
    told = {
        (explain(found, "vi"), *reasons(found, "vi").values(), *reasons(found, "en").values())
        for floor, ceiling in limits
        for found in best_offers(
            *columns([offer(price_limit=floor)], [need(price_limit=ceiling)]), top=1
        )
    }
    assert len(told) == 1
    assert not any("giá" in words or "price" in words for words in next(iter(told)))


def test_an_unknown_language_is_refused() -> None:
    found = best_offers(*columns([offer()], [need()]), top=1)[0]
    with pytest.raises(KeyError):
        explain(found, "fr")
