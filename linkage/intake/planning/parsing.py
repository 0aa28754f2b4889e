"""Reads the fields of a record, one by one, and notes what was corrected, doubtful or wrong.

Pure once the lookups are loaded: no query a row.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any, TypeVar

from linkage.catalogue.queries import (
    CertificationIndex,
    CommodityIndex,
    FormIndex,
    SectorIndex,
    UnitIndex,
)
from linkage.intake.masking import mask_code
from linkage.intake.planning import days, values
from linkage.intake.planning.choosing import AS_IN_FILE, CHOSEN
from linkage.intake.planning.dateorders import DateOrders
from linkage.intake.planning.findings import (
    CERTIFICATE,
    HISTORY,
    LINKAGE,
    ORGANISATION,
    At,
    Finding,
    Findings,
    told,
)
from linkage.intake.planning.values import Reader, Reading
from linkage.intake.reading.headers import TableKind, label_of
from linkage.intake.reading.mapping import Mapping
from linkage.intake.reading.records import RawCell, Record, RegisterFile
from linkage.registry.places import PlaceIndex

T = TypeVar("T")

# The clerk's values by row (sheet, Excel's row) and field; an empty text empties the cell.
Overrides = dict[tuple[str, int], dict[str, Any]]
Headers = dict[tuple[str, str], dict[str, str]]

_WHAT = {
    TableKind.COOPERATIVES: ORGANISATION,
    TableKind.ENTERPRISES: ORGANISATION,
    TableKind.LINKAGES: LINKAGE,
    TableKind.HISTORY: HISTORY,
    TableKind.CERTIFICATES: CERTIFICATE,
}
# Where no day is an answer: the organisation is then to be settled. A contract needs its days.
_MAY_BE_UNKNOWN = frozenset({"founded_on", "status_on"})
_ORDERS = {"day_first": "dmy", "month_first": "mdy", "year_first": "ymd"}


@dataclass(frozen=True, slots=True)
class Lookups:
    """The reference data that words are looked up in."""

    commodities: CommodityIndex
    units: UnitIndex
    sectors: SectorIndex
    forms: FormIndex
    places: PlaceIndex
    certifications: CertificationIndex
    _found: dict[tuple[str, str], str | None] = field(default_factory=dict)

    @classmethod
    def load(cls) -> Lookups:
        """Read the reference data, in a bounded number of queries."""
        return cls(
            CommodityIndex.load(),
            UnitIndex.load(),
            SectorIndex.load(),
            FormIndex.load(),
            PlaceIndex.load(),
            CertificationIndex.load(),
        )

    def commune(self, written: str) -> str | None:
        """The code of the commune that a written place means."""
        return self._once("commune", written, lambda text: self.places.resolve(text).commune_code)

    def sector(self, written: str) -> str | None:
        """The code of the sector that a word means."""
        return self._once("sector", written, self.sectors.find)

    def commodity(self, written: str) -> str | None:
        """The code of the commodity that a word means."""
        return self._once("commodity", written, self.commodities.find)

    def _once(self, what: str, written: str, find: Callable[[str], str | None]) -> str | None:
        """Each wording is looked up once: a register repeats a few of them."""
        if (what, written) not in self._found:
            self._found[what, written] = find(written)
        return self._found[what, written]


@dataclass(slots=True)
class Desk:
    """What rows are read with: lookups, the clerk's answers, the findings so far."""

    lookups: Lookups
    findings: Findings
    mapping: Mapping
    overrides: Overrides
    base_1904: bool
    headers: Headers
    dates: DateOrders

    @classmethod
    def of(
        cls, file: RegisterFile, lookups: Lookups, mapping: Mapping, overrides: Overrides
    ) -> Desk:
        """Make ready to read the records of a file."""
        headers: Headers = {}
        for table in file.tables:
            known = headers.setdefault((table.sheet, table.kind), {})
            for column in table.columns:
                if column.field is not None:
                    known.setdefault(column.field, column.header)
        findings = Findings()
        base_1904 = file.epoch.year == 1904
        dates = DateOrders(findings)
        return cls(lookups, findings, mapping, overrides, base_1904, headers, dates)


class Row:
    """One record being read: gives typed values, collects the reasons to refuse it."""

    def __init__(self, record: Record, reading: Desk) -> None:
        self.record = record
        self.reading = reading
        self.findings = reading.findings
        said = reading.overrides.get((record.sheet, record.row), {})
        self.by_hand = {name: value for name, value in said.items() if name != AS_IN_FILE}
        self.is_as_in_file = AS_IN_FILE in said
        stt = record.cells.get("stt")
        self.at = At(
            record.sheet,
            record.row,
            values.read_stt(stt.value) if stt else None,
            _WHAT[record.kind],
        )
        self.reasons: list[Finding] = []
        self._take_problem()
        for name in self.by_hand:
            self.warn("corrected_by_hand", name, self.by_hand[name])

    def _take_problem(self) -> None:
        # Hidden or not, a person has looked at it.
        seen = self.is_as_in_file
        problem = self.record.beneath if seen else self.record.problem
        if seen:
            self.findings.warn(self.at, "taken_as_in_file", None)
        # Whoever corrected a row by hand has looked at its cells too.
        if problem is not None and not self.by_hand:
            finding = Finding(self.at, problem.code, problem.field_header or None, problem.ref)
            self.reasons.append(finding)
        for note in self.record.notes:
            if note.code == "formula_value":
                self.findings.warn(self.at, note.code, note.field_header, note.ref)

    def header(self, name: str) -> str:
        """The column's header as the file has it, else what it is usually called.

        A field that no column can have goes by its own name.
        """
        cell = self.record.cells.get(name)
        if cell is not None:
            return cell.header
        known = self.reading.headers.get((self.record.sheet, self.record.kind), {})
        if name in CHOSEN.values():
            return name
        return known.get(name) or label_of(self.record.kind, name)

    def raw(self, name: str) -> Any:
        """The value of a field: the clerk's if there is one, else the workbook's."""
        if name in self.by_hand:
            return self.by_hand[name]
        cell: RawCell | None = self.record.cells.get(name)
        return None if cell is None else cell.value

    def warn(self, code: str, name: str, value: object = "") -> None:
        """Say something about a field of an accepted row."""
        self.findings.warn(self.at, code, self.header(name), value)

    def refuse(self, code: str, name: str, value: object = "", said: str = "") -> None:
        """Note a reason to refuse the row; `said` names a closer sentence than the code's own."""
        self.reasons.append(Finding(self.at, code, self.header(name), told(value), said))

    def _read(self, name: str, reader: Reader) -> Reading[Any]:
        raw = self.raw(name)
        if raw is None:
            return values.NOTHING
        found = reader(raw)
        if found.steps and name not in self.by_hand:
            self.findings.corrected(self.at, self.header(name), found.steps)
        return found

    def text(self, name: str, longest: int) -> str | None:
        """Text as stored; what is longer than can be stored is cut, with a warning."""
        value: str | None = self._read(name, values.read_text).value
        if value is not None and len(value) > longest:
            self.warn("cut", name, value)
            return value[:longest]
        return value

    def needed_text(self, name: str, longest: int) -> str:
        """Text that must be there and fit, or the row is refused."""
        value = self.whole_text(name, longest)
        if not value:
            self.refuse("missing_field", name)
        return value

    def whole_text(self, name: str, longest: int) -> str:
        """Text that must fit, or the row is refused; empty where nothing is said."""
        value: str | None = self._read(name, values.read_said).value
        if value is not None and len(value) > longest:
            self.refuse("too_long", name, value)
        return value or ""

    def is_silent(self, name: str, value: object) -> bool:
        """Whether a field that was read as `value` says nothing, and is not refused for it."""
        header = self.header(name)
        return value is None and not any(one.field == header for one in self.reasons)

    def tax_code(self, name: str) -> str | None:
        """A tax code; one that is not valid refuses the row."""
        found = self._read(name, values.read_tax_code)
        if found.problem is not None:
            self.refuse(found.problem, name, mask_code(str(self.raw(name))))
        return found.value

    def _way(
        self, said_of: Callable[[str, str], str | None], name: str, *, usual: str
    ) -> str | None:
        """How a column is written, if it is said; who corrects by hand writes the usual way."""
        return usual if name in self.by_hand else said_of(self.record.sheet, self.header(name))

    def day(self, name: str) -> date | None:
        """A date; one that cannot be read refuses the row."""
        said = self._way(self.reading.mapping.date_order_of, name, usual="day_first")
        order = _ORDERS.get(said or "day_first", "dmy")
        period = self._day_of_period(name)
        reader = partial(
            days.read_date, base_1904=self.reading.base_1904, order=order, period=period
        )
        found = self._read(name, reader)
        if found.problem is not None:
            self._refuse_day(name, found.problem, said)
        if name not in self.by_hand:
            table = (self.record.sheet, self.record.kind)
            self.reading.dates.seen(table, self.at, self.header(name), self.raw(name), said)
        return found.value

    def _day_of_period(self, name: str) -> str | None:
        """Which day a year or a month alone means, if it was said and can be meant here."""
        if name in self.by_hand:
            return None
        said = self.reading.mapping.day_of_period_of(self.record.sheet, self.header(name))
        return None if said == "unknown" and name not in _MAY_BE_UNKNOWN else said

    def _refuse_day(self, name: str, problem: str, said: str | None) -> None:
        """Refuse the row for a day, and ask about the column where an answer would help."""
        raw, header = self.raw(name), self.header(name)
        raw = days.year_in_day(raw, self.reading.base_1904) or raw
        closer = problem in (days.DATE_OUT_OF_BOUNDS, days.DAY_MISSING)
        self.refuse(days.NO_SUCH_DATE, name, raw, problem if closer else "")
        if problem == days.AMERICAN_DATE and said is None:
            self.findings.ask(self.at, "column_date_order", header, raw)
        if problem == days.DAY_MISSING and name not in self.by_hand:
            self.findings.ask(self.at, "column_day_of_period", header, raw)

    def number(self, name: str, reader: Any) -> Any:
        """A number; one that cannot be read says nothing, with a warning."""
        said = self._way(self.reading.mapping.decimal_of, name, usual="comma")
        found = self._read(name, partial(reader, decimal="." if said == "point" else ","))
        if found.problem is not None:
            raw = self.raw(name)
            self.warn(values.NUMBER_UNREADABLE, name, raw)
            if found.problem == values.FOREIGN_NUMBER and said is None:
                self.findings.ask(self.at, "column_decimal", self.header(name), raw)
        return found.value

    def phone(self, name: str) -> str | None:
        """A telephone number, or what is written there, with a warning."""
        found = self._read(name, values.read_phone)
        if found.problem is not None:
            self.warn(found.problem, name, found.value)
        return found.value[:50] if found.value else None
