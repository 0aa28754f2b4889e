"""Registry events in words, from the side of one organisation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from linkage.registry.access import Actor
from linkage.registry.models import Commune, Organisation, RegistryEvent
from linkage.registry.queries import shown_tax_code

_Kind = RegistryEvent.Kind


@dataclass(frozen=True)
class ToldEvent:
    """One event: its day, what it was, who else had a part in it."""

    on: date
    kind: str
    words: str
    other: Organisation | None
    source: str
    # By which it can be withdrawn on this page; None: it is another one's.
    event_id: int | None


def told_events(
    rows: Iterable[RegistryEvent], organisation_id: int, actor: Actor
) -> list[ToldEvent]:
    """The events in their order; a person's tax code as the actor may see it."""
    events = list(rows)
    moves = {one.after for one in events if one.kind == _Kind.MOVE}
    communes = Commune.objects.in_bulk(moves) if moves else {}
    return [_told(one, organisation_id, actor, communes) for one in events]


def withdrawal_words(one: RegistryEvent) -> str:
    """What taking the event back does."""
    if one.kind == _Kind.SPLIT:
        return _("The one that came out of it stays in the register: merge it there if it is none.")
    return _("What it changed is again as it was before; the history keeps both, with the reason.")


def _told(
    one: RegistryEvent, organisation_id: int, actor: Actor, communes: dict[str, Commune]
) -> ToldEvent:
    is_own = one.organisation_id == organisation_id
    other = one.other if is_own else one.organisation
    words = _words(one, is_own, actor, communes)
    return ToldEvent(
        one.on, one.get_kind_display(), words, other, one.source, one.pk if is_own else None
    )


def _words(one: RegistryEvent, is_own: bool, actor: Actor, communes: dict[str, Commune]) -> str:
    if one.kind == _Kind.MOVE:
        moved = communes.get(one.after)
        return _("to %(place)s") % {"place": moved.name if moved else one.after}
    if one.kind == _Kind.SPLIT:
        return _("The new one came out of it") if is_own else _("Came out of the other one")
    if one.kind == _Kind.MERGER:
        return _("Went into the other one") if is_own else _("Took the other one in")
    before, after = one.before, one.after
    if one.kind == _Kind.NEW_TAX_CODE:
        before, after = (shown_tax_code(actor, code or None) or "—" for code in (before, after))
    return _("%(before)s until then, %(after)s from then on") % {"before": before, "after": after}
