from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import Endpoint
from api.fields import CleanText, Code, Day, Out, Sourced, SourcedIn, Strict, Whole
from api.once import once
from linkage.coverage import reported_read, services
from linkage.coverage.services.reporting import LARGEST, LONGEST_REASON
from linkage.registry.access import Capability


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


class ManualValueOut(Out):
    indicator = serializers.CharField(source="last.indicator_id")
    territory = serializers.CharField(source="last.territory", allow_blank=True)
    as_of = serializers.DateField(source="last.as_of")
    versions = VersionOut(many=True, help_text="The last one counts and comes first.")


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
        return Response(ManualValuesOut({"results": found}).data)

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
