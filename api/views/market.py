from __future__ import annotations

from typing import Any

from django.core import signing
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from api.endpoint import Endpoint
from api.fields import Amount, CleanText, Code, Day, Out, WholeInQuery, YesNoInQuery, refusal
from api.paging import LARGEST_PAGE, LONGEST_SEARCH, USUAL_PAGE, PageQuery, place_of
from api.views.posts import PostBaseOut, shown
from linkage.agreements.queries import verified_parties
from linkage.market import queries
from linkage.market.models import LARGEST_DISTANCE_KM, PostKind
from linkage.market.search import Asked, Place, Slice, least_of, search
from linkage.registry.access import Capability, Relation


class SeenPostOut(PostBaseOut):
    pass


class FoundPostOut(PostBaseOut):
    distance_m = serializers.IntegerField(allow_null=True, help_text="From `near`, if given.")


class FoundPostsOut(Out):
    count = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    results = FoundPostOut(many=True)


class SearchQuery(PageQuery):
    q = CleanText(required=False, max_length=LONGEST_SEARCH, help_text="Words for a commodity.")
    commodity = Code(required=False, help_text="With all that lies below it.")
    near = Code(required=False, max_length=5, help_text="A commune's code.")
    within_km = WholeInQuery(
        required=False, min_value=1, max_value=LARGEST_DISTANCE_KM, help_text="Of `near`."
    )
    starts = Day(required=False)
    ends = Day(required=False)
    quantity = Amount(required=False, help_text="At least so much is left, in `unit`.")
    unit = Code(required=False)
    certifications = CleanText(
        required=False,
        max_length=LONGEST_SEARCH,
        help_text="Codes with commas. An offer carries each; a need asks for nothing beyond them.",
    )
    linked = YesNoInQuery(required=False, help_text="Has a verified linkage in force today.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("quantity" in attrs) != ("unit" in attrs):
            missing = "unit" if "quantity" in attrs else "quantity"
            raise serializers.ValidationError({missing: refusal("required").detail})
        if "within_km" in attrs and "near" not in attrs:
            raise serializers.ValidationError({"near": refusal("required").detail})
        return attrs


# Posts of others, under the rivals' rule or for an office.
class Seen(Endpoint):
    kind: PostKind = PostKind.OFFER
    operation = ""

    def one(self, post_id: int, organisation_id: int | None = None) -> Response:
        post = queries.seen(
            actor=self.actor, kind=self.kind, post_id=post_id, on=self.today,
            organisation_id=organisation_id,
        )  # fmt: skip
        return Response(SeenPostOut(shown(post)).data)

    def many(self, request: Request, organisation_id: int | None = None) -> Response:
        salt = f"api.cursor market {self.kind}"
        cursor = self.asked.get("cursor")
        after = Place(*place_of(cursor, salt)) if cursor is not None else None
        size = min(self.asked.get("page_size", USUAL_PAGE), LARGEST_PAGE)
        found = search(
            actor=self.actor, asked=self._asked(), on=self.today, part=Slice(size, after),
            organisation_id=organisation_id,
        )  # fmt: skip
        following = None
        if found.next is not None:
            cursor = signing.dumps(list(found.next), salt=salt)
            following = replace_query_param(request.build_absolute_uri(), "cursor", cursor)
        lines = [{**shown(each.post), "distance_m": each.metres} for each in found.results]
        body = {"count": found.count, "next": following, "results": lines}
        return Response(FoundPostsOut(body).data)

    def _asked(self) -> Asked:
        said = self.asked
        least, dimension = least_of(said.get("quantity"), said.get("unit"))
        codes = [c.strip() for c in said.get("certifications", "").split(",") if c.strip()]
        return Asked(
            kind=self.kind,
            text=said.get("q", ""),
            **{n: said.get(n) for n in ("commodity", "near", "within_km", "starts", "ends")},
            least=least,
            dimension=dimension,
            certifications=codes,
            linked=said.get("linked"),
            linked_ids=verified_parties(self.today) if "linked" in said else frozenset(),
        )


class CounterpartPosts(Seen):
    needs = {"GET": Relation.ACTING}
    query = SearchQuery

    @extend_schema(parameters=[SearchQuery], responses=FoundPostsOut)
    def get(self, request: Request, organisation_id: int) -> Response:
        return self.many(request, organisation_id)


class CounterpartPost(Seen):
    needs = {"GET": Relation.ACTING}

    @extend_schema(responses=SeenPostOut)
    def get(self, request: Request, organisation_id: int, post_id: int) -> Response:
        return self.one(post_id, organisation_id)


class Posts(Seen):
    in_area = True
    needs = {"GET": Capability.READ_POSTS}
    query = SearchQuery

    @extend_schema(parameters=[SearchQuery], responses=FoundPostsOut)
    def get(self, request: Request) -> Response:
        return self.many(request)


class Post(Seen):
    in_area = True
    needs = {"GET": Capability.READ_POSTS}

    @extend_schema(responses=SeenPostOut)
    def get(self, request: Request, post_id: int) -> Response:
        return self.one(post_id)
