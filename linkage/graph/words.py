"""What the graph finds, in Vietnamese and English: layers, reasons of suggestions, dependence.

Names of organisations, commodities and places come from the caller: the graph knows ids and codes.
"""

from __future__ import annotations

from collections.abc import Sequence

from linkage.graph.changes import Changes
from linkage.graph.dependence import BY_COUNT, Dependence
from linkage.graph.structure import BUYER, StructureSuggestion

LANGUAGES = ("vi", "en")

_STAGES = {
    "vi": {
        "inputs": "vật tư đầu vào",
        "production": "sản xuất",
        "first_processing": "sơ chế",
        "processing": "chế biến",
        "distribution": "phân phối",
        "retail_or_export": "bán lẻ hoặc xuất khẩu",
    },
    "en": {
        "inputs": "inputs",
        "production": "production",
        "first_processing": "first processing",
        "processing": "processing",
        "distribution": "distribution",
        "retail_or_export": "retail or export",
    },
}

_WORDS = {
    "vi": {
        "buyer_commune": "%(count)s đơn vị ở %(place)s cùng bán %(commodity)s "
        "đang bán cho %(counterpart)s",
        "buyer_district": "%(count)s đơn vị thuộc %(place)s cũ cùng bán %(commodity)s "
        "đang bán cho %(counterpart)s",
        "buyer_anywhere": "%(count)s đơn vị ở nơi khác cùng bán %(commodity)s "
        "đang bán cho %(counterpart)s",
        "seller_commune": "%(count)s đơn vị ở %(place)s cùng mua %(commodity)s "
        "đang mua của %(counterpart)s",
        "seller_district": "%(count)s đơn vị thuộc %(place)s cũ cùng mua %(commodity)s "
        "đang mua của %(counterpart)s",
        "seller_anywhere": "%(count)s đơn vị ở nơi khác cùng mua %(commodity)s "
        "đang mua của %(counterpart)s",
        "several": "một số",
        "peers": ": %(peers)s",
        "peers_more": ": %(peers)s và %(more)s đơn vị khác",
        "sells_to_nobody": "chưa bán cho ai theo liên kết đang có hiệu lực",
        "buyers_gone": "mọi bên mua đều đã tạm ngừng, ngừng hoạt động hoặc giải thể",
        "single": "bán toàn bộ %(commodity)s cho một bên mua: %(buyer)s",
        "largest_quantity": "bán %(share)s%% sản lượng %(commodity)s cho %(buyer)s",
        "largest_count": "%(part)s trong %(whole)s liên kết bán %(commodity)s là với %(buyer)s",
        "changes": "thêm %(born)s mới bắt đầu và %(proved)s mới đủ minh chứng, "
        "bớt %(ended)s chấm dứt và %(expired)s hết hạn; %(risen)s được nâng mức minh chứng",
    },
    "en": {
        "buyer_commune": "in %(place)s, sellers of %(commodity)s who sell to %(counterpart)s: "
        "%(count)s",
        "buyer_district": "in the former %(place)s, sellers of %(commodity)s who sell to "
        "%(counterpart)s: %(count)s",
        "buyer_anywhere": "elsewhere, sellers of %(commodity)s who sell to %(counterpart)s: "
        "%(count)s",
        "seller_commune": "in %(place)s, buyers of %(commodity)s who buy from %(counterpart)s: "
        "%(count)s",
        "seller_district": "in the former %(place)s, buyers of %(commodity)s who buy from "
        "%(counterpart)s: %(count)s",
        "seller_anywhere": "elsewhere, buyers of %(commodity)s who buy from %(counterpart)s: "
        "%(count)s",
        "several": "several",
        "peers": " (%(peers)s)",
        "peers_more": " (%(peers)s, and others: %(more)s)",
        "sells_to_nobody": "sells to nobody by a linkage in force",
        "buyers_gone": "every buyer is suspended, stopped or dissolved",
        "single": "sells all its %(commodity)s to one buyer: %(buyer)s",
        "largest_quantity": "sells %(share)s%% of its %(commodity)s to %(buyer)s",
        "largest_count": "linkages of %(commodity)s that are with %(buyer)s: %(part)s of %(whole)s",
        "changes": "in: %(born)s begun, %(proved)s newly proved; out: %(ended)s terminated, "
        "%(expired)s expired; better proved: %(risen)s",
    },
}
# Peers named in one line.
_NAMED = 3


def stage_words(stage: str, language: str) -> str:
    """The name of one of STAGES.

    Raises: KeyError, if `language` is not one of LANGUAGES; so do all functions here.

    >>> stage_words("first_processing", "vi")
    'sơ chế'
    """
    return _STAGES[language][stage]


def explain(  # noqa: PLR0913  # three names and the peers'
    suggestion: StructureSuggestion,
    language: str,
    *,
    counterpart: str,
    commodity: str,
    place: str | None,
    peers: Sequence[str] | None = None,
) -> str:
    """Why the counterpart is suggested, in one line.

    `place`: the name of the suggestion's place, unread where it has none; `peers`: the names of
    its peers that the reader may see, in their order; three are said, of the rest how many. None:
    neither who they are nor how many.

    >>> one = StructureSuggestion(1, "buyer", 9, "garlic", "commune", "11824", (2, 3))
    >>> explain(one, "vi", counterpart="Công ty A", commodity="tỏi", place="Vĩnh Bảo")
    'một số đơn vị ở Vĩnh Bảo cùng bán tỏi đang bán cho Công ty A'
    >>> names = ["HTX B", "HTX C"]
    >>> explain(one, "en", counterpart="A", commodity="garlic", place="Vĩnh Bảo", peers=names)
    'in Vĩnh Bảo, sellers of garlic who sell to A: 2 (HTX B, HTX C)'
    """
    words = _WORDS[language]
    role = "buyer" if suggestion.role == BUYER else "seller"
    said = words[f"{role}_{suggestion.near}"] % {
        "count": words["several"] if peers is None else number(suggestion.strength, language),
        "place": place,
        "commodity": commodity,
        "counterpart": counterpart,
    }
    if not peers:
        return said
    more = suggestion.strength - len(peers[:_NAMED])
    values = {"peers": ", ".join(peers[:_NAMED]), "more": number(more, language)}
    return said + words["peers_more" if more else "peers"] % values


def dead_end_words(reason: str, language: str) -> str:
    """Why a cooperative is a dead end: one of the reasons of `dependence`.

    >>> dead_end_words("sells_to_nobody", "en")
    'sells to nobody by a linkage in force'
    """
    return _WORDS[language][reason]


def dependence_words(dependence: Dependence, language: str, *, commodity: str, buyer: str) -> str:
    """How a cooperative hangs on its largest buyer; a percent is rounded down.

    >>> one = Dependence(1, "garlic", 9, 2_999, 3_000, "quantity", 2)
    >>> dependence_words(one, "vi", commodity="tỏi", buyer="Công ty A")
    'bán 99% sản lượng tỏi cho Công ty A'
    """
    if dependence.single:
        key = "single"
    else:
        key = "largest_count" if dependence.by == BY_COUNT else "largest_quantity"
    return _WORDS[language][key] % {
        "commodity": commodity,
        "buyer": buyer,
        "share": number(100 * dependence.part // dependence.whole, language),
        "part": number(dependence.part, language),
        "whole": number(dependence.whole, language),
    }


def change_words(changes: Changes, language: str) -> str:
    """How many linkages came, went and rose, in one line."""
    names = ("born", "proved", "ended", "expired", "risen")
    counts = {name: number(len(getattr(changes, name)), language) for name in names}
    return _WORDS[language]["changes"] % counts


def number(value: int, language: str) -> str:
    """A whole number as it is written in the language.

    >>> number(1_234, "vi"), number(1_234, "en")
    ('1.234', '1,234')
    """
    text = f"{value:,}"
    return text.replace(",", ".") if language == "vi" else text
