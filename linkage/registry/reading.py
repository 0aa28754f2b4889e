"""What an office reads of people on cards and lists: each reading leaves a line.

One line for a page, which names all whom it showed. Whoever acts for an organisation reads its own
and leaves none. The line itself is `services.reading.record_read`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from linkage.registry import events_read, queries, tax_codes
from linkage.registry.access import Actor, Capability, allows
from linkage.registry.models import JoinRequest, Organisation, RegistryEvent
from linkage.registry.queries import Card
from linkage.registry.services.claims import SUBJECT as ORGANISATION
from linkage.registry.services.reading import CONTACTS, TAX_CODE, record_read


def open_card(*, actor: Actor, organisation_id: int, on: date, now: datetime) -> Card:
    """Return an organisation's card to a page that shows its people. Raises: as queries.detail."""
    card = queries.detail(actor=actor, organisation_id=organisation_id, on=on)
    note_cards(actor=actor, cards=[card], now=now)
    return card


def note_cards(*, actor: Actor, cards: Iterable[Card], now: datetime) -> None:
    """Note what cards that are shown together say of people."""
    read = {card.organisation.pk: _personal(card) for card in cards}
    shown = {pk: what for pk, what in read.items() if what and not actor.acts_for(pk)}
    what = {one for whats in shown.values() for one in whats}
    record_read(actor=actor, subject_kind=ORGANISATION, ids=shown, what=what, now=now)


def note_codes(
    *,
    actor: Actor,
    organisations: Iterable[Organisation | JoinRequest],
    now: datetime,
    kind: str = ORGANISATION,
) -> None:
    """Note whose personal tax codes a list shows whole: organisations', or those asked for."""
    if not allows(actor, Capability.READ_PERSONAL_TAX_CODES):
        return
    shown = [
        one.pk for one in organisations if one.tax_code and tax_codes.is_personal(one.tax_code)
    ]
    if kind == ORGANISATION:
        shown = [pk for pk in shown if not actor.acts_for(pk)]
    record_read(actor=actor, subject_kind=kind, ids=shown, what={TAX_CODE}, now=now)


def open_events(*, actor: Actor, organisation_id: int, now: datetime) -> list[RegistryEvent]:
    """Return what happened to an organisation to who is shown it. Raises: as events_read.events."""
    rows = events_read.events(actor=actor, organisation_id=organisation_id)
    told = [one for one in rows if one.kind == RegistryEvent.Kind.NEW_TAX_CODE]
    codes = [(one.organisation_id, code) for one in told for code in (one.before, one.after)]
    shown = {pk for pk, code in codes if code and tax_codes.is_personal(code)}
    if allows(actor, Capability.READ_PERSONAL_TAX_CODES):
        ids = [pk for pk in shown if not actor.acts_for(pk)]
        record_read(actor=actor, subject_kind=ORGANISATION, ids=ids, what={TAX_CODE}, now=now)
    return rows


def _personal(card: Card) -> set[str]:
    """What a card shows of people; a masked code is no personal one any more."""
    code = card.tax_code or ""
    whole = code.isdigit() and tax_codes.is_personal(code)
    shown = {CONTACTS: bool(card.contacts), TAX_CODE: whole}
    return {what for what, is_shown in shown.items() if is_shown}
