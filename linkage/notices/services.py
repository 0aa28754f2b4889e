"""Telling people: a line in the inbox of each, and a message to those who chose so.

What a reader does with it: read it, and choose of which kinds to get a message.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from linkage.jobs.services import enqueue, record_event
from linkage.notices.models import Kind, MessageChoice, Notice
from linkage.registry import values
from linkage.registry.access import Actor
from linkage.registry.acting import people_of
from linkage.registry.services.accounts import SUBJECT
from linkage.registry.services.memberships import person_id

MESSAGE = "notices.message"
_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class News:
    """What happened: `kind` and `what` pick the sentence, `data` fills it, the subject opens it.

    `key` names the fact: whoever was told of it is not told again.
    """

    kind: Kind
    what: str
    subject_kind: str
    subject_id: int
    key: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Told:
    """Whom to tell of what, and for which organisation."""

    news: News
    user_ids: Collection[int]
    organisation_id: int | None = None

    def to(self, user_id: int, now: datetime) -> Notice:
        """The line in one inbox, not written yet."""
        return Notice(
            user_id=user_id,
            organisation_id=self.organisation_id,
            kind=self.news.kind,
            what=self.news.what,
            subject_kind=self.news.subject_kind,
            subject_id=self.news.subject_id,
            data=dict(self.news.data),
            dedupe_key=self.news.key,
            created_at=now,
        )


def tell_organisation(
    *, organisation_id: int, news: News, now: datetime, except_user_id: int | None = None
) -> None:
    """Tell everybody who acts for the organisation today and may sign in, but for who did it.

    In the caller's transaction.
    """
    user_ids = people_of(organisation_id, localdate(now)) - {except_user_id}
    tell_people(user_ids=user_ids, news=news, now=now, organisation_id=organisation_id)


def tell_people(
    *,
    user_ids: Collection[int],
    news: News,
    now: datetime,
    organisation_id: int | None = None,
) -> None:
    """Tell these people, in the caller's transaction; messages go out by the outbox after it."""
    tell_all([Told(news, user_ids, organisation_id)], now=now)


def tell_all(told: Sequence[Told], *, now: datetime) -> None:
    """Tell much at once, as `tell_people` tells one thing: three statements for `_AT_ONCE`."""
    for start in range(0, len(told), _AT_ONCE):
        _tell(told[start : start + _AT_ONCE], now)


def _tell(told: Sequence[Told], now: datetime) -> None:
    readers = {user_id for one in told for user_id in one.user_ids}
    known = set(
        Notice.objects.filter(
            user__in=readers, dedupe_key__in={one.news.key for one in told}
        ).values_list("user_id", "dedupe_key")
    )
    new = [
        (user_id, one)
        for one in told
        for user_id in sorted(set(one.user_ids))
        if (user_id, one.news.key) not in known
    ]
    # Told by another transaction in this moment: it stays one line.
    Notice.objects.bulk_create(
        (one.to(user_id, now) for user_id, one in new), ignore_conflicts=True
    )
    choices = MessageChoice.objects.filter(
        user__in={user_id for user_id, _ in new}, kind__in={one.news.kind for _, one in new}
    )
    chosen = set(choices.values_list("user_id", "kind"))
    for user_id, one in new:
        if (user_id, one.news.kind) in chosen:
            enqueue(
                topic=MESSAGE,
                dedupe_key=f"{user_id}:{one.news.key}",
                payload={"user_id": user_id, "key": one.news.key},
                now=now,
            )


def mark_read(*, actor: Actor, now: datetime, notice_ids: Collection[int] | None = None) -> int:
    """Note that the actor read these own notices, or all; return how many were unread.

    Another person's are passed over, as if they were not there.
    """
    unread = Notice.objects.filter(user=actor.user_id, read_at=None)
    if notice_ids is not None:
        unread = unread.filter(pk__in=notice_ids)
    return unread.update(read_at=now)


def choose_messages(*, actor: Actor, kinds: Collection[str], now: datetime) -> None:
    """Say of which kinds of notice the actor wants a message too; of the others none.

    Raises: NotAllowed, for nobody; ValueUnknown. Nothing is changed then.
    """
    if unknown := set(kinds) - set(Kind.values):
        raise values.ValueUnknown(field="kinds", value=sorted(unknown)[0])
    user_id = person_id(actor)
    with transaction.atomic():
        own = MessageChoice.objects.filter(user=user_id)
        before = set(own.values_list("kind", flat=True))
        own.exclude(kind__in=kinds).delete()
        MessageChoice.objects.bulk_create(
            (MessageChoice(user_id=user_id, kind=kind) for kind in set(kinds) - before),
            # Chosen on another device in this moment: it is chosen once.
            ignore_conflicts=True,
        )
        if before != set(kinds):
            record_event(
                subject_kind=SUBJECT,
                subject_id=user_id,
                kind="messages_chosen",
                at=now,
                actor_id=actor.user_id,
                data={"before": sorted(before), "after": sorted(kinds)},
            )
