"""An import's report on the page: no code and no ISO day is left, in either language."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.utils import translation

from linkage.intake import sentences
from linkage.intake.planning import findings
from linkage.intake.planning.corrections import PROOFS, RULES
from web import reportwords
from web.reports import view_of

REFUSALS = {
    *findings.ORGANISATION_REFUSALS,
    *findings.LINKAGE_REFUSALS,
    *findings.HISTORY_REFUSALS,
}


@pytest.mark.parametrize("code", sorted({*sentences.WORDS, *REFUSALS, *RULES, "contract", "phone"}))
def test_every_code_of_a_report_has_words_in_both_languages(code: str) -> None:
    with translation.override("en"):
        english = reportwords.words_of(code)
    with translation.override("vi"):
        vietnamese = reportwords.words_of(code)
    assert english not in (code, code.replace("_", " "))
    assert english != vietnamese


@pytest.mark.parametrize("proof", sorted({*PROOFS.values(), "length"}))
def test_every_proof_has_words_in_both_languages(proof: str) -> None:
    with translation.override("en"):
        english = reportwords.proof_words(proof)
    with translation.override("vi"):
        vietnamese = reportwords.proof_words(proof)
    assert proof not in (english, vietnamese)
    assert english != vietnamese


PAIR = {"sheet": "HTX", "why": "name", "first_key": "a", "second_key": "b"}


def test_no_words_are_kept_for_codes_that_nobody_gives() -> None:
    spoken = {*sentences.WORDS, *REFUSALS, *RULES}
    assert {*reportwords._REFUSALS, *reportwords._WARNINGS, *reportwords._RULES} <= spoken
    assert set(reportwords.PROOFS) == {*PROOFS.values(), "length"}


def correction(before: Any, after: Any, rule: str, proof: str = "Vietnamese date") -> dict:
    place = {"sheet": "HTX", "row": 6, "field": "Ngày thành lập"}
    return place | {"before": before, "after": after, "rule": rule, "proof": proof}


def test_days_print_as_people_write_them_and_before_is_as_the_file_has_it() -> None:
    report = {
        "corrections": [
            correction(43692, "2019-08-15", "day_number", "day number of Excel"),
            correction("2018-07-19", "2018-07-19", "year_month_day", "year first"),
        ],
        "conflicts": [
            {"field": "ends", "ours": "2025-12-31", "file": None, "name": "x", "is_day": True},
            {"field": "contract_number", "ours": "2025-12-31", "file": "09/HĐ", "name": "x"},
        ],
    }
    with translation.override("vi"):
        shown = view_of(report)
    entries = [entry for group in shown.corrections for entry in group.entries]
    assert [(e["before"], e["after"]) for e in entries] == [
        ("43692", "15/08/2019"),
        ("2018-07-19", "19/07/2018"),
    ]
    assert [e["proof"] for e in entries] == [
        "số thứ tự ngày của Excel trong cột ngày",
        "năm đứng đầu nên tiếp theo là tháng",
    ]
    conflict, number = shown.conflicts.entries
    assert (conflict["ours"], conflict["file"]) == ("31/12/2025", "")
    assert conflict["field"] == "Hiệu lực đến"
    assert number["ours"] == "2025-12-31"
    assert not re.search(r"\d{4}-", str([e["after"] for e in entries]))
    assert report["corrections"][0]["after"] == "2019-08-15"


def test_digits_that_are_no_day_stay() -> None:
    with translation.override("vi"):
        (group,) = view_of({"corrections": [correction("x", "2018-12-15", "clean")]}).corrections
    assert group.entries[0]["after"] == "2018-12-15"


@pytest.mark.parametrize(
    ("pair", "words"),
    [
        ({"held": True, "decision": None}, "chưa tính và chưa ghi"),
        ({"held": False, "decision": None}, "là hai đơn vị cho tới khi"),
        ({"held": False, "decision": "same"}, "gộp làm một"),
        ({"held": False, "decision": "different"}, "là hai đơn vị"),
        ({"held": True, "decision": "different", "why": "contract"}, "số hợp đồng riêng"),
    ],
)
def test_of_two_alike_it_is_said_what_becomes_of_the_second(pair: dict, words: str) -> None:
    with translation.override("vi"):
        shown = view_of({"likely_duplicates": [{**PAIR, "row": 7} | pair]})
    assert words in shown.likely_duplicates.entries[0]["standing"]


def test_rows_held_back_are_counted_once_each_beside_those_refused() -> None:
    pairs = [
        {**PAIR, "row": row, "held": held}
        for row, held in ((7, True), (8, True), (8, True), (9, False))
    ]
    with translation.override("vi"):
        shown = view_of({"linkages_accepted": 1, "refused": [], "likely_duplicates": pairs})
    assert [(t.label, t.count) for t in shown.tallies][-2] == ("Dòng để lại chờ quyết định", 2)
