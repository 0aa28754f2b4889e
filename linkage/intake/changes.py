"""Database rows as JSON: what a batch changed, before and after, so that it can be played back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from django.apps import apps
from django.db import connection, models
from django.db.models import Max

from linkage.intake.models import ImportBatch, ImportChange

# Rows a statement; both databases take this many values at once.
CHUNK = 500
_Value = TypeVar("_Value")


def in_chunks(values: Sequence[_Value]) -> Iterator[Sequence[_Value]]:
    """The values in order, as many at once as a statement takes."""
    for start in range(0, len(values), CHUNK):
        yield values[start : start + CHUNK]


def row_as_json(instance: models.Model) -> dict[str, Any]:
    """Every column of a row, dates as ISO text."""
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name in column_names(type(instance))
        for value in (getattr(instance, name),)
    }


_NAMES: dict[type[models.Model], tuple[str, ...]] = {}


def column_names(model: type[models.Model]) -> tuple[str, ...]:
    """The attribute of each column."""
    if model not in _NAMES:
        _NAMES[model] = tuple(column.attname for column in model._meta.concrete_fields)
    return _NAMES[model]


def row_from_json(model: type[models.Model], values: dict[str, Any]) -> models.Model:
    """The row again, as it was."""
    known = {column.attname: column for column in model._meta.concrete_fields}
    return model(**{name: known[name].to_python(value) for name, value in values.items()})


def model_of(label: str) -> type[models.Model]:
    """The model that a change names."""
    return apps.get_model(label)


@dataclass(slots=True)
class Recorder:
    """Writes rows and notes each of them as a change of the batch, in order."""

    batch: ImportBatch
    _lines: list[tuple[Any, ...]] = field(default_factory=list)

    def create(self, model: type[Any], rows: Sequence[Any]) -> None:
        """Insert rows; they have their ids afterwards."""
        model._default_manager.bulk_create(rows, batch_size=CHUNK)
        for row in rows:
            self._note(row, None, row_as_json(row))

    def update(self, model: type[Any], rows: Iterable[tuple[Any, dict[str, Any]]]) -> None:
        """Save changed rows; each comes with what it was before."""
        pairs = [(row, before) for row, before in rows if row_as_json(row) != before]
        if not pairs:
            return
        names = [c.name for c in model._meta.concrete_fields if not c.primary_key]
        model._default_manager.bulk_update([row for row, _ in pairs], names, batch_size=100)
        for row, before in pairs:
            self._note(row, before, row_as_json(row))

    def delete(self, model: type[Any], rows: Sequence[Any]) -> None:
        """Delete rows, noting what they were."""
        for row in rows:
            self._note(row, row_as_json(row), None)
        for some in in_chunks([row.pk for row in rows]):
            model._default_manager.filter(pk__in=some).delete()

    def save(self) -> None:
        """Write the notes themselves: many plain rows, without the cost of an object each.

        They go on after those of an earlier application of the batch that was undone.
        """
        earlier = ImportChange.objects.filter(batch=self.batch).aggregate(last=Max("sequence"))
        last = earlier["last"] or 0
        table = connection.ops.quote_name(ImportChange._meta.db_table)
        statement = (
            f"INSERT INTO {table} (batch_id, sequence, model, object_id, before, after)"  # noqa: S608
            " VALUES (%s, %s, %s, %s, %s, %s)"
        )
        with connection.cursor() as cursor:
            cursor.executemany(
                statement,
                [(batch, last + place, *rest) for batch, place, *rest in self._lines],
            )

    def _note(self, row: Any, before: dict[str, Any] | None, after: dict[str, Any] | None) -> None:
        told = [None if one is None else json.dumps(one) for one in (before, after)]
        place = (self.batch.pk, len(self._lines) + 1, row._meta.label, str(row.pk))
        self._lines.append((*place, *told))
