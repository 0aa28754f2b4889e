from __future__ import annotations

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import Endpoint
from api.fields import Out
from linkage.catalogue import shelves
from linkage.catalogue.models import Dimension
from linkage.registry.place_list import communes


class CommuneOut(Out):
    code = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.CharField()
    latitude = serializers.FloatField()
    longitude = serializers.FloatField()
    former_province = serializers.CharField(allow_blank=True)
    former_district = serializers.CharField(allow_blank=True)


class CommunesOut(Out):
    results = CommuneOut(many=True)


@extend_schema_field({"type": "array", "items": {"$ref": "#/components/schemas/CommodityOut"}})
class Children(serializers.ListField):
    child = serializers.DictField()


class CommodityOut(Out):
    code = serializers.CharField()
    level = serializers.IntegerField()
    name_vi = serializers.CharField()
    name_en = serializers.CharField()
    dimension = serializers.ChoiceField(choices=Dimension.choices)
    stage = serializers.CharField(allow_blank=True)
    synonyms = serializers.ListField(child=serializers.CharField())
    children = Children()


class CommoditiesOut(Out):
    results = CommodityOut(many=True)


class UnitOut(Out):
    code = serializers.CharField()
    name_vi = serializers.CharField()
    name_en = serializers.CharField()
    synonyms = serializers.ListField(child=serializers.CharField())
    dimension = serializers.ChoiceField(choices=Dimension.choices)
    base_units = serializers.IntegerField(allow_null=True)
    sized = serializers.BooleanField()


class UnitsOut(Out):
    results = UnitOut(many=True)


class CertificationOut(Out):
    code = serializers.CharField()
    name_vi = serializers.CharField()
    name_en = serializers.CharField()
    synonyms = serializers.ListField(child=serializers.CharField())
    family = serializers.CharField()
    level = serializers.IntegerField()
    issuer = serializers.CharField()


class CertificationsOut(Out):
    results = CertificationOut(many=True)


class LinkageFormOut(Out):
    number = serializers.IntegerField()
    article = serializers.CharField()
    name_vi = serializers.CharField()
    name_en = serializers.CharField()
    stages = serializers.ListField(child=serializers.CharField())


class LinkageFormsOut(Out):
    results = LinkageFormOut(many=True)


class SectorOut(Out):
    code = serializers.CharField()
    name_vi = serializers.CharField()
    name_en = serializers.CharField()
    synonyms = serializers.ListField(child=serializers.CharField())
    agricultural = serializers.BooleanField()


class SectorsOut(Out):
    results = SectorOut(many=True)


class Communes(Endpoint):
    needs = {"GET": None}

    @extend_schema(operation_id="communes_list", responses=CommunesOut)
    def get(self, request: Request) -> Response:
        return Response(CommunesOut({"results": communes()}).data)


class Commodities(Endpoint):
    needs = {"GET": None}

    @extend_schema(operation_id="commodities_tree", responses=CommoditiesOut)
    def get(self, request: Request) -> Response:
        return Response(CommoditiesOut({"results": shelves.commodity_tree()}).data)


class Units(Endpoint):
    needs = {"GET": None}

    @extend_schema(operation_id="units_list", responses=UnitsOut)
    def get(self, request: Request) -> Response:
        return Response(UnitsOut({"results": shelves.units()}).data)


class Certifications(Endpoint):
    needs = {"GET": None}

    @extend_schema(operation_id="certifications_list", responses=CertificationsOut)
    def get(self, request: Request) -> Response:
        return Response(CertificationsOut({"results": shelves.certifications()}).data)


class LinkageForms(Endpoint):
    needs = {"GET": None}

    @extend_schema(operation_id="linkage_forms_list", responses=LinkageFormsOut)
    def get(self, request: Request) -> Response:
        return Response(LinkageFormsOut({"results": shelves.linkage_forms()}).data)


class Sectors(Endpoint):
    needs = {"GET": None}

    @extend_schema(operation_id="sectors_list", responses=SectorsOut)
    def get(self, request: Request) -> Response:
        return Response(SectorsOut({"results": shelves.sectors()}).data)
