"""The command as others' checks rely on it: exit codes, one JSON document, words without it."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from openpyxl import load_workbook

from tests.intake.test_sample import assert_truth
from tests.intake.workbooks import SAMPLE, coop, workbook

ROOT = Path(__file__).parents[2]
KEYS = {
    "organisations", "linkages_accepted", "created", "updated", "unchanged", "refused",
    "duplicates", "likely_duplicates", "corrections", "warnings", "unmapped_columns",
    "not_in_file", "changes", "certificates", "conflicts", "skipped", "ignored_sheets", "batch",
}  # fmt: skip


def test_as_a_process_stdout_holds_one_json_document_or_nothing(tmp_path: Path) -> None:
    plain = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    own = plain | {
        "DATABASE_URL": f"sqlite:///{tmp_path / 'register.sqlite3'}",
        "VAR_DIR": str(tmp_path),
    }

    def manage(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), *arguments],
            env=own, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip

    for command in (("migrate", "-v0"), ("load_reference",)):
        assert manage(*command).returncode == 0
    done = manage("import_register", str(SAMPLE), "--json")
    report = json.loads(done.stdout)
    assert (done.returncode, set(report)) == (0, KEYS)
    assert_truth(report)
    wrong = manage("import_register", str(without_column(tmp_path / "x.xlsx")), "--json")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert len(wrong.stderr.strip().splitlines()) == 1


def said(*arguments: str) -> str:
    """What the command writes to stdout."""
    out = io.StringIO()
    call_command("import_register", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.usefixtures("reference")
def test_without_json_a_row_held_back_is_listed(book: Path) -> None:
    words = said(str(workbook(book, [coop(), coop()])))
    assert "HTX 1," in words
    assert "HTX, dòng 7 (STT 2): để lại chờ quyết định, chưa tính: giống HTX, dòng 6" in words


@pytest.mark.usefixtures("reference")
def test_without_json_the_figures_and_refusals_are_in_words() -> None:
    words = said(str(SAMPLE))
    assert "HTX 532" in words
    assert "(STT 566): Hai bên là một đơn vị. [self_link]" in words


def without_column(path: Path) -> Path:
    book = load_workbook(workbook(path, [coop()]))
    book["HTX"]["H5"] = "Cột lạ"
    book.save(path)
    return path


@pytest.mark.usefixtures("reference")
@pytest.mark.parametrize("what", ["absent", "text", "column", "mapping"])
def test_wrong_input_is_one_clear_line_and_exit_2(tmp_path: Path, what: str) -> None:
    path = tmp_path / "x.xlsx"
    more: tuple[str, ...] = ()
    if what == "text":
        path.write_text("STT,Tên")
    elif what == "column":
        without_column(path)
    elif what == "mapping":
        workbook(path, [coop()])
        (tmp_path / "m.json").write_text("{")
        more = ("--mapping", str(tmp_path / "m.json"))
    with pytest.raises(CommandError) as refusal:
        said(str(path), "--json", *more)
    assert refusal.value.returncode == 2
    assert len(str(refusal.value).splitlines()) == 1
    if what == "column":
        assert "Tình trạng" in str(refusal.value)


@pytest.mark.usefixtures("reference")
def test_a_mapping_names_the_unknown_column(tmp_path: Path) -> None:
    path = without_column(tmp_path / "x.xlsx")
    (tmp_path / "m.json").write_text(json.dumps({"columns": {"Cột lạ": "status"}}))
    report = json.loads(said(str(path), "--mapping", str(tmp_path / "m.json"), "--json"))
    assert report["organisations"]["HTX"] == 1


@pytest.mark.usefixtures("reference")
def test_without_json_what_was_left_out_and_what_is_asked_is_in_words(book: Path) -> None:
    workbook(book, [coop(founded="12/25/2015"), coop("HTX Hai", changed="09/10/2024")])
    loaded = load_workbook(book)
    loaded["HTX"].cell(8, 2, "Tổng cộng")
    loaded["HTX"].cell(8, 12, 40)
    loaded["HTX"].cell(5, 14, "Mã hồ sơ")
    loaded.create_sheet("Ghi nhớ").append(["một", "hai"])
    loaded.save(book)
    words = said(str(book))
    assert "Bỏ qua dòng: HTX, dòng 8: Giống dòng cộng: Tổng cộng | 40" in words
    assert "Bỏ qua trang tính, không nhận ra bảng nào: Ghi nhớ" in words
    assert "Bỏ qua cột: HTX, Mã hồ sơ" in words
    asked = words[words.index("--mapping") :]
    assert "HTX, Ngày thành lập: " in asked
    assert "HTX, Ngày thay đổi tình trạng: “09/10/2024”" in asked


@pytest.mark.django_db
def test_without_reference_data_a_preview_shows_what_the_import_does(book: Path) -> None:
    path = str(workbook(book, [coop()]))
    shown = json.loads(said(path, "--json"))
    done = json.loads(said(path, "--json", "--apply"))
    assert (shown["warnings"], done["warnings"]) == ([], [])
    assert shown["created"] == done["created"]
