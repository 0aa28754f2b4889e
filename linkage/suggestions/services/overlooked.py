"""Introduces each co-op that nobody is shown to whom it suits best, when the office says so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from linkage.errors import Conflict
from linkage.jobs.services import record_event
from linkage.registry.access import Actor, Capability, require
from linkage.registry.constraints import refusals
from linkage.suggestions import overlooked, preference
from linkage.suggestions.models import FairnessReport, Introduction
from linkage.suggestions.services.citynews import PARTS, tell_both_sides

SUBJECT = "fairness_report"


class NotMeasuredToday(Conflict):
    """Who is overlooked is known of the day and the engine in use alone."""

    code = "not_measured_today"
    words = _("Whom suggestions reach was not measured today. Measure it first.")


def introduce_overlooked(*, actor: Actor, now: datetime) -> Sequence[Introduction]:
    """Suggest to both sides the best pair of each co-op that nobody is shown; again, nothing new.

    Raises: NotAllowed; NotMeasuredToday; Conflict, if a post that was introduced comes back while
    this is done. Nothing is written then.
    """
    require(actor, Capability.WRITE_PLANS)
    today = localdate(now)
    reports = FairnessReport.objects.filter(day=today, engine=preference.engine())
    with refusals(), transaction.atomic():
        # Of two who press at once the second waits here, and finds nobody left.
        report = reports.select_for_update().first()
        if report is None:
            raise NotMeasuredToday
        made = Introduction.objects.bulk_create(
            Introduction(
                offer_id=one.offer,
                need_id=one.need,
                organisation_id=one.co_op,
                introduced_at=now,
                introduced_by_id=actor.user_id,
            )
            for one in overlooked.partners(of=report, on=today)
        )
        if made:
            rows = Introduction.objects.filter(pk__in=[one.pk for one in made])
            tell_both_sides(rows.select_related(*PARTS).order_by("pk"), now=now)
            record_event(
                subject_kind=SUBJECT,
                subject_id=report.pk,
                kind="overlooked_introduced",
                at=now,
                actor_id=actor.user_id,
                data={"introduced": len(made)},
            )
    return made
