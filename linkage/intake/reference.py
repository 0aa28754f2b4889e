"""Loads the packaged reference files into the database: idempotent, and never deletes.

A row is known by its natural key. Rows of the files win over the database in the columns that the
files have; rows that are not in the files (a programme that staff added as data) stay as they are.
Each table takes one reading query and at most two writing ones, whatever its size.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from linkage.catalogue.models import Sector
from linkage.errors import Conflict
from linkage.intake.reference_rows import TABLES, Table, Values


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of one file: rows created, changed, left as they were."""

    file: str
    created: int
    changed: int
    left: int


class ReferenceMissing(Conflict):
    """Words cannot be looked up: no sector, commune or certification would be known."""

    code = "reference_missing"
    words = _(
        "The reference data (communes, sectors, commodities, certifications) is not loaded, so no"
        " workbook can be read: run manage.py load_reference first."
    )


def require_reference() -> None:
    """One query; all tables are loaded together, so one tells of all.

    Raises: ReferenceMissing.
    """
    if not Sector.objects.exists():
        raise ReferenceMissing


@transaction.atomic
def load_reference() -> list[Loaded]:
    """Bring the database to the packaged files, all or nothing; a second call changes nothing.

    Raises: ValueError or KeyError for a broken file; nothing is changed then.
    """
    return [_sync(table) for table in TABLES]


def _sync(table: Table) -> Loaded:
    """Create or change the rows of one table so that they hold those of its file."""
    file, model, key, rows = table
    manager = model._default_manager
    known = {tuple(getattr(row, name) for name in key): row for row in manager.all()}
    new, changed, left = [], [], 0
    columns: set[str] = set()
    for values in rows():
        row = known.get(tuple(values[name] for name in key))
        if row is None:
            new.append(model(**values))
        elif _assign(row, values):
            changed.append(row)
            columns.update(set(values) - set(key))
        else:
            left += 1
    manager.bulk_create(new, batch_size=500)
    if changed:
        manager.bulk_update(changed, sorted(columns), batch_size=100)
    return Loaded(file, len(new), len(changed), left)


def _assign(row: models.Model, values: Values) -> bool:
    """Set what differs; say whether anything did."""
    different = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in different.items():
        setattr(row, name, value)
    return bool(different)
