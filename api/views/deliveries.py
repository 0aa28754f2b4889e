from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import NoBody
from api.fields import Amount, CleanText, Code, Day, Strict, YesNo
from api.once import once
from api.views.own_linkages import DeliveryOut, OwnEndpoint, ReasonIn
from linkage.agreements import services
from linkage.registry.access import Relation


class DeliveryIn(Strict):
    on = Day()
    quantity = Amount(help_text="In `unit`.")
    unit = Code()
    note = CleanText(required=False, allow_blank=True, max_length=500)
    sure = YesNo(required=False, help_text="It is so, although more than is left of the agreement.")


class Deliveries(OwnEndpoint):
    needs = {"POST": Relation.ACTING}

    @extend_schema(
        operation_id="deliveries_enter", request=DeliveryIn, responses={201: DeliveryOut}
    )
    @once
    def post(self, request: Request, organisation_id: int, linkage_id: int) -> Response:
        given = self.body(DeliveryIn)
        entered = services.enter_delivery(
            **self.own(organisation_id),
            linkage_id=linkage_id,
            note_text=given.pop("note", ""),
            now=self.now,
            **given,
        )
        return Response(DeliveryOut(entered).data, status=201)


class DeliveryConfirm(OwnEndpoint):
    needs = {"POST": Relation.MEMBER}

    @extend_schema(operation_id="deliveries_confirm", request=None, responses=DeliveryOut)
    def post(
        self, request: Request, organisation_id: int, linkage_id: int, delivery_id: int
    ) -> Response:
        self.body(NoBody)
        confirmed = services.confirm_delivery(
            **self.own(organisation_id),
            linkage_id=linkage_id,
            delivery_id=delivery_id,
            now=self.now,
        )
        return Response(DeliveryOut(confirmed).data)


class DeliveryDispute(OwnEndpoint):
    needs = {"POST": Relation.MEMBER}

    @extend_schema(operation_id="deliveries_dispute", request=ReasonIn, responses=DeliveryOut)
    def post(
        self, request: Request, organisation_id: int, linkage_id: int, delivery_id: int
    ) -> Response:
        disputed = services.dispute_delivery(
            **self.own(organisation_id),
            linkage_id=linkage_id,
            delivery_id=delivery_id,
            now=self.now,
            **self.body(ReasonIn),
        )
        return Response(DeliveryOut(disputed).data)


class DeliveryWithdraw(OwnEndpoint):
    needs = {"POST": Relation.ACTING}

    @extend_schema(operation_id="deliveries_withdraw", request=None, responses=DeliveryOut)
    def post(
        self, request: Request, organisation_id: int, linkage_id: int, delivery_id: int
    ) -> Response:
        self.body(NoBody)
        taken_back = services.withdraw_delivery(
            **self.own(organisation_id),
            linkage_id=linkage_id,
            delivery_id=delivery_id,
            now=self.now,
        )
        return Response(DeliveryOut(taken_back).data)
