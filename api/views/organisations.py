from __future__ import annotations

from collections.abc import Callable
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import IF_MATCH, Endpoint, tagged
from api.fields import CleanText, Code, Day, Out, Strict, Whole, YesNoInQuery, refusal
from api.once import once
from api.paging import LONGEST_SEARCH, Page, PageQuery, page_of
from api.views.linkages import LinkageOut
from linkage.agreements.queries import of_organisation
from linkage.agreements.reading import show_volumes
from linkage.registry import phones, queries, services
from linkage.registry.access import Actor, Capability, allows
from linkage.registry.models import Kind, Status
from linkage.registry.reading import note_codes, open_card

MOST_MEMBERS = 1_000_000


class OrganisationLineOut(Out):
    id = serializers.IntegerField()
    name = serializers.CharField()
    tax_code = serializers.CharField(allow_null=True)
    founded_on = serializers.DateField(allow_null=True)
    status = serializers.ChoiceField(choices=Status.choices, allow_null=True)
    kind = serializers.ChoiceField(choices=Kind.choices, allow_null=True)
    sector = serializers.CharField(allow_null=True)
    commune = serializers.CharField(allow_null=True)
    to_be_settled = serializers.BooleanField()
    version = serializers.IntegerField()


class OrganisationsOut(Out):
    next = serializers.URLField(allow_null=True)
    results = OrganisationLineOut(many=True)


class FactOut(Out):
    field = serializers.ChoiceField(choices=["status", "kind", "sector", "commune"])
    since = serializers.DateField(allow_null=True)
    value = serializers.CharField(allow_blank=True)
    as_written = serializers.CharField(allow_blank=True)


class ContactOut(Out):
    id = serializers.IntegerField()
    name = serializers.CharField()
    phone = serializers.CharField(allow_blank=True)
    is_representative = serializers.BooleanField()


class ProductOut(Out):
    id = serializers.IntegerField()
    commodity = serializers.CharField(source="commodity_id", allow_null=True)
    as_written = serializers.CharField()
    is_main = serializers.BooleanField()


class CertificateOut(Out):
    id = serializers.IntegerField()
    certification = serializers.CharField(source="certification_id")
    number = serializers.CharField(allow_blank=True)
    issuer = serializers.CharField(allow_blank=True)
    starts = serializers.DateField()
    ends = serializers.DateField(allow_null=True)


class OrganisationOut(OrganisationLineOut):
    members = serializers.IntegerField(allow_null=True)
    role_in_chain = serializers.CharField(allow_blank=True)
    commune_as_written = serializers.CharField(allow_blank=True)
    to_settle = serializers.ListField(child=serializers.CharField())
    contacts = ContactOut(many=True, allow_null=True)
    products = ProductOut(many=True)
    certificates = CertificateOut(many=True)
    facts = FactOut(many=True)
    linkages = LinkageOut(many=True)


class OrganisationsQuery(PageQuery):
    q = CleanText(required=False, max_length=LONGEST_SEARCH)
    kind = serializers.ChoiceField(choices=Kind.choices, required=False)
    status = serializers.ChoiceField(choices=Status.choices, required=False)
    sector = Code(required=False)
    commune = Code(required=False, max_length=5)
    to_be_settled = YesNoInQuery(required=False)


class DetailsIn(Strict):
    name = CleanText(required=False)
    tax_code = CleanText(required=False, allow_null=True, max_length=20)
    founded_on = Day(required=False, allow_null=True)
    members = Whole(required=False, allow_null=True, min_value=0, max_value=MOST_MEMBERS)
    role_in_chain = CleanText(required=False, allow_blank=True, max_length=100)
    representative = CleanText(required=False, allow_blank=True, max_length=150)
    phone = CleanText(required=False, allow_blank=True, max_length=phones.LONGEST)
    product = CleanText(required=False, allow_blank=True, max_length=200)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs:
            raise refusal("nothing_to_change")
        return attrs


class OrganisationIn(DetailsIn):
    name = CleanText()
    kind = serializers.ChoiceField(choices=Kind.choices)
    sector_code = Code(required=False, allow_null=True)
    commune_code = Code(required=False, allow_null=True, max_length=5)
    is_another = serializers.BooleanField(
        required=False,
        help_text="It is none of those that organisation_alike named.",
    )


class MayBeBeforeFounding(Strict):
    before_founding = serializers.BooleanField(
        required=False, help_text="A day before the founding is meant."
    )


class StatusIn(MayBeBeforeFounding):
    status = serializers.ChoiceField(choices=Status.choices)
    since = Day(allow_null=True, help_text="null: from the start, or an end on an unknown day.")


class KindIn(Strict):
    kind = serializers.ChoiceField(choices=Kind.choices)
    since = Day(allow_null=True, help_text="null: a correction from the start.")


class SectorIn(Strict):
    sector_code = Code()
    since = Day(allow_null=True, help_text="null: a correction from the start.")


class CommuneIn(Strict):
    commune_code = Code(max_length=5)
    since = Day(allow_null=True, help_text="null: a correction from the start.")


class SettleIn(MayBeBeforeFounding):
    founded_on = Day(required=False)
    ended_on = Day(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs:
            raise refusal("nothing_to_change")
        return attrs


def line_of(actor: Actor, row: Any) -> dict[str, Any]:
    """A row of `registry.queries.listing` as this door shows it."""
    return {
        "id": row.pk,
        "name": row.name,
        "tax_code": queries.shown_tax_code(actor, row.tax_code),
        "founded_on": row.founded_on,
        "status": row.status_on,
        "kind": row.kind_on,
        "sector": row.sector_on,
        "commune": row.commune_on,
        "to_be_settled": row.needs_settling,
        "version": row.version,
    }


def card_of(card: queries.Card) -> dict[str, Any]:
    """A card as this door shows it, without its facts and linkages."""
    own = card.organisation
    shown = {name: getattr(card, name) for name in card.__slots__ if name != "organisation"}
    names = ("name", "founded_on", "members", "role_in_chain", "version")
    return (
        shown
        | {name: getattr(own, name) for name in names}
        | {
            "id": own.pk,
            "sector": card.sector.code if card.sector else None,
            "commune": card.commune.code if card.commune else None,
            "to_be_settled": bool(card.to_settle),
        }
    )


def whole(endpoint: Endpoint, organisation_id: int, status: int = 200) -> Response:
    """The organisation as it stands, with its version as the ETag."""
    actor, now = endpoint.actor, endpoint.now
    card = open_card(actor=actor, organisation_id=organisation_id, on=endpoint.today, now=now)
    sees_linkages = allows(actor, Capability.READ_LINKAGES)
    linkages = list(of_organisation(organisation_id)) if sees_linkages else []
    show_volumes(actor=actor, linkages=linkages, now=now)
    shown = card_of(card) | {
        "facts": queries.history(actor=actor, organisation_id=organisation_id).facts,
        "linkages": linkages,
    }
    return tagged(OrganisationOut(shown).data, card.organisation.version, status)


class Organisations(Endpoint):
    in_area = True
    needs = {
        "GET": Capability.READ_ORGANISATIONS,
        "POST": Capability.WRITE_ORGANISATIONS,
    }
    query = OrganisationsQuery

    @extend_schema(
        operation_id="organisations_list",
        parameters=[OrganisationsQuery],
        responses=OrganisationsOut,
    )
    def get(self, request: Request) -> Response:
        names = ("kind", "status", "sector", "commune", "to_be_settled")
        filters = queries.Filters(
            text=self.asked.get("q", ""), **{name: self.asked.get(name) for name in names}
        )
        rows = queries.listing(actor=self.actor, on=self.today, filters=filters)
        page: Page = page_of(rows, request, self.asked, order=("sort_key", "id"))
        note_codes(actor=self.actor, organisations=page.results, now=self.now)
        lines = [line_of(self.actor, row) for row in page.results]
        return Response(OrganisationsOut({"next": page.next, "results": lines}).data)

    @extend_schema(
        operation_id="organisations_create",
        request=OrganisationIn,
        responses={201: OrganisationOut},
    )
    @once
    def post(self, request: Request) -> Response:
        given = self.body(OrganisationIn)
        made = services.create_organisation(
            actor=self.actor,
            kind=given.pop("kind"),
            sector_code=given.pop("sector_code", None),
            commune_code=given.pop("commune_code", None),
            is_another=given.pop("is_another", False),
            details=given,
            now=self.now,
        )
        return whole(self, made.pk, 201)


class OrganisationDetail(Endpoint):
    in_area = True
    needs = {
        "GET": Capability.READ_ORGANISATIONS,
        "PATCH": Capability.WRITE_ORGANISATIONS,
    }

    @extend_schema(operation_id="organisations_read", responses=OrganisationOut)
    def get(self, request: Request, organisation_id: int) -> Response:
        return whole(self, organisation_id)

    @extend_schema(
        operation_id="organisations_edit",
        parameters=[IF_MATCH],
        request=DetailsIn,
        responses=OrganisationOut,
    )
    def patch(self, request: Request, organisation_id: int) -> Response:
        services.edit_organisation(
            actor=self.actor,
            organisation_id=organisation_id,
            version=self.expected_version(),
            details=self.body(DetailsIn),
            now=self.now,
        )
        return whole(self, organisation_id)


# A change of one organisation, made from the version in If-Match.
class OrganisationChange(Endpoint):
    needs = {"POST": Capability.WRITE_ORGANISATIONS}

    def change(
        self,
        service: Callable[..., object],
        organisation_id: int,
        kind: type[Strict],
        status: int = 200,
        **named: int,
    ) -> Response:
        service(
            actor=self.actor,
            organisation_id=organisation_id,
            version=self.expected_version(),
            now=self.now,
            **self.body(kind),
            **named,
        )
        return whole(self, organisation_id, status)


class OrganisationStatus(OrganisationChange):
    @extend_schema(
        operation_id="organisations_set_status",
        parameters=[IF_MATCH],
        request=StatusIn,
        responses=OrganisationOut,
    )
    def post(self, request: Request, organisation_id: int) -> Response:
        return self.change(services.set_status, organisation_id, StatusIn)


class OrganisationKind(OrganisationChange):
    @extend_schema(
        operation_id="organisations_set_kind",
        parameters=[IF_MATCH],
        request=KindIn,
        responses=OrganisationOut,
    )
    def post(self, request: Request, organisation_id: int) -> Response:
        return self.change(services.set_kind, organisation_id, KindIn)


class OrganisationSector(OrganisationChange):
    @extend_schema(
        operation_id="organisations_set_sector",
        parameters=[IF_MATCH],
        request=SectorIn,
        responses=OrganisationOut,
    )
    def post(self, request: Request, organisation_id: int) -> Response:
        return self.change(services.set_sector, organisation_id, SectorIn)


class OrganisationCommune(OrganisationChange):
    @extend_schema(
        operation_id="organisations_set_commune",
        parameters=[IF_MATCH],
        request=CommuneIn,
        responses=OrganisationOut,
    )
    def post(self, request: Request, organisation_id: int) -> Response:
        return self.change(services.set_commune, organisation_id, CommuneIn)


class OrganisationSettle(OrganisationChange):
    @extend_schema(
        operation_id="organisations_settle",
        parameters=[IF_MATCH],
        request=SettleIn,
        responses=OrganisationOut,
    )
    def post(self, request: Request, organisation_id: int) -> Response:
        return self.change(services.settle, organisation_id, SettleIn)
