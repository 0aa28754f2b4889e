"""A register kept by a second clerk: clean invented facts, an untidy workbook, and their truth.

Nothing here imports the program. The facts hold suspensions, twins of one name, parties without a
tax code, branches, citizens and unions; the truth (counts, refusals, figures of any day, level and
territory) is worked out from the facts alone.
"""

from __future__ import annotations

import random
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)
LEVELS = ("declared", "confirmed", "verified")
OLD_HP, OLD_HD = "hai-phong-old", "hai-duong-old"
# As a clerk may write a place, the commune of today, its former province.
PLACES: tuple[tuple[str, str | None, str | None], ...] = (
    ("Phường Việt Hòa", "10543", OLD_HD),
    ("xã Nam An Phụ", "10705", OLD_HD),
    ("XÃ HÀ BẮC", "10816", OLD_HD),
    ("Xã Tân Việt, huyện Thanh Hà", "10816", OLD_HD),
    ("Phường Hồng Bàng", "11311", OLD_HP),
    ("Xã Nghi Dương", "11713", OLD_HP),
    ("xã Du Lễ, huyện Kiến Thụy", "11713", OLD_HP),
    ("Đặc khu Bạch Long Vĩ", "11948", OLD_HP),
    ("Xã Mây Trắng (không có thật)", None, None),
)
AGRICULTURAL = ("Nông nghiệp", "Thủy sản", "Diêm nghiệp", "Lâm nghiệp", "NÔNG NGHIỆP")
OTHER = ("Vận tải", "Tín dụng", "Điện nước", "Tiểu thủ công nghiệp")
GOODS = ("Lúa nếp", "ngao", "Ổi", "Thuốc lào", "lợn", "Hàng không có trong cây")
KINDS = {
    "HTX": ("htx", "HTX", "Hợp tác xã", "HỢP TÁC XÃ", "hợp  tác  xã", "Htx"),
    "THT": ("tht", "THT", "Tổ hợp tác", "TỔ HỢP TÁC", "Tổ  hợp tác"),
    "Liên hiệp HTX": (
        "LHHTX", "Liên hiệp HTX", "Liên hiệp hợp tác xã", "LIÊN HIỆP HTX", "liên hiệp  htx"
    ),
    "Doanh nghiệp": ("DN", "Doanh nghiệp", "doanh nghiệp", "DOANH NGHIỆP", "Công ty"),
    "Hộ kinh doanh": ("Hộ kinh doanh", "HKD", "hộ kinh doanh", "HỘ KINH DOANH", "Hộ KD"),
    "Cá nhân": ("Cá nhân", "cá nhân", "CÁ NHÂN", "Cá  nhân", " cá nhân "),
}  # fmt: skip
STATUSES = {
    "active": ("Đang hoạt động", "Hoạt động", "đang  hoạt động", "ĐANG HOẠT ĐỘNG"),
    "suspended": ("Tạm ngừng", "Tạm ngừng hoạt động", "TẠM NGỪNG"),
    "stopped": ("Ngừng hoạt động", "ngừng hoạt động", "Dừng hoạt động"),
    "dissolved": ("Giải thể", "Đã giải thể", "đã  giải thể"),
    "unknown": ("Chờ họp", "???"),
}


@dataclass(eq=False)
class Party:
    name: str
    kind: str
    sector: str
    code: str | None
    place: int
    founded: date | None
    status: str = "active"
    changed: date | None = None

    def active_on(self, day: date) -> bool:
        if self.founded is None or self.status == "unknown" or self.founded > day:
            return False
        return self.status == "active" or (self.changed is not None and self.changed > day)

    def lies_in(self, territory: str | None) -> bool:
        return territory is None or territory in PLACES[self.place][1:]


@dataclass(eq=False)
class Contract:
    seller: Party
    buyer: Party
    number: str
    starts: date
    ends: date | None
    over: date | None
    mark: bool
    seen: date | None

    def counts(self, day: date, level: str) -> bool:
        if not self.starts <= day <= (self.ends or date.max):
            return False
        if self.over is not None and self.over <= day:
            return False
        # The register knows no agreement of both sides: what is confirmed is what the city saw.
        return level == "declared" or (self.mark and self.seen is not None and self.seen <= day)


@dataclass
class Truth:
    parties: list[Party] = field(default_factory=list)
    contracts: list[Contract] = field(default_factory=list)
    refused: dict[str, dict[int, str]] = field(
        default_factory=lambda: {"organisation": {}, "linkage": {}}
    )
    duplicates: Counter[str] = field(default_factory=Counter)
    held: int = 0
    warned: Counter[str] = field(default_factory=Counter)

    def kinds(self) -> dict[str, int]:
        return dict(Counter(p.kind for p in self.parties))

    def members(
        self, day: date, level: str, territory: str | None = None
    ) -> dict[str, tuple[set[str], set[str]]]:
        """Names and codes of the linked and of all co-ops, by indicator."""
        linked = {p for c in self.contracts if c.counts(day, level) for p in (c.seller, c.buyer)}
        out = {}
        for indicator in ("LINK-ALL", "LINK-AGRI"):
            everyone = {
                p for p in self.parties
                if p.kind == "HTX" and p.active_on(day) and p.lies_in(territory)
                and (indicator == "LINK-ALL" or p.sector in AGRICULTURAL)
            }  # fmt: skip
            out[indicator] = (
                {f"{p.name} {p.code}".casefold() for p in everyone & linked},
                {f"{p.name} {p.code}".casefold() for p in everyone},
            )
        return out

    def boundaries(self) -> list[date]:
        """Days on which something starts, ends today, is over or was seen, and days beside them."""
        days = {date(2026, 12, 31), date(2031, 1, 1)}
        for c in self.contracts[:4]:
            known = [d for d in (c.starts, c.ends, c.over, c.seen) if d is not None]
            days |= {d + timedelta(days=shift) for d in known[:2] for shift in (-1, 0, 1)}
        changed = next(p.changed for p in self.parties if p.changed is not None)
        return sorted(days | {changed, changed - timedelta(days=1)})[:14]


def tax_code(rng: random.Random, province: str = "02") -> str:
    while True:
        nine = province + f"{rng.randrange(10**7):07d}"
        check = 10 - sum(w * int(d) for w, d in zip(WEIGHTS, nine, strict=True)) % 11
        if check < 10:
            return nine + str(check)


class SecondClerk:
    """Facts by one seed, and the workbook this clerk makes of them."""

    def __init__(self, seed: int, coops: int = 45, firms: int = 12, contracts: int = 70) -> None:
        self.rng = random.Random(1000 + seed)
        self.seed = seed
        self.mac = seed % 3 == 2
        self.truth = Truth()
        self.codes: set[str] = set()
        self._coops(coops)
        self._firms(firms)
        self._contracts(contracts)

    # Facts

    def _code(self, province: str = "02") -> str:
        while (made := tax_code(self.rng, province)) in self.codes:
            pass
        self.codes.add(made)
        return made

    def _day(self, low: int, high: int) -> date:
        return date(low, 1, 1) + timedelta(days=self.rng.randrange((high - low) * 365))

    def _coops(self, count: int) -> None:
        rng, parties = self.rng, self.truth.parties
        for n in range(count):
            kind = rng.choices(("HTX", "THT", "Liên hiệp HTX"), (9, 2, 1))[0]
            code: str | None = self._code("31" if n % 7 == 3 else "08" if n % 7 == 5 else "02")
            if kind == "THT" or n % 11 == 4:
                code = None
            party = Party(
                f"{kind} Ví dụ Thửa Ruộng {n}", kind, rng.choice(AGRICULTURAL + OTHER), code,
                rng.randrange(len(PLACES)), self._day(1998, 2025),
            )  # fmt: skip
            roll = rng.random()
            if roll < 0.06:
                party.founded = None
            elif roll < 0.12:
                party.status = rng.choice(("dissolved", "suspended"))
            elif roll < 0.35:
                party.status = rng.choice(("suspended", "stopped", "dissolved"))
                party.changed = max(self._day(2020, 2027), party.founded or date.min)
            elif roll < 0.39:
                party.status = "unknown"
            parties.append(party)
        coded = [p for p in parties if p.kind == "HTX" and p.code]
        coded[1].name = coded[0].name  # twins: one name, two codes
        root = coded[2]
        branch = Party(
            f"{root.name} chi nhánh", "HTX", "Vận tải", f"{root.code}-00{1 + self.seed % 3}", 4,
            date(2019, 2, 28),
        )  # fmt: skip
        parties.append(branch)
        parties.append(Party("Hộ Ví dụ Một", "Hộ kinh doanh", "", "031085001234", 5, None))
        parties.append(Party("Bà Ví dụ Hai", "Cá nhân", "", "030199004321", 0, None))

    def _firms(self, count: int) -> None:
        for n in range(count):
            code = None if n == 7 else self._code("01" if n % 2 else "02")
            place = self.rng.randrange(len(PLACES))
            self.truth.parties.append(
                Party(f"Công ty CP Ví dụ Bến Tàu {n}", "Doanh nghiệp", "", code, place, None)
            )

    def _contracts(self, count: int) -> None:
        rng = self.rng
        coops = [p for p in self.truth.parties if p.kind == "HTX"]
        others = [p for p in self.truth.parties if p.kind != "HTX"]
        for n in range(count):
            pool = (coops, others) if rng.random() < 0.75 else rng.choice(
                ((coops, coops), (others, others))
            )  # fmt: skip
            seller, buyer = rng.choice(pool[0]), rng.choice(pool[1])
            if (seller.code or seller.name)[:10] == (buyer.code or buyer.name)[:10]:
                continue
            if rng.random() < 0.4:
                seller, buyer = buyer, seller
            starts = self._day(2019, 2027)
            ends = None if rng.random() < 0.25 else starts + timedelta(days=rng.randrange(1200))
            over = starts + timedelta(days=rng.randrange(600)) if rng.random() < 0.15 else None
            seen = starts + timedelta(days=rng.randrange(-30, 400)) if rng.random() < 0.7 else None
            mark = seen is not None
            if n % 13 == 6:
                seen = None
                mark = True
            elif n % 13 == 9 and seen is not None:
                mark = False
            number = str(500 + n) if n % 10 == 8 else f"HĐ.{n:02d}/{starts.year}"
            self.truth.contracts.append(
                Contract(seller, buyer, number, starts, ends, over, mark, seen)
            )

    # The clerk's hand

    def words(self, text: str) -> str:
        return self.rng.choice(
            (
                text, text, text.upper(), text.replace(" ", "\u00a0"), f"{text}\u00a0 ",
                unicodedata.normalize("NFD", text), text.replace(" ", "   ", 1),
                text.replace(" ", "\n", 1),
            )
        )  # fmt: skip

    def day(self, value: date | None) -> Any:
        if value is None:
            return self.rng.choice((None, None, " "))
        serial = (value - (date(1904, 1, 1) if self.mac else date(1899, 12, 30))).days
        return self.rng.choice(
            (
                datetime(value.year, value.month, value.day),
                datetime(value.year, value.month, value.day, 14, 30),
                f"{value.day}/{value.month}/{value.year}",
                f" {value:%d-%m-%Y} ",
                f"{value.day}.{value.month}.{value.year}",
                f"{value:%d/%m/%Y}",
                value.isoformat(),
                serial,
                float(serial),
            )
        )

    def code(self, value: str | None) -> Any:
        if value is None:
            return self.rng.choice((None, ""))
        if len(value) == 12:
            return self.rng.choice((value, f"{value[:3]} {value[3:6]} {value[6:]}"))
        if "-" in value:
            plain = value.replace("-", "")
            return self.rng.choice((value, plain, int(plain), value.replace("-", " - ")))
        return self.rng.choice(
            (
                value, int(value), float(int(value)), f"'{value}", f"{value}\u00a0",
                f"{value[:4]} {value[4:7]} {value[7:]}", f"{value[:3]}.{value[3:6]}.{value[6:]}",
            )
        )  # fmt: skip

    def party_row(self, party: Party, stt: int) -> dict[str, Any]:
        rng = self.rng
        return {
            "stt": stt,
            "name": self.words(party.name),
            "kind": rng.choice(KINDS[party.kind]),
            "sector": self.words(party.sector),
            "code": self.code(party.code),
            "place": self.words(PLACES[party.place][0]),
            "founded": self.day(party.founded),
            "status": rng.choice(STATUSES[party.status]),
            "changed": self.day(party.changed),
            "person": self.words("Người Đại Diện"),
            "phone": rng.choice((912000000 + stt, f"0912 000 {stt % 1000:03d}", None)),
            "members": rng.choice((7, "1.250", 30.0, None)),
            "goods": rng.choice(GOODS),
            "role": rng.choice(("Thu mua", "Chế biến")),
            "extra": "lưu tủ 3",
        }

    def contract_row(self, contract: Contract, stt: int) -> dict[str, Any]:
        rng = self.rng
        stable = contract.starts.toordinal()  # what a repeated row must say again
        row = {
            "stt": stt,
            "goods": self.words(GOODS[stable % len(GOODS)]),
            "form": f"Hình thức {1 + stable % 7}",
            "number": int(contract.number) if contract.number.isdigit() else contract.number,
            "starts": self.day(contract.starts),
            "ends": self.day(contract.ends),
            "over": self.day(contract.over),
            "amount": rng.choice(((5, "5", "5,0"), ("1.234,5", 1234.5), (None, ""))[stable % 3]),
            "unit": rng.choice((("tấn", "TẤN"), ("TẠ", "tạ"), ("kg", "Kg"))[stable % 3]),
            "mark": rng.choice(("x", "X", "có", "✓")) if contract.mark else None,
            "seen": self.day(contract.seen),
            "extra": None,
        }
        names = Counter(p.name for p in self.truth.parties)
        for side, party in (("seller", contract.seller), ("buyer", contract.buyer)):
            how = rng.choice(("both", "both", "code", "name"))
            if party.code is None or (how == "name" and names[party.name] == 1):
                row |= {side: self.words(party.name), f"{side}_code": None}
            elif how == "code":
                row |= {side: None, f"{side}_code": self.code(party.code)}
            else:
                row |= {side: self.words(party.name), f"{side}_code": self.code(party.code)}
        return row

    # Rows that must be refused, merged or held

    def _bad_parties(self, stt: int) -> list[dict[str, Any]]:
        sound = Party("HTX Bị Trả Lại", "HTX", "Nông nghiệp", None, 1, date(2020, 1, 1))
        changes = [
            ("unknown_kind", {"kind": "Trang trại trên mây"}),
            ("missing_field", {"name": None}),
            ("tax_code_invalid", {"code": "0200000001"}),
            ("tax_code_invalid", {"code": 31085001234}),
            ("no_such_date", {"founded": "29/02/2023"}),
            ("no_such_date", {"status": "Giải thể", "changed": "12/31/2024"}),
        ]
        rows = []
        for n, (why, change) in enumerate(changes):
            rows.append(self.party_row(sound, stt + n) | {"name": f"HTX Trả Lại {n}"} | change)
            self.truth.refused["organisation"][stt + n] = why
        return rows

    def _repeated_parties(self, stt: int) -> list[dict[str, Any]]:
        coded = [p for p in self.truth.parties if p.kind == "HTX" and p.code and "-" not in p.code]
        rows = [self.party_row(p, stt + n) for n, p in enumerate(coded[3:7])]
        self.truth.duplicates["organisation"] += len(rows)
        # Another founding day, or another name, under one code: a person decides.
        first = coded[8]
        rows.append(self.party_row(first, stt + 4) | {"founded": "01/01/1997"})
        rows.append(self.party_row(coded[9], stt + 5) | {"name": "HTX Tên Khác Hẳn"})
        # The very same row of one without a code: two alike, or one written twice?
        bare = next(p for p in self.truth.parties if p.kind == "THT")
        rows.append(self.party_row(bare, stt + 6))
        self.truth.held += 3 if first.founded else 2
        if first.founded is None:
            first.founded = date(1997, 1, 1)
            self.truth.duplicates["organisation"] += 1
        return rows

    def _bad_contracts(self, stt: int) -> list[dict[str, Any]]:
        coded = [p for p in self.truth.parties if p.kind == "HTX" and p.code and "-" not in p.code]
        firms = [p for p in self.truth.parties if p.kind == "Doanh nghiệp" and p.code]
        twin, seller, firm, other = coded[0], coded[5], firms[0], firms[1]
        stranger = self._code()
        bad, none = "0200000001", {"buyer": None, "buyer_code": None}
        changes: list[tuple[str, dict[str, Any]]] = [
            ("missing_field", {"number": None, "starts": "31/06/2024"}),
            ("missing_field", none | {"seller_code": bad}),
            ("missing_field", {"starts": " "}),
            ("no_such_date", {"over": "31/09/2024", "seller_code": bad}),
            ("no_such_date", {"starts": "12/31/2023", "ends": "1/1/2020"}),
            ("tax_code_invalid", {"seller_code": bad, "starts": "2/1/2025", "ends": "1/1/2025"}),
            ("tax_code_invalid", {"buyer_code": firm.code[:9] if firm.code else None}),
            ("ends_before_starts", {"ends": "31/12/2023", "buyer": "Công ty Vô Danh"}),
            ("ends_before_starts", {
                "ends": "31/12/2023", "buyer": seller.name, "buyer_code": seller.code,
            }),
            ("self_link", {"buyer": seller.name, "buyer_code": None}),
            ("self_link", {"buyer": None, "buyer_code": seller.code}),
            ("party_unknown", {"buyer": "Công ty Vô Danh", "buyer_code": None}),
            ("party_unknown", {"buyer": "Công ty Vô Danh", "buyer_code": stranger}),
            ("party_unknown", {"buyer": None, "buyer_code": stranger}),
            ("party_unknown", {  # the one side unknown comes before the other ambiguous
                "buyer": "Công ty Vô Danh", "buyer_code": None,
                "seller": twin.name, "seller_code": None,
            }),
            ("party_ambiguous", {"seller": twin.name, "seller_code": None}),
            ("party_ambiguous", {"buyer": other.name, "buyer_code": firm.code}),
        ]  # fmt: skip
        rows = []
        for n, (why, change) in enumerate(changes):
            sound = Contract(seller, firm, f"TRẢ {n}", date(2024, 1, 1), None, None, False, None)
            row = self.contract_row(sound, stt + n)
            row |= {"seller": seller.name, "seller_code": seller.code}
            row |= {"buyer": firm.name, "buyer_code": firm.code, "starts": "1/1/2024"}
            rows.append(row | change)
            self.truth.refused["linkage"][stt + n] = why
        return rows

    # The workbook

    def write(self, path: Path) -> None:
        book = Workbook()
        if self.mac:
            book.epoch = CALENDAR_MAC_1904
        cover = book.active
        assert cover is not None
        cover.title = "Bìa"
        cover.append([None, None, "Hồ sơ minh họa, mọi tên đều là ví dụ"])
        tables: list[tuple[str, Callable[[Any], None]]] = [
            ("PL1", self._party_sheet),
            ("Sheet2", self._firm_sheet),
            ("Phụ lục 3 (HĐ)", self._contract_sheet),
        ]
        self.rng.shuffle(tables)
        for title, fill in tables:
            fill(book.create_sheet(title))
        book.save(path)

    def _lay(
        self, sheet: Any, columns: list[tuple[str, str]], rows: list[dict[str, Any]], left: int
    ) -> None:
        """Titles, a header, the rows with blank rows and subtotals of districts among them."""
        blank: list[Any] = [None] * left
        for n in range(self.rng.randrange(1, 6)):
            sheet.append([*blank, *([f"Dòng tiêu đề thứ {n + 1} (ví dụ)"] if n % 2 == 0 else [])])
        head = [header for _, header in columns]
        order = list(range(len(columns)))
        tail = order[2:]
        self.rng.shuffle(tail)
        order = order[:2] + tail
        sheet.append([*blank, *(head[n] for n in order)])
        every = self.rng.randrange(9, 15)
        keys = [columns[n][0] for n in order]
        for n, row in enumerate(rows, 1):
            sheet.append([*blank, *(row.get(key) for key in keys)])
            if n % every == 0:
                total = {
                    "name": "Cộng huyện Kiến Thụy",
                    "seller": "Cộng",
                    "members": 99,
                    "amount": 7,
                }
                sheet.append([*blank, *(total.get(key) for key in keys)])
            if n % (every + 4) == 0:
                sheet.append([])
        total = {"name": "TỔNG CỘNG", "seller": "TỔNG CỘNG:", "members": 12345, "amount": 1}
        sheet.append([*blank, *(total.get(key) for key in keys)])

    def _party_sheet(self, sheet: Any) -> None:
        own = [p for p in self.truth.parties if p.kind != "Doanh nghiệp"]
        rows = [self.party_row(p, n) for n, p in enumerate(own, 1)]
        rows += self._repeated_parties(len(rows) + 1)
        rows += self._bad_parties(len(rows) + 1)
        pick = self.rng.choice
        columns = [
            ("stt", pick(("TT", "Số\nTT", "STT"))),
            ("name", pick(("Tên HTX", "Tên\ntổ chức", "TÊN ĐƠN VỊ", "Tên HTX/THT"))),
            ("kind", pick(("Loại hình tổ chức", "Loại\nhình", "LOẠI HÌNH"))),
            ("sector", pick(("Ngành nghề", "Lĩnh vực\nhoạt động", "Ngành nghề hoạt động"))),
            ("code", pick(("MST", "Mã số thuế (MST)", "Mã số HTX"))),
            ("place", pick(("Địa bàn", "Xã, phường, đặc khu", "Địa bàn hoạt động"))),
            ("founded", pick(("Ngày, tháng, năm thành lập", "Ngày TL", "Thời gian thành lập"))),
            ("status", pick(("Trạng thái", "Tình trạng\nhoạt động", "Hiện trạng"))),
            ("changed", pick(("Ngày thay đổi trạng thái", "Từ ngày", "Thời điểm thay đổi"))),
            ("person", pick(("Giám đốc", "Chủ tịch HĐQT", "Họ tên người đại diện"))),
            ("phone", pick(("SĐT", "Số ĐT", "Điện thoại liên hệ"))),
            ("members", pick(("Số TV", "Tổng số thành viên", "Thành viên"))),
            ("goods", pick(("Sản phẩm chủ lực", "Mặt hàng", "SP chính"))),
            ("extra", "Ghi chú"),
        ]
        self._lay(sheet, columns, rows, left=self.seed % 3)

    def _firm_sheet(self, sheet: Any) -> None:
        firms = [p for p in self.truth.parties if p.kind == "Doanh nghiệp"]
        rows = [self.party_row(p, n) for n, p in enumerate(firms, 1)]
        rows.append(self.party_row(firms[2], len(rows) + 1))
        self.truth.duplicates["organisation"] += 1
        columns = [
            ("stt", "TT"), ("name", self.rng.choice(("Tên DN", "Tên công ty", "Tên doanh nghiệp"))),
            ("role", "Vai trò\ntrong chuỗi giá trị"), ("code", "MSDN"), ("place", "Địa bàn"),
            ("extra", "Ghi chú"),
        ]  # fmt: skip
        self._lay(sheet, columns, rows, left=2)

    def _contract_sheet(self, sheet: Any) -> None:
        rows = [self.contract_row(c, n) for n, c in enumerate(self.truth.contracts, 1)]
        rows += self._bad_contracts(len(rows) + 1)
        for contract in self.truth.contracts[5:8]:
            rows.append(self.contract_row(contract, len(rows) + 1))
            self.truth.duplicates["linkage"] += 1
        # The same contracts with an end where they had none, and without the one they had.
        lasting = next(c for c in self.truth.contracts if c.ends is None)
        ending = next(c for c in self.truth.contracts if c.ends is not None)
        rows.append(self.contract_row(lasting, len(rows) + 1) | {"ends": "31/12/2040"})
        rows.append(self.contract_row(ending, len(rows) + 1) | {"ends": None})
        self.truth.held += 2
        pick = self.rng.choice
        columns = [
            ("stt", pick(("STT", "TT"))),
            ("seller", pick(("Tên bên bán", "Đơn vị bán", "Bên A (bên bán)"))),
            ("seller_code", pick(("Mã số thuế bên bán", "MST (bên bán)"))),
            ("buyer", pick(("Tên bên mua", "Đơn vị mua", "Bên B (bên mua)"))),
            ("buyer_code", pick(("Mã số thuế bên mua", "MST (bên mua)"))),
            ("goods", pick(("Mặt hàng", "Nông sản", "Sản phẩm\nliên kết"))),
            ("form", pick(("Hình thức", "Hình thức LK"))),
            ("number", pick(("Số HĐ", "Hợp đồng số", "Số hiệu\nhợp đồng"))),
            ("starts", pick(("Từ ngày", "Ngày có hiệu lực", "Ngày bắt đầu"))),
            ("ends", pick(("Đến ngày", "Ngày hết hạn", "Ngày hết hiệu lực"))),
            ("over", pick(("Ngày thanh lý", "Chấm dứt", "Ngày chấm dứt HĐ"))),
            ("amount", pick(("Khối lượng", "Số lượng"))),
            ("unit", "Đơn vị tính"),
            ("mark", pick(("Đã xác minh", "Kiểm tra", "Đã thẩm tra"))),
            ("seen", pick(("Ngày xác minh", "Thời điểm kiểm tra", "Ngày thẩm tra"))),
            ("extra", "Ghi chú"),
        ]
        self._lay(sheet, columns, rows, left=1)
