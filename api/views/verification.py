from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import IF_MATCH, Endpoint
from api.fields import CleanText, Out, Strict
from api.paging import Page, PageQuery, page_of
from api.views.linkages import LinkageAct, LinkageOut
from linkage.agreements import evidence, services
from linkage.agreements.reading import show_volumes
from linkage.registry.access import Capability
from linkage.registry.values import LONGEST_REASON


class WaitingOut(LinkageOut):
    waiting_since = serializers.DateTimeField()


class WaitingsOut(Out):
    next = serializers.URLField(allow_null=True)
    results = WaitingOut(many=True)


class SendBackIn(Strict):
    reason = CleanText(max_length=LONGEST_REASON)


class Verification(Endpoint):
    needs = {"GET": Capability.VERIFY_LINKAGES}
    query = PageQuery

    @extend_schema(operation_id="verification_queue", parameters=[PageQuery], responses=WaitingsOut)
    def get(self, request: Request) -> Response:
        rows = evidence.queue(actor=self.actor)
        page: Page = page_of(rows, request, self.asked, order=("waiting_since", "id"))
        show_volumes(actor=self.actor, linkages=page.results, now=self.now)
        return Response(WaitingsOut(page).data)


class LinkageSendBack(LinkageAct):
    needs = {"POST": Capability.VERIFY_LINKAGES}

    @extend_schema(
        operation_id="linkages_send_back",
        parameters=[IF_MATCH],
        request=SendBackIn,
        responses=LinkageOut,
    )
    def post(self, request: Request, linkage_id: int) -> Response:
        return self.act(services.send_back, linkage_id, SendBackIn)
