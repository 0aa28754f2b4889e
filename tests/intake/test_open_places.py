"""A commune that one file names and another leaves blank: one cooperative or two, as people say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from linkage.intake import services
from linkage.intake.models import ImportBatch
from linkage.registry.models import CommuneFact, Organisation
from tests.intake.workbooks import (
    CODES,
    NOW,
    applied,
    codes,
    coop,
    decide,
    firm,
    link,
    previewed,
    uploaded,
    workbook,
)

pytestmark = pytest.mark.usefixtures("reference")
PLACES = (None, "Xã Trên Trời")


def taken_in(batch: int) -> dict[str, Any]:
    services.preview(batch_id=batch, now=NOW)
    return services.apply_batch(batch_id=batch, now=NOW)


def names() -> list[str]:
    return list(Organisation.objects.filter(merged_into=None).values_list("name", flat=True))


# --- Across files -------------------------------------------------------------------------------
@pytest.mark.parametrize("open_place", PLACES)
@pytest.mark.parametrize("first_is_open", [True, False])
def test_another_file_does_not_double_it_in_silence(
    book: Path, open_place: str | None, first_is_open: bool
) -> None:
    places = [open_place, "Xã Vĩnh Bảo"]
    before, after = places if first_is_open else reversed(places)
    applied(workbook(book, [coop(commune=before)], [firm()], [link()]))
    report = applied(workbook(book, [coop(commune=after)], [firm()], [link()]))
    (pair,) = report["likely_duplicates"]
    assert (pair["row"], pair["held"], pair["why"]) == (6, True, "open_place")
    assert (pair["same_as_row"], pair["same_as_name"]) == (None, "HTX Một")
    assert Organisation.objects.get(pk=pair["same_as_id"]).name == "HTX Một"
    assert sorted(names()) == ["Công ty Hai", "HTX Một"]
    # The contract is the known one's.
    assert report["linkages_accepted"] == 1
    assert "party_name_waits" in codes(report)


def test_said_to_be_one_the_commune_is_filled_in_and_the_word_is_remembered(book: Path) -> None:
    applied(workbook(book, [coop(commune=None)]))
    report = previewed(workbook(book, [coop()]))
    decide(report, "same")
    report = taken_in(report["batch"])
    assert [one["decision"] for one in report["likely_duplicates"]] == ["same"]
    assert (names(), CommuneFact.objects.get().as_written) == (["HTX Một"], "Xã Vĩnh Bảo")
    for commune in ("Xã Vĩnh Bảo", None):
        again = applied(workbook(book, [coop(commune=commune)]))
        assert (names(), again["created"]["organisations"]) == (["HTX Một"], 0)
        assert CommuneFact.objects.get().as_written == "Xã Vĩnh Bảo"


def test_said_to_be_two_both_exist_and_nobody_is_asked_again(book: Path) -> None:
    applied(workbook(book, [coop(commune=None)]))
    report = previewed(workbook(book, [coop()]))
    decide(report, "different")
    taken_in(report["batch"])
    assert names() == ["HTX Một"] * 2
    for commune in ("Xã Vĩnh Bảo", None):
        again = applied(workbook(book, [coop(commune=commune)]))
        assert (len(names()), again["likely_duplicates"]) == (2, [])


def test_a_code_in_one_file_alone_does_not_tell_them_apart(book: Path) -> None:
    applied(workbook(book, [coop(code=CODES[0], commune="Xã An Lão")]))
    report = previewed(workbook(book, [coop(commune=None)]))
    assert [one["held"] for one in report["likely_duplicates"]] == [True]
    other = previewed(workbook(book, [coop(code=CODES[2], commune=None)]))
    assert (other["likely_duplicates"], other["created"]["organisations"]) == ([], 1)


def test_two_communes_that_are_known_are_two_cooperatives(book: Path) -> None:
    applied(workbook(book, [coop(commune="Xã An Lão")]))
    report = applied(workbook(book, [coop()]))
    assert (report["likely_duplicates"], report["created"]["organisations"]) == ([], 1)
    assert previewed(workbook(book, [coop(kind="THT", commune=None)]))["likely_duplicates"] == []


# --- In one file --------------------------------------------------------------------------------
@pytest.mark.parametrize("open_place", PLACES)
@pytest.mark.parametrize("first_is_open", [True, False])
def test_in_one_file_the_second_waits(
    book: Path, open_place: str | None, first_is_open: bool
) -> None:
    rows = [coop(commune=open_place), coop()]
    path = workbook(book, rows if first_is_open else rows[::-1])
    report = previewed(path)
    (pair,) = report["likely_duplicates"]
    assert (pair["row"], pair["same_as_row"], pair["held"]) == (7, 6, True)
    assert report["organisations"]["HTX"] == 1
    decide(report, "same")
    assert taken_in(report["batch"])["organisations"]["HTX"] == 1
    assert CommuneFact.objects.get().commune.name == "Xã Vĩnh Bảo"
    # The word holds for two files as for one.
    for row in rows:
        assert applied(workbook(book, [row]))["created"]["organisations"] == 0


def test_in_one_file_said_to_be_two_both_are_taken(book: Path) -> None:
    path = workbook(book, [coop(commune=None), coop()])
    report = previewed(path)
    decide(report, "different")
    taken_in(report["batch"])
    assert names() == ["HTX Một"] * 2


def test_one_without_a_place_waits_for_a_word_on_each_it_may_be(book: Path) -> None:
    rows = [coop(commune="Xã An Lão"), coop(), coop(commune=None), coop()]
    batch = uploaded(workbook(book, rows))
    report = services.preview(batch_id=batch.pk, now=NOW)
    pairs = {(one["row"], one["same_as_row"]): one for one in report["likely_duplicates"]}
    assert set(pairs) == {(8, 6), (8, 7), (9, 7)}
    decide(report | {"likely_duplicates": [pairs[8, 7]]}, "same")
    report = services.preview(batch_id=batch.pk, now=NOW)
    assert {(one["row"], one["held"]) for one in report["likely_duplicates"]} == {
        (8, False),
        (9, True),
    }
    assert ImportBatch.objects.get(pk=batch.pk).report["organisations"]["HTX"] == 2
