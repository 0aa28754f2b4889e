"""Rows that look alike: held back until decided, told apart by a person, counted as it is said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from linkage.agreements.models import Linkage
from linkage.errors import Invalid
from linkage.intake import queries, services
from linkage.intake.models import ImportBatch, ImportRow, PairDecision
from linkage.registry.access import OPERATOR
from linkage.registry.models import Organisation
from tests.intake.workbooks import (
    CODES,
    NOW,
    applied,
    codes,
    coop,
    firm,
    link,
    previewed,
    uploaded,
    workbook,
)

pytestmark = pytest.mark.usefixtures("reference")


def decide(pair: dict[str, Any], verdict: str) -> None:
    services.decide_pair(
        actor=OPERATOR,
        batch_id=ImportBatch.objects.exclude(state="applied").latest("pk").pk,
        first_key=pair["first_key"],
        second_key=pair["second_key"],
        verdict=verdict,
        now=NOW,
    )


def preview(batch: ImportBatch) -> dict[str, Any]:
    return services.preview(batch_id=batch.pk, now=NOW)


def choose(batch: ImportBatch, field: str, value: str) -> None:
    services.correct_row(
        actor=OPERATOR,
        batch_id=batch.pk,
        version=queries.get(batch.pk).version,
        sheet="Liên kết",
        row=6,
        overrides={field: value},
        now=NOW,
    )


def twins(book: Path) -> Path:
    return workbook(book, [coop(), coop()], [firm()], [link()])


# --- From the preview to the register -----------------------------------------------------------
def test_twins_without_a_code_are_decided_repaired_and_applied(book: Path) -> None:
    batch = uploaded(twins(book))
    report = preview(batch)
    (pair,) = report["likely_duplicates"]
    assert (pair["row"], pair["same_as_row"], pair["held"]) == (7, 6, True)
    assert report["organisations"]["HTX"] == 1
    assert (codes(report), report["linkages_accepted"]) == (["party_name_waits"], 1)

    decide(pair, "different")
    report = preview(batch)
    assert report["organisations"]["HTX"] == 2
    assert [one["held"] for one in report["likely_duplicates"]] == [False]
    assert (codes(report, "refused"), report["linkages_accepted"]) == (["party_ambiguous"], 0)
    offered = ImportRow.objects.get().raw["seller_is"]["choices"]
    assert [one["value"] for one in offered] == ["HTX!6", "HTX!7"]
    assert [(one["commune"], one["sheet"], one["row"]) for one in offered] == [
        ("Xã Vĩnh Bảo", "HTX", 6),
        ("Xã Vĩnh Bảo", "HTX", 7),
    ]

    choose(batch, "seller_is", "HTX!7")
    report = preview(batch)
    assert (report["refused"], codes(report)) == ([], ["corrected_by_hand"])
    assert report["linkages_accepted"] == 1

    done = services.apply_batch(batch_id=batch.pk, now=NOW)
    assert done["created"] == {"organisations": 3, "linkages": 1}
    first, second = Organisation.objects.filter(name="HTX Một").order_by("id")
    assert Linkage.objects.get().seller == second
    assert first.tax_code is second.tax_code is None


def test_an_undecided_twin_is_not_written(book: Path) -> None:
    report = applied(twins(book))
    assert report["created"] == {"organisations": 2, "linkages": 1}
    assert Organisation.objects.filter(name="HTX Một").count() == 1


def test_a_choice_that_means_nobody_stays_ambiguous(book: Path) -> None:
    batch = uploaded(twins(book))
    decide(preview(batch)["likely_duplicates"][0], "different")
    preview(batch)
    choose(batch, "seller_is", "HTX!99")
    assert codes(preview(batch), "refused") == ["party_ambiguous"]
    choose(batch, "seller_is", "HTX!6")
    assert preview(batch)["refused"] == []


def test_both_sides_chosen_as_one_link_nobody(book: Path) -> None:
    rows = [coop(), coop()]
    batch = uploaded(workbook(book, rows, [], [link(buyer="HTX Một", buyer_code=None)]))
    decide(preview(batch)["likely_duplicates"][0], "different")
    assert codes(preview(batch), "refused") == ["party_ambiguous"]
    for side in ("seller_is", "buyer_is"):
        choose(batch, side, "HTX!7")
    assert codes(preview(batch), "refused") == ["self_link"]
    choose(batch, "seller_is", "HTX!6")
    assert preview(batch)["refused"] == []


def test_one_that_only_the_register_has_can_be_chosen(book: Path) -> None:
    applied(workbook(book, [coop(), coop(commune="Xã An Lão")]))
    other = Organisation.objects.order_by("id").last()
    batch = uploaded(workbook(book, [coop()], [firm()], [link()]))
    assert codes(preview(batch), "refused") == ["party_ambiguous"]
    offered = ImportRow.objects.get().raw["seller_is"]["choices"]
    assert {one["value"]: one["id"] for one in offered} == {
        "HTX!6": None,
        f"#{other.pk}": other.pk,
    }
    choose(batch, "seller_is", f"#{other.pk}")
    preview(batch)
    services.apply_batch(batch_id=batch.pk, now=NOW)
    assert Linkage.objects.get().seller == other


def test_a_row_that_is_not_ambiguous_offers_no_choice(book: Path) -> None:
    batch = uploaded(workbook(book, [coop()], [firm()], [link(starts="31/02/2024")]))
    preview(batch)
    assert "seller_is" not in ImportRow.objects.get().raw
    with pytest.raises(Invalid):
        choose(batch, "seller_is", "HTX!6")


def test_a_row_corrected_for_another_reason_then_offers_its_choice(book: Path) -> None:
    batch = uploaded(workbook(book, [coop(), coop()], [firm()], [link(starts="31/02/2024")]))
    decide(preview(batch)["likely_duplicates"][0], "different")
    choose(batch, "starts", "28/02/2024")
    assert codes(preview(batch), "refused") == ["party_ambiguous"]
    choose(batch, "seller_is", "HTX!6")
    assert preview(batch)["refused"] == []


# --- Several of one key -------------------------------------------------------------------------
def test_a_third_row_is_asked_about_and_never_lost(book: Path) -> None:
    path = workbook(book, [coop(), coop(), coop()])
    report = previewed(path)
    assert [(p["row"], p["held"]) for p in report["likely_duplicates"]] == [(7, True), (8, True)]
    decide(report["likely_duplicates"][0], "different")
    report = previewed(path)
    assert report["organisations"]["HTX"] == 2
    undecided = [p for p in report["likely_duplicates"] if p["decision"] is None]
    assert {(p["row"], p["same_as_row"]) for p in undecided} == {(8, 6), (8, 7)}
    for pair in undecided:
        decide(pair, "different")
    assert applied(path)["created"]["organisations"] == 3
    assert applied(path)["unchanged"]["organisations"] == 3


def test_a_third_row_may_be_the_second_one(book: Path) -> None:
    rows = [coop(), coop(founded="1/1/2020"), coop(founded="1/1/2020", members=9)]
    path = workbook(book, rows)
    decide(previewed(path)["likely_duplicates"][0], "different")
    pair = next(p for p in previewed(path)["likely_duplicates"] if p["same_as_row"] == 7)
    decide(pair, "same")
    report = applied(path)
    assert report["created"]["organisations"] == 2
    assert set(Organisation.objects.values_list("founded_on__year", "members")) == {
        (2015, None),
        (2020, 9),
    }


def test_the_same_code_name_and_facts_again_are_a_certain_duplicate_of_the_second(
    book: Path,
) -> None:
    rows = [coop(code=CODES[0]), *[coop("HTX Hai", code=CODES[0])] * 2]
    path = workbook(book, rows)
    decide(previewed(path)["likely_duplicates"][0], "different")
    report = applied(path)
    assert [(d["row"], d["same_as_row"]) for d in report["duplicates"]] == [(8, 7)]
    assert report["organisations"]["HTX"] == 2


def test_two_that_were_said_to_differ_are_not_asked_about_again(book: Path) -> None:
    same_phone = {"phone": "0976604557"}
    for rows in (
        [coop(**same_phone), coop(founded="1/1/2020", **same_phone)],
        [coop(code=CODES[0]), coop(code=CODES[0], founded="1/1/2020")],
    ):
        path = workbook(book, rows)
        decide(previewed(path)["likely_duplicates"][0], "different")
        assert [p["decision"] for p in previewed(path)["likely_duplicates"]] == ["different"]


def test_a_word_that_was_taken_back_makes_one_of_the_two(book: Path) -> None:
    path = workbook(book, [coop(), coop(founded="1/1/2020")])
    (pair,) = previewed(path)["likely_duplicates"]
    decide(pair, "different")
    assert applied(path)["created"]["organisations"] == 2
    decide(pair, "same")
    assert applied(path)["organisations"]["HTX"] == 1
    assert Organisation.objects.filter(merged_into=None).count() == 1
    assert PairDecision.objects.count() == 1


@pytest.mark.parametrize("swapped", [False, True])
def test_a_newer_file_changes_the_twin_that_it_tells_of(book: Path, swapped: bool) -> None:
    one, other = coop(members=5), coop(founded="1/1/2020", members=6)
    path = workbook(book, [one, other])
    decide(previewed(path)["likely_duplicates"][0], "different")
    applied(path)
    rows = [one, other | {"Số thành viên": 7}]
    report = applied(workbook(book, rows[::-1] if swapped else rows))
    assert report["created"]["organisations"] == 0
    assert report["updated"]["organisations"] == 1
    assert set(Organisation.objects.values_list("founded_on__year", "members")) == {
        (2015, 5),
        (2020, 7),
    }


def test_a_twin_whose_own_facts_changed_is_still_that_twin(book: Path) -> None:
    path = workbook(book, [coop(), coop(founded="1/1/2020")])
    decide(previewed(path)["likely_duplicates"][0], "different")
    applied(path)
    changed = coop(founded="1/1/2020", status="Giải thể", changed="1/6/2025")
    path = workbook(book, [coop(), changed])
    decide(previewed(path)["likely_duplicates"][0], "different")
    report = applied(path)
    assert (report["created"]["organisations"], report["updated"]["organisations"]) == (0, 1)
    assert Organisation.objects.count() == 2


# --- Contracts ----------------------------------------------------------------------------------
def test_a_contract_with_and_without_an_end_waits_for_a_person(book: Path) -> None:
    for ends in (("31/12/2026", None), (None, "31/12/2026")):
        path = workbook(book, [coop()], [firm()], [link(ends=day) for day in ends])
        report = previewed(path)
        assert report["duplicates"] == []
        assert [(p["row"], p["why"], p["held"]) for p in report["likely_duplicates"]] == [
            (7, "contract", True)
        ]
        assert report["linkages_accepted"] == 1


def test_said_to_be_one_the_end_is_filled(book: Path) -> None:
    path = workbook(book, [coop()], [firm()], [link(ends=None), link()])
    decide(previewed(path)["likely_duplicates"][0], "same")
    applied(path)
    assert str(Linkage.objects.get().ends) == "2026-12-31"
    assert applied(path)["unchanged"]["linkages"] == 1


def test_an_end_in_a_newer_file_is_an_update_and_none_waits(book: Path) -> None:
    applied(workbook(book, [coop()], [firm()], [link(ends=None)]))
    report = applied(workbook(book, [coop()], [firm()], [link()]))
    assert (report["updated"]["linkages"], report["likely_duplicates"]) == (1, [])
    assert str(Linkage.objects.get().ends) == "2026-12-31"


def test_a_word_about_one_contract_says_nothing_of_another_of_its_number(book: Path) -> None:
    coops = [coop(), coop("HTX Hai")]
    links = [link(ends=None), link(), link(seller="HTX Hai", ends=None), link(seller="HTX Hai")]
    path = workbook(book, coops, [firm()], links)
    decide(previewed(path)["likely_duplicates"][0], "same")
    pairs = previewed(path)["likely_duplicates"]
    assert [(p["row"], p["decision"]) for p in pairs] == [(7, "same"), (9, None)]


def test_a_second_contract_of_one_number_is_held_back_even_if_it_is_another(book: Path) -> None:
    path = workbook(book, [coop()], [firm()], [link(), link(ends="1/1/2030")])
    decide(previewed(path)["likely_duplicates"][0], "different")
    report = applied(path)
    assert [(p["held"], p["decision"]) for p in report["likely_duplicates"]] == [
        (True, "different")
    ]
    assert (report["linkages_accepted"], Linkage.objects.count()) == (1, 1)
