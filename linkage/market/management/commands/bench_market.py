"""Times the lists of posts, as pages and as API answers, over an invented market."""

from __future__ import annotations

import json
import random
import time
from datetime import timedelta
from statistics import median
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.test import Client
from django.utils import timezone

from linkage.catalogue.models import Commodity
from linkage.market.invented import invent_member, invent_organisations
from linkage.market.models import MODELS, Offer, PostState
from linkage.market.tree import Tree
from linkage.registry.models import Commune, Role, RoleGrant, User

ORGANISATIONS = 1_000
# What a list page may take at 20,000 offers on SQLite.
GOAL_MS = 100
BACKEND = "django.contrib.auth.backends.ModelBackend"
BASE_UNITS = {"mass": "kg", "volume": "lit", "count": "qua"}


class Command(BaseCommand):
    help = "Time lists and searches over invented posts, in a database that has no other posts."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--offers", type=int, default=20_000)
        parser.add_argument("--runs", type=int, default=9)
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args: Any, **options: Any) -> None:
        if any(model._default_manager.exists() for model in MODELS.values()):
            raise CommandError("This database has posts: give DATABASE_URL one of its own.")
        chance = random.Random(options["seed"])  # noqa: S311
        buyer, coop = fill(options["offers"], chance)
        staff, member = _people(buyer, coop)
        commune = Commune.objects.order_by("pk").values_list("pk", flat=True)[0]
        shop, mine = f"/mine/{buyer}", f"/api/v1/organisations/{buyer}"
        asked = [
            (member, "search, nothing asked", f"{shop}/search/offers/"),
            (member, "search, words", f"{shop}/search/offers/?q=toi"),
            (member, "search, words that many fit", f"{shop}/search/offers/?q=rau"),
            (member, "search, place", f"{shop}/search/offers/?near={commune}"),
            (member, "search, words and place", f"{shop}/search/offers/?q=rau&near={commune}"),
            (
                member,
                "search, within 20 km, in December",
                f"{shop}/search/offers/?near={commune}&within_km=20&starts=2026-12-01&ends=2026-12-31",
            ),
            (member, "own offers", f"/mine/{coop}/offers/"),
            (member, "API search, words and place", f"{mine}/market/offers?q=rau&near={commune}"),
            (staff, "all offers, for staff", "/market/offers/"),
            (staff, "organisations", "/organisations/"),
        ]
        pages = {name: _timed(client, url, options["runs"]) for client, name, url in asked}
        over = [name for name, page in pages.items() if page["cpu_ms"][1] > GOAL_MS]
        self.stdout.write(
            json.dumps(
                {"offers": options["offers"], "goal_ms": GOAL_MS, "over": over, "pages": pages},
                ensure_ascii=False,
                indent=1,
            )
        )
        if over:
            raise SystemExit(1)


def _timed(client: Client, url: str, runs: int) -> dict[str, Any]:
    """Smallest, middle and largest milliseconds, by the clock and of the processor."""
    clock, cpu = [], []
    for _ in range(runs + 1):
        started, worked = time.perf_counter(), time.process_time()
        answer = client.get(url)
        clock.append(1_000 * (time.perf_counter() - started))
        cpu.append(1_000 * (time.process_time() - worked))
        if answer.status_code != 200:
            raise CommandError(f"{url} answers {answer.status_code}")
    # The first request of a page loads its templates.
    return {
        "clock_ms": _spread(clock[1:]),
        "cpu_ms": _spread(cpu[1:]),
        "bytes": len(answer.content),
    }


def _spread(values: list[float]) -> list[int]:
    return [round(pick(values)) for pick in (min, median, max)]


def fill(offers: int, chance: random.Random) -> tuple[int, int]:
    """Make organisations and published offers; return a business and a co-op that has offers."""
    communes = list(Commune.objects.order_by("pk").values_list("pk", flat=True))
    tree = Tree.load()
    leaves = [row for row in Commodity.objects.order_by("pk") if _is_produce(row, tree)]
    makers = invent_organisations(ORGANISATIONS, communes, chance)
    rows = (
        _offer(chance, chance.choice(makers[1:]), chance.choice(leaves), chance.choice(communes))
        for _ in range(offers)
    )
    Offer.objects.bulk_create(rows, batch_size=1_000)
    owner = Offer.objects.order_by("pk").values_list("organisation_id", flat=True)[0]
    return makers[0], owner


def _is_produce(row: Commodity, tree: Tree) -> bool:
    return row.level == 4 and not tree.is_input(row.pk)


def _offer(chance: random.Random, maker: int, commodity: Commodity, commune: str) -> Offer:
    quantity, now = chance.randint(1, 50) * 100_000, timezone.now()
    starts = timezone.localdate(now) + timedelta(days=chance.randint(-20, 60))
    return Offer(
        organisation_id=maker,
        state=PostState.PUBLISHED,
        commodity=commodity,
        quantity=quantity,
        unit_id=BASE_UNITS[commodity.dimension],
        period="once",
        total=quantity,
        starts=starts,
        ends=starts + timedelta(days=chance.randint(5, 90)),
        commune_id=commune,
        confirmed_at=now,
        published_at=now,
        created_at=now,
    )


def _people(*organisation_ids: int) -> tuple[Client, Client]:
    """A signed-in officer, and a person of the organisations."""
    officer = User.objects.create(username="bench-officer")
    RoleGrant.objects.create(user=officer, role=Role.CITY_STAFF, starts=timezone.localdate())
    member = invent_member("bench-member", list(organisation_ids))
    clients = Client(SERVER_NAME="localhost"), Client(SERVER_NAME="localhost")
    for client, user in zip(clients, (officer, member), strict=True):
        client.force_login(user, backend=BACKEND)
    return clients
