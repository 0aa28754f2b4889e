"""What somebody asks of the figure, read from words: days, level of evidence, territory. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from linkage.coverage.rule import EVIDENCE
from linkage.errors import Invalid


class NoSuchDay(Invalid):
    """Not a day of the calendar, written year-month-day."""

    code = "no_such_date"
    words = _("%(value)s is not a day written year-month-day.")


class UnknownEvidence(Invalid):
    """Not a level of evidence."""

    code = "evidence_unknown"
    words = _("%(value)s is not a level of evidence; there are %(levels)s.")


class UnclearQuestion(Invalid):
    """Options that do not go together."""

    code = "question_unclear"
    words = _("Give --as-of, or --from and --to in order, each with --evidence; or --recompute.")


class NoSuchNumber(Invalid):
    """Not the number of a snapshot."""

    code = "snapshot_number_invalid"
    words = _("%(value)s is not the number of a snapshot.")


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: a recomputation, a bridge (`from_day` to `day`), or the figure on `day`."""

    day: date
    evidence: str
    from_day: date | None = None
    snapshot_id: int | None = None
    territory: str | None = None
    known_at: date | datetime | None = None


def read(options: Mapping[str, Any]) -> Asked:
    """The question in a command's options.

    Raises: NoSuchDay, UnknownEvidence, NoSuchNumber, UnclearQuestion.
    """
    if options["recompute"] is not None:
        return Asked(date.min, EVIDENCE[0], snapshot_id=number(options["recompute"]))
    between = options["from_day"] is not None or options["to_day"] is not None
    day_words = options["to_day"] if between else options["as_of"]
    if day_words is None or options["evidence"] is None or (between and options["as_of"]):
        raise UnclearQuestion
    to_day, from_day = day(day_words), None
    if between:
        if options["from_day"] is None:
            raise UnclearQuestion
        from_day = day(options["from_day"])
        if from_day > to_day:
            raise UnclearQuestion
    return Asked(
        day=to_day,
        from_day=from_day,
        evidence=evidence(options["evidence"]),
        territory=options["territory"],
        known_at=None if options["known_at"] is None else moment(options["known_at"]),
    )


def day(words: str) -> date:
    """A day of the calendar. Raises: NoSuchDay.

    >>> day("2025-12-31")
    datetime.date(2025, 12, 31)
    """
    try:
        return date.fromisoformat(words)
    except ValueError as error:
        raise NoSuchDay(value=words) from error


def moment(words: str) -> date | datetime:
    """A day, or a time of it. Raises: NoSuchDay."""
    try:
        return date.fromisoformat(words)
    except ValueError:
        pass
    try:
        return datetime.fromisoformat(words)
    except ValueError as error:
        raise NoSuchDay(value=words) from error


def evidence(words: str) -> str:
    """A level of evidence. Raises: UnknownEvidence."""
    if words not in EVIDENCE:
        raise UnknownEvidence(value=words, levels=", ".join(EVIDENCE))
    return words


def number(words: str) -> int:
    """A snapshot's number. Raises: NoSuchNumber."""
    if not (words.isascii() and words.isdigit() and len(words) <= 18):
        raise NoSuchNumber(value=words)
    return int(words)
