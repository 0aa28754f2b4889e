"""Tells both sides of a pair that the city suggests: of a plan, or introduced by the office."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.utils import translation
from django.utils.timezone import localdate

from linkage.market.amounts import about_in_words
from linkage.market.models import AnyPost, PostKind
from linkage.notices.models import Kind
from linkage.notices.services import News, Told, tell_all
from linkage.registry.acting import people_of_each
from linkage.suggestions.models import Introduction, PlanLine

# What has to be read along with each row.
PARTS = [
    f"{kind}__{name}"
    for kind in PostKind
    for name in ("unit", "commodity", "organisation__merged_into")
]


def tell_both_sides(rows: Iterable[PlanLine | Introduction], *, now: datetime) -> None:
    """Tell the people of both sides of each row, in the caller's transaction."""
    rows = list(rows)
    parties = {post.organisation.survivor_id for row in rows for post in (row.offer, row.need)}
    people: Mapping[int, set[int]] = people_of_each(parties, localdate(now))
    told = []
    for row in rows:
        for kind in PostKind:
            own: AnyPost = getattr(row, kind)
            party = own.organisation.survivor_id
            told.append(Told(_news(row, kind, own), people.get(party, set()), party))
    tell_all(told, now=now)


def _news(row: PlanLine | Introduction, kind: PostKind, own: AnyPost) -> News:
    other: AnyPost = getattr(row, kind.other)
    data = {"commodity": own.commodity.name_vi, "organisation": other.organisation.survivor.name}
    if isinstance(row, PlanLine):
        return News(
            kind=Kind.MATCH,
            what=f"city_{kind}",
            subject_kind="plan_line",
            subject_id=row.pk,
            key=f"plan:{row.pk}:{kind}",
            data={**data, "amount": _amount(row.quantity, own)},
        )
    return News(
        kind=Kind.MATCH,
        what=f"introduced_{kind}",
        subject_kind="introduction",
        subject_id=row.pk,
        key=f"introduction:{row.pk}:{kind}",
        data=data,
    )


def _amount(quantity: int, own: AnyPost) -> str:
    # A notice is read in any language; what it quotes is written once.
    with translation.override("vi"):
        words = about_in_words(quantity, own.unit) if own.unit.base_units else ""
    return words or str(quantity)
