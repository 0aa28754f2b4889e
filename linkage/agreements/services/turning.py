"""What the calendar does to linkages: begin, end, lapse, and the notice before the end."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.timezone import localdate

from linkage.agreements.models import TALKING_STATES, Linkage, Origin, Reservation, State
from linkage.agreements.services.parties import tell_both
from linkage.agreements.services.reserving import end, settle
from linkage.agreements.services.states import hold, move
from linkage.errors import Conflict
from linkage.notices.models import Kind
from linkage.registry.access import OPERATOR
from linkage.registry.constraints import refusals

logger = logging.getLogger(__name__)
UNANSWERED_DAYS = 30
RUNNING_OUT_DAYS = 30


@dataclass(frozen=True, slots=True)
class Turned:
    """How many linkages a night moved or spoke of; `broken`: which it could not, by id."""

    begun: int
    put_off: int
    ended: int
    lapsed: int
    running_out: int
    settled: int
    broken: tuple[int, ...]


def turn_the_day(
    *, now: datetime, progress: Callable[[int, int], None] = lambda done, total: None
) -> Turned:
    """Move what begins, ends and lapses by today; tell both sides of what ends within 30 days.

    Each linkage in a transaction of its own, each conditional on what was read: run twice or beside
    people at work, each is moved once. Of a contract on paper the days may have been put right:
    then it stands again where they say. Nobody is told of the end of what the register brought.
    One that does not add up stays as it is, is logged and named; the others are turned.
    """
    today = localdate(now)
    work: list[tuple[str, Callable[[int, datetime], bool], list[int]]] = [
        ("begun", _begin, _ids(_beginning(today))),
        ("put_off", _put_off, _ids(_put_right(today))),
        ("ended", _end, _ids(_over(today))),
        ("lapsed", _lapse, _ids(_quiet(now))),
        ("running_out", _remind, _ids(_running_out(today))),
        ("settled", _settle, _unsettled(today)),
    ]
    total, done = sum(len(ids) for _name, _act, ids in work), 0
    counts: dict[str, int] = {}
    broken: set[int] = set()
    for name, act, ids in work:
        counts[name] = 0
        for id_ in ids:
            try:
                with refusals():
                    counts[name] += act(id_, now)
            except Conflict as refusal:
                logger.error("linkage %s cannot be %s: %s", id_, name, refusal.code)
                broken.add(id_)
            done += 1
            progress(done, total)
    return Turned(**counts, broken=tuple(sorted(broken)))


def _ids(rows: QuerySet[Linkage]) -> list[int]:
    return list(rows.order_by("pk").values_list("pk", flat=True))


_ON_PAPER = ~Q(origin=Origin.PLATFORM)


def _beginning(today: date) -> QuerySet[Linkage]:
    """What begins, and on paper also what has another end than the one that was over."""
    waiting = Q(state=State.AGREED) | _ON_PAPER & Q(state=State.ENDED)
    begun = Linkage.objects.filter(waiting, starts__lte=today)
    return begun.filter(Q(ends=None) | Q(ends__gte=today))


def _put_right(today: date) -> QuerySet[Linkage]:
    """What was taken for begun and begins later."""
    begun = [State.IN_FORCE, State.ENDED]
    return Linkage.objects.filter(_ON_PAPER, state__in=begun, starts__gt=today)


def _over(today: date) -> QuerySet[Linkage]:
    return Linkage.objects.filter(state__in=[State.AGREED, State.IN_FORCE], ends__lt=today)


def _quiet(now: datetime) -> QuerySet[Linkage]:
    """Talks in which nobody has proposed or written anything for so long."""
    before = now - timedelta(days=UNANSWERED_DAYS)
    # What is a part of a pool lapses with it.
    talking = Linkage.objects.filter(state__in=sorted(TALKING_STATES), pool=None)
    return talking.exclude(Q(terms__proposed_at__gt=before) | Q(messages__written_at__gt=before))


def _running_out(today: date) -> QuerySet[Linkage]:
    """What ends soon and lasts longer than the notice."""
    last = today + timedelta(days=RUNNING_OUT_DAYS)
    ours = Linkage.objects.exclude(origin=Origin.REGISTER)
    soon = ours.filter(state__in=[State.AGREED, State.IN_FORCE], ends__gte=today, ends__lte=last)
    return soon.filter(starts__lt=F("ends") - timedelta(days=RUNNING_OUT_DAYS))


def _unsettled(today: date) -> list[int]:
    """What something else than these services ended, such as an import, holds nothing any more.

    On the day of a termination and not before: till then it counts as in force.
    """
    ended = Q(linkage__state=State.ENDED)
    terminated = Q(linkage__state=State.TERMINATED, linkage__terminated_on__lte=today)
    over = Reservation.objects.filter(ended | terminated, state=Reservation.State.LIVE)
    return list(over.order_by("linkage").values_list("linkage", flat=True))


def _held(linkage_id: int, rows: QuerySet[Linkage]) -> Linkage | None:
    """Claim the linkage, if it still is what was read.

    Locked before it is looked at: what others were just writing, such as an answer, is seen. The
    version of one on paper stays: its days were known to whoever read it, and an import can be
    undone although a night went by.
    """
    hold(linkage_id)
    if not rows.filter(pk=linkage_id).exists():
        return None
    agreed_here = Linkage.objects.filter(pk=linkage_id).exclude(_ON_PAPER)
    agreed_here.update(version=F("version") + 1)
    return Linkage.objects.get(pk=linkage_id)


def _begin(linkage_id: int, now: datetime) -> bool:
    with transaction.atomic():
        linkage = _held(linkage_id, _beginning(localdate(now)))
        if linkage is not None:
            move(linkage, State.IN_FORCE, actor=OPERATOR, now=now)
    return linkage is not None


def _put_off(linkage_id: int, now: datetime) -> bool:
    with transaction.atomic():
        linkage = _held(linkage_id, _put_right(localdate(now)))
        if linkage is not None:
            move(linkage, State.AGREED, actor=OPERATOR, now=now)
    return linkage is not None


def _end(linkage_id: int, now: datetime) -> bool:
    with transaction.atomic():
        linkage = _held(linkage_id, _over(localdate(now)))
        if linkage is not None:
            end(linkage, State.ENDED, actor=OPERATOR, now=now)
    return linkage is not None


def _lapse(linkage_id: int, now: datetime) -> bool:
    with transaction.atomic():
        linkage = _held(linkage_id, _quiet(now))
        if linkage is not None:
            move(linkage, State.LAPSED, actor=OPERATOR, now=now)
            tell_both(linkage, Kind.ANSWER, "lapsed", key="lapsed", now=now)
    return linkage is not None


def _remind(linkage_id: int, now: datetime) -> bool:
    with transaction.atomic():
        linkage = _running_out(localdate(now)).filter(pk=linkage_id).first()
        if linkage is None or linkage.ends is None:
            return False
        ends = linkage.ends.isoformat()
        key, data = f"running_out:{ends}", {"ends": ends}
        tell_both(linkage, Kind.RUNNING_OUT, "ends_soon", key=key, now=now, data=data)
    return True


def _settle(linkage_id: int, now: datetime) -> bool:
    with transaction.atomic():
        settle(linkage_id, now=now)
    return True
