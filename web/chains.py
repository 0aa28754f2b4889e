"""Chains as pictures and tables: what the graph found, with names, addresses and words."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from textwrap import wrap
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from linkage.agreements.models import Evidence
from linkage.catalogue.models import Commodity
from linkage.errors import NotFound
from linkage.graph import STAGES, Dependence, Graph, Picture, StructureSuggestion, files, laid_out
from linkage.graph import words as said
from linkage.graph.picture import MARGIN, Line
from linkage.registry.models import Organisation
from linkage.suggestions.chains import SeenChain, SeenPlace
from linkage.suggestions.structural import Named
from web.presentation import language, name_words
from web.spreadsheets import csv_answer

# Boxes of a layer; the table names everybody.
MOST_BOXES = 12
# Pixels above the boxes.
HEADINGS = 34
# Letters that fit into one of a box's two lines.
_LETTERS = 20


@dataclass(frozen=True, slots=True)
class Box:
    """An organisation's box; `address` is None for those who had no room, and who may not look."""

    x: int
    y: int
    name: str
    address: str | None
    look: str

    @property
    def text_x(self) -> int:
        """Where its words begin."""
        return self.x + 8

    @property
    def lines(self) -> list[tuple[int, str]]:
        """Its name in one or two lines, each with where it stands; what has no room is cut."""
        lines = wrap(self.name, _LETTERS, max_lines=2, placeholder="…")
        first = self.y + (23 if len(lines) == 1 else 15)
        return [(first + 14 * row, line) for row, line in enumerate(lines)]


@dataclass(frozen=True, slots=True)
class Drawing:
    """Whole pixels; `headings` are (x, words), `paths` (SVG path, number of linkages)."""

    picture: Picture
    headings: Sequence[tuple[int, str]]
    boxes: Sequence[Box]
    paths: Sequence[tuple[str, int]]

    @property
    def width(self) -> int:
        """With the room of the last heading."""
        return self.picture.width + 30

    @property
    def height(self) -> int:
        """With the room of the headings."""
        return self.picture.height + HEADINGS


@dataclass(frozen=True, slots=True)
class LayerRow:
    """Who stands in a layer, as the table says it."""

    words: str
    members: Sequence[tuple[Organisation, str, str]]
    missing: bool
    possible: bool


def sentence(words: str) -> str:
    """The words with a capital letter first."""
    return words[:1].upper() + words[1:]


def stage(code: str) -> str:
    """A layer's name."""
    return sentence(said.stage_words(code, language()))


def chain_words(seen: SeenChain) -> dict[str, Any]:
    """What the page of a commodity's chain shows."""
    named = seen.organisations, seen.commodities
    return {
        "commodity": seen.commodity,
        "drawing": chain_drawing(seen),
        "layers": layer_rows(seen),
        "missing": ", ".join(said.stage_words(code, language()) for code in seen.chain.missing),
        "linkages": len(seen.chain.linkages),
        "members": len(seen.chain.members),
        "outside": seen.outside,
        "dead_ends": dead_end_rows(seen),
        "single": [
            (seen.organisations[one.cooperative], dependence_row(one, *named))
            for one in seen.single
        ],
        "becomes": seen.becomes,
        "months": ", ".join(str(month) for month in seen.months),
        "ocop": seen.ocop,
    }


def place_words(seen: SeenPlace, *, linked: bool) -> dict[str, Any]:
    """What the page of an organisation's place shows; `linked`: names lead to organisations."""
    named = seen.organisations, seen.commodities
    return {
        "organisation": seen.organisation,
        "drawing": place_drawing(seen, linked=linked),
        "linkages": linkage_rows(seen),
        "dead_end": sentence(said.dead_end_words(seen.dead_end, language()))
        if seen.dead_end
        else "",
        "dependences": [dependence_row(one, *named) for one in seen.dependences],
        "suggestions": suggestion_rows(seen),
        "chains": chain_places(seen),
    }


def office_words(seen: SeenPlace) -> dict[str, Any]:
    """An office goes on from each name."""
    return place_words(seen, linked=True)


def own_words(seen: SeenPlace) -> dict[str, Any]:
    """Its own people do not."""
    return place_words(seen, linked=False)


def chain_drawing(seen: SeenChain) -> Drawing:
    """The chain from left to right."""
    layers = [(stage(code), seen.chain.layers[code]) for code in STAGES]
    edges = [(one.seller, one.buyer) for one in seen.chain.linkages]
    drawing = _drawn(layers, edges, seen.organisations, marked=set(seen.dead_ends))
    empty = [
        Box(x, MARGIN, _("nobody"), None, "is-missing")
        if code in seen.chain.possible
        else Box(x, MARGIN, _("no such stage"), None, "is-more")
        for x, code in zip(drawing.picture.columns, STAGES, strict=True)
        if code in seen.chain.missing
        or not (code in seen.chain.possible or seen.chain.layers[code])
    ]
    return replace(drawing, boxes=[*drawing.boxes, *empty])


def place_drawing(seen: SeenPlace, *, linked: bool) -> Drawing:
    """From whom it buys, itself, to whom it sells; `linked`: boxes lead to organisations."""
    own = seen.organisation.pk
    sellers = sorted(set(seen.around.predecessors(own)))
    buyers = sorted(set(seen.around.successors(own)) - {*sellers})
    layers = [
        (_("Buys from"), sellers),
        (_("This organisation"), [own]),
        (_("Sells to"), buyers),
    ]
    edges = [(seller, buyer) for seller, buyer in seen.around.edges()]
    return _drawn(layers, edges, seen.organisations, marked={own}, linked=linked)


def _drawn(
    layers: Sequence[tuple[str, Sequence[int]]],
    edges: Iterable[tuple[int, int]],
    organisations: Mapping[int, Organisation],
    *,
    marked: set[int],
    linked: bool = True,
) -> Drawing:
    order = {id_: organisations[id_].sort_key for _words, ids in layers for id_ in ids}
    picture = laid_out([ids for _words, ids in layers], edges, most=MOST_BOXES, order=order)
    return Drawing(
        picture=picture,
        headings=[(x, words) for x, (words, _ids) in zip(picture.columns, layers, strict=True)],
        boxes=[
            _more(box.x, box.y, box.more)
            if box.id is None
            else _box(box.x, box.y, organisations[box.id], box.id in marked, linked)
            for box in picture.boxes
        ],
        paths=[(_path(line), line.linkages) for line in picture.lines],
    )


def _more(x: int, y: int, count: int) -> Box:
    words = _("and %(count)s more") % {"count": said.number(count, language())}
    return Box(x, y, words, None, "is-more")


def _box(x: int, y: int, organisation: Organisation, marked: bool, linked: bool) -> Box:
    address = reverse("web:organisation_chain", args=[organisation.pk]) if linked else None
    return Box(x, y, organisation.name, address, "is-marked" if marked else "")


def _path(line: Line) -> str:
    """A curve that leaves and enters level."""
    bend = 18
    to = line.x2 + bend if line.backward else line.x2 - bend
    return f"M{line.x1} {line.y1}C{line.x1 + bend} {line.y1} {to} {line.y2} {line.x2} {line.y2}"


def layer_rows(seen: SeenChain) -> list[LayerRow]:
    """The picture as a table: every layer, also the empty ones, with what each one sells, buys."""
    return [
        LayerRow(
            stage(code),
            sorted(
                (
                    (
                        seen.organisations[one.id],
                        _names(one.sells, seen.commodities),
                        _names(one.buys, seen.commodities),
                    )
                    for one in seen.chain.members
                    if one.layer == code
                ),
                key=lambda row: (row[0].sort_key, row[0].pk),
            ),
            code in seen.chain.missing,
            code in seen.chain.possible,
        )
        for code in STAGES
    ]


def _names(codes: Iterable[str], commodities: Mapping[str, Commodity]) -> str:
    return ", ".join(name_words(commodities[code]) for code in codes)


def dead_end_rows(seen: SeenChain) -> list[tuple[Organisation, str]]:
    """Cooperatives at which the chain stops, and why."""
    rows = [
        (seen.organisations[id_], sentence(said.dead_end_words(reason, language())))
        for id_, reason in seen.dead_ends.items()
    ]
    return sorted(rows, key=lambda row: (row[0].sort_key, row[0].pk))


def linkage_rows(seen: SeenPlace) -> list[tuple[Organisation, Organisation, str, str]]:
    """The picture of a place as a table: seller, buyer, product, how well it is proved."""
    return [
        (
            seen.organisations[seller],
            seen.organisations[buyer],
            _names([edge["commodity"]] if edge["commodity"] else [], seen.commodities),
            str(Evidence(edge["level"]).label),
        )
        for seller, buyer, edge in seen.around.edges(data=True)
    ]


def chain_places(seen: SeenPlace) -> list[tuple[Commodity, str, int, int]]:
    """Its chains: the commodity, its layer there, how many are upstream and downstream of it."""
    if seen.position is None:
        return []
    return [
        (
            seen.commodities[one.commodity],
            stage(one.layer),
            len(one.upstream),
            len(one.downstream),
        )
        for one in seen.position.chains
    ]


def file_of(graph: Graph, commodity: str, form: str) -> HttpResponse:
    """A chain for other programs, with ids and codes. Raises: NotFound for an unknown form."""
    name = f"chuoi-{commodity}"
    if form == "json":
        return _attachment(
            json.dumps(files.node_link(graph), ensure_ascii=False), "application/json",
            f"{name}.json",
        )  # fmt: skip
    if form == "graphml":
        return _attachment(files.graphml(graph), "application/xml", f"{name}.graphml")
    tables = {"organisations": files.node_table, "linkages": files.edge_table}
    if form not in tables:
        raise NotFound
    table = tables[form](graph)
    return csv_answer(name=f"{name}-{form}.csv", header=table.header, rows=table.rows)


def _attachment(content: str | bytes, kind: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=f"{kind}; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def dependence_row(
    one: Dependence,
    organisations: Mapping[int, Organisation],
    commodities: Mapping[str, Commodity],
) -> str:
    """How a cooperative depends on its largest buyer."""
    words = said.dependence_words(
        one,
        language(),
        commodity=name_words(commodities[one.commodity]).lower(),
        buyer=organisations[one.buyer].name,
    )
    return sentence(words)


def suggestion_rows(seen: SeenPlace) -> list[tuple[Organisation, str]]:
    """Whom the structure suggests, and why."""
    return [(seen.organisations[one.counterpart], _why(one, seen)) for one in seen.suggestions]


def _why(one: StructureSuggestion, seen: SeenPlace) -> str:
    if seen.position is None:
        return structure_words(one, seen)
    peers = [seen.organisations[id_].name for id_ in one.peers if id_ in seen.organisations]
    return structure_words(one, seen, peers)


def structure_words(
    one: StructureSuggestion, seen: SeenPlace | Named, peers: Sequence[str] | None = None
) -> str:
    """Why the structure suggests a counterpart: with the names of its peers that are given, or to
    its own people without their number."""
    return sentence(
        said.explain(
            one,
            language(),
            counterpart=seen.organisations[one.counterpart].name,
            commodity=name_words(seen.commodities[one.commodity]).lower(),
            place=seen.communes.get(one.place or "", one.place),
            peers=peers,
        )
    )
