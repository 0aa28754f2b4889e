"""Takes a batch back whole: its changes are played back in reverse, or nothing is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linkage.agreements.models import Linkage
from linkage.agreements.services import follow_days
from linkage.errors import Conflict
from linkage.intake import histories
from linkage.intake.changes import CHUNK, in_chunks, model_of, row_as_json, row_from_json
from linkage.intake.models import SUBJECT, ImportBatch, ImportChange
from linkage.intake.planning.plan import Progress
from linkage.intake.services.applying import lock_imports
from linkage.intake.services.batches import Fence
from linkage.intake.services.states import State, batch_of, move
from linkage.jobs.services import record_event
from linkage.registry.models import Organisation

_MODELS = {"organisations": Organisation._meta.label, "linkages": Linkage._meta.label}
# What a night may change of a row without anybody having touched it: whoever moves a linkage
# changes its version too.
_BY_THE_CALENDAR = {Linkage._meta.label: frozenset({"state"})}
_COUNTED = ("created", "updated")
# How many rows a refusal names.
_NAMED = 50
_OWNERS = frozenset({"organisation", "linkage", "seller", "buyer"})


class BatchNotApplied(Conflict):
    """Only an import that was applied and not undone can be undone."""

    code = "batch_not_applied"
    words = _("Only an import that was applied can be undone.")


class UndoConflict(Conflict):
    """Rows of the batch were changed or used since; `rows` names them. Nothing was undone."""

    code = "undo_conflict"
    words = _(
        "%(count)s organisations and contracts of this import were changed or used since; it cannot"
        " be undone whole: %(named)s."
    )


class LaterImportFirst(UndoConflict):
    """Later imports changed or used its rows: these can be undone before it."""

    words = _(
        "%(count)s organisations and contracts of this import were changed or used since; it cannot"
        " be undone whole: %(named)s. Undo these later imports first, the newest before the others:"
        " %(later)s."
    )


def undo_batch(
    *,
    batch_id: int,
    now: datetime,
    actor_id: int | None = None,
    progress: Progress | None = None,
    fence: Fence | None = None,
) -> dict[str, Any]:
    """Bring back every row as it was before the batch, in one transaction; `counted` says what.

    Raises: NotFound; BatchNotApplied; UndoConflict, if a row was changed or used since by anybody
    else (also by a later batch). Nothing is changed then.
    """
    batch = batch_of(batch_id)
    if batch.state != State.APPLIED:
        raise BatchNotApplied
    written = ImportChange.objects.filter(batch=batch, undone_at=None)
    changes = list(written.order_by("-sequence"))
    if progress is not None:
        # Not after the commit: who calls off what is done would see it called off.
        progress(0, len(changes))
    with transaction.atomic():
        if fence is not None:
            fence()
        lock_imports()
        move(batch_id, State.UNDONE, refusal=BatchNotApplied, undone_at=now)
        _check(changes)
        for (label, what), run in groupby(changes, key=lambda one: (one.model, _what(one))):
            _play_back(model_of(label), what, list(run), timezone.localdate(now))
        written.update(undone_at=now)
        histories.tell_taken_back(batch_id, changes, now=now, actor_id=actor_id)
        record_event(
            subject_kind=SUBJECT,
            subject_id=batch_id,
            kind="undone",
            at=now,
            actor_id=actor_id,
            data={"rows": len(changes)},
        )
    return {"batch": batch_id, **counted(changes)}


def counted(changes: Iterable[ImportChange]) -> dict[str, Any]:
    """What was played back: rows in all, and what of them were organisations and linkages.

    `created` are taken out again, `updated` are as they were before. Pure.
    """
    found: dict[str, dict[str, set[str]]] = {name: defaultdict(set) for name in _COUNTED}
    rows = 0
    for change in changes:
        rows += 1
        found["created" if change.before is None else "updated"][change.model].add(change.object_id)
    return {
        "undone": rows,
        "created": {key: len(found["created"][label]) for key, label in _MODELS.items()},
        # What was created and then changed by the batch is counted once, as created.
        "updated": {
            key: len(found["updated"][label] - found["created"][label])
            for key, label in _MODELS.items()
        },
    }


def last_undoing(*, batch_id: int) -> dict[str, Any]:
    """What the last undoing of the batch played back, for whoever was cut off after it."""
    undone = ImportChange.objects.filter(batch=batch_id).exclude(undone_at=None)
    newest = undone.order_by("-undone_at").values("undone_at")[:1]
    return {"batch": batch_id, **counted(undone.filter(undone_at=newest))}


def _what(change: ImportChange) -> str:
    if change.before is None:
        return "created"
    return "deleted" if change.after is None else "changed"


def _play_back(model: type[Any], what: str, changes: list[ImportChange], today: date) -> None:
    """Undo one run of changes of a kind, in chunks; a linkage's days say where it stands today."""
    if what == "created":
        ids = [change.object_id for change in changes]
        for some in in_chunks(ids):
            model._default_manager.filter(pk__in=some).delete()
        return
    rows = [row_from_json(model, change.before or {}) for change in changes]
    for row in rows:
        if isinstance(row, Linkage):
            follow_days(row, on=today)
    if what == "deleted":
        model._default_manager.bulk_create(rows, batch_size=CHUNK)
        return
    names = [column.name for column in model._meta.concrete_fields if not column.primary_key]
    # A row of its own each, latest first: a unique value may pass from one to another.
    model._default_manager.bulk_update(rows, names, batch_size=100)


# --- Was anything changed or used since? --------------------------------------------------------
def _check(changes: list[ImportChange]) -> None:
    latest: dict[str, dict[str, ImportChange]] = defaultdict(dict)
    for change in changes:
        # They come in reverse: the first one met is what the batch left behind.
        latest[change.model].setdefault(change.object_id, change)
    conflicts: list[str] = []
    for label, by_id in latest.items():
        conflicts += _changed_since(label, by_id)
        conflicts += _used_since(label, by_id, latest)
    if conflicts:
        ids: dict[str, list[str]] = defaultdict(list)
        for one in conflicts:
            label, _space, id_ = one.rpartition(" ")
            ids[label].append(id_)
        subjects = {**_gone(ids, latest), **_subjects(ids)}
        later = _later_imports(changes, ids)
        refusal = LaterImportFirst if later else UndoConflict
        raise refusal(
            count=len(subjects),
            rows=conflicts[:_NAMED],
            named="; ".join([name for name in subjects.values() if name][:_NAMED]),
            later=later,
        )


def _subjects(ids: dict[str, list[str]]) -> dict[tuple[str, str], str]:
    """The organisations and contracts that the rows are of, by name; few queries a kind of row."""
    names: dict[tuple[str, str], str] = {}
    for label, found in ids.items():
        model = model_of(label)
        owners = [column.name for column in model._meta.get_fields() if column.name in _OWNERS]
        rows = model._default_manager.select_related(*owners)
        for some in in_chunks(found):
            for row in rows.filter(pk__in=some):
                told = (
                    getattr(row, name) for name in ("organisation", "linkage") if name in owners
                )
                owner = next(filter(None, told), row)
                names[owner._meta.label, str(owner.pk)] = _called(owner)
    return names


def _gone(
    ids: dict[str, list[str]], latest: dict[str, dict[str, ImportChange]]
) -> dict[tuple[str, str], str]:
    """The organisations and contracts among rows that are no more there, as the batch left them."""
    names: dict[tuple[str, str], str] = {}
    for label, found in ids.items():
        model = model_of(label)
        there = model._default_manager.in_bulk(found)
        left = latest.get(label, {})
        for id_ in found:
            after = left[id_].after if id_ in left else None
            if after is None or model._meta.pk.to_python(id_) in there:
                continue
            key = (label, id_)
            for owner in (Organisation, Linkage):
                if number := after.get(f"{owner._meta.model_name}_id"):
                    key = (owner._meta.label, str(number))
            name = after.get("contract_number") or after.get("name") or names.get(key, "")
            names[key] = str(name)
    return names


def _called(owner: models.Model) -> str:
    """A contract number alone says little: its sides are named too."""
    if isinstance(owner, Linkage):
        return f"{owner.contract_number} ({owner.seller} – {owner.buyer})"
    return str(owner)


def _later_imports(changes: list[ImportChange], ids: dict[str, list[str]]) -> str:
    """The imports in force that wrote these rows after it, the newest first."""
    mine = max((change.pk for change in changes), default=0)
    written = ImportChange.objects.filter(pk__gt=mine, undone_at=None)
    found: set[int] = set()
    for label, rows in ids.items():
        for some in in_chunks(rows):
            wrote = written.filter(model=label, object_id__in=some)
            found.update(wrote.values_list("batch_id", flat=True))
    batches = ImportBatch.objects.filter(pk__in=found, state=State.APPLIED)
    newest_first = batches.defer("report").order_by("-applied_at", "-pk")
    return "; ".join(
        f"“{batch.file_name}” ({timezone.localtime(batch.applied_at):%d/%m/%Y %H:%M})"
        for batch in newest_first
        if batch.applied_at
    )


def _changed_since(label: str, by_id: dict[str, ImportChange]) -> Iterable[str]:
    model = model_of(label)
    left = {id_: change.after for id_, change in by_id.items() if change.after is not None}
    now: dict[str, Any] = {}
    for some in in_chunks(list(left)):
        rows = model._default_manager.select_for_update().filter(pk__in=some)
        now.update({str(row.pk): row_as_json(row) for row in rows})
    unsaid = _BY_THE_CALENDAR.get(label, frozenset())
    for id_, after in left.items():
        if _without(unsaid, now.get(id_)) != _without(unsaid, after):
            yield f"{label} {id_}"


def _without(names: frozenset[str], row: dict[str, Any] | None) -> dict[str, Any] | None:
    return row and {name: value for name, value in row.items() if name not in names}


def _used_since(
    label: str, by_id: dict[str, ImportChange], latest: dict[str, dict[str, ImportChange]]
) -> Iterable[str]:
    """Rows of others that hang on what the batch created; few queries a relation."""
    created = [id_ for id_, change in by_id.items() if change.before is None]
    for relation in model_of(label)._meta.related_objects:
        other: type[models.Model] = relation.related_model
        own = latest.get(other._meta.label, {})
        for some in in_chunks(created):
            hanging = other._default_manager.filter(**{f"{relation.field.attname}__in": some})
            for pk in hanging.values_list("pk", flat=True):
                if str(pk) not in own:
                    yield f"{other._meta.label} {pk}"
