"""The whole import as a plan: what a workbook says, compared with the register. Writes nothing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from linkage.catalogue.queries import UnitIndex
from linkage.intake.collector import collector_paused
from linkage.intake.masking import unmapped_as_json
from linkage.intake.models import PairDecision
from linkage.intake.planning import register as registers
from linkage.intake.planning.certificate_plan import (
    CertificatePlanner,
    PlannedCertificate,
    certificate_name,
)
from linkage.intake.planning.certificate_rows import read_certificate
from linkage.intake.planning.choosing import Choices
from linkage.intake.planning.doubles import Doubles
from linkage.intake.planning.duplicates import Decisions, Merged, merge_rows
from linkage.intake.planning.entries import HistoryRow, OrganisationRow, linkage_key
from linkage.intake.planning.findings import HISTORY_REFUSALS, At, Finding, Findings
from linkage.intake.planning.linkage_plan import LinkagePlanner, PlannedLinkage
from linkage.intake.planning.linkage_rows import read_linkage
from linkage.intake.planning.organisation_plan import OrganisationPlanner, PlannedOrganisation
from linkage.intake.planning.organisation_rows import read_history, read_organisation
from linkage.intake.planning.outcomes import Outcome
from linkage.intake.planning.parsing import Desk, Lookups, Overrides
from linkage.intake.planning.parties import PartyIndex
from linkage.intake.planning.register import Register
from linkage.intake.planning.told_changes import changes_of
from linkage.intake.planning.words import KIND_LABELS
from linkage.intake.reading.headers import TableKind
from linkage.intake.reading.mapping import Mapping
from linkage.intake.reading.records import Record, RegisterFile
from linkage.registry.models import Kind
from linkage.registry.models.organisations import Origin
from linkage.text import identity_key

Progress = Callable[[int, int], None]

# Keys of `organisations` that a report always has; other kinds appear where there are any.
_ALWAYS = (Kind.COOPERATIVE, Kind.COOPERATIVE_GROUP, Kind.UNION, Kind.ENTERPRISE)
# How many rows are read between two words about progress.
_STEP = 200
_FATES = ("is_new", "is_changed")


@dataclass(slots=True)
class Plan:
    """What an import would do, and the picture of the register that it was made from."""

    file: RegisterFile
    register: Register
    organisations: list[PlannedOrganisation]
    linkages: list[PlannedLinkage]
    certificates: list[PlannedCertificate]
    report: dict[str, Any]
    # Rows that a person can put right: refused ones, second contracts without their own number.
    refused_rows: dict[tuple[str, int], Record] = field(default_factory=dict)
    # By row: the fields that an ambiguous party offers beside the workbook's own; see choosing.
    offered: dict[tuple[str, int], dict[str, Any]] = field(default_factory=dict)

    def told_by_subject(self) -> dict[tuple[str, int | None], list[dict[str, Any]]]:
        """The report's changes by what they are of: its kind and its number."""
        found: dict[tuple[str, int | None], list[dict[str, Any]]] = defaultdict(list)
        for one in self.report["changes"]:
            found[one["kind"], one["id"]].append(one)
        return found


def decisions() -> Decisions:
    """What people decided about pairs that look alike; one query."""
    return {
        frozenset((first, second)): verdict
        for first, second, verdict in PairDecision.objects.values_list(
            "first_key", "second_key", "verdict"
        )
    }


@collector_paused()
def plan(
    file: RegisterFile,
    *,
    mapping: Mapping,
    overrides: Overrides,
    on: date,
    progress: Progress | None = None,
) -> Plan:
    """Compare a workbook with the register as it is now; a bounded number of queries.

    `on` is today: what lies behind it is told.
    """
    return plan_with(
        file,
        register=registers.load(),
        lookups=Lookups.load(),
        decided=decisions(),
        mapping=mapping,
        overrides=overrides,
        on=on,
        progress=progress or (lambda done, total: None),
    )


def plan_with(  # noqa: PLR0913  # everything it depends on, so that it is pure
    file: RegisterFile,
    *,
    register: Register,
    lookups: Lookups,
    decided: Decisions,
    mapping: Mapping,
    overrides: Overrides,
    on: date,
    progress: Progress,
) -> Plan:
    """Compare a workbook with a picture of the register. Pure."""
    desk = Desk.of(file, lookups, mapping, overrides)
    rows, linkage_rows, certificate_rows, history = _read_all(file.records, desk, progress)
    findings = desk.findings
    merged = merge_rows(rows, decided, findings)
    _give_history(history, merged, findings)
    organisations = OrganisationPlanner(register, findings, Doubles(register, decided))
    planned = organisations.plan(merged.entries)
    held = organisations.doubles.held
    merged.held += [entry.row for entry in held]
    merged.likely += organisations.doubles.likely
    choices = Choices(register, planned)
    parties = PartyIndex.of(register, planned, merged.held, choices)
    linkages = LinkagePlanner(
        register,
        parties,
        choices,
        decided,
        findings,
        _known_linkages(register, planned),
    )
    linkages.plan(linkage_rows)
    certificates = CertificatePlanner(register, parties, findings)
    certified = certificates.plan(certificate_rows)
    not_taken = (
        *(finding.at for finding in findings.refused),
        *(row.at for row in merged.held),
        *(at for entry in held for at in entry.places[1:]),
        *linkages.held,
    )
    outcome = Outcome(planned, linkages.planned, not_taken, on)
    findings.warnings = outcome.warnings(findings.warnings)
    whole = Plan(file, register, planned, linkages.planned, certified, {}, offered=linkages.offered)
    parts = (organisations, linkages, certificates)
    whole.report = _report(whole, findings, merged, *parts, lookups.units)
    refused = (finding.at for finding in findings.refused)
    at = {(one.sheet, one.row) for one in (*refused, *linkages.numberless)}
    whole.refused_rows = {
        (record.sheet, record.row): record
        for record in file.records
        if (record.sheet, record.row) in at
    }
    return whole


def _read_all(
    records: Iterable[Record], desk: Desk, progress: Progress
) -> tuple[list[OrganisationRow], list[Any], list[Any], list[HistoryRow]]:
    records = tuple(records)
    organisations: list[OrganisationRow] = []
    linkages: list[Any] = []
    certificates: list[Any] = []
    history: list[HistoryRow] = []
    for number, record in enumerate(records):
        if number % _STEP == 0:
            progress(number, len(records))
        if record.kind == TableKind.LINKAGES:
            linkages.append(read_linkage(record, desk))
        elif record.kind == TableKind.CERTIFICATES:
            certificates.append(read_certificate(record, desk))
        elif record.kind == TableKind.HISTORY:
            told = read_history(record, desk)
            history += [told] if told else []
        else:
            row = read_organisation(record, desk)
            organisations += [row] if row else []
    desk.dates.ask()
    return organisations, linkages, certificates, history


def _give_history(history: list[HistoryRow], merged: Merged, findings: Findings) -> None:
    """Put each dated fact to its organisation: by tax code, else by name, kind and commune."""
    if not history:
        return
    by_code = {e.row.tax_code: e for e in merged.entries if e.row.tax_code}
    by_book = {book: e for e in merged.entries for book in e.books}
    by_name: dict[str, list[Any]] = defaultdict(list)
    for entry in merged.entries:
        for name in entry.names:
            by_name[name].append(entry)
    for told in history:
        found = [by_code[told.tax_code]] if told.tax_code in by_code else by_name[told.name_key]
        if told.book in by_book:
            found = [by_book[told.book]]
        if len(found) > 1:
            found = [entry for entry in found if _is_told_of(entry.row, told)]
        if len(found) == 1:
            found[0].row.history.append(told.item)
        else:
            code = "party_ambiguous" if found else "party_unknown"
            findings.refuse([Finding(told.at, code, None, told.name_key)], HISTORY_REFUSALS)


def _is_told_of(row: OrganisationRow, told: HistoryRow) -> bool:
    same_place = told.commune is None or identity_key(told.commune) == identity_key(
        row.commune_written
    )
    return told.tax_code is None and (told.kind is None or told.kind == row.kind) and same_place


def _known_linkages(register: Register, planned: list[PlannedOrganisation]) -> dict[str, int]:
    """Linkages by key, as if organisations said to be the same were one already."""
    absorbed = {gone: one.ref for one in planned for gone in one.absorbs}
    if not absorbed:
        return register.by_linkage_key
    known: dict[str, int] = {}
    ours_first = sorted(register.linkages.items(), key=lambda known: known[1].is_members_word())
    for id_, state in ours_first:
        parties = (absorbed.get(state.seller, state.seller), absorbed.get(state.buyer, state.buyer))
        known.setdefault(linkage_key(state.contract_number, *parties, state.starts), id_)
    return known


# --- The report, as CONTRACTS describes it ------------------------------------------------------
def _report(  # noqa: PLR0913, PLR0917  # what each part of the plan found
    whole: Plan,
    findings: Findings,
    merged: Merged,
    organisations: OrganisationPlanner,
    linkages: LinkagePlanner,
    certificates: CertificatePlanner,
    units: UnitIndex,
) -> dict[str, Any]:
    file = whole.file
    kinds = Counter(one.entry.row.kind for one in whole.organisations)
    return {
        "organisations": {
            label: kinds[kind]
            for kind, label in KIND_LABELS.items()
            if kind in _ALWAYS or kinds[kind]
        },
        "linkages_accepted": len(whole.linkages),
        "certificates": _certificate_counts(whole.certificates),
        "created": _count(whole, lambda one: one.is_new),
        "updated": _count(whole, lambda one: one.is_changed),
        "unchanged": _count(whole, lambda one: not one.is_new and not one.is_changed),
        "refused": [finding.as_json() for finding in findings.refused],
        "duplicates": [*merged.duplicates, *linkages.duplicates, *certificates.duplicates],
        "likely_duplicates": [one.as_json() for one in (*merged.likely, *linkages.likely)],
        "corrections": findings.corrections_as_json(),
        "warnings": [
            *_table_warnings(file),
            *(finding.as_json() for finding in findings.warnings),
        ],
        "unmapped_columns": [unmapped_as_json(one) for one in file.unmapped_columns],
        "not_in_file": _not_in_file(whole),
        "changes": changes_of(
            whole.organisations, whole.linkages, whole.certificates, whole.register, units
        ),
        "conflicts": [*organisations.conflicts, *linkages.conflicts, *certificates.conflicts],
        "skipped": [
            {"sheet": one.sheet, "row": one.row, "why": one.why, "text": one.text}
            for one in file.skipped
        ],
        "ignored_sheets": list(file.ignored_sheets),
        "batch": None,
    }


def _certificate_counts(planned: list[PlannedCertificate]) -> dict[str, int]:
    created, updated = (sum(getattr(one, name) for one in planned) for name in _FATES)
    return {
        "accepted": len(planned),
        "created": created,
        "updated": updated,
        "unchanged": len(planned) - created - updated,
    }


def _count(whole: Plan, test: Callable[[Any], bool]) -> dict[str, int]:
    return {
        "organisations": sum(map(test, whole.organisations)),
        "linkages": sum(map(test, whole.linkages)),
    }


def _table_warnings(file: RegisterFile) -> list[dict[str, Any]]:
    """What is to be said about whole tables: without a row."""
    return [
        Finding(At(one.sheet, 0, None, "table"), one.code, one.header).as_json() | {"row": None}
        for one in file.table_warnings
    ]


def _not_in_file(whole: Plan) -> list[dict[str, Any]]:
    """What the register has from earlier workbooks and this one lacks: kept, and listed."""
    seen = {id_ for one in whole.organisations for id_ in (one.ref, *one.absorbs)}
    linked = {one.current.id for one in whole.linkages if one.current is not None}
    organisations = [
        {"kind": "organisation", "id": id_, "name": state.name}
        for id_, state in whole.register.organisations.items()
        if id_ not in seen and state.origin == Origin.REGISTER
    ]
    linkages = [
        {"kind": "linkage", "id": id_, "name": state.contract_number}
        for id_, state in whole.register.linkages.items()
        if id_ not in linked and state.origin == "register"
    ]
    return [*organisations, *linkages, *_certificates_not_in_file(whole)]


def _certificates_not_in_file(whole: Plan) -> list[dict[str, Any]]:
    """None of them where the file lists no certificates at all."""
    if not any(table.kind == TableKind.CERTIFICATES for table in whole.file.tables):
        return []
    told = {one.current.id for one in whole.certificates if one.current is not None}
    return [
        {"kind": "certificate", "id": id_, "name": certificate_name(whole.register, state)}
        for id_, state in whole.register.certificates.items()
        if id_ not in told and not state.by_hand
    ]
