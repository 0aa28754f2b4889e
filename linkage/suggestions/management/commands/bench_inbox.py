"""Times how long after publishing a post its suggestion is in the other side's inbox."""

from __future__ import annotations

import json
import random
import time
from decimal import Decimal
from statistics import median
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from linkage.agreements.services import POST_ACTS
from linkage.jobs.queries import worker_is_alive
from linkage.market.invented import invent_member, invent_organisations
from linkage.market.models import AnyPost, Need, Offer, PostKind
from linkage.market.services import create_post
from linkage.market.services.claims import Own
from linkage.market.terms import Terms
from linkage.notices.models import Notice
from linkage.registry.access import Actor
from linkage.registry.models import Commune, MemberRole

# Within so many seconds on the embedded default.
GOAL_SECONDS = 2.0
DEADLINE_SECONDS = 60.0


class Command(BaseCommand):
    help = "Time suggestions from publishing to the inbox, beside a worker, over no other posts."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--runs", type=int, default=20)

    def handle(self, *args: Any, **options: Any) -> None:
        if not worker_is_alive(timezone.now()):
            raise CommandError("No worker works on this database: start `make serve` beside this.")
        if Offer.objects.exists() or Need.objects.exists():
            raise CommandError("This database has posts: give DATABASE_URL one of its own.")
        commune = Commune.objects.order_by("pk").values_list("pk", flat=True)[0]
        firm, coop = invent_organisations(2, [commune], random.Random(0))  # noqa: S311
        member = invent_member("bench-member", [firm, coop])
        actor = Actor(member.pk, frozenset(), dict.fromkeys((firm, coop), MemberRole.ADMIN))
        _publish(actor, PostKind.OFFER, coop)
        took = sorted(_until_told(actor, firm, coop) for _ in range(options["runs"]))
        spread = [round(pick(took), 2) for pick in (min, median, max)]
        self.stdout.write(json.dumps({"runs": len(took), "seconds": spread, "goal": GOAL_SECONDS}))
        if spread[-1] > GOAL_SECONDS:
            raise SystemExit(1)


def _publish(actor: Actor, kind: PostKind, organisation_id: int) -> AnyPost:
    today = timezone.localdate()
    terms: Terms = {"commodity": "garlic", "quantity": Decimal(3), "unit": "tan"}
    return create_post(
        actor=actor,
        kind=kind,
        organisation_id=organisation_id,
        terms={**terms, "starts": today, "ends": today},
        publish=True,
        now=timezone.now(),
    )


def _until_told(actor: Actor, firm: int, coop: int) -> float:
    """Seconds from the call that publishes a need to the notice that the co-op has of it."""
    before = Notice.objects.filter(organisation=coop).count()
    started = time.perf_counter()
    need = _publish(actor, PostKind.NEED, firm)
    while Notice.objects.filter(organisation=coop).count() == before:
        if time.perf_counter() - started > DEADLINE_SECONDS:
            raise CommandError(f"Nobody was told within {DEADLINE_SECONDS:.0f} s.")
        time.sleep(0.01)
    took = time.perf_counter() - started
    # The next one is again among the offer's best.
    own = Own(PostKind.NEED, firm, need.pk, need.version)
    POST_ACTS["withdraw"](actor=actor, own=own, now=timezone.now())
    return took
