"""Who may do what: role x capability, and the actor whom every service is told.

`TABLE` is read off the access matrix (`access_table`): city staff read and correct the register,
import and compute; a verifier reads everything and verifies; an auditor reads everything with
contacts and personal tax codes masked; an administrator does what staff do and manages accounts.
Nobody but a verifier verifies, so that no one person both enters and proves a linkage. Beside the
offices stand memberships: who acts for an organisation does what its members do, whatever the
office.

A field officer has an area and no office over all: `require` refuses, and what opens to officers
asks `reach`, which answers with the organisations of the area. Of these it acts for those alone
that let it (`OfficerConsent`), in what the consent is for: `require_acting` opens a use case to it
by name, `require_member` never does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import Enum

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linkage.errors import Conflict, NotAllowed, NotFound
from linkage.registry.access_table import Column, Condition, Resource, permits
from linkage.registry.acting import area_of_grants, consents_of, memberships_of, open_on
from linkage.registry.models import Deed, MemberRole, Role, RoleGrant, User


class Capability(Enum):
    """Something that can be allowed, named as the act and what it is done to."""

    READ_ORGANISATIONS = "read_organisations"
    READ_CONTACTS = "read_contacts"
    # A person's 12 digits unmasked; codes of organisations are public.
    READ_PERSONAL_TAX_CODES = "read_personal_tax_codes"
    WRITE_ORGANISATIONS = "write_organisations"
    READ_LINKAGES = "read_linkages"
    # What two sides agreed on the platform; each reading leaves a line.
    READ_AGREED = "read_agreed"
    WRITE_LINKAGES = "write_linkages"
    VERIFY_LINKAGES = "verify_linkages"
    WITHDRAW_VERIFICATIONS = "withdraw_verifications"
    READ_IMPORTS = "read_imports"
    WRITE_IMPORTS = "write_imports"
    READ_COVERAGE = "read_coverage"
    COMPUTE_COVERAGE = "compute_coverage"
    WRITE_PROGRAMMES = "write_programmes"
    READ_JOBS = "read_jobs"
    WRITE_JOBS = "write_jobs"
    READ_PLANS = "read_plans"
    WRITE_PLANS = "write_plans"
    READ_EVENTS = "read_events"
    READ_ACCOUNTS = "read_accounts"
    MANAGE_ACCOUNTS = "manage_accounts"
    # Codes, invitations and requests by which people come to act for organisations.
    MANAGE_MEMBERS = "manage_members"
    # A field officer in its area the first one alone: `services.codes` says for whom.
    ISSUE_CODES = "issue_codes"
    # Organisations that have never posted, to do so.
    INVITE = "invite"
    # Published posts without their limits, which nobody but their owner reads.
    READ_POSTS = "read_posts"
    # The scans behind a linkage; each reading leaves a line in its history.
    READ_EVIDENCE = "read_evidence"
    # Every event of every subject; others read histories on the pages of their subjects.
    READ_AUDIT = "read_audit"
    VERIFY_AUDIT = "verify_audit"


class Relation(Enum):
    """Whom an address is for, where no office is asked for."""

    # Whoever is signed in; what they see is their own.
    PERSON = "person"
    # Who acts for the organisation that the address names.
    MEMBER = "member"
    # The same, or a field officer whom it lets act for it.
    ACTING = "acting"
    # A field officer; what is shown and done is of its area.
    OFFICER = "officer"


class NotConsented(Conflict):
    """The organisation lets the officer do other things for it, and not this."""

    code = "not_consented"
    words = _("The organisation’s consent is not for this: record one that is.")


def _office_may(role: Role, resource: Resource, letter: str) -> bool:
    return permits(resource, Column(role.value), letter)


# What a capability is in the matrix: which letter of which row.
TAKES: dict[Capability, tuple[Resource, str]] = {
    Capability.READ_ORGANISATIONS: (Resource.REGISTER_ENTRY, "R"),
    Capability.READ_CONTACTS: (Resource.CONTACT, "R"),
    Capability.READ_PERSONAL_TAX_CODES: (Resource.PERSONAL_TAX_CODE, "R"),
    Capability.WRITE_ORGANISATIONS: (Resource.REGISTER_ENTRY, "U"),
    Capability.READ_LINKAGES: (Resource.LINKAGE, "R"),
    Capability.READ_AGREED: (Resource.AGREED_PRICE, "R"),
    Capability.WRITE_LINKAGES: (Resource.LINKAGE, "U"),
    Capability.VERIFY_LINKAGES: (Resource.VERIFICATION, "C"),
    Capability.WITHDRAW_VERIFICATIONS: (Resource.VERIFICATION, "D"),
    Capability.READ_IMPORTS: (Resource.IMPORT, "R"),
    Capability.WRITE_IMPORTS: (Resource.IMPORT, "U"),
    Capability.READ_COVERAGE: (Resource.FIGURE, "R"),
    Capability.COMPUTE_COVERAGE: (Resource.FIGURE, "C"),
    Capability.WRITE_PROGRAMMES: (Resource.PROGRAMME, "C"),
    Capability.READ_JOBS: (Resource.JOB, "R"),
    Capability.WRITE_JOBS: (Resource.JOB, "U"),
    Capability.READ_PLANS: (Resource.PLAN, "R"),
    Capability.WRITE_PLANS: (Resource.PLAN, "C"),
    Capability.READ_EVENTS: (Resource.HISTORY, "R"),
    Capability.READ_ACCOUNTS: (Resource.ACCOUNT, "R"),
    Capability.MANAGE_ACCOUNTS: (Resource.ACCOUNT, "U"),
    Capability.MANAGE_MEMBERS: (Resource.MEMBERSHIP, "U"),
    Capability.ISSUE_CODES: (Resource.ACCESS_CODE, "C"),
    Capability.INVITE: (Resource.INVITATION, "C"),
    Capability.READ_POSTS: (Resource.PUBLISHED_POST, "R"),
    Capability.READ_EVIDENCE: (Resource.EVIDENCE, "R"),
    Capability.READ_AUDIT: (Resource.AUDIT, "R"),
    Capability.VERIFY_AUDIT: (Resource.AUDIT, "C"),
}
# A cell that holds under a condition gives an office nothing here: who meets it is asked elsewhere.
TABLE: dict[Role, frozenset[Capability]] = {
    role: frozenset(each for each, taken in TAKES.items() if _office_may(role, *taken))
    for role in Role
}
# What a field officer may in its area, wherever a read asks `reach`.
IN_AREA = frozenset(
    each
    for each, (resource, letter) in TAKES.items()
    if permits(resource, Column.FIELD_OFFICER, letter, under={Condition.AREA})
)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks, with the roles in force on the day of asking; no user id for the server itself."""

    user_id: int | None
    roles: frozenset[Role]
    # Organisation -> what the actor is there; of a merged one, its survivor.
    memberships: Mapping[int, MemberRole] = field(default_factory=dict)
    # Of a field officer: the organisations of its communes, of merged ones the survivors; and what
    # those of them that let it act for them let it do. A member needs no consent.
    area: frozenset[int] = frozenset()
    on_behalf: Mapping[int, frozenset[str]] = field(default_factory=dict)
    # Of a key: its owner with all that the key leaves out. It makes nobody impartial.
    owner: Actor | None = None

    @property
    def is_officer(self) -> bool:
        """Whether the actor is a field officer today, whatever else."""
        return Role.FIELD_OFFICER in self.roles

    def is_let(self, organisation_id: int, *deeds: Deed) -> bool:
        """Whether it is a member there, or an officer whom the organisation lets do one of them."""
        let = self.on_behalf.get(organisation_id, frozenset())
        return self.acts_for(organisation_id) or not let.isdisjoint(deeds)

    def stands_in_for(self, organisation_id: int) -> bool:
        """Whether what the actor does for the organisation is done on its behalf by consent."""
        return organisation_id in self.on_behalf and not self.acts_for(organisation_id)

    def is_of(self, organisation_id: int) -> bool:
        """Whether the person is a member of the organisation, also behind a key that is not."""
        return (self.owner or self).acts_for(organisation_id)

    def is_near(self, organisation_id: int) -> bool:
        """Whether the person is of the organisation, or looks after it as a field officer."""
        return organisation_id in (self.owner or self).area or self.is_of(organisation_id)

    def acts_for(self, organisation_id: int) -> bool:
        """Whether the actor is a member of the organisation today."""
        return organisation_id in self.memberships

    def administers(self, organisation_id: int) -> bool:
        """Whether the actor manages the organisation's accounts."""
        return self.memberships.get(organisation_id) == MemberRole.ADMIN


# Whoever may run commands on the server.
OPERATOR = Actor(None, frozenset({Role.ADMINISTRATOR}))


def actor_of(user: User | AnonymousUser, on: date) -> Actor:
    """Return the actor with the roles in force on that day; a superuser is an administrator too.

    Whoever is not signed in, or whose account is switched off, has no role.
    """
    if not isinstance(user, User) or not user.is_active:
        return Actor(None, frozenset())
    grants = open_on(RoleGrant.objects.filter(user=user), on)
    held = [(pk, Role(role)) for pk, role in grants.values_list("pk", "role")]
    roles = {role for _pk, role in held}
    if user.is_superuser:
        roles.add(Role.ADMINISTRATOR)
    own = memberships_of(user.pk, on)
    if Role.FIELD_OFFICER not in roles:
        return Actor(user.pk, frozenset(roles), own)
    area = area_of_grants([pk for pk, role in held if role == Role.FIELD_OFFICER], on)
    let = {of: may for of, may in consents_of(user.pk, on).items() if of in area}
    return Actor(user.pk, frozenset(roles), own, area, let)


def narrowed(actor: Actor, *, organisation_id: int | None, role: str) -> Actor:
    """Return the actor as far as it acts for that one organisation, or holds that one office.

    With the office of a field officer goes its area, and what is let it there. Never more than the
    actor: what was taken away meanwhile is not there.
    """
    there = {organisation_id} & actor.memberships.keys()
    kept = Actor(
        actor.user_id,
        frozenset(held for held in actor.roles if held.value == role),
        {one: actor.memberships[one] for one in there if one is not None},
        owner=actor,
    )
    if not kept.is_officer:
        return kept
    return replace(kept, area=actor.area, on_behalf=actor.on_behalf)


def staff_on(day: date, capability: Capability) -> list[int]:
    """Return the accounts that may sign in and whose office has the capability that day."""
    roles = [role for role, may in TABLE.items() if capability in may]
    holds = Q(pk__in=open_on(RoleGrant.objects.filter(role__in=roles), day).values("user"))
    if Role.ADMINISTRATOR in roles:
        holds |= Q(is_superuser=True)
    rows = User.objects.filter(holds, is_active=True)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def allows(actor: Actor, capability: Capability) -> bool:
    """Whether one of the actor's roles has the capability."""
    return any(capability in TABLE[role] for role in actor.roles)


def require_member(actor: Actor, organisation_id: int) -> None:
    """Raises: NotFound, as for an organisation that is not there, if the actor is no member."""
    if not actor.acts_for(organisation_id):
        raise NotFound


def require_acting(actor: Actor, organisation_id: int, *deeds: Deed) -> None:
    """Let through who acts for the organisation, or an officer whom it lets do one of `deeds`.

    Reading asks for the deeds that it serves as doing does; without any: for what shows no more
    than which organisation it is. Raises: NotFound, as for an organisation that is not there;
    NotConsented, if its consent is for other deeds.
    """
    if not actor.acts_for(organisation_id) and organisation_id not in actor.on_behalf:
        raise NotFound
    if deeds and not actor.is_let(organisation_id, *deeds):
        raise NotConsented


def require_officer(actor: Actor) -> None:
    """Raises: NotFound, as for an address that is not there, unless it is a field officer."""
    if not actor.is_officer:
        raise NotFound


def require_admin(actor: Actor, organisation_id: int) -> None:
    """Raises: NotFound, if the actor is no member; NotAllowed, if another one manages accounts."""
    require_member(actor, organisation_id)
    if not actor.administers(organisation_id):
        raise NotAllowed


def require_manager(actor: Actor, organisation_id: int) -> None:
    """Raises: as require_admin, unless the actor's office manages the members of all."""
    if not allows(actor, Capability.MANAGE_MEMBERS):
        require_admin(actor, organisation_id)


def require(actor: Actor, capability: Capability) -> None:
    """Raises: NotAllowed, if none of the actor's roles has the capability."""
    if not allows(actor, capability):
        raise NotAllowed


def reads_as_officer(
    actor: Actor, needs: Capability | Relation | None, organisation_id: int | None
) -> bool:
    """Whether an address that needs this is read by right of an officer: such reads are noted."""
    if not actor.is_officer:
        return False
    if isinstance(needs, Capability):
        return not allows(actor, needs)
    if needs is Relation.OFFICER:
        return True
    if organisation_id is None or needs is not Relation.ACTING:
        return False
    return not actor.acts_for(organisation_id)


def reads_as_administrator(actor: Actor, needs: Capability | Relation | None) -> bool:
    """Whether an address that needs this is read by right of an administrator alone."""
    if not isinstance(needs, Capability) or Role.ADMINISTRATOR not in actor.roles:
        return False
    others = actor.roles - {Role.ADMINISTRATOR}
    return needs in TABLE[Role.ADMINISTRATOR] and not any(needs in TABLE[one] for one in others)


def reach(actor: Actor, capability: Capability) -> frozenset[int] | None:
    """Return the organisations for which the actor has the capability; None: for all.

    Raises: NotAllowed, if for none by office or area.
    """
    if allows(actor, capability):
        return None
    if actor.is_officer and capability in IN_AREA:
        return actor.area
    raise NotAllowed
