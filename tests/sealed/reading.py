"""Reads worlds: builds one, has everybody read and try everything in it, takes it away again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import time_machine
from django.apps import apps
from django.conf import settings
from django.core import mail
from django.core.management.color import no_style
from django.db import connection, transaction
from django.test import override_settings

from linkage.market.models import AnyPost
from linkage.notices.models import Notice
from linkage.registry.models import AccessCode, ApiToken, Role, User
from tests.api.conftest import NOW
from tests.examples import examples
from tests.sealed import acts, walk, world
from tests.sealed.acts import Judged
from tests.sealed.relations import Ties
from tests.sealed.walk import Answer, Key
from tests.sealed.world import (
    ANONYMOUS,
    BUYER,
    COLLEAGUE,
    COUNTERPART,
    PERSON,
    RIVAL,
    SELLER,
    STRANGER,
    Limits,
)

FIRST = Limits(513_787, 924_163)
# The rival's floor is 582,341 and the buyer's ceiling 850,927: each lies between.
OTHER_FLOOR, OTHER_CEILING = Limits(651_000, 924_163), Limits(513_787, 801_000)
NO_FLOOR, NO_CEILING = Limits(None, 924_163), Limits(513_787, None)
MOVED = [OTHER_FLOOR, OTHER_CEILING, NO_FLOOR, NO_CEILING]
EVERYBODY = {
    SELLER, COLLEAGUE, COUNTERPART, BUYER, RIVAL, STRANGER, PERSON, ANONYMOUS, *Role.values
}  # fmt: skip
# A limit that moves, and one that is not given, are read in whole by those, see `asked_in`: by one
# who would gain by knowing it, and by many at night.
IN_WHOLE = {OTHER_FLOOR: {RIVAL}, NO_CEILING: {SELLER}}
if examples(1) > 1:
    IN_WHOLE = {
        OTHER_FLOOR: EVERYBODY - {SELLER, COLLEAGUE},
        NO_CEILING: {SELLER, RIVAL, BUYER, Role.CITY_STAFF},
    }


@dataclass(frozen=True)
class Read:
    """One world as it was read: its rows, the answers, the messages that went out in it.

    Of the first one also who is what in it, what was tried, what was logged, and its secrets.
    """

    rows: Mapping[str, list[str]]
    answers: Mapping[Key, Answer]
    messages: list[Any]
    offer: AnyPost
    need: AnyPost
    ties: Ties
    letters: list[tuple[str, str]]
    judged: list[Judged] = field(default_factory=list)
    log: list[str] = field(default_factory=list)
    secrets: Mapping[str, str] = field(default_factory=dict)


@contextmanager
def folders(media: Path, sent: Path) -> Iterator[None]:
    """Where files and messages of a world lie, and when it is."""
    with (
        override_settings(MEDIA_ROOT=media, MESSAGE_DIR=sent),
        time_machine.travel(NOW, tick=False),
    ):
        yield


def read_in(limits: Limits, first: Read | None = None) -> Read:
    """Build a world, read it, and take it away again."""
    with transaction.atomic(), walk.logged() as log:
        number_from_one()
        made = world.build(limits)
        rows, sent, told = walk.rows(), world.messages(), letters()
        asked = asked_in(limits, first, rows) if first else lambda who, address: True
        answers = walk.everything_read(made.readers, asked)
        judged = [] if first else acts.everything_judged(made.readers, made.ties, answers)
        hidden = {} if first else secrets(made)
        transaction.set_rollback(True)
    return Read(rows, answers, sent, made.offer, made.need, made.ties, told, judged, log, hidden)


def asked_in(limits: Limits, first: Read, rows: Mapping[str, list[str]]) -> walk.Asks:
    """What is asked in a world beside the first: wherever it could differ.

    An answer is made of rows, and these two databases are equal but for some tables. In some worlds
    what reads none of them is asked as well: that it does not differ is then seen, not concluded.
    """
    changed, whole = unlike(first.rows, rows), IN_WHOLE.get(limits, set())

    def asks(who: str, address: str) -> bool:
        before = first.answers[who, address]
        return walk.reads(before, changed) or (who in whole and not before.is_refusal)

    return asks


def unlike(one: Mapping[str, list[str]], other: Mapping[str, list[str]]) -> set[str]:
    """The tables in which two databases differ."""
    return {table for table in one if one[table] != other[table]}


def number_from_one() -> None:
    """PostgreSQL's sequences are not rolled back, and a row's number is in its address."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), apps.get_models()):
            cursor.execute(statement)


def letters() -> list[tuple[str, str]]:
    """The same with who gets each: (reader, words)."""
    found = [(one.user.username, repr(one.data)) for one in Notice.objects.select_related("user")]
    to = {user.email: user.username for user in User.objects.exclude(email="")}
    to |= {user.phone: user.username for user in User.objects.exclude(phone="")}
    found += [(to[one.to[0]], f"{one.subject} {one.body}") for one in mail.outbox]
    for path in sorted(Path(settings.MESSAGE_DIR).glob("*.txt")):
        phone, _, body = path.read_text().partition("\n")
        found.append((to[phone], body))
    return found


def secrets(made: world.World) -> dict[str, str]:
    """What is drawn at random and is for no reader at all."""
    keys = {
        f"session of {who}": reader.client.session.session_key
        for who, reader in made.readers.items()
        if who != ANONYMOUS
    }
    codes = {
        f"digest {pk}": digest for pk, digest in AccessCode.objects.values_list("pk", "digest")
    }
    tokens = {
        f"digest of a key {pk}": digest
        for pk, digest in ApiToken.objects.values_list("pk", "digest")
    }
    return {**keys, **codes, **tokens, **made.once}
