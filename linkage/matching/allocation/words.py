"""Why a co-op is left out, in Vietnamese and English."""

from __future__ import annotations

from linkage.matching.allocation.reasons import LeftOut
from linkage.matching.words import number

_WORDS = {
    "vi": {
        "no_pair": "chưa có bên nào khớp điều kiện",
        "lot": "lô nhỏ nhất lớn hơn mức có thể giao với mọi đối tác",
        "offer": "hàng chào bán đã phân hết, còn thiếu %(short)s",
        "need": "nhu cầu đã được đáp ứng, còn thiếu %(short)s",
        "share": "bên mua đã chạm tỷ lệ tối đa, vượt %(short)s",
    },
    "en": {
        "no_pair": "nobody fits the conditions yet",
        "lot": "the least lot is more than can be delivered with any partner",
        "offer": "the offer is given to others, short by %(short)s",
        "need": "the need is filled by others, short by %(short)s",
        "share": "the buyer has its largest share, over it by %(short)s",
    },
}
# Of each measure: how it is told, and its base units.
_UNITS = (("kg", 1_000), ("l", 1_000), ("", 1))


def why(reason: LeftOut, measure: int, language: str) -> str:
    """The reason in one line; `measure` of the need: 0 mass, 1 volume, 2 count.

    Raises: KeyError, if `language` is neither "vi" nor "en".

    >>> from linkage.matching.allocation.reasons import Binding
    >>> why(LeftOut(7, "taken", 0, 0, (Binding("need", 200_000),)), 0, "vi")
    'nhu cầu đã được đáp ứng, còn thiếu 200 kg'
    """
    words = _WORDS[language]
    if reason.code != "taken":
        return words[reason.code]
    name, size = _UNITS[measure]
    return "; ".join(
        words[one.limit] % {"short": f"{number(one.short, size, language)} {name}".strip()}
        for one in reason.bindings
    )
