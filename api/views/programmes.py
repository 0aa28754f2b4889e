from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import IF_MATCH, Endpoint, tagged
from api.fields import (
    LONGEST_SOURCE,
    AnyField,
    CleanText,
    Code,
    Day,
    Out,
    Sourced,
    SourcedIn,
    Strict,
    Whole,
    refusal,
)
from api.once import once
from api.views.coverage import BoundOut
from linkage.coverage import plans_read, services
from linkage.coverage.models import Basis, Indicator, Programme, Target
from linkage.coverage.plans_read import TargetLine
from linkage.coverage.services.reporting import LARGEST
from linkage.coverage.targets import Bound
from linkage.registry.access import Capability
from linkage.registry.values import LONGEST_REASON


class ProgrammeOut(Sourced):
    id = serializers.IntegerField()
    code = serializers.CharField()
    name_vi = serializers.CharField()
    name_en = serializers.CharField()
    starts = serializers.DateField()
    ends = serializers.DateField()
    territory = serializers.CharField(allow_blank=True)
    version = serializers.IntegerField()


class ProgrammesOut(Out):
    results = ProgrammeOut(many=True)


class ProgrammeIn(SourcedIn):
    code = CleanText(max_length=50)
    name_vi = CleanText()
    name_en = CleanText()
    starts = Day()
    ends = Day()
    territory = CleanText(max_length=50, required=False, allow_blank=True)


class ProgrammeChangeIn(Strict):
    name_vi = CleanText(required=False)
    name_en = CleanText(required=False)
    starts = Day(required=False)
    ends = Day(required=False)
    reason = CleanText(max_length=LONGEST_REASON)

    def get_fields(self) -> dict[str, AnyField]:
        return {**super().get_fields(), "source": _new_source()}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return _changing(attrs)


class TargetOut(Sourced):
    id = serializers.IntegerField()
    programme = serializers.CharField()
    indicator = serializers.CharField(source="indicator_id")
    comparison = serializers.ChoiceField(choices=Target.Comparison.choices)
    minimum = BoundOut()
    maximum = BoundOut(allow_null=True)
    from_date = serializers.DateField()
    official = serializers.ChoiceField(
        choices=Basis.choices, help_text="Of a reported line with two values the official one."
    )
    version = serializers.IntegerField()


class ProgrammeDetailOut(ProgrammeOut):
    targets = TargetOut(many=True)


class IndicatorOut(Sourced):
    code = serializers.CharField()
    order = serializers.IntegerField()
    name_vi = serializers.CharField()
    name_en = serializers.CharField()
    text_vi = serializers.CharField(allow_blank=True)
    text_en = serializers.CharField(allow_blank=True)
    how = serializers.ChoiceField(choices=Indicator.How.choices)
    measure = serializers.ChoiceField(choices=Indicator.Measure.choices)
    targets = TargetOut(many=True)


class IndicatorsOut(Out):
    results = IndicatorOut(many=True)


class BoundIn(Strict):
    num = Whole(min_value=0, max_value=LARGEST)
    den = Whole(min_value=1, max_value=LARGEST)

    def to_internal_value(self, data: Any) -> Bound:
        return Bound(**super().to_internal_value(data))


class TargetIn(SourcedIn):
    programme = CleanText(max_length=50)
    indicator = Code()
    comparison = serializers.ChoiceField(choices=Target.Comparison.choices)
    minimum = BoundIn()
    maximum = BoundIn(required=False, allow_null=True)
    from_date = Day()


class TargetChangeIn(Strict):
    comparison = serializers.ChoiceField(choices=Target.Comparison.choices, required=False)
    minimum = BoundIn(required=False)
    maximum = BoundIn(required=False, allow_null=True)
    official = serializers.ChoiceField(choices=Basis.choices, required=False)
    reason = CleanText(max_length=LONGEST_REASON)

    def get_fields(self) -> dict[str, AnyField]:
        return {**super().get_fields(), "source": _new_source()}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return _changing(attrs)


def _new_source() -> AnyField:
    return CleanText(max_length=LONGEST_SOURCE, required=False)


def _changing(attrs: dict[str, Any]) -> dict[str, Any]:
    if attrs.keys() <= {"reason"}:
        raise refusal("nothing_to_change")
    return attrs


def _kept(found: Programme | TargetLine, names: tuple[str, ...]) -> dict[str, Any]:
    """What stands there now: of a change the fields that its body does not name."""
    return {name: getattr(found, name) for name in names}


class Programmes(Endpoint):
    needs = {"GET": Capability.READ_COVERAGE, "POST": Capability.WRITE_PROGRAMMES}

    @extend_schema(operation_id="programmes_list", responses=ProgrammesOut)
    def get(self, request: Request) -> Response:
        return Response(ProgrammesOut({"results": plans_read.programmes()}).data)

    @extend_schema(
        operation_id="programmes_add", request=ProgrammeIn, responses={201: ProgrammeOut}
    )
    @once
    def post(self, request: Request) -> Response:
        programme = services.add_programme(**self.body(ProgrammeIn), actor=self.actor, now=self.now)
        return Response(ProgrammeOut(programme).data, status=201)


class ProgrammeDetail(Endpoint):
    needs = {"GET": Capability.READ_COVERAGE, "PATCH": Capability.WRITE_PROGRAMMES}

    @extend_schema(operation_id="programmes_read", responses=ProgrammeDetailOut)
    def get(self, request: Request, programme_id: int) -> Response:
        return self._shown(programme_id)

    @extend_schema(
        operation_id="programmes_change",
        parameters=[IF_MATCH],
        request=ProgrammeChangeIn,
        responses=ProgrammeDetailOut,
    )
    def patch(self, request: Request, programme_id: int) -> Response:
        said = self.body(ProgrammeChangeIn)
        found = plans_read.programme(programme_id)
        names = ("name_vi", "name_en", "starts", "ends", "source")
        services.change_programme(
            programme_id=programme_id,
            version=self.expected_version(),
            actor=self.actor,
            now=self.now,
            **{**_kept(found, names), **said},
        )
        return self._shown(programme_id)

    def _shown(self, programme_id: int) -> Response:
        found = plans_read.plan(programme_id)
        lines = [plans_read.target(row) for row in found.targets.all()]
        shown = ProgrammeOut(found).data | {"targets": TargetOut(lines, many=True).data}
        return tagged(shown, found.version)


class Indicators(Endpoint):
    needs = {"GET": Capability.READ_COVERAGE}

    @extend_schema(operation_id="indicators_list", responses=IndicatorsOut)
    def get(self, request: Request) -> Response:
        return Response(IndicatorsOut({"results": plans_read.indicators()}).data)


class Targets(Endpoint):
    needs = {"POST": Capability.WRITE_PROGRAMMES}

    @extend_schema(operation_id="targets_set", request=TargetIn, responses={201: TargetOut})
    @once
    def post(self, request: Request) -> Response:
        target = services.set_target(**self.body(TargetIn), actor=self.actor, now=self.now)
        return Response(TargetOut(plans_read.target(target)).data, status=201)


class TargetDetail(Endpoint):
    needs = {"GET": Capability.READ_COVERAGE, "PATCH": Capability.WRITE_PROGRAMMES}

    @extend_schema(operation_id="targets_read", responses=TargetOut)
    def get(self, request: Request, target_id: int) -> Response:
        return self._shown(target_id)

    @extend_schema(
        operation_id="targets_change",
        parameters=[IF_MATCH],
        request=TargetChangeIn,
        responses=TargetOut,
    )
    def patch(self, request: Request, target_id: int) -> Response:
        said = self.body(TargetChangeIn)
        found = plans_read.target(plans_read.target_of(target_id))
        names = ("comparison", "minimum", "maximum", "source", "official")
        services.change_target(
            target_id=target_id,
            version=self.expected_version(),
            actor=self.actor,
            now=self.now,
            **{**_kept(found, names), **said},
        )
        return self._shown(target_id)

    def _shown(self, target_id: int) -> Response:
        found = plans_read.target(plans_read.target_of(target_id))
        return tagged(TargetOut(found).data, found.version)
