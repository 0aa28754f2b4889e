"""What a clerk needs to see of a row: also where the row was completed by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from linkage.intake import queries, review, services
from linkage.registry.access import OPERATOR
from tests.intake.workbooks import CODES, NOW, codes, coop, firm, link, uploaded, workbook

pytestmark = pytest.mark.usefixtures("reference")
ABSENT = "Công ty Vắng Mặt"


@pytest.mark.parametrize(
    ("blank", "said", "missing"),
    [
        ({"buyer": None, "buyer_code": None}, {"buyer": ABSENT}, (ABSENT, "")),
        (
            {"buyer": None, "buyer_code": None},
            {"buyer": ABSENT, "buyer_tax_code": CODES[3]},
            (ABSENT, CODES[3]),
        ),
        ({"seller": None}, {"seller": "HTX Vắng Mặt"}, ("HTX Vắng Mặt", "")),
    ],
)
def test_the_party_that_lacks_is_the_one_that_was_completed_by_hand(
    book: Path, blank: dict, said: dict, missing: tuple[str, str]
) -> None:
    batch = uploaded(workbook(book, [coop()], [firm()], [link(**blank)]))
    assert codes(services.preview(batch_id=batch.pk, now=NOW), "refused") == ["missing_field"]
    place = {"sheet": "Liên kết", "row": 6}
    services.correct_row(
        actor=OPERATOR, batch_id=batch.pk, version=batch.version, overrides=said, now=NOW, **place
    )
    report = services.preview(batch_id=batch.pk, now=NOW)
    assert codes(report, "refused") == ["party_unknown"]
    found = review.missing_party(batch.pk, **place)
    assert (found["name"], found["tax_code"]) == missing
    refusal = review.refusal_of(queries.get(batch.pk).report, **place)
    assert refusal["field"] in {field.header for field in review.fields_of(batch.rows.get())}


def test_a_row_that_lacks_no_party_names_none(book: Path) -> None:
    batch = uploaded(workbook(book, [coop()], [firm()], [link(number=None)]))
    services.preview(batch_id=batch.pk, now=NOW)
    assert review.missing_party(batch.pk, "Liên kết", 6) == {}
