"""What a row of the register says, typed: None is a cell that says nothing."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date

from linkage.agreements.numbers import number_key
from linkage.intake.planning.findings import At
from linkage.registry.tax_codes import is_personal
from linkage.text import identity_key

KEY_LENGTH = 400


@dataclass(frozen=True, slots=True)
class HistoryItem:
    """A dated fact that the office's form has no column for; the value as the fact stores it."""

    attribute: str
    value: str | None
    since: date | None
    as_written: str = ""


@dataclass(slots=True)
class OrganisationRow:
    """An organisation as one row (or several, merged) says it is."""

    at: At
    name: str
    name_key: str
    kind: str
    tax_code: str | None = None
    sector: str | None = None
    sector_written: str = ""
    commune: str | None = None
    commune_written: str = ""
    founded_on: date | None = None
    status: str | None = None
    status_on: date | None = None
    status_written: str = ""
    representative: str | None = None
    phone: str | None = None
    members: int | None = None
    role: str | None = None
    product: str | None = None
    product_written: str = ""
    # What an export of a register calls it where a name alone does not tell: see register.
    book: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    history: list[HistoryItem] = field(default_factory=list)

    @property
    def key(self) -> str:
        """CONTRACTS: an organisation is known by tax code, else folded name + kind + commune."""
        return known_by(self.tax_code, self.place_key)

    @property
    def place_key(self) -> str:
        """Folded name + kind + commune, whatever the tax code."""
        return organisation_key(self.name_key, self.kind, self.commune, self.commune_written)

    @property
    def content_key(self) -> str:
        """The key and a digest of what else tells two rows of one key apart."""
        facts = (self.name_key, self.kind, self.sector, self.commune, self.commune_written)
        dates = (self.founded_on, self.status, self.status_on)
        digest = hashlib.sha256(repr((facts, [str(day) for day in dates])).encode()).hexdigest()
        return f"{self.key}#{digest[:12]}"


@dataclass(slots=True)
class LinkageRow:
    """A linkage as a row says it is; the parties are still words and codes."""

    at: At
    seller: str | None
    seller_tax_code: str | None
    buyer: str | None
    buyer_tax_code: str | None
    contract_number: str
    starts: date
    ends: date | None = None
    terminated_on: date | None = None
    product: str | None = None
    product_written: str = ""
    form: int | None = None
    form_written: str = ""
    quantity: int | None = None
    unit: str | None = None
    confirmed_on: date | None = None
    verified_on: date | None = None
    checked_as_written: str = ""
    # Which organisations the clerk said the parties are; see choosing.
    seller_is: str | None = None
    buyer_is: str | None = None
    seller_book: str | None = None
    buyer_book: str | None = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """A row of the history sheet: whose fact, and the fact."""

    at: At
    name_key: str
    tax_code: str | None
    kind: str | None
    commune: str | None
    item: HistoryItem
    book: str | None = None


@dataclass(frozen=True, slots=True)
class CertificateRow:
    """A certificate as a row says it is; its holder is still a name and a code."""

    at: At
    name: str | None
    tax_code: str | None
    certification: str
    number: str
    issuer: str
    starts: date
    ends: date | None
    book: str | None
    headers: dict[str, str]


def known_by(tax_code: str | None, place_key: str) -> str:
    """The tax code, else name, kind and commune."""
    if tax_code and is_personal(tax_code):
        # A citizen id is personal data: keys are shown in lists of likely duplicates.
        return f"person|{hashlib.sha256(tax_code.encode()).hexdigest()[:32]}"
    return tax_code or place_key


def organisation_key(name_key: str, kind: str, commune: str | None, written: str) -> str:
    """Folded name + kind + commune, short enough to be stored."""
    return short_key(f"{name_key}|{kind}|{commune or identity_key(written)}")


def linkage_key(contract_number: str, seller: int, buyer: int, starts: date) -> str:
    """CONTRACTS: a linkage is known by contract number + seller + buyer + start."""
    return short_key(f"{number_key(contract_number)}|{seller}|{buyer}|{starts}")


def short_key(text: str) -> str:
    """The text, or what fits of it and a digest of the rest."""
    if len(text) <= KEY_LENGTH:
        return text
    return f"{text[: KEY_LENGTH - 40]}…{hashlib.sha256(text.encode()).hexdigest()[:32]}"
