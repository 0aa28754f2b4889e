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
from linkage.graph import KINDS, STAGES, Dependence, files
from linkage.registry.access import Capability
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


def dependence_words(one: Dependence, seen: SeenChain | SeenPlace) -> dict[str, Any]:
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


def _happened(one: Happened) -> dict[str, Any]:
    link = one.linkage
    return {
        "what": one.what,
        "linkage": link,
        "seller": link.seller.survivor,
        "buyer": link.buyer.survivor,
        "on": one.on,
        "levels": one.levels or (),
    }


class OnADay(Endpoint):
    needs = {}
    query = ChainQuery

    @property
    def day_and_level(self) -> dict[str, Any]:
        level = self.asked.get("evidence", Evidence.DECLARED.value)
        return {"on": self.asked.get("as_of", self.today), "level": level}

    def said(self) -> dict[str, Any]:
        asked = self.day_and_level
        return {"as_of": asked["on"], "evidence": asked["level"]}


class Chains(OnADay):
    needs = {"GET": Capability.READ_LINKAGES}

    @extend_schema(operation_id="chains_list", parameters=[ChainQuery], responses=ChainsOut)
    def get(self, request: Request) -> Response:
        rows = chains.traded(actor=self.actor, **self.day_and_level)
        return Response(ChainsOut({**self.said(), "results": rows}).data)


class Chain(OnADay):
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
            "single_buyers": [dependence_words(one, seen) for one in seen.single],
            "graph": files.node_link(seen.graph),
        }
        return Response(ChainOut(words).data)


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
