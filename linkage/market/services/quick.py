"""The quick post: an ordinary post, and beside it what the person corrected of what was read."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.timezone import localdate

from linkage.market.amounts import amount_in
from linkage.market.corrections import Correction, Written, corrections_of
from linkage.market.models import AnyPost, Offer, PostKind, QuickField, QuickPostCorrection
from linkage.market.parties import commune_of
from linkage.market.quick import checked, draft_at, proposal_of
from linkage.market.quickpost import read
from linkage.market.services.posts import Limit, create_post
from linkage.market.terms import Terms, marks_of
from linkage.registry.access import Actor

KEPT_FOR = timedelta(days=730)


def post_quickly(
    *,
    actor: Actor,
    kind: PostKind,
    organisation_id: int,
    terms: Terms,
    limit: Limit | None,
    message: str,
    number: int,
    now: datetime,
) -> AnyPost:
    """Publish a post that began as one message, and keep what differs from what was read of it.

    `number`: which of the message's products it is. What is kept names neither who wrote it nor for
    whom, and no price. Raises as `create_post`; TextInvalid. Nothing is written then.
    """
    text, today = checked(message), localdate(now)
    with transaction.atomic():
        made = create_post(
            actor=actor, kind=kind, organisation_id=organisation_id, terms=terms, limit=limit,
            publish=True, now=now,
        )  # fmt: skip
        reading = read(text, today=today)
        proposal = proposal_of(draft_at(reading, number))
        written = _written(kind, made, limit, today)
        QuickPostCorrection.objects.bulk_create(
            _row(one, today) for one in corrections_of(reading, number, proposal, written, today)
        )
    return made


def _written(kind: PostKind, post: AnyPost, limit: Limit | None, today: date) -> Written:
    own = commune_of(post.organisation_id, today)
    marks = marks_of(post).all()
    codes = (m.certification_id if isinstance(post, Offer) else m.pk for m in marks)
    return Written(
        side=kind.value,
        commodity=post.commodity_id,
        quantity=f"{amount_in(post.quantity, post.unit):f} {post.unit_id} {post.period}",
        starts=post.starts,
        ends=post.ends,
        commune=post.commune_id,
        own_commune=own.pk if own else "",
        certifications=frozenset(codes),
        price=limit.price if limit else None,
        price_unit=limit.unit_code if limit else "",
    )


def _row(one: Correction, today: date) -> QuickPostCorrection:
    day = today.replace(day=1) if one.field == QuickField.PRICE else today
    return QuickPostCorrection(
        day=day, field=one.field, phrase=one.phrase, read=one.read[:100],
        published=one.published[:100],
    )  # fmt: skip


def forget_corrections(*, now: datetime) -> int:
    """Delete the corrections that were kept long enough; how many were. The schedule calls it."""
    old = QuickPostCorrection.objects.filter(day__lt=localdate(now) - KEPT_FOR)
    deleted, _rows = old.delete()
    return deleted
