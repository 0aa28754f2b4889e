"""What a near miss lacks, in Vietnamese and English. A price says that the two do not meet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from linkage.matching.near import NearMiss
from linkage.matching.words import distance_words, number

Names = Sequence[str] | Mapping[int, str]

_WORDS = {
    "vi": {
        "commodity": "mặt hàng ghi chung hơn yêu cầu %(levels)s bậc",
        "dates": "lệch %(days)s ngày",
        "certificate_missing": "thiếu %(name)s",
        "certificate_over": "chứng nhận %(name)s hết hạn %(day)s",
        "price": "giá chưa gặp nhau",
        "distance": "xa hơn %(distance)s",
    },
    "en": {
        "commodity": "stated more broadly than asked (levels: %(levels)s)",
        "dates": "dates apart by days: %(days)s",
        "certificate_missing": "%(name)s is missing",
        "certificate_over": "%(name)s runs out on %(day)s",
        "price": "prices do not meet yet",
        "distance": "%(distance)s too far",
    },
}


def lacking(miss: NearMiss, certificates: Names, language: str) -> str:
    """What the pair lacks, in one line; `certificates` are the names, by their places.

    Raises: KeyError, if `language` is neither "vi" nor "en".

    >>> lacking(NearMiss(1, 2, "distance", 8_000, -1, 1_600, 58_000), [], "vi")
    'xa hơn 8 km'
    """
    return _WORDS[language][miss.kind] % _values(miss, certificates, language)


def _values(miss: NearMiss, certificates: Names, language: str) -> dict[str, str]:
    match miss.kind:
        case "commodity":
            return {"levels": number(miss.amount, 1, language)}
        case "dates":
            return {"days": number(miss.amount, 1, language)}
        case "distance":
            return {"distance": distance_words(miss.amount, language)}
        case "certificate_missing":
            return {"name": certificates[miss.certificate]}
        case "certificate_over":
            day = date.fromordinal(miss.amount)
            written = f"{day.day}/{day.month}/{day.year}"
            return {"name": certificates[miss.certificate], "day": written}
    return {}
