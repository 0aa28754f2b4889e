from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import Endpoint
from api.fields import AnyField, Code, Day, Out, Strict
from api.views.linkages import PartyOut
from linkage.agreements.models import Evidence
from linkage.graph import KINDS, STAGES, Dependence, StructureSuggestion, files
from linkage.graph.structure import BUYER, NEARNESS, SELLER
from linkage.registry.access import Capability, Relation
from linkage.suggestions import chains
from linkage.suggestions.chains import SeenChain, SeenPlace
from linkage.suggestions.changes import WHAT, Happened, changes


class ChainQuery(Strict):
    as_of = Day(required=False, help_text="Today, if left out.")
    evidence = serializers.ChoiceField(choices=Evidence.choices, required=False)


class ChangesQuery(Strict):
    evidence = serializers.ChoiceField(choices=Evidence.choices, required=False)
    commodity = Code(required=False)

    # The names are no names for attributes.
    def get_fields(self) -> dict[str, AnyField]:
        return {"from": Day(), "to": Day(), **super().get_fields()}


class ChainCommodityOut(Out):
    code = serializers.CharField()
    name_vi = serializers.CharField()
    name_en = serializers.CharField()


class TradedOut(Out):
    commodity = ChainCommodityOut()
    linkages = serializers.IntegerField()
    sellers = serializers.IntegerField()
    buyers = serializers.IntegerField()


class ChainsOut(Out):
    as_of = serializers.DateField()
    evidence = serializers.ChoiceField(choices=Evidence.choices)
    results = TradedOut(many=True)


class ChainMemberOut(Out):
    id = serializers.IntegerField()
    name = serializers.CharField()
    does = serializers.ListField(child=serializers.ChoiceField(choices=STAGES))
    sells = serializers.ListField(child=serializers.CharField())
    buys = serializers.ListField(child=serializers.CharField())


class LayerOut(Out):
    stage = serializers.ChoiceField(choices=STAGES)
    members = ChainMemberOut(many=True)


class DeadEndOut(Out):
    id = serializers.IntegerField()
    name = serializers.CharField()
    reason = serializers.CharField(help_text="sells_to_nobody or buyers_gone.")


class DependenceOut(Out):
    cooperative = PartyOut()
    commodity = serializers.CharField()
    buyer = PartyOut()
    part = serializers.IntegerField(help_text="What the largest buyer takes.")
    whole = serializers.IntegerField(help_text="Of all that is sold.")
    by = serializers.CharField(help_text="What is counted: quantity or count of linkages.")


class NodeOut(Out):
    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=KINDS, allow_null=True)
    stage = serializers.ChoiceField(choices=STAGES, allow_null=True)
    status = serializers.CharField(allow_null=True)
    sector = serializers.CharField(allow_null=True)
    place = serializers.CharField(allow_null=True, help_text="A commune's code.")
    district = serializers.CharField(allow_null=True)
    active = serializers.BooleanField()


class EdgeOut(Out):
    target = serializers.IntegerField()
    key = serializers.IntegerField(help_text="The linkage.")
    commodity = serializers.CharField(allow_null=True)
    starts = serializers.DateField()
    ends = serializers.DateField(allow_null=True)
    level = serializers.ChoiceField(choices=Evidence.choices)
    quantity = serializers.IntegerField(
        allow_null=True, help_text="In base units; agreed ones not to an auditor."
    )
    measure = serializers.CharField(allow_null=True)

    # DRF's own `source` keeps the name from the class.
    def get_fields(self) -> dict[str, AnyField]:
        return {"source": serializers.IntegerField(), **super().get_fields()}


class NodeLinkOut(Out):
    nodes = NodeOut(many=True)
    edges = EdgeOut(many=True)


class ChainOut(Out):
    commodity = ChainCommodityOut()
    as_of = serializers.DateField()
    evidence = serializers.ChoiceField(choices=Evidence.choices)
    possible = serializers.ListField(child=serializers.ChoiceField(choices=STAGES))
    missing = serializers.ListField(child=serializers.ChoiceField(choices=STAGES))
    layers = LayerOut(many=True)
    outside = PartyOut(many=True, help_text="Make it, and are in no linkage of it.")
    dead_ends = DeadEndOut(many=True)
    single_buyers = DependenceOut(many=True)
    graph = NodeLinkOut()


class PlacedOut(Out):
    commodity = serializers.CharField()
    stage = serializers.ChoiceField(choices=STAGES)
    upstream = serializers.IntegerField()
    downstream = serializers.IntegerField()


class StructureOut(Out):
    role = serializers.ChoiceField(choices=(BUYER, SELLER))
    counterpart = PartyOut()
    commodity = serializers.CharField()
    near = serializers.ChoiceField(choices=NEARNESS)
    place = serializers.CharField(allow_null=True)
    peers = PartyOut(many=True)


class PlaceOut(Out):
    organisation = PartyOut()
    as_of = serializers.DateField()
    evidence = serializers.ChoiceField(choices=Evidence.choices)
    chains = PlacedOut(many=True)
    dead_end = serializers.CharField(allow_null=True)
    dependences = DependenceOut(many=True)
    suggestions = StructureOut(many=True)
    graph = NodeLinkOut(help_text="Its own linkages alone.")


class OwnEdgeOut(Out):
    id = serializers.IntegerField()
    seller = PartyOut()
    buyer = PartyOut()
    commodity = serializers.CharField(allow_null=True)
    level = serializers.ChoiceField(choices=Evidence.choices)


# Its own people are told neither who the peers are nor how many.
class OwnStructureOut(Out):
    role = serializers.ChoiceField(choices=(BUYER, SELLER))
    counterpart = PartyOut()
    commodity = serializers.CharField()
    near = serializers.ChoiceField(choices=NEARNESS)
    place = serializers.CharField(allow_null=True)


class OwnPlaceOut(Out):
    organisation = PartyOut()
    as_of = serializers.DateField()
    evidence = serializers.ChoiceField(choices=Evidence.choices)
    linkages = OwnEdgeOut(many=True, help_text="Its own, and none between its partners.")
    dead_end = serializers.CharField(allow_null=True)
    dependences = DependenceOut(many=True)
    suggestions = OwnStructureOut(many=True, help_text="Of today, whatever is asked.")


class HappenedOut(Out):
    what = serializers.ChoiceField(choices=WHAT)
    linkage = serializers.IntegerField(source="linkage.pk")
    contract_number = serializers.CharField(source="linkage.contract_number")
    seller = PartyOut()
    buyer = PartyOut()
    commodity = serializers.CharField(source="linkage.commodity_id", allow_null=True)
    on = serializers.DateField(allow_null=True)
    levels = serializers.ListField(
        child=serializers.ChoiceField(choices=Evidence.choices), help_text="Before and after."
    )


class ChangesOut(Out):
    evidence = serializers.ChoiceField(choices=Evidence.choices)
    commodity = serializers.CharField(allow_null=True)
    counts = serializers.DictField(child=serializers.IntegerField())
    balance = serializers.IntegerField()
    results = HappenedOut(many=True)

    def get_fields(self) -> dict[str, AnyField]:
        days = {"from": serializers.DateField(), "to": serializers.DateField()}
        return {**days, **super().get_fields()}


def _dependence(one: Dependence, seen: SeenChain | SeenPlace) -> dict[str, Any]:
    return {
        "cooperative": seen.organisations[one.cooperative],
        "commodity": one.commodity,
        "buyer": seen.organisations[one.buyer],
        "part": one.part,
        "whole": one.whole,
        "by": one.by,
    }


def _layers(seen: SeenChain) -> list[dict[str, Any]]:
    return [
        {
            "stage": stage,
            "members": [
                {
                    "id": one.id,
                    "name": seen.organisations[one.id].name,
                    "does": one.does,
                    "sells": one.sells,
                    "buys": one.buys,
                }
                for one in seen.chain.members
                if one.layer == stage
            ],
        }
        for stage in STAGES
    ]


def _suggestion(one: StructureSuggestion, seen: SeenPlace) -> dict[str, Any]:
    return {
        "role": one.role,
        "counterpart": seen.organisations[one.counterpart],
        "commodity": one.commodity,
        "near": one.near,
        "place": one.place,
        "peers": [seen.organisations[id_] for id_ in one.peers],
    }


def _own_words(seen: SeenPlace) -> dict[str, Any]:
    return {
        "organisation": seen.organisation,
        "linkages": _own_linkages(seen),
        "dead_end": seen.dead_end,
        "dependences": [_dependence(one, seen) for one in seen.dependences],
        "suggestions": [_own_suggestion(one, seen) for one in seen.suggestions],
    }


def _own_linkages(seen: SeenPlace) -> list[dict[str, Any]]:
    return [
        {
            "id": id_,
            "seller": seen.organisations[seller],
            "buyer": seen.organisations[buyer],
            "commodity": edge["commodity"],
            "level": edge["level"],
        }
        for seller, buyer, id_, edge in seen.around.edges(keys=True, data=True)
    ]


def _own_suggestion(one: StructureSuggestion, seen: SeenPlace) -> dict[str, Any]:
    return {
        "role": one.role,
        "counterpart": seen.organisations[one.counterpart],
        "commodity": one.commodity,
        "near": one.near,
        "place": one.place,
    }


def _happened(one: Happened) -> dict[str, Any]:
    link = one.linkage
    return {
        "what": one.what,
        "linkage": link,
        "seller": link.seller.merged_into or link.seller,
        "buyer": link.buyer.merged_into or link.buyer,
        "on": one.on,
        "levels": one.levels or (),
    }


class _OnADay(Endpoint):
    needs = {}
    query = ChainQuery

    @property
    def day_and_level(self) -> dict[str, Any]:
        level = self.asked.get("evidence", Evidence.DECLARED.value)
        return {"on": self.asked.get("as_of", self.today), "level": level}

    def said(self) -> dict[str, Any]:
        asked = self.day_and_level
        return {"as_of": asked["on"], "evidence": asked["level"]}


class Chains(_OnADay):
    needs = {"GET": Capability.READ_LINKAGES}

    @extend_schema(operation_id="chains_list", parameters=[ChainQuery], responses=ChainsOut)
    def get(self, request: Request) -> Response:
        rows = chains.traded(actor=self.actor, **self.day_and_level)
        return Response(ChainsOut({**self.said(), "results": rows}).data)


class Chain(_OnADay):
    needs = {"GET": Capability.READ_LINKAGES}

    @extend_schema(operation_id="chain_read", parameters=[ChainQuery], responses=ChainOut)
    def get(self, request: Request, commodity: str) -> Response:
        asked = self.day_and_level
        seen = chains.chain(actor=self.actor, commodity=commodity, now=self.now, **asked)
        words = {
            **self.said(),
            "commodity": seen.commodity,
            "possible": seen.chain.possible,
            "missing": seen.chain.missing,
            "layers": _layers(seen),
            "outside": seen.outside,
            "dead_ends": [
                {"id": id_, "name": seen.organisations[id_].name, "reason": reason}
                for id_, reason in seen.dead_ends.items()
            ],
            "single_buyers": [_dependence(one, seen) for one in seen.single],
            "graph": files.node_link(seen.graph),
        }
        return Response(ChainOut(words).data)


class OrganisationChain(_OnADay):
    needs = {"GET": Capability.READ_LINKAGES}

    @extend_schema(
        operation_id="organisation_chain_read", parameters=[ChainQuery], responses=PlaceOut
    )
    def get(self, request: Request, organisation_id: int) -> Response:
        asked = self.day_and_level
        seen = chains.place_of(
            actor=self.actor, organisation_id=organisation_id, now=self.now, **asked
        )
        placed = seen.position.chains if seen.position else ()
        words = {
            **self.said(),
            "organisation": seen.organisation,
            "chains": [
                {
                    "commodity": one.commodity,
                    "stage": one.layer,
                    "upstream": len(one.upstream),
                    "downstream": len(one.downstream),
                }
                for one in placed
            ],
            "dead_end": seen.dead_end,
            "dependences": [_dependence(one, seen) for one in seen.dependences],
            "suggestions": [_suggestion(one, seen) for one in seen.suggestions],
            "graph": files.node_link(seen.around),
        }
        return Response(PlaceOut(words).data)


class OwnChain(_OnADay):
    needs = {"GET": Relation.MEMBER}

    @extend_schema(operation_id="own_chain_read", parameters=[ChainQuery], responses=OwnPlaceOut)
    def get(self, request: Request, organisation_id: int) -> Response:
        asked = self.day_and_level
        seen = chains.own_place(
            actor=self.actor, organisation_id=organisation_id, today=self.today, **asked
        )
        return Response(OwnPlaceOut({**self.said(), **_own_words(seen)}).data)


class ChainChanges(Endpoint):
    needs = {"GET": Capability.READ_LINKAGES}
    query = ChangesQuery

    @extend_schema(
        operation_id="chain_changes_list", parameters=[ChangesQuery], responses=ChangesOut
    )
    def get(self, request: Request) -> Response:
        level = self.asked.get("evidence", Evidence.DECLARED.value)
        seen = changes(
            actor=self.actor,
            before=self.asked["from"],
            after=self.asked["to"],
            level=level,
            commodity=self.asked.get("commodity"),
        )
        words = {
            "from": self.asked["from"],
            "to": self.asked["to"],
            "evidence": level,
            "commodity": self.asked.get("commodity"),
            "counts": {what: len(getattr(seen.changes, what)) for what in WHAT},
            "balance": seen.changes.balance,
            "results": [_happened(one) for one in seen.happened],
        }
        return Response(ChangesOut(words).data)
