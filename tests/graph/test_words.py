"""The graph's findings in both languages, whole and without a hole."""

from __future__ import annotations

import pytest

from linkage.graph import words
from linkage.graph.changes import Changes
from linkage.graph.dependence import BUYERS_GONE, SELLS_TO_NOBODY, Dependence
from linkage.graph.structure import NEARNESS, StructureSuggestion
from linkage.graph.tables import STAGES

NAMES = {"counterpart": "Công ty A", "commodity": "tỏi", "place": "Vĩnh Bảo"}


def suggestion(role: str = "buyer", near: str = "commune", peers: int = 1) -> StructureSuggestion:
    return StructureSuggestion(1, role, 9, "garlic", near, None, tuple(range(2, 2 + peers)))


def test_both_languages_have_the_same_keys() -> None:
    assert words._WORDS["vi"].keys() == words._WORDS["en"].keys()
    assert words._STAGES["vi"].keys() == words._STAGES["en"].keys() == set(STAGES)


@pytest.mark.parametrize("language", words.LANGUAGES)
@pytest.mark.parametrize("near", NEARNESS)
@pytest.mark.parametrize("role", ["buyer", "seller"])
def test_every_reason_names_who_and_what(language: str, near: str, role: str) -> None:
    said = words.explain(suggestion(role, near, 1_234), language, peers=[], **NAMES)
    assert "Công ty A" in said and "tỏi" in said
    assert ("Vĩnh Bảo" in said) == (near != "anywhere")
    assert ("1.234" if language == "vi" else "1,234") in said
    assert "%" not in said


def test_a_buyer_and_a_seller_are_two_reasons() -> None:
    assert words.explain(suggestion("buyer"), "vi", peers=[], **NAMES) == (
        "1 đơn vị ở Vĩnh Bảo cùng bán tỏi đang bán cho Công ty A"
    )
    assert words.explain(suggestion("seller"), "vi", peers=[], **NAMES) == (
        "1 đơn vị ở Vĩnh Bảo cùng mua tỏi đang mua của Công ty A"
    )


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_to_whom_no_peer_is_named_their_number_is_not_told(language: str) -> None:
    said = {words.explain(suggestion(peers=peers), language, **NAMES) for peers in (3, 4, 50)}
    assert len(said) == 1
    assert not any(sign.isdecimal() for sign in said.pop())


def test_three_peers_are_named_and_the_rest_counted() -> None:
    names = ["HTX B", "HTX C", "HTX D", "HTX E"]
    assert words.explain(suggestion(peers=5), "vi", peers=names, **NAMES).endswith(
        ": HTX B, HTX C, HTX D và 2 đơn vị khác"
    )
    assert words.explain(suggestion(peers=3), "vi", peers=names[:3], **NAMES).endswith(
        ": HTX B, HTX C, HTX D"
    )


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_dead_ends_have_words(language: str) -> None:
    said = {words.dead_end_words(reason, language) for reason in (SELLS_TO_NOBODY, BUYERS_GONE)}
    assert len(said) == 2


def test_dependence_says_all_a_share_or_a_count() -> None:
    def said(part: int, whole: int, by: str, buyers: int) -> str:
        one = Dependence(1, "garlic", 9, part, whole, by, buyers)
        return words.dependence_words(one, "vi", commodity="tỏi", buyer="Công ty A")

    assert said(5, 5, "quantity", 1) == said(2, 2, "count", 1)
    assert said(5, 5, "quantity", 1) == "bán toàn bộ tỏi cho một bên mua: Công ty A"
    assert said(1_999, 2_000, "quantity", 2) == "bán 99% sản lượng tỏi cho Công ty A"
    assert said(1, 2, "count", 2) == "1 trong 2 liên kết bán tỏi là với Công ty A"


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_changes_have_all_five_counts(language: str) -> None:
    one = Changes((1,), (1, 2), (1, 2, 3), (1, 2, 3, 4), dict.fromkeys(range(5), ("a", "b")))
    said = words.change_words(one, language)
    assert [char for char in said if char.isdigit()] == list("12345")


def test_a_language_is_one_of_the_two() -> None:
    with pytest.raises(KeyError):
        words.stage_words("inputs", "fr")
