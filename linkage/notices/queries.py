"""The reads of notices: everybody's own, and nobody else's."""

from __future__ import annotations

from django.db.models import QuerySet

from linkage.errors import NotFound
from linkage.notices.models import MessageChoice, Notice
from linkage.registry.access import Actor


def inbox(*, actor: Actor, unread: bool = False) -> QuerySet[Notice]:
    """Return what the actor was told, newest first; `unread`: what they have not read alone."""
    rows = Notice.objects.filter(user=actor.user_id)
    if unread:
        rows = rows.filter(read_at=None)
    return rows.select_related("organisation").order_by("-pk")


def unread_count(*, actor: Actor) -> int:
    """Return how many notices the actor has not read: one query, on every page."""
    return Notice.objects.filter(user=actor.user_id, read_at=None).count()


def notice(*, actor: Actor, notice_id: int) -> Notice:
    """Return an own notice. Raises: NotFound, also for another person's."""
    found = inbox(actor=actor).filter(pk=notice_id).first()
    if found is None:
        raise NotFound
    return found


def chosen_kinds(*, actor: Actor) -> set[str]:
    """Return the kinds of which the actor wants a message too."""
    return set(MessageChoice.objects.filter(user=actor.user_id).values_list("kind", flat=True))
