"""What an officer does for an organisation that lets it: noted, and said to the organisation.

`record_act` is the one way by which the services of posts, talks and contracts write a line into a
history. For whoever acts for the organisation it is that line alone. For an officer it needs the
open consent once more, in the transaction of the act: one that was withdrawn a moment ago undoes
it. An act, a withdrawal and a first account of one organisation go one by one, so the act is told
to the newcomer or to those who were there, and never to nobody.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from linkage.errors import NotFound
from linkage.jobs.models import Event
from linkage.jobs.services import record_event
from linkage.registry.access import Actor, NotConsented
from linkage.registry.acting import of, open_consents, people_of
from linkage.registry.models import Deed, OfficerAct, OfficerConsent, Organisation, User
from linkage.registry.services.announcing import Audience, Fact, announce
from linkage.registry.services.claims import SUBJECT, hold

ON_BEHALF = "on_behalf"
# What is told of an act; of the others what they are about.
_TOLD_AS = {"delivery_entered": "officer_delivery", "delivery_withdrawn": "officer_delivery"}


def record_act(
    *,
    actor: Actor,
    organisation_id: int | None,
    deed: Deed,
    subject_kind: str,
    subject_id: int,
    kind: str,
    now: datetime,
    data: Mapping[str, Any],
) -> Event:
    """Add a line to a history, in the caller's transaction, for what was done for an organisation.

    By an officer it names the organisation acted for; its people are told once an act, or, while
    there are none, kept to be told. Raises: NotFound, NotConsented, for an officer without an open
    consent for the deed; the caller's transaction must then be given up.
    """
    consent, said = None, dict(data)
    if organisation_id is not None and actor.stands_in_for(organisation_id):
        hold(organisation_id)
        consent = _consent(actor, organisation_id, deed, now)
        said[ON_BEHALF] = organisation_id
    event = record_event(
        subject_kind=subject_kind,
        subject_id=subject_id,
        kind=kind,
        at=now,
        actor_id=actor.user_id,
        data=said,
    )
    if consent is not None and organisation_id is not None:
        _keep(consent, organisation_id, actor, event, now)
    return event


def acted_for_another(
    *, actor: Actor, organisation_id: int, subject_kind: str, subject_id: int
) -> bool:
    """Whether the actor did something to the subject on behalf of another organisation."""
    acts = OfficerAct.objects.filter(
        subject_kind=subject_kind, subject_id=subject_id, consent__officer=actor.user_id
    )
    return acts.exclude(of(organisation_id, "consent__organisation")).exists()


def tell_newcomer(*, organisation: Organisation, actor: Actor, now: datetime) -> None:
    """Tell who now acts for the organisation what was done for it while it had nobody.

    In the caller's transaction, which holds the organisation.
    """
    rows = OfficerAct.objects.filter(of(organisation.pk, "consent__organisation"), told_at=None)
    untold = list(rows.select_related("consent__officer").order_by("pk"))
    events = Event.objects.in_bulk([act.event_id for act in untold])
    for act in untold:
        _announce(act.consent.officer, organisation, events[act.event_id], actor, now)
    OfficerAct.objects.filter(pk__in=[act.pk for act in untold]).update(told_at=now)


def say_told(*, actor: Actor, organisation_id: int, now: datetime) -> int:
    """Note that the officer told the organisation on the telephone what it did for it; how much.

    Only of what nobody could be told otherwise; the organisation's history keeps of which acts.
    Raises: NotFound outside the area.
    """
    if organisation_id not in actor.area:
        raise NotFound
    rows = OfficerAct.objects.filter(
        of(organisation_id, "consent__organisation"),
        consent__officer=actor.user_id,
        told_at=None,
        told_on_phone_at=None,
    )
    with transaction.atomic():
        hold(organisation_id)
        told = list(rows.order_by("pk").values_list("pk", flat=True))
        if told:
            OfficerAct.objects.filter(pk__in=told).update(told_on_phone_at=now)
            record_event(
                subject_kind=SUBJECT,
                subject_id=organisation_id,
                kind="told_on_phone",
                at=now,
                actor_id=actor.user_id,
                data={"acts": told},
            )
    return len(told)


def _consent(actor: Actor, organisation_id: int, deed: Deed, now: datetime) -> OfficerConsent:
    rows = open_consents(localdate(now)).filter(organisation=organisation_id, officer=actor.user_id)
    held: list[OfficerConsent] = list(rows.order_by("-until", "-pk"))
    if not held:
        raise NotFound
    found = next((one for one in held if deed in one.deeds), None)
    if found is None:
        raise NotConsented
    return found


def _keep(
    consent: OfficerConsent, organisation_id: int, actor: Actor, event: Event, now: datetime
) -> None:
    told = bool(people_of(organisation_id, localdate(now)))
    act, is_new = OfficerAct.objects.get_or_create(
        consent=consent,
        subject_kind=event.subject_kind,
        subject_id=int(event.subject_id),
        done_at=now,
        defaults={"kind": event.kind, "event_id": event.pk, "told_at": now if told else None},
    )
    if is_new and told:
        organisation = Organisation.objects.get(pk=organisation_id)
        officer = User.objects.get(pk=act.consent.officer_id)
        _announce(officer, organisation, event, actor, now)


def _announce(
    officer: User, organisation: Organisation, event: Event, actor: Actor, now: datetime
) -> None:
    what = _TOLD_AS.get(event.kind, f"officer_{event.subject_kind}")
    fact = Fact(what, Audience.MEMBERS, person=str(officer))
    # The newcomer is told too.
    announce(fact, organisation=organisation, event=event, actor=Actor(None, frozenset()), now=now)
