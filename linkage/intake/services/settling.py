"""A person settles what an import could not: the values of a row, whether two are one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from linkage.errors import Invalid, NotFound
from linkage.intake.masking import CODE_FIELDS, HIDDEN, mask_code
from linkage.intake.models import SUBJECT, ImportBatch, ImportRow, PairDecision
from linkage.intake.planning.choosing import AS_IN_FILE
from linkage.intake.reading.headers import FIELDS, TableKind
from linkage.intake.reading.records import HIDDEN_ROW, HIDDEN_SHEET
from linkage.intake.services.states import State, move, outdate, settle
from linkage.jobs.services import record_event
from linkage.registry import values
from linkage.registry.access import Actor, Capability, require
from linkage.text import clean

LONGEST_VALUE = 500
_HIDDEN = frozenset({HIDDEN_ROW, HIDDEN_SHEET})


class NoSuchField(Invalid):
    """A correction of what a row of this kind does not have."""

    code = "row_field_unknown"
    words = _("This row has no field “%(name)s”.")


class CodeIsHidden(Invalid):
    """A person's tax code that is partly hidden, and not as the row has it."""

    code = "code_is_hidden"
    words = _("Part of this code is hidden: write all of it, or leave it as it stands.")


class NothingChanged(Invalid):
    """A correction that says what was said already; the last preview stays what it is."""

    code = "nothing_changed"
    words = _("No value was changed.")


def correct_row(  # a row is known by three things
    *,
    actor: Actor,
    batch_id: int,
    version: int,
    sheet: str,
    row: int,
    overrides: dict[str, Any],
    now: datetime,
) -> ImportRow:
    """Say what a refused row should have said; the batch has to be previewed again.

    `overrides` go by field or by the column's header; an empty text empties the field. Of a hidden
    row `as_in_file` says that it holds as it stands, and empty that it does not. A person's code
    that comes back hidden, as it is shown to most, stays what it is. `version` is the batch's as
    the actor saw it.
    Raises: NotAllowed; NotFound; BatchNotApplicable; StaleVersion, if somebody settled something
    meanwhile; NoSuchField; TextInvalid for a value over 500 characters; CodeIsHidden;
    NothingChanged. Nothing is changed then.
    """
    require(actor, Capability.WRITE_IMPORTS)
    with transaction.atomic():
        settle(batch_id, version)
        found = ImportRow.objects.filter(batch_id=batch_id, sheet=sheet, row=row).first()
        if found is None:
            raise NotFound
        said = {**found.overrides, **_by_field(found, overrides)}
        if not said.get(AS_IN_FILE, True):
            del said[AS_IN_FILE]
        if said == found.overrides:
            raise NothingChanged
        found.overrides = said
        found.save(update_fields=["overrides"])
        record_event(
            subject_kind=SUBJECT,
            subject_id=batch_id,
            kind="row_corrected",
            at=now,
            actor_id=actor.user_id,
            data={"sheet": sheet, "row": row},
        )
    return found


def is_hidden(row: ImportRow) -> bool:
    """Whether the row was refused for being hidden, or was taken although it is."""
    return row.code in _HIDDEN or AS_IN_FILE in row.overrides


def _by_field(row: ImportRow, overrides: dict[str, Any]) -> dict[str, str]:
    own = (AS_IN_FILE,) if is_hidden(row) else ()
    headers = {clean(cell["header"]): field for field, cell in row.raw.items()}
    fields = FIELDS[TableKind(row.kind)]
    found = {}
    for name, value in overrides.items():
        # Beside the columns a row can offer fields of its own: who an ambiguous party is.
        field = name if name in (*fields, *row.raw, *own) else headers.get(clean(name))
        text = "" if value is None else str(value)
        if field is None:
            raise NoSuchField(name=clean(name)[:100])
        if len(text) > LONGEST_VALUE:
            raise values.TextInvalid(limit=LONGEST_VALUE, field=field)
        if field in CODE_FIELDS and HIDDEN in text:
            text = _as_it_stands(row, field, text)
        found[field] = text
    return found


def _as_it_stands(row: ImportRow, field: str, hidden: str) -> str:
    """The code of the row that is shown so: the corrected one, or the file's."""
    in_file = str(row.raw.get(field, {}).get("value") or "")
    for whole in (row.overrides.get(field), in_file):
        if whole and mask_code(whole) == hidden:
            return whole
    raise CodeIsHidden(field=field)


def decide_pair(
    *,
    actor: Actor,
    batch_id: int,
    first_key: str,
    second_key: str,
    verdict: str,
    now: datetime,
) -> PairDecision:
    """Remember a person's word on two that look alike; every later import goes by it.

    `batch_id` is the import that shows the pair: it has to be previewed again, as has every other
    one that was previewed with this pair in it.
    Raises: NotAllowed; NotFound; BatchNotApplicable; ValueUnknown for another word; TextInvalid for
    a key that is empty or over 500 characters.
    Nothing is remembered then.
    """
    require(actor, Capability.WRITE_IMPORTS)
    keys = sorted((first_key, second_key))
    if verdict not in PairDecision.Verdict.values:
        raise values.ValueUnknown(field="verdict")
    for field, key in (("first_key", first_key), ("second_key", second_key)):
        if not 0 < len(key) <= LONGEST_VALUE:
            raise values.TextInvalid(limit=LONGEST_VALUE, field=field)
    with transaction.atomic():
        move(batch_id, State.UPLOADED)
        decision, _made = PairDecision.objects.update_or_create(
            first_key=keys[0],
            second_key=keys[1],
            defaults={
                "verdict": verdict,
                "decided_by_id": actor.user_id,
                "decided_at": now,
            },
        )
        outdate(_previewed_with(keys))
    return decision


def _previewed_with(keys: list[str]) -> list[int]:
    """The batches whose preview shows the pair; of their reports only the pairs are read."""
    shown = ImportBatch.objects.filter(state=State.PREVIEWED).values_list(
        "pk", "report__likely_duplicates"
    )
    return [
        batch_id
        for batch_id, pairs in shown
        if any(sorted((one["first_key"], one["second_key"])) == keys for one in pairs or ())
    ]
