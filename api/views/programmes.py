from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import Endpoint
from api.fields import CleanText, Code, Day, Out, Sourced, SourcedIn, Strict, Whole
from api.once import once
from api.views.coverage import BoundOut
from linkage.coverage import plans_read, services
from linkage.coverage.models import Indicator, Target
from linkage.coverage.targets import Bound
from linkage.registry.access import Capability

LARGEST_BOUND = 2_147_483_647


class ProgrammeOut(Sourced):
    id = serializers.IntegerField()
    code = serializers.CharField()
    name_vi = serializers.CharField()
    name_en = serializers.CharField()
    starts = serializers.DateField()
    ends = serializers.DateField()
    territory = serializers.CharField(allow_blank=True)


class ProgrammesOut(Out):
    results = ProgrammeOut(many=True)


class ProgrammeIn(SourcedIn):
    code = CleanText(max_length=50)
    name_vi = CleanText()
    name_en = CleanText()
    starts = Day()
    ends = Day()
    territory = CleanText(max_length=50, required=False, allow_blank=True)


class TargetOut(Sourced):
    id = serializers.IntegerField()
    programme = serializers.CharField()
    indicator = serializers.CharField(source="indicator_id")
    comparison = serializers.ChoiceField(choices=Target.Comparison.choices)
    minimum = BoundOut()
    maximum = BoundOut(allow_null=True)
    from_date = serializers.DateField()


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
    num = Whole(min_value=0, max_value=LARGEST_BOUND)
    den = Whole(min_value=1, max_value=LARGEST_BOUND)

    def to_internal_value(self, data: Any) -> Bound:
        return Bound(**super().to_internal_value(data))


class TargetIn(SourcedIn):
    programme = CleanText(max_length=50)
    indicator = Code()
    comparison = serializers.ChoiceField(choices=Target.Comparison.choices)
    minimum = BoundIn()
    maximum = BoundIn(required=False, allow_null=True)
    from_date = Day()


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
        programme = services.add_programme(
            **self.body(ProgrammeIn), actor_id=self.actor.user_id, now=self.now
        )
        return Response(ProgrammeOut(programme).data, status=201)


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
        target = services.set_target(
            **self.body(TargetIn), actor_id=self.actor.user_id, now=self.now
        )
        return Response(TargetOut(plans_read.target(target)).data, status=201)
