from __future__ import annotations

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
from linkage.market.models import PostKind
from linkage.matching import FACTORS, reasons
from linkage.registry.access import Relation
from linkage.suggestions import queries, services
from linkage.suggestions.models import DismissReason, View
from linkage.suggestions.queries import Own


class WhyOut(Out):
    factor = serializers.ChoiceField(choices=FACTORS)
    words_vi = serializers.CharField()
    words_en = serializers.CharField()


class SuggestionOut(Out):
    id = serializers.IntegerField(source="row.pk")
    post_kind = serializers.ChoiceField(
        source="kind", choices=PostKind.choices, help_text="What the own post is."
    )
    post = serializers.IntegerField(source="post.pk", help_text="The own post.")
    other = serializers.SerializerMethodField(help_text="The post that is suggested to it.")
    score = serializers.IntegerField(source="row.score", help_text="Out of 10,000.")
    reasons = serializers.SerializerMethodField(help_text="What speaks for it, strongest first.")
    view = serializers.ChoiceField(choices=View.choices)
    reason = serializers.ChoiceField(choices=DismissReason.choices, allow_blank=True)

    @extend_schema_field(PostBaseOut)
    def get_other(self, found: Own) -> dict[str, Any]:
        return dict(PostBaseOut(shown(found.other)).data)

    @extend_schema_field(WhyOut(many=True))
    def get_reasons(self, found: Own) -> list[dict[str, str]]:
        said = {language: reasons(found.match, language) for language in ("vi", "en")}
        return [
            {"factor": name, "words_vi": said["vi"][name], "words_en": said["en"][name]}
            for name in found.why
        ]


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
        waits = queries.waits(self.now)
        return Response(SuggestionsOut({"next": page.next, "waits": waits, "results": found}).data)


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
        return Response(SuggestionOut(found).data)


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
        return Response(SuggestionOut(found).data)
