"""Rows of linkages: reasons to refuse in their order, doubts, repeated rows, newer files."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from linkage.agreements.models import Linkage
from tests.intake.workbooks import CODES, applied, codes, coop, firm, link, workbook
from tests.intake.workbooks import previewed as preview_of

pytestmark = pytest.mark.usefixtures("reference")

# Two of one name with codes, one without a code, one firm.
COOPS = [
    coop(code=CODES[0]),
    coop("HTX Đôi", code=CODES[2]),
    coop("HTX Đôi", code=CODES[3], commune="Xã An Lão"),
    coop("HTX Không Mã"),
]
FIRMS = [firm(), firm("Chi nhánh Hai", f"{CODES[1]}-001"), firm("Công ty Ba", CODES[4])]


def previewed(book: Path, *links: dict[str, Any]) -> dict[str, Any]:
    return preview_of(workbook(book, COOPS, FIRMS, list(links)))


@pytest.mark.parametrize(
    ("cells", "code", "field"),
    [
        ({"seller": None}, "missing_field", "Bên bán"),
        ({"buyer": None, "buyer_code": None}, "missing_field", "Bên mua"),
        ({"number": None}, "missing_field", "Số hợp đồng"),
        ({"starts": None, "ends": "31/02/2025"}, "missing_field", "Hiệu lực từ"),
        ({"starts": "31/4/2024", "buyer_code": "1"}, "no_such_date", "Hiệu lực từ"),
        ({"ends": "06/25/2025"}, "no_such_date", "Hiệu lực đến"),
        ({"terminated": "hôm qua"}, "no_such_date", "Ngày chấm dứt"),
        ({"checked": "31/02/2025"}, "no_such_date", "Ngày kiểm tra"),
        ({"buyer_code": "0200000001", "ends": "1/1/2020"}, "tax_code_invalid", "MST bên mua"),
        ({"ends": "31/01/2024", "buyer": "HTX Một"}, "ends_before_starts", "Hiệu lực đến"),
        ({"buyer": "HTX Một", "buyer_code": None}, "self_link", "Bên mua"),
        ({"buyer": "Ai Đó", "buyer_code": CODES[0]}, "self_link", "MST bên mua"),
        ({"seller": "Chi nhánh Hai"}, "self_link", "MST bên mua"),
        ({"buyer": "Lạ", "buyer_code": None, "seller": "HTX Đôi"}, "party_unknown", "Bên mua"),
        ({"buyer": "Lạ", "buyer_code": CODES[5]}, "party_unknown", "MST bên mua"),
        ({"seller": "HTX Đôi"}, "party_ambiguous", "Bên bán"),
        ({"buyer": "Công ty Ba"}, "party_ambiguous", "Bên mua"),
        ({"buyer_code": CODES[5]}, "party_ambiguous", "MST bên mua"),
    ],
)
def test_a_row_is_refused_for_the_first_reason(
    book: Path, cells: dict[str, Any], code: str, field: str
) -> None:
    report = previewed(book, link(**cells), link(number="02/HĐ"))
    (refused,) = report["refused"]
    assert (refused["code"], refused["field"], refused["row"]) == (code, field, 6)
    assert report["linkages_accepted"] == 1


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"buyer": "Tên Khác Hẳn"}, "party_name_unknown"),
        ({"seller": "HTX Không Mã", "seller_code": CODES[5]}, "party_code_unknown"),
        ({"mark": "x"}, "checked_without_date"),
        ({"checked": "1/2/2025"}, "checked_without_mark"),
        ({"mark": "chưa", "checked": "1/2/2025"}, "checked_without_mark"),
        ({"mark": "xem lại", "checked": "1/2/2025"}, "mark_unknown"),
        ({"product": "vàng mười"}, "commodity_unresolved"),
        ({"form": "Hình thức 9"}, "form_unresolved"),
        ({"unit": "sải"}, "unit_unresolved"),
        ({"unit": None}, "quantity_without_unit"),
        ({"quantity": 0}, "quantity_not_positive"),
        ({"quantity": "0,0000001"}, "quantity_not_exact"),
        ({"terminated": "1/1/2024"}, "terminated_before_starts"),
    ],
)
def test_what_is_doubtful_is_accepted_with_a_warning(
    book: Path, cells: dict[str, Any], code: str
) -> None:
    report = applied(workbook(book, COOPS, FIRMS, [link(**cells)]))
    assert codes(report) == [code]
    assert report["linkages_accepted"] == 1
    assert Linkage.objects.get().verified_on is None


def test_a_mark_with_its_day_verifies(book: Path) -> None:
    applied(workbook(book, COOPS, FIRMS, [link(mark="x", checked="14/05/2024")]))
    one = Linkage.objects.get()
    assert (one.verified_on, one.quantity, one.commodity_id is not None) == (
        date(2024, 5, 14),
        10_000_000,
        True,
    )


def test_a_column_in_the_american_order_is_asked_about_and_the_answer_is_used(book: Path) -> None:
    path = workbook(book, COOPS, FIRMS, [link(starts="02/25/2024")])
    report = preview_of(path)
    assert codes(report, "refused") == ["no_such_date"]
    assert codes(report) == ["column_date_order"]
    answered = applied(path, mapping={"date_order": {"Hiệu lực từ": "month_first"}})
    assert answered["refused"] == []
    assert Linkage.objects.get().starts == date(2024, 2, 25)


def test_a_column_with_decimal_points_is_asked_about_and_the_answer_is_used(book: Path) -> None:
    path = workbook(book, COOPS, FIRMS, [link(quantity="1,234.5", unit="kg")])
    assert codes(preview_of(path)) == ["number_unreadable", "column_decimal"]
    applied(path, mapping={"decimal": {"Sản lượng": "point"}})
    assert Linkage.objects.get().quantity == 1_234_500


def test_a_repeated_row_merges_and_one_that_differs_waits(book: Path) -> None:
    report = previewed(book, link(), link(number="01/hđ", form=None), link(ends="1/1/2030"))
    assert [(d["row"], d["why"]) for d in report["duplicates"]] == [(7, "contract")]
    assert [(p["row"], p["held"]) for p in report["likely_duplicates"]] == [(8, True)]
    assert report["linkages_accepted"] == 1


def test_a_newer_file_updates_and_what_it_leaves_blank_is_kept(book: Path) -> None:
    applied(workbook(book, COOPS, FIRMS, [link(), link(number="02/HĐ")]))
    report = applied(
        workbook(book, COOPS, FIRMS, [link(terminated="1/6/2025", product=None, quantity=None)])
    )
    assert report["updated"]["linkages"] == 1
    assert [one["name"] for one in report["not_in_file"]] == ["02/HĐ"]
    one = Linkage.objects.get(contract_number="01/HĐ")
    assert (one.terminated_on, one.state, one.quantity) == (
        date(2025, 6, 1),
        "terminated",
        10_000_000,
    )


@pytest.mark.parametrize(
    ("cells", "state"),
    [
        ({"starts": "1/2/2024", "ends": "22/11/2026"}, "ended"),
        ({"starts": "1/2/2024", "ends": "23/11/2026"}, "in_force"),
        ({"starts": "23/11/2026", "ends": None}, "in_force"),
        ({"starts": "24/11/2026", "ends": None}, "agreed"),
        ({"starts": "1/2/2024", "ends": "31/12/2025", "terminated": "1/6/2025"}, "terminated"),
        ({"starts": "1/2/2024", "ends": "31/12/2027", "terminated": "1/6/2027"}, "terminated"),
    ],
)
def test_a_linkage_stands_where_its_days_say(book: Path, cells: dict[str, Any], state: str) -> None:
    applied(workbook(book, COOPS, FIRMS, [link(**cells)]))
    assert Linkage.objects.get().state == state


def test_a_newer_file_that_says_other_days_moves_it_there(book: Path) -> None:
    for ends, state in (("31/12/2025", "ended"), ("31/12/2026", "in_force")):
        applied(workbook(book, COOPS, FIRMS, [link(ends=ends)]))
        assert Linkage.objects.get().state == state


def test_a_party_may_be_in_the_register_and_not_in_the_file(book: Path) -> None:
    applied(workbook(book, COOPS, FIRMS))
    report = applied(workbook(book, [coop("HTX Mới")], [], [link()]))
    assert report["refused"] == []
    assert Linkage.objects.get().buyer.name == "Công ty Hai"


def test_a_day_out_of_bounds_is_refused_and_the_sentence_says_the_bounds(book: Path) -> None:
    report = previewed(book, link(starts="01/01/1800"), link(starts="31/02/2024"))
    assert codes(report, "refused") == ["no_such_date", "no_such_date"]
    beyond, none = (one["message"] for one in report["refused"])
    assert "01/01/1900" in beyond
    assert "31/12/2199" in beyond
    assert "1900" not in none


def test_a_name_that_only_a_waiting_row_bears_is_ambiguous(book: Path) -> None:
    path = workbook(
        book,
        [coop(code=CODES[0]), coop("HTX Khác Tên", code=CODES[0])],
        FIRMS,
        [link(seller="HTX Khác Tên"), link(seller="HTX Khác Tên", seller_code=CODES[0])],
    )
    assert codes(preview_of(path), "refused") == ["party_ambiguous", "party_ambiguous"]


# --- What a number is ---------------------------------------------------------------------------
NOTHINGS = ("-", "…", "không có", "CHƯA CÓ", "Chưa có số", "khong co", "không", "?", "n/a")


@pytest.mark.parametrize("written", NOTHINGS)
def test_a_sign_for_nothing_is_no_number(book: Path, written: str) -> None:
    report = previewed(book, link(number=written), link())
    (refused,) = report["refused"]
    assert (refused["code"], refused["field"]) == ("missing_field", "Số hợp đồng")
    assert report["linkages_accepted"] == 1


@pytest.mark.parametrize("cells", [{"starts": "-"}, {"buyer": None, "buyer_code": "-"}])
def test_a_sign_for_nothing_is_no_day_and_no_party(book: Path, cells: dict[str, Any]) -> None:
    assert codes(previewed(book, link(**cells)), "refused") == ["missing_field"]


@pytest.mark.parametrize("written", ["01/ HĐ", "01 /HĐ", " 01 / hđ"])
def test_spaces_round_a_separator_make_no_other_contract(book: Path, written: str) -> None:
    report = previewed(book, link(), link(number=written))
    assert (report["linkages_accepted"], len(report["duplicates"])) == (1, 1)
    applied(book)
    again = applied(workbook(book, COOPS, FIRMS, [link(number=written)]))
    assert (again["created"]["linkages"], again["unchanged"]["linkages"]) == (0, 1)
    assert Linkage.objects.get().contract_number == "01/HĐ"


def test_spaces_elsewhere_make_another_contract(book: Path) -> None:
    assert previewed(book, link(number="1 1/HĐ"), link(number="11/HĐ"))["linkages_accepted"] == 2
