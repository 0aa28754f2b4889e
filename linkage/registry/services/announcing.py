"""What happens to people's access, told to those whom it concerns.

The registry lies under the notices, so it writes each fact down for them in the outbox, in the
transaction that causes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from linkage.jobs.models import Event
from linkage.jobs.services import enqueue
from linkage.registry.access import Actor
from linkage.registry.models import Organisation

TOPIC = "registry.members"


class Audience(Enum):
    """Who is told, beside the people that are named."""

    NAMED = "named"
    # Whoever acts for the organisation when the message is delivered.
    MEMBERS = "members"
    # Whoever may manage members then.
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Fact:
    """What happened to whom; `person` is whose name others read, `other` the merged one's."""

    what: str
    audience: Audience
    person: str = ""
    user_ids: tuple[int, ...] = ()
    reason: str = ""
    request_id: int | None = None
    other: str = ""


def announce(
    fact: Fact, *, organisation: Organisation | str, event: Event, actor: Actor, now: datetime
) -> None:
    """Write the fact down for the notices; `event` is its line in the history, told once.

    `organisation` is a name as long as there is no row of it.
    """
    known = organisation if isinstance(organisation, Organisation) else None
    payload = {
        "what": fact.what,
        "audience": fact.audience.value,
        "user_ids": list(fact.user_ids),
        "except_user_id": actor.user_id,
        "organisation_id": known.pk if known else None,
        "request_id": fact.request_id,
        "event_id": event.pk,
        "data": {
            "organisation": known.name if known else organisation,
            "person": fact.person,
            "reason": fact.reason,
            **({"other": fact.other} if fact.other else {}),
        },
    }
    key = f"{event.pk}:{fact.what}:{fact.audience.value}"
    enqueue(topic=TOPIC, dedupe_key=key, payload=payload, now=now)
