from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.fields import Out
from api.views.chains import ChainQuery, DependenceOut, NodeLinkOut, OnADay, dependence_words
from api.views.linkages import PartyOut
from linkage.agreements.models import Evidence
from linkage.graph import STAGES, StructureSuggestion, files
from linkage.graph.structure import BUYER, NEARNESS, SELLER
from linkage.registry.access import Capability, Relation
from linkage.suggestions import chains
from linkage.suggestions.chains import SeenPlace


class PlacedOut(Out):
    commodity = serializers.CharField()
    stage = serializers.ChoiceField(choices=STAGES)
    upstream = serializers.IntegerField()
    downstream = serializers.IntegerField()


# Its own people are told neither who the peers are nor how many.
class OwnStructureOut(Out):
    role = serializers.ChoiceField(choices=(BUYER, SELLER))
    counterpart = PartyOut()
    commodity = serializers.CharField()
    near = serializers.ChoiceField(choices=NEARNESS)
    place = serializers.CharField(allow_null=True)


class StructureOut(OwnStructureOut):
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


class OwnPlaceOut(Out):
    organisation = PartyOut()
    as_of = serializers.DateField()
    evidence = serializers.ChoiceField(choices=Evidence.choices)
    linkages = OwnEdgeOut(many=True, help_text="Its own, and none between its partners.")
    dead_end = serializers.CharField(allow_null=True)
    dependences = DependenceOut(many=True)
    suggestions = OwnStructureOut(many=True, help_text="Of today, whatever is asked.")


def _suggestion(one: StructureSuggestion, seen: SeenPlace) -> dict[str, Any]:
    return {
        "role": one.role,
        "counterpart": seen.organisations[one.counterpart],
        "commodity": one.commodity,
        "near": one.near,
        "place": one.place,
    }


def _with_peers(one: StructureSuggestion, seen: SeenPlace) -> dict[str, Any]:
    peers = [seen.organisations[id_] for id_ in one.peers]
    return {**_suggestion(one, seen), "peers": peers}


def _own_words(seen: SeenPlace) -> dict[str, Any]:
    return {
        "organisation": seen.organisation,
        "linkages": _own_linkages(seen),
        "dead_end": seen.dead_end,
        "dependences": [dependence_words(one, seen) for one in seen.dependences],
        "suggestions": [_suggestion(one, seen) for one in seen.suggestions],
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


class OrganisationChain(OnADay):
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
            "dependences": [dependence_words(one, seen) for one in seen.dependences],
            "suggestions": [_with_peers(one, seen) for one in seen.suggestions],
            "graph": files.node_link(seen.around),
        }
        return Response(PlaceOut(words).data)


class OwnChain(OnADay):
    needs = {"GET": Relation.MEMBER}

    @extend_schema(operation_id="own_chain_read", parameters=[ChainQuery], responses=OwnPlaceOut)
    def get(self, request: Request, organisation_id: int) -> Response:
        asked = self.day_and_level
        seen = chains.own_place(
            actor=self.actor, organisation_id=organisation_id, today=self.today, **asked
        )
        return Response(OwnPlaceOut({**self.said(), **_own_words(seen)}).data)
