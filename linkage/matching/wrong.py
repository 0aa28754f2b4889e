"""What makes an input unreadable: a code with values, and its one line in both languages."""

from __future__ import annotations

_WORDS = {
    "vi": {
        "no_file": "Không mở được tệp %(file)s: %(why)s",
        "no_csv": "Tệp %(file)s không phải CSV mã UTF-8: %(why)s",
        "missing_column": "Tệp %(file)s thiếu cột %(column)s",
        "too_many_cells": "Tệp %(file)s, dòng %(row)s: nhiều ô hơn tiêu đề",
        "too_many_rows": "Tệp %(file)s có hơn %(most)s dòng",
        "bad_tree": "Tệp %(file)s không phải cây mặt hàng: %(why)s",
        "missing": "Tệp %(file)s, dòng %(row)s: thiếu %(column)s",
        "twice": "Tệp %(file)s, dòng %(row)s: %(column)s %(value)r đã có ở dòng trên",
        "bad_number": "Tệp %(file)s, dòng %(row)s, cột %(column)s: số không hợp lệ %(value)r",
        "bad_date": "Tệp %(file)s, dòng %(row)s, cột %(column)s: ngày không hợp lệ %(value)r",
        "inverted": "Tệp %(file)s, dòng %(row)s: ngày kết thúc trước ngày bắt đầu",
        "unknown_commodity": "Tệp %(file)s, dòng %(row)s: không có mặt hàng %(value)r trong cây",
        "unknown_unit": "Tệp %(file)s, dòng %(row)s: không rõ đơn vị tính %(value)r",
        "usage": "Sai cách dùng: %(why)s",
    },
    "en": {
        "no_file": "File %(file)s cannot be opened: %(why)s",
        "no_csv": "File %(file)s is not CSV in UTF-8: %(why)s",
        "missing_column": "File %(file)s lacks the column %(column)s",
        "too_many_cells": "File %(file)s, row %(row)s: more cells than the heading",
        "too_many_rows": "File %(file)s has more than %(most)s rows",
        "bad_tree": "File %(file)s is not a commodity tree: %(why)s",
        "missing": "File %(file)s, row %(row)s: %(column)s is missing",
        "twice": "File %(file)s, row %(row)s: %(column)s %(value)r stands above already",
        "bad_number": "File %(file)s, row %(row)s, column %(column)s: bad number %(value)r",
        "bad_date": "File %(file)s, row %(row)s, column %(column)s: bad date %(value)r",
        "inverted": "File %(file)s, row %(row)s: it ends before it starts",
        "unknown_commodity": "File %(file)s, row %(row)s: no commodity %(value)r in the tree",
        "unknown_unit": "File %(file)s, row %(row)s: unknown unit %(value)r",
        "usage": "Wrong usage: %(why)s",
    },
}


class Unreadable(ValueError):
    """An input that cannot be read. `code` is stable, `values` say where and what.

    >>> print(Unreadable("missing_column", file="a.csv", column="unit").words("en"))
    File a.csv lacks the column unit
    """

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code, values)
        self.code = code
        self.values = values

    def words(self, language: str) -> str:
        """What is wrong, in one line."""
        return " ".join((_WORDS[language][self.code] % self.values).split())
