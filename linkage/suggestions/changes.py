"""What happened between two days: which linkages began, were proved, ended, ran out, rose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from linkage.agreements.graph_columns import graph_columns
from linkage.agreements.models import Linkage
from linkage.catalogue.models import Commodity
from linkage.errors import Invalid, NotFound
from linkage.graph import Changes, GraphColumns, NoSuchCommodity, changes_between
from linkage.registry.access import Actor, Capability, require

# In this order: what came, what went, what rose.
BORN, PROVED, ENDED, EXPIRED, RISEN = WHAT = ("born", "proved", "ended", "expired", "risen")


class DaysInverted(Invalid):
    """The second day lies before the first."""

    code = "days_inverted"
    words = _("The second day lies before the first.")


@dataclass(frozen=True, slots=True)
class Happened:
    """One linkage: `what` of WHAT, on the day that says so.

    `on` is None where no day says it (proofs of more than one kind); `levels`: before and after,
    of what rose.
    """

    what: str
    linkage: Linkage
    on: date | None
    levels: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class SeenChanges:
    """The changes with their linkages; of all commodities where `commodity` is None."""

    changes: Changes
    happened: Sequence[Happened]
    commodity: Commodity | None


def changes(
    *, actor: Actor, before: date, after: date, level: str, commodity: str | None = None
) -> SeenChanges:
    """Return what happened from `before` to `after` to the linkages that count at the level.

    `commodity`: of it and what lies under it alone. Raises: NotAllowed; DaysInverted, with the
    field "to"; NotFound for a commodity that there is not; ValueError for a level.
    """
    require(actor, Capability.READ_LINKAGES)
    if after < before:
        raise DaysInverted(field="to")
    columns = graph_columns()
    found = changes_between(columns, before, after, level)
    if commodity is not None:
        found = found.only(_of(columns, commodity))
    ids = {id_ for what in WHAT for id_ in getattr(found, what)}
    related = ("seller", "seller__merged_into", "buyer", "buyer__merged_into", "commodity")
    linkages = Linkage.objects.select_related(*related).in_bulk(sorted(ids))
    return SeenChanges(
        changes=found,
        happened=list(_happened(found, linkages)),
        commodity=Commodity.objects.get(code=commodity) if commodity else None,
    )


def _of(columns: GraphColumns, commodity: str) -> set[int]:
    """The linkages of a commodity and of what lies under it."""
    try:
        below = columns.commodities.below([columns.commodities.place(commodity)])
    except NoSuchCommodity:
        raise NotFound from None
    links = zip(columns.linkages.id.tolist(), columns.linkages.commodity.tolist(), strict=True)
    return {id_ for id_, place in links if place >= 0 and below[place]}


def _happened(found: Changes, linkages: Mapping[int, Linkage]) -> Iterator[Happened]:
    for what in WHAT:
        for id_ in getattr(found, what):
            one = linkages[id_]
            days = {BORN: one.starts, ENDED: one.terminated_on, EXPIRED: one.ends}
            levels = found.risen[id_] if what == RISEN else None
            yield Happened(what, one, days.get(what), levels)
