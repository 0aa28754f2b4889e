from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import Endpoint, NoBody, tagged
from api.fields import CleanText, Code, Out, Strict, Whole, refusal
from api.once import IDEMPOTENCY_KEY, once
from api.paging import LONGEST_SEARCH, Page, PageQuery, page_of
from linkage.notices import queries as notices
from linkage.registry import member_queries, queries, services
from linkage.registry.access import Relation
from linkage.registry.models import JoinRequest, Kind, MemberRole, Membership, Role
from linkage.registry.reading import note_codes

LARGEST_ID = 10**18 - 1


class NamedOut(Out):
    id = serializers.IntegerField()
    name = serializers.CharField()


class MembershipOut(Out):
    id = serializers.IntegerField()
    organisation = NamedOut()
    role = serializers.ChoiceField(choices=MemberRole.choices)
    starts = serializers.DateField()
    version = serializers.IntegerField()


class MembershipsOut(Out):
    next = serializers.URLField(allow_null=True)
    results = MembershipOut(many=True)


class MeOut(Out):
    id = serializers.IntegerField()
    username = serializers.CharField()
    full_name = serializers.CharField(allow_blank=True)
    email = serializers.CharField(allow_blank=True)
    phone = serializers.CharField(allow_blank=True)
    roles = serializers.ListField(child=serializers.ChoiceField(choices=Role.choices))
    memberships = MembershipOut(many=True)
    unread = serializers.IntegerField()


class EnterIn(Strict):
    code = CleanText(max_length=40)


class RequestOut(Out):
    id = serializers.IntegerField()
    organisation = NamedOut(allow_null=True)
    name = serializers.CharField(allow_blank=True)
    kind = serializers.CharField(allow_blank=True)
    tax_code = serializers.CharField(allow_blank=True)
    commune = serializers.CharField(source="commune_code", allow_blank=True)
    note = serializers.CharField(allow_blank=True)
    state = serializers.ChoiceField(choices=JoinRequest.State.choices)
    reason = serializers.CharField(allow_blank=True)
    created_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)


class RequestsOut(Out):
    next = serializers.URLField(allow_null=True)
    results = RequestOut(many=True)


class AskIn(Strict):
    organisation_id = Whole(required=False, min_value=1, max_value=LARGEST_ID)
    name = CleanText(required=False)
    kind = serializers.ChoiceField(choices=Kind.choices, required=False)
    tax_code = CleanText(required=False, allow_blank=True, max_length=20, default="")
    commune_code = Code(required=False, allow_blank=True, max_length=5, default="")
    note = CleanText(required=False, allow_blank=True, max_length=500, default="")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "organisation_id" not in attrs and not {"name", "kind"} <= attrs.keys():
            raise serializers.ValidationError({"organisation_id": refusal("required").detail})
        return attrs


class FindQuery(Strict):
    q = CleanText(max_length=LONGEST_SEARCH)


class FoundOut(Out):
    id = serializers.IntegerField()
    name = serializers.CharField()
    kind = serializers.CharField(source="kind_on", allow_null=True)
    commune = serializers.CharField(source="commune_on", allow_null=True)
    tax_code = serializers.CharField(allow_null=True)


class FoundsOut(Out):
    results = FoundOut(many=True)
    more = serializers.IntegerField(help_text="How many more there are: ask for more of the name.")


def membership_of(row: Membership) -> dict[str, Any]:
    """A membership with the organisation that it counts for."""
    kept = row.organisation.survivor
    return {
        "id": row.pk,
        "organisation": {"id": kept.pk, "name": kept.name},
        "role": row.role,
        "starts": row.starts,
        "version": row.version,
    }


class Me(Endpoint):
    needs = {"GET": Relation.PERSON}

    @extend_schema(operation_id="me_read", responses=MeOut)
    def get(self, request: Request) -> Response:
        person = member_queries.account(actor=self.actor)
        rows = member_queries.own_memberships(actor=self.actor, on=self.today)
        names = ("id", "username", "full_name", "email", "phone")
        shown = {
            **{name: getattr(person, name) for name in names},
            "roles": sorted(self.actor.roles),
            "memberships": [membership_of(row) for row in rows],
            "unread": notices.unread_count(actor=self.actor),
        }
        return Response(MeOut(shown).data)


class MyMemberships(Endpoint):
    needs = {"GET": Relation.PERSON, "POST": Relation.PERSON}
    query = PageQuery

    @extend_schema(
        operation_id="memberships_list", parameters=[PageQuery], responses=MembershipsOut
    )
    def get(self, request: Request) -> Response:
        rows = member_queries.own_memberships(actor=self.actor, on=self.today)
        page: Page = page_of(rows, request, self.asked, order=("id",))
        shown = [membership_of(row) for row in page.results]
        return Response(MembershipsOut({"next": page.next, "results": shown}).data)

    @extend_schema(
        operation_id="memberships_enter_code",
        parameters=[IDEMPOTENCY_KEY],
        request=EnterIn,
        responses={201: MembershipOut},
    )
    def post(self, request: Request) -> Response:
        # Counted before and apart: what the code leads to is one transaction, which a wrong code
        # takes back.
        services.count_try(actor=self.actor, now=self.now)
        return self._redeem(request)

    @once
    def _redeem(self, request: Request) -> Response:
        made = services.redeem(actor=self.actor, now=self.now, **self.body(EnterIn))
        return tagged(MembershipOut(membership_of(made)).data, made.version, 201)


class MyMembershipLeave(Endpoint):
    needs = {"POST": Relation.MEMBER}

    @extend_schema(operation_id="memberships_leave", request=None, responses={204: None})
    def post(self, request: Request, organisation_id: int) -> Response:
        self.body(NoBody)
        services.leave(actor=self.actor, organisation_id=organisation_id, now=self.now)
        return Response(status=204)


class MyRequests(Endpoint):
    needs = {"GET": Relation.PERSON, "POST": Relation.PERSON}
    query = PageQuery

    @extend_schema(operation_id="requests_list", parameters=[PageQuery], responses=RequestsOut)
    def get(self, request: Request) -> Response:
        rows = member_queries.own_requests(actor=self.actor)
        page: Page = page_of(rows, request, self.asked, order=("-id",))
        return Response(RequestsOut(page).data)

    @extend_schema(operation_id="requests_ask", request=AskIn, responses={201: RequestOut})
    @once
    def post(self, request: Request) -> Response:
        given = self.body(AskIn)
        told: dict[str, Any] = {"actor": self.actor, "note": given.pop("note"), "now": self.now}
        if organisation_id := given.pop("organisation_id", None):
            made = services.ask_to_join(**told, organisation_id=organisation_id)
        else:
            made = services.ask_for_new(**told, asked=given)
        return Response(RequestOut(made).data, status=201)


class MyRequestWithdraw(Endpoint):
    needs = {"POST": Relation.PERSON}

    @extend_schema(operation_id="requests_withdraw", request=None, responses=RequestOut)
    def post(self, request: Request, request_id: int) -> Response:
        self.body(NoBody)
        taken_back = services.withdraw_request(
            actor=self.actor, request_id=request_id, now=self.now
        )
        return Response(RequestOut(taken_back).data)


class Findable(Endpoint):
    needs = {"GET": Relation.PERSON}
    query = FindQuery

    @extend_schema(operation_id="findable_list", parameters=[FindQuery], responses=FoundsOut)
    def get(self, request: Request) -> Response:
        found = member_queries.find_organisations(text=self.asked["q"], on=self.today)
        note_codes(actor=self.actor, organisations=found.rows, now=self.now)
        for row in found.rows:
            row.tax_code = queries.shown_tax_code(self.actor, row.tax_code)
        return Response(FoundsOut({"results": found.rows, "more": found.more}).data)
