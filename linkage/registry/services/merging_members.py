"""Who acts for whom after a merge: nobody comes to rights at the survivor unless somebody says so.

Every membership of the merged organisation ends with the merge. Whom the office names begins
another at the survivor, as a member; as one who manages its accounts only where nobody does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from linkage.errors import Conflict
from linkage.jobs.models import Event
from linkage.registry import values
from linkage.registry.access import Actor
from linkage.registry.acting import looked_after_by, open_memberships, people_of
from linkage.registry.models import MemberRole, Membership, Organisation, User
from linkage.registry.services.announcing import Audience, Fact, announce
from linkage.registry.services.memberships import begin_membership


class SurvivorIsManaged(Conflict):
    """Somebody manages the survivor's accounts: they alone say who else does."""

    code = "survivor_is_managed"
    field = "admins"
    words = _("The one that stays has people who manage its accounts: nobody else comes as such.")


class AlreadyThere(Conflict):
    """Who is to manage the survivor's accounts acts for it as a member already."""

    code = "already_at_the_survivor"
    field = "admins"
    words = _("This person acts for the one that stays. Make them manage its accounts there.")


@dataclass(frozen=True, slots=True)
class Coming:
    """The accounts that come along to the survivor: as members, and to manage its accounts."""

    members: frozenset[int]
    admins: frozenset[int]


NOBODY: Mapping[str, Any] = {"ended": [], "came": []}


def coming(
    kept: Organisation,
    merged: Organisation,
    members: Collection[int],
    admins: Collection[int],
    on: date,
) -> Coming:
    """Return who comes along. Raises: ValueUnknown, for who does not act for the merged one;
    SurvivorIsManaged, AlreadyThere."""
    there = set(open_memberships(merged.pk, on).values_list("user_id", flat=True))
    for field, named in (("members", members), ("admins", admins)):
        if unknown := set(named) - there:
            raise values.ValueUnknown(field=field, value=min(unknown))
    here = dict(open_memberships(kept.pk, on).values_list("user_id", "role"))
    if admins and MemberRole.ADMIN in here.values():
        raise SurvivorIsManaged
    if here.keys() & set(admins):
        raise AlreadyThere
    return Coming(frozenset(members) - frozenset(admins), frozenset(admins))


def end_members(merged: Organisation, now: datetime) -> list[dict[str, Any]]:
    """End what is open at the one that goes, before it goes; return what brings it back."""
    today = localdate(now)
    rows = list(open_memberships(merged.pk, today).order_by("pk"))
    ids = [row.pk for row in rows]
    open_rows = Membership.objects.filter(pk__in=ids)
    # What began today has no day before: it is taken back.
    open_rows.filter(starts__gte=today).delete()
    open_rows.update(ends=today - timedelta(days=1), version=F("version") + 1)
    return [
        {
            "id": row.pk,
            "user": row.user_id,
            "organisation": row.organisation_id,
            "role": row.role,
            "starts": row.starts.isoformat(),
            "ends": row.ends and row.ends.isoformat(),
            "version": row.version,
        }
        for row in rows
    ]


def bring(kept: Organisation, people: Coming, actor: Actor, now: datetime) -> list[int]:
    """Begin memberships of who comes along and is not there yet; return their ids.

    Raises: OwnArea, for a field officer of the survivor."""
    there = set(open_memberships(kept.pk, localdate(now)).values_list("user_id", flat=True))
    wanted = {
        **dict.fromkeys(people.members, MemberRole.MEMBER),
        **dict.fromkeys(people.admins, MemberRole.ADMIN),
    }
    return [
        begin_membership(
            user_id=user_id, organisation=kept, role=wanted[user_id], actor=actor, now=now
        ).pk
        for user_id in sorted(wanted.keys() - there)
    ]


def tell_of_merge(
    kept: Organisation,
    merged: Organisation,
    gone: Iterable[int],
    *,
    stayed: set[int],
    event: Event,
    actor: Actor,
    now: datetime,
) -> None:
    """Tell who ends, who comes along and who acted for the survivor before."""
    here = people_of(kept.pk, localdate(now))
    told = {
        "merge_ended": set(gone) - here,
        "merge_came": here - stayed,
        "merge_took_in": stayed,
    }
    _tell(told, kept, merged, event=event, actor=actor, now=now)


def give_back_members(
    kept: Organisation,
    merged: Organisation,
    people: Mapping[str, Any],
    *,
    event: Event,
    actor: Actor,
    now: datetime,
) -> None:
    """Put memberships back as they were before the merge, and tell whom that concerns."""
    today = localdate(now)
    before = people_of(kept.pk, today)
    came = Membership.objects.filter(pk__in=people["came"], ends=None)
    came.filter(starts__gte=today).delete()
    came.update(ends=today - timedelta(days=1), version=F("version") + 1)
    # An account that was erased meanwhile has nothing to come back to; nor has who looks after it
    # as its field officer by now.
    there = set(
        User.objects.filter(pk__in=[row["user"] for row in people["ended"]]).values_list(
            "pk", flat=True
        )
    )
    back = [
        row
        for row in people["ended"]
        if row["user"] in there and merged.pk not in looked_after_by(row["user"], today)
    ]
    for row in back:
        Membership.objects.update_or_create(pk=row["id"], defaults=_columns(row))
    returned = {row["user"] for row in back}
    told = {"merge_undone_back": returned, "merge_undone": before - returned}
    _tell(told, kept, merged, event=event, actor=actor, now=now)


def _columns(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "user_id": row["user"],
        "organisation_id": row["organisation"],
        "role": row["role"],
        "starts": date.fromisoformat(row["starts"]),
        "ends": row["ends"] and date.fromisoformat(row["ends"]),
        # One for the end, one for the return: a version read before either is stale.
        "version": row["version"] + 2,
    }


def _tell(
    told: Mapping[str, Collection[int]],
    kept: Organisation,
    merged: Organisation,
    *,
    event: Event,
    actor: Actor,
    now: datetime,
) -> None:
    for what, people in told.items():
        if people:
            fact = Fact(what, Audience.NAMED, user_ids=tuple(sorted(people)), other=merged.name)
            announce(fact, organisation=kept, event=event, actor=actor, now=now)
