"""What each reader is to what an address names, by the rows alone: the second opinion on access.

`Ties` keeps who owns what in a world, `columns` says by hand which columns of the matrix a reader
stands in at an address, and `allowed` reads the cell. Whom an address is for (an office, a member,
an officer) is taken from its door: `config.access.gaps` holds that against the matrix. What is
opened to a field officer in its area is not: it is what the matrix gives, but for what is written
down as narrower.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.urls import resolve

from config.access import SHUT_TO_OFFICERS, Address, addresses
from linkage.agreements.models import Delivery, EvidenceFile, Linkage
from linkage.coverage.models import YearReturn
from linkage.jobs.models import Job
from linkage.market.models import Need, Offer
from linkage.notices.models import Notice
from linkage.registry.access import Capability, Relation
from linkage.registry.access_table import Column, Condition, Resource, permits
from linkage.registry.models import (
    COUNTED_KINDS,
    AccessCode,
    ApiToken,
    Certificate,
    CommuneFact,
    ConsentScan,
    ContactPerson,
    JoinRequest,
    KindFact,
    Membership,
    OfficerConsent,
    Organisation,
    Product,
    RegistryEvent,
    Role,
)
from linkage.suggestions.models import Suggestion

ANONYMOUS, PERSON, SELLER = "anonymous", "person", "seller"
# The officer looks after all but those of one commune, and acts for the seller; it types limits in
# blind.
# Talks until both sides, or all sides of a pool, have agreed.
UNDECIDED = ("negotiating", "proposed", "pool_pending")
OFFICER, OUTSIDE = Role.FIELD_OFFICER, "11825"
MET = {Condition.CONSENT, Condition.AREA, Condition.BEHALF, Condition.BLIND}
# Which side's open posts whoever is it sees; the register of `world` says why: two cooperatives
# that sell the vegetable, one that grows rice, a firm and a household that buy.
SEES = {
    "seller": "need", "colleague": "need", "rival": "need", "stranger": "need",
    "counterpart": "offer", "buyer": "offer",
}  # fmt: skip


@dataclass(frozen=True)
class Ties:
    """Who is what in a world: organisations by name of their person, things by number."""

    organisations: Mapping[str, int]
    admins: frozenset[str]
    # (kind, number) -> its organisation, and whether others may see it.
    posts: Mapping[tuple[str, int], tuple[int, bool]]
    sides: Mapping[int, frozenset[int]]
    # Talks that nobody has agreed to yet.
    talks: frozenset[int]
    # Of each pool its buyer and its members.
    pools: Mapping[int, frozenset[int]]
    files: Mapping[int, int]
    deliveries: Mapping[int, int]
    # (argument, number) -> the organisations whose it is; notices and requests: whose person's.
    belongs: Mapping[tuple[str, int], frozenset[int]]
    persons: Mapping[tuple[str, int], str]
    exports: frozenset[int]
    # What was merged into another one.
    merged: frozenset[int]
    # What is in no officer's area.
    outside: frozenset[int]

    def home(self, who: str) -> int:
        """Whose pages the reader comes to: its own, or those that it is let act for."""
        return self.organisations.get(SELLER if who == OFFICER else who, 0)


def ties(organisations: Mapping[str, Organisation], admins: frozenset[str]) -> Ties:
    """Read them off the rows."""
    posts = {
        (kind, post.pk): (post.organisation_id, post.state == "published")
        for kind, model in (("offer", Offer), ("need", Need))
        for post in model.objects.all()
    }
    linkages = list(Linkage.objects.all())
    return Ties(
        organisations={who: one.pk for who, one in organisations.items()},
        admins=admins,
        posts=posts,
        sides={one.pk: frozenset({one.seller_id, one.buyer_id}) for one in linkages},
        talks=frozenset(one.pk for one in linkages if one.state in UNDECIDED),
        pools=_pools(linkages),
        files=dict(EvidenceFile.objects.values_list("pk", "linkage_id")),
        deliveries=dict(Delivery.objects.values_list("pk", "linkage_id")),
        belongs=_belongs(),
        persons={
            (argument, row.pk): row.user.username
            for argument, model in (
                ("notice_id", Notice),
                ("request_id", JoinRequest),
                ("token_id", ApiToken),
            )
            for row in model.objects.select_related("user")
        },
        merged=frozenset(
            Organisation.objects.exclude(merged_into=None).values_list("pk", flat=True)
        ),
        exports=frozenset(Job.objects.filter(kind="intake.export").values_list("pk", flat=True)),
        outside=frozenset(
            CommuneFact.objects.filter(commune=OUTSIDE).values_list("organisation", flat=True)
        ),
    )


def _pools(linkages: Iterable[Linkage]) -> dict[int, frozenset[int]]:
    found: dict[int, frozenset[int]] = {}
    for one in linkages:
        if one.pool_id is not None:
            sides = {one.seller_id, one.buyer_id}
            found[one.pool_id] = found.get(one.pool_id, frozenset()) | sides
    return found


def _belongs() -> dict[tuple[str, int], frozenset[int]]:
    of_one = {
        "membership_id": Membership, "code_id": AccessCode, "contact_id": ContactPerson,
        "contacts": ContactPerson, "product_id": Product, "products": Product,
        "certificate_id": Certificate, "certificates": Certificate,
        "consent_id": OfficerConsent, "event_id": RegistryEvent,
    }  # fmt: skip
    found = {
        (argument, pk): frozenset({organisation})
        for argument, model in of_one.items()
        for pk, organisation in model.objects.values_list("pk", "organisation_id")
    }
    for pk, organisation in ConsentScan.objects.values_list("pk", "consent__organisation"):
        found["scan_id", pk] = frozenset({organisation})
    for year, organisation in YearReturn.objects.values_list("year", "organisation_id"):
        found["year", year] = found.get(("year", year), frozenset()) | {organisation}
        counted = KindFact.objects.filter(kind__in=COUNTED_KINDS)
        found["year to file", year] = frozenset(counted.values_list("organisation", flat=True))
    for one in Suggestion.objects.select_related("offer", "need"):
        sides = frozenset({one.offer.organisation_id, one.need.organisation_id})
        found["suggestion_id", one.pk] = sides
    return found


_KNOWN = {(one.name, one.method): one for one in addresses()}


def named(address: str, method: str = "GET") -> tuple[Address, Mapping[str, Any]]:
    """The row of the resolver behind an address, and what it names."""
    found = resolve(urlsplit(address).path)
    name = found.view_name if found.url_name else ""
    return _KNOWN[name, method], found.kwargs


def allowed(ties: Ties, who: str, address: str, method: str = "GET") -> bool:
    """Whether the matrix lets the reader do this there. What is not there is allowed to nobody."""
    one, names = named(address, method)
    if one.row is None:
        # Shut, whoever asks.
        return False
    under = _met(one) if who == OFFICER else {Condition.CONSENT}
    return _is_there(ties, who, one, names) and any(
        permits(one.row.resource, column, one.letter, under=under)
        for column in columns(ties, who, one, names)
    )


def _met(one: Address) -> set[Condition]:
    """At an office's address an officer has its area alone, whoever lets it act."""
    return {Condition.AREA} if isinstance(one.needs, Capability) else MET


def columns(ties: Ties, who: str, one: Address, names: Mapping[str, Any]) -> set[Column]:
    """Where the reader stands, as far as this door is for it."""
    if one.needs is None:
        return {Column.ANYONE}
    if who == ANONYMOUS:
        return set()
    if one.needs is Relation.PERSON:
        return {Column.PERSON}
    if who in Role.values:
        may = _is_for_officers if who == OFFICER else _is_for_offices
        return {Column(who)} if may(ties, one, names) else set()
    own = ties.organisations.get(who)
    if one.needs not in (Relation.MEMBER, Relation.ACTING) or names["organisation_id"] != own:
        return set()
    return _inside(ties, who, own, one, names)


def _is_for_offices(ties: Ties, one: Address, names: Mapping[str, Any]) -> bool:
    return isinstance(one.needs, Capability) and not _is_talk(ties, names)


def _is_for_officers(ties: Ties, one: Address, names: Mapping[str, Any]) -> bool:
    own = ties.organisations[SELLER]
    if isinstance(one.needs, Capability):
        acts = own in ties.sides.get(names.get("linkage_id", 0), ())
        near = str(one) not in SHUT_TO_OFFICERS and _is_in_area(ties, one, names)
        return near and (acts or not _is_talk(ties, names))
    if one.needs is Relation.OFFICER:
        return _is_in_area(ties, one, names)
    acts = one.needs is Relation.ACTING and names["organisation_id"] == own
    return acts and any(
        permits(one.row.resource, column, one.letter)
        for column in _inside(ties, SELLER, own, one, names)
    )


def _is_in_area(ties: Ties, one: Address, names: Mapping[str, Any]) -> bool:
    """Whether the organisation, the post's owner or a side of the linkage that is named is."""
    post = _post(one, names)
    sides = ties.sides.get(names.get("linkage_id", 0), frozenset())
    return not (
        names.get("organisation_id") in ties.outside
        or (post is not None and ties.posts.get(post, (0, False))[0] in ties.outside)
        or (sides and sides <= ties.outside)
    )


def _inside(ties: Ties, who: str, own: int, one: Address, names: Mapping[str, Any]) -> set[Column]:
    if "linkage_id" in names:
        return {Column.PARTY} if own in ties.sides.get(names["linkage_id"], ()) else set()
    if "pool_id" in names:
        return {Column.PARTY} if own in ties.pools.get(names["pool_id"], ()) else set()
    post = _post(one, names)
    if post is None:
        return {Column.OWNER, *({Column.ADMIN} if who in ties.admins else ())} | (
            {Column.COUNTERPART} if "post" in one.row.resource.value or not names else set()
        )
    owner, is_open = ties.posts.get(post, (0, False))
    if owner == own:
        return {Column.OWNER, *({Column.ADMIN} if who in ties.admins else ())}
    return {Column.COUNTERPART} if is_open and SEES[who] == post[0] else set()


def _post(one: Address, names: Mapping[str, Any]) -> tuple[str, int] | None:
    number = next((names[key] for key in ("post_id", "offer_id", "need_id") if key in names), None)
    return None if number is None else ("offer" if "offer" in one.name else "need", number)


def _is_talk(ties: Ties, names: Mapping[str, Any]) -> bool:
    return names.get("linkage_id") in ties.talks


# What was merged has these pages left: where it went, and the way back.
OF_MERGED = {"web:organisation", "web:organisation_unmerge", "api:organisation_unmerge"}
WAYS_BACK = OF_MERGED - {"web:organisation"}


def _is_merged(ties: Ties, one: Address, of: int | None) -> bool:
    """Whether an organisation's address is of one that is not there as a whole."""
    if one.name in WAYS_BACK:
        return of not in ties.merged
    return of in ties.merged and one.name not in OF_MERGED


def _is_of_another_kind(one: Address, names: Mapping[str, Any]) -> bool:
    """Whether a line that the register gives is asked for as one that is reported, or the like."""
    if "indicator" not in names:
        return False
    reported = names["indicator"] == "LAND"
    return reported == one.name.startswith("web:coverage_members")


def _is_there(ties: Ties, who: str, one: Address, names: Mapping[str, Any]) -> bool:
    """Whether everything that the address names belongs together."""
    linkage, of = names.get("linkage_id"), names.get("organisation_id")
    apart = (
        _is_of_another_kind(one, names),
        _is_merged(ties, one, of),
        "file_id" in names and ties.files.get(names["file_id"]) != linkage,
        "delivery_id" in names and ties.deliveries.get(names["delivery_id"]) != linkage,
    )
    if any(apart):
        return False
    if one.row and one.row.resource is Resource.PUBLISHED_POST and (post := _post(one, names)):
        return ties.posts.get(post, (0, False))[1]
    for name, number in names.items():
        key = (names["part"] if name == "part_id" else name, number)
        if of is None and name in ("year", "event_id"):
            # Of all organisations.
            continue
        if name == "year" and not one.name.startswith("api:"):
            # The page is the form as well, by which a year is begun.
            key = ("year to file", number)
        if key in ties.belongs and of not in ties.belongs[key]:
            return False
        if one.needs is Relation.PERSON and ties.persons.get(key, who) != who:
            return False
    return one.name != "web:register_exported" or names["job_id"] in ties.exports
