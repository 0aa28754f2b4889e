"""Make communes.csv and former_communes.csv from a folder of raw inputs.

    python -m linkage.reference.make.communes --raw DIR

DIR holds `communes.csv` and `communes_before_2025.csv` (see data/SOURCES.csv for their origin).
The output depends on the input alone, so running it twice changes nothing.
"""

from __future__ import annotations

import argparse
import csv
import sys
import unicodedata
from operator import itemgetter
from pathlib import Path

DATA = Path(__file__).resolve().parent.parent / "data"
TODAY = ("communes.csv", "communes.csv", ("code",))
FORMER = (
    "communes_before_2025.csv",
    "former_communes.csv",
    ("former_province", "former_district", "former_commune", "commune_code"),
)


def nfc_rows(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    """Return the header and the rows of a CSV, every text in NFC and trimmed."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        header = list(reader.fieldnames or [])
        rows = [
            {key: unicodedata.normalize("NFC", value or "").strip() for key, value in row.items()}
            for row in reader
        ]
    return header, rows


def write_rows(path: Path, header: list[str], rows: list[dict[str, str]]) -> None:
    """Write rows as UTF-8 CSV with plain line ends, the same bytes on every machine."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def make(raw: Path, out: Path = DATA) -> dict[str, int]:
    """Write both files of places into `out`; return how many rows each has.

    Raises: FileNotFoundError, if an input is missing; KeyError, if a column is.
    """
    counts: dict[str, int] = {}
    for source, target, keys in (TODAY, FORMER):
        header, rows = nfc_rows(raw / source)
        rows.sort(key=itemgetter(*keys))
        write_rows(out / target, header, rows)
        counts[target] = len(rows)
    return counts


def main(argv: list[str] | None = None) -> int:
    """Run the script; 2 if an input cannot be read."""
    parser = argparse.ArgumentParser(description="Make the files of places.")
    parser.add_argument("--raw", type=Path, required=True, help="folder of raw inputs")
    arguments = parser.parse_args(argv)
    try:
        counts = make(arguments.raw)
    except (FileNotFoundError, KeyError) as error:
        sys.stderr.write(f"cannot read the raw inputs: {error}\n")
        return 2
    for name, count in counts.items():
        sys.stdout.write(f"{name}: {count} rows\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
