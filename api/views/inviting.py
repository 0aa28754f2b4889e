from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import Endpoint, NoBody
from api.fields import Out, YesNoInQuery
from api.once import once
from api.paging import Page, PageQuery, page_of
from linkage.market.inviting import never_posted
from linkage.market.services import invite_to_post
from linkage.registry.access import Capability


class InvitationsQuery(PageQuery):
    with_account = YesNoInQuery(
        required=False, help_text="false: those for whom nobody acts. Otherwise the others."
    )


class SilentOut(Out):
    id = serializers.IntegerField()
    name = serializers.CharField()
    commune = serializers.CharField(source="commune_on", allow_null=True)
    invited_at = serializers.DateTimeField(allow_null=True)


class SilentsOut(Out):
    next = serializers.URLField(allow_null=True)
    results = SilentOut(many=True)


class InvitationOut(Out):
    organisation_id = serializers.IntegerField()
    invited_at = serializers.DateTimeField()


class Invitations(Endpoint):
    in_area = True
    needs = {"GET": Capability.INVITE}
    query = InvitationsQuery

    @extend_schema(
        operation_id="invitations_list", parameters=[InvitationsQuery], responses=SilentsOut
    )
    def get(self, request: Request) -> Response:
        with_account = self.asked.get("with_account", True)
        rows = never_posted(actor=self.actor, on=self.today, with_account=with_account)
        page: Page = page_of(rows, request, self.asked, order=("sort_key", "id"))
        return Response(SilentsOut(page).data)


class InvitationSend(Endpoint):
    in_area = True
    needs = {"POST": Capability.INVITE}

    @extend_schema(operation_id="invitations_send", request=None, responses={201: InvitationOut})
    @once
    def post(self, request: Request, organisation_id: int) -> Response:
        self.body(NoBody)
        made = invite_to_post(actor=self.actor, organisation_id=organisation_id, now=self.now)
        return Response(InvitationOut(made).data, status=201)
