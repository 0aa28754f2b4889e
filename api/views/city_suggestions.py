from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import Endpoint
from api.fields import Out
from api.views.posts import PostBaseOut, shown
from linkage.market.models import PostKind
from linkage.registry.access import Relation
from linkage.suggestions import advice
from linkage.suggestions.advice import Advised


class CitySuggestionOut(Out):
    id = serializers.IntegerField(
        source="row.pk", help_text="Of the line of a plan, or of an introduction: see `of_a_plan`."
    )
    of_a_plan = serializers.BooleanField(
        source="is_of_a_plan",
        help_text="Else the office introduced the two, whom nobody was shown.",
    )
    post_kind = serializers.ChoiceField(
        source="kind", choices=PostKind.choices, help_text="What the own post is."
    )
    post = serializers.IntegerField(source="post.pk", help_text="The own post.")
    other = serializers.SerializerMethodField(help_text="The post that is suggested to it.")
    quantity = serializers.IntegerField(
        allow_null=True,
        help_text="What a plan suggests, as far as both still have it; in the base unit.",
    )
    talks = serializers.IntegerField(
        allow_null=True, help_text="The open talks or contract about the two."
    )

    @extend_schema_field(PostBaseOut)
    def get_other(self, found: Advised) -> dict[str, Any]:
        return dict(PostBaseOut(shown(found.other)).data)


class CitySuggestionsOut(Out):
    results = CitySuggestionOut(many=True)


class CitySuggestions(Endpoint):
    needs = {"GET": Relation.ACTING}

    @extend_schema(operation_id="city_suggestions_list", responses=CitySuggestionsOut)
    def get(self, request: Request, organisation_id: int) -> Response:
        found = advice.listing(actor=self.actor, organisation_id=organisation_id, on=self.today)
        return Response(CitySuggestionsOut({"results": found}).data)
