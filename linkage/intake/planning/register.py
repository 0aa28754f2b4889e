"""A picture of the register in the database: what an import compares a workbook with.

Loaded in a bounded number of queries; everything after that is arithmetic on it.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Count, Max, Sum

from linkage.agreements.models import COUNTING_STATES, Linkage, Origin
from linkage.intake.models import RegisterKey
from linkage.intake.planning.entries import linkage_key, organisation_key
from linkage.intake.planning.facts import Fact, Facts, in_order
from linkage.registry.models import (
    Certificate,
    CommuneFact,
    ContactPerson,
    KindFact,
    Membership,
    Organisation,
    Product,
    SectorFact,
    StatusFact,
)
from linkage.registry.survivors import survivors

FACTS: dict[str, tuple[type[Any], str]] = {
    "status": (StatusFact, "status"),
    "kind": (KindFact, "kind"),
    "sector": (SectorFact, "sector_id"),
    "commune": (CommuneFact, "commune_id"),
}


@dataclass(frozen=True, slots=True)
class Contact:
    """The representative: a person, a telephone number, or both."""

    name: str
    phone: str
    id: int | None = None


@dataclass(frozen=True, slots=True)
class MainProduct:
    """The main product: its commodity (None: unresolved) and the register's word."""

    commodity: str | None
    as_written: str
    id: int | None = None


@dataclass(frozen=True, slots=True)
class OrganisationState:
    """An organisation as the database has it, or shall have it."""

    id: int | None
    name: str
    name_key: str
    tax_code: str | None = None
    founded_on: date | None = None
    members: int | None = None
    role_in_chain: str = ""
    facts: dict[str, Facts] = field(default_factory=dict)
    contact: Contact | None = None
    product: MainProduct | None = None
    origin: str = "register"
    hand_edited: frozenset[str] = frozenset()
    version: int = 1


@dataclass(frozen=True, slots=True)
class LinkageState:
    """A linkage as the database has it, or shall have it; new parties have negative ids.

    Its state is no part of it: no workbook names one, its days say which it is.
    """

    id: int | None
    seller: int
    buyer: int
    contract_number: str
    starts: date
    ends: date | None = None
    terminated_on: date | None = None
    commodity: str | None = None
    product_as_written: str = ""
    form: int | None = None
    form_as_written: str = ""
    quantity: int | None = None
    unit: str | None = None
    origin: str = Origin.REGISTER.value
    confirmed_on: date | None = None
    verified_on: date | None = None
    checked_as_written: str = ""
    hand_edited: frozenset[str] = frozenset()
    version: int = 1

    @property
    def key(self) -> str:
        """CONTRACTS: contract number + seller + buyer + start."""
        return linkage_key(self.contract_number, self.seller, self.buyer, self.starts)

    def is_members_word(self) -> bool:
        """Whether it did not come from a workbook."""
        return self.origin != Origin.REGISTER


@dataclass(frozen=True, slots=True)
class CertificateState:
    """A certificate as the database has it, or shall have it; new holders have negative ids."""

    id: int | None
    holder: int
    certification: str
    number: str
    issuer: str
    starts: date
    ends: date | None = None
    # Recorded by a person here, and by no import.
    by_hand: bool = False
    # What the certification is called.
    label: str = field(default="", compare=False)

    @property
    def of(self) -> tuple[int, str]:
        """Whose it is, and for what."""
        return self.holder, self.certification

    @property
    def key(self) -> tuple[int, str, date]:
        """By what a workbook's row finds it."""
        return *self.of, self.starts


@dataclass(slots=True)
class Register:
    """Organisations that are not merged away and counting linkages, with the ways to find them."""

    organisations: dict[int, OrganisationState]
    survivors: dict[int, int]
    linkages: dict[int, LinkageState]
    organisation_keys: dict[str, int]
    linkage_keys: dict[str, int]
    stamp: tuple[Any, ...]
    # What tells this register from another that was filled from its export.
    mark: str = ""
    certificates: dict[int, CertificateState] = field(default_factory=dict)
    # Those that people act for: no import merges them away.
    acted_for: frozenset[int] = frozenset()
    by_code: dict[str, int] = field(default_factory=dict)
    by_place: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    by_name: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    by_linkage_key: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for state in self.organisations.values():
            if state.id is None:
                continue
            if state.tax_code:
                self.by_code[state.tax_code] = state.id
            self.by_name[state.name_key].add(state.id)
            for key in place_keys(state):
                self.by_place[key].add(state.id)
        # Of two alike, as a merge can leave them, the register's own is the workbook's.
        for linkage in sorted(self.linkages.values(), key=LinkageState.is_members_word):
            if linkage.id is not None:
                self.by_linkage_key.setdefault(linkage.key, linkage.id)

    def label_of(self, id_: int) -> str:
        """What an export calls an organisation: its number and the mark of this register."""
        return f"{id_}-{self.mark}"

    def labelled(self, label: str) -> int | None:
        """The organisation that an export of this very register called so; None for others."""
        number, _dash, mark = label.partition("-")
        if mark != self.mark or not (number.isascii() and number.isdigit()):
            return None
        id_ = self.survivors.get(int(number), int(number))
        return id_ if id_ in self.organisations else None


def place_keys(state: OrganisationState) -> set[str]:
    """Folded name + kind + commune for every kind and commune the organisation has had."""
    communes = {(f.value, f.as_written) for f in state.facts.get("commune", ())} or {(None, "")}
    kinds = {fact.value or "" for fact in state.facts.get("kind", ())} or {""}
    return {
        organisation_key(state.name_key, kind, commune, written)
        for kind in kinds
        for commune, written in communes
    }


def stamp() -> tuple[Any, ...]:
    """What changes whenever somebody else changes what an import reads; two queries."""
    parts: list[Any] = []
    for model in (Organisation, Linkage):
        numbers = model._default_manager.aggregate(
            newest=Max("id"), rows=Count("id"), versions=Sum("version")
        )
        parts.append(tuple(numbers.values()))
    return tuple(parts)


def load() -> Register:
    """Read the picture."""
    mark = stamp()
    merged_into = dict(
        Organisation.objects.exclude(merged_into=None).values_list("id", "merged_into_id")
    )
    went_to = survivors(merged_into)
    keys = list(RegisterKey.objects.values_list("kind", "key", "organisation_id", "linkage_id"))
    return Register(
        organisations=_organisations(),
        survivors=went_to,
        linkages=_linkages(went_to),
        organisation_keys={
            key: went_to.get(id_, id_)
            for kind, key, id_, _ in keys
            if kind == RegisterKey.Kind.ORGANISATION
        },
        linkage_keys={key: id_ for kind, key, _, id_ in keys if kind == RegisterKey.Kind.LINKAGE},
        stamp=mark,
        mark=_mark(),
        certificates=_certificates(),
        acted_for=frozenset(
            Membership.objects.filter(ends=None).values_list("organisation_id", flat=True)
        ),
    )


def _mark() -> str:
    """Six signs from the moment when this database was made; one query."""
    made = MigrationRecorder.Migration.objects.order_by("pk").values_list("applied", flat=True)
    return hashlib.sha256(str(made.first()).encode()).hexdigest()[:6]


def _organisations() -> dict[int, OrganisationState]:
    facts: dict[str, dict[int, Facts]] = {name: _facts(*of) for name, of in FACTS.items()}
    contacts = {
        owner: Contact(name, phone, id_)
        for owner, name, phone, id_ in ContactPerson.objects.filter(
            is_representative=True
        ).values_list("organisation_id", "name", "phone", "id")
    }
    products = {
        owner: MainProduct(commodity, written, id_)
        for owner, commodity, written, id_ in Product.objects.filter(is_main=True).values_list(
            "organisation_id", "commodity_id", "as_written", "id"
        )
    }
    rows: Iterable[tuple[Any, ...]] = (
        Organisation.objects.filter(merged_into=None)
        .order_by("id")
        .values_list(
            *("id", "name", "name_key", "tax_code", "founded_on", "members", "role_in_chain"),
            *("origin", "hand_edited", "version"),
        )
    )
    return {
        id_: OrganisationState(
            id=id_,
            name=name,
            name_key=name_key,
            tax_code=tax_code,
            founded_on=founded_on,
            members=members,
            role_in_chain=role,
            facts={name: found[id_] for name, found in facts.items() if id_ in found},
            contact=contacts.get(id_),
            product=products.get(id_),
            origin=origin,
            hand_edited=frozenset(hand_edited),
            version=version,
        )
        for id_, name, name_key, tax_code, founded_on, members, role, origin, hand_edited, version
        in rows
    }  # fmt: skip


def _facts(model: type[Any], value: str) -> dict[int, Facts]:
    found: dict[int, list[Fact]] = defaultdict(list)
    for id_, owner, since, said, written in model.objects.values_list(
        "id", "organisation_id", "since", value, "as_written"
    ):
        found[owner].append(Fact(since, said, written, id_))
    return {owner: in_order(facts) for owner, facts in found.items()}


def _linkages(went_to: dict[int, int]) -> dict[int, LinkageState]:
    rows: Iterable[tuple[Any, ...]] = (
        Linkage.objects.filter(state__in=sorted(COUNTING_STATES))
        .order_by("id")
        .values_list(
            *("id", "seller_id", "buyer_id", "contract_number", "starts", "ends"),
            *("terminated_on", "commodity_id", "product_as_written", "form_id", "form_as_written"),
            *("quantity", "unit_id", "origin", "confirmed_on", "verified_on"),
            *("checked_as_written", "hand_edited", "version"),
        )
    )
    found = {}
    for row in rows:
        state = LinkageState(*row)
        found[row[0]] = replace(
            state,
            seller=went_to.get(state.seller, state.seller),
            buyer=went_to.get(state.buyer, state.buyer),
            hand_edited=frozenset(state.hand_edited),
        )
    return found


def _certificates() -> dict[int, CertificateState]:
    """Those of organisations that are not merged away; one query."""
    rows: Iterable[tuple[Any, ...]] = (
        Certificate.objects.filter(organisation__merged_into=None)
        .order_by("organisation_id", "certification_id", "starts")
        .values_list(
            *("id", "organisation_id", "certification_id", "number", "issuer", "starts", "ends"),
            *("recorded_by_id", "certification__name_vi"),
        )
    )
    return {
        id_: CertificateState(
            id_, holder, code, number, issuer, starts, ends, recorded_by is not None, label
        )
        for id_, holder, code, number, issuer, starts, ends, recorded_by, label in rows
    }
