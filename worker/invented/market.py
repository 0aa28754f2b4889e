"""The posts and the talks of the demonstration. Pure.

Cooperatives of the sample register offer and ask beside those who are made here, but nothing is
agreed with them: an agreement would move the figures. Talks stand at every stage, and some came to
their end months ago, kept or not.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from linkage.agreements.models import Side
from linkage.market.models import PostKind
from worker.invented.contracts import months_of
from worker.invented.goods import COLLECTING, Good
from worker.invented.town import Facts, Firm, Town

# An organisation that is made, or the id of one that the register has.
Owner = Firm | int

# Nobody posts what is harvested later than that.
LOOKS_AHEAD_DAYS = 120
# A window that is open began so long ago, so that something has been handed over under it.
BEGAN_DAYS = 14
LONGEST_DAYS = 75
# What came to its end: its window, in days before today.
PAST = (120, 60)


@dataclass(frozen=True, slots=True)
class Season:
    """When a good is handed over: from `starts` to `ends`; `a_week`: what a producer sells then."""

    good: Good
    starts: date
    ends: date

    @property
    def a_week(self) -> int:
        return self.good.a_day * 7 // self.good.producers


@dataclass(frozen=True, slots=True)
class Post:
    """An offer or a need: `a_week` of its unit from `starts` to `ends`, posted so many days ago.

    `limit`: đồng for one unit, the least of an offer and the most of a need, or None.
    """

    owner: Owner
    kind: PostKind
    commodity: str
    unit: str
    a_week: int
    starts: date
    ends: date
    days_ago: int
    limit: int | None


@dataclass(frozen=True, slots=True)
class Step:
    """What a side does so many days ago."""

    days_ago: int
    act: str
    side: Side


@dataclass(frozen=True, slots=True)
class Talk:
    """Talks between an offer and a need (both are posts of the plan), step by step.

    `price`: đồng for one unit. `delivered_percent`: how much of what was agreed is handed over by
    today, of what is due by now; None where nothing is.
    """

    offer: Post
    need: Post
    price: int
    steps: tuple[Step, ...]
    delivered_percent: int | None = None


_SELLER, _BUYER = Side.SELLER, Side.BUYER
_AGREED = (Step(12, "propose", _BUYER), Step(10, "propose", _SELLER), Step(8, "accept", _BUYER))
_COURSES = (
    ((Step(2, "ask", _BUYER),), None),
    (_AGREED, 95),
    ((Step(6, "ask", _BUYER), Step(5, "answer", _SELLER), Step(3, "propose", _BUYER)), None),
    ((*_AGREED, Step(2, "verify", _SELLER)), 100),
    ((Step(7, "propose", _BUYER), Step(4, "propose", _SELLER)), None),
    ((Step(9, "propose", _SELLER), Step(6, "decline", _BUYER)), None),
    ((*_AGREED, Step(3, "terminate", _SELLER)), 40),
    ((Step(9, "ask", _SELLER), Step(8, "answer", _BUYER)), None),
    ((Step(8, "propose", _BUYER), Step(4, "withdraw", _BUYER)), None),
)
_PAST_COURSE = (
    Step(PAST[0] + 8, "propose", _BUYER),
    Step(PAST[0] + 6, "propose", _SELLER),
    Step(PAST[0] + 4, "accept", _BUYER),
)

# With the cooperative that somebody acts for: its answer is asked for.
_WAITING = (
    (Step(0, "ask", _BUYER),),
    (Step(3, "ask", _BUYER), Step(0, "propose", _BUYER)),
    (Step(3, "propose", _SELLER), Step(0, "propose", _BUYER)),
)
# With the buyer that somebody acts for.
_OF_BUYERS = (_AGREED, (Step(0, "ask", _SELLER),), (Step(0, "propose", _SELLER),))


@dataclass(frozen=True)
class Market:
    """All posts and all talks, in the order in which they are made."""

    posts: Sequence[Post]
    talks: Sequence[Talk]


@dataclass(frozen=True)
class Register:
    """What the register has of those who post: by commodity the ids of cooperatives that make it.

    For the cooperative and the buyer for whom somebody signs in, the talks wait for an answer.
    """

    makers: Mapping[str, Sequence[int]]
    cooperative: int
    buyer: int


def market_of(facts: Facts, town: Town, register: Register, chance: random.Random) -> Market:
    """Return what is offered, needed and talked about."""
    posts: list[Post] = []
    talks: list[Talk] = []
    seasons = [one for good in facts.goods if (one := season_from(good, facts)) is not None]
    for season in seasons:
        good = season.good
        offers = _offers(season, town, register.makers.get(good.code, ()), chance)
        needs = _needs(season, town, chance)
        posts += [*offers, *needs]
        # What has not begun is not delivered, nor verified.
        courses = _COURSES if season.starts <= facts.today else _COURSES[:1]
        steps, part = courses[len(talks) % len(courses)]
        talks.append(Talk(offers[0], needs[0], good.price, steps, part))
        if len(offers) > 2:
            # With a cooperative of the register nothing is agreed.
            talks.append(Talk(offers[-1], needs[1], good.price, _COURSES[0][0]))
    open_now = [one for one in seasons if one.starts <= facts.today]
    others = [*_past(facts, town, chance), *_of_members(open_now, town, register, chance)]
    posts += [post for talk in others for post in (talk.offer, talk.need)]
    return Market(posts, [*talks, *others])


def season_from(good: Good, facts: Facts) -> Season | None:
    """When the good is handed over next, at most 75 days; None where that is too far off."""
    months = months_of(good, facts)
    first = facts.today - timedelta(days=BEGAN_DAYS)
    days = [first + timedelta(days=n) for n in range(LOOKS_AHEAD_DAYS)]
    starts = next((day for day in days if day.month in months), None)
    if starts is None:
        return None
    ends = starts
    while (ends + timedelta(days=1)).month in months and (ends - starts).days < LONGEST_DAYS:
        ends += timedelta(days=1)
    return Season(good, starts, ends) if ends > facts.today else None


def _offers(season: Season, town: Town, known: Sequence[int], chance: random.Random) -> list[Post]:
    """Of two producers and up to two cooperatives of the register."""
    producers = chance.sample(town.producers[season.good.code], 2)
    cooperatives = chance.sample(known, min(2, len(known)))
    owners: list[Owner] = [*producers, *cooperatives]
    return [
        _post(owner, PostKind.OFFER, season, chance.randint(20, 60), chance) for owner in owners
    ]


def _needs(season: Season, town: Town, chance: random.Random) -> list[Post]:
    """Of two retailers, and of the processor where there is one."""
    buyers = chance.sample(town.retailers, 2)
    if season.good.code in town.processors:
        buyers.append(town.processors[season.good.code])
    return [
        _post(buyer, PostKind.NEED, season, chance.randint(20, 120), chance) for buyer in buyers
    ]


def _post(
    owner: Owner, kind: PostKind, season: Season, percent: int, chance: random.Random
) -> Post:
    """A post of so many percent of what a producer sells, with or without a limit."""
    good, amount = season.good, season.a_week * percent // 100
    low, high = (85, 100) if kind is PostKind.OFFER else (97, 115)
    step = 50 if amount >= 500 else 10
    price = good.price * chance.randint(low, high) // 10_000 * 100
    return Post(
        owner=owner,
        kind=kind,
        commodity=good.code,
        unit=good.unit,
        a_week=max(step, amount // step * step),
        starts=season.starts,
        ends=season.ends,
        days_ago=chance.randint(15, 30),
        limit=price if chance.random() < 0.6 else None,
    )


def _past(facts: Facts, town: Town, chance: random.Random) -> list[Talk]:
    """Eight agreements that are over: six were kept, of two too little came."""
    starts, ends = (facts.today - timedelta(days=days) for days in PAST)
    sold = [
        Season(good, starts, ends)
        for good in facts.goods
        if {starts.month, ends.month} <= {*months_of(good, facts)} and good.producers > 2
    ]
    talks = []
    for number, season in enumerate(sold[:8]):
        producer, shop = town.producers[season.good.code][0], chance.choice(town.retailers)
        offer, need = (
            replace(_post(owner, kind, season, 30, chance), days_ago=PAST[0] + 15, limit=None)
            for owner, kind in ((producer, PostKind.OFFER), (shop, PostKind.NEED))
        )
        part = 98 if number < 6 else 55
        talks.append(Talk(offer, need, season.good.price, _PAST_COURSE, part))
    return talks


def _of_members(
    seasons: Sequence[Season], town: Town, register: Register, chance: random.Random
) -> list[Talk]:
    """What waits for the two who sign in, and what the buyer has agreed with a producer."""
    talks = []
    # Where most sell to one collector, the structure of the linkages has something to say.
    mixed = chance.sample(seasons, len(seasons))
    mixed.sort(key=lambda one: (COLLECTING in one.good.without, -one.good.producers))
    chosen = mixed[: len(_WAITING)]
    for season, steps, asked in zip(chosen, _WAITING, _OF_BUYERS, strict=True):
        offer, need, sold, bought = (
            _post(owner, kind, season, 30, chance)
            for owner, kind in (
                (register.cooperative, PostKind.OFFER),
                (chance.choice(town.retailers), PostKind.NEED),
                (town.producers[season.good.code][0], PostKind.OFFER),
                (register.buyer, PostKind.NEED),
            )
        )
        talks.append(Talk(offer, need, season.good.price, steps))
        talks.append(Talk(sold, bought, season.good.price, asked, 100))
    return talks
