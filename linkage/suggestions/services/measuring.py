"""Measures whom the suggestions of the day reach, and keeps it: once a day and engine."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from linkage.errors import Conflict
from linkage.jobs import queries
from linkage.jobs.models import Job
from linkage.suggestions import preference
from linkage.suggestions.models import FairnessCoOp, FairnessReport
from linkage.suggestions.reach import Reach, reach
from linkage.suggestions.services.nightly import NIGHTLY, REFRESH

FAIRNESS = "suggestions.fairness"
_AT_ONCE = 500
_COUNTS = ("co_ops", "nobody", "overlooked", "most", "least")


class SuggestionsInTheMaking(Conflict):
    """All posts are looked at anew: what stands meanwhile is not what will be suggested."""

    code = "suggestions_in_the_making"
    words = _("All suggestions are being looked at anew. Measure once that is done.")


def measure_fairness(
    *, now: datetime, progress: Callable[[int, int], None], fence: Callable[[], None]
) -> FairnessReport:
    """Return the report of the day by the engine in use; the first to ask makes it.

    Reading and measuring come before the one transaction that writes; if `fence` or `progress`
    raises, nothing is written. Raises: SuggestionsInTheMaking.
    """
    day, weights = localdate(now), preference.weights()
    known = FairnessReport.objects.filter(day=day, engine=weights.version).first()
    if known is not None:
        return known
    looked = queries.newest(NIGHTLY, state=Job.State.DONE)
    if queries.under_way([NIGHTLY, REFRESH]) or (
        looked is not None and looked.args.get("engine") != weights.version
    ):
        raise SuggestionsInTheMaking
    found = reach(today=day, progress=progress)
    with transaction.atomic():
        fence()
        report, made = FairnessReport.objects.get_or_create(
            day=day,
            engine=weights.version,
            defaults={"preference": weights.preference, "measured_at": now, **_measures(found)},
        )
        if made:
            FairnessCoOp.objects.bulk_create(_rows(report, found), batch_size=_AT_ONCE)
    return report


def _measures(found: Reach) -> dict[str, int]:
    made = found.fairness
    return {
        **{name: getattr(made, name) for name in _COUNTS},
        "suggestions": made.unlinked.of_suggestions,
        "gini_num": made.gini.numerator,
        "gini_den": made.gini.denominator,
        "unlinked_suggestions": made.unlinked.suggestions,
        "unlinked_co_ops": made.unlinked.co_ops,
        "small_suggestions": made.small.suggestions,
        "small_co_ops": made.small.co_ops,
        "score_lost": found.score_lost,
        "pairs": found.pairs,
    }


def _rows(report: FairnessReport, found: Reach) -> list[FairnessCoOp]:
    columns = (found.co_ops.id, found.co_ops.has_partner, found.co_ops.unlinked, found.co_ops.small)
    return [
        FairnessCoOp(
            report=report,
            organisation_id=id_,
            shown=found.shown.get(id_, 0),
            told=found.told.get(id_, 0),
            has_partner=has_partner,
            unlinked=unlinked,
            small=small,
            members=found.members[id_],
        )
        for id_, has_partner, unlinked, small in zip(
            *(column.tolist() for column in columns), strict=True
        )
    ]
