"""Finds the commune of today that a written place means, or says that it cannot.

A district that is named speaks of the map before 2025-07-01: the commune is looked for among the
former communes of that district (as of mid-2025, then by earlier names) and followed to the unit
that took it in. Without a district it is a commune of today, else a former one if all that bear its
name went into one unit. Case, spaces, NFD, abbreviations and tone placement (Thủy, Thuỷ) are
folded; the marks count; nothing is guessed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from linkage.registry.models import Commune, EarlierPlace, FormerCommune
from linkage.registry.place_words import (
    COMMUNE_KINDS,
    DISTRICT_KINDS,
    Part,
    Written,
    read_part,
    take_apart,
)
from linkage.text import spelling_key

# It exists no more, so whoever names it speaks of the map before 2025-07-01.
_FORMER_PROVINCE = spelling_key("Hải Dương")


class CommuneRow(NamedTuple):
    """A commune of today; the name starts with its kind."""

    code: str
    name: str
    former_province: str
    former_district: str


class FormerRow(NamedTuple):
    """A commune as of mid-2025 and one unit that took it in; `part` as in FormerCommune."""

    name: str
    district: str
    province: str
    code: str
    part: str


class EarlierRow(NamedTuple):
    """A name in use before mid-2025 and what it had become by then, as in EarlierPlace."""

    place_kind: str
    name: str
    district: str
    becomes_name: str
    becomes_district: str


@dataclass(frozen=True, slots=True)
class Resolution:
    """The commune that a written place means.

    `how` is today, former, split (the unit that took most of it) or earlier; without a commune it
    is ambiguous (one of `candidates`), unknown (`candidates` bear the name elsewhere) or empty.
    """

    commune_code: str | None
    how: str
    candidates: tuple[str, ...] = ()


class _Place(NamedTuple):
    """A unit of today or before and the code it leads to; `how` it is found."""

    part: Part
    district: str
    province: str
    code: str
    how: str


class PlaceIndex:
    """Places by folded name: built from rows, asks the database nothing afterwards."""

    def __init__(
        self,
        communes: Iterable[CommuneRow],
        formers: Iterable[FormerRow],
        earlier: Iterable[EarlierRow] = (),
    ) -> None:
        self._today = _by_name(
            _Place(
                read_part(row.name),
                _bare(row.former_district),
                spelling_key(row.former_province),
                row.code,
                "today",
            )
            for row in communes
        )
        self._former = _by_name(_follow(formers))
        self._provinces = frozenset(
            {place.province for places in self._former.values() for place in places}
            | {spelling_key("Hải Phòng")}
        ) - {""}
        rows = list(earlier)
        self._renamed: dict[str, set[str]] = defaultdict(set)
        for row in rows:
            if row.place_kind == EarlierPlace.PlaceKind.DISTRICT:
                self._renamed[_bare(row.name)].add(_bare(row.becomes_name))
        self._earlier = _by_name(self._known_earlier(rows))

    @classmethod
    def load(cls) -> PlaceIndex:
        """Read every place, in three queries."""
        communes = Commune.objects.order_by("code").values_list(
            "code", "name", "former_province", "former_district"
        )
        formers = FormerCommune.objects.order_by("id").values_list(
            "name", "former_district", "former_province", "commune_id", "part"
        )
        earlier = EarlierPlace.objects.order_by("id").values_list(
            "place_kind", "name", "district", "becomes_name", "becomes_district"
        )
        return cls(
            [CommuneRow(*row) for row in communes],
            [FormerRow(*row) for row in formers],
            [EarlierRow(*row) for row in earlier],
        )

    def resolve(self, text: str) -> Resolution:
        """Find the commune of today that `text` means; Resolution says how, or why not."""
        written = take_apart(text, self._provinces)
        if written is None:
            return Resolution(None, "empty")
        name = written.commune.name
        for places in self._attempts(written):
            codes = sorted({place.code for place in places})
            if len(codes) == 1:
                return Resolution(codes[0], places[0].how)
            if codes:
                return Resolution(None, "ambiguous", tuple(codes))
        elsewhere = {
            *self._today.get(name, ()),
            *self._former.get(name, ()),
            *self._earlier.get(name, ()),
        }
        return Resolution(None, "unknown", tuple(sorted({place.code for place in elsewhere})))

    def _attempts(self, written: Written) -> Iterable[list[_Place]]:
        """The readings of a written place, the one to prefer first."""
        part = written.commune
        if part.kind in DISTRICT_KINDS:
            yield self._whole_district(part.name) if not written.districts else []
            return
        today, former, earlier = (
            [place for place in table.get(part.name, ()) if self._fits(place, written)]
            for table in (self._today, self._former, self._earlier)
        )
        of_today_first = not written.districts and _FORMER_PROVINCE not in written.provinces
        order = (today, former, earlier) if of_today_first else (former, earlier, today)
        for places in order:
            yield [place for place in places if part.kind in ("", place.part.kind)]
        # In a named district one name is one place, also where its kind has changed since.
        if written.districts and part.kind in COMMUNE_KINDS:
            yield from (former, earlier)

    def _fits(self, place: _Place, written: Written) -> bool:
        if _FORMER_PROVINCE in written.provinces and place.province != _FORMER_PROVINCE:
            return False
        return all(
            place.district in {district, *self._renamed.get(district, ())}
            for district in written.districts
        )

    def _whole_district(self, name: str) -> list[_Place]:
        """A district alone is a place if one unit took in all of it (Cát Hải, Bạch Long Vĩ)."""
        names = {name, *self._renamed.get(name, ())}
        former = [p for places in self._former.values() for p in places if p.district in names]
        today = [p for places in self._today.values() for p in places if p.district in names]
        # Bạch Long Vĩ had no communes and became a special zone as it was.
        zones = [place for place in self._today.get(name, ()) if place.part.kind == "đặc khu"]
        places = former or today or zones
        return places if len({place.code for place in places}) == 1 else []

    def _known_earlier(self, rows: Iterable[EarlierRow]) -> Iterable[_Place]:
        """Follow each earlier commune to a former one, or to a commune of today."""
        for row in rows:
            if row.place_kind != EarlierPlace.PlaceKind.COMMUNE:
                continue
            became = read_part(row.becomes_name)
            district = _bare(row.becomes_district)
            found = [
                place
                for place in (*self._former.get(became.name, ()), *self._today.get(became.name, ()))
                if became.kind in ("", place.part.kind) and place.district == district
            ]
            for place in found[:1]:
                yield place._replace(
                    part=read_part(row.name), district=_bare(row.district), how="earlier"
                )


def _bare(district: str) -> str:
    return read_part(district).name


def _by_name(places: Iterable[_Place]) -> dict[str, list[_Place]]:
    table: dict[str, list[_Place]] = defaultdict(list)
    for place in places:
        table[place.part.name].append(place)
    return dict(table)


def _follow(rows: Iterable[FormerRow]) -> Iterable[_Place]:
    """Lead each former commune to the unit that took most of it; else to every one it went to."""
    units: dict[tuple[str, str, str], list[FormerRow]] = defaultdict(list)
    for row in rows:
        units[row.province, row.district, row.name].append(row)
    for (province, district, name), parts in units.items():
        most = [row for row in parts if row.part != FormerCommune.Part.SPLIT]
        how = "former" if len(parts) == 1 else "split"
        for row in most or parts:
            yield _Place(read_part(name), _bare(district), spelling_key(province), row.code, how)
