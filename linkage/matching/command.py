"""The command: two CSV files in, the best offers of each need out."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import NoReturn

from linkage.matching import compiled
from linkage.matching.csvfile import Files, read_files
from linkage.matching.engine import best_offers
from linkage.matching.lookup import TREE_FILE
from linkage.matching.matches import Matches
from linkage.matching.weights import FACTORS, FULL
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
    if len(files.offers) * len(files.needs) >= compiled.FEWEST_PAIRS:
        compiled.load()
    found = best_offers(files.offers, files.needs, files.tree, files.certificates, top=asked.top)
    lines = _json_lines(found, files) if asked.json else _table(found, files, language)
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


def _json_lines(found: Matches, files: Files) -> Iterator[str]:
    encode = json.JSONEncoder(ensure_ascii=False).encode
    columns = (found.need_row, found.offer_row, found.score / FULL, found.factors / FULL)
    for need, offer, score, shares in zip(*(column.tolist() for column in columns), strict=True):
        factors = dict(zip(FACTORS, shares, strict=True))
        line = {"need": files.need_ids[need], "offer": files.offer_ids[offer]}
        yield encode({**line, "score": score, "factors": factors})


def _table(found: Matches, files: Files, language: str) -> Iterator[str]:
    for place, match in enumerate(found):
        need = files.need_ids[found.need_row[place]]
        offer = files.offer_ids[found.offer_row[place]]
        yield f"{need}\t{offer}\t{match.score / FULL:.4f}\t{explain(match, language)}"
