"""`manage.py quickpost`: the examples of the contract, the keys, wrong input."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.market.quickpost.score import FIELDS, read_lines

CORPUS = Path(__file__).with_name("corpus.jsonl")
KEYS = {"text", "words", "missing", *FIELDS}
# The first lines of the corpus are the contract's examples, in its order.
CONTRACT = 9


def run(monkeypatch: pytest.MonkeyPatch, given: bytes, *args: str) -> list[str]:
    out = io.StringIO()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(given)))
    call_command("quickpost", *args, stdout=out)
    return out.getvalue().splitlines()


def test_the_examples_of_the_contract(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = read_lines(CORPUS)[:CONTRACT]
    given = "\n".join(line["text"] for line in lines).encode()
    answers = [json.loads(a) for a in run(monkeypatch, given, "--json", "--today", "2026-11-23")]
    assert len(answers) == CONTRACT
    for line, answer in zip(lines, answers, strict=True):
        known: dict[str, Any] = {k: v for k, v in answer.items() if v not in (None, [])}
        for extra in ("words", "missing"):
            known.pop(extra, None)
        assert known == {"text": line["text"], **line["expected"]}


def test_every_key_is_always_there_and_a_line_answers_a_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given = "\n\n\ufeffxin chào\r\nBán 3 tạ tỏi".encode()
    answers = [json.loads(a) for a in run(monkeypatch, given, "--json", "--today", "2026-11-23")]
    assert [set(answer) for answer in answers] == [KEYS] * 4
    assert [answer["side"] for answer in answers] == [None, None, None, "offer"]
    assert answers[0]["certs"] == answers[0]["others"] == answers[0]["missing"] == []
    assert answers[3]["missing"] == ["price", "place", "start", "end"]


def test_without_json_what_is_known_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    (line,) = run(monkeypatch, "Bán 3 tạ tỏi".encode())
    assert "commodity: Tỏi" in line
    assert "place:" not in line


def test_what_is_no_text_ends_with_two(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CommandError, match="line 1 is not UTF-8") as refused:
        run(monkeypatch, b"\xff\xfe", "--json")
    assert refused.value.returncode == 2
    for day in ("23/11/2026", "2100-12-31", "0001-01-01"):
        with pytest.raises(CommandError, match="--today"):
            run(monkeypatch, "bán 3 tạ tỏi sau Tết".encode(), "--json", "--today", day)
