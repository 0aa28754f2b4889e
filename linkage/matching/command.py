"""The command: two CSV files in, the best offers of each need out."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import NoReturn

from linkage.matching.csvfile import read_files
from linkage.matching.engine import best_offers
from linkage.matching.lookup import TREE_FILE
from linkage.matching.matches import Match
from linkage.matching.weights import FULL
from linkage.matching.words import LANGUAGES, explain
from linkage.matching.wrong import Unreadable

DONE, WRONG = 0, 2


def main(arguments: Sequence[str]) -> int:
    """Match, print, and return the exit code: 0, or 2 with one line on standard error."""
    language = LANGUAGES[0]
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8")
    try:
        asked = _parser().parse_args(arguments)
        language = asked.language
        files = read_files(asked.offers, asked.needs, asked.tree)
    except Unreadable as error:
        print(error.words(language), file=sys.stderr)
        return WRONG
    found = best_offers(files.offers, files.needs, files.tree, files.certificates, top=asked.top)
    pairs = zip(found, found.offer_row.tolist(), found.need_row.tolist(), strict=True)
    rows = ((match, files.offer_ids[o], files.need_ids[n]) for match, o, n in pairs)
    lines = _json_lines(rows) if asked.json else _table(rows, language)
    sys.stdout.writelines(f"{line}\n" for line in lines)
    return DONE


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, like everything else that is wrong."""

    def error(self, message: str) -> NoReturn:
        raise Unreadable("usage", why=message)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m linkage.matching", description=__doc__)
    parser.add_argument("offers", type=Path, metavar="OFFERS.csv")
    parser.add_argument("needs", type=Path, metavar="NEEDS.csv")
    parser.add_argument("--top", type=_at_least_one, default=10, metavar="K")
    parser.add_argument("--tree", type=Path, default=TREE_FILE, metavar="FILE")
    parser.add_argument("--json", action="store_true", help="one JSON document a line")
    parser.add_argument("--language", choices=LANGUAGES, default=LANGUAGES[0])
    return parser


def _at_least_one(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 10**9:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 on")
    return int(text)


Row = tuple[Match, str, str]


def _json_lines(rows: Iterator[Row]) -> Iterator[str]:
    for match, offer, need in rows:
        shares = {name: value / FULL for name, value in match.factors.items()}
        line = {"need": need, "offer": offer, "score": match.score / FULL, "factors": shares}
        yield json.dumps(line, ensure_ascii=False)


def _table(rows: Iterator[Row], language: str) -> Iterator[str]:
    for match, offer, need in rows:
        share = f"{match.score / FULL:.4f}"
        yield f"{need}\t{offer}\t{share}\t{explain(match, language)}"
