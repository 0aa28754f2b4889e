"""Who may see whose posts: the rivals' rule, in this one place.

Nobody sees the posts of those who sell, or buy, the same thing beside them. An offer is visible to
an organisation that buys in one of its commodity's branches (`tree.branches`):

- it has a published need there, or
- it has a buying product there, or
- its kind buys there by default: businesses in produce, co-ops in inputs and services.

A need is visible to an organisation that sells in its branch, mirrored: a published offer, a
selling product, or by kind: co-ops in produce, businesses in inputs and services.

The register's product has no direction. What a co-op names it makes, so it sells it. What a
business names it buys; but inputs and services it sells. Other kinds (individuals, others) have
neither a default nor a directed product: they see what their own published posts entitle them to.

An organisation that both sells and buys a commodity sees counterparts in it only as suggestions of
its own posts. So an offer stays hidden from an organisation that buys in its branch and sells the
same thing: has a published offer or a selling product of that commodity, of a kind of it, or of
what it is a kind of (`tree.line`). A default of its kind does not count as selling. Likewise needs.

A post is published and open on a day, or it is not there for others: `open_on`, `is_open`. One
whose last day is over is not, whether or not the sweep has marked it yet.

Posts of the organisation itself are no counterparts, nor are those of one that does not work on the
day: no deal can be made with it, as the match has it too, so it neither publishes nor agrees
(`must_work`). Search, counts, lists, pages and API read
through `visible_to`; offices that read posts see all open ones. Limits are never part of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThanOrEqual

from linkage.market.errors import OrganisationNotActive
from linkage.market.models import MODELS, AnyPost, PostKind, PostState
from linkage.market.parties import kind_of
from linkage.market.tree import Tree
from linkage.registry.access import Actor, Capability, reach, require_acting
from linkage.registry.models import Deed, Kind, Product
from linkage.registry.on_a_day import inactive_on
from linkage.registry.queries import with_merged

COOPERATIVES = frozenset({Kind.COOPERATIVE, Kind.COOPERATIVE_GROUP, Kind.UNION})
BUSINESSES = frozenset({Kind.ENTERPRISE, Kind.HOUSEHOLD_BUSINESS})


def open_on(day: date, *, left: bool = False, of: str = "") -> Q:
    """The condition on posts that they are open on the day, and with `left` not used up.

    `of` leads to the post from rows of another table: "offer__".
    """
    # Not the bare column: SQLite would look it up in the index by end and read most of the table.
    ends = Coalesce(f"{of}ends", f"{of}ends")
    is_left = Q(**{f"{of}reserved__lt": F(f"{of}total")}) if left else Q()
    return Q(GreaterThanOrEqual(ends, day), **{f"{of}state": PostState.PUBLISHED}) & is_left


def is_open(post: AnyPost, day: date) -> bool:
    """Whether the post is open on the day, used up or not: `open_on` of a row in hand."""
    return post.state == PostState.PUBLISHED and post.ends >= day


def must_work(organisation_ids: Iterable[int], on: date) -> None:
    """Refuse a deal of who does not work on the day: to post, to ask, to agree.

    Raises: OrganisationNotActive.
    """
    idle = inactive_on(on).filter(pk__in=list(organisation_ids)).order_by("pk").first()
    if idle is not None:
        raise OrganisationNotActive(name=idle.name)


# An officer writes an organisation's posts, or asks others about theirs: either way it sees both.
ON_POSTS = (Deed.POSTS, Deed.TALKS)


@dataclass(frozen=True, slots=True)
class Trade:
    """What an organisation deals in, as commodity codes; `kind` is None where it is not known."""

    kind: str | None
    offered: frozenset[str]
    needed: frozenset[str]
    products: frozenset[str]


def visible_to(
    actor: Actor,
    kind: PostKind,
    *,
    on: date,
    organisation_id: int | None = None,
    tree: Tree | None = None,
) -> QuerySet[Any]:
    """Return the posts of a kind, open on the day, that the actor may see.

    On behalf of an organisation: its counterparts' under the rivals' rule. Without one: all, for
    an office that reads posts; those of its area for a field officer. Raises: NotFound for who does
    not act for the organisation; NotAllowed.
    """
    if organisation_id is None:
        rows = MODELS[kind]._default_manager.filter(open_on(on))
        area = reach(actor, Capability.READ_POSTS)
        if area is None:
            return rows
        here = Q(organisation__in=area) | Q(organisation__merged_into__in=area)
        return rows.filter(here)
    require_acting(actor, organisation_id, *ON_POSTS)
    own = with_merged(organisation_id)
    codes = visible_commodities(tree or Tree.load(), kind, trade_of(own, on))
    return counterparts(kind, own, codes, on=on)


def counterparts(
    kind: PostKind, own: Iterable[int], codes: Iterable[str], *, on: date
) -> QuerySet[Any]:
    """The open posts of others who work, of commodities that `visible_commodities` has named."""
    rows = MODELS[kind]._default_manager.filter(open_on(on), commodity__in=sorted(codes))
    idle = inactive_on(on).values("pk")
    return rows.exclude(organisation__in=list(own)).exclude(organisation__in=idle)


def visible_commodities(tree: Tree, kind: PostKind, trade: Trade) -> set[str]:
    """Return the commodities whose posts of that kind the trader may see. Pure."""
    offers_asked = kind is PostKind.OFFER
    makes, takes = _products(tree, trade)
    if offers_asked:
        same_side, other_side = trade.offered | makes, trade.needed | takes
    else:
        same_side, other_side = trade.needed | takes, trade.offered | makes
    branches = {branch for code in other_side for branch in tree.branches(code)}
    rivals = {code for own in same_side for code in tree.line(own)}
    return {
        code
        for code in tree.nodes
        if code not in rivals
        and (_by_default(tree, code, kind, trade.kind) or tree.branches(code) & branches)
    }


def _products(tree: Tree, trade: Trade) -> tuple[frozenset[str], frozenset[str]]:
    """The products that it sells, and those that it buys."""
    inputs = frozenset(code for code in trade.products if tree.is_input(code))
    if trade.kind in COOPERATIVES:
        return trade.products, frozenset()
    if trade.kind in BUSINESSES:
        return inputs, trade.products - inputs
    return frozenset(), frozenset()


def _by_default(tree: Tree, code: str, asked: PostKind, kind: str | None) -> bool:
    """Whether the kind of organisation takes the other side of such a post as a rule."""
    buys_inputs = kind in COOPERATIVES
    if not buys_inputs and kind not in BUSINESSES:
        return False
    buys = tree.is_input(code) == buys_inputs
    return buys if asked is PostKind.OFFER else not buys


def trade_of(organisation_ids: Iterable[int], on: date) -> Trade:
    """Return what an organisation (with those merged into it) deals in; four queries."""
    own = list(organisation_ids)
    products = Product.objects.filter(organisation__in=own, commodity__isnull=False)
    return Trade(
        kind=kind_of(own[0], on),
        offered=_posted(PostKind.OFFER, own, on),
        needed=_posted(PostKind.NEED, own, on),
        products=frozenset(products.values_list("commodity_id", flat=True).distinct()),
    )


def _posted(kind: PostKind, own: list[int], on: date) -> frozenset[str]:
    """Read by organisation, which has few posts; filtered here, lest the state's index be taken."""
    rows = MODELS[kind]._default_manager.filter(organisation__in=own)
    return frozenset(
        post.commodity_id for post in rows.only("commodity", "state", "ends") if is_open(post, on)
    )
