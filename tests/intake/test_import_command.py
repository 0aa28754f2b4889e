"""The command as others' checks rely on it: exit codes, one JSON document, its own process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.intake.test_sample import assert_truth
from tests.intake.workbooks import SAMPLE, coop, workbook

ROOT = Path(__file__).parents[2]
KEYS = {
    "organisations", "linkages_accepted", "created", "updated", "unchanged", "refused",
    "duplicates", "likely_duplicates", "corrections", "warnings", "unmapped_columns",
    "not_in_file", "changes", "certificates", "conflicts", "skipped", "ignored_sheets", "batch",
}  # fmt: skip


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("own")
    plain = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    own = plain | {
        "DATABASE_URL": f"sqlite:///{folder / 'register.sqlite3'}",
        "VAR_DIR": str(folder),
    }
    for command in (("migrate", "-v0"), ("load_reference",)):
        assert manage(own, *command).returncode == 0
    return own


def manage(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *arguments],
        env=environment,
        cwd=environment["VAR_DIR"],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_stdout_holds_one_json_document_and_nothing_else(environment: dict[str, str]) -> None:
    done = manage(environment, "import_register", str(SAMPLE), "--json")
    report = json.loads(done.stdout)
    assert (done.returncode, set(report)) == (0, KEYS)
    assert_truth(report)


def test_without_json_a_row_held_back_is_listed(environment: dict[str, str], book: Path) -> None:
    done = manage(environment, "import_register", str(workbook(book, [coop(), coop()])))
    assert "HTX 1," in done.stdout
    assert "HTX, dòng 7 (STT 2): để lại chờ quyết định, chưa tính: giống HTX, dòng 6" in done.stdout


def test_without_json_the_figures_and_refusals_are_in_words(environment: dict[str, str]) -> None:
    done = manage(environment, "import_register", str(SAMPLE))
    assert done.returncode == 0
    assert "HTX 532" in done.stdout
    assert "(STT 566): Hai bên là một đơn vị. [self_link]" in done.stdout


def without_column(path: Path) -> Path:
    book = load_workbook(workbook(path, [coop()]))
    book["HTX"]["H5"] = "Cột lạ"
    book.save(path)
    return path


@pytest.mark.parametrize("what", ["absent", "text", "column", "mapping"])
def test_wrong_input_is_one_clear_line_and_exit_2(
    environment: dict[str, str], tmp_path: Path, what: str
) -> None:
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
    done = manage(environment, "import_register", str(path), "--json", *more)
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.strip().splitlines()) == 1
    if what == "column":
        assert "Tình trạng" in done.stderr


def test_a_mapping_names_the_unknown_column(environment: dict[str, str], tmp_path: Path) -> None:
    path = without_column(tmp_path / "x.xlsx")
    (tmp_path / "m.json").write_text(json.dumps({"columns": {"Cột lạ": "status"}}))
    done = manage(
        environment, "import_register", str(path), "--mapping", str(tmp_path / "m.json"), "--json"
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["organisations"]["HTX"] == 1


def test_without_json_what_was_left_out_and_what_is_asked_is_in_words(
    environment: dict[str, str], book: Path
) -> None:
    workbook(book, [coop(founded="12/25/2015"), coop("HTX Hai", changed="09/10/2024")])
    loaded = load_workbook(book)
    loaded["HTX"].cell(8, 2, "Tổng cộng")
    loaded["HTX"].cell(8, 12, 40)
    loaded["HTX"].cell(5, 14, "Mã hồ sơ")
    loaded.create_sheet("Ghi nhớ").append(["một", "hai"])
    loaded.save(book)
    said = manage(environment, "import_register", str(book)).stdout
    assert "Bỏ qua dòng: HTX, dòng 8: Giống dòng cộng: Tổng cộng | 40" in said
    assert "Bỏ qua trang tính, không nhận ra bảng nào: Ghi nhớ" in said
    assert "Bỏ qua cột: HTX, Mã hồ sơ" in said
    asked = said[said.index("--mapping") :]
    assert "HTX, Ngày thành lập: " in asked
    assert "HTX, Ngày thay đổi tình trạng: “09/10/2024”" in asked
