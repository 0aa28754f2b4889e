"""What is remembered of each post's last look: which posts a change of another may have touched."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from linkage.market.models import PostKind
from linkage.suggestions import preference
from linkage.suggestions.best import Ranking, comes_among
from linkage.suggestions.models import LOOKS
from linkage.suggestions.services.turns import Turns

_WRITTEN = ("commodity", "day", "engine", "top", "last", "steady", "touched", "digest")
_AT_ONCE = 500


@dataclass(frozen=True)
class Change:
    """A post that changed, and its score now with each post that it suits."""

    post_id: int
    scores: Mapping[int, int]


def commodity_then(kind: PostKind, post_id: int) -> str | None:
    """The commodity that a post was of when it was last looked at."""
    rows = LOOKS[kind]._default_manager.filter(pk=post_id)
    return rows.values_list("commodity_id", flat=True).first()


def touched_by(
    change: Change,
    kind: PostKind,
    posts: Mapping[int, str],
    *,
    turns: Turns,
    today: date,
) -> set[int]:
    """Return which posts of a kind have to be looked at for a change of one of the other kind.

    `posts`: their commodities, by id. Those are left out that the change leaves as they are: it is
    none of their ten best, neither was it, and theirs withstand as many changes as there have been
    since they were looked at.
    """
    known = LOOKS[kind]._default_manager.filter(
        post__commodity__in=sorted(set(posts.values())), day=today, engine=preference.engine()
    )
    return set(posts) - {
        look.pk
        for look in known
        if look.commodity_id == posts.get(look.pk)
        and turns.touched(kind, look.commodity_id) - look.touched < look.steady
        and not comes_among(look.top, look.last, change.post_id, change.scores.get(look.pk))
    }


def changed_by(kind: PostKind, rankings: Sequence[Ranking]) -> list[Ranking]:
    """Return those that suggest something else, or otherwise, than the last look did."""
    known = LOOKS[kind]._default_manager.filter(
        pk__in=[one.post_id for one in rankings], engine=preference.engine()
    )
    digests = dict(known.values_list("pk", "digest"))
    return [one for one in rankings if digests.get(one.post_id) != one.digest]


def remember(
    kind: PostKind,
    rankings: Iterable[Ranking],
    *,
    turns: Turns,
    touching: Collection[str],
    today: date,
) -> None:
    """Write what these looks found, in the transaction that holds the turn.

    `touching`: the commodities for whose posts the caller counts a change, which is in it already.
    """
    model = LOOKS[kind]
    rows: list[Any] = [
        model(
            pk=one.post_id,
            commodity_id=one.commodity,
            day=today,
            engine=preference.engine(),
            top=list(one.top),
            last=one.last,
            steady=one.steady,
            digest=one.digest,
            touched=turns.touched(kind, one.commodity) + (one.commodity in touching),
        )
        for one in rankings
    ]
    model._default_manager.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["post"],
        update_fields=_WRITTEN,
        batch_size=_AT_ONCE,
    )
