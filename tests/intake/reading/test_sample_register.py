"""The sample register is read whole, from a copy kept here, at little more than openpyxl's cost."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path

from openpyxl import load_workbook

from linkage.intake.reading.records import read_records
from linkage.intake.reading.workbook import read_workbook
from tests.intake.reading.conftest import COOPERATIVE_HEADERS, SAMPLE, Write, cooperative


def test_every_row_is_a_record_or_is_listed() -> None:
    read = read_records(SAMPLE)
    assert Counter(record.kind.value for record in read.records) == {
        "cooperatives": 665, "enterprises": 163, "linkages": 568,
    }  # fmt: skip
    assert [(s.sheet, s.row, s.why) for s in read.skipped] == [("HTX", 677, "totals_row")]
    assert read.unmapped_columns == read.ignored_sheets == read.table_warnings == ()
    assert all(record.problem is None and record.notes == () for record in read.records)


def test_records_carry_rows_and_running_numbers_of_the_file() -> None:
    records = {(r.sheet, r.row): r for r in read_records(SAMPLE).records}
    assert records["HTX", 9].cells["tax_code"].value == 205198368
    assert records["Liên kết", 571].cells["stt"].value == 566
    assert records["Liên kết", 571].cells["buyer_tax_code"].ref == "E571"


def test_the_digest_is_the_file_s(tmp_path: Path) -> None:
    copy = tmp_path / "copy.xlsx"
    copy.write_bytes(SAMPLE.read_bytes())
    assert read_records(copy).sha256 == read_records(SAMPLE).sha256
    assert len(read_records(SAMPLE).sha256) == 64


def test_reading_costs_little_more_than_openpyxl_s_own(write: Write) -> None:
    rows = [COOPERATIVE_HEADERS, *(cooperative(n) for n in range(1, 2001))]
    path = write({"HTX": rows})
    runs = [
        (
            _seconds(lambda: load_workbook(path)),
            _seconds(lambda: read_workbook(path)),
            _seconds(lambda: read_records(path)),
        )
        for _ in range(3)
    ]
    own, cells, records = (min(times) for times in zip(*runs, strict=True))
    # 1.1 to 1.2 on a quiet machine.
    assert cells < 1.6 * own
    assert records < 2 * own


def _seconds(run: object) -> float:
    """Processor time, so that what else the machine does makes no difference."""
    started = time.process_time()
    assert callable(run)
    run()
    return time.process_time() - started
