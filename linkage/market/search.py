"""Search in the posts that the actor may see: filtered, ranked, counted, a page at a time.

Order: how well the commodity fits the words (`tree.Tree.ranked`), then the distance of the post's
commune from the place that is named, then id. The first depends on the commodity alone and the
second on the commune alone, so one grouped query counts what is found by commodity and commune, and
says which of these groups the page lies in; a second query reads no other rows. Both are integers
made here, so both databases give the same answer in the same order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

from django.db.models import Case, Count, DateField, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Greatest

from linkage.catalogue import queries as catalogue
from linkage.catalogue.models import Certification
from linkage.catalogue.standing import satisfying, standing_pairs
from linkage.market.amounts import base_quantity
from linkage.market.errors import DistanceOutOfRange, WindowInverted
from linkage.market.models import LARGEST_DISTANCE_KM, MODELS, AnyPost, Need, Offer, PostKind
from linkage.market.places import distances_from
from linkage.market.queries import with_parts
from linkage.market.sight import visible_to
from linkage.market.tree import Tree
from linkage.registry import values
from linkage.registry.access import Actor
from linkage.registry.queries import LONGEST_SEARCH


@dataclass(frozen=True, slots=True)
class Asked:
    """What is searched for; what is not given narrows nothing.

    `text`: words for a commodity, with or without marks; `commodity`: its code, with all below it.
    `near`: a commune's code, from which `within_km` counts and results are ordered. `starts`,
    `ends`: at least one day in common. `least`: so much must be left over the whole window, in base
    units of `dimension`. `certifications`: an offer carries each of them, or what stands for it,
    good on its first day that is asked for; a need asks for nothing beyond them. `linked`: whether
    its organisation is among `linked_ids`, which an upper package knows.
    """

    kind: PostKind
    text: str = ""
    commodity: str | None = None
    near: str | None = None
    within_km: int | None = None
    starts: date | None = None
    ends: date | None = None
    least: int | None = None
    dimension: str | None = None
    certifications: Collection[str] = ()
    linked: bool | None = None
    linked_ids: Collection[int] = field(default_factory=frozenset)


class Place(NamedTuple):
    """Where a result stands in the order: what the next page begins after."""

    fit: int
    metres: int
    id: int


@dataclass(frozen=True, slots=True)
class Slice:
    """How many results, after which one."""

    size: int
    after: Place | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """A post that was found, and its distance from the place that was named."""

    post: AnyPost
    metres: int | None
    place: Place


@dataclass(frozen=True, slots=True)
class _Ranks:
    """The fit of each commodity and the distance of each commune; None: all alike."""

    fits: Mapping[str, int] | None
    metres: Mapping[str, int] | None


@dataclass(frozen=True, slots=True)
class Found:
    """How many there are in all, one page of them, and where the next begins (None: nowhere)."""

    count: int
    results: tuple[Result, ...]
    next: Place | None


def search(
    *,
    actor: Actor,
    asked: Asked,
    on: date,
    part: Slice,
    organisation_id: int | None = None,
) -> Found:
    """Return a page of the posts that fit, as far as the actor may see them.

    Raises: NotFound and NotAllowed as `visible_to`; TextInvalid for words over 200 characters;
    Invalid for a commodity, commune, certification or distance that cannot be.
    """
    tree = Tree.load(words=bool(asked.text))
    ranks = _Ranks(_fits(tree, asked), _metres(asked))
    rows = visible_to(actor, asked.kind, on=on, organisation_id=organisation_id, tree=tree)
    rows = _narrowed(rows, asked, on)
    if ranks.fits is not None:
        rows = rows.filter(commodity__in=sorted(ranks.fits))
    if ranks.metres is not None:
        rows = rows.filter(commune__in=sorted(ranks.metres))
    classes = _classes(rows, ranks)
    wanted = _wanted(classes, part)
    page = _after(_ranked(rows, wanted, ranks), part.after)
    places = [Place(*row) for row in page[: part.size + 1]] if wanted else []
    more = places[part.size - 1] if len(places) > part.size else None
    results = _results(places[: part.size], asked)
    return Found(sum(classes.values()), results, more)


def _fits(tree: Tree, asked: Asked) -> dict[str, int] | None:
    """How well each commodity that is searched for fits; None: all are, alike."""
    text = values.text(asked.text, field="q", limit=LONGEST_SEARCH)
    if asked.commodity is not None and asked.commodity not in tree.nodes:
        raise values.ValueUnknown(field="commodity")
    below = None if asked.commodity is None else tree.below(asked.commodity)
    if text:
        ranked = tree.ranked(text)
        return {c: fit for c, fit in ranked.items() if below is None or c in below}
    return None if below is None else dict.fromkeys(below, 0)


def _metres(asked: Asked) -> dict[str, int] | None:
    """How far each commune that is searched lies; None: no place was named."""
    if asked.within_km is not None and not 1 <= asked.within_km <= LARGEST_DISTANCE_KM:
        raise DistanceOutOfRange(field="within_km", largest=LARGEST_DISTANCE_KM)
    if asked.near is None:
        return None
    distances = distances_from(asked.near)
    if distances is None:
        raise values.ValueUnknown(field="near")
    if asked.within_km is None:
        return distances
    return {code: m for code, m in distances.items() if m <= asked.within_km * 1_000}


def _narrowed(rows: QuerySet[Any], asked: Asked, on: date) -> QuerySet[Any]:
    if asked.starts is not None and asked.ends is not None and asked.ends < asked.starts:
        raise WindowInverted(field="ends")
    if asked.starts is not None:
        rows = rows.filter(ends__gte=values.day(asked.starts, field="starts"))
    if asked.ends is not None:
        rows = rows.filter(starts__lte=values.day(asked.ends, field="ends"))
    if asked.dimension is not None:
        rows = rows.filter(commodity__dimension=asked.dimension)
    if asked.least is not None:
        rows = rows.filter(total__gte=F("reserved") + asked.least)
    if asked.linked is not None:
        linked = Q(organisation__in=sorted(asked.linked_ids))
        rows = rows.filter(linked if asked.linked else ~linked)
    if asked.certifications:
        rows = rows.filter(_certified(asked, on))
    return rows


def _certified(asked: Asked, on: date) -> Q:
    known = list(Certification.objects.order_by("pk"))
    codes = {row.pk for row in known}
    if not codes.issuperset(asked.certifications):
        raise values.ValueUnknown(field="certifications")
    wanted, pairs = sorted(set(asked.certifications)), standing_pairs(known)
    if asked.kind is PostKind.NEED:
        # What satisfies: OCOP with four stars meets a need that asks for three.
        met = {code for mine in wanted for code in codes if mine in satisfying(code, pairs)}
        beyond = Need.certifications.through.objects.exclude(certification__in=sorted(met))
        return ~Q(pk__in=beyond.values("need"))
    held = Q()
    for code in wanted:
        held &= Q(pk__in=_holding(satisfying(code, pairs), asked.starts or on))
    return held


def _holding(codes: Collection[str], day: date) -> QuerySet[Any]:
    """Offers with such a certificate that is good on the day and on the offer's own first day."""
    through = Offer.certificates.through.objects.filter(
        certificate__certification__in=sorted(codes),
        certificate__ends__gte=Greatest(Value(day), F("offer__starts"), output_field=DateField()),
    )
    return through.values("offer")


def _classes(rows: QuerySet[Any], ranks: _Ranks) -> dict[tuple[int, int], int]:
    """How many there are of each fit and distance, in order: grouped by what is ranked alone."""
    what = Value("") if ranks.fits is None else F("commodity")
    place = Value("") if ranks.metres is None else F("commune")
    groups = rows.order_by().annotate(what=what, place=place).values_list("what", "place")
    counts: Counter[tuple[int, int]] = Counter()
    for commodity, commune, many in groups.annotate(many=Count("pk")):
        fit = 0 if ranks.fits is None else ranks.fits[commodity]
        counts[fit, 0 if ranks.metres is None else ranks.metres[commune]] += many
    return dict(sorted(counts.items()))


def _wanted(classes: Mapping[tuple[int, int], int], part: Slice) -> list[tuple[int, int]]:
    """The classes that a page can lie in: from where the last one ended, until it is full."""
    start = (part.after.fit, part.after.metres) if part.after else (0, 0)
    wanted: list[tuple[int, int]] = []
    enough = 0
    for here, many in classes.items():
        if here < start or enough > part.size:
            continue
        wanted.append(here)
        # Of the class in which the last page ended nobody knows how much is left.
        enough += 0 if part.after and here == start else many
    return wanted


def _ranked(rows: QuerySet[Any], wanted: list[tuple[int, int]], ranks: _Ranks) -> QuerySet[Any]:
    """The places of the rows of the wanted classes, in order.

    What does not differ within them is no part of the order, so that an index may give it.
    """
    fit, far = {here[0] for here in wanted}, {here[1] for here in wanted}
    if ranks.fits is not None:
        rows = rows.filter(commodity__in=sorted(c for c, f in ranks.fits.items() if f in fit))
    if ranks.metres is not None:
        rows = rows.filter(commune__in=sorted(c for c, m in ranks.metres.items() if m in far))
    if len(wanted) == 1:
        ((one_fit, one_far),) = wanted
        rows = rows.annotate(fit=Value(one_fit), metres=Value(one_far)).order_by("pk")
    else:
        rows = rows.annotate(
            fit=_number("commodity", ranks.fits, fit), metres=_number("commune", ranks.metres, far)
        )
        rows = rows.filter(_between(wanted)).order_by("fit", "metres", "pk")
    return rows.values_list("fit", "metres", "pk")


def _after(rows: QuerySet[Any], place: Place | None) -> QuerySet[Any]:
    if place is None:
        return rows
    # The class in which the last page ended is behind it up to that post.
    return rows.exclude(fit=place.fit, metres=place.metres, pk__lte=place.id)


def _number(column: str, ranks: Mapping[str, int] | None, among: set[int]) -> Combinable:
    """The number of each code, as an expression; 0 where nothing is ranked."""
    if ranks is None or len(among) == 1:
        return Value(next(iter(among), 0) if ranks else 0)
    codes: dict[int, list[str]] = {number: [] for number in sorted(among)}
    for code, number in ranks.items():
        if number in codes:
            codes[number].append(code)
    whens = [When(**{f"{column}__in": sorted(found)}, then=Value(n)) for n, found in codes.items()]
    return Case(*whens, default=Value(-1), output_field=IntegerField())


def _between(wanted: list[tuple[int, int]]) -> Q:
    """The wanted classes lie side by side: each fit from its nearest to its farthest."""
    bounds: dict[int, list[int]] = {}
    for fit, metres in wanted:
        bounds.setdefault(fit, []).append(metres)
    return reduce(
        or_, (Q(fit=f, metres__gte=min(m), metres__lte=max(m)) for f, m in bounds.items()), Q()
    )


def _results(places: Sequence[Place], asked: Asked) -> tuple[Result, ...]:
    """The posts at these places: read after the order is known, so that it sorts no wide rows."""
    rows = MODELS[asked.kind]._default_manager.filter(pk__in=[place.id for place in places])
    posts = {post.pk: post for post in with_parts(rows, asked.kind)} if places else {}
    return tuple(
        Result(posts[place.id], None if asked.near is None else place.metres, place)
        for place in places
        if place.id in posts
    )


def least_of(amount: Decimal | None, unit_code: str | None) -> tuple[int | None, str | None]:
    """Return an amount of a unit as `least` and `dimension`; None twice where none is given.

    Raises: AmountOutOfRange, ValueUnknown, and what the catalogue's units refuse.
    """
    if amount is None or unit_code is None:
        return None, None
    found = catalogue.unit(unit_code, field="unit")
    return base_quantity(amount, found), found.dimension
