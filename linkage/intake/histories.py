"""What an import leaves in the history of each organisation and linkage that it wrote or restored.

In the caller's transaction; the import itself is named by its number.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from linkage.agreements.models import Linkage
from linkage.agreements.services import SUBJECT as LINKAGE
from linkage.intake.models import ImportBatch, ImportChange
from linkage.intake.planning.plan import Plan
from linkage.intake.writing import Writer
from linkage.jobs.services import record_events
from linkage.registry.models import Organisation
from linkage.registry.services.claims import SUBJECT as ORGANISATION

# Who may read a history may not read these: that they changed is told, not how.
_UNTOLD = frozenset({"representative", "phone", "tax_code"})


def tell_taken_in(
    batch: ImportBatch, made: Plan, writer: Writer, *, now: datetime, actor_id: int | None
) -> None:
    """A line for whatever the import created or changed; a few statements."""
    told = made.told_by_subject()
    organisations = {
        writer.ids.get(one.ref, one.ref): (one.is_new, told.get(("organisation", one.ref), []))
        for one in made.organisations
        if one.is_new or one.is_changed
    }
    for holder in writer.holders() - organisations.keys():
        organisations[holder] = (False, [])
    linkages = {
        writer.linkage_id(one): (one.is_new, told.get(("linkage", writer.linkage_id(one)), []))
        for one in made.linkages
        if one.is_new or one.is_changed
    }
    for subject, rows in ((ORGANISATION, organisations), (LINKAGE, linkages)):
        for kind, new in (("imported", True), ("import_changed", False)):
            data = {
                id_: {"batch": batch.pk, **_before_and_after(changes)}
                for id_, (is_new, changes) in rows.items()
                if is_new is new and id_ is not None
            }
            record_events(subject_kind=subject, data=data, kind=kind, at=now, actor_id=actor_id)


# What is a number in other histories stands here in words.
_NAMES = {"form": "form_as_written", "quantity": "quantity_in_words"}


def _before_and_after(changes: Iterable[dict[str, Any]]) -> dict[str, Any]:
    shown = [one for one in changes if one["name_of_field"] not in _UNTOLD]
    if not shown:
        return {}
    return {
        side: {_NAMES.get(name := one["name_of_field"], name): one[side] for one in shown}
        for side in ("before", "after")
    }


def tell_taken_back(
    batch_id: int, changes: Iterable[ImportChange], *, now: datetime, actor_id: int | None
) -> None:
    """A line for whatever is again as it was before the import; what it created is no more."""
    made: dict[str, set[str]] = defaultdict(set)
    touched: dict[str, set[str]] = defaultdict(set)
    for change in changes:
        (made if change.before is None else touched)[change.model].add(change.object_id)
        for told in (change.before, change.after):
            if told and "organisation_id" in told and told["organisation_id"] is not None:
                touched[Organisation._meta.label].add(str(told["organisation_id"]))
    for model, subject in ((Organisation, ORGANISATION), (Linkage, LINKAGE)):
        ids = touched[model._meta.label] - made[model._meta.label]
        data: dict[int, dict[str, Any]] = {int(id_): {"batch": batch_id} for id_ in sorted(ids)}
        record_events(
            subject_kind=subject, data=data, kind="import_undone", at=now, actor_id=actor_id
        )
