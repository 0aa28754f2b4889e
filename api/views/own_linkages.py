from __future__ import annotations

from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import IF_MATCH, Endpoint, tagged
from api.fields import Amount, CleanText, Code, Day, Out, Strict, Whole, refusal
from api.once import once
from api.paging import LONGEST_SEARCH, Page, PageQuery, page_of
from api.views.linkages import LinkageOut
from linkage.agreements import services, talks
from linkage.agreements.models import Delivery, Origin, Side, State, TermsVersion
from linkage.agreements.queries import Filters
from linkage.agreements.talks import Talk
from linkage.market.amounts import amount_in, price_in
from linkage.market.models import Handover
from linkage.registry.access import Relation
from linkage.registry.values import LONGEST_REASON

SIDES = [Side.SELLER, Side.BUYER]


def plain(value: Decimal | None) -> str | None:
    """A number with a point and without needless zeros."""
    return None if value is None else f"{value.normalize():f}"


class TermsOut(Out):
    number = serializers.IntegerField()
    side = serializers.ChoiceField(choices=SIDES)
    quantity = serializers.SerializerMethodField(help_text="In `unit`.")
    unit = serializers.CharField(source="unit_id")
    price = serializers.SerializerMethodField(help_text="Đồng for one `unit`.")
    starts = serializers.DateField()
    ends = serializers.DateField()
    form = serializers.IntegerField(source="form_id", allow_null=True)
    grade = serializers.CharField(allow_blank=True)
    packing = serializers.CharField(allow_blank=True)
    handover = serializers.ChoiceField(choices=["", *Handover.values])
    payment_days = serializers.IntegerField(allow_null=True)
    delivery_plan = serializers.CharField(allow_blank=True)
    note = serializers.CharField(allow_blank=True)
    proposed_at = serializers.DateTimeField()

    def get_quantity(self, terms: TermsVersion) -> str:
        return str(plain(amount_in(terms.quantity, terms.unit)))

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_price(self, terms: TermsVersion) -> str | None:
        return None if terms.price is None else plain(price_in(terms.price, terms.unit))


class MessageOut(Out):
    id = serializers.IntegerField()
    side = serializers.ChoiceField(choices=SIDES)
    text = serializers.CharField()
    written_at = serializers.DateTimeField()


class DeliveryOut(Out):
    id = serializers.IntegerField()
    on = serializers.DateField()
    quantity = serializers.IntegerField(help_text="In the base unit: gram, millilitre or piece.")
    note = serializers.CharField(allow_blank=True)
    side = serializers.ChoiceField(choices=SIDES)
    state = serializers.ChoiceField(choices=Delivery.State.choices)
    reason = serializers.CharField(allow_blank=True)
    entered_at = serializers.DateTimeField()
    answered_at = serializers.DateTimeField(allow_null=True)


class ContactPersonOut(Out):
    name = serializers.CharField()
    phone = serializers.CharField(allow_blank=True)


class OwnLinkageLineOut(LinkageOut):
    offer = serializers.IntegerField(source="offer_id", allow_null=True)
    need = serializers.IntegerField(source="need_id", allow_null=True)
    pool = serializers.IntegerField(
        source="pool_id", allow_null=True, help_text="Of which it is a part: answered as a whole."
    )
    seller_confirmed_on = serializers.DateField(allow_null=True)
    buyer_confirmed_on = serializers.DateField(allow_null=True)


class OwnLinkagesOut(Out):
    next = serializers.URLField(allow_null=True)
    results = OwnLinkageLineOut(many=True)


class OwnLinkageOut(Out):
    linkage = OwnLinkageLineOut()
    side = serializers.ChoiceField(choices=SIDES)
    terms = TermsOut(many=True)
    messages = MessageOut(many=True)
    deliveries = DeliveryOut(many=True)
    contacts = ContactPersonOut(many=True, allow_null=True)
    acts = serializers.SerializerMethodField(help_text="What this side may do next.")
    hindrance = serializers.CharField(
        source="hindrance.code",
        default=None,
        allow_null=True,
        help_text="Why no agreement can come of the talks now: post_closed, "
        "organisation_not_active or one_organisation_on_both_sides.",
    )

    def get_acts(self, talk: Talk) -> list[str]:
        return sorted(talk.acts)


class OwnLinkagesQuery(PageQuery):
    q = CleanText(required=False, max_length=LONGEST_SEARCH)
    state = serializers.ChoiceField(choices=State.choices, required=False)
    origin = serializers.ChoiceField(choices=Origin.choices, required=False)


class PartnerIn(Strict):
    name = CleanText(max_length=300)
    tax_code = CleanText(required=False, allow_null=True, max_length=20)
    kind = Code(
        required=False,
        help_text="Needed where the partner is not in the register, and with a person's tax code: "
        "enterprise, household_business, individual or other.",
    )
    kind_is_meant = serializers.BooleanField(
        required=False,
        help_text="It is of that kind although its name says another one (name_says_other_kind).",
    )


class PaperIn(Strict):
    contract_number = CleanText(required=False, max_length=100)
    ends = Day(required=False, allow_null=True)
    product = CleanText(required=False, allow_blank=True, max_length=200)
    form = Whole(required=False, allow_null=True, min_value=1, max_value=7)
    quantity = Amount(required=False, allow_null=True, help_text="In `unit`.")
    unit = Code(required=False, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs:
            raise refusal("nothing_to_change")
        return attrs


class DeclareIn(PaperIn):
    side = serializers.ChoiceField(choices=SIDES, help_text="Which side the organisation is.")
    partner = PartnerIn()
    contract_number = CleanText(max_length=100)
    starts = Day()


class ReasonIn(Strict):
    reason = CleanText(max_length=LONGEST_REASON)


# An address below one organisation, for who acts for it.
class OwnEndpoint(Endpoint):
    def own(self, organisation_id: int) -> dict[str, Any]:
        return {"actor": self.actor, "organisation_id": organisation_id}

    def whole(self, organisation_id: int, linkage_id: int, status: int = 200) -> Response:
        talk = talks.talk(**self.own(organisation_id), linkage_id=linkage_id, on=self.today)
        return tagged(OwnLinkageOut(talk).data, talk.linkage.version, status)

    def act(self, service: Any, organisation_id: int, linkage_id: int, **given: Any) -> Response:
        service(
            **self.own(organisation_id),
            linkage_id=linkage_id,
            version=self.expected_version(),
            now=self.now,
            **given,
        )
        return self.whole(organisation_id, linkage_id)


class OwnLinkages(OwnEndpoint):
    needs = {"GET": Relation.ACTING, "POST": Relation.ACTING}
    query = OwnLinkagesQuery

    @extend_schema(
        operation_id="own_linkages_list", parameters=[OwnLinkagesQuery], responses=OwnLinkagesOut
    )
    def get(self, request: Request, organisation_id: int) -> Response:
        filters = Filters(
            text=self.asked.get("q", ""),
            state=self.asked.get("state"),
            origin=self.asked.get("origin"),
        )
        rows = talks.mine(**self.own(organisation_id), filters=filters)
        page: Page = page_of(rows, request, self.asked, order=("rank", "-id"))
        return Response(OwnLinkagesOut(page).data)

    @extend_schema(
        operation_id="own_linkages_declare", request=DeclareIn, responses={201: OwnLinkageOut}
    )
    @once
    def post(self, request: Request, organisation_id: int) -> Response:
        given = self.body(DeclareIn)
        made = services.declare(
            **self.own(organisation_id),
            side=given.pop("side"),
            partner=given.pop("partner"),
            terms=given,
            now=self.now,
        )
        return self.whole(organisation_id, made.pk, 201)


class OwnLinkage(OwnEndpoint):
    needs = {"GET": Relation.ACTING, "PATCH": Relation.MEMBER}

    @extend_schema(operation_id="own_linkages_read", responses=OwnLinkageOut)
    def get(self, request: Request, organisation_id: int, linkage_id: int) -> Response:
        return self.whole(organisation_id, linkage_id)

    @extend_schema(
        operation_id="own_linkages_complete",
        parameters=[IF_MATCH],
        request=PaperIn,
        responses=OwnLinkageOut,
    )
    def patch(self, request: Request, organisation_id: int, linkage_id: int) -> Response:
        terms = self.body(PaperIn)
        return self.act(services.complete, organisation_id, linkage_id, terms=terms)
