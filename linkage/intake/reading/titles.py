"""What stands above a table: its title, whom it lists, a unit for all rows."""

from __future__ import annotations

import re
from dataclasses import dataclass

from linkage.intake.reading.headers import TableKind, header_text, sides_said
from linkage.intake.reading.workbook import Row, Sheet
from linkage.text import search_key

# Lines above the header that may belong to its title.
_TITLE_ROWS = 12
_COOPERATIVE = re.compile(r"\b(?:hop tac xa|htx|to hop tac|tht|lien hiep|kinh te tap the|ktt)\b")
_ENTERPRISE = re.compile(r"\b(?:doanh nghiep|cong ty|dn)\b")
# The longer name first: a union's name holds the cooperative's.
_KINDS = (
    ("Liên hiệp HTX", re.compile(r"\b(?:lien hiep|lh) (?:hop tac xa|htx)\b|\blhhtx\b")),
    ("THT", re.compile(r"\b(?:to hop tac|tht)\b")),
    ("HTX", re.compile(r"\b(?:hop tac xa|htx)\b")),
)
_UNIT = (
    r"(?:tấn|tạ|yến|kg|ki ?lô ?gam|kilogram|gam|gram|g|lít|l|ml|quả|trứng|chục|con|cây|cành|bó|vạn"
    r"|bao|thùng|hộp|chai|cái|chiếc|m3|m2|ha)"
)
_UNIT_ALONE = re.compile(
    rf"(?:(?:đvt|đơn vị tính|đơn vị)\s*[:\-]?\s*)?(?P<unit>{_UNIT})(?:\s*/\s*(?:năm|vụ))?",
    re.IGNORECASE,
)
_BRACKETED = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
_SAID = re.compile(rf"(?:đvt|đơn vị tính)\s*[:\-]\s*(?P<unit>{_UNIT})(?!\w)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Title:
    """The sheet's name and the lines between the table above (or the top) and the header."""

    sheet: str
    text: str

    @classmethod
    def of(cls, sheet: Sheet, above: int, start: int) -> Title:
        """The title of a table whose header is the sheet's row number `start` in its list."""
        first = max(above, start - _TITLE_ROWS)
        if above:
            # Below another table its last rows are no title.
            while first < start and not all(map(_is_line, sheet.rows[first:start])):
                first += 1
        rows = sheet.rows[first:start]
        texts = [
            header_text(cell.value)
            for row in rows
            for cell in row.cells.values()
            if isinstance(cell.value, str)
        ]
        return cls(sheet.title, " | ".join(texts))

    def organisations(self) -> TableKind | None:
        """Which organisations are listed: the word that comes first, the sheet's name before all.

        >>> Title("Sheet1", "DANH SÁCH DOANH NGHIỆP LIÊN KẾT VỚI HTX").organisations().value
        'enterprises'
        """
        for text in (self.sheet, self.text):
            key = search_key(text)
            cooperative, enterprise = _COOPERATIVE.search(key), _ENTERPRISE.search(key)
            if cooperative and (not enterprise or cooperative.start() < enterprise.start()):
                return TableKind.COOPERATIVES
            if enterprise:
                return TableKind.ENTERPRISES
        return None

    def only_kind(self) -> str | None:
        """The one kind of cooperative that sheet name and title speak of; None if several or none.

        >>> Title("Tổ hợp tác", "DANH SÁCH THT NĂM 2025").only_kind()
        'THT'
        """
        key = search_key(f"{self.sheet} {self.text}")
        found = []
        for word, pattern in _KINDS:
            key, times = pattern.subn(" ", key)
            if times:
                found.append(word)
        return found[0] if len(found) == 1 else None

    def sides(self) -> dict[str, str]:
        """Which of Bên A and Bên B sells, if a line above says so."""
        return sides_said(self.text)


def _is_line(row: Row) -> bool:
    cells = row.cells.values()
    return len(cells) <= 2 and all(isinstance(cell.value, str) for cell in cells)


def unit_in_header(header: str) -> str | None:
    """The unit that a header says in brackets or after a comma.

    >>> unit_in_header("Sản lượng (tấn/năm)")
    'tấn'
    >>> unit_in_header("Sản lượng (dự kiến)") is None
    True
    """
    for text in (*_BRACKETED.findall(header), *re.split(r"[,;:]| - ", header)[1:]):
        found = _UNIT_ALONE.fullmatch(text.strip())
        if found:
            return found["unit"]
    return None


def is_unit(text: str) -> bool:
    """True for a unit's name standing alone."""
    return _UNIT_ALONE.fullmatch(text.strip()) is not None


def said_unit(text: str) -> str | None:
    """The unit that a line above the table gives for all of it.

    >>> said_unit("DANH SÁCH HỢP ĐỒNG | Đơn vị tính: tấn")
    'tấn'
    """
    found = _SAID.search(text)
    return found["unit"] if found else None
