"""Near misses of an own post: what one condition alone keeps from fitting it, and which.

They are read from what is so now, and nothing is stored. A match introduces its two sides; a near
miss introduces nobody: only posts that the rivals' rule (`market.sight`) shows the owner anyway
are judged, so talks of one may be opened as of any post that is seen.

Of a price no more is told than that the two do not meet (`matching.near`): the bit by which a match
is none. It costs a move of a limit, and those are counted (`market.services.limits`), to see it
turn; nothing else that can be done to a post asks it about another price.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from linkage.catalogue.models import Certification
from linkage.errors import NotFound
from linkage.market.models import MODELS, AnyPost, PostKind
from linkage.market.queries import mine, visible_to, with_parts
from linkage.market.tree import Tree
from linkage.matching import NearMiss, near_needs, near_offers
from linkage.matching.columns import UNSET
from linkage.matching.near_words import lacking
from linkage.registry.access import Actor, require_acting
from linkage.registry.models import Deed
from linkage.suggestions.facts import World, gather_around

MOST = 10


@dataclass(frozen=True, slots=True)
class Near:
    """An own post, another one that nearly fits it, and the one condition that fails.

    `certification`: which one is missing or has run out, if that is it.
    """

    kind: PostKind
    post: AnyPost
    other: AnyPost
    miss: NearMiss
    certification: Certification | None

    @property
    def pair(self) -> tuple[int, int]:
        """The offer and the need."""
        return self.miss.offer, self.miss.need

    @property
    def is_beyond_own_limit(self) -> bool:
        """Whether the own post's own distance is too short, whatever the other one's is."""
        return self.post.max_km is not None and self.miss.distance_m > self.post.max_km * 1_000

    def words(self, language: str) -> str:
        """What is lacking, in "vi" or "en"."""
        named = self.certification
        name = "" if named is None else getattr(named, f"name_{language}")
        return lacking(self.miss, {self.miss.certificate: name}, language)


def near_misses(
    *, actor: Actor, organisation_id: int, kind: PostKind, post_id: int, on: date
) -> list[Near]:
    """Return up to ten posts that nearly fit an own one, what takes least first.

    Nothing, if the post is not open on the day or used up.
    Raises: NotFound, for who does not act for it, and for another's post; NotConsented.
    """
    require_acting(actor, organisation_id, Deed.TALKS)
    post = mine(actor=actor, kind=kind, organisation_id=organisation_id).filter(pk=post_id).first()
    if post is None:
        raise NotFound
    world = _around(kind, post, actor, organisation_id, on)
    search = near_needs if kind is PostKind.OFFER else near_offers
    found = search(world.all_offers, world.all_needs, world.tree, world.certificates, top=MOST)
    others = {miss.need if kind is PostKind.OFFER else miss.offer: miss for miss in found}
    rows = with_parts(MODELS[kind.other]._default_manager.all(), kind.other).in_bulk(list(others))
    return [
        Near(kind, post, rows[other_id], miss, _certification(world, miss))
        for other_id, miss in others.items()
    ]


def _around(kind: PostKind, post: AnyPost, actor: Actor, organisation_id: int, on: date) -> World:
    """The post, and what its owner sees of the other side on its line of the tree."""
    tree = Tree.load()
    seen = visible_to(actor, kind.other, on=on, organisation_id=organisation_id, tree=tree)
    others = seen.filter(commodity__in=sorted(tree.line(post.commodity_id)))
    return gather_around(tree=tree, kind=kind, post_id=post.pk, others=others, today=on)


def _certification(world: World, miss: NearMiss) -> Certification | None:
    return None if miss.certificate == UNSET else world.certifications[miss.certificate]
