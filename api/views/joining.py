from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import Endpoint
from api.fields import CleanText, Out, Strict, Whole
from api.paging import Page, PageQuery, page_of
from api.views.me import LARGEST_ID, RequestOut
from linkage.registry import member_queries, queries, services
from linkage.registry.access import Actor, Capability
from linkage.registry.models import JoinRequest, MemberRole
from linkage.registry.reading import note_codes
from linkage.registry.services.joining import SUBJECT as JOIN_REQUEST


class ApproveIn(Strict):
    role = serializers.ChoiceField(choices=MemberRole.choices)
    organisation_id = Whole(
        required=False,
        min_value=1,
        max_value=LARGEST_ID,
        help_text="Which one of the register is meant.",
    )


class RefuseIn(Strict):
    reason = CleanText(max_length=500)


class OfficeRequestOut(RequestOut):
    applicant = serializers.CharField(source="user")


class OfficeRequestsOut(Out):
    next = serializers.URLField(allow_null=True)
    results = OfficeRequestOut(many=True)


class OfficeRequestsQuery(PageQuery):
    state = serializers.ChoiceField(choices=JoinRequest.State.choices, required=False)


def line_of(actor: Actor, asked: JoinRequest) -> JoinRequest:
    """A request as this door shows it: a person's code is masked unless the roles allow."""
    asked.tax_code = queries.shown_tax_code(actor, asked.tax_code) or ""
    return asked


def whole(endpoint: Endpoint, request_id: int) -> Response:
    """The request as it stands."""
    actor, now = endpoint.actor, endpoint.now
    asked = member_queries.request(actor=actor, request_id=request_id)
    note_codes(actor=actor, organisations=[asked], now=now, kind=JOIN_REQUEST)
    return Response(OfficeRequestOut(line_of(actor, asked)).data)


class JoinRequests(Endpoint):
    needs = {"GET": Capability.MANAGE_MEMBERS}
    query = OfficeRequestsQuery

    @extend_schema(
        operation_id="join_requests_list",
        parameters=[OfficeRequestsQuery],
        responses=OfficeRequestsOut,
    )
    def get(self, request: Request) -> Response:
        state = self.asked.get("state", JoinRequest.State.OPEN)
        rows = member_queries.requests(actor=self.actor, state=state)
        page: Page = page_of(rows, request, self.asked, order=("id",))
        shown = page.results
        note_codes(actor=self.actor, organisations=shown, now=self.now, kind=JOIN_REQUEST)
        lines = [line_of(self.actor, asked) for asked in page.results]
        return Response(OfficeRequestsOut({"next": page.next, "results": lines}).data)


class JoinRequestDetail(Endpoint):
    needs = {"GET": Capability.MANAGE_MEMBERS}

    @extend_schema(operation_id="join_requests_read", responses=OfficeRequestOut)
    def get(self, request: Request, request_id: int) -> Response:
        return whole(self, request_id)


class JoinRequestApprove(Endpoint):
    needs = {"POST": Capability.MANAGE_MEMBERS}

    @extend_schema(
        operation_id="join_requests_approve", request=ApproveIn, responses=OfficeRequestOut
    )
    def post(self, request: Request, request_id: int) -> Response:
        given: dict[str, Any] = self.body(ApproveIn)
        services.approve_request(actor=self.actor, request_id=request_id, now=self.now, **given)
        return whole(self, request_id)


class JoinRequestRefuse(Endpoint):
    needs = {"POST": Capability.MANAGE_MEMBERS}

    @extend_schema(
        operation_id="join_requests_refuse", request=RefuseIn, responses=OfficeRequestOut
    )
    def post(self, request: Request, request_id: int) -> Response:
        services.refuse_request(
            actor=self.actor, request_id=request_id, now=self.now, **self.body(RefuseIn)
        )
        return whole(self, request_id)
