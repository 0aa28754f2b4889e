"""Where: communes of today and of before, districts, provinces, markets.

A name counts where something leads to it (at, to, from, a kind, a market) or where it is written
with its marks and capitals; the name of a cooperative is no place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from linkage.market.quickpost.phrases import Match, Phrases
from linkage.market.quickpost.tokens import Text, Token, fold, words
from linkage.reference.files import CommuneRow, EarlierPlaceRow, FormerCommuneRow

COMMUNE, DISTRICT, PROVINCE, MARKET = "commune", "district", "province", "market"
_KIND = re.compile(r"^(?:Thành phố|Thị trấn|Thị xã|Đặc khu|Phường|Quận|Huyện|Xã|Tỉnh)\s+")
_PROVINCES = (
    "Hải Phòng", "Hải Dương", "Hà Nội", "Quảng Ninh", "Hưng Yên", "Thái Bình", "Nam Định",
    "Bắc Ninh", "Bắc Giang", "Hà Nam", "Ninh Bình", "Thanh Hóa", "Nghệ An", "Hà Tĩnh",
    "Vĩnh Phúc", "Phú Thọ", "Thái Nguyên", "Lạng Sơn", "Cao Bằng", "Tuyên Quang", "Yên Bái",
    "Lào Cai", "Sơn La", "Hòa Bình", "Điện Biên", "Lai Châu", "Hà Giang", "Bắc Kạn", "Quảng Bình",
    "Quảng Trị", "Huế", "Đà Nẵng", "Quảng Nam", "Quảng Ngãi", "Khánh Hòa", "Đắk Lắk", "Lâm Đồng",
    "Đồng Nai", "Hồ Chí Minh", "Sài Gòn", "Cần Thơ", "An Giang", "Cà Mau", "Đồng Tháp",
)  # fmt: skip
_SHORT = (("Hải Phòng", "HP"), ("Hải Dương", "HD"), ("Hà Nội", "HN"))
_MARKETS = (
    "Sắt", "Ga", "Đổ", "Hàng", "Lương Văn Can", "An Dương", "Cát Bi", "Tam Bạc", "Phú Yên",
    "Hội Đô", "Gia Xuyên", "Long Biên", "Con", "Cố Đạo",
)  # fmt: skip
_LEADS = words(
    "tại ở về đến tới từ giao nhận kho cảng bến bãi xã phường huyện quận tp tỉnh thành thị trấn "
    "xóm vườn ruộng đầm ao trại thôn khu quê ship gần chợ qua ra vùng đất nơi điểm chân mổ bè "
    "vực thuộc quanh phía chuồng"
)
_LEADS_WITHOUT_MARKS = frozenset(map(fold, _LEADS))
_LEADS_FROM_AFAR = frozenset({"tại", "về", "đến", "giao", "ở", "tai"})
_KINDS = frozenset({"xã", "phường", "huyện", "quận"})
# What stands between "HTX" and its name.
_NAME_WORDS = words(
    "htx dv dvnn nn nong nghiep dich vu rau qua an toan thuy san sx xuat kinh doanh cong ty "
    "tnhh cp thuong mai chan nuoi trong trot huu co xanh hop tac xa che bien thuc pham to"
)


@dataclass(frozen=True, slots=True)
class PlaceName:
    """A name in the reference: what kind of place it is, and the communes of today it can be."""

    name: str
    kind: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Tokens `first` to `last` (not included) that name a place; `led`: a word leads to it."""

    first: int
    last: int
    name: str
    kind: str
    codes: tuple[str, ...]
    led: bool


@dataclass(frozen=True)
class Places:
    """Names of places, ready for look-up."""

    phrases: Phrases[PlaceName]
    markets: Phrases[str]

    @classmethod
    def of(
        cls,
        communes: Iterable[CommuneRow],
        formers: Iterable[FormerCommuneRow],
        earlier: Iterable[EarlierPlaceRow],
    ) -> Places:
        """Build them from the reference data."""
        communes, formers = list(communes), list(formers)
        names: dict[str, tuple[str, set[str]]] = {}
        for row in communes:
            _add(names, row.name, COMMUNE, row.code)
        for former in formers:
            _add(names, former.former_commune, COMMUNE, former.commune_code)
        for old in earlier:
            codes = [
                row.commune_code
                for row in formers
                if old.kind_of_place == COMMUNE
                and (row.former_commune, row.former_district)
                == (old.becomes_name, old.becomes_district)
            ]
            for code in codes or [""]:
                _add(names, old.name, old.kind_of_place, code)
        for former in formers:
            _add(names, former.former_district, DISTRICT, former.commune_code)
        for province in _PROVINCES:
            _add(names, province, PROVINCE, "")
        found = [
            (name, PlaceName(name, kind, tuple(sorted(codes - {""}))))
            for name, (kind, codes) in names.items()
        ]
        short = [(word, PlaceName(name, PROVINCE, ())) for name, word in _SHORT]
        return cls(Phrases([*found, *short]), Phrases((name, name) for name in _MARKETS))

    def at(
        self, text: Text, tokens: Sequence[Token], first: int, *, beside_goods: bool
    ) -> Place | None:
        """The place that is named from a token on; `beside_goods`: goods are named before it."""
        market = self._market(text, tokens, first)
        if market is not None:
            return market
        if not tokens[first].is_word:
            return None
        found = self.phrases.at(tokens, first, marked=text.marked)
        if found is None:
            return _not_in_the_reference(text, tokens, first)
        place = found.value if found.exact else self._without_marks(text, tokens, found)
        if place is None:
            return None
        led = _is_led(tokens, first, but_for_the_last=beside_goods)
        beside = beside_goods and place.kind != PROVINCE
        alone = found.last - first > 1 and _is_a_part(tokens, first, found.last)
        if not (led or beside or alone) and not _looks_like_a_name(text, tokens, found):
            return None
        return Place(first, found.last, place.name, place.kind, place.codes, led)

    def _without_marks(
        self, text: Text, tokens: Sequence[Token], found: Match[PlaceName]
    ) -> PlaceName | None:
        """Of names that only their marks tell apart the one that takes in the others, if any."""
        named = {
            match.value.name: match.value
            for match in self.phrases.all_at(tokens, found.first, marked=text.marked)
            if match.last == found.last
        }
        codes = {code for place in named.values() for code in place.codes}
        whole = [place for place in named.values() if codes <= set(place.codes)]
        return found.value if len(named) == 1 else next(iter(whole), None)

    def _market(self, text: Text, tokens: Sequence[Token], first: int) -> Place | None:
        """ "chợ Sắt", "chợ đầu mối Long Biên": a known market, or a name with capitals."""
        if tokens[first].written not in ("chợ", "cho"):
            return None
        at = first + 1
        wholesale = [token.fold for token in tokens[at : at + 2]] == ["dau", "moi"]
        at += 2 * wholesale
        if at >= len(tokens) or not tokens[at].is_word:
            return None
        known = self.markets.at(tokens, at, marked=text.marked) or self.phrases.at(
            tokens, at, marked=text.marked
        )
        is_name = known is not None and _looks_like_a_name(text, tokens, known)
        if tokens[first].written == "cho" and not is_name:
            return None
        last = known.last if known is not None else _capitals(text, tokens, at)
        if last == at:
            return None
        middle = "đầu mối " if wholesale else ""
        if known is None:
            name = text.text[tokens[at].start : tokens[last - 1].end]
        else:
            name = known.value if isinstance(known.value, str) else known.value.name
        return Place(first, last, f"chợ {middle}{name}", MARKET, (), True)


def _not_in_the_reference(text: Text, tokens: Sequence[Token], first: int) -> Place | None:
    """A name behind "xã" or "huyện" that the lists do not have: a place all the same."""
    if not first or tokens[first - 1].written not in _KINDS or text.text.isupper():
        return None
    last = _capitals(text, tokens, first)
    if last == first:
        return None
    name = text.text[tokens[first].start : tokens[last - 1].end]
    return Place(first, last, name, COMMUNE, (), led=True)


def _is_led(tokens: Sequence[Token], first: int, *, but_for_the_last: bool) -> bool:
    """Whether the word before leads to a place, or one of few words before it does."""
    if first and not but_for_the_last and _leads(tokens[first - 1]):
        return True
    if first > 1 and tokens[first - 1].is_number and tokens[first - 2].written in ("ở", "tại"):
        # "ở 45 Lạch Tray".
        return True
    if first > 1 and (tokens[first - 2].fold, tokens[first - 1].fold) == ("dia", "ban"):
        return True
    for at in range(first - 2, max(-1, first - 5), -1):
        if not tokens[at + 1].is_word:
            return False
        if tokens[at].written in _LEADS_FROM_AFAR:
            return True
    return False


def _leads(token: Token) -> bool:
    return token.written in _LEADS or (token.bare and token.fold in _LEADS_WITHOUT_MARKS)


def _add(names: dict[str, tuple[str, set[str]]], name: str, kind: str, code: str) -> None:
    bare = _KIND.sub("", name)
    # A district's name says more than that of the one commune that bears it too.
    kept, codes = names.get(bare, (kind, set()))
    names[bare] = (DISTRICT if DISTRICT in (kept, kind) else kept, codes | {code})


def _capitals(text: Text, tokens: Sequence[Token], first: int) -> int:
    last = first
    while last < len(tokens) and last - first < 3 and _is_capital(text, tokens[last]):
        last += 1
    return last


def _is_capital(text: Text, token: Token) -> bool:
    return token.is_word and text.text[token.start].isupper()


def _looks_like_a_name(text: Text, tokens: Sequence[Token], found: Match[Any]) -> bool:
    """Whether it is written as names are: a capital in each word, where not all is capitals."""
    words = tokens[found.first : found.last]
    if text.text.isupper():
        return found.exact and text.marked
    if all(_is_capital(text, token) for token in words):
        return len(words) > 1 or found.exact
    return found.exact and text.marked and len(words) > 1


def is_a_name_of_somebody(text: Text, place: Place) -> bool:
    """Whether the words before it are "HTX ...": the name of who posts, not where."""
    tokens = text.tokens
    at = place.first - 1
    while at >= 0 and (tokens[at].fold in _NAME_WORDS or _is_capital(text, tokens[at])):
        cooperative = tokens[at].fold == "xa" and at > 1 and tokens[at - 1].fold == "tac"
        if tokens[at].fold in ("htx", "ty", "tnhh", "cp") or cooperative:
            return True
        at -= 1
    return False


def the_place(text: Text, places: Sequence[Place], *, offered: bool) -> Place | None:
    """The place of a post: the narrowest that is led to, else one that is named alone."""
    real = [place for place in places if not is_a_name_of_somebody(text, place)]
    led = [place for place in real if place.led]
    named = led or (
        real
        if offered
        else [place for place in real if _is_a_part(text.tokens, place.first, place.last)]
    )
    if not named:
        return None
    first = named[0]
    order = {MARKET: 0, COMMUNE: 1, DISTRICT: 2, PROVINCE: 3}
    beside = [p for p in real if first.first <= p.first <= first.last + 4]
    return min(beside or [first], key=lambda place: (order[place.kind], place.first))


def _is_a_part(tokens: Sequence[Token], first: int, last: int) -> bool:
    """Whether it stands between commas, as a place of its own."""
    before = first == 0 or not tokens[first - 1].fold[0].isalnum()
    behind = last >= len(tokens) or not tokens[last].fold[0].isalnum()
    return before and behind
