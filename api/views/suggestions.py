from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import Endpoint, NoBody
from api.fields import Out, Strict, Whole
from api.paging import Page, PageQuery, page_of
from api.views.linkages import LARGEST_ID
from api.views.posts import PostBaseOut, shown
from linkage.graph import StructureSuggestion
from linkage.graph.structure import NEARNESS
from linkage.graph.words import explain
from linkage.market.models import PostKind
from linkage.matching import FACTORS, reasons
from linkage.registry.access import Relation
from linkage.suggestions import queries, services
from linkage.suggestions.models import DismissReason, View
from linkage.suggestions.queries import Own
from linkage.suggestions.structural import Named, named, own_structure


class WhyOut(Out):
    factor = serializers.ChoiceField(choices=FACTORS)
    words_vi = serializers.CharField()
    words_en = serializers.CharField()


class StructureWhyOut(Out):
    near = serializers.ChoiceField(
        choices=NEARNESS, help_text="Where those are of whom it is said."
    )
    words_vi = serializers.CharField()
    words_en = serializers.CharField()


# One for all rows: making its fields takes longer than filling them.
_OTHER = PostBaseOut()


class SuggestionOut(Out):
    id = serializers.IntegerField(source="row.pk")
    post_kind = serializers.ChoiceField(
        source="kind", choices=PostKind.choices, help_text="What the own post is."
    )
    post = serializers.IntegerField(source="post.pk", help_text="The own post.")
    other = serializers.SerializerMethodField(help_text="The post that is suggested to it.")
    score = serializers.IntegerField(source="row.score", help_text="Out of 10,000.")
    reasons = serializers.SerializerMethodField(help_text="What speaks for it, strongest first.")
    structure = serializers.SerializerMethodField(
        help_text="Those who sell (or buy) the same sell to (or buy from) this one; null: too few."
    )
    view = serializers.ChoiceField(choices=View.choices)
    reason = serializers.ChoiceField(choices=DismissReason.choices, allow_blank=True)

    @extend_schema_field(PostBaseOut)
    def get_other(self, found: Own) -> dict[str, Any]:
        return dict(_OTHER.to_representation(shown(found.other)))

    @extend_schema_field(WhyOut(many=True))
    def get_reasons(self, found: Own) -> list[dict[str, str]]:
        said = {language: reasons(found.match, language) for language in ("vi", "en")}
        return [
            {"factor": name, "words_vi": said["vi"][name], "words_en": said["en"][name]}
            for name in found.why
        ]

    @extend_schema_field(StructureWhyOut(allow_null=True))
    def get_structure(self, found: Own) -> dict[str, Any] | None:
        why: Mapping[int, StructureSuggestion] = self.context["why"]
        one = why.get(found.row.pk)
        return None if one is None else StructureWhyOut(_said(one, self.context["named"])).data


class SuggestionsOut(Out):
    next = serializers.URLField(allow_null=True)
    waits = serializers.ChoiceField(
        choices=("", "soon", "worker"),
        allow_blank=True,
        help_text="Posts are still being looked at (soon), or no worker works (worker).",
    )
    results = SuggestionOut(many=True)


class SuggestionsQuery(PageQuery):
    post_kind = serializers.ChoiceField(choices=PostKind.choices, required=False)
    post = Whole(required=False, min_value=1, max_value=LARGEST_ID)
    view = serializers.ChoiceField(choices=View.choices, required=False)


class DismissIn(Strict):
    reason = serializers.ChoiceField(choices=DismissReason.choices)


def _why(endpoint: Endpoint, organisation_id: int, found: Sequence[Own]) -> dict[str, Any]:
    """What the structure says of these suggestions, and what its ids and codes stand for."""
    if not found:
        return {"why": {}}
    structure = own_structure(
        actor=endpoint.actor, organisation_id=organisation_id, on=endpoint.today
    )
    why = structure.reasons_for(found)
    return {"why": why, "named": named(list(why.values()))}


def _said(one: StructureSuggestion, seen: Named) -> dict[str, Any]:
    commodity = seen.commodities[one.commodity]
    named_in = {"vi": commodity.name_vi, "en": commodity.name_en or commodity.name_vi}
    words = {
        f"words_{language}": explain(
            one,
            language,
            counterpart=seen.organisations[one.counterpart].name,
            commodity=name.lower(),
            place=seen.communes.get(one.place or "", one.place),
        )
        for language, name in named_in.items()
    }
    return {"near": one.near, **words}


class Suggestions(Endpoint):
    needs = {"GET": Relation.ACTING}
    query = SuggestionsQuery

    @extend_schema(
        operation_id="suggestions_list", parameters=[SuggestionsQuery], responses=SuggestionsOut
    )
    def get(self, request: Request, organisation_id: int) -> Response:
        kind = self.asked.get("post_kind")
        filters = queries.Filters(
            kind=PostKind(kind) if kind else None,
            post_id=self.asked.get("post"),
            view=self.asked.get("view"),
        )
        rows = queries.listing(
            actor=self.actor, organisation_id=organisation_id, on=self.today, filters=filters
        )
        page: Page = page_of(rows, request, self.asked, order=("-score", "id"))
        found = [queries.as_own(row, organisation_id) for row in page.results]
        shown = {"next": page.next, "waits": queries.waits(self.now), "results": found}
        context = _why(self, organisation_id, found)
        return Response(SuggestionsOut(shown, context=context).data)


# No version is asked for: each act says what shall be, and saying it again changes nothing.
class SuggestionSeen(Endpoint):
    needs = {"POST": Relation.ACTING}

    @extend_schema(operation_id="suggestions_seen", request=NoBody, responses=SuggestionOut)
    def post(self, request: Request, organisation_id: int, suggestion_id: int) -> Response:
        self.body(NoBody)
        found = services.see(
            actor=self.actor,
            organisation_id=organisation_id,
            suggestion_id=suggestion_id,
            now=self.now,
        )
        context = _why(self, organisation_id, [found])
        return Response(SuggestionOut(found, context=context).data)


class SuggestionDismiss(Endpoint):
    needs = {"POST": Relation.ACTING}

    @extend_schema(operation_id="suggestions_dismiss", request=DismissIn, responses=SuggestionOut)
    def post(self, request: Request, organisation_id: int, suggestion_id: int) -> Response:
        found = services.dismiss(
            actor=self.actor,
            organisation_id=organisation_id,
            suggestion_id=suggestion_id,
            **self.body(DismissIn),
            now=self.now,
        )
        context = _why(self, organisation_id, [found])
        return Response(SuggestionOut(found, context=context).data)
