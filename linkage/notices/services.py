"""Telling people: a line in the inbox of each, and a message to those who chose so.

What a reader does with it: read it, and choose of which kinds to get a message.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
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
    known = set(
        Notice.objects.filter(user__in=user_ids, dedupe_key=news.key).values_list("user", flat=True)
    )
    new = sorted(set(user_ids) - known)
    Notice.objects.bulk_create(
        (
            Notice(
                user_id=user_id,
                organisation_id=organisation_id,
                kind=news.kind,
                what=news.what,
                subject_kind=news.subject_kind,
                subject_id=news.subject_id,
                data=dict(news.data),
                dedupe_key=news.key,
                created_at=now,
            )
            for user_id in new
        ),
        # Told by another transaction in this moment: it stays one line.
        ignore_conflicts=True,
    )
    chosen = MessageChoice.objects.filter(user__in=new, kind=news.kind)
    for user_id in chosen.order_by("user").values_list("user_id", flat=True):
        enqueue(
            topic=MESSAGE,
            dedupe_key=f"{user_id}:{news.key}",
            payload={"user_id": user_id, "key": news.key},
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
