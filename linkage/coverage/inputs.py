"""What the rule reads, from the tables or from a snapshot's stored rows, and its canonical form."""

from __future__ import annotations

import hashlib
import io
import json
import tokenize
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from linkage.agreements.models import Linkage
from linkage.coverage import reported, rule
from linkage.coverage.rule import LinkageRow, OrganisationRow
from linkage.registry.models import CommuneFact, KindFact, Organisation, SectorFact, StatusFact
from linkage.registry.survivors import survivors

T = TypeVar("T")
Facts = dict[int, list[tuple[date | None, T]]]


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything the rule reads, in order of id."""

    organisations: tuple[OrganisationRow, ...]
    linkages: tuple[LinkageRow, ...]


NOTHING = Inputs((), ())


def read_inputs() -> Inputs:
    """The whole register as the rule's rows, in six queries whatever its size.

    Organisations merged into another are left out and their linkages are the survivor's; one
    between two rows of the same organisation links nobody.
    """
    rows = list(Organisation.objects.order_by("id").values_list("id", "founded_on", "merged_into"))
    survivor = survivors({id_: into for id_, _, into in rows})
    statuses: Facts[str] = _facts(StatusFact, "status")
    kinds: Facts[str] = _facts(KindFact, "kind")
    sectors: Facts[bool | None] = _facts(SectorFact, "sector__agricultural")
    communes: Facts[str | None] = _facts(CommuneFact, "commune_id")
    organisations = tuple(
        OrganisationRow(
            id=id_,
            founded_on=founded_on,
            statuses=tuple(statuses[id_]),
            kinds=tuple(kinds[id_]),
            sectors=tuple(sectors[id_]),
            communes=tuple(communes[id_]),
        )
        for id_, founded_on, into in rows
        if into is None
    )
    return Inputs(organisations, tuple(_linkages(survivor)))


def _facts(model: type[Any], value: str) -> Facts[Any]:
    found: Facts[Any] = defaultdict(list)
    for id_, since, fact in model.objects.order_by("organisation_id", "id").values_list(
        "organisation_id", "since", value
    ):
        found[id_].append((since, fact))
    for facts in found.values():
        facts.sort(key=lambda fact: fact[0] or date.min)
    return found


def _linkages(survivor: Mapping[int, int]) -> Iterable[LinkageRow]:
    for id_, seller, buyer, *rest in Linkage.objects.order_by("id").values_list(
        *("id", "seller_id", "buyer_id", "starts", "ends", "terminated_on", "state", "origin"),
        *("contract_number", "confirmed_on", "verified_on"),
    ):
        if survivor[seller] != survivor[buyer]:
            yield LinkageRow(id_, survivor[seller], survivor[buyer], *rest)


# --- The stored form ------------------------------------------------------------------------
def organisation_fields(row: OrganisationRow) -> dict[str, Any]:
    """The row as JSON, without its id."""
    return {
        "founded_on": _iso(row.founded_on),
        "statuses": _pairs(row.statuses),
        "kinds": _pairs(row.kinds),
        "sectors": _pairs(row.sectors),
        "communes": _pairs(row.communes),
    }


def linkage_fields(row: LinkageRow) -> dict[str, Any]:
    """The row as JSON, without its id."""
    return {
        "seller": row.seller,
        "buyer": row.buyer,
        "starts": row.starts.isoformat(),
        "ends": _iso(row.ends),
        "terminated_on": _iso(row.terminated_on),
        "state": row.state,
        "origin": row.origin,
        "contract_number": row.contract_number,
        "confirmed_on": _iso(row.confirmed_on),
        "verified_on": _iso(row.verified_on),
    }


def organisation_row(id_: int, fields: Mapping[str, Any]) -> OrganisationRow:
    """What `organisation_fields` stored."""
    timelines = {
        name: tuple((_day(since), value) for since, value in fields[name])
        for name in ("statuses", "kinds", "sectors", "communes")
    }
    return OrganisationRow(id=id_, founded_on=_day(fields["founded_on"]), **timelines)


def linkage_row(id_: int, fields: Mapping[str, Any]) -> LinkageRow:
    """What `linkage_fields` stored."""
    days = {name: _day(fields[name]) for name in ("ends", "terminated_on", "confirmed_on")}
    return LinkageRow(
        id=id_,
        seller=fields["seller"],
        buyer=fields["buyer"],
        starts=date.fromisoformat(fields["starts"]),
        state=fields["state"],
        origin=fields["origin"],
        contract_number=fields["contract_number"],
        verified_on=_day(fields["verified_on"]),
        **days,
    )


def fingerprint_of_inputs(inputs: Inputs, around: Mapping[str, Any]) -> str:
    """SHA-256 over the canonical JSON of all rows and of what else the rule was given."""
    whole = {
        **around,
        "organisations": [[row.id, organisation_fields(row)] for row in inputs.organisations],
        "linkages": [[row.id, linkage_fields(row)] for row in inputs.linkages],
    }
    canonical = json.dumps(whole, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def rule_version() -> str:
    """RULE_VERSION and the fingerprint of the rule's code: one changed line changes it."""
    return f"{rule.RULE_VERSION}-{_fingerprint_of(rule.__file__)}"


def reported_version() -> str:
    """The fingerprint of the code that says which reported value counts."""
    return _fingerprint_of(reported.__file__)


def _fingerprint_of(file: str) -> str:
    return fingerprint_of_code(Path(file).read_text(encoding="utf-8"))


def fingerprint_of_code(source: str) -> str:
    """16 hex digits over the code's tokens; comments, docstrings and line breaks do not count.

    >>> fingerprint_of_code("a = 1  # why") == fingerprint_of_code("a = (1)")
    False
    >>> fingerprint_of_code("a = 1  # why") == fingerprint_of_code("a  = 1")
    True
    """
    between = {tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING}
    unread = {tokenize.COMMENT, tokenize.NL, tokenize.ENDMARKER, tokenize.ENCODING}
    kept, starts_line = [], True
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type in unread:
            continue
        if not (token.type == tokenize.STRING and starts_line):
            kept.append("\n" if token.type in between else token.string)
        starts_line = token.type in between
    return hashlib.sha256("\x00".join(kept).encode()).hexdigest()[:16]


def _pairs(facts: tuple[tuple[date | None, Any], ...]) -> list[list[Any]]:
    return [[_iso(since), value] for since, value in facts]


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
