from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import IF_MATCH, NoBody
from api.fields import CleanText, Code, Day, Strict
from api.views.organisations import OrganisationChange, OrganisationOut
from linkage.registry import phones, services


class ContactIn(Strict):
    name = CleanText(max_length=150)
    phone = CleanText(required=False, default="", allow_blank=True, max_length=phones.LONGEST)


class ProductIn(Strict):
    product = CleanText(max_length=200)


class CertificateIn(Strict):
    certification_code = Code()
    number = CleanText(required=False, default="", allow_blank=True, max_length=100)
    issuer = CleanText(required=False, default="", allow_blank=True, max_length=200)
    starts = Day()
    ends = Day(allow_null=True, help_text="The last day on which it is good; null: none stated.")


class OrganisationContacts(OrganisationChange):
    @extend_schema(
        operation_id="organisations_add_contact",
        parameters=[IF_MATCH],
        request=ContactIn,
        responses={201: OrganisationOut},
    )
    def post(self, request: Request, organisation_id: int) -> Response:
        return self.change(services.add_contact, organisation_id, ContactIn, 201)


class OrganisationContactRemove(OrganisationChange):
    @extend_schema(
        operation_id="organisations_remove_contact",
        parameters=[IF_MATCH],
        request=NoBody,
        responses=OrganisationOut,
    )
    def post(self, request: Request, organisation_id: int, contact_id: int) -> Response:
        return self.change(services.remove_contact, organisation_id, NoBody, contact_id=contact_id)


class OrganisationProducts(OrganisationChange):
    @extend_schema(
        operation_id="organisations_add_product",
        parameters=[IF_MATCH],
        request=ProductIn,
        responses={201: OrganisationOut},
    )
    def post(self, request: Request, organisation_id: int) -> Response:
        return self.change(services.add_product, organisation_id, ProductIn, 201)


class OrganisationProductRemove(OrganisationChange):
    @extend_schema(
        operation_id="organisations_remove_product",
        parameters=[IF_MATCH],
        request=NoBody,
        responses=OrganisationOut,
    )
    def post(self, request: Request, organisation_id: int, product_id: int) -> Response:
        return self.change(services.remove_product, organisation_id, NoBody, product_id=product_id)


class OrganisationCertificates(OrganisationChange):
    @extend_schema(
        operation_id="organisations_add_certificate",
        parameters=[IF_MATCH],
        request=CertificateIn,
        responses={201: OrganisationOut},
    )
    def post(self, request: Request, organisation_id: int) -> Response:
        return self.change(services.add_certificate, organisation_id, CertificateIn, 201)


class OrganisationCertificateRemove(OrganisationChange):
    @extend_schema(
        operation_id="organisations_remove_certificate",
        parameters=[IF_MATCH],
        request=NoBody,
        responses=OrganisationOut,
    )
    def post(self, request: Request, organisation_id: int, certificate_id: int) -> Response:
        return self.change(
            services.remove_certificate, organisation_id, NoBody, certificate_id=certificate_id
        )
