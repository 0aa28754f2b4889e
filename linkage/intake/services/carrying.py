"""The same file brought in again: what a person settled about its rows and columns comes along."""

from __future__ import annotations

from linkage.intake.models import ImportBatch, ImportRow


def carry_over(batch: ImportBatch) -> None:
    """Copy corrections and answers of the newest batch of the very same file that has any.

    In the caller's transaction. Answers that came with the batch stay; `carried_from` says whose
    corrections they are.
    """
    before = _newest_settled(batch)
    if before is None:
        return
    rows = list(before.rows.exclude(overrides={}))
    for row in rows:
        row.pk, row.batch = None, batch
    ImportRow.objects.bulk_create(rows)
    batch.carried_from = before
    if not any(batch.mapping.values()):
        batch.mapping = before.mapping
    batch.save(update_fields=["carried_from", "mapping"])


def _newest_settled(batch: ImportBatch) -> ImportBatch | None:
    same = ImportBatch.objects.filter(sha256=batch.sha256).exclude(pk=batch.pk)
    corrected = set(
        ImportRow.objects.filter(batch__in=same)
        .exclude(overrides={})
        .values_list("batch", flat=True)
    )
    settled = (
        one
        for one in same.defer("report").order_by("-pk")
        if one.pk in corrected or any(one.mapping.values())
    )
    return next(settled, None)
