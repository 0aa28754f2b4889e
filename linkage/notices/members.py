"""News about people and access: the registry writes facts down, here they become notices."""

from __future__ import annotations

from django.utils.timezone import localdate

from linkage.jobs.models import Outbox
from linkage.notices.models import Kind
from linkage.notices.services import News, tell_organisation, tell_people
from linkage.registry.access import Capability, staff_on
from linkage.registry.services.announcing import Audience


def tell_of_members(message: Outbox) -> None:
    """Tell whom a fact of `registry.services.announcing` concerns; delivered twice, told once."""
    fact, now = message.payload, message.created_at
    organisation_id = fact["organisation_id"]
    news = News(
        kind=Kind.MEMBERS,
        what=fact["what"],
        subject_kind="join_request" if fact["request_id"] else "organisation",
        subject_id=fact["request_id"] or organisation_id,
        key=f"members:{fact['event_id']}:{fact['what']}",
        data=fact["data"],
    )
    match Audience(fact["audience"]):
        case Audience.MEMBERS:
            tell_organisation(
                organisation_id=organisation_id,
                news=news,
                now=now,
                except_user_id=fact["except_user_id"],
            )
        case Audience.STAFF:
            offices = staff_on(localdate(now), Capability.MANAGE_MEMBERS)
            staff = set(offices) - {fact["except_user_id"]}
            tell_people(user_ids=staff, news=news, now=now)
        case Audience.NAMED:
            people = set(fact["user_ids"]) - {fact["except_user_id"]}
            tell_people(user_ids=people, news=news, now=now, organisation_id=organisation_id)
