"""Random markets in the database, and what should be suggested in them, read the plain way.

The tables are read row by row and each pair is judged by itself by the oracle of tests/matching;
nothing is taken from `linkage.suggestions` or `linkage.matching`.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from fractions import Fraction
from random import Random
from zoneinfo import ZoneInfo

from linkage.agreements.models import Delivery, Linkage
from linkage.catalogue.models import Certification, Commodity, Unit
from linkage.market.models import Need, NeedCeiling, Offer, OfferFloor
from linkage.registry.models import (
    Certificate,
    KindFact,
    Organisation,
    StatusFact,
)
from linkage.suggestions.models import Suggestion
from tests.market import town
from tests.market.town import NOW, TODAY
from tests.matching import brute
from tests.matching.posts import Post

HAI_PHONG = ZoneInfo("Asia/Ho_Chi_Minh")
DAYS = [TODAY + timedelta(days=n) for n in range(40)]
CODES = [code for code, *_ in town.COMMODITIES]
MARKS = ("VIETGAP", "HACCP", "OCOP-3", "OCOP-4")
POSTED = (
    "crops", "vegetables", "vegetables", "garlic", "garlic", "garlic", "onions", "red-onions",
    "paddy", "eggs", "seed",
)  # fmt: skip
KINDS = ("cooperative", "cooperative", "cooperative_group", "enterprise", "household_business")
MEASURES = {"mass": 0, "volume": 1, "count": 2}


def random_market(r: Random, offers: int, needs: int, organisations: int = 14) -> None:
    """Organisations with a past, and posts in any state."""
    made = [_organisation(r, number) for number in range(organisations)]
    for _ in range(organisations * 2):
        _linkage(r, *r.sample(made, 2))
    for _ in range(offers):
        random_post(r, Offer, r.choice(made))
    for _ in range(needs):
        random_post(r, Need, r.choice(made))


def _organisation(r: Random, number: int) -> Organisation:
    codes = (None, f"02{number % 4:08}", f"02{number % 4:08}-{number:03}")
    code = r.choice(codes)
    if Organisation.objects.filter(tax_code=code).exists():
        code = None
    made = town.organisation(f"Đơn vị {number}", r.choice(KINDS), tax_code=code)
    if r.random() < 0.1:
        since = r.choice((TODAY - timedelta(days=9), TODAY, TODAY + timedelta(days=1)))
        status = r.choice(("suspended", "active", "unknown"))
        StatusFact.objects.create(organisation=made, status=status, since=since)
    if r.random() < 0.2:
        KindFact.objects.create(organisation=made, kind="cooperative", since=TODAY)
    founded = r.choice((date(2015, 1, 1),) * 5 + (None, TODAY, TODAY + timedelta(days=1)))
    Organisation.objects.filter(pk=made.pk).update(founded_on=founded)
    for code in r.sample(MARKS, r.choice((0, 1, 2))):
        town.certificate(made, code, r.choice((None, *DAYS[::5])))
    return made


def _linkage(r: Random, seller: Organisation, buyer: Organisation) -> None:
    ends = r.choice((None, TODAY - timedelta(days=1), TODAY, TODAY + timedelta(days=9)))
    verified = r.choice((None, TODAY, TODAY + timedelta(days=1)))
    made = Linkage.objects.create(
        seller=seller, buyer=buyer, contract_number=f"HD {r.random()}",
        starts=date(2026, 1, 1), ends=ends,
        state=r.choice(("in_force", "ended", "agreed")), origin="register", verified_on=verified,
        quantity=r.choice((None, 1_000)),
    )  # fmt: skip
    for _ in range(r.choice((0, 1, 2))):
        state = r.choice(("entered", "confirmed"))
        Delivery.objects.create(
            linkage=made, on=TODAY, quantity=r.choice((450, 500, 900)), side="seller", state=state,
            entered_at=NOW, answered_at=NOW if state == "confirmed" else None,
        )  # fmt: skip


def random_post(r: Random, model, organisation):
    """A post that often meets another: few values, windows that touch."""
    starts = r.choice(DAYS[:20])
    commodity = Commodity.objects.get(pk=r.choice(POSTED))
    total = r.choice((1, 700, 30_000, 10**6, 10**9))
    confirmed = TODAY - timedelta(days=r.choice((0, 0, 3, 30, 59, 60, 90)))
    values = {
        "organisation": organisation, "commodity": commodity,
        "state": r.choice(("published",) * 7 + ("paused",)), "quantity": total,
        "unit": Unit.objects.get(code={"mass": "g", "count": "qua"}[commodity.dimension]),
        "period": r.choice(("once", "once", "day", "week", "month")), "total": total,
        "reserved": r.choice((0, 0, 0, total // 3, total)),
        "starts": starts, "ends": r.choice([day for day in DAYS if day >= starts]),
        "commune_id": r.choice("1234"), "max_km": r.choice((None, None, None, 25, 100)),
        "confirmed_at": datetime.combine(confirmed, time(9), HAI_PHONG),
        "published_at": NOW, "created_at": NOW,
    }  # fmt: skip
    made = model.objects.create(**values)
    limit = r.choice((None, None, 5_000, 6_000, 7_000))
    if model is Offer:
        own = list(Certificate.objects.filter(organisation=organisation))
        made.certificates.set(own[: r.choice((0, 1, 2))])
        if limit:
            OfferFloor.objects.create(offer=made, price=limit)
    else:
        asked = Certification.objects.filter(code__in=r.sample(MARKS, r.choice((0, 0, 0, 1))))
        made.certifications.set(asked)
        if limit:
            NeedCeiling.objects.create(need=made, price=limit)
    return made


# --- What should be suggested ---------------------------------------------------------------
def expected(monkeypatch) -> dict[tuple[int, int], dict[str, object]]:
    """(offer, need) -> score, and of each side the factors that may be told, in no order."""
    return suggested(judged_pairs(monkeypatch))


def suggested(pairs) -> dict[tuple[int, int], dict[str, object]]:
    """The same of these pairs."""
    found: dict[tuple[int, int], dict[str, object]] = {}
    for side, _place, own in each_posts(pairs):
        for rank, pair in enumerate(own[:10]):
            telling = _telling(pair, own)
            if rank < 3 or len(telling) >= 2:
                row = found.setdefault((pair[1], pair[0]), {"score": pair[2]})
                row[side] = telling
    return found


def each_posts(pairs):
    """Of each post that makes a pair: its side, its place in a pair, its pairs best first."""
    for place, other, side in ((1, 0, "offer"), (0, 1, "need")):
        for post in {pair[place] for pair in pairs}:
            own = [pair for pair in pairs if pair[place] == post]
            yield side, place, sorted(own, key=lambda pair: (-pair[2], pair[other]))


def judged_pairs(monkeypatch):
    """All feasible pairs that are measured alike, as (need, offer, score, factors)."""
    offers, needs = plain_posts(monkeypatch)
    return [
        pair
        for own in offers
        for wanted in needs
        if own.measure == wanted.measure and (pair := brute.judged(own, wanted, TODAY))
    ]


def open_posts(model) -> list[Post]:
    """The posts that take part, plain."""
    return [_plain(row) for row in model.objects.filter(state="published") if _open(row)]


def plain_posts(monkeypatch) -> tuple[list[Post], list[Post]]:
    """The open offers and needs as the oracle reads them, and it the tree and certificates."""
    parents = [parent for _, parent, *_ in town.COMMODITIES]
    places = [CODES.index(up) if up else None for up in parents]
    monkeypatch.setattr(brute, "PARENTS", places)
    monkeypatch.setattr(brute, "SATISFIES", {MARKS.index("OCOP-4"): {MARKS.index("OCOP-3")}})
    return open_posts(Offer), open_posts(Need)


def _telling(pair, own):
    """The factors of which at least half of the post's pairs have less, if they say something."""
    return {
        name
        for name, value in pair[3].items()
        if Fraction(sum(p[3][name] < value for p in own), len(own)) >= Fraction(1, 2)
        and not (name in {"certificates", "standing", "preference"} and value <= 5_000)
        and value > 0
    }


def stored() -> dict[tuple[int, int], Suggestion]:
    """What stands."""
    return {(s.offer_id, s.need_id): s for s in Suggestion.objects.filter(stale=False)}


def _open(row) -> bool:
    left = row.total - row.reserved
    quantity = left if row.period == "once" else row.quantity * left // row.total
    return row.ends >= TODAY and quantity > 0


def _plain(row) -> Post:
    organisation = row.organisation
    statuses = [f for f in organisation.status_facts.all() if f.since is None or f.since <= TODAY]
    kinds = [f for f in organisation.kind_facts.all() if f.since is None or f.since <= TODAY]
    last = {"key": lambda fact: (fact.since or date.min, fact.pk)}
    kept, broken = _past(organisation)
    limit = OfferFloor if isinstance(row, Offer) else NeedCeiling
    price = limit.objects.filter(pk=row.pk).values_list("price", flat=True).first()
    code = organisation.tax_code
    left = row.total - row.reserved
    return Post(
        id=row.pk, organisation=organisation.pk,
        tax_party=int(code[:10]) if code else None,
        active=max(statuses, **last).status == "active"
        and (organisation.founded_on is None or organisation.founded_on <= TODAY),
        commodity=CODES.index(row.commodity_id), measure=MEASURES[row.commodity.dimension],
        quantity=left if row.period == "once" else row.quantity * left // row.total,
        per=row.period, starts=row.starts, ends=row.ends, price_limit=price,
        latitude=row.commune.latitude, longitude=row.commune.longitude,
        max_distance_m=row.max_km * 1_000 if row.max_km else None,
        confirmed_on=row.confirmed_at.astimezone(HAI_PHONG).date(), kept=kept, broken=broken,
        cooperative=max(kinds, **last).kind == "cooperative", verified=_verified(organisation),
        certificates=_marks(row),
    )  # fmt: skip


def _marks(row):
    if isinstance(row, Offer):
        return tuple(
            (MARKS.index(c.certification_id), c.ends) for c in row.certificates.all() if c.ends
        )
    return tuple((MARKS.index(c.pk), None) for c in row.certifications.all())


def _of(organisation):
    return [*organisation.sales.all(), *organisation.purchases.all()]


def _past(organisation) -> tuple[int, int]:
    kept = broken = 0
    for linkage in _of(organisation):
        delivered = sum(d.quantity for d in linkage.deliveries.filter(state="confirmed"))
        if linkage.quantity and delivered and linkage.ends and linkage.ends < TODAY:
            if Fraction(delivered, linkage.quantity) >= Fraction(9, 10):
                kept += 1
            else:
                broken += 1
    return kept, broken


def _verified(organisation) -> bool:
    return any(
        linkage.verified_on is not None
        and linkage.verified_on <= TODAY
        and (linkage.ends is None or linkage.ends >= TODAY)
        for linkage in _of(organisation)
    )
