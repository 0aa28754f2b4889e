from __future__ import annotations

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import IF_MATCH, Endpoint, NoBody, tagged
from api.fields import CleanText, Out, Strict
from api.once import ShownOnce, once
from api.paging import Page, PageQuery, page_of
from linkage.registry import member_queries, services
from linkage.registry.access import Capability, Relation
from linkage.registry.models import AccessCode, MemberRole, Membership


class PersonOut(Out):
    id = serializers.IntegerField()
    name = serializers.CharField(source="full_name", allow_blank=True)
    username = serializers.CharField()


class ActingOut(Out):
    id = serializers.IntegerField()
    person = PersonOut(source="user")
    role = serializers.ChoiceField(choices=MemberRole.choices)
    starts = serializers.DateField()
    version = serializers.IntegerField()


class ActingPeopleOut(Out):
    next = serializers.URLField(allow_null=True)
    results = ActingOut(many=True)


class AccessCodeOut(Out):
    id = serializers.IntegerField()
    role = serializers.ChoiceField(choices=MemberRole.choices)
    way = serializers.ChoiceField(choices=AccessCode.Way.choices)
    address = serializers.CharField(allow_blank=True)
    issued_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    used_at = serializers.DateTimeField(allow_null=True)
    cancelled_at = serializers.DateTimeField(allow_null=True)


class IssuedOut(AccessCodeOut):
    code = serializers.CharField(
        allow_null=True,
        help_text="For a letter or a slip, in the first answer alone: it is kept nowhere.",
    )


class AccessCodesOut(Out):
    next = serializers.URLField(allow_null=True)
    results = AccessCodeOut(many=True)


class RoleIn(Strict):
    role = serializers.ChoiceField(choices=MemberRole.choices)


class CodeIn(RoleIn):
    way = serializers.ChoiceField(choices=AccessCode.Way.choices)
    address = CleanText(required=False, allow_blank=True, max_length=254)


# The people of one organisation, for its own members here and for the office below.
class Members(Endpoint):
    needs = {"GET": Relation.MEMBER}
    query = PageQuery

    @extend_schema(operation_id="members_list", parameters=[PageQuery], responses=ActingPeopleOut)
    def get(self, request: Request, organisation_id: int) -> Response:
        rows = member_queries.members_of(
            actor=self.actor, organisation_id=organisation_id, on=self.today
        )
        page: Page = page_of(rows, request, self.asked, order=("id",))
        return Response(ActingPeopleOut(page).data)


class Member(Endpoint):
    needs = {"PATCH": Relation.MEMBER}

    @extend_schema(
        operation_id="members_set_role",
        parameters=[IF_MATCH],
        request=RoleIn,
        responses=ActingOut,
    )
    def patch(self, request: Request, organisation_id: int, membership_id: int) -> Response:
        changed: Membership = services.set_member_role(
            actor=self.actor,
            organisation_id=organisation_id,
            membership_id=membership_id,
            version=self.expected_version(),
            now=self.now,
            **self.body(RoleIn),
        )
        return tagged(ActingOut(changed).data, changed.version)


class MemberEnd(Endpoint):
    needs = {"POST": Relation.MEMBER}

    @extend_schema(
        operation_id="members_end", parameters=[IF_MATCH], request=None, responses={204: None}
    )
    def post(self, request: Request, organisation_id: int, membership_id: int) -> Response:
        self.body(NoBody)
        services.end_membership(
            actor=self.actor,
            organisation_id=organisation_id,
            membership_id=membership_id,
            version=self.expected_version(),
            now=self.now,
        )
        return Response(status=204)


class AccessCodes(Endpoint):
    needs = {"GET": Relation.MEMBER, "POST": Relation.MEMBER}
    query = PageQuery

    @extend_schema(operation_id="codes_list", parameters=[PageQuery], responses=AccessCodesOut)
    def get(self, request: Request, organisation_id: int) -> Response:
        rows = member_queries.codes_of(actor=self.actor, organisation_id=organisation_id)
        page: Page = page_of(rows, request, self.asked, order=("-id",))
        return Response(AccessCodesOut(page).data)

    @extend_schema(operation_id="codes_issue", request=CodeIn, responses={201: IssuedOut})
    @once
    def post(self, request: Request, organisation_id: int) -> Response:
        issued = services.issue_code(
            actor=self.actor, organisation_id=organisation_id, now=self.now, **self.body(CodeIn)
        )
        shown = {**AccessCodeOut(issued.code).data, "code": issued.secret}
        return ShownOnce(shown, hidden="code", status=201)


class AccessCodeCancel(Endpoint):
    needs = {"POST": Relation.MEMBER}

    @extend_schema(operation_id="codes_cancel", request=None, responses=AccessCodeOut)
    def post(self, request: Request, organisation_id: int, code_id: int) -> Response:
        self.body(NoBody)
        cancelled = services.cancel_code(
            actor=self.actor, organisation_id=organisation_id, code_id=code_id, now=self.now
        )
        return Response(AccessCodeOut(cancelled).data)


@extend_schema_view(get=extend_schema(operation_id="office_members_list"))
class OfficeMembers(Members):
    needs = {"GET": Capability.MANAGE_MEMBERS}


@extend_schema_view(patch=extend_schema(operation_id="office_members_set_role"))
class OfficeMember(Member):
    needs = {"PATCH": Capability.MANAGE_MEMBERS}


@extend_schema_view(post=extend_schema(operation_id="office_members_end"))
class OfficeMemberEnd(MemberEnd):
    needs = {"POST": Capability.MANAGE_MEMBERS}


@extend_schema_view(
    get=extend_schema(operation_id="office_codes_list"),
    post=extend_schema(operation_id="office_codes_issue"),
)
class OfficeAccessCodes(AccessCodes):
    needs = {"GET": Capability.MANAGE_MEMBERS, "POST": Capability.MANAGE_MEMBERS}


@extend_schema_view(post=extend_schema(operation_id="office_codes_cancel"))
class OfficeAccessCodeCancel(AccessCodeCancel):
    needs = {"POST": Capability.MANAGE_MEMBERS}
