"""Why a pair matches, in Vietnamese and English, with numbers; and what a command says.

The words are made of a match's facts alone, and no fact comes from a price limit: that a pair is
a match says that it is in range, and nothing says more.
"""

from __future__ import annotations

from linkage.matching.matches import Match
from linkage.matching.weights import FULL, NEUTRAL

LANGUAGES = ("vi", "en")

_WORDS = {
    "vi": {
        "quantity_all": "đủ cả %(needed)s",
        "quantity_part": "đủ %(offered)s trong %(needed)s",
        "quantity_unlike": "khác đơn vị đo, chưa so được số lượng",
        "quantity_tiny": "đủ số lượng",
        "window_all": "khớp cả %(needed)s ngày",
        "window_part": "khớp %(days)s trong %(needed)s ngày",
        "nearness": "cách %(distance)s",
        "nearness_same": "cùng xã/phường",
        "commodity_same": "đúng mặt hàng",
        "commodity_below": "mặt hàng cụ thể hơn yêu cầu %(levels)s bậc",
        "certificates_extra": "thêm %(count)s chứng nhận ngoài yêu cầu",
        "certificates_none": "không có chứng nhận nào ngoài yêu cầu",
        "freshness_today": "vừa xác nhận hôm nay",
        "freshness_days": "xác nhận %(days)s ngày trước",
        "freshness_unknown": "chưa rõ ngày xác nhận",
        "standing": "mức giữ cam kết giao hàng %(share)s%%",
        "standing_neutral": "chưa đủ dữ liệu về giữ cam kết giao hàng",
        "preference_yes": "ưu tiên HTX chưa có liên kết được xác minh",
        "preference_no": "không thuộc diện ưu tiên",
        "preference_neutral": "không bên nào là HTX",
    },
    "en": {
        "quantity_all": "all of %(needed)s covered",
        "quantity_part": "%(offered)s of %(needed)s covered",
        "quantity_unlike": "measured differently, quantities not compared",
        "quantity_tiny": "quantity covered",
        "window_all": "every day fits (%(needed)s)",
        "window_part": "%(days)s of %(needed)s days fit",
        "nearness": "%(distance)s away",
        "nearness_same": "in the same commune",
        "commodity_same": "the very commodity",
        "commodity_below": "more specific than asked (levels: %(levels)s)",
        "certificates_extra": "certificates beyond those asked: %(count)s",
        "certificates_none": "no certificate beyond those asked",
        "freshness_today": "confirmed today",
        "freshness_days": "days since confirmed: %(days)s",
        "freshness_unknown": "day of confirmation not known",
        "standing": "delivery commitments kept: %(share)s%%",
        "standing_neutral": "not enough known about commitments kept",
        "preference_yes": "preferred: a cooperative without a verified linkage",
        "preference_no": "no preference applies",
        "preference_neutral": "neither side is a cooperative",
    },
}

# Name and size of the larger, the middle and the base unit of each measure.
_UNITS = {
    "vi": (
        (("tấn", 1_000_000), ("kg", 1_000), ("g", 1)),
        (("m³", 1_000_000), ("lít", 1_000), ("ml", 1)),
        (("đơn vị", 1),),
    ),
    "en": (
        (("tonnes", 1_000_000), ("kg", 1_000), ("g", 1)),
        (("m³", 1_000_000), ("litres", 1_000), ("ml", 1)),
        (("pieces", 1),),
    ),
}

# The order in which reasons are told, and those that say nothing to a reader.
_ORDER = (
    *("nearness", "window", "quantity", "commodity"),
    *("certificates", "freshness", "standing", "preference"),
)
_SILENT = frozenset(
    {
        *("certificates_none", "freshness_unknown", "standing_neutral"),
        *("preference_no", "preference_neutral"),
    }
)

Said = tuple[str, dict[str, str]]


def explain(match: Match, language: str) -> str:
    """The reasons of a match in one line; what is neutral or not known is left out.

    Raises: KeyError, if `language` is not one of LANGUAGES.
    """
    said = _said(match, language)
    worth = (said[name] for name in _ORDER if said[name][0] not in _SILENT)
    return "; ".join(_WORDS[language][key] % values for key, values in worth)


def reasons(match: Match, language: str) -> dict[str, str]:
    """The words of each of the eight factors, by its name.

    Raises: KeyError, if `language` is not one of LANGUAGES.
    """
    said = _said(match, language)
    return {name: _WORDS[language][key] % values for name, (key, values) in said.items()}


def number(value: int, size: int, language: str) -> str:
    """`value` in units of `size`, with at most three decimals, rounded down.

    >>> number(1_234_567, 1_000, "vi"), number(1_234_567, 1_000, "en")
    ('1.234,567', '1,234.567')
    >>> number(2_999_999, 1_000_000, "vi")
    '2,999'
    """
    whole, rest = divmod(value, size)
    part = f"{rest * 1_000 // size:03d}".rstrip("0")
    text = f"{whole:,}" + (f".{part}" if part else "")
    return text.translate(str.maketrans(",.", ".,")) if language == "vi" else text


def distance_words(metres: int, language: str) -> str:
    """Metres below a kilometre, else kilometres with one decimal, rounded half up.

    >>> distance_words(6_150, "vi"), distance_words(949, "en"), distance_words(12_010, "en")
    ('6,2 km', '949 m', '12 km')
    """
    if metres < 1_000:
        return f"{metres} m"
    return f"{number((metres + 50) // 100, 10, language)} km"


def _said(match: Match, language: str) -> dict[str, Said]:
    """The key in _WORDS and the values of each factor's words."""
    return {
        "quantity": _quantity(match, language),
        "window": _window(match, language),
        "nearness": _nearness(match, language),
        "commodity": _commodity(match),
        "certificates": _certificates(match),
        "freshness": _freshness(match, language),
        "standing": _standing(match, language),
        "preference": _preference(match),
    }


def _nearness(match: Match, language: str) -> Said:
    metres = match.facts["distance_m"]
    # Places are known by their communes: one point is one commune.
    if metres == 0:
        return "nearness_same", {}
    return "nearness", {"distance": distance_words(metres, language)}


def _quantity(match: Match, language: str) -> Said:
    offered, needed = match.facts["offered"], match.facts["needed"]
    if match.facts["measure"] < 0:
        return "quantity_unlike", {}
    if needed == 0:
        return "quantity_tiny", {}
    units = _UNITS[language][match.facts["measure"]]
    name, size = next((unit for unit in units if unit[1] <= needed), units[-1])
    values = {"needed": f"{number(needed, size, language)} {name}"}
    if offered >= needed:
        return "quantity_all", values
    return "quantity_part", {**values, "offered": number(offered, size, language)}


def _window(match: Match, language: str) -> Said:
    days, needed = match.facts["delivery_days"], match.facts["needed_days"]
    values = {"days": number(days, 1, language), "needed": number(needed, 1, language)}
    return ("window_all" if days == needed else "window_part"), values


def _commodity(match: Match) -> Said:
    levels = match.facts["levels_below"]
    return ("commodity_below" if levels else "commodity_same"), {"levels": str(levels)}


def _certificates(match: Match) -> Said:
    extra = match.facts["extra_certificates"]
    return ("certificates_extra" if extra else "certificates_none"), {"count": str(extra)}


def _freshness(match: Match, language: str) -> Said:
    days = match.facts["age_days"]
    if days < 0:
        return "freshness_unknown", {}
    return ("freshness_days" if days else "freshness_today"), {"days": number(days, 1, language)}


def _standing(match: Match, language: str) -> Said:
    share = match.factors["standing"]
    if share == NEUTRAL:
        return "standing_neutral", {}
    return "standing", {"share": number(share // 100, 1, language)}


def _preference(match: Match) -> Said:
    words = {FULL: "preference_yes", NEUTRAL: "preference_neutral", 0: "preference_no"}
    return words[match.factors["preference"]], {}
