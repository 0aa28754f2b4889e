"""How long own suggestions take beside an empty list, asked of a running server by four clients."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import numpy as np
from django.utils import timezone

from linkage.registry.access import Actor
from linkage.registry.models import MemberRole, Membership
from linkage.registry.services import make_token
from linkage.suggestions import queries

CLIENTS, ASKED, WARMING = 4, 150, 10
FULL, EMPTY = "own suggestions", "empty list"


@dataclass(frozen=True)
class Client:
    """A buyer: its suggestions, and the offers that it has none of. A key for each."""

    organisation_id: int
    addresses: dict[str, str]
    keys: dict[str, str]


def clients(buyers: Sequence[int]) -> list[Client]:
    """Four buyers with a key for each address: so none asks more often than a key may."""
    return [_client(organisation_id) for organisation_id in buyers[:CLIENTS]]


def _client(organisation_id: int) -> Client:
    own = f"/api/v1/organisations/{organisation_id}"
    addresses = {FULL: f"{own}/suggestions", EMPTY: f"{own}/offers"}
    now, actor = timezone.now(), _actor(organisation_id)
    keys = {
        name: make_token(
            actor=actor,
            name=name,
            scopes=["market:read"],
            ends=timezone.localdate(now) + timedelta(days=1),
            organisation_id=organisation_id,
            now=now,
        ).secret
        for name in addresses
    }
    return Client(organisation_id, addresses, keys)


def _actor(organisation_id: int) -> Actor:
    user_id = Membership.objects.values_list("user", flat=True).get(organisation=organisation_id)
    return Actor(user_id, frozenset(), {organisation_id: MemberRole.ADMIN})


def answers(site: str) -> bool:
    """Whether a web server answers there."""
    connection = http.client.HTTPConnection(site, timeout=5)
    try:
        connection.request("GET", "/livez")
        return connection.getresponse().status == HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()


def ask(site: str, asking: Sequence[Client]) -> tuple[dict[str, list[float]], bool]:
    """Seconds of each request, by address in turns; whether the answers are what is stored."""
    with ThreadPoolExecutor(len(asking)) as pool:
        each = list(pool.map(lambda one: _ask(site, one), asking))
    took = {name: [s for seconds, _ in each for s in seconds[name]] for name in (FULL, EMPTY)}
    answers = [answer for _, answer in each]
    return took, all(map(_is_stored, asking, answers))


def _ask(site: str, client: Client) -> tuple[dict[str, list[float]], dict[str, Any]]:
    took: dict[str, list[float]] = {name: [] for name in client.addresses}
    answers: dict[str, Any] = {}
    connection = http.client.HTTPConnection(site, timeout=60)
    for _ in range(WARMING + ASKED):
        for name, address in client.addresses.items():
            started = time.perf_counter()
            headers = {"Authorization": f"Bearer {client.keys[name]}"}
            connection.request("GET", address, headers=headers)
            body = connection.getresponse().read()
            took[name].append(time.perf_counter() - started)
            answers[name] = json.loads(body)["results"]
    connection.close()
    return {name: seconds[WARMING:] for name, seconds in took.items()}, answers


def _is_stored(client: Client, answers: dict[str, Any]) -> bool:
    rows = queries.listing(
        actor=_actor(client.organisation_id),
        organisation_id=client.organisation_id,
        on=timezone.localdate(),
    )
    shown = [one["id"] for one in answers[FULL]]
    stored = [row.pk for row in rows[: len(shown)]]
    return bool(shown) and shown == stored and answers[EMPTY] == []


def spread(seconds: Sequence[float]) -> dict[str, float]:
    """Milliseconds: the middle one, and what 95 of 100 stay below."""
    middle, p95 = np.percentile(np.array(seconds) * 1_000, (50, 95)).round(1).tolist()
    return {"median": middle, "p95": p95}
