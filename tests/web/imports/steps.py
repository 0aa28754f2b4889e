"""What a clerk and the worker do with an import, step by step."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from linkage.intake import asking, queries, review, services
from linkage.intake.models import ImportBatch, ImportRow
from linkage.intake.questions import questions_of
from linkage.jobs.models import Job
from linkage.jobs.runner import run_job
from linkage.registry.access import OPERATOR
from web.forms.imports import control_of
from worker.handlers import HANDLERS

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


def uploaded(path: Path, **more: Any) -> ImportBatch:
    with path.open("rb") as file:
        return services.upload(
            actor=OPERATOR, file=file, came_from="Sở", legal_basis="Luật", now=NOW, **more
        )


def worked(*, refused: str = "") -> None:
    """What a worker does with the jobs that wait; each is done, or refused with this code."""
    for number in Job.objects.filter(state="waiting").order_by("pk").values_list("pk", flat=True):
        run_job(job_id=number, handlers=HANDLERS, worker="thử", clock=timezone.now)
        job = Job.objects.get(pk=number)
        assert (job.state, job.error_code) == (("failed", refused) if refused else ("done", ""))


def shown(path: Path, *, refused: str = "") -> ImportBatch:
    batch = uploaded(path)
    asking.ask(kind="intake.preview", batch_id=batch.pk, now=NOW, created_by_id=None)
    worked(refused=refused)
    return queries.get(batch.pk)


def page(client: Client, batch: ImportBatch) -> str:
    return client.get(f"/imports/{batch.pk}/").content.decode()


def may_apply(batch: ImportBatch) -> str:
    """What the page has in it if the file can be taken in."""
    return f"/imports/{batch.pk}/apply/"


def press(client: Client, batch: ImportBatch, act: str) -> HttpResponse:
    """A button of the page as it is now: preview, apply or undo."""
    posted = {"version": queries.get(batch.pk).version}
    return client.post(f"/imports/{batch.pk}/{act}/", posted, follow=True)


def answer(client: Client, batch: ImportBatch, header: str, said: str) -> None:
    asked = {one.header or one.sheet: one for one in questions_of(queries.get(batch.pk))}
    posted = {"version": queries.get(batch.pk).version, control_of(asked[header]): said}
    client.post(f"/imports/{batch.pk}/columns/", posted)
    worked()


def correct(client: Client, batch: ImportBatch, **values: str) -> None:
    """Save the form of the batch's one refused row, as a browser sends it: every field."""
    row = ImportRow.objects.get(batch=batch)
    client.post(address_of(row), form_of(row) | values)


def address_of(row: ImportRow) -> str:
    return f"/imports/{row.batch_id}/row/?sheet={quote(row.sheet)}&row={row.row}"


def form_of(row: ImportRow) -> dict[str, Any]:
    """What the page of a row sends back if nobody touches it."""
    seen = {"version": queries.get(row.batch_id).version}
    return seen | {field.name: field.value for field in review.fields_of(row)}


# --- A row ---------------------------------------------------------------------------------
