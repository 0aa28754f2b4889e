from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import IF_MATCH, Endpoint, NoBody, tagged
from api.fields import Amount, CleanText, Code, Day, Few, Out, Strict, Whole, YesNo, refusal
from api.once import once
from api.paging import Page, PageQuery, page_of
from api.views.linkages import LARGEST_ID, PartyOut
from linkage.agreements.services import POST_ACTS
from linkage.market import queries, services
from linkage.market.amounts import LARGEST_PRICE, amount_in
from linkage.market.models import (
    LARGEST_DISTANCE_KM,
    LARGEST_PAYMENT_DAYS,
    AnyPost,
    Handover,
    Offer,
    Period,
    PostKind,
    PostState,
)
from linkage.market.services.claims import Own
from linkage.market.services.posts import Limit
from linkage.registry.access import Actor, Relation

_BASE = "In the base unit: gram, millilitre or piece."


class PostCertificateOut(Out):
    id = serializers.IntegerField(allow_null=True, help_text="null for what a need asks for.")
    certification = serializers.CharField()
    ends = serializers.DateField(allow_null=True)


class PostBaseOut(Out):
    id = serializers.IntegerField()
    organisation = PartyOut()
    commodity = serializers.CharField()
    quantity = serializers.CharField(help_text="In `unit`, for the window or each `period` of it.")
    unit = serializers.CharField()
    period = serializers.ChoiceField(choices=Period.choices)
    left = serializers.IntegerField(help_text=f"Over the whole window. {_BASE}")
    starts = serializers.DateField()
    ends = serializers.DateField()
    commune = serializers.CharField()
    max_km = serializers.IntegerField(allow_null=True)
    grade = serializers.CharField(allow_blank=True)
    packing = serializers.CharField(allow_blank=True)
    handover = serializers.ChoiceField(choices=Handover.choices, allow_blank=True)
    payment_days = serializers.IntegerField(allow_null=True)
    note = serializers.CharField(allow_blank=True)
    certificates = PostCertificateOut(many=True)
    published_at = serializers.DateTimeField(allow_null=True)
    confirmed_at = serializers.DateTimeField()


class OwnPostLineOut(PostBaseOut):
    state = serializers.ChoiceField(choices=PostState.choices)
    total = serializers.IntegerField(help_text=_BASE)
    reserved = serializers.IntegerField(help_text=_BASE)
    created_at = serializers.DateTimeField()
    copied_from = serializers.IntegerField(allow_null=True)
    version = serializers.IntegerField()


class PostEventOut(Out):
    kind = serializers.CharField()
    at = serializers.DateTimeField()
    details = serializers.DictField(source="data")


class OwnPostOut(OwnPostLineOut):
    price_limit = serializers.IntegerField(
        allow_null=True,
        help_text="Sealed: đồng per 1,000,000 g or ml, or 1,000 pieces. Nobody but the owner"
        " reads it: to an officer in its stead it is always null.",
    )
    history = PostEventOut(many=True)


class OwnPostsOut(Out):
    next = serializers.URLField(allow_null=True)
    results = OwnPostLineOut(many=True)


class OwnPostsQuery(PageQuery):
    state = serializers.ChoiceField(choices=PostState.choices, required=False)


class PostChangeIn(Strict):
    commodity = Code(required=False)
    quantity = Amount(required=False)
    unit = Code(required=False)
    period = serializers.ChoiceField(choices=Period.choices, required=False)
    starts = Day(required=False)
    ends = Day(required=False)
    commune = Code(required=False, allow_null=True, max_length=5)
    max_km = Whole(required=False, allow_null=True, min_value=1, max_value=LARGEST_DISTANCE_KM)
    grade = CleanText(required=False, allow_blank=True, max_length=200)
    packing = CleanText(required=False, allow_blank=True, max_length=200)
    handover = serializers.ChoiceField(choices=Handover.choices, required=False, allow_blank=True)
    payment_days = Whole(
        required=False, allow_null=True, min_value=0, max_value=LARGEST_PAYMENT_DAYS
    )
    note = CleanText(required=False, allow_blank=True, max_length=1000)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs:
            raise refusal("nothing_to_change")
        return attrs


class OfferChangeIn(PostChangeIn):
    certificates = Few(child=Whole(min_value=1, max_value=LARGEST_ID), required=False)


class NeedChangeIn(PostChangeIn):
    certifications = Few(child=Code(), required=False)


class PriceIn(Strict):
    price = Whole(min_value=1, max_value=LARGEST_PRICE, help_text="Đồng for one `unit`.")
    unit = Code()


class LimitIn(Strict):
    price = Whole(
        allow_null=True, min_value=1, max_value=LARGEST_PRICE, help_text="null takes it away."
    )
    unit = Code(required=False, default="kg")


class _NewPostIn(Strict):
    commodity = Code()
    quantity = Amount()
    unit = Code()
    starts = Day()
    ends = Day()
    publish = YesNo(help_text="false: a draft.")
    price_limit = PriceIn(required=False, allow_null=True)


class OfferIn(_NewPostIn, OfferChangeIn):
    pass


class NeedIn(_NewPostIn, NeedChangeIn):
    pass


def shown(post: AnyPost) -> dict[str, Any]:
    """A post as every reader of it may see it; its marks are prefetched."""
    party = post.organisation.survivor
    names = ("id", "period", "left", "starts", "ends", "max_km", "grade", "packing", "handover",
             "payment_days", "note", "published_at", "confirmed_at")  # fmt: skip
    return {
        **{name: getattr(post, name) for name in names},
        "organisation": party,
        "commodity": post.commodity_id,
        "quantity": f"{amount_in(post.quantity, post.unit):f}",
        "unit": post.unit_id,
        "commune": post.commune_id,
        "certificates": _marks(post),
    }


def _marks(post: AnyPost) -> list[dict[str, Any]]:
    if isinstance(post, Offer):
        return [
            {"id": mark.pk, "certification": mark.certification_id, "ends": mark.ends}
            for mark in post.certificates.all()
        ]
    asked = sorted(mark.pk for mark in post.certifications.all())
    return [{"id": None, "certification": code, "ends": None} for code in asked]


def own_line(post: AnyPost) -> dict[str, Any]:
    """A post as its owner may see it in a list."""
    names = ("state", "total", "reserved", "created_at", "version")
    return {
        **shown(post),
        **{name: getattr(post, name) for name in names},
        "copied_from": post.copied_from_id,
    }


def whole(actor: Actor, own: Own, status: int = 200) -> Response:
    """The own post as it stands, with its version as the ETag."""
    detail = queries.own(
        actor=actor, kind=own.kind, organisation_id=own.organisation_id, post_id=own.post_id
    )
    body = {**own_line(detail.post), "price_limit": detail.limit, "history": detail.events}
    return tagged(OwnPostOut(body).data, detail.post.version, status)


# What one organisation's people do with its own posts of one kind.
class Owned(Endpoint):
    kind: PostKind = PostKind.OFFER
    operation = ""

    def own(self, organisation_id: int, post_id: int, version: int = 0) -> Own:
        return Own(self.kind, organisation_id, post_id, version)


class OwnPosts(Owned):
    needs = {"GET": Relation.ACTING, "POST": Relation.ACTING}
    query = OwnPostsQuery
    reader: type[Strict] = OfferIn

    @extend_schema(parameters=[OwnPostsQuery], responses=OwnPostsOut)
    def get(self, request: Request, organisation_id: int) -> Response:
        rows = queries.mine(
            actor=self.actor, kind=self.kind, organisation_id=organisation_id,
            state=self.asked.get("state"),
        )  # fmt: skip
        page: Page = page_of(rows, request, self.asked, order=("-id",))
        lines = [own_line(post) for post in page.results]
        return Response(OwnPostsOut({"next": page.next, "results": lines}).data)

    @once
    def post(self, request: Request, organisation_id: int) -> Response:
        given = self.body(self.reader)
        publish, price = given.pop("publish"), given.pop("price_limit", None)
        made = services.create_post(
            actor=self.actor, kind=self.kind, organisation_id=organisation_id, terms=given,
            publish=publish, limit=Limit(price["price"], price["unit"]) if price else None,
            now=self.now,
        )  # fmt: skip
        return whole(self.actor, self.own(organisation_id, made.pk), 201)


@extend_schema_view(post=extend_schema(request=OfferIn, responses={201: OwnPostOut}))
class OwnOffers(OwnPosts):
    reader = OfferIn


@extend_schema_view(post=extend_schema(request=NeedIn, responses={201: OwnPostOut}))
class OwnNeeds(OwnPosts):
    reader = NeedIn


class OwnPost(Owned):
    needs = {"GET": Relation.ACTING, "PATCH": Relation.ACTING}
    reader: type[Strict] = OfferChangeIn

    @extend_schema(responses=OwnPostOut)
    def get(self, request: Request, organisation_id: int, post_id: int) -> Response:
        return whole(self.actor, self.own(organisation_id, post_id))

    def patch(self, request: Request, organisation_id: int, post_id: int) -> Response:
        own = self.own(organisation_id, post_id, self.expected_version())
        services.edit_post(
            actor=self.actor, own=own, terms=self.body(self.reader), now=self.now
        )  # fmt: skip
        return whole(self.actor, own)


@extend_schema_view(
    patch=extend_schema(parameters=[IF_MATCH], request=OfferChangeIn, responses=OwnPostOut)
)
class OwnOffer(OwnPost):
    reader = OfferChangeIn


@extend_schema_view(
    patch=extend_schema(parameters=[IF_MATCH], request=NeedChangeIn, responses=OwnPostOut)
)
class OwnNeed(OwnPost):
    reader = NeedChangeIn


# Publish, pause, resume, withdraw, confirm: an act that is all in its address.
class OwnAct(Owned):
    needs = {"POST": Relation.ACTING}
    act_name = ""

    @extend_schema(parameters=[IF_MATCH], request=None, responses=OwnPostOut)
    def post(self, request: Request, organisation_id: int, post_id: int) -> Response:
        own = self.own(organisation_id, post_id, self.expected_version())
        self.body(NoBody)
        POST_ACTS[self.act_name](actor=self.actor, own=own, now=self.now)
        return whole(self.actor, own)


class OwnLimit(Owned):
    needs = {"POST": Relation.ACTING}

    @extend_schema(parameters=[IF_MATCH], request=LimitIn, responses=OwnPostOut)
    def post(self, request: Request, organisation_id: int, post_id: int) -> Response:
        own = self.own(organisation_id, post_id, self.expected_version())
        given = self.body(LimitIn)
        services.set_limit(
            actor=self.actor, own=own, price=given["price"], unit_code=given["unit"], now=self.now
        )
        return whole(self.actor, own)


class OwnCopy(Owned):
    needs = {"POST": Relation.ACTING}

    @extend_schema(request=None, responses={201: OwnPostOut})
    @once
    def post(self, request: Request, organisation_id: int, post_id: int) -> Response:
        self.body(NoBody)
        made = services.copy_post(
            actor=self.actor, kind=self.kind, organisation_id=organisation_id, post_id=post_id,
            now=self.now,
        )  # fmt: skip
        return whole(self.actor, self.own(organisation_id, made.pk), 201)
