"""Who may see what: the access matrix, the one place that says it. No database.

A row for each kind of thing, a column for each relation to it and for each office; a cell says

- `C` make, `R` read, `U` change, `D` withdraw or end; `-` nothing: what is there and what is not
  answer alike;
- `m` seen masked; `a` each reading leaves a line in the history;
- after a colon the condition under which it holds: `area` in the officer's area, `behalf` on behalf
  of who rang up with its consent recorded, `consent` once both sides share their contact, `blind`
  typed in for somebody and never read, `dispute` while the sides are in dispute.

What an office may do (`access.TABLE`) is derived from here; doors name the row and the letter of
each of their addresses (`Row`), and tests walk all of them.

>>> permits(Resource.POST, Column.OWNER, "U"), permits(Resource.POST, Column.CITY_STAFF, "R")
(True, False)
>>> permits(Resource.CONTACT, Column.PARTY, "R")
False
>>> permits(Resource.CONTACT, Column.PARTY, "R", under={Condition.CONSENT})
True
>>> MATRIX[Resource.CONTACT][Column.AUDITOR].masked
True
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum


class Column(Enum):
    """What somebody is to a thing; the offices have the names of `models.Role`."""

    # Also who is not signed in.
    ANYONE = "anyone"
    # Whoever is signed in: what is theirs, and what is not of any organisation.
    PERSON = "person"
    # A member of the organisation that it belongs to, and one who manages its accounts.
    OWNER = "owner"
    ADMIN = "admin"
    # An organisation that sees it under the rivals' rule.
    COUNTERPART = "counterpart"
    # Either side of a linkage or of talks about one.
    PARTY = "party"
    FIELD_OFFICER = "field_officer"
    CITY_STAFF = "city_staff"
    VERIFIER = "verifier"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class Condition(Enum):
    """What a cell asks besides."""

    AREA = "area"
    BEHALF = "behalf"
    CONSENT = "consent"
    BLIND = "blind"
    DISPUTE = "dispute"


class Resource(Enum):
    """A kind of thing, named as the field names it."""

    REFERENCE = "reference"
    PUBLISHED_FIGURE = "published_figure"
    # The way in: signing in and up, one's own password.
    SIGN_IN = "sign_in"
    # What whoever asks to act for an organisation finds: name, kind, place, public tax code.
    CARD = "card"
    REGISTER_ENTRY = "register_entry"
    CONTACT = "contact"
    TAX_CODE = "tax_code"
    PERSONAL_TAX_CODE = "personal_tax_code"
    # An organisation's own offers and needs, drafts and closed ones too.
    POST = "post"
    # Open offers and needs as others see them.
    PUBLISHED_POST = "published_post"
    # Price floor and ceiling.
    LIMIT = "limit"
    SUGGESTION = "suggestion"
    NEGOTIATION = "negotiation"
    AGREED_PRICE = "agreed_price"
    LINKAGE = "linkage"
    DELIVERY = "delivery"
    EVIDENCE = "evidence"
    # That there are scans, whose and when, by their digests.
    EVIDENCE_LIST = "evidence_list"
    VERIFICATION = "verification"
    FIGURE = "figure"
    PROGRAMME = "programme"
    IMPORT = "import"
    # The register as a workbook, contacts and whole personal tax codes in it.
    EXPORT = "export"
    # Accounts and the offices they hold.
    ACCOUNT = "account"
    # Who acts for an organisation.
    MEMBERSHIP = "membership"
    # The codes that let people in.
    ACCESS_CODE = "access_code"
    # A person's own standing: where they act, the code they enter, what they ask for.
    CLAIM = "claim"
    # A person's own keys for programs.
    KEY = "key"
    JOB = "job"
    CHAIN = "chain"
    # The city's plan: which offers fill which needs. Its sides see their own pairs as suggestions.
    PLAN = "plan"
    NOTIFICATION = "notification"
    HISTORY = "history"
    # The log of all acts and of reads that leave a line; making is having it verified.
    AUDIT = "audit"
    # What a cooperative reports of a year, and the office takes or sends back.
    YEARLY_RETURN = "yearly_return"
    # That an organisation lets an officer act for it, and the calls that are made to it.
    CONSENT = "consent"
    CALL = "call"
    # To post, to who never did: the list of them, and inviting.
    INVITATION = "invitation"
    # The scan of such a consent on paper: with a signature, of its organisation and its officer.
    CONSENT_SCAN = "consent_scan"
    # What was corrected of quick posts, without whose they were: the server's operator reads it.
    QUICK_CORRECTION = "quick_correction"


@dataclass(frozen=True, slots=True)
class Cell:
    """What a column may do with a resource, and under which condition."""

    letters: frozenset[str]
    masked: bool
    logged: bool
    condition: Condition | None


@dataclass(frozen=True, slots=True)
class Row:
    """What an address does, and to what: one letter for each method that it takes."""

    resource: Resource
    letters: str

    def letter(self, method: str) -> str:
        """The letter of a method; `R/C`: the first reads, the other one is the change."""
        first, _, second = self.letters.partition("/")
        return first if method in ("GET", "HEAD") or not second else second


def _cell(text: str) -> Cell:
    """Raises: ValueError for a sign that means nothing."""
    signs, _, condition = text.partition(":")
    letters = frozenset(signs) & frozenset("CRUD")
    if set(signs) - {*letters, "m", "a", "-"}:
        raise ValueError(text)
    return Cell(letters, "m" in signs, "a" in signs, Condition(condition) if condition else None)


def _row(text: str) -> Mapping[Column, Cell]:
    return dict(zip(Column, map(_cell, text.split()), strict=True))


# The administrator of the platform does what city staff do, manages accounts and reads what the
# verifier reads. Limits are sealed from every office: a leaked floor sets the price.
MATRIX: Mapping[Resource, Mapping[Column, Cell]] = {
    resource: _row(text)
    for resource, text in {
        #                           anyone person owner admin counterpart party    officer    staff  verifier auditor administrator
        Resource.REFERENCE:         "R     R      R     R     R           R         R          R          R    R    R",
        Resource.PUBLISHED_FIGURE:  "R     R      R     R     R           R         R          R          R    R    R",
        Resource.SIGN_IN:           "RU    RU     RU    RU    -           -         RU         RU         RU   RU   RU",
        Resource.CARD:              "-     R      R     R     R           R         R          R          R    R    R",
        Resource.REGISTER_ENTRY:    "-     -      R     R     -           -         Ra:area    CRU        R    R    CRU",
        Resource.CONTACT:           "-     -      R     CRUD  -           R:consent Ra:area    CRUDa      Ra   m    CRUDa",
        Resource.TAX_CODE:          "-     R      R     R     R           R         R          R          R    R    R",
        Resource.PERSONAL_TAX_CODE: "-     -      R     R     -           m         m          m          Ra   m    Ra",
        Resource.POST:              "-     -      CRUD  CRUD  -           -         CRUDa:behalf -          -    -    -",
        Resource.PUBLISHED_POST:    "-     -      -     -     R           R         R:area     R          R    R    Ra",
        Resource.LIMIT:             "-     -      CRU   CRU   -           -         CU:blind   -          -    -    -",
        Resource.SUGGESTION:        "-     -      RU    RU    -           -         RUa:behalf -          -    -    -",
        Resource.NEGOTIATION:       "-     -      -     -     C           CRU       CRUa:behalf Ra:dispute -    -    -",
        Resource.AGREED_PRICE:      "-     -      -     -     -           R         Ra:area    Ra         Ra   -    Ra",
        Resource.LINKAGE:           "-     -      CR    CR    -           CRU       CRa:area   CRU       R    R    CRUa",
        Resource.DELIVERY:          "-     -      -     -     -           CRU       CRUa:behalf R         R    R    Ra",
        Resource.EVIDENCE:          "-     -      -     -     -           CR        Ca:behalf  CRa        Ra   m    CRa",
        Resource.EVIDENCE_LIST:     "-     -      -     -     -           CR        CRa:behalf CR         R    R    CR",
        Resource.VERIFICATION:      "-     -      -     -     -           R         -          RD         CR   R    RD",
        Resource.FIGURE:            "-     -      -     -     -           -         R:area     CR         R    R    CR",
        Resource.PROGRAMME:         "-     -      -     -     -           -         -          CRU        R    R    CRUa",
        Resource.IMPORT:            "-     -      -     -     -           -         -          CRU        R    R    CRUa",
        Resource.EXPORT:            "-     -      -     -     -           -         -          -          CRa  -    CRa",
        Resource.ACCOUNT:           "-     -      -     -     -           -         -          -          -    R    CRUD",
        Resource.MEMBERSHIP:        "-     -      RD    CRUD  -           -         -          CRUD       -    -    CRUD",
        Resource.ACCESS_CODE:       "-     -      -     CRUD  -           -         C:area     CRUD       -    -    CRUD",
        Resource.CLAIM:             "-     CRD    -     -     -           -         -          RU         -    -    RU",
        Resource.KEY:               "-     CRD    -     -     -           -         -          -          -    -    -",
        Resource.JOB:               "-     -      -     -     -           -         -          CRU        R    R    CRU",
        Resource.CHAIN:             "-     -      R     R     -           -         -          R          R    R    Ra",
        Resource.PLAN:              "-     -      -     -     -           -         Ra:area    CRU        R    R    CRUa",
        Resource.NOTIFICATION:      "-     RU     -     -     -           -         -          -          -    -    -",
        Resource.HISTORY:           "-     -      R     R     -           R         R:area     R          R    R    R",
        Resource.AUDIT:             "-     -      -     -     -           -         -          -          -    CR   CR",
        Resource.YEARLY_RETURN:     "-     -      CRU   CRU   -           -         -          CRU        -    -    CRU",
        Resource.CONSENT:           "-     -      RD    RD    -           -         CRDa:area  -          -    -    -",
        Resource.CALL:              "-     -      -     -     -           -         CRa:area   -          -    -    -",
        Resource.INVITATION:        "-     -      -     -     -           -         CRa:area   CR         -    -    CR",
        Resource.CONSENT_SCAN:      "-     -      R     R     -           -         CRa:area   -          -    -    -",
        Resource.QUICK_CORRECTION:  "-     -      -     -     -           -         -          -          -    -    -",
    }.items()
}  # fmt: skip


def permits(
    resource: Resource, column: Column, letter: str, *, under: Collection[Condition] = ()
) -> bool:
    """Whether the column may do this with the resource, where these conditions are met."""
    cell = MATRIX[resource][column]
    return letter in cell.letters and (cell.condition is None or cell.condition in under)


# Whose readings the services note themselves, with all whom they showed.
NOTED_BY_SERVICES = frozenset(
    {
        Resource.CONTACT,
        Resource.PERSONAL_TAX_CODE,
        Resource.AGREED_PRICE,
        Resource.EVIDENCE,
        Resource.EXPORT,
    }
)


def noted_at_the_door(resource: Resource, column: Column) -> bool:
    """Whether the door notes each reading of this by the office.

    >>> noted_at_the_door(Resource.LINKAGE, Column.ADMINISTRATOR)
    True
    >>> noted_at_the_door(Resource.LINKAGE, Column.VERIFIER)
    False
    """
    return MATRIX[resource][column].logged and resource not in NOTED_BY_SERVICES


def rows(table: Mapping[Resource, str]) -> dict[str, Row]:
    """Read a door's list: resource -> names of its addresses, each with its letters.

    >>> rows({Resource.POST: "offers:R/C offer_copy:C"})["offers"].letter("POST")
    'C'

    Raises: ValueError for an address that is listed twice.
    """
    found: dict[str, Row] = {}
    for resource, names in table.items():
        for each in names.split():
            name, _, letters = each.rpartition(":")
            if name in found:
                raise ValueError(name)
            found[name] = Row(resource, letters)
    return found
