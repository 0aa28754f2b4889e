"""Invented posts in the database, for the benches that look at stored ones."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

from django.utils import timezone

from linkage.catalogue.models import Commodity, Dimension
from linkage.market.invented import invent_organisations
from linkage.market.models import LIMITS, MODELS, AnyPost, PostKind, PostState
from linkage.registry.models import Commune, MemberRole, Membership, User

# Of so many posts one has a price limit.
LIMITED = 3
# Offers, and as many needs, to an organisation.
POSTS_EACH = 5
# The one that half of all posts are of.
COMMONEST = "garlic"
_AT_ONCE = 1_000


def fill_market(scale: int, seed: int) -> dict[PostKind, list[int]]:
    """Make so many offers and needs, half of one commodity, and the organisations of each side.

    The others are spread over the tree after Zipf's law. Each organisation has a person.
    """
    chance = random.Random(seed)  # noqa: S311
    makers = invent_organisations(max(20, 2 * scale // POSTS_EACH), communes(), chance)
    _people(makers)
    sides = {PostKind.OFFER: makers[::2], PostKind.NEED: makers[1::2]}
    others = Commodity.objects.filter(dimension=Dimension.MASS, level=3).exclude(pk=COMMONEST)
    rare = list(others.order_by("pk"))
    chance.shuffle(rare)
    common = [Commodity.objects.get(pk=COMMONEST)]
    shares = [1 / place for place in range(1, len(rare) + 1)]
    for kind in PostKind:
        of = common * (scale // 2) + chance.choices(rare, shares, k=scale - scale // 2)
        fill_side(kind, of, sides[kind], chance)
    return sides


def communes() -> list[str]:
    """The codes of all communes."""
    return list(Commune.objects.order_by("pk").values_list("pk", flat=True))


def fill_side(
    kind: PostKind, of: list[Commodity], makers: list[int], chance: random.Random
) -> list[int]:
    """Make a published post of each of these commodities; return their ids."""
    model, places = MODELS[kind], communes()
    rows: list[Any] = [_post(kind, chance, makers, commodity, places) for commodity in of]
    chance.shuffle(rows)
    made = model._default_manager.bulk_create(rows, batch_size=_AT_ONCE)
    limits: Any = LIMITS[kind]
    limits._default_manager.bulk_create(
        (limits(pk=row.pk, price=chance.randint(10, 40) * 1_000_000) for row in made[::LIMITED]),
        batch_size=_AT_ONCE,
    )
    return [row.pk for row in made]


def _post(
    kind: PostKind,
    chance: random.Random,
    makers: list[int],
    commodity: Commodity,
    places: list[str],
) -> AnyPost:
    quantity, now = chance.randint(1, 50) * 100_000, timezone.now()
    starts = timezone.localdate(now) + timedelta(days=chance.randint(-20, 60))
    return MODELS[kind](
        organisation_id=chance.choice(makers),
        state=PostState.PUBLISHED,
        commodity=commodity,
        quantity=quantity,
        unit_id="kg",
        period="once",
        total=quantity,
        starts=starts,
        ends=starts + timedelta(days=chance.randint(25, 120)),
        commune_id=chance.choice(places),
        confirmed_at=now - timedelta(days=chance.randint(0, 50)),
        published_at=now,
        created_at=now,
    )


def _people(organisations: list[int]) -> None:
    users = User.objects.bulk_create(
        (User(username=f"night-{id_}") for id_ in organisations), batch_size=_AT_ONCE
    )
    today = timezone.localdate()
    Membership.objects.bulk_create(
        (
            Membership(user=user, organisation_id=id_, role=MemberRole.ADMIN, starts=today)
            for user, id_ in zip(users, organisations, strict=True)
        ),
        batch_size=_AT_ONCE,
    )
