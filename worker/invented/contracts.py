"""The contracts of the demonstration and what was delivered under them in two years. Pure.

A producer sells through the months of its harvest, and from store as long as its product keeps;
what has no months in the reference data is sold all the year. Deliveries are weekly, inputs come
every fourth week. What a collector or a processor sells follows from what it bought.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from worker.invented.goods import INPUT_GOODS, INPUTS, Good, Input
from worker.invented.town import Facts, Firm, Town

WEEKS = 104
YEAR = 365
# Of a hundred parts that a collector buys it sells on so many.
KEPT_BY_COLLECTORS = 97
# Of how many producers it is known where they buy.
INPUTS_KNOWN_OF = 0.6
# Days before today on which contracts began, and after it on which they end.
BEGAN = (731, 900)
ENDS = (40, 700)


@dataclass(frozen=True, slots=True)
class Trade:
    """Who sells what to whom: `a_year` units on average; `every`: weeks between deliveries."""

    seller: Firm
    buyer: Firm
    commodity: str
    unit: str
    a_year: int
    months: Sequence[int]
    every: int = 1


@dataclass(frozen=True, slots=True)
class Contract:
    """A contract on paper for a trade, as its seller declares it.

    `quantity` is in the trade's unit. `is_confirmed` by the buyer, then `is_verified` by the city;
    one that is `terminated_on` a day has no deliveries from then on.
    """

    trade: Trade
    number: str
    starts: date
    ends: date
    quantity: int
    is_confirmed: bool
    is_verified: bool
    terminated_on: date | None = None
    deliveries: tuple[tuple[date, int], ...] = ()


def contracts_of(facts: Facts, town: Town, chance: random.Random) -> list[Contract]:
    """Return every contract with its deliveries, each once; the same for the same chance."""
    return [
        _contract(trade, number, facts.today, chance)
        for number, trade in enumerate(trades_of(facts, town, chance), start=1)
    ]


def trades_of(facts: Facts, town: Town, chance: random.Random) -> list[Trade]:
    """Return who sells what to whom and how much of it."""
    inputs = {one.code: one for one in INPUT_GOODS}
    return [
        trade
        for good in facts.goods
        for trade in _of_good(good, inputs[good.needs], facts, town, chance)
    ]


def months_of(good: Good, facts: Facts) -> tuple[int, ...]:
    """The months in which producers sell: those of the harvest, and as long as it keeps."""
    harvest = facts.months.get(good.code, range(1, 13))
    months = {(month + later - 1) % 12 + 1 for month in harvest for later in range(good.keeps + 1)}
    return tuple(sorted(months))


def _of_good(
    good: Good, needed: Input, facts: Facts, town: Town, chance: random.Random
) -> Iterator[Trade]:
    months = months_of(good, facts)
    bought: dict[Firm, int] = {}
    producers = town.producers[good.code]
    for producer in producers:
        a_year = good.a_day * YEAR // len(producers)
        for buyer, part in _sold_to(good, town, chance):
            bought[buyer] = bought.get(buyer, 0) + part * a_year // 100
            yield Trade(producer, buyer, good.code, good.unit, part * a_year // 100, months)
        if INPUTS not in good.without and chance.random() < INPUTS_KNOWN_OF:
            dealer = chance.choice(town.dealers[needed.code])
            amount = max(1, needed.part * a_year // 1_000)
            yield Trade(dealer, producer, needed.code, needed.unit, amount, months, every=4)
    for collector in town.collectors.get(good.code, []):
        left = bought.get(collector, 0) * KEPT_BY_COLLECTORS // 100
        for shop in chance.sample(town.retailers, 2) if left else ():
            yield Trade(collector, shop, good.code, good.unit, left // 2, months)
    if good.becomes and bought.get(town.processors[good.code]):
        part, whole = facts.yields[good.code, good.becomes]
        made = bought[town.processors[good.code]] * part // whole
        shop = chance.choice(town.retailers)
        yield Trade(town.processors[good.code], shop, good.becomes, "kg", made, range(1, 13))


def _sold_to(good: Good, town: Town, chance: random.Random) -> list[tuple[Firm, int]]:
    """To whom a producer sells, with the part of a hundred; one in three hangs on one buyer."""
    collectors = town.collectors.get(good.code, [])
    first = chance.choice(collectors or town.retailers)
    others = [shop for shop in town.retailers if shop != first]
    processor = town.processors.get(good.code)
    if processor and chance.random() < 0.6:
        return [(first, 65), (processor, 35)]
    if chance.random() < 1 / 3:
        return [(first, 100)]
    return [(first, 70), (chance.choice(others), 30)]


def _contract(trade: Trade, number: int, today: date, chance: random.Random) -> Contract:
    starts = today - timedelta(days=chance.randint(*BEGAN))
    ends = today + timedelta(days=chance.randint(*ENDS))
    course = chance.random()
    terminated_on = today - timedelta(days=chance.randint(20, 300)) if course < 0.05 else None
    if 0.05 <= course < 0.12:
        ends = today - timedelta(days=chance.randint(10, 200))
    if 0.12 <= course < 0.2:
        starts = today - timedelta(days=chance.randint(60, 500))
    last = min(terminated_on or ends, ends, today)
    return Contract(
        trade=trade,
        number=f"MAU-{number:03}/{starts.year}",
        starts=starts,
        ends=ends,
        quantity=max(1, trade.a_year * ((ends - starts).days + 1) // YEAR),
        is_confirmed=chance.random() < 0.92,
        is_verified=chance.random() < 0.7,
        terminated_on=terminated_on,
        deliveries=tuple(_deliveries(trade, starts, last, today, chance)),
    )


def _deliveries(
    trade: Trade, starts: date, last: date, today: date, chance: random.Random
) -> Iterator[tuple[date, int]]:
    """Each a fifth more or less than its share; none before the contract or after its last day."""
    in_season = sum((today - timedelta(days=n)).month in trade.months for n in range(YEAR))
    share = trade.a_year * 7 * trade.every // max(7, in_season)
    weekday = chance.randrange(7)
    for week in range(WEEKS - 1, -1, -trade.every):
        on = today - timedelta(days=7 * week + weekday)
        amount = share * chance.randint(80, 120) // 100
        step = 10 if amount >= 1_000 else 1
        if starts <= on <= last and on.month in trade.months and amount >= step:
            yield on, amount // step * step
