"""Giving the days that an organisation lacks: of its founding, of the end of its activity."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from linkage.errors import Conflict
from linkage.registry import values
from linkage.registry.access import Actor, Capability, require
from linkage.registry.constraints import refusals
from linkage.registry.models import ENDS_OF_ACTIVITY, Organisation, StatusFact
from linkage.registry.services.claims import claim, mark_hand_edited, note
from linkage.registry.services.facts import (
    STATUS,
    iso,
    note_set,
    refuse_before_founding,
    start_active,
    timeline,
)


class NothingToSettle(Conflict):
    """There is no end of activity that lacks its day, or nothing was given."""

    code = "nothing_to_settle"
    words = _("There is nothing here that lacks this date.")


def settle(
    *,
    actor: Actor,
    organisation_id: int,
    version: int,
    now: datetime,
    founded_on: date | None = None,
    ended_on: date | None = None,
    before_founding: bool = False,
) -> Organisation:
    """Give the founding day, the day of the end of activity, or both.

    `before_founding` says that an end before the founding is meant. Raises: NotAllowed, NotFound,
    StaleVersion, DayOutOfRange, StatusBeforeFounding; NothingToSettle if nothing is given or no end
    of activity lacks its day. Nothing is written then.
    """
    require(actor, Capability.WRITE_ORGANISATIONS)
    if founded_on is None and ended_on is None:
        raise NothingToSettle
    with refusals(), transaction.atomic():
        organisation = claim(organisation_id, version)
        if founded_on is not None:
            organisation.founded_on = values.day(founded_on, field="founded_on")
            organisation.save(update_fields=["founded_on"])
            mark_hand_edited(organisation, "founded_on")
        if ended_on is not None:
            values.day(ended_on, field="ended_on")
            if not before_founding:
                refuse_before_founding(organisation_id, ended_on)
            before = timeline(STATUS, organisation)
            _date_the_end(organisation, ended_on)
            note_set(STATUS, organisation, before, ended_on, actor=actor, now=now)
            mark_hand_edited(organisation, "status")
        data = {"founded_on": iso(founded_on), "ended_on": iso(ended_on)}
        note(organisation, "settled", actor=actor, now=now, data={"after": data})
    return organisation


def _date_the_end(organisation: Organisation, ended_on: date) -> None:
    facts = StatusFact.objects.filter(organisation=organisation)
    ends = list(facts.filter(since=None, status__in=ENDS_OF_ACTIVITY))
    if len(ends) != 1:
        raise NothingToSettle
    facts.filter(since=ended_on).delete()
    ends[0].since = ended_on
    ends[0].save(update_fields=["since"])
    start_active(organisation)
