"""The command in a process of its own: two CSV files in, one line a match out."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

from linkage.matching import FACTORS
from linkage.matching.command import main
from tests.matching import brute
from tests.matching.posts import HACCP, OCOP_3, OCOP_4, OCOP_5, PARENTS, VIETGAP, Post, random_posts

ROOT = Path(__file__).resolve().parents[2]
OFFER = {
    "id": "O1", "organisation": "HTX A", "tax_code": "", "commodity": "Cà chua",
    "quantity": "3", "unit": "tấn", "starts": "2026-12-04", "ends": "2026-12-31",
    "price_limit": "6000000", "certificates": "",
    "latitude": "20.86", "longitude": "106.68", "max_km": "",
}  # fmt: skip
NEED = {
    "id": "N1", "organisation": "Cty B", "tax_code": "", "commodity": "Cà chua",
    "quantity": "5", "unit": "tấn", "starts": "2026-12-01", "ends": "2026-12-21",
    "price_limit": "7000000", "certificates": "",
    "latitude": "20.96", "longitude": "106.68", "max_km": "50",
}  # fmt: skip
Write = Callable[..., Path]
Run = Callable[..., tuple[int, str, str]]
NAMES = {
    VIETGAP: "VietGAP",
    HACCP: "HACCP",
    OCOP_3: "OCOP 3 sao",
    OCOP_4: "OCOP-4",
    OCOP_5: "5 sao OCOP",
}


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def writer(name: str, rows: Iterable[dict[str, str]], *, encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        with path.open("w", encoding=encoding, newline="") as file:
            sheet = csv.DictWriter(file, list(OFFER))
            sheet.writeheader()
            sheet.writerows(rows)
        return path

    return writer


def process(*arguments: Any) -> subprocess.CompletedProcess[str]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("DJANGO")}
    return subprocess.run(
        [sys.executable, "-m", "linkage.matching", *map(str, arguments)],
        cwd=ROOT, env={**plain, "LC_ALL": "C"}, capture_output=True, encoding="utf-8",
        check=False, timeout=60,
    )  # fmt: skip


def matched(*arguments: Any) -> list[Any]:
    done = process(*arguments, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """The command in this process: its exit code, standard output and standard error."""

    def runner(*arguments: Any) -> tuple[int, str, str]:
        return main([str(argument) for argument in arguments]), *capsys.readouterr()

    return runner


def test_one_line_a_match_as_the_contract_says(write: Write) -> None:
    lines = matched(write("offers.csv", [OFFER]), write("needs.csv", [NEED]), "--top", 3)
    assert lines == [
        {
            "need": "N1",
            "offer": "O1",
            "score": 0.6652,
            "factors": {
                "quantity": 0.6,
                "window": 0.8571,
                "nearness": 0.7776,
                "commodity": 1.0,
                "certificates": 0.5,
                "freshness": 0.5,
                "standing": 0.5,
                "preference": 0.5,
            },
        }
    ]


def test_needs_in_the_files_order_best_first_ties_by_the_offers_id_as_text(write: Write) -> None:
    offers = [{**OFFER, "id": id_, "organisation": id_} for id_ in ("O9", "O10", "o1")]
    offers.append({**OFFER, "id": "O2", "quantity": "2"})
    needs = [{**NEED, "id": "N2"}, {**NEED, "id": "N10"}]
    lines = matched(write("offers.csv", offers), write("needs.csv", needs), "--top", 4)
    assert [line["need"] for line in lines] == ["N2"] * 4 + ["N10"] * 4
    assert [line["offer"] for line in lines[:4]] == ["O10", "O9", "o1", "O2"]


def test_a_file_with_a_byte_order_mark_and_one_without_are_read_alike(write: Write) -> None:
    needs = write("needs.csv", [NEED])
    plain = matched(write("a.csv", [OFFER]), needs)
    assert plain == matched(write("b.csv", [OFFER], encoding="utf-8-sig"), needs)


@pytest.mark.parametrize(
    ("offered", "wanted", "found"),
    [
        ({"commodity": "tomato"}, {"commodity": "Rau củ"}, 1),
        ({"commodity": "tomato"}, {"commodity": "CÀ  CHUA"}, 1),
        ({"commodity": "Rau củ"}, {"commodity": "tomato"}, 0),
        ({"commodity": "Heo hơi"}, {"commodity": "Lợn"}, 1),
        ({"unit": "tạ", "price_limit": "700000"}, {}, 1),
        ({"unit": "bao 50 kg", "price_limit": "350000"}, {}, 1),
        ({"unit": "bao 50 kg", "price_limit": "350001"}, {}, 0),
        ({"unit": "kg", "price_limit": "7001"}, {}, 0),
        ({"unit": "kg", "price_limit": "7000"}, {"unit": "yến", "price_limit": "70000"}, 1),
        ({"unit": "kg", "price_limit": "7000"}, {"unit": "yến", "price_limit": "69999"}, 0),
        ({"price_limit": "1000.9"}, {"price_limit": "1000.1"}, 0),
        ({"price_limit": "1000.1"}, {"price_limit": "1000.9"}, 1),
        ({"price_limit": "1000.9"}, {"price_limit": "1000.9"}, 1),
        ({"unit": "kg", "price_limit": "1.0009"}, {"price_limit": "1000.9"}, 1),
        ({"unit": "kg", "price_limit": "1.00091"}, {"price_limit": "1000.9"}, 0),
        ({"unit": "bao 30 kg", "price_limit": "1"}, {"price_limit": "33.3333333333333333333"}, 0),
        ({"unit": "vạn", "price_limit": "12346"}, {"unit": "vạn", "price_limit": "12345"}, 0),
        ({"unit": "vạn", "price_limit": "12345"}, {"unit": "vạn", "price_limit": "12345"}, 1),
        ({"unit": "vạn", "price_limit": "12345"}, {"unit": "chục", "price_limit": "12.345"}, 1),
        ({"unit": "vạn", "price_limit": "12345"}, {"unit": "chục", "price_limit": "12.344"}, 0),
        ({"price_limit": "99999999"}, {"price_limit": ""}, 1),
        ({"price_limit": ""}, {"price_limit": "0"}, 1),
        ({"tax_code": "0205198368-001"}, {"tax_code": "0205198368"}, 0),
        ({"tax_code": "031199000123"}, {"tax_code": "031199000124"}, 1),
        ({"tax_code": "031199000123"}, {"tax_code": "031199000123"}, 0),
        ({"organisation": "X"}, {"organisation": "X"}, 0),
        ({"organisation": ""}, {"organisation": ""}, 1),
        ({"max_km": "11.12"}, {}, 1),
        ({"max_km": "11.1199"}, {}, 0),
        ({"certificates": "OCOP-5:2027-03-01;VietGAP:2028-01-01"}, {"certificates": "VietGAP"}, 1),
        ({"certificates": "VietGAP:2027-03-01"}, {"certificates": "VietGAP;HACCP"}, 0),
        ({"certificates": "OCOP 4 sao:2028-01-01"}, {"certificates": "OCOP 3 sao"}, 1),
        ({"certificates": "OCOP 3 sao:2028-01-01"}, {"certificates": "OCOP 2 sao"}, 1),
        ({"certificates": "OCOP 3 sao:2028-01-01"}, {"certificates": "OCOP 4 sao"}, 0),
        ({"certificates": "VietGAP"}, {"certificates": "VietGAP"}, 0),
        ({"certificates": "VietGAP:"}, {"certificates": ""}, 1),
        ({"certificates": "ISO 22000:2018:2027-01-01"}, {"certificates": "ISO 22000:2018"}, 1),
        ({"certificates": "Sạch Quê:2027-01-01"}, {"certificates": "sạch quê"}, 1),
        ({"certificates": "VietGAP:2026-12-03"}, {"certificates": "VietGAP"}, 0),
    ],
)  # fmt: skip
def test_words_units_prices_and_certificates(
    offered: dict[str, str], wanted: dict[str, str], found: int, write: Write, run: Run
) -> None:
    offers = write("offers.csv", [{**OFFER, **offered}])
    code, out, _ = run(offers, write("needs.csv", [{**NEED, **wanted}]), "--json")
    assert (code, len(out.splitlines())) == (0, found)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"commodity": "Cà chau"}, "commodity 'Cà chau'"),
        ({"unit": "giạ"}, "unit 'giạ'"),
        ({"unit": "bao"}, "unit 'bao'"),
        ({"quantity": "nhiều"}, "quantity: bad number 'nhiều'"),
        ({"quantity": "0"}, "quantity: bad number '0'"),
        ({"quantity": "-3"}, "quantity: bad number"),
        ({"quantity": "1.500,5"}, "quantity: bad number"),
        ({"quantity": "0.0000001"}, "quantity: bad number"),
        ({"quantity": "1e99"}, "quantity: bad number"),
        ({"quantity": "NaN"}, "quantity: bad number"),
        ({"price_limit": "-1"}, "price_limit: bad number"),
        ({"price_limit": "1e99"}, "price_limit: bad number"),
        ({"latitude": "91"}, "latitude: bad number"),
        ({"longitude": ""}, "longitude: bad number"),
        ({"max_km": "gần"}, "max_km: bad number"),
        ({"starts": "2026-02-30"}, "starts: bad date '2026-02-30'"),
        ({"ends": "31/12/2026"}, "ends: bad date"),
        ({"ends": "2026-12-03"}, "ends before it starts"),
        ({"certificates": "VietGAP:mai"}, "certificates: bad date"),
        ({"id": " "}, "id is missing"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_line_with_its_place(
    change: dict[str, str], says: str, write: Write, run: Run
) -> None:
    offers = write("offers.csv", [OFFER, {**OFFER, "id": "O2", **change}])
    code, out, error = run(offers, write("needs.csv", [NEED]), "--json", "--language", "en")
    assert (code, out, error.count("\n")) == (2, "", 1)
    assert "offers.csv, row 3" in error
    assert says in error


def test_files_that_are_no_such_files(write: Write, run: Run, tmp_path: Path) -> None:
    offers, needs = write("offers.csv", [OFFER]), write("needs.csv", [NEED])
    short = tmp_path / "short.csv"
    short.write_text("id,organisation\nO1,X\n", encoding="utf-8")
    other = write("other.csv", [OFFER], encoding="utf-16")
    long = tmp_path / "long.csv"
    long.write_text(offers.read_text(encoding="utf-8").rstrip() + ",1,2\n", encoding="utf-8")
    twice = write("twice.csv", [OFFER, OFFER])
    for file in (short, other, long, twice, tmp_path / "none.csv", tmp_path):
        code, out, error = run(file, needs, "--json")
        assert (code, out, error.count("\n")) == (2, "", 1), file
        assert str(file) in error
    assert "thiếu cột tax_code" in run(short, needs)[2]
    assert run(offers, needs, "--tree", short)[0] == 2


def test_unreadable_input_ends_the_process_with_2(write: Write, tmp_path: Path) -> None:
    done = process(tmp_path / "none.csv", write("needs.csv", [NEED]), "--json")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)


@pytest.mark.parametrize("wrong", [["--top", "0"], ["--top", "x"], ["--speed"], []])
def test_wrong_usage_is_one_line_too(wrong: list[str], run: Run) -> None:
    files = ["a.csv", "b.csv"] if wrong else []
    code, out, error = run(*files, *wrong)
    assert (code, out, error.count("\n")) == (2, "", 1)


def test_files_without_rows_match_nothing(write: Write) -> None:
    assert matched(write("offers.csv", []), write("needs.csv", [])) == []


def test_another_tree(write: Write, tmp_path: Path) -> None:
    tree = tmp_path / "tree.csv"
    tree.write_text(
        "code,parent_code,level,name_vi,name_en,synonyms,dimension\n"
        "all,,1,Tất cả,All,,mass\nred,all,2,Đỏ,Red,đo đỏ|hồng,mass\n",
        encoding="utf-8",
    )
    offers = write("offers.csv", [{**OFFER, "commodity": "Hồng"}])
    needs = write("needs.csv", [{**NEED, "commodity": "Tất cả"}])
    assert matched(offers, needs, "--tree", tree)[0]["factors"]["commodity"] == 0.8


def test_for_people_a_line_says_why(write: Write) -> None:
    done = process(write("offers.csv", [OFFER]), write("needs.csv", [NEED]))
    assert done.stdout == (
        "N1\tO1\t0.6652\tcách 11,1 km; khớp 18 trong 21 ngày; đủ 3 trong 5 tấn; đúng mặt hàng\n"
    )


def test_the_command_is_the_oracle_on_random_files(write: Write) -> None:
    """Rows without history through files and a process, and the oracle on the same rows."""
    r = Random(7)
    offers = [plain_row(post) for post in random_posts(r, 120, held=True)]
    needs = [plain_row(post) for post in random_posts(r, 120, held=False)]
    lines = matched(
        write("offers.csv", map(cells, offers)), write("needs.csv", map(cells, needs)),
        "--top", 5, "--tree", tree_file(write),
    )  # fmt: skip
    found = [(line["need"], line["offer"], line["score"], line["factors"]) for line in lines]
    expected = brute.best_offers(as_text(offers), as_text(needs), 5, None)
    assert len(found) > 150
    assert found == [
        (n, o, score / 10_000, {name: factors[name] / 10_000 for name in FACTORS})
        for n, o, score, factors in expected
    ]


def plain_row(post: Post) -> Post:
    """What a file can say of a post: no history, no rates, one tonne is 1,000 kg."""
    return replace(
        post, active=True, per="once", confirmed_on=None, kept=0, broken=0, cooperative=False,
        measure=0, certificates=tuple(pair for pair in post.certificates if pair[0] in NAMES),
    )  # fmt: skip


def as_text(rows: list[Post]) -> list[Any]:
    """Ids as the file holds them, so that ties go by text."""
    return [replace(row, id=f"P{row.id}") for row in rows]  # type: ignore[arg-type]


def cells(post: Post) -> dict[str, str]:
    # 1,000,000 g are a tonne, so a price by the tonne is a price as the engine keeps it.
    return {
        "id": f"P{post.id}",
        "organisation": f"org {post.organisation}",
        "tax_code": "" if post.tax_party is None else f"020519{post.tax_party:04d}",
        "commodity": f"c{post.commodity}",
        "quantity": f"{post.quantity / 1_000_000:.6f}",
        "unit": "tấn",
        "starts": post.starts.isoformat(),
        "ends": post.ends.isoformat(),
        "price_limit": "" if post.price_limit is None else str(post.price_limit),
        "certificates": ";".join(
            NAMES[number] + (f":{last}" if last else "") for number, last in post.certificates
        ),
        "latitude": str(post.latitude),
        "longitude": str(post.longitude),
        "max_km": "" if post.max_distance_m is None else str(post.max_distance_m / 1_000),
    }


def tree_file(write: Write) -> Path:
    path = write("tree.csv", [])
    rows = [
        f"c{n},{'' if up is None else f'c{up}'},mặt hàng số {n}," for n, up in enumerate(PARENTS)
    ]
    path.write_text("\n".join(["code,parent_code,name_vi,synonyms", *rows]), encoding="utf-8")
    return path
