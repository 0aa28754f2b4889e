"""Lines of the audit log: who did what to which subject, with the way to it where there is one.

What exactly was changed stands on the subject's own page, for those who may read it there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from linkage.agreements import queries as agreements
from linkage.intake.models import ImportBatch
from linkage.jobs.models import Event
from linkage.market.models import PostKind
from linkage.market.sight import visible_to
from linkage.registry.access import Actor
from linkage.registry.models import Organisation, User
from linkage.registry.services.reading import SUBJECT as READING
from web.auditwords import kind_words, read_words, subject_words

# Of a page that showed many subjects, so many are named here; the file names all.
_MOST_NAMED = 5


@dataclass(frozen=True)
class Subject:
    """What an event is about; no address where it is gone or has no page for the reader."""

    words: str
    address: str


@dataclass(frozen=True)
class Row:
    """A line of the log; `seq` and `hash` are its place in the chain."""

    seq: int | None
    hash: str
    at: datetime
    who: str
    what: str
    subjects: Sequence[Subject]
    unnamed: int


def rows_of(actor: Actor, events: Iterable[Event], now: datetime) -> list[Row]:
    """The events as lines; a query for the people and one for each kind of subject."""
    shown = list(events)
    people = User.objects.in_bulk({event.actor_id for event in shown if event.actor_id})
    found = _found(actor, shown, now)
    return [
        Row(
            *_place(event),
            event.at,
            _who(event.actor_id, people),
            _what(event),
            [_subject(kind, id_, found) for kind, id_ in subjects_of(event)[:_MOST_NAMED]],
            max(0, len(subjects_of(event)) - _MOST_NAMED),
        )
        for event in shown
    ]


def cells_of(events: Iterable[Event]) -> list[list[object]]:
    """The events as cells of a file, with the subjects by their numbers."""
    shown = list(events)
    people = User.objects.in_bulk({event.actor_id for event in shown if event.actor_id})
    return [
        [
            *_place(event),
            event.at.isoformat(),
            people[event.actor_id].username if event.actor_id in people else "",
            event.kind,
            _what(event),
            "; ".join(f"{kind} {id_}" for kind, id_ in subjects_of(event)),
        ]
        for event in shown
    ]


def subjects_of(event: Event) -> list[tuple[str, str]]:
    """Kind and id of each subject; a reading is about all that it showed."""
    if event.subject_kind == READING:
        return [(event.data["of"], str(id_)) for id_ in event.data["ids"]]
    return [(event.subject_kind, event.subject_id)]


def _place(event: Event) -> tuple[int | None, str]:
    seal = getattr(event, "seal", None)
    return (seal.seq, seal.hash) if seal else (None, "")


def _who(actor_id: int | None, people: Mapping[int, User]) -> str:
    if actor_id is None:
        return _("a command on the server")
    return str(people[actor_id]) if actor_id in people else _("an account that is no more")


def _what(event: Event) -> str:
    said = kind_words(event.kind)
    read = event.data.get("what") if event.subject_kind == READING else None
    return f"{said}: {', '.join(read_words(one) for one in read)}" if read else said


_Found = Mapping[tuple[str, str], Subject]


def _subject(kind: str, id_: str, found: _Found) -> Subject:
    return found.get((kind, id_)) or Subject(f"{subject_words(kind)} {id_}", "")


def _found(actor: Actor, events: Iterable[Event], now: datetime) -> _Found:
    """The subjects that the reader may open, by kind and id."""
    asked: dict[str, set[int]] = {}
    for event in events:
        for kind, id_ in subjects_of(event)[:_MOST_NAMED]:
            if id_.isdecimal() and len(id_) < 19:
                asked.setdefault(kind, set()).add(int(id_))
    return {
        (kind, str(row.pk)): Subject(f"{subject_words(kind)}: {name(row)}", _address(route, row))
        for kind, (rows, name, route) in _openable(actor, now).items()
        if kind in asked
        for row in rows().filter(pk__in=asked[kind])
    }


_Openable = tuple[Callable[[], QuerySet[Any]], Callable[[Any], str], str]


def _openable(actor: Actor, now: datetime) -> dict[str, _Openable]:
    today = timezone.localdate(now)

    def posts(kind: PostKind) -> _Openable:
        rows = partial(visible_to, actor, kind, on=today)
        return rows, lambda row: str(row.pk), f"web:market_{kind.value}"

    return {
        "organisation": (Organisation.objects.all, lambda row: row.name, "web:organisation"),
        "linkage": (
            lambda: agreements.visible_to(actor),
            lambda row: row.contract_number or str(row.pk),
            "web:linkage",
        ),
        "import_batch": (ImportBatch.objects.all, lambda row: str(row.pk), "web:import_detail"),
        **{kind.value: posts(kind) for kind in PostKind},
    }


def _address(route: str, row: Any) -> str:
    return reverse(route, args=[row.pk])
