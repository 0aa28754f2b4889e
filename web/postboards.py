"""What the pages of posts show, put together from the market's reads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from linkage.catalogue.models import Commodity
from linkage.market import queries
from linkage.market.models import MODELS, AnyPost, Offer, PostKind
from linkage.market.search import Found
from linkage.registry.models import Organisation, Product
from linkage.registry.queries import with_merged
from web import postwords

MOST_PICKS = 6


@dataclass(frozen=True)
class Frame:
    """On whose behalf the page is, and the addresses beside it; None for an office."""

    organisation: Organisation | None
    tabs: Sequence[tuple[str, str, bool]]
    list_address: str
    add_address: str


@dataclass(frozen=True)
class Line:
    """A post in a list."""

    post: AnyPost
    party: Organisation
    quantity: str
    left: str
    marks: Sequence[str]
    distance: str
    address: str

    @property
    def talk_page(self) -> str:
        """The name of the page on which talks about the post begin."""
        return f"web:talk_about_{kind_of(self.post).value}"


@dataclass(frozen=True)
class OwnBoard:
    """An own post with what may be done to it."""

    line: Line
    total: str
    limit: str
    limit_hidden: bool
    acts: Sequence[tuple[str, str, str, bool]]
    edit_address: str
    limit_address: str
    copy_address: str


def kind_of(post: AnyPost) -> PostKind:
    """Which side the post is."""
    return PostKind.OFFER if isinstance(post, Offer) else PostKind.NEED


def frame(
    organisation_id: int, kind: PostKind, *, searching: bool = False, suggesting: bool = False
) -> Frame:
    """The tabs of one organisation's market pages."""
    tabs = []
    for side in PostKind:
        words = postwords.WORDS[side]
        own = reverse(f"web:{words.plural}", args=[organisation_id])
        tabs.append((str(words.heading), own, side is kind and not searching and not suggesting))
    for side in PostKind:
        words = postwords.WORDS[side]
        search = reverse(f"web:search_{words.plural}", args=[organisation_id])
        tabs.append((str(words.search), search, side is kind and searching))
    suggested = reverse("web:suggestions", args=[organisation_id])
    tabs.append((_("Suggestions"), suggested, suggesting))
    own = postwords.WORDS[kind].plural
    return Frame(
        Organisation.objects.get(pk=organisation_id),
        tabs,
        reverse(f"web:{own}", args=[organisation_id]),
        reverse(f"web:{kind.value}_add", args=[organisation_id]),
    )


def office_frame(kind: PostKind) -> Frame:
    """The two lists of an office."""
    tabs = [
        (str(words.search), reverse(f"web:market_{words.plural}"), side is kind)
        for side, words in postwords.WORDS.items()
    ]
    return Frame(None, tabs, reverse(f"web:market_{postwords.WORDS[kind].plural}"), "")


def lines(posts: Iterable[AnyPost]) -> list[Line]:
    """Own posts as lines."""
    return [
        line(post, reverse(f"web:{kind_of(post).value}", args=[post.organisation_id, post.pk]))
        for post in posts
    ]


def line(post: AnyPost, address: str, metres: int | None = None) -> Line:
    """A post as a line that leads to `address`."""
    return Line(
        post=post,
        party=post.organisation.survivor,
        quantity=postwords.quantity_words(post),
        left=postwords.left_words(post),
        marks=postwords.mark_names(post),
        distance=postwords.distance_words(metres),
        address=address,
    )


def found_lines(found: Found, organisation_id: int | None) -> list[Line]:
    """What a search found, each leading to its page on the reader's behalf."""
    return [
        line(
            each.post, seen_address(kind_of(each.post), each.post.pk, organisation_id), each.metres
        )
        for each in found.results
    ]


def seen_address(kind: PostKind, post_id: int, organisation_id: int | None) -> str:
    """Where another's post is looked at."""
    if organisation_id is None:
        return reverse(f"web:market_{kind.value}", args=[post_id])
    return reverse(f"web:seen_{kind.value}", args=[organisation_id, post_id])


def own_board(detail: queries.Detail) -> OwnBoard:
    """An own post for its page."""
    post, kind = detail.post, kind_of(detail.post)
    party = post.organisation.survivor
    at = [party.pk, post.pk]
    acts = [
        (name, words, reverse(f"web:{kind.value}_act", args=[*at, name]), main)
        for name, words, main in postwords.acts_for(post.state)
    ]
    editable = post.state in postwords.EDITABLE
    return OwnBoard(
        line=line(post, ""),
        total=postwords.total_words(post),
        limit=postwords.limit_words(detail.limit, post),
        limit_hidden=detail.limit_hidden,
        acts=acts,
        edit_address=reverse(f"web:{kind.value}_edit", args=at) if editable else "",
        limit_address=reverse(f"web:{kind.value}_limit", args=at) if editable else "",
        copy_address=reverse(f"web:{kind.value}_copy", args=at),
    )


def first_product(organisation_id: int, kind: PostKind, chosen: str) -> str:
    """What a new post begins with: the product that was chosen, else the likely one."""
    if chosen and Commodity.objects.filter(pk=chosen).exists():
        return chosen
    return only_product(organisation_id, kind)


def only_product(organisation_id: int, kind: PostKind) -> str:
    """What is likely offered: what the organisation makes or trades, if that is one product."""
    if kind is not PostKind.OFFER:
        return ""
    rows = Commodity.objects.filter(product__organisation__in=with_merged(organisation_id))
    found = list(rows.distinct().values_list("pk", flat=True)[:2])
    return found[0] if len(found) == 1 else ""


def picks(organisation_id: int, kind: PostKind, chosen: str) -> list[Any]:
    """Commodities to pick with one tap: what was chosen, own products, what was posted before."""
    own = with_merged(organisation_id)
    products = Product.objects.filter(organisation__in=own, commodity__isnull=False)
    posted = MODELS[kind]._default_manager.filter(organisation__in=own).order_by("-pk")
    codes = [
        *([chosen] if chosen else []),
        *products.order_by("-is_main", "pk").values_list("commodity_id", flat=True),
        *posted.values_list("commodity_id", flat=True)[:50],
    ]
    rows = Commodity.objects.in_bulk(list(dict.fromkeys(codes)))
    return [rows[code] for code in dict.fromkeys(codes) if code in rows][:MOST_PICKS]
