from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import IF_MATCH, Endpoint, tagged
from api.fields import CleanText, Few, Out, Strict, Whole, WholeInQuery
from api.views.linkages import LARGEST_ID
from api.views.organisations import (
    CertificateOut,
    ContactOut,
    OrganisationOut,
    ProductOut,
    whole,
)
from linkage.agreements import queries
from linkage.agreements.services.merging import merge_parties, unmerge_parties
from linkage.registry import queries as registry
from linkage.registry.access import Capability
from linkage.registry.models import Membership
from linkage.registry.reading import note_cards
from linkage.registry.values import LONGEST_REASON

LARGEST_VERSION = 999_999_999


class SideOut(Out):
    id = serializers.IntegerField(source="organisation.pk")
    name = serializers.CharField(source="organisation.name")
    tax_code = serializers.CharField(allow_null=True)
    version = serializers.IntegerField(source="organisation.version")


class MovesOut(Out):
    tax_code = serializers.CharField(allow_null=True)
    founded_on = serializers.DateField(allow_null=True)
    representative = ContactOut(allow_null=True)
    main_product = ProductOut(allow_null=True)
    contacts = ContactOut(many=True)
    products = ProductOut(many=True)
    certificates = CertificateOut(many=True)
    contacts_dropped = ContactOut(many=True)
    products_dropped = ProductOut(many=True)
    certificates_left = CertificateOut(many=True)


class MergeActingOut(Out):
    user_id = serializers.IntegerField()
    name = serializers.SerializerMethodField()
    role = serializers.CharField()

    def get_name(self, acting: Membership) -> str:
        return str(acting.user)


class MergePostOut(Out):
    id = serializers.IntegerField(source="pk")
    commodity = serializers.CharField(source="commodity_id")


class MergePreviewOut(Out):
    kept = SideOut(source="organisations.kept")
    merged = SideOut(source="organisations.merged")
    moves = MovesOut(source="organisations.moves")
    linkages = serializers.IntegerField(help_text="They count as the survivor's.")
    linkages_between = serializers.IntegerField(
        source="between", help_text="Between the two: they link nobody any more."
    )
    kept_people = MergeActingOut(source="organisations.kept_people", many=True)
    merged_people = MergeActingOut(source="organisations.merged_people", many=True)
    kept_posts = MergePostOut(many=True)
    merged_posts = MergePostOut(many=True)
    kept_talks = serializers.IntegerField()
    merged_talks = serializers.IntegerField(help_text="They are the survivor's then.")
    refusal = serializers.CharField(
        source="organisations.refusal.code",
        default=None,
        allow_null=True,
        help_text="The code of the error that the merge would end in; null: it can be done.",
    )


class MergeQuery(Strict):
    into = WholeInQuery(min_value=1)


class MergeIn(Strict):
    into_id = Whole(min_value=1, max_value=LARGEST_ID)
    into_version = Whole(min_value=1, max_value=LARGEST_VERSION)
    reason = CleanText(max_length=LONGEST_REASON)
    members = Few(child=Whole(min_value=1, max_value=LARGEST_ID), required=False)
    admins = Few(child=Whole(min_value=1, max_value=LARGEST_ID), required=False)


class ContradictionOut(Out):
    code = serializers.CharField()
    kind = serializers.CharField()
    part = serializers.IntegerField(allow_null=True)


class UndoingOut(Out):
    kept_id = serializers.IntegerField(source="kept.pk")
    merged_id = serializers.IntegerField(source="merged.pk")
    contacts = serializers.ListField(child=serializers.IntegerField())
    products = serializers.ListField(child=serializers.IntegerField())
    certificates = serializers.ListField(child=serializers.IntegerField())
    contradictions = ContradictionOut(many=True)
    hindrance = serializers.CharField(
        allow_blank=True, help_text="Why it cannot be undone at all; empty: it can."
    )


class UnmergeIn(Strict):
    leave = Few(child=CleanText(max_length=40), required=False)
    reason = CleanText(max_length=LONGEST_REASON)


class OrganisationUnmerge(Endpoint):
    needs = {
        "GET": Capability.WRITE_ORGANISATIONS,
        "POST": Capability.WRITE_ORGANISATIONS,
    }

    @extend_schema(operation_id="organisations_unmerge_preview", responses=UndoingOut)
    def get(self, request: Request, organisation_id: int) -> Response:
        undoing = registry.undoing(actor=self.actor, organisation_id=organisation_id)
        return tagged(UndoingOut(undoing).data, undoing.kept.version)

    @extend_schema(
        operation_id="organisations_unmerge",
        parameters=[IF_MATCH],
        request=UnmergeIn,
        responses=OrganisationOut,
    )
    def post(self, request: Request, organisation_id: int) -> Response:
        given = self.body(UnmergeIn)
        merged = unmerge_parties(
            actor=self.actor,
            merged_id=organisation_id,
            version=self.expected_version(),
            leave=given.get("leave", ()),
            reason=given["reason"],
            now=self.now,
        )
        return whole(self, merged.pk)


class OrganisationMerge(Endpoint):
    needs = {
        "GET": Capability.WRITE_ORGANISATIONS,
        "POST": Capability.WRITE_ORGANISATIONS,
    }
    query = MergeQuery

    @extend_schema(
        operation_id="organisations_merge_preview",
        parameters=[MergeQuery],
        responses=MergePreviewOut,
    )
    def get(self, request: Request, organisation_id: int) -> Response:
        preview = queries.merge_preview(
            actor=self.actor,
            organisation_id=self.asked["into"],
            merged_id=organisation_id,
            on=self.today,
        )
        both = preview.organisations
        note_cards(actor=self.actor, cards=[both.kept, both.merged], now=self.now)
        version = both.merged.organisation.version
        return tagged(MergePreviewOut(preview).data, version)

    @extend_schema(
        operation_id="organisations_merge",
        parameters=[IF_MATCH],
        request=MergeIn,
        responses=OrganisationOut,
    )
    def post(self, request: Request, organisation_id: int) -> Response:
        given = self.body(MergeIn)
        kept = merge_parties(
            actor=self.actor,
            organisation_id=given["into_id"],
            version=given["into_version"],
            merged_id=organisation_id,
            merged_version=self.expected_version(),
            reason=given["reason"],
            members=given.get("members", ()),
            admins=given.get("admins", ()),
            now=self.now,
        )
        return whole(self, kept.pk)
