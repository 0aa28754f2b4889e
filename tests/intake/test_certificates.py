"""Certificates come in by a sheet of their own and go out by it, whoever wrote the headers."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from linkage.agreements.models import Linkage
from linkage.catalogue.models import Certification
from linkage.catalogue.queries import CertificationIndex
from linkage.intake import queries, services
from linkage.intake.export import export_register
from linkage.intake.export_certificates import certification_words
from linkage.intake.models import ImportBatch, ImportRow
from linkage.intake.planning.digest import digest_of
from linkage.intake.planning.plan import plan
from linkage.intake.reading.headers import TableKind
from linkage.intake.reading.mapping import Mapping
from linkage.intake.reading.records import read_records
from linkage.intake.telling import in_words
from linkage.jobs.models import Event
from linkage.registry.access import OPERATOR
from linkage.registry.models import Certificate, Organisation, User
from tests.intake.workbooks import CODES, NOW, applied, codes, coop, firm, previewed, workbook

pytestmark = pytest.mark.usefixtures("reference")
HEADERS = ("STT", "Tên HTX", "MST", "Chứng nhận", "Số GCN", "Cơ quan cấp", "Ngày cấp", "Hết hạn")
GOOD = ("HTX Một", CODES[0], "VietGAP", "VG-01", "QUACERT", "1/3/2024", "28/2/2027")


def certified(path: Path, *rows: tuple[Any, ...], headers: tuple[str, ...] = HEADERS) -> Path:
    """The workbook with a sheet of certificates; its rows begin at 2."""
    book = load_workbook(path)
    sheet = book.create_sheet("Giấy tờ")
    sheet.append(headers)
    for number, row in enumerate(rows, 1):
        sheet.append((number, *row))
    book.save(path)
    return path


def register(path: Path, *rows: tuple[Any, ...]) -> Path:
    return certified(workbook(path, [coop(code=CODES[0])], [firm()]), *rows)


def held() -> list[tuple[Any, ...]]:
    columns = ("organisation__name", "certification_id", "number", "issuer", "starts", "ends")
    return sorted(Certificate.objects.values_list(*columns), key=str)


VIETGAP = ("HTX Một", "VIETGAP", "VG-01", "QUACERT", date(2024, 3, 1), date(2027, 2, 28))


def test_a_sheet_of_certificates_is_known_by_its_headers(book: Path) -> None:
    report = applied(
        register(book, GOOD, ("Công ty Hai", None, "OCOP 4 sao", None, None, "5/5/2025"))
    )
    assert report["refused"] == [] and report["ignored_sheets"] == []
    assert report["certificates"] == {"accepted": 2, "created": 2, "updated": 0, "unchanged": 0}
    assert held() == [
        ("Công ty Hai", "OCOP-4", "", "", date(2025, 5, 5), None),
        VIETGAP,
    ]
    assert "Chứng nhận được nhận: 2" in in_words(report)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (("HTX Vắng", None, "VietGAP", "1", None, "1/3/2024"), "party_unknown"),
        (("HTX Một", CODES[1], "VietGAP", "1", None, "1/3/2024"), "party_ambiguous"),
        ((None, None, "VietGAP", "1", None, "1/3/2024"), "missing_field"),
        (("HTX Một", CODES[0], None, "1", None, "1/3/2024"), "missing_field"),
        (("HTX Một", CODES[0], "VietGAP", "1", None, None), "missing_field"),
        (("HTX Một", CODES[0], "Giấy khen", "1", None, "1/3/2024"), "certification_unknown"),
        (("HTX Một", "0267923659", "VietGAP", "1", None, "1/3/2024"), "tax_code_invalid"),
        (("HTX Một", CODES[0], "VietGAP", "1", None, "31/2/2024"), "no_such_date"),
        (("HTX Một", CODES[0], "VietGAP", "1" * 101, None, "1/3/2024"), "too_long"),
        (("HTX Một", CODES[0], "VietGAP", "1", None, "1/3/2024", "1/2/2024"), "ends_before_starts"),
    ],
)
def test_a_row_that_cannot_be_taken_says_why(book: Path, row: tuple[Any, ...], code: str) -> None:
    report = previewed(register(book, row))
    assert codes(report, "refused") == [code]
    (refused,) = report["refused"]
    assert (refused["sheet"], refused["row"], refused["kind"]) == ("Giấy tờ", 2, "certificate")
    assert refused["field"] in HEADERS and "%(" not in refused["message"]
    assert "iên kết" not in refused["message"]


@pytest.mark.parametrize(
    ("header", "title", "code"),
    [("Hạng OCOP", "Giấy tờ", "OCOP-4"), ("Hạng sao", "OCOP", "OCOP-4"), ("Hạng sao", "Sao", None)],
)
def test_stars_are_of_the_family_that_the_header_or_the_sheet_names(
    book: Path, header: str, title: str, code: str | None
) -> None:
    headers = ("STT", "Chủ thể", "MST", header, "Số quyết định", "Ngày công nhận")
    row = ("HTX Một", CODES[0], "4 sao", "12/QĐ", "1/3/2024")
    path = certified(workbook(book, [coop(code=CODES[0])]), row, headers=headers)
    named = load_workbook(path)
    named["Giấy tờ"].title = title
    named.save(path)
    report = applied(path)
    assert codes(report, "refused") == ([] if code else ["certification_unknown"])
    assert [one[1] for one in held()] == ([code] if code else [])


def test_a_refused_row_is_corrected_like_any_other(book: Path) -> None:
    row = ("HTX Một", CODES[0], "VietGap trồng trọt", "1", None, "1/3/2024")
    previewed(register(book, row))
    batch = ImportBatch.objects.get()
    kept = ImportRow.objects.get()
    assert kept.kind == "certificates"
    services.correct_row(
        actor=OPERATOR, batch_id=batch.pk, version=queries.get(batch.pk).version,
        sheet="Giấy tờ", row=2, overrides={"certification": "VietGAP"}, now=NOW,
    )  # fmt: skip
    report = services.preview(batch_id=batch.pk, now=NOW)
    assert (report["refused"], report["certificates"]["created"]) == ([], 1)


def test_a_newer_file_prolongs_and_a_blank_keeps(book: Path, tmp_path: Path) -> None:
    applied(register(book, GOOD))
    version = Organisation.objects.get(tax_code=CODES[0]).version
    newer = (None, CODES[0], "VietGAP", None, None, "1/3/2024", "31/12/2028")
    report = applied(register(tmp_path / "newer.xlsx", newer))
    assert report["certificates"] == {"accepted": 1, "created": 0, "updated": 1, "unchanged": 0}
    assert held() == [(*VIETGAP[:-1], date(2028, 12, 31))]
    (change,) = report["changes"]
    assert (change["kind"], change["field"]) == ("certificate", "Hết hạn")
    assert (change["before"], change["after"]) == ("2027-02-28", "2028-12-31")
    # Who looks at the organisation meanwhile sees that it changed, and by which import.
    one = Organisation.objects.get(tax_code=CODES[0])
    assert one.version == version + 1
    last = Event.objects.filter(subject_kind="organisation", subject_id=str(one.pk)).latest("pk")
    assert (last.kind, last.data) == ("import_changed", {"batch": report["batch"]})


def test_what_a_person_recorded_here_wins_and_is_listed(book: Path) -> None:
    applied(workbook(book, [coop(code=CODES[0])], [firm()]))
    clerk = User.objects.create_user("canbo", email="a@example.invalid", password="mat-khau-1")
    Certificate.objects.create(
        organisation=Organisation.objects.get(tax_code=CODES[0]), certification_id="VIETGAP",
        number="VG-99", starts=date(2024, 3, 1), recorded_by=clerk,
    )  # fmt: skip
    report = applied(register(book, GOOD))
    told = {(one["field"], one["ours"], one["file"]) for one in report["conflicts"]}
    assert ("Số GCN", "VG-99", "VG-01") in told
    assert Certificate.objects.get().number == "VG-99"


def test_periods_of_one_certification_do_not_overlap(book: Path) -> None:
    later = ("HTX Một", CODES[0], "VietGAP", "VG-02", None, "1/2/2027", None)
    next_one = ("HTX Một", CODES[0], "VietGAP", "VG-03", None, "1/3/2027", None)
    report = applied(register(book, GOOD, later, next_one))
    assert codes(report, "refused") == ["certificate_overlaps"]
    assert report["refused"][0]["row"] == 3
    assert "01/03/2024" in report["refused"][0]["message"]
    assert [one[2] for one in held()] == ["VG-01", "VG-03"]


def test_a_row_twice_is_one_and_one_that_says_otherwise_is_refused(book: Path) -> None:
    other = (*GOOD[:3], "VG-77", *GOOD[4:])
    report = previewed(register(book, GOOD, GOOD, other))
    assert [one["why"] for one in report["duplicates"]] == ["certificate"]
    assert codes(report, "refused") == ["certificate_overlaps"]
    assert report["certificates"]["accepted"] == 1


def test_a_list_of_certificates_alone_is_taken_beside_the_register(book: Path) -> None:
    applied(workbook(book, [coop(code=CODES[0])], [firm()]))
    path = certified(workbook(book), GOOD)
    alone = load_workbook(path)
    for name in ("HTX", "Doanh nghiệp", "Liên kết"):
        del alone[name]
    alone.save(path)
    report = applied(path)
    assert (report["refused"], report["certificates"]["created"]) == ([], 1)
    assert held() == [VIETGAP]


def test_undoing_takes_them_back(book: Path) -> None:
    applied(workbook(book, [coop(code=CODES[0])], [firm()]))
    before = Organisation.objects.get(tax_code=CODES[0]).version
    report = applied(register(book, GOOD))
    services.undo_batch(batch_id=report["batch"], now=NOW)
    assert held() == []
    assert Organisation.objects.get(tax_code=CODES[0]).version == before


def test_what_was_previewed_of_a_certificate_is_what_is_written(book: Path, tmp_path: Path) -> None:
    def digest(path: Path, *row: Any) -> str:
        file = read_records(register(path, row))
        return digest_of(plan(file, mapping=Mapping(), overrides={}, on=NOW.date()))

    once = digest(book, *GOOD)
    assert once == digest(tmp_path / "again.xlsx", *GOOD)
    assert once != digest(tmp_path / "other.xlsx", *GOOD[:3], "VG-02", *GOOD[4:])


# --- Which table it is --------------------------------------------------------------------------
@pytest.mark.parametrize(
    "headers",
    [
        ("STT", "Tên cơ sở được chứng nhận", "Loại chứng nhận", "Số giấy chứng nhận", "Ngày cấp"),
        ("TT", "Chủ thể OCOP", "Hạng OCOP", "Số quyết định", "Năm công nhận"),
        ("STT", "Tên đơn vị", "MST", "Xã/phường", "Tiêu chuẩn chứng nhận", "Có giá trị từ"),
    ],
)
def test_other_clerks_call_its_columns_otherwise(book: Path, headers: tuple[str, ...]) -> None:
    read = read_records(certified(workbook(book, [coop()]), headers=headers))
    assert [table.kind for table in read.tables][-1] == TableKind.CERTIFICATES


@pytest.mark.parametrize(
    "headers",
    [
        (
            "STT", "Tên HTX", "Loại hình", "Lĩnh vực", "Ngày thành lập", "Tình trạng",
            "Chứng nhận", "Số GCN", "Ngày cấp", "Nơi cấp", "Hết hạn",
        ),
        (
            "STT", "Bên bán", "Bên mua", "Số hợp đồng", "Hiệu lực từ", "Hiệu lực đến",
            "Chứng nhận", "Số GCN", "Nơi cấp", "Ngày cấp",
        ),
    ],
)  # fmt: skip
def test_a_register_that_tells_of_certificates_too_stays_a_register(
    book: Path, headers: tuple[str, ...]
) -> None:
    read = read_records(certified(workbook(book, [coop()]), headers=headers))
    assert TableKind.CERTIFICATES not in {table.kind for table in read.tables}


# --- The workbook back --------------------------------------------------------------------------
def assert_changes_nothing(path: Path) -> None:
    report = previewed(path)
    assert report["refused"] == report["changes"] == report["conflicts"] == []
    assert report["not_in_file"] == report["duplicates"] == report["likely_duplicates"] == []
    for fate in ("created", "updated"):
        assert report["certificates"][fate] == report[fate]["organisations"] == 0


def test_they_survive_the_way_through_a_workbook_into_an_empty_register(
    book: Path, tmp_path: Path
) -> None:
    twins = [coop("HTX Trùng"), coop("HTX Trùng", commune="Xã An Lão")]
    applied(workbook(book, [coop(code=CODES[0]), *twins], [firm()]))
    clerk = User.objects.create_user("canbo", email="a@example.invalid", password="mat-khau-1")
    for number, one in enumerate(Organisation.objects.order_by("id")):
        for certification in Certification.objects.all():
            Certificate.objects.create(
                organisation=one, certification=certification, number=f"=SỐ {number}/{one.pk}",
                issuer="Sở Nông nghiệp", starts=date(2020 + number, 2, 29 if number == 0 else 1),
                ends=date(2030, 1, 1) if number % 2 else None, recorded_by=clerk,
            )  # fmt: skip
    path = tmp_path / "back.xlsx"
    assert export_register(path)["Chứng nhận"] == 4 * Certification.objects.count()
    assert_changes_nothing(path)
    before = [(*one[:3], *one[3:]) for one in held()]
    Linkage.objects.all().delete()
    Organisation.objects.all().delete()
    assert held() == []
    report = applied(path)
    assert report["refused"] == []
    assert held() == before
    assert_changes_nothing(path)
    export_register(tmp_path / "again.xlsx")
    assert_changes_nothing(tmp_path / "again.xlsx")


def test_without_any_the_workbook_has_no_sheet_for_them(book: Path, tmp_path: Path) -> None:
    applied(workbook(book, [coop(code=CODES[0])], [firm()]))
    assert "Chứng nhận" not in export_register(tmp_path / "back.xlsx")


def test_each_certification_has_a_word_that_means_it_alone() -> None:
    # One that somebody named like another is exported by its code.
    twin = Certification.objects.create(
        code="VIETGAP-2", name_vi="VietGAP", name_en="", family="x", issuer="", source="thử"
    )
    words, index = certification_words(), CertificationIndex.load()
    assert words[twin.pk] == twin.pk
    assert all(index.find(word) == code for code, word in words.items())
