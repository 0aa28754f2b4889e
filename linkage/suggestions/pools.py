"""What was found of suppliers that fill a need together, as the need's owner reads it.

It is read as it was found, until something of it is not so any more: then its offers, which may be
out of the owner's sight by now, are read no more, and the owner asks anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from linkage.catalogue.models import Certification
from linkage.errors import NotFound
from linkage.jobs.queries import under_way
from linkage.market.models import Need
from linkage.market.sight import is_open
from linkage.matching import UNSET
from linkage.matching.near import NearMiss
from linkage.matching.near_words import lacking
from linkage.registry.access import Actor, require_acting
from linkage.registry.models import Deed
from linkage.registry.on_a_day import inactive_on
from linkage.registry.queries import with_merged
from linkage.suggestions.models import PoolPart, PoolSuggestion

LOOK_FOR_POOL = "suggestions.pool"
_SHOWN = (
    "offer__commodity", "offer__unit", "offer__commune", "offer__organisation__merged_into"
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PoolAnswer:
    """The need, and what was found for it if anybody asked; `parts` in order of id of the offer.

    `is_looking`: a worker is at it, or will be. `is_overtaken`: the need or one of the offers
    changed since, or was said to hold anew. Then there are no parts.
    """

    need: Need
    row: PoolSuggestion | None
    parts: Sequence[PoolPart]
    is_looking: bool
    is_overtaken: bool
    certifications: Mapping[str, Certification]

    def lacking(self, part: PoolPart, language: str) -> str:
        """What the part's offer lacks, in one line; empty, if nothing. Raises: KeyError, if the
        language is neither "vi" nor "en"."""
        if part.lacks is None:
            return ""
        mark = self.certifications.get(part.lacks["certificate"])
        names = [getattr(mark, f"name_{language}")] if mark else []
        miss = NearMiss(
            offer=part.offer_id,
            need=self.need.pk,
            kind=part.lacks["kind"],
            amount=part.lacks["amount"],
            certificate=0 if mark else UNSET,
            takes=part.lacks["takes"],
            distance_m=0,
        )
        return lacking(miss, names, language)

    @property
    def is_found(self) -> bool:
        """Whether what it tells is so now."""
        looked = self.row is not None and self.row.looked_at is not None
        return looked and not self.is_looking and not self.is_overtaken

    @property
    def fits(self) -> bool:
        """Whether all its parts suit the need as they are, and are more than one: to be proposed
        to at once."""
        whole = self.row is not None and not self.row.why
        return self.is_found and whole and len(self.parts) > 1


def pool_answer(*, actor: Actor, organisation_id: int, need_id: int, on: date) -> PoolAnswer:
    """Return what was found for one of the organisation's own needs.

    Raises: NotFound, for who does not act for it, and for another's need; NotConsented.
    """
    require_acting(actor, organisation_id, Deed.TALKS)
    need = own_need(organisation_id, need_id)
    row = PoolSuggestion.objects.filter(need=need).first()
    rows = PoolPart.objects.filter(suggestion=need_id).select_related(*_SHOWN).order_by("offer")
    parts = list(rows.prefetch_related("offer__certificates__certification"))
    is_looking = under_way([LOOK_FOR_POOL], need=need_id) is not None
    is_overtaken = row is not None and _is_overtaken(row, need, parts, on)
    shown = [] if is_looking or is_overtaken else parts
    return PoolAnswer(
        need=need,
        row=row,
        parts=shown,
        is_looking=is_looking,
        is_overtaken=is_overtaken,
        certifications=Certification.objects.in_bulk(_codes(shown)),
    )


def own_need(organisation_id: int, need_id: int) -> Need:
    """Return one of the organisation's own needs. Raises: NotFound."""
    own = Need.objects.filter(pk=need_id, organisation__in=with_merged(organisation_id))
    found = own.select_related("unit", "commodity").first()
    if found is None:
        raise NotFound
    return found


def _codes(parts: Sequence[PoolPart]) -> list[str]:
    return [part.lacks["certificate"] for part in parts if part.lacks and part.lacks["certificate"]]


def _is_overtaken(row: PoolSuggestion, need: Need, parts: Sequence[PoolPart], on: date) -> bool:
    if row.looked_at is None:
        return False
    if (row.need_version, row.wanted) != (need.version, need.left) or not is_open(need, on):
        return True
    if not all(_stands(part, row.looked_at, on) for part in parts):
        return True
    return inactive_on(on).filter(pk__in=[part.offer.organisation_id for part in parts]).exists()


def _stands(part: PoolPart, looked_at: datetime, on: date) -> bool:
    """Whether the part's offer is as it was: edited, it would be confirmed since. Not by its
    version, which a move of its sealed floor changes too."""
    offer = part.offer
    return is_open(offer, on) and part.quantity <= offer.left and offer.confirmed_at <= looked_at
