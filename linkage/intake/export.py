"""The register back as a workbook in the office's own form, from the database.

Three sheets with the office's titles, headers and order; further columns, a history sheet and one
of certificates appear only where the register knows what the form has no place for. Importing the
workbook again changes nothing; importing it into an empty database gives the same figures.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from operator import itemgetter
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from linkage.catalogue.models import Commodity, Sector, Unit
from linkage.intake.export_certificates import certificate_form, certification_words
from linkage.intake.export_sheet import BOOK, Form, add_sheet
from linkage.intake.paths import about
from linkage.intake.planning import facts as facts_of
from linkage.intake.planning import register as registers
from linkage.intake.planning.facts import Fact, Facts
from linkage.intake.planning.organisation_rows import ATTRIBUTE_LABELS
from linkage.intake.planning.register import LinkageState, OrganisationState, Register
from linkage.intake.planning.words import KIND_LABELS, STATUS_LABELS
from linkage.one_view import one_view
from linkage.registry.models import COUNTED_KINDS, Commune, Kind
from linkage.registry.phones import national


def export_register(path: Path) -> dict[str, int]:
    """Write the whole register to `path`; return how many rows each sheet has.

    Only organisations that are not merged into another and linkages in a counting state. The file
    appears whole or not at all.
    """
    with one_view():
        register, names = registers.load(), _Names.load()
        certifications = certification_words()
    book = Workbook()
    book.remove(book.worksheets[0])
    rows = _Rows(register, names)
    states = list(register.organisations.values())
    cooperatives = [s for s in states if _kind(s) in COUNTED_KINDS]
    others = [s for s in states if _kind(s) not in COUNTED_KINDS]
    # One between two rows that were merged into one links nobody.
    linkages = [one for one in register.linkages.values() if one.seller != one.buyer]
    counts = {
        "HTX": add_sheet(
            book,
            "HTX",
            "SỔ THEO DÕI HỢP TÁC XÃ, TỔ HỢP TÁC, LIÊN HIỆP HỢP TÁC XÃ",
            rows.cooperative_form(),
            cooperatives,
        ),
        "Doanh nghiệp": add_sheet(
            book,
            "Doanh nghiệp",
            "DANH SÁCH DOANH NGHIỆP THAM GIA LIÊN KẾT",
            rows.enterprise_form(),
            others,
        ),
        "Liên kết": add_sheet(
            book,
            "Liên kết",
            "DANH SÁCH LIÊN KẾT SẢN XUẤT, TIÊU THỤ",
            rows.linkage_form(),
            linkages,
        ),
    }
    told = [line for state in states for line in rows.history(state)]
    if told:
        title = "LỊCH SỬ THAY ĐỔI"
        counts["Lịch sử"] = add_sheet(book, "Lịch sử", title, _history_form(), told)
    if register.certificates:
        title, held = "DANH SÁCH CHỨNG NHẬN", list(register.certificates.values())
        form = certificate_form(register, certifications, rows.book)
        counts["Chứng nhận"] = add_sheet(book, "Chứng nhận", title, form, held)
    unfinished = path.with_name(f".{path.name}.unfinished")
    with about(path):
        book.save(unfinished)
        unfinished.replace(path)
    return counts


@dataclass(frozen=True, slots=True)
class _Names:
    """Reference rows by code, as the form writes them."""

    sectors: dict[str, str]
    communes: dict[str, str]
    units: dict[str, tuple[str, int | None, str]]
    commodities: dict[str, str]

    @classmethod
    def load(cls) -> _Names:
        return cls(
            dict(Sector.objects.values_list("code", "name_vi")),
            dict(Commune.objects.values_list("code", "name")),
            {
                code: (name, base, dimension)
                for code, name, base, dimension in Unit.objects.values_list(
                    "code", "name_vi", "base_units", "dimension"
                )
            },
            dict(Commodity.objects.values_list("code", "name_vi")),
        )


class _Rows:
    """What each column shows of an organisation or a linkage."""

    def __init__(self, register: Register, names: _Names) -> None:
        self.register = register
        self.names = names
        times = Counter(state.name_key for state in register.organisations.values())
        self._shared_names = {name for name, count in times.items() if count > 1}
        self._plain_unit = {
            dimension: (name, base)
            for name, base, dimension in sorted(names.units.values(), key=lambda u: u[1] or 0)
            if base in (1, 1000)
        }

    # --- Organisations --------------------------------------------------------------------------
    def cooperative_form(self) -> Sequence[Form]:
        """The columns of cooperatives, groups and unions."""
        return (
            Form("Tên đơn vị", lambda s: s.name, width=48),
            Form("Loại hình", lambda s: KIND_LABELS.get(_kind(s), "")),
            Form("Lĩnh vực", self.sector, width=24),
            Form("Mã số thuế", lambda s: s.tax_code),
            Form("Xã/phường", self.commune, width=36),
            Form("Ngày thành lập", lambda s: s.founded_on),
            Form("Tình trạng", self.status, width=22),
            Form("Ngày thay đổi tình trạng", self.status_on, width=24),
            Form("Người đại diện", _representative, width=24),
            Form("Điện thoại", _phone),
            Form("Số thành viên", lambda s: s.members),
            Form("Sản phẩm chính", _product, width=24),
            Form(BOOK, self.book, always=False),
        )

    def enterprise_form(self) -> Sequence[Form]:
        """The columns of enterprises; those after the commune only where something is known."""
        return (
            Form("Tên doanh nghiệp", lambda s: s.name, width=48),
            Form("Mã số thuế", lambda s: s.tax_code),
            Form("Vai trò trong chuỗi", lambda s: s.role_in_chain or None, width=24),
            Form("Xã/phường", self.commune, width=36),
            Form("Loại hình", self.other_kind, always=False),
            Form("Lĩnh vực", self.sector, always=False),
            Form("Ngày thành lập", lambda s: s.founded_on, always=False),
            Form("Tình trạng", self.ended_status, always=False),
            Form("Ngày thay đổi tình trạng", self.status_on, always=False),
            Form("Người đại diện", _representative, always=False),
            Form("Điện thoại", _phone, always=False),
            Form("Sản phẩm chính", _product, always=False),
            Form(BOOK, self.book, always=False),
        )

    def sector(self, state: OrganisationState) -> str | None:
        """The sector as the register wrote it, else its name."""
        return _written(_last(state, "sector"), self.names.sectors)

    def commune(self, state: OrganisationState) -> str | None:
        """The place as the register wrote it, else the commune's name."""
        return _written(_last(state, "commune"), self.names.communes)

    def status(self, state: OrganisationState) -> str | None:
        """The last status in the office's words; an unknown one as it was written."""
        fact = _last(state, "status")
        if fact is None:
            return None
        return STATUS_LABELS.get(fact.value or "") or fact.as_written or None

    def ended_status(self, state: OrganisationState) -> str | None:
        """The status of an enterprise where it is not simply active."""
        fact = _last(state, "status")
        if fact is None or (fact.value == facts_of.ACTIVE and fact.since is None):
            return None
        return self.status(state)

    def status_on(self, state: OrganisationState) -> date | None:
        """The day of the last status."""
        fact = _last(state, "status")
        return fact.since if fact else None

    def other_kind(self, state: OrganisationState) -> str | None:
        """The kind, where it is no enterprise."""
        kind = _kind(state)
        return None if kind == Kind.ENTERPRISE else KIND_LABELS.get(kind, "")

    # --- Linkages -------------------------------------------------------------------------------
    def linkage_form(self) -> Sequence[Form]:
        """The columns of linkages."""
        return (
            Form("Bên bán", lambda s: self._party(s.seller).name, width=48),
            Form("MST bên bán", lambda s: self._party(s.seller).tax_code),
            Form("Bên mua", lambda s: self._party(s.buyer).name, width=48),
            Form("MST bên mua", lambda s: self._party(s.buyer).tax_code),
            Form("Sản phẩm", self._traded, width=24),
            Form("Hình thức liên kết", _form, width=18),
            Form("Số hợp đồng", lambda s: s.contract_number, width=20),
            Form("Hiệu lực từ", lambda s: s.starts),
            Form("Hiệu lực đến", lambda s: s.ends),
            Form("Ngày chấm dứt", lambda s: s.terminated_on),
            Form("Sản lượng", lambda s: self._quantity(s)[0]),
            Form("ĐVT", lambda s: self._quantity(s)[1]),
            Form("Đã kiểm tra", _mark),
            Form("Ngày kiểm tra", _checked_on),
            Form("Ngày xác nhận", lambda s: s.confirmed_on, always=False),
            Form(
                "Số hiệu bên bán trong sổ", lambda s: self.book(self._party(s.seller)), always=False
            ),
            Form(
                "Số hiệu bên mua trong sổ", lambda s: self.book(self._party(s.buyer)), always=False
            ),
        )

    def book(self, state: OrganisationState) -> str | None:
        """The register's own number of an organisation that shares its name with another."""
        if state.id is None or state.name_key not in self._shared_names:
            return None
        return self.register.label_of(state.id)

    def _party(self, id_: int) -> OrganisationState:
        return self.register.organisations[id_]

    def _traded(self, state: LinkageState) -> str | None:
        """Nobody wrote the product of what was agreed here: it is that of the two posts."""
        return state.product_as_written or self.names.commodities.get(state.commodity or "")

    def _quantity(self, state: LinkageState) -> tuple[Any, str | None]:
        if state.quantity is None or state.unit is None:
            return None, None
        name, base, dimension = self.names.units[state.unit]
        if base is None:
            # A sack's size is not kept: the exact quantity in a plain unit says the same.
            name, base = self._plain_unit[dimension]
        amount = Decimal(state.quantity) / base
        if amount * base != state.quantity:
            name, base = self._plain_unit[dimension]
            amount = Decimal(state.quantity) / base
        return (int(amount) if amount == amount.to_integral_value() else float(amount)), name

    # --- History --------------------------------------------------------------------------------
    def history(self, state: OrganisationState) -> Iterable[tuple[Any, ...]]:
        """Every fact of an attribute that one row of the form cannot hold."""
        for name, label in ATTRIBUTE_LABELS.items():
            facts: Facts = state.facts.get(name, ())
            if name == "status":
                held = facts_of.status_is_held_by_a_row(facts)
            else:
                held = facts_of.is_held_by_a_row(facts)
            if held:
                continue
            for fact in facts:
                yield (
                    state.name,
                    state.tax_code,
                    KIND_LABELS.get(_kind(state), ""),
                    self.commune(state),
                    label,
                    self._said(name, fact),
                    fact.since,
                    self.book(state),
                )

    def _said(self, name: str, fact: Fact) -> str | None:
        if name in ("status", "kind"):
            labels = STATUS_LABELS if name == "status" else KIND_LABELS
            return labels.get(fact.value or "") or fact.as_written or None
        names = self.names.sectors if name == "sector" else self.names.communes
        return _written(fact, names)


def _history_form() -> Sequence[Form]:
    headers = (
        ("Tên đơn vị", 48),
        ("Mã số thuế", 16),
        ("Loại hình", 16),
        ("Xã/phường", 36),
        ("Nội dung thay đổi", 20),
        ("Giá trị", 36),
        ("Từ ngày", 16),
        (BOOK, 20),
    )
    return [
        Form(header, itemgetter(place), always=header != BOOK, width=width)
        for place, (header, width) in enumerate(headers)
    ]


def _last(state: OrganisationState, name: str) -> Fact | None:
    return facts_of.last(state.facts.get(name, ()))


def _kind(state: OrganisationState) -> str:
    fact = _last(state, "kind")
    return (fact.value if fact else None) or Kind.OTHER.value


def _written(fact: Fact | None, names: dict[str, str]) -> str | None:
    if fact is None:
        return None
    return fact.as_written or names.get(fact.value or "") or None


def _representative(state: OrganisationState) -> str | None:
    return (state.contact.name or None) if state.contact else None


def _phone(state: OrganisationState) -> str | None:
    if state.contact is None or not state.contact.phone:
        return None
    phone = state.contact.phone
    return national(phone).replace(" ", "") if phone.startswith("+") else phone


def _product(state: OrganisationState) -> str | None:
    return state.product.as_written if state.product else None


def _form(state: LinkageState) -> str | None:
    return state.form_as_written or (f"Hình thức {state.form}" if state.form else None)


def _checked_day(state: LinkageState) -> date | None:
    try:
        return date.fromisoformat(state.checked_as_written)
    except ValueError:
        return None


def _mark(state: LinkageState) -> str | None:
    if state.verified_on is not None:
        return "x"
    return None if _checked_day(state) else state.checked_as_written or None


def _checked_on(state: LinkageState) -> date | None:
    return state.verified_on or _checked_day(state)
