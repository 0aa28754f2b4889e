"""The match in SQL, as well as PostgreSQL can be asked for it: the peer of `bench matching`.

Whatever can be worked out once for each row is a column, as it is for the engine: places in
radians, standing, freshness, the last day of each certificate and of what satisfies it. Offers are
clustered by the number of their commodity in the tree and their latitude: a need reads a run of its
branch, cut by its box where it sets a distance. Cheap rules come before distances, and those before
the score. The needs are divided among connections, one for each of two cores.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import numpy as np
import psycopg

from linkage.matching import WEIGHTS, Board
from linkage.matching.columns import UNSET, Ints
from linkage.matching.prepared import prepare
from linkage.matching.rules import MEAN_RADIUS_M, freshness
from linkage.suggestions.bench.posts import CERTIFICATES

_SHARED = """id int, organisation int, tax_party int, active bool, enter int, leave int, depth int,
 measure int, quantity bigint, period int, starts int, ends int, price bigint, latitude float8,
 longitude float8, cosine float8, furthest int, fresh int, standing int, cooperative bool,
 verified bool"""
_TABLES = (
    f"CREATE TABLE offers ({_SHARED}, own int[], good int[])",
    f"CREATE TABLE needs ({_SHARED}, asked int[], south float8, north float8)",
)
_INDEXED = (
    "CREATE INDEX offers_by_branch ON offers (enter, latitude)",
    "CLUSTER offers USING offers_by_branch",
    "VACUUM ANALYZE offers",
    "VACUUM ANALYZE needs",
)
_SETTINGS = (
    "SET jit = off",
    "SET work_mem = '64MB'",
)
_HELD = " + ".join(f"(coalesce(own[{c}], -1) >= first_day)::int" for c in range(1, 9))
# No plan with LIMIT inside LATERAL is parallel, so each connection takes its share of the needs.
WORKERS = 2
QUERY = f"""
SELECT n.id AS need, m.id AS offer, m.score
FROM needs n CROSS JOIN LATERAL (
  SELECT o.id,
    ({WEIGHTS.quantity} * CASE WHEN o.measure <> n.measure THEN 0
        WHEN o.offered >= o.needed THEN 10000 ELSE 10000 * o.offered / o.needed END
     + {WEIGHTS.window} * (10000 * o.days / (n.ends - n.starts + 1))
     + {WEIGHTS.nearness} * greatest(0, 10000 - 10000 * o.metres
        / greatest(1, CASE WHEN n.furthest < 0 THEN 100000 ELSE n.furthest END))
     + {WEIGHTS.commodity} * CASE o.depth - n.depth WHEN 0 THEN 10000 WHEN 1 THEN 8000
        WHEN 2 THEN 6000 ELSE 4000 END
     + {WEIGHTS.certificates} * (5000 + 2500 * least(2, {_HELD}
        - CASE WHEN n.asked IS NULL THEN 0 ELSE
          (SELECT count(*) FROM unnest(n.asked) c WHERE o.own[c] >= o.first_day) END))
     + {WEIGHTS.freshness} * CASE WHEN o.fresh < 0 OR n.fresh < 0 THEN 5000
        ELSE least(o.fresh, n.fresh) END
     + {WEIGHTS.standing} * least(o.standing, n.standing)
     + {WEIGHTS.preference} * CASE
        WHEN (o.cooperative AND NOT o.verified) OR (n.cooperative AND NOT n.verified) THEN 10000
        WHEN o.cooperative OR n.cooperative THEN 0 ELSE 5000 END) / 10000 AS score
  FROM (
    SELECT p.*, p.last_day - p.first_day + 1 AS days,
      CASE p.period WHEN 0 THEN p.quantity
        ELSE p.quantity * (p.last_day - p.first_day + 1) / p.period END AS offered,
      CASE n.period WHEN 0 THEN n.quantity
        ELSE n.quantity * (p.last_day - p.first_day + 1) / n.period END AS needed
    FROM (
      SELECT q.*, greatest(q.starts, n.starts) AS first_day,
        CASE WHEN n.asked IS NULL THEN least(q.ends, n.ends)
          ELSE least(q.ends, n.ends, (SELECT min(q.good[c]) FROM unnest(n.asked) c))
        END AS last_day,
        floor({MEAN_RADIUS_M} * 2 * asin(sqrt(least(1,
          sin((n.latitude - q.latitude) / 2) * sin((n.latitude - q.latitude) / 2)
          + q.cosine * n.cosine * sin((n.longitude - q.longitude) / 2)
          * sin((n.longitude - q.longitude) / 2)))) + 0.5)::bigint AS metres
      FROM offers q
      WHERE q.active AND q.enter >= n.enter AND q.enter < n.leave
        AND q.latitude >= n.south AND q.latitude <= n.north
        AND q.starts <= n.ends AND q.ends >= n.starts
        AND (q.price < 0 OR n.price < 0 OR (q.price <= n.price AND q.measure = n.measure))
        AND q.organisation <> n.organisation
        AND (q.tax_party < 0 OR q.tax_party <> n.tax_party)
      OFFSET 0
    ) p
    WHERE p.first_day <= p.last_day AND (n.furthest < 0 OR p.metres <= n.furthest)
      AND (p.furthest < 0 OR p.metres <= p.furthest)
    OFFSET 0
  ) o
  ORDER BY score DESC, id LIMIT %(top)s
) m
WHERE n.active AND n.id %% {WORKERS} = %(worker)s
"""  # noqa: S608  # made of constants alone


@dataclass(frozen=True, slots=True)
class Answered:
    """How long each run took, the last answer as columns, and the plan."""

    seconds: list[float]
    need: Ints
    offer: Ints
    score: Ints
    plan: str


def answer(posts: Board, url: str, top: int, runs: int) -> Answered:
    """Load the posts, ask, and leave nothing behind. Raises: psycopg.Error."""
    with _filled(posts, url) as (connection, schema):
        seconds = []
        for _ in range(runs):
            for worker in range(WORKERS):
                connection.execute(f"DROP TABLE IF EXISTS found_{worker}")
            started = time.perf_counter()
            with ThreadPoolExecutor(WORKERS) as pool:
                list(pool.map(lambda worker: _find(url, schema, worker, top), range(WORKERS)))
            seconds.append(time.perf_counter() - started)
        rows = [
            row for worker in range(WORKERS) for row in connection.execute(f"TABLE found_{worker}")
        ]
        plan = connection.execute("EXPLAIN " + QUERY % {"top": top, "worker": 0}).fetchall()
        found = np.array(rows, dtype=np.int64).reshape(-1, 3).T
        return Answered(seconds, found[0], found[1], found[2], "\n".join(line for (line,) in plan))


def _find(url: str, schema: str, worker: int, top: int) -> None:
    """One connection's share of the needs, into a table of its own."""
    query = QUERY % {"top": top, "worker": worker}
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in (f"SET search_path = {schema}", *_SETTINGS):
            connection.execute(statement)
        connection.execute(f"CREATE UNLOGGED TABLE found_{worker} AS {query}")


@contextmanager
def _filled(posts: Board, url: str) -> Iterator[tuple[psycopg.Connection[Any], str]]:
    """A schema of its own with both tables, indexed; dropped at the end."""
    schema = f"bench_{uuid4().hex[:12]}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {schema}")
        try:
            for statement in (f"SET search_path = {schema}", *_SETTINGS, *_TABLES):
                connection.execute(statement)
            _copy(connection, posts)
            for statement in _INDEXED:
                connection.execute(statement)
            yield connection, schema
        finally:
            connection.execute(f"DROP SCHEMA {schema} CASCADE")


def _copy(connection: psycopg.Connection[Any], posts: Board) -> None:
    p = prepare(posts)
    own = [_array(row[:CERTIFICATES]) for row in p.last_day.tolist()]
    good = [_array(row[:CERTIFICATES]) for row in p.good_until.tolist()]
    asked = [_array([c + 1 for c in row if c < CERTIFICATES]) or None for row in p.asked.tolist()]
    south, north = _boxes(p.needs.max_distance_m, p.need_places.latitude)
    offers = [*_shared(posts, posts.offers, p.offer_places, p.offer_standing), own, good]
    needs = [
        *_shared(posts, posts.needs, p.need_places, p.need_standing),
        *(asked, south.tolist(), north.tolist()),
    ]
    for table, columns in (("offers", offers), ("needs", needs)):
        with connection.cursor().copy(f"COPY {table} FROM STDIN") as copy:
            for row in zip(*columns, strict=True):
                copy.write_row(row)


def _shared(posts: Board, side: Any, places: Any, standing: Ints) -> list[list[Any]]:
    tree = posts.tree
    fresh = freshness(side, posts.day)
    columns = (
        *(side.id, side.organisation, side.tax_party, side.active),
        *(tree.enter[side.commodity], tree.leave[side.commodity], tree.depth[side.commodity]),
        *(side.measure, side.quantity, side.period_days, side.starts, side.ends, side.price_limit),
        *(places.latitude, places.longitude, places.cosine, side.max_distance_m, fresh, standing),
        *(side.cooperative, side.verified),
    )
    return [column.tolist() for column in columns]


def _boxes(furthest: Ints, latitude: Any) -> tuple[Any, Any]:
    """From how far south to how far north a need looks; a hair more, for rounding."""
    reach = np.where(furthest == UNSET, 10.0, (furthest + 1) / MEAN_RADIUS_M)
    return latitude - reach, latitude + reach


def _array(values: list[int]) -> str:
    return "{" + ",".join(map(str, values)) + "}" if values else ""
