"""Which rows under a header are data, and why the others are not."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, time

from linkage.intake.reading.headers import header_key, header_text, heading_of
from linkage.intake.reading.layout import Table
from linkage.intake.reading.workbook import Cell, Row, Sheet
from linkage.text import clean, search_key

TOTALS = "totals_row"
SECTION = "section_row"
REPEATED_HEADER = "repeated_header"
INDEX_ROW = "index_row"
FOOTNOTE = "footnote"
SIGNATURE = "signature"
BLANK = ""

_ROMAN_OR_LETTER = re.compile(r"\(?(?:[IVXLC]{1,7}|[A-Z]|[a-z]|[IVXLC]{1,5}\.\d+)\)?[.)]?")
_INDEX = re.compile(r"[(\[]?(?P<mark>\d{1,2}|[A-Za-z])[)\]]?(?:\s*=.*)?")
_NUMBER = re.compile(r"[-+]?\d[\d.,\s]*%?")
_TOTAL = re.compile(
    r"(?:tổng|cộng|tong|cong)"
    r"(?: (?:cộng|cong|số|so|toàn|toan|chung|dồn|don|trang|lũy kế|luỹ kế|luy ke|mang sang|huyện"
    r"|huyen|quận|quan|xã|xa|phường|phuong|nhóm|nhom|mục|muc|phần|phan|htx|hợp tác xã|dn"
    r"|doanh nghiệp|hợp đồng|đơn vị|các|cac|thành phố|i|ii|iii|iv|a|b)\b.*)?"
    r"|(?:lũy kế|luỹ kế|luy ke|mang sang|cộng mang sang)\b.*"
)
_PLACE = re.compile(
    r"(?:huyen|quan|thi xa|thanh pho|tp|xa|phuong|thi tran|dac khu|khu vuc|cum|vung|dia ban"
    r"|linh vuc|nganh|nhom|loai hinh|khoi|phan|muc|cac (?:hop tac xa|htx|don vi|doanh nghiep))\b"
)
_NOTE = re.compile(r"(?:ghi chu|chu thich|luu y|nguon|chu y)\b")
_SIGNATURE = re.compile(
    r"(?:nguoi lap|nguoi tong hop|nguoi kiem tra|lap bieu|thu truong|chu tich|pho chu tich"
    r"|kt chu tich|tm |tl |kt |truong phong|pho truong phong|chanh van phong|chi cuc truong"
    r"|giam doc|pho giam doc|can bo|chuyen vien|ke toan|ky ten|ky va ghi|ky ghi|noi nhan"
    r"|xac nhan cua|phe duyet|nguoi duyet|ky dong dau|dai dien)"
)
_DATED = re.compile(r"\bngay\b.*\bthang\b.*\bnam\b")


class RowSorter:
    """Tells data from the rest, going down one table; it remembers that the signatures began."""

    def __init__(self, table: Table, sheet: Sheet) -> None:
        self.table = table
        self.sheet = sheet
        self.fields = {c.index: c.field for c in table.columns if c.field is not None}
        self.stt = {index for index, name in self.fields.items() if name == "stt"}
        self.names = {
            index for index, name in self.fields.items() if name in ("name", "seller", "buyer")
        }
        self.headers = [
            {index: header_key(text) for index, text in texts.items()}
            for texts in table.header_texts
        ]
        self.signed = False

    def why_not_data(self, row: Row) -> str | None:
        """None for data; BLANK for nothing at all; else the reason as a code."""
        cells = [cell for cell in row.cells.values() if _holds(cell)]
        if not cells:
            return BLANK
        first_value = cells[0].value
        # Nearly every row of data begins with its number and goes on with text.
        plain = not self.signed and isinstance(first_value, int | float) and len(cells) > 5
        if plain and not self._is_index(cells):
            return None
        return self._why(row, cells)

    def _why(self, row: Row, cells: list[Cell]) -> str | None:
        if self._is_repeated_header(cells):
            return REPEATED_HEADER
        if self._is_index(cells):
            return INDEX_ROW
        words = [cell for cell in cells if _is_words(cell.value)]
        if self._is_total(cells, words):
            return TOTALS
        if self._is_numbered(cells):
            return None
        footer = self._footer(words, cells)
        if footer is not None:
            return footer
        return SECTION if self._is_section(row, cells, words) else None

    def text_of(self, row: Row) -> str:
        """What stands in the row, to show beside the reason."""
        texts = [clean(str(cell.value)) for cell in row.cells.values() if _holds(cell)]
        return " | ".join(texts)[:300]

    def _is_repeated_header(self, cells: list[Cell]) -> bool:
        if len(cells) < 2 or not all(isinstance(cell.value, str) for cell in cells):
            return False
        for headers in self.headers:
            if cells[0].column not in headers and cells[1].column not in headers:
                continue
            same = sum(
                headers.get(cell.column) == header_key(str(cell.value)[:150]) for cell in cells
            )
            if same * 10 >= len(cells) * 6 and not self._names_others(cells, headers):
                return True
        return False

    def _names_others(self, cells: list[Cell], headers: dict[int, str]) -> bool:
        """Whether a cell is the header of another field than its column's: the columns moved."""
        for cell in cells:
            text = str(cell.value)[:150]
            if headers.get(cell.column) == header_key(text):
                continue
            named = heading_of(self.table.kind, header_text(text)).field
            if named is not None and named != self.fields.get(cell.column):
                return True
        return False

    def _is_index(self, cells: list[Cell]) -> bool:
        if len(cells) < 3:
            return False
        marks = [_INDEX.fullmatch(str(_whole(cell.value)).strip()) for cell in cells]
        if not all(marks):
            return False
        names = [mark["mark"] for mark in marks if mark is not None]
        numbers = [int(name) for name in names if name.isdigit()]
        letters = [name for name in names if not name.isdigit()]
        # Letters first, then numbers, each going up by one: data is not like that.
        counted = numbers == list(range(numbers[0], numbers[0] + len(numbers))) if numbers else True
        return counted and names[: len(letters)] == letters == sorted(set(letters))

    def _is_total(self, cells: list[Cell], words: list[Cell]) -> bool:
        """A label of totals, and no more text than a remark beside it, and no date."""
        label = next((cell for cell in words if not self._is_letter(cell)), None)
        if label is None or len(words) > 3 or any(isinstance(c.value, date) for c in cells):
            return False
        text = unicodedata.normalize("NFC", clean(str(label.value))).lower().strip(" :.*-")
        if text.startswith(("tổng công ty", "tong cong ty")) or not _TOTAL.fullmatch(
            re.sub(r"[:(/,]", " ", text).replace("  ", " ")
        ):
            return False
        others = [
            c for c in words if c is not label and self.fields.get(c.column) not in (None, "stt")
        ]
        return len(others) <= 1

    def _is_numbered(self, cells: list[Cell]) -> bool:
        """The row has a running number of its own."""
        return any(
            cell.column in self.stt
            and (
                isinstance(cell.value, int | float)
                or (isinstance(cell.value, str) and cell.value.strip(" .)").isdigit())
            )
            for cell in cells
        )

    def _footer(self, words: list[Cell], cells: list[Cell]) -> str | None:
        """Notes and signatures under a table; after the first signature, whatever is thin."""
        if len(words) > 4 or self._facts(cells) > 3:
            return None
        if not words:
            return SIGNATURE if self.signed else None
        keys = [search_key(str(cell.value)) for cell in words]
        if _NOTE.match(keys[0]) or keys[0].startswith("(") or str(words[0].value).startswith("*"):
            return FOOTNOTE
        if any(_DATED.search(key) for key in keys) or all(_SIGNATURE.match(key) for key in keys):
            self.signed = True
            return SIGNATURE
        if self.signed and self._facts(cells) <= 3:
            return SIGNATURE
        return None

    def _facts(self, cells: list[Cell]) -> int:
        return sum(cell.column in self.fields and cell.column not in self.stt for cell in cells)

    def _is_letter(self, cell: Cell) -> bool:
        return (
            isinstance(cell.value, str)
            and len(cell.value) < 10
            and _ROMAN_OR_LETTER.fullmatch(cell.value.strip()) is not None
        )

    def _is_section(self, row: Row, cells: list[Cell], words: list[Cell]) -> bool:
        """One heading for the rows below: numbered by letter, merged across, or naming a place."""
        if any(isinstance(cell.value, date | time) for cell in cells):
            return False
        lettered = bool(words) and len(words) > 1 and self._is_letter(words[0])
        heads = words[1:] if lettered else words
        if len(heads) != 1:
            return False
        head = heads[0]
        if lettered or head.column in self.stt:
            return True
        merge = self.sheet.merge_at(row.number, head.column)
        if merge is not None and merge.last_column > merge.first_column:
            return True
        if head.column in self.names:
            text = str(head.value)
            opening = text.split(maxsplit=1)[0]
            numbered = (
                len(opening) > 1 and opening[-1] in ".)-" and _ROMAN_OR_LETTER.fullmatch(opening)
            )
            return bool(numbered) or _PLACE.match(search_key(text)) is not None
        return len(cells) == 1 and head.column not in self.fields


def _holds(cell: Cell) -> bool:
    if cell.value is None:
        return cell.problem is not None
    return not isinstance(cell.value, str) or bool(cell.value.strip())


def _is_words(value: object) -> bool:
    """Text that is more than a number written as text."""
    return isinstance(value, str) and not _NUMBER.fullmatch(value.strip())


def _whole(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value
