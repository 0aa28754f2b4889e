"""Telling people: a line in the inbox of each, and a message to those who chose so."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.timezone import localdate

from linkage.jobs.outbox import post
from linkage.notices.models import Kind, MessageChoice, Notice
from linkage.registry.models import Membership

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
    """Tell everybody who acts for the organisation today, but for who did it, in the caller's
    transaction."""
    today = localdate(now)
    acting = Membership.objects.filter(
        Q(ends=None) | Q(ends__gte=today),
        Q(organisation=organisation_id) | Q(organisation__merged_into=organisation_id),
        starts__lte=today,
    )
    user_ids = set(acting.values_list("user_id", flat=True)) - {except_user_id}
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
        post(
            topic=MESSAGE,
            dedupe_key=f"{user_id}:{news.key}",
            payload={"user_id": user_id, "key": news.key},
            now=now,
        )
