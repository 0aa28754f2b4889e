"""Measures the preview of a register workbook against openpyxl's own read of it, in one run."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from linkage.intake.planning import days, values
from linkage.intake.planning.plan import plan
from linkage.intake.reading.mapping import Mapping
from linkage.intake.reading.records import read_records

HEADERS = (
    "STT", "Tên đơn vị", "Loại hình", "Lĩnh vực", "Mã số thuế", "Xã/phường", "Ngày thành lập",
    "Tình trạng", "Ngày thay đổi tình trạng", "Người đại diện", "Điện thoại", "Số thành viên",
    "Sản phẩm chính",
)  # fmt: skip
# The preview takes at most this many times openpyxl's read; more makes the bench fail.
LIMIT = 3.0


class Timed(NamedTuple):
    """Seconds by the clock and of the processor."""

    clock: float
    cpu: float


class Command(BaseCommand):
    help = "Time the preview of an invented workbook against openpyxl's own read of it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--rows", type=int, default=5000)
        parser.add_argument("--runs", type=int, default=5)

    def handle(self, *args: Any, **options: Any) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "bench.xlsx"
            write_workbook(path, options["rows"])
            # One after the other, so that whatever else the machine does meets both alike.
            pairs = [
                (_timed(_read_plainly, path), _timed(_preview, path))
                for _ in range(options["runs"])
            ]
        peer, ours = ([run[side] for run in pairs] for side in (0, 1))
        # Processor time of the better runs: other work on the machine is in neither.
        ratio = min(ours, key=_cpu).cpu / min(peer, key=_cpu).cpu
        numbers = {
            "rows": options["rows"],
            "runs": options["runs"],
            "openpyxl": _spread(peer),
            "preview": _spread(ours),
            "ratio": round(ratio, 2),
            "ratio_of_each_run": [round(b.cpu / a.cpu, 2) for a, b in pairs],
        }
        self.stdout.write(json.dumps(numbers))
        if ratio > LIMIT:
            raise SystemExit(1)


def _cpu(run: Timed) -> float:
    return run.cpu


def _spread(runs: list[Timed]) -> dict[str, list[float]]:
    """Smallest, middle and largest of the seconds by the clock and of processor time."""
    return {
        name: [round(pick([getattr(run, name) for run in runs]), 2) for pick in (min, median, max)]
        for name in ("clock", "cpu")
    }


def write_workbook(path: Path, rows: int) -> None:
    """A register of invented cooperatives without tax codes, untidy as real ones are."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("HTX")
    sheet.append(HEADERS)
    for n in range(1, rows + 1):
        sheet.append(
            [
                n, f"  HTX  Nông nghiệp Minh họa {n} ", ("HTX", "Hợp tác xã", "htx")[n % 3],
                "Nông  nghiệp", None, ("Xã Vĩnh Bảo", "Xã Lập Lễ, huyện Thủy Nguyên")[n % 2],
                f"{n % 28 + 1}/{n % 12 + 1}/{2000 + n % 20}", "ĐANG HOẠT ĐỘNG", None,
                f"Người đại diện {n}", 960_000_000 + n, n % 900 + 7, "Cà chua",
            ]
        )  # fmt: skip
    book.save(path)


def _timed(what: Callable[[Path], None], path: Path) -> Timed:
    for reader in (*vars(values).values(), *vars(days).values()):
        if hasattr(reader, "cache_clear"):
            reader.cache_clear()
    started, cpu = time.perf_counter(), time.process_time()
    what(path)
    return Timed(time.perf_counter() - started, time.process_time() - cpu)


def _read_plainly(path: Path) -> None:
    for sheet in load_workbook(path):
        for _row in sheet.iter_rows(values_only=True):
            pass


def _preview(path: Path) -> None:
    plan(read_records(path), mapping=Mapping(), overrides={}, on=timezone.localdate())
