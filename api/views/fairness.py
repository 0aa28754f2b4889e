from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import Endpoint, NoBody
from api.fields import Day, Out, Strict
from api.once import once
from api.paging import Page, PageQuery, page_of
from api.views.jobs import JobOut, accepted
from linkage.errors import NotFound
from linkage.jobs.services import submit
from linkage.registry.access import Capability
from linkage.suggestions import fairness_read
from linkage.suggestions.models import FairnessReport
from linkage.suggestions.reach import SMALL_MEMBERS
from linkage.suggestions.services.measuring import FAIRNESS
from linkage.suggestions.services.overlooked import introduce_overlooked


class NoReport(NotFound):
    """Nothing was measured on that day."""

    code = "fairness_report_missing"
    words = _(
        "Whom suggestions reach was not measured on that day. Ask for today with POST"
        " /api/v1/fairness/jobs, and read again when the job is done."
    )


class FairnessReportOut(Out):
    id = serializers.IntegerField()
    day = serializers.DateField()
    engine = serializers.CharField()
    preference = serializers.IntegerField(help_text="Its weight, out of 10,000.")
    measured_at = serializers.DateTimeField()
    co_ops = serializers.IntegerField(help_text="Co-ops that work and have something open.")
    suggestions = serializers.IntegerField(
        help_text="How often one of them is shown to somebody else."
    )
    nobody = serializers.IntegerField(help_text="Of the co-ops, shown to nobody.")
    overlooked = serializers.IntegerField(help_text="Of these, with a feasible partner.")
    gini_num = serializers.IntegerField(help_text="Gini of how often each is shown, over gini_den.")
    gini_den = serializers.IntegerField()
    most = serializers.IntegerField()
    least = serializers.IntegerField()
    unlinked_suggestions = serializers.IntegerField()
    unlinked_co_ops = serializers.IntegerField()
    small_suggestions = serializers.IntegerField()
    small_co_ops = serializers.IntegerField(help_text=f"With at most {SMALL_MEMBERS} members.")
    score_lost = serializers.IntegerField(
        help_text="What the preference costs in score, over all pairs, out of 10,000 each."
    )
    pairs = serializers.IntegerField(help_text="The three best of each post.")


class FairnessCoOpOut(Out):
    id = serializers.IntegerField(source="organisation_id")
    shown = serializers.IntegerField(help_text="How often it is shown to others.")
    told = serializers.IntegerField(help_text="How often others are shown to it.")
    has_partner = serializers.BooleanField()
    unlinked = serializers.BooleanField()
    small = serializers.BooleanField()
    members = serializers.IntegerField(allow_null=True)


class FairnessCoOpsOut(Out):
    report = FairnessReportOut()
    next = serializers.URLField(allow_null=True)
    results = FairnessCoOpOut(many=True)


class IntroductionOut(Out):
    co_op = serializers.IntegerField(source="organisation_id", help_text="That nobody was shown.")
    offer = serializers.IntegerField(source="offer_id")
    need = serializers.IntegerField(source="need_id")


class IntroductionsOut(Out):
    results = IntroductionOut(many=True)


class FairnessQuery(Strict):
    day = Day(required=False)


class FairnessCoOpsQuery(PageQuery):
    day = Day(required=False)
    shown = serializers.ChoiceField(choices=list(fairness_read.SHOWN), required=False)


def _report(endpoint: Endpoint) -> FairnessReport:
    try:
        return fairness_read.report(actor=endpoint.actor, day=endpoint.asked.get("day"))
    except NotFound:
        raise NoReport from None


class FairnessDetail(Endpoint):
    needs = {"GET": Capability.READ_COVERAGE}
    query = FairnessQuery

    @extend_schema(
        operation_id="fairness_read", parameters=[FairnessQuery], responses=FairnessReportOut
    )
    def get(self, request: Request) -> Response:
        return Response(FairnessReportOut(_report(self)).data)


class FairnessCoOps(Endpoint):
    needs = {"GET": Capability.READ_COVERAGE}
    query = FairnessCoOpsQuery

    @extend_schema(
        operation_id="fairness_co_ops", parameters=[FairnessCoOpsQuery], responses=FairnessCoOpsOut
    )
    def get(self, request: Request) -> Response:
        report = _report(self)
        rows = fairness_read.co_ops(of=report, shown=self.asked.get("shown", "all"))
        page: Page = page_of(rows, request, self.asked, order=("shown", "organisation_id"))
        found = {"report": report, "next": page.next, "results": page.results}
        return Response(FairnessCoOpsOut(found).data)


class FairnessIntroductions(Endpoint):
    needs = {"POST": Capability.WRITE_PLANS}

    @extend_schema(
        operation_id="fairness_introduce", request=NoBody, responses={200: IntroductionsOut}
    )
    @once
    def post(self, request: Request) -> Response:
        self.body(NoBody)
        made = introduce_overlooked(actor=self.actor, now=self.now)
        return Response(IntroductionsOut({"results": made}).data)


class FairnessJobs(Endpoint):
    needs = {"POST": Capability.COMPUTE_COVERAGE}

    @extend_schema(operation_id="fairness_measure", request=NoBody, responses={202: JobOut})
    @once
    def post(self, request: Request) -> Response:
        self.body(NoBody)
        return accepted(
            submit(kind=FAIRNESS, args={}, now=self.now, created_by_id=self.actor.user_id)
        )
