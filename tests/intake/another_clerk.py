"""Another clerk's register: clean invented facts, an untidy workbook of them, and their truth.

Nothing here imports the program: the truth is worked out from the clean facts alone.
"""

from __future__ import annotations

import random
import unicodedata
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from openpyxl import Workbook

WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)
COMMUNES = (
    "Xã Vĩnh Bảo",
    "Phường Đồ Sơn",
    "Xã Lập Lễ, huyện Thủy Nguyên",
    "Xã An Lão",
    "Đặc khu Cát Hải",
)
AGRICULTURAL = ("Nông nghiệp", "Thủy sản", "Lâm nghiệp", "Diêm nghiệp")
OTHER = ("Vận tải", "Xây dựng", "Môi trường")
GOODS = ("Cà chua", "Heo hơi", "tôm thẻ", "vải thiều", "GẠO", "Su hào")
KINDS = {
    "HTX": ("HTX", "Hợp tác xã", "htx", "HỢP TÁC XÃ", "H.T.X", "  Hợp  tác xã "),
    "THT": ("THT", "Tổ hợp tác", "tổ hợp tác", "TỔ HỢP TÁC"),
    "Liên hiệp HTX": ("Liên hiệp HTX", "LH HTX", "Liên hiệp hợp tác xã"),
}
STATUSES = {
    "active": ("Đang hoạt động", "đang hoạt động", "ĐANG HOẠT ĐỘNG", "Hoạt động"),
    "suspended": ("Tạm ngừng hoạt động", "Tạm ngừng"),
    "stopped": ("Ngừng hoạt động", "NGỪNG HOẠT ĐỘNG", "Ngưng hoạt động"),
    "dissolved": ("Đã giải thể", "Giải thể", "ĐÃ GIẢI THỂ"),
}
EPOCH = date(1899, 12, 30)


@dataclass
class Org:
    name: str
    kind: str
    sector: str
    tax_code: str | None
    commune: str
    founded: date | None
    status: str = "active"
    changed: date | None = None

    def unsettled(self) -> bool:
        return self.founded is None or (self.status != "active" and self.changed is None)

    def active_on(self, day: date) -> bool:
        if self.unsettled() or self.founded is None or self.founded > day:
            return False
        return self.status == "active" or (self.changed is not None and self.changed > day)


@dataclass
class Link:
    seller: Org
    buyer: Org
    number: str
    starts: date
    ends: date | None
    terminated: date | None
    verified: date | None
    goods: str

    def in_force(self, day: date, level: str) -> bool:
        if level == "verified" and (self.verified is None or self.verified > day):
            return False
        if self.starts > day or (self.ends is not None and self.ends < day):
            return False
        return self.terminated is None or self.terminated > day


@dataclass
class Register:
    orgs: list[Org] = field(default_factory=list)
    firms: list[Org] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)

    def figures(self, day: date, level: str) -> dict[str, int]:
        """The four integers of the truth file, from the clean facts."""
        coops = [o for o in self.orgs if o.kind == "HTX" and o.active_on(day)]
        agri = [o for o in coops if o.sector in AGRICULTURAL]
        linked = {
            id(p) for li in self.links if li.in_force(day, level) for p in (li.seller, li.buyer)
        }
        return {
            "all_population": len(coops),
            "all_linked": sum(id(o) in linked for o in coops),
            "agri_population": len(agri),
            "agri_linked": sum(id(o) in linked for o in agri),
        }


def valid_tax_code(rng: random.Random) -> str:
    """Ten digits of province 02 with their check digit."""
    while True:
        nine = "02" + f"{rng.randrange(1, 10**7):07d}"
        check = 10 - sum(w * int(d) for w, d in zip(WEIGHTS, nine, strict=True)) % 11
        if check < 10:
            return nine + str(check)


def invented(seed: int, *, coops: int = 60, firms: int = 20, links: int = 90) -> Register:
    """An invented register: some to be settled, some without tax code, some of one name."""
    rng = random.Random(seed)
    register = Register()
    taken: set[str] = set()

    def code() -> str:
        while (made := valid_tax_code(rng)) in taken:
            pass
        taken.add(made)
        return made

    def day(low: int, high: int) -> date:
        return date(low, 1, 1) + timedelta(days=rng.randrange((high - low) * 365))

    for n in range(coops):
        kind = rng.choices(("HTX", "THT", "Liên hiệp HTX"), (8, 2, 1))[0]
        words = {"HTX": "HTX", "THT": "Tổ hợp tác", "Liên hiệp HTX": "Liên hiệp HTX"}[kind]
        sector = rng.choice(AGRICULTURAL + OTHER)
        org = Org(
            f"{words} {sector} Minh họa {n}", kind, sector, code() if kind == "HTX" else None,
            rng.choice(COMMUNES), day(2005, 2024),
        )  # fmt: skip
        roll = rng.random()
        if roll < 0.05:
            org.founded = None
        elif roll < 0.3:
            org.status = rng.choice(("suspended", "stopped", "dissolved"))
            org.changed = None if roll < 0.08 else day(2022, 2026)
        register.orgs.append(org)
    twins = [o for o in register.orgs if o.kind == "HTX"][:2]
    twins[1].name = twins[0].name
    for n in range(firms):
        name = f"Công ty TNHH Minh họa {n}"
        register.firms.append(Org(name, "Doanh nghiệp", "", code(), rng.choice(COMMUNES), None))
    known = [o for o in register.orgs if o.kind == "HTX"]
    for n in range(links):
        parties = [rng.choice(known), rng.choice(register.firms if rng.random() < 0.8 else known)]
        if parties[0] is parties[1]:
            continue
        rng.shuffle(parties)
        starts = day(2021, 2026)
        ends = None if rng.random() < 0.2 else starts + timedelta(days=rng.randrange(1500))
        over = starts + timedelta(days=rng.randrange(300)) if rng.random() < 0.1 else None
        seen = starts + timedelta(days=rng.randrange(200)) if rng.random() < 0.7 else None
        number = f"{n:03d}/HĐ-MH"
        register.links.append(Link(*parties, number, starts, ends, over, seen, rng.choice(GOODS)))
    return register


class Clerk:
    """Writes a register down in this clerk's own untidy way."""

    def __init__(self, register: Register, seed: int) -> None:
        self.register = register
        self.rng = random.Random(seed)
        self.refused: dict[int, str] = {}
        self.duplicates = 0

    def untidy(self, text: str) -> str:
        roll = self.rng.random()
        if roll < 0.15:
            return unicodedata.normalize("NFD", text)
        if roll < 0.3:
            return "  " + text.replace(" ", "  ") + " "
        return text

    def day(self, value: date | None) -> Any:
        if value is None:
            return None
        forms = (
            datetime(value.year, value.month, value.day),
            f"{value.day}/{value.month}/{value.year}",
            f"{value.day:02d}/{value.month:02d}/{value.year}",
            f"{value.day:02d}-{value.month:02d}-{value.year}",
            f"{value.day}.{value.month}.{value.year}",
            (value - EPOCH).days,
        )
        return self.rng.choice(forms)

    def code(self, value: str | None) -> Any:
        if value is None:
            return None
        forms = (
            value,
            int(value),
            f" {value[:2]} {value[2:6]} {value[6:]}",
            f"{value[:4]}.{value[4:]}",
        )
        return self.rng.choice(forms)

    def coop(self, org: Org, stt: int) -> dict[str, Any]:
        return {
            "stt": stt,
            "name": self.untidy(org.name),
            "kind": self.rng.choice(KINDS[org.kind]),
            "sector": self.untidy(org.sector),
            "tax_code": self.code(org.tax_code),
            "commune": self.untidy(org.commune),
            "founded_on": self.day(org.founded),
            "status": self.rng.choice(STATUSES[org.status]),
            "status_on": self.day(org.changed),
            "phone": 912345000 + stt,
            "members": self.rng.randrange(7, 900),
            "product": self.rng.choice(GOODS),
            "extra": "xem hồ sơ",
        }

    def link(self, link: Link, stt: int) -> dict[str, Any]:
        by_name = self.rng.random() < 0.2 and link.buyer.name != self.register.orgs[0].name
        twins = sum(o.name == link.buyer.name for o in self.register.orgs) > 1
        return {
            "stt": stt,
            "seller": self.untidy(link.seller.name),
            "seller_tax_code": self.code(link.seller.tax_code),
            "buyer": self.untidy(link.buyer.name),
            "buyer_tax_code": None if by_name and not twins else self.code(link.buyer.tax_code),
            "product": link.goods,
            "contract_number": link.number,
            "starts": self.day(link.starts),
            "ends": self.day(link.ends),
            "terminated_on": self.day(link.terminated),
            "quantity": self.rng.choice((12, "1.250", "3,5", 7.25)),
            "unit": self.rng.choice(("tấn", "Tạ", "kg")),
            "verified_mark": "x" if link.verified else None,
            "verified_on": self.day(link.verified),
        }

    def bad_links(self, stt: int) -> list[dict[str, Any]]:
        """One row for each reason to refuse a linkage, in the order of precedence."""
        good = Link(
            self.register.orgs[0], self.register.firms[0], "X", date(2024, 1, 1), date(2025, 1, 1),
            None, None, "Su hào",
        )  # fmt: skip
        firm = self.register.firms[1]
        changes: list[tuple[str, dict[str, Any]]] = [
            ("missing_field", {"starts": None, "ends": "31/02/2025"}),
            ("missing_field", {"buyer": None, "buyer_tax_code": None}),
            ("no_such_date", {"starts": "31/4/2024", "buyer_tax_code": "0200000001"}),
            ("no_such_date", {"ends": "06/25/2025"}),
            ("no_such_date", {"starts": "01/01/1800", "buyer_tax_code": "0200000001"}),
            ("no_such_date", {"ends": "31-12-2200"}),
            ("tax_code_invalid", {"buyer_tax_code": "0200000001", "ends": "01/01/2020"}),
            ("tax_code_invalid", {"buyer_tax_code": 36099012345}),
            ("ends_before_starts", {"starts": "02/01/2025", "ends": "01/01/2025"}),
            ("self_link", {"buyer": good.seller.name, "buyer_tax_code": good.seller.tax_code}),
            ("party_unknown", {"buyer": "Công ty Ở Đâu Không Rõ", "buyer_tax_code": None}),
            ("party_ambiguous", {"seller": self.register.orgs[0].name, "seller_tax_code": None}),
            ("party_ambiguous", {"buyer_tax_code": firm.tax_code}),
        ]
        twins = [o for o in self.register.orgs if o.name == self.twin_name()]
        rows = []
        for offset, (code, change) in enumerate(changes):
            row = self.link(good, stt + offset)
            row |= {
                "seller": good.seller.name, "seller_tax_code": good.seller.tax_code,
                "buyer": good.buyer.name, "buyer_tax_code": good.buyer.tax_code,
                "contract_number": f"BAD-{offset}",
                "starts": "01/01/2024", "ends": "01/01/2025",
            }  # fmt: skip
            row |= change
            if change.get("seller") and change["seller_tax_code"] is None:
                row["seller"] = twins[0].name
            rows.append(row)
            self.refused[stt + offset] = code
        return rows

    def twin_name(self) -> str:
        names = [o.name for o in self.register.orgs]
        return next(name for name in names if names.count(name) > 1)

    def write(self, path: Path) -> None:
        book = Workbook()
        sheet = book.active
        assert sheet is not None
        sheet.title = "Hop dong"
        self._links(sheet)
        self._coops(book.create_sheet("Bieu 01"))
        self._firms(book.create_sheet("DN lien ket"))
        notes = book.create_sheet("Ghi chu")
        notes.append(["Số liệu minh họa, không có thật."])
        book.save(path)

    def _coops(self, sheet: Any) -> None:
        rows = [self.coop(org, n) for n, org in enumerate(self.register.orgs, 1)]
        for org in [o for o in self.register.orgs if o.tax_code][2:5]:
            rows.append(self.coop(org, len(rows) + 1))
            self.duplicates += 1
        headers = {
            "stt": "TT", "name": "Tên\nHTX, THT", "kind": "Loại\nhình",
            "product": "Sản phẩm chủ lực",
            "sector": "Lĩnh vực hoạt động", "founded_on": "Ngày  thành lập", "status": "TRẠNG THÁI",
            "status_on": "Ngày thay đổi", "extra": "Tài liệu kèm theo", "tax_code": "MST",
            "commune": "Địa bàn", "phone": "SĐT", "members": "Số TV",
        }  # fmt: skip
        sheet.append(["LIÊN MINH HTX", None, None, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"])
        sheet.append(["BIỂU 01: TỔNG HỢP HTX, THT (số liệu minh họa)"])
        sheet.append([])
        sheet.append(list(headers.values()))
        sheet.append([f"({n})" for n in range(1, len(headers) + 1)])
        for n, row in enumerate(rows):
            if n == 20:
                sheet.append(["II", "Khu vực phía nam"])
            if n == 30:
                sheet.append([])
                sheet.append(list(headers.values()))
            sheet.append([row[key] for key in headers])
        sheet.append(
            [None, "Tổng số", None, None, None, None, None, None, None, None, None, None, 999]
        )
        sheet.append(
            [None, "Người lập biểu", None, None, None, None, None, None, "Thủ trưởng đơn vị"]
        )

    def _firms(self, sheet: Any) -> None:
        sheet.append(["Danh sách doanh nghiệp liên kết"])
        sheet.append(["Địa chỉ (xã, phường)", "Mã số DN", "Tên công ty", "STT", "Vai trò"])
        for n, firm in enumerate(self.register.firms, 1):
            sheet.append(
                [firm.commune, self.code(firm.tax_code), self.untidy(firm.name), n, "Thu mua"]
            )

    def _links(self, sheet: Any) -> None:
        rows = [self.link(link, n) for n, link in enumerate(self.register.links, 1)]
        rows += self.bad_links(len(rows) + 1)
        sheet.append(["BIỂU 02: HỢP ĐỒNG LIÊN KẾT"])
        sheet.append(
            ["TT", "Bên cung cấp", None, "Bên thu mua", None, "Mặt hàng", "Số HĐ", "Thời hạn", None,
             "Ngày thanh lý", "Khối lượng", "Đơn vị tính", "Xác minh", None]
        )  # fmt: skip
        sheet.append(
            [None, "Tên", "MST", "Tên", "MST", None, None, "Từ ngày", "Đến ngày", None, None, None,
             "Đã kiểm tra", "Ngày kiểm tra"]
        )  # fmt: skip
        for cells in ("B2:C2", "D2:E2", "H2:I2", "M2:N2"):
            sheet.merge_cells(cells)
        keys = (
            "stt", "seller", "seller_tax_code", "buyer", "buyer_tax_code", "product",
            "contract_number", "starts", "ends", "terminated_on", "quantity", "unit",
            "verified_mark", "verified_on",
        )  # fmt: skip
        for row in rows:
            sheet.append([row[key] for key in keys])
