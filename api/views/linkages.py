from __future__ import annotations

from collections.abc import Callable
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import IF_MATCH, Endpoint, tagged
from api.fields import CleanText, Code, Day, Out, Strict, Whole, refusal
from api.once import once
from api.paging import LONGEST_SEARCH, Page, PageQuery, page_of
from linkage.agreements import queries, services
from linkage.agreements.models import Evidence, Linkage, Origin, State
from linkage.agreements.reading import open_linkage, show_volumes
from linkage.catalogue.units import LARGEST_QUANTITY
from linkage.market.amounts import amount_in
from linkage.registry.access import Capability
from linkage.registry.models import Organisation

LARGEST_ID = 10**18 - 1


class PartyOut(Out):
    id = serializers.IntegerField()
    name = serializers.CharField()

    def to_representation(self, party: Organisation) -> dict[str, Any]:
        """Of a merged organisation its survivor, as the two sides read it."""
        found: dict[str, Any] = super().to_representation(party.survivor)
        return found


class LinkageOut(Out):
    id = serializers.IntegerField()
    seller = PartyOut()
    buyer = PartyOut()
    commodity = serializers.CharField(source="commodity_id", allow_null=True)
    product_as_written = serializers.CharField(allow_blank=True)
    form = serializers.IntegerField(source="form_id", allow_null=True)
    form_as_written = serializers.CharField(allow_blank=True)
    contract_number = serializers.CharField()
    starts = serializers.DateField()
    ends = serializers.DateField(allow_null=True)
    terminated_on = serializers.DateField(allow_null=True)
    quantity = serializers.IntegerField(
        allow_null=True,
        help_text="In the base unit (gram, millilitre or piece), not in `unit`: see "
        "`quantity_in_unit`. What was agreed on the platform is null to an auditor.",
    )
    quantity_in_unit = serializers.SerializerMethodField(
        help_text="The same quantity in `unit`, a decimal number; null without one."
    )
    unit = serializers.CharField(source="unit_id", allow_null=True)
    state = serializers.ChoiceField(choices=State.choices)
    origin = serializers.ChoiceField(choices=Origin.choices)
    confirmed_on = serializers.DateField(allow_null=True)
    verified_on = serializers.DateField(allow_null=True)
    version = serializers.IntegerField()

    def get_quantity_in_unit(self, linkage: Linkage) -> str | None:
        if linkage.quantity is None or linkage.unit is None:
            return None
        return f"{amount_in(linkage.quantity, linkage.unit):f}"


class LinkagesOut(Out):
    next = serializers.URLField(allow_null=True)
    results = LinkageOut(many=True)


class LinkagesQuery(PageQuery):
    q = CleanText(required=False, max_length=LONGEST_SEARCH)
    state = serializers.ChoiceField(choices=State.choices, required=False)
    origin = serializers.ChoiceField(choices=Origin.choices, required=False)
    evidence = serializers.ChoiceField(choices=Evidence.choices, required=False)
    in_force_on = Day(required=False)


class TermsIn(Strict):
    contract_number = CleanText(required=False, max_length=100)
    starts = Day(required=False)
    ends = Day(required=False, allow_null=True)
    product = CleanText(required=False, allow_blank=True, max_length=200)
    form = Whole(required=False, allow_null=True, min_value=1, max_value=7)
    quantity = Whole(required=False, allow_null=True, min_value=1, max_value=LARGEST_QUANTITY)
    unit = Code(required=False, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs:
            raise refusal("nothing_to_change")
        return attrs


class EditIn(TermsIn):
    reason = CleanText(max_length=500)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs.keys() - {"reason"}:
            raise refusal("nothing_to_change")
        return attrs


class LinkageIn(TermsIn):
    seller_id = Whole(min_value=1, max_value=LARGEST_ID)
    buyer_id = Whole(min_value=1, max_value=LARGEST_ID)
    contract_number = CleanText(max_length=100)
    starts = Day()


class VerifyIn(Strict):
    verified_on = Day()
    paper = CleanText(
        required=False,
        allow_blank=True,
        max_length=500,
        help_text="Which paper was seen and where it is kept; needed where no scan is attached.",
    )


class WithdrawIn(Strict):
    reason = CleanText(max_length=500)


class TerminateIn(Strict):
    terminated_on = Day()
    reason = CleanText(max_length=500)


def whole(endpoint: Endpoint, linkage_id: int, status: int = 200) -> Response:
    """The linkage as it stands, with its version as the ETag."""
    linkage = open_linkage(actor=endpoint.actor, linkage_id=linkage_id, now=endpoint.now)
    return tagged(LinkageOut(linkage).data, linkage.version, status)


class Linkages(Endpoint):
    in_area = True
    needs = {"GET": Capability.READ_LINKAGES, "POST": Capability.WRITE_LINKAGES}
    query = LinkagesQuery

    @extend_schema(operation_id="linkages_list", parameters=[LinkagesQuery], responses=LinkagesOut)
    def get(self, request: Request) -> Response:
        names = ("state", "origin", "evidence", "in_force_on")
        filters = queries.Filters(
            text=self.asked.get("q", ""), **{name: self.asked.get(name) for name in names}
        )
        rows = queries.listing(actor=self.actor, filters=filters)
        page: Page = page_of(rows, request, self.asked, order=("-starts", "-id"))
        show_volumes(actor=self.actor, linkages=page.results, now=self.now)
        return Response(LinkagesOut(page).data)

    @extend_schema(operation_id="linkages_record", request=LinkageIn, responses={201: LinkageOut})
    @once
    def post(self, request: Request) -> Response:
        given = self.body(LinkageIn)
        made = services.record_linkage(
            actor=self.actor,
            seller_id=given.pop("seller_id"),
            buyer_id=given.pop("buyer_id"),
            terms=given,
            now=self.now,
        )
        return whole(self, made.pk, 201)


class LinkageDetail(Endpoint):
    in_area = True
    needs = {"GET": Capability.READ_LINKAGES, "PATCH": Capability.WRITE_LINKAGES}

    @extend_schema(operation_id="linkages_read", responses=LinkageOut)
    def get(self, request: Request, linkage_id: int) -> Response:
        return whole(self, linkage_id)

    @extend_schema(
        operation_id="linkages_edit",
        parameters=[IF_MATCH],
        request=EditIn,
        responses=LinkageOut,
    )
    def patch(self, request: Request, linkage_id: int) -> Response:
        given = self.body(EditIn)
        services.edit_linkage(
            actor=self.actor,
            linkage_id=linkage_id,
            version=self.expected_version(),
            reason=given.pop("reason"),
            terms=given,
            now=self.now,
        )
        return whole(self, linkage_id)


# One act on one linkage, made from the version in If-Match.
class LinkageAct(Endpoint):
    def act(self, service: Callable[..., Linkage], linkage_id: int, kind: type[Strict]) -> Response:
        service(
            actor=self.actor,
            linkage_id=linkage_id,
            version=self.expected_version(),
            now=self.now,
            **self.body(kind),
        )
        return whole(self, linkage_id)


class LinkageVerify(LinkageAct):
    needs = {"POST": Capability.VERIFY_LINKAGES}

    @extend_schema(
        operation_id="linkages_verify",
        parameters=[IF_MATCH],
        request=VerifyIn,
        responses=LinkageOut,
    )
    def post(self, request: Request, linkage_id: int) -> Response:
        return self.act(services.verify_linkage, linkage_id, VerifyIn)


class LinkageWithdraw(LinkageAct):
    needs = {"POST": Capability.WITHDRAW_VERIFICATIONS}

    @extend_schema(
        operation_id="linkages_withdraw",
        parameters=[IF_MATCH],
        request=WithdrawIn,
        responses=LinkageOut,
    )
    def post(self, request: Request, linkage_id: int) -> Response:
        return self.act(services.withdraw_verification, linkage_id, WithdrawIn)


class LinkageTerminate(LinkageAct):
    needs = {"POST": Capability.WRITE_LINKAGES}

    @extend_schema(
        operation_id="linkages_terminate",
        parameters=[IF_MATCH],
        request=TerminateIn,
        responses=LinkageOut,
    )
    def post(self, request: Request, linkage_id: int) -> Response:
        return self.act(services.terminate_linkage, linkage_id, TerminateIn)


class LinkageCorrectTermination(LinkageAct):
    needs = {"POST": Capability.WRITE_LINKAGES}

    @extend_schema(
        operation_id="linkages_correct_termination",
        parameters=[IF_MATCH],
        request=TerminateIn,
        responses=LinkageOut,
    )
    def post(self, request: Request, linkage_id: int) -> Response:
        return self.act(services.correct_termination, linkage_id, TerminateIn)
