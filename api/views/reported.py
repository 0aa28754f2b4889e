from __future__ import annotations

from typing import Any

from django.http import FileResponse
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import Endpoint
from api.fields import CleanText, Code, Day, Out, Sourced, SourcedIn, Strict, Whole
from api.once import once
from api.views.evidence import DOWNLOAD, LARGEST_UPLOAD, ScanIn, handed_out
from linkage.coverage import reported_read, services
from linkage.coverage.models import ManualValue
from linkage.coverage.services.reporting import LARGEST
from linkage.coverage.sources import sources_of
from linkage.registry.access import Capability
from linkage.registry.values import LONGEST_REASON


class SourceOut(Out):
    id = serializers.IntegerField()
    sha256 = serializers.CharField()
    uploaded_at = serializers.DateTimeField()
    name = serializers.CharField(allow_null=True, help_text="Null for who may not open it.")
    media_type = serializers.CharField(allow_null=True)
    size = serializers.IntegerField(allow_null=True)


class VersionOut(Sourced):
    id = serializers.IntegerField()
    version = serializers.IntegerField()
    numerator = serializers.IntegerField(
        allow_null=True, help_text="null: this version takes the value back."
    )
    denominator = serializers.IntegerField(allow_null=True, help_text="null: a count.")
    reason = serializers.CharField(allow_blank=True)
    entered_at = serializers.DateTimeField()
    entered_by = serializers.IntegerField(source="entered_by_id", allow_null=True)


class ListedVersionOut(VersionOut):
    files = serializers.SerializerMethodField(help_text="Scans of the report, oldest first.")

    @extend_schema_field(SourceOut(many=True))
    def get_files(self, version: ManualValue) -> Any:
        return SourceOut(sources_of(version, self.context["actor"]), many=True).data


class ManualValueOut(Out):
    indicator = serializers.CharField(source="last.indicator_id")
    territory = serializers.CharField(source="last.territory", allow_blank=True)
    as_of = serializers.DateField(source="last.as_of")
    versions = ListedVersionOut(many=True, help_text="The last one counts and comes first.")


class ManualValuesOut(Out):
    results = ManualValueOut(many=True)


class ManualValuesQuery(Strict):
    indicator = Code(required=False)


class _NumbersIn(SourcedIn):
    numerator = Whole(min_value=0, max_value=LARGEST)
    denominator = Whole(
        min_value=1, max_value=LARGEST, required=False, allow_null=True, default=None
    )


class ManualValueIn(_NumbersIn):
    indicator = Code()
    as_of = Day()
    territory = CleanText(max_length=50, required=False, allow_blank=True, default="")


class CorrectionIn(_NumbersIn):
    reason = CleanText(max_length=LONGEST_REASON)


class WithdrawalIn(Strict):
    reason = CleanText(max_length=LONGEST_REASON)


class ManualValues(Endpoint):
    needs = {"GET": Capability.READ_COVERAGE, "POST": Capability.WRITE_PROGRAMMES}
    query = ManualValuesQuery

    @extend_schema(
        operation_id="manual_values_list",
        parameters=[ManualValuesQuery],
        responses=ManualValuesOut,
    )
    def get(self, request: Request) -> Response:
        found = reported_read.entered(self.asked.get("indicator"))
        shown = ManualValuesOut({"results": found}, context={"actor": self.actor})
        return Response(shown.data)

    @extend_schema(
        operation_id="manual_values_enter", request=ManualValueIn, responses={201: VersionOut}
    )
    @once
    def post(self, request: Request) -> Response:
        given: dict[str, Any] = self.body(ManualValueIn)
        made = services.enter_value(actor=self.actor, now=self.now, **given)
        return Response(VersionOut(made).data, status=201)


class ManualValueCorrection(Endpoint):
    needs = {"POST": Capability.WRITE_PROGRAMMES}

    @extend_schema(
        operation_id="manual_values_correct", request=CorrectionIn, responses={201: VersionOut}
    )
    @once
    def post(self, request: Request, value_id: int) -> Response:
        made = services.correct_value(
            actor=self.actor, value_id=value_id, now=self.now, **self.body(CorrectionIn)
        )
        return Response(VersionOut(made).data, status=201)


class ManualValueWithdrawal(Endpoint):
    needs = {"POST": Capability.WRITE_PROGRAMMES}

    @extend_schema(
        operation_id="manual_values_withdraw", request=WithdrawalIn, responses={201: VersionOut}
    )
    @once
    def post(self, request: Request, value_id: int) -> Response:
        made = services.withdraw_value(
            actor=self.actor, value_id=value_id, now=self.now, **self.body(WithdrawalIn)
        )
        return Response(VersionOut(made).data, status=201)


class ManualValueSources(Endpoint):
    needs = {"POST": Capability.WRITE_PROGRAMMES}
    parser_classes = [MultiPartParser]
    max_bytes = LARGEST_UPLOAD

    @extend_schema(operation_id="manual_values_attach", request=ScanIn, responses={201: SourceOut})
    @once
    def post(self, request: Request, value_id: int) -> Response:
        made = services.attach_source(
            actor=self.actor, value_id=value_id, now=self.now, **self.body(ScanIn)
        )
        return Response(SourceOut(made).data, status=201)


class ManualValueSource(Endpoint):
    needs = {"GET": Capability.READ_EVIDENCE}

    @extend_schema(operation_id="manual_values_download", responses=DOWNLOAD)
    def get(self, request: Request, value_id: int, source_id: int) -> FileResponse:
        opened = services.open_source(
            actor=self.actor, value_id=value_id, source_id=source_id, now=self.now
        )
        return handed_out(opened)
