from __future__ import annotations

from typing import Any

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import Endpoint
from api.fields import Out, Strict
from api.once import once
from api.views.own_linkages import OwnEndpoint
from linkage.agreements import evidence, queries, services
from linkage.agreements.models import Review, Side
from linkage.registry.access import Capability, Relation
from linkage.scans import HEADERS, LARGEST_SCAN, MEDIA_TYPES, Opened

# The largest scan, and the form round it.
LARGEST_UPLOAD = LARGEST_SCAN + 1024 * 1024
DOWNLOAD = {(200, media_type): OpenApiTypes.BINARY for media_type in MEDIA_TYPES}


class ScanOut(Out):
    id = serializers.IntegerField()
    sha256 = serializers.CharField()
    uploaded_at = serializers.DateTimeField()
    side = serializers.ChoiceField(choices=Side.choices)
    name = serializers.CharField(allow_null=True, help_text="Null for who may not open it.")
    media_type = serializers.CharField(allow_null=True)
    size = serializers.IntegerField(allow_null=True)


class OfficeScanOut(ScanOut):
    elsewhere = serializers.SerializerMethodField(
        help_text="Other linkages to which the same file is attached."
    )

    def get_elsewhere(self, scan: evidence.Shown) -> list[int]:
        return [linkage.pk for linkage in scan.elsewhere]


class ReviewOut(Out):
    verdict = serializers.ChoiceField(choices=Review.Verdict.choices)
    reason = serializers.CharField(allow_blank=True)
    reviewed_at = serializers.DateTimeField()


class StandingOut(Out):
    waits = serializers.BooleanField(help_text="Whether a verifier is to look at it.")
    last = ReviewOut(allow_null=True, help_text="What a verifier said last.")
    scans = ScanOut(many=True)


class OfficeStandingOut(StandingOut):
    scans = OfficeScanOut(many=True)


class ScanIn(Strict):
    file = serializers.FileField(allow_empty_file=True, max_length=None)


def handed_out(opened: Opened) -> FileResponse:
    return FileResponse(
        opened.path.open("rb"),
        as_attachment=True,
        filename=opened.name,
        content_type=opened.media_type,
        headers=HEADERS,
    )


def attached(made: Any) -> Response:
    return Response(ScanOut(made).data, status=201)


class OwnEvidence(OwnEndpoint):
    needs = {"GET": Relation.ACTING, "POST": Relation.ACTING}
    parser_classes = [MultiPartParser]
    max_bytes = LARGEST_UPLOAD

    @extend_schema(operation_id="own_evidence_list", responses=StandingOut)
    def get(self, request: Request, organisation_id: int, linkage_id: int) -> Response:
        standing = evidence.own_evidence(**self.own(organisation_id), linkage_id=linkage_id)
        return Response(StandingOut(standing).data)

    @extend_schema(operation_id="own_evidence_attach", request=ScanIn, responses={201: ScanOut})
    @once
    def post(self, request: Request, organisation_id: int, linkage_id: int) -> Response:
        made = services.attach_evidence(
            **self.own(organisation_id),
            linkage_id=linkage_id,
            now=self.now,
            **self.body(ScanIn),
        )
        return attached(made)


class OwnEvidenceFile(OwnEndpoint):
    needs = {"GET": Relation.MEMBER}

    @extend_schema(operation_id="own_evidence_download", responses=DOWNLOAD)
    def get(
        self, request: Request, organisation_id: int, linkage_id: int, file_id: int
    ) -> FileResponse:
        opened = services.open_own_evidence(
            **self.own(organisation_id), linkage_id=linkage_id, file_id=file_id
        )
        return handed_out(opened)


class LinkageEvidence(Endpoint):
    needs = {"GET": Capability.READ_LINKAGES, "POST": Capability.WRITE_LINKAGES}
    parser_classes = [MultiPartParser]
    max_bytes = LARGEST_UPLOAD

    @extend_schema(operation_id="evidence_list", responses=OfficeStandingOut)
    def get(self, request: Request, linkage_id: int) -> Response:
        linkage = queries.detail(actor=self.actor, linkage_id=linkage_id)
        standing = evidence.evidence_of(actor=self.actor, linkage=linkage)
        return Response(OfficeStandingOut(standing).data)

    @extend_schema(operation_id="evidence_attach", request=ScanIn, responses={201: ScanOut})
    @once
    def post(self, request: Request, linkage_id: int) -> Response:
        made = services.attach_evidence_by_office(
            actor=self.actor, linkage_id=linkage_id, now=self.now, **self.body(ScanIn)
        )
        return attached(made)


class LinkageEvidenceFile(Endpoint):
    needs = {"GET": Capability.READ_EVIDENCE}

    @extend_schema(operation_id="evidence_download", responses=DOWNLOAD)
    def get(self, request: Request, linkage_id: int, file_id: int) -> FileResponse:
        opened = services.open_evidence(
            actor=self.actor, linkage_id=linkage_id, file_id=file_id, now=self.now
        )
        return handed_out(opened)
