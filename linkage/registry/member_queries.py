"""Reads about who acts for whom: members, codes, requests, and what an applicant may find."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet, Window

from linkage.errors import NotFound
from linkage.registry import tax_codes, values
from linkage.registry.access import (
    Actor,
    Capability,
    allows,
    require,
    require_acting,
    require_manager,
    require_member,
)
from linkage.registry.acting import open_memberships, open_on
from linkage.registry.models import (
    AccessCode,
    ApiToken,
    ContactPerson,
    JoinRequest,
    MemberRole,
    Membership,
    Organisation,
    User,
)
from linkage.registry.on_a_day import on_day
from linkage.registry.queries import LONGEST_SEARCH, with_merged
from linkage.text import search_key

SHORTEST_SEARCH = 2
MOST_FOUND = 20
# What stands before a name, as `search_key` writes it.
_KINDS = ("hop tac xa", "htx", "to hop tac", "tht")


def account(*, actor: Actor) -> User:
    """Return the actor's own account. Raises: NotFound, for nobody."""
    found = User.objects.filter(pk=actor.user_id).first() if actor.user_id else None
    if found is None:
        raise NotFound
    return found


def organisations_of(actor: Actor) -> list[Organisation]:
    """Return the organisations that the actor acts for, in Vietnamese order."""
    if not actor.memberships:
        return []
    rows = Organisation.objects.filter(pk__in=actor.memberships)
    return list(rows.order_by("sort_key", "id"))


def own_organisation(*, actor: Actor, organisation_id: int) -> Organisation:
    """Return an organisation that the actor acts for, also as an officer. Raises: NotFound."""
    require_acting(actor, organisation_id)
    return Organisation.objects.get(pk=organisation_id)


def own_contacts(*, actor: Actor, organisation_id: int) -> list[ContactPerson]:
    """Return who speaks for an organisation that the actor acts for. Raises: NotFound."""
    require_member(actor, organisation_id)
    rows = ContactPerson.objects.filter(organisation__in=with_merged(organisation_id))
    return list(rows.order_by("-is_representative", "pk"))


def is_last_admin(*, actor: Actor, organisation_id: int, on: date) -> bool:
    """Whether nobody but the actor manages the organisation's accounts on the day."""
    rows = _managing(organisation_id, on).exclude(user=actor.user_id)
    return actor.administers(organisation_id) and not rows.exists()


def organisation(*, actor: Actor, organisation_id: int) -> Organisation:
    """Return an organisation whose members the actor manages. Raises: NotAllowed, NotFound."""
    require_manager(actor, organisation_id)
    found = Organisation.objects.filter(pk=organisation_id, merged_into=None).first()
    if found is None:
        raise NotFound
    return found


def own_memberships(*, actor: Actor, on: date) -> QuerySet[Membership]:
    """Return what the actor is where, oldest first."""
    rows = open_on(Membership.objects.filter(user=actor.user_id), on)
    return rows.select_related("organisation__merged_into").order_by("pk")


def members_of(*, actor: Actor, organisation_id: int, on: date) -> QuerySet[Membership]:
    """Return who acts for an organisation, for its members and for staff.

    Raises: NotFound, also for one that is not there.
    """
    if not allows(actor, Capability.MANAGE_MEMBERS):
        require_member(actor, organisation_id)
    elif not Organisation.objects.filter(pk=organisation_id, merged_into=None).exists():
        raise NotFound
    return open_memberships(organisation_id, on).select_related("user").order_by("pk")


def codes_of(*, actor: Actor, organisation_id: int) -> QuerySet[AccessCode]:
    """Return the codes of an organisation, newest first, for whoever manages its members.

    Raises: NotAllowed, NotFound.
    """
    organisation(actor=actor, organisation_id=organisation_id)
    rows = AccessCode.objects.filter(organisation=organisation_id)
    return rows.select_related("used_by").order_by("-pk")


def own_requests(*, actor: Actor) -> QuerySet[JoinRequest]:
    """Return what the actor asked for, newest first."""
    rows = JoinRequest.objects.filter(user=actor.user_id)
    return rows.select_related("organisation").order_by("-pk")


def own_tokens(*, actor: Actor) -> QuerySet[ApiToken]:
    """Return the actor's keys for programs, newest first."""
    rows = ApiToken.objects.filter(user=actor.user_id)
    return rows.select_related("organisation__merged_into").order_by("-pk")


def requests(*, actor: Actor, state: str = JoinRequest.State.OPEN) -> QuerySet[JoinRequest]:
    """Return the requests in a state, who waits longest first. Raises: NotAllowed."""
    require(actor, Capability.MANAGE_MEMBERS)
    rows = JoinRequest.objects.filter(state=state)
    return rows.select_related("organisation", "user").order_by("pk")


def request(*, actor: Actor, request_id: int) -> JoinRequest:
    """Return a request with who asks and what for. Raises: NotAllowed, NotFound."""
    require(actor, Capability.MANAGE_MEMBERS)
    rows = JoinRequest.objects.filter(pk=request_id)
    found = rows.select_related("organisation", "user", "decided_by").first()
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True, slots=True)
class Cards:
    """The first organisations that were found, and how many more there are."""

    rows: list[Any]
    more: int


def find_organisations(*, text: str, on: date) -> Cards:
    """Return at most 20 organisations by words of the name or by the whole tax code.

    What an organisation is, written out or not (HTX, tổ hợp tác), need not be typed as the register
    has it. Everybody may see these cards; a person's 12 digits find nothing. Annotated with
    `kind_on` and `commune_on`. Raises: TextInvalid for a search too long.
    """
    sought = values.text(text, field="q", limit=LONGEST_SEARCH)
    if len(search_key(sought)) < SHORTEST_SEARCH:
        return Cards([], 0)
    found = _named(search_key(sought))
    try:
        code = tax_codes.parse(sought)
    except tax_codes.TaxCodeInvalid:
        code = ""
    if code and not tax_codes.is_personal(code):
        found |= Q(tax_code=code)
    rows = _with_facts(on).filter(found).annotate(found=Window(Count("pk")))
    first = list(rows.order_by("sort_key", "id")[:MOST_FOUND])
    return Cards(first, first[0].found - len(first) if first else 0)


def _named(key: str) -> Q:
    """Each word of the name is there, whichever lies between; what it is counts only alone."""
    name = next((key[len(kind) :] for kind in _KINDS if key.startswith(f"{kind} ")), "") or key
    found = Q(search_key__contains=key)
    words = Q()
    for word in name.split():
        words &= Q(search_key__contains=word)
    return found | words


def card_name(*, organisation_id: int) -> str:
    """Return the name of an organisation, which everybody may see. Raises: NotFound."""
    found = Organisation.objects.filter(pk=organisation_id, merged_into=None).first()
    if found is None:
        raise NotFound
    return found.name


def alike_organisations(*, actor: Actor, asked: JoinRequest, on: date) -> list[Any]:
    """Return what staff should look at before they enter a new one: same code, or a like name.

    Raises: NotAllowed.
    """
    require(actor, Capability.MANAGE_MEMBERS)
    like = Q(search_key=search_key(asked.name)) | Q(search_key__contains=search_key(asked.name))
    if asked.tax_code:
        like |= Q(tax_code=asked.tax_code)
    return list(_with_facts(on).filter(like).order_by("sort_key", "id")[:MOST_FOUND])


def is_managed(organisation_id: int, on: date) -> bool:
    """Whether somebody manages the organisation's accounts on the day."""
    return _managing(organisation_id, on).exists()


def _managing(organisation_id: int, on: date) -> QuerySet[Membership]:
    return open_memberships(organisation_id, on).filter(role=MemberRole.ADMIN)


def _with_facts(on: date) -> QuerySet[Organisation]:
    return on_day(Organisation.objects.filter(merged_into=None), on)
