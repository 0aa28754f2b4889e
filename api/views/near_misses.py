from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.fields import Out
from api.views.posts import Owned, PostBaseOut, shown
from linkage.matching.near import KINDS
from linkage.registry.access import Relation
from linkage.suggestions.near import Near, near_misses


class LackOut(Out):
    condition = serializers.ChoiceField(choices=KINDS, help_text="The one that fails.")
    certification = serializers.CharField(
        allow_null=True, help_text="Which one is missing or has run out, if that is it."
    )
    words_vi = serializers.CharField()
    words_en = serializers.CharField()


class NearMissOut(Out):
    other = serializers.SerializerMethodField(help_text="The post that nearly fits.")
    lacking = serializers.SerializerMethodField(
        help_text="Of a price no more than that the two do not meet."
    )

    @extend_schema_field(PostBaseOut)
    def get_other(self, near: Near) -> dict[str, Any]:
        return dict(PostBaseOut(shown(near.other)).data)

    @extend_schema_field(LackOut)
    def get_lacking(self, near: Near) -> dict[str, Any]:
        said = {
            "condition": near.miss.kind,
            "certification": near.certification and near.certification.pk,
            "words_vi": near.words("vi"),
            "words_en": near.words("en"),
        }
        return dict(LackOut(said).data)


class NearMissesOut(Out):
    results = NearMissOut(many=True)


class OwnNearMisses(Owned):
    needs = {"GET": Relation.ACTING}

    @extend_schema(responses=NearMissesOut)
    def get(self, request: Request, organisation_id: int, post_id: int) -> Response:
        found = near_misses(
            actor=self.actor,
            organisation_id=organisation_id,
            kind=self.kind,
            post_id=post_id,
            on=self.today,
        )
        return Response(NearMissesOut({"results": found}).data)
