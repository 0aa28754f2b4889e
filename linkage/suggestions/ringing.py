"""Whom a field officer rings today, and why: reads in a bounded number of queries.

The order and the reasons are `ringing_order`. Nothing here names a person or a telephone number:
those are read one co-op at a time, and each reading is noted (`registry.services.read_contacts`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db.models import Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from linkage.agreements.models import TALKING_STATES, Linkage, Message, Side, TermsVersion
from linkage.agreements.queries import in_force
from linkage.errors import NotFound
from linkage.market.models import Need, PostKind
from linkage.market.sight import COOPERATIVES, open_on
from linkage.market.tree import Tree
from linkage.registry.access import Actor, require_officer
from linkage.registry.acting import of, open_consents
from linkage.registry.models import Call, OfficerAct, OfficerConsent, Organisation, Product
from linkage.registry.officer_queries import with_scans
from linkage.registry.on_a_day import inactive_on, on_day
from linkage.suggestions.models import View
from linkage.suggestions.queries import PARTY, suggested_to
from linkage.suggestions.ringing_order import (
    GOOD_MATCH,
    RUNNING_OUT_DAYS,
    Known,
    Ring,
    in_order,
)

_WAITING = (View.NEW, View.SEEN)


@dataclass(frozen=True, slots=True)
class Line:
    """A co-op of the list, with what it is called and where; `deeds`: what it lets the officer do;
    `product` the name of the one that buyers look for."""

    ring: Ring
    name: str
    commune: str | None
    deeds: frozenset[str]
    product: str


@dataclass(frozen=True, slots=True)
class Dossier:
    """All that an officer has to ring one co-op by, but the telephone numbers."""

    organisation: Organisation
    line: Line
    consents: tuple[OfficerConsent, ...]
    calls: tuple[Call, ...]
    untold: tuple[OfficerAct, ...]


def to_ring(*, actor: Actor, on: date) -> list[Line]:
    """Return whom of the area there is a reason to ring today, whom first in front.

    Whom somebody rang is off it until the day that the call named. Raises: NotFound, for who is
    no field officer.
    """
    require_officer(actor)
    rows = _cooperatives(actor.area, on).annotate(again_on=Subquery(_last_call()))
    waiting = rows.filter(Q(again_on=None) | Q(again_on__lte=on))
    return _lines(actor, waiting, on, everybody=False)


def dossier(*, actor: Actor, organisation_id: int, on: date) -> Dossier:
    """Return one organisation of the area with the reasons to ring it, if there are any.

    Raises: NotFound outside the area.
    """
    if organisation_id not in actor.area:
        raise NotFound
    rows = on_day(Organisation.objects.filter(pk=organisation_id), on)
    (line,) = _lines(actor, rows, on, everybody=True)
    consents = OfficerConsent.objects.filter(of(organisation_id), officer=actor.user_id)
    acts = OfficerAct.objects.filter(of(organisation_id, "consent__organisation"), _untold(actor))
    calls = Call.objects.filter(of(organisation_id)).select_related("officer")
    return Dossier(
        organisation=rows.get(),
        line=line,
        consents=with_scans(consents),
        calls=tuple(calls.order_by("-pk")[:10]),
        untold=tuple(acts.select_related("consent__officer").order_by("pk")),
    )


def _cooperatives(area: Iterable[int], on: date) -> QuerySet[Any]:
    rows: QuerySet[Any] = on_day(Organisation.objects.filter(pk__in=area), on)
    at_work = rows.exclude(pk__in=inactive_on(on).values("pk"))
    return at_work.filter(kind_on__in=sorted(COOPERATIVES))


def _last_call() -> QuerySet[Any, Any]:
    calls = Call.objects.filter(organisation=OuterRef("pk"))
    return calls.order_by("-pk").values("again_on")[:1]


def _lines(actor: Actor, rows: QuerySet[Any], on: date, *, everybody: bool) -> list[Line]:
    named = {
        pk: (name, commune) for pk, name, commune in rows.values_list("pk", "name", "commune_on")
    }
    tree = Tree.load()
    known = _known(actor, list(named), tree, on)
    rings = {ring.organisation_id: ring for ring in in_order(known.values())}
    if everybody:
        for pk in named:
            rings.setdefault(pk, Ring(pk, known[pk].linked, ()))
    return [
        Line(
            ring,
            *named[pk],
            deeds=actor.on_behalf.get(pk, frozenset()),
            product=tree.nodes[known[pk].product].name_vi if known[pk].product else "",
        )
        for pk, ring in rings.items()
    ]


def _known(actor: Actor, ids: list[int], tree: Tree, on: date) -> dict[int, Known]:
    """What is known of each; ten queries, however many there are."""
    linked, ends = _linkages(ids, on)
    matches = _matches(ids, on)
    buyers = _buyers(ids, tree, on)
    consents = _consents(actor, on)
    questions = _questions(ids)
    untold = Counter(
        OfficerAct.objects.filter(_untold(actor)).values_list(
            Coalesce("consent__organisation__merged_into", "consent__organisation"), flat=True
        )
    )
    found = {}
    for pk in ids:
        number, best = matches.get(pk, (0, 0))
        sought, product = buyers.get(pk, (0, ""))
        base = Known(pk, pk in linked, number, best, sought, product)
        found[pk] = replace(
            base,
            consent_ends=consents.get(pk),
            linkage_ends=ends.get(pk),
            questions=questions[pk],
            untold=untold[pk],
        )
    return found


def _untold(actor: Actor) -> Q:
    return Q(consent__officer=actor.user_id, told_at=None, told_on_phone_at=None)


def _linkages(ids: list[int], on: date) -> tuple[set[int], dict[int, date]]:
    """Who is linked on the day, and when the first of their linkages ends within the month."""
    linked: set[int] = set()
    ends: dict[int, date] = {}
    last = on + timedelta(days=RUNNING_OUT_DAYS)
    for side in ("seller", "buyer"):
        party = Coalesce(f"{side}__merged_into", side)
        rows = Linkage.objects.filter(in_force(on)).annotate(party=party).filter(party__in=ids)
        for pk, end, terminated in rows.values_list("party", "ends", "terminated_on"):
            linked.add(pk)
            if end is not None and end <= last and terminated is None:
                ends[pk] = min(end, ends.get(pk, end))
    return linked, ends


def _matches(ids: list[int], on: date) -> dict[int, tuple[int, int]]:
    """How many suggestions that wait for a co-op fit well, and how well the best does."""
    found: dict[int, tuple[int, int]] = {}
    for kind in PostKind:
        waiting = {f"{kind}_view__in": _WAITING}
        rows = suggested_to(kind, on).filter(**waiting, score__gte=GOOD_MATCH)
        rows = rows.annotate(party=PARTY[kind]).filter(party__in=ids)
        for pk, score in rows.values_list("party", "score"):
            number, best = found.get(pk, (0, 0))
            found[pk] = (number + 1, max(best, score))
    return found


def _buyers(ids: list[int], tree: Tree, on: date) -> dict[int, tuple[int, str]]:
    """Of each co-op's products the one that most others look for now, and how many do."""
    products = Product.objects.filter(commodity__isnull=False).annotate(
        party=Coalesce("organisation__merged_into", "organisation")
    )
    needs = Need.objects.filter(open_on(on, left=True)).annotate(
        party=Coalesce("organisation__merged_into", "organisation")
    )
    asking: dict[str, set[int]] = defaultdict(set)
    for code, party in needs.values_list("commodity_id", "party").distinct():
        asking[code].add(party)
    found: dict[int, tuple[int, str]] = {}
    made = products.filter(party__in=ids).order_by("pk").values_list("party", "commodity_id")
    for pk, code in made:
        # A need is met by what it asks for and by all kinds of that.
        others = set().union(*(asking.get(step, ()) for step in tree.above(code))) - {pk}
        if len(others) > found.get(pk, (0, ""))[0]:
            found[pk] = (len(others), code)
    return found


def _consents(actor: Actor, on: date) -> dict[int, date]:
    """When the officer's consents run out, where none lasts longer than a month."""
    rows = open_consents(on).filter(officer=actor.user_id)
    lasts = (
        rows.values("organisation")
        .annotate(lasts=Max("until"))
        .values_list("organisation", "lasts")
    )
    return {pk: until for pk, until in lasts if until <= on + timedelta(days=RUNNING_OUT_DAYS)}


def _questions(ids: list[int]) -> Counter[int]:
    """In how many open talks the other side had the last word."""
    message = Message.objects.filter(linkage=OuterRef("pk")).order_by("-pk")
    terms = TermsVersion.objects.filter(linkage=OuterRef("pk")).order_by("-number")
    rows = Linkage.objects.filter(state__in=sorted(TALKING_STATES)).annotate(
        sells=Coalesce("seller__merged_into", "seller"),
        buys=Coalesce("buyer__merged_into", "buyer"),
        said=Subquery(message.values("side")[:1]),
        said_at=Subquery(message.values("written_at")[:1]),
        put=Subquery(terms.values("side")[:1]),
        put_at=Subquery(terms.values("proposed_at")[:1]),
    )
    waiting: Counter[int] = Counter()
    asked = rows.filter(Q(sells__in=ids) | Q(buys__in=ids))
    for row in asked.values("sells", "buys", "said", "said_at", "put", "put_at"):
        last = _last_word(row)
        if last is not None:
            waiting[row["buys"] if last == Side.SELLER else row["sells"]] += 1
    return waiting


def _last_word(row: Mapping[str, Any]) -> str | None:
    """The side that wrote or proposed last; of both at one moment it is the same side."""
    said: str | None = row["said"]
    put: str | None = row["put"]
    if row["said_at"] is None or (row["put_at"] is not None and row["put_at"] >= row["said_at"]):
        return put
    return said
