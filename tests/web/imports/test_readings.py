"""How a column is read, answered on the page once; what came of it is shown the reader's way."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest
from django.test import Client
from openpyxl import load_workbook

from linkage.intake import queries
from linkage.intake.export import export_register
from linkage.intake.models import ImportRow
from linkage.registry.models import Organisation
from tests.intake.test_certificates import GOOD, register
from tests.intake.test_years_without_days import years
from tests.intake.workbooks import CODES, applied, coop, firm, link, workbook
from tests.web.imports.steps import address_of, answer, may_apply, page, press, shown, worked
from web.reports import view_of

pytestmark = pytest.mark.django_db


def text_of(body: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def test_a_column_of_years_is_answered_once_on_the_page(staff: Client, book: Path) -> None:
    batch = shown(years(book))
    body = page(staff, batch)
    assert "HTX: Năm thành lập: khi chỉ ghi năm hoặc tháng thì hiểu là ngày nào?" in body
    assert "Có cột chỉ ghi năm hoặc tháng mà không ghi ngày" in body
    # The row that has a day can be taken in meanwhile.
    assert may_apply(batch) in body
    offered = re.findall(r'<option value="(\w*)"', body[body.index("khi chỉ ghi năm") :])
    assert offered[:3] == ["", "first_day", "unknown"]

    answer(staff, batch, "Năm thành lập", "first_day")
    body = text_of(page(staff, batch))
    assert "Năm hoặc tháng đọc là ngày đầu, theo trả lời 3" in body
    assert "2011 01/01/2011 theo cách đọc bạn đã chọn cho cột này" in body
    assert "Có cột chỉ ghi năm" not in body
    press(staff, batch, "apply")
    worked()
    assert Organisation.objects.filter(founded_on="2011-01-01").count() == 1


def test_numbers_are_shown_as_people_write_them_whichever_way_they_were_read(
    staff: Client, book: Path
) -> None:
    links = [
        link(quantity="1.000"),
        link(number="2", quantity="1234567,5"),
        link(number="3", quantity="12.345,67"),
    ]
    batch = shown(workbook(book, [coop()], [firm()], links))
    body = text_of(page(staff, batch))
    for before, after in (
        ("1.000", "1.000"),
        ("1234567,5", "1.234.567,5"),
        ("12.345,67", "12.345,67"),
    ):
        assert f"Sản lượng {before} {after} cách viết của Việt Nam" in body


def test_a_thousand_that_is_one_by_the_answer_is_listed_as_a_correction(
    staff: Client, book: Path
) -> None:
    links = [link(quantity="12.5"), link(number="2", quantity="1.000")]
    links.append(link(number="3", quantity="1,234.50"))
    batch = shown(workbook(book, [coop()], [firm()], links))
    answer(staff, batch, "Sản lượng", "point")
    corrections = queries.get(batch.pk).report["corrections"]
    made = [one for one in corrections if (one["row"], one["field"]) == (7, "Sản lượng")]
    assert [(one["before"], one["after"], one["rule"]) for one in made] == [
        ("1.000", "1", "decimal_point")
    ]
    body = text_of(page(staff, batch))
    assert "Sản lượng 1.000 1 theo cách đọc bạn đã chọn cho cột này" in body
    assert "Sản lượng 1,234.50 1.234,5 theo cách đọc" in body


def test_certificates_are_counted_where_a_file_has_some(staff: Client, book: Path) -> None:
    unknown = ("HTX Vắng", None, "VietGAP", None, None, "1/3/2024")
    batch = shown(register(book, GOOD, unknown))
    body = text_of(page(staff, batch))
    assert "Chứng nhận được nhận 1" in body
    assert "Đơn vị nêu trong dòng không có trong sổ theo dõi 1" in body
    report = view_of(queries.get(batch.pk).report)
    assert [one["certificates"] for one in report.effects] == [1, 0, 0]
    assert not view_of({"created": {"organisations": 1, "linkages": 0}}).has_certificates


def test_what_is_overwritten_leads_to_it_and_reads_as_people_write(
    staff: Client, book: Path
) -> None:
    known = [coop(code=CODES[0], phone="0912345678"), coop("HTX Không Còn", code=CODES[2])]
    applied(workbook(book, known, [firm()], [link()]))
    newer = [coop(code=CODES[0], phone="0987654321")]
    batch = shown(workbook(book, newer, [firm()], [link(quantity="1.234,5")]))
    body = page(staff, batch)
    words = text_of(body)
    assert "HTX Một Điện thoại 0912 345 678 0987 654 321" in words
    assert "01/HĐ Sản lượng 10 tấn 1.234,5 tấn" in words
    one, gone = (Organisation.objects.get(tax_code=code) for code in (CODES[0], CODES[2]))
    kept = body[body.index("không có trong các dòng lấy từ tệp") :]
    assert f'href="/organisations/{one.pk}/"' in body[body.index('id="changes"') :]
    assert f'href="/organisations/{gone.pk}/"' in kept


def test_a_number_that_only_an_export_gives_is_asked_for_where_the_file_has_it(
    staff: Client, book: Path
) -> None:
    batch = shown(workbook(book, [coop(kind="lạ")]))
    row = ImportRow.objects.get(batch=batch)
    assert "Số hiệu trong sổ" not in staff.get(address_of(row)).content.decode()
    twins = [coop(), coop(commune="Xã An Lão")]
    applied(workbook(book, twins))
    export_register(book)
    again = load_workbook(book)
    again["HTX"]["C6"] = "lạ"
    again.save(book)
    batch = shown(book)
    row = ImportRow.objects.get(batch=batch)
    assert "Số hiệu trong sổ" in staff.get(address_of(row)).content.decode()


def test_a_formula_with_its_value_is_taken_and_told(staff: Client, book: Path) -> None:
    path = workbook(book, [coop(members=7)])
    with zipfile.ZipFile(path) as made:
        parts = {name: made.read(name) for name in made.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = re.sub(rb'(<c r="L6"[^>]*>)<v>', rb"\1<f>3+4</f><v>", parts[sheet])
    with zipfile.ZipFile(path, "w") as made:
        for name, content in parts.items():
            made.writestr(name, content)
    words = text_of(page(staff, shown(path)))
    assert "Ô L6 có công thức; đã lấy giá trị lưu sẵn" in words
