"""Names of what events keep as codes and numbers: people, organisations, reference data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from linkage.agreements.models import Side, State
from linkage.catalogue.models import Certification, Commodity, LinkageForm, Sector, Unit
from linkage.coverage.models import Basis, Indicator, Target
from linkage.jobs.models import Event
from linkage.market.models import Handover, Period
from linkage.registry.models import (
    AccessCode,
    Call,
    Commune,
    Kind,
    MemberRole,
    OfficerConsent,
    Organisation,
    Status,
    User,
)

# A field's values and their labels, where the model knows them.
_CHOICES: Mapping[str, Any] = {
    "status": Status,
    "kind": Kind,
    "from": State,
    "to": State,
    "role": MemberRole,
    "way": AccessCode.Way,
    "how": OfficerConsent.Way,
    "outcome": Call.Outcome,
    "side": Side,
    "period": Period,
    "comparison": Target.Comparison,
    "official": Basis,
    "handover": Handover,
}
# A field's table, where its value is a key.
_TABLES: Mapping[str, type[Model]] = {
    "sector": Sector,
    "commodity": Commodity,
    "commune": Commune,
    "certification": Certification,
    "form": LinkageForm,
    "unit": Unit,
    "merged": Organisation,
    "into": Organisation,
    "other_organisation": Organisation,
    "indicator": Indicator,
    "seller": Organisation,
    "buyer": Organisation,
    "account": User,
}


@dataclass(frozen=True)
class Names:
    """The rows that a history mentions, by table and key."""

    rows: Mapping[type[Model], Mapping[Any, Any]]

    @classmethod
    def of(cls, events: Iterable[Event]) -> Names:
        """One query for each table that the events mention."""
        wanted: dict[type[Model], set[Any]] = {}
        for event in events:
            if event.actor_id is not None:
                wanted.setdefault(User, set()).add(event.actor_id)
            for field, value in _values(event):
                if field in _TABLES and isinstance(value, str | int):
                    wanted.setdefault(_TABLES[field], set()).add(value)
        return cls({model: model._default_manager.in_bulk(ids) for model, ids in wanted.items()})

    def person(self, user_id: int | None) -> str:
        """Who did it; a command on the server has no account."""
        if user_id is None:
            return _("a command on the server")
        found = self.rows.get(User, {}).get(user_id)
        return str(found) if found is not None else _("an account that is no more")

    def value(self, field: str, value: Any) -> str | None:
        """The value's name in the reader's language; None where it is none of ours."""
        if field in _CHOICES:
            choices = _CHOICES[field]
            return str(choices(value).label) if value in choices.values else None
        if field not in _TABLES:
            return None
        found = self.rows.get(_TABLES[field], {}).get(value)
        return None if found is None else _name_of(found)


def _values(event: Event) -> Iterator[tuple[str, Any]]:
    """Every field that the event mentions, with each of its values."""
    yield from event.data.items()
    for side in ("before", "after"):
        told = event.data.get(side)
        if isinstance(told, Mapping):
            yield from told.items()
        elif isinstance(told, list):
            field = event.kind.removesuffix("_set")
            yield from ((field, value) for _since, value in told)


def _name_of(row: Any) -> str:
    name = getattr(row, "name_vi" if get_language() == "vi" else "name_en", None)
    return str(name or row)
