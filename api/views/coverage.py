from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import Endpoint
from api.fields import CleanText, Code, Day, Out, Sourced, Strict
from api.once import once
from api.paging import Page, PageQuery, page_of
from api.views.jobs import JobOut, accepted
from linkage.agreements.models import Evidence
from linkage.coverage import document, opened, queries
from linkage.coverage.models import Basis, Snapshot
from linkage.coverage.targets import BELOW, NO_DATA, REACHED
from linkage.errors import NotFound
from linkage.jobs.services import submit
from linkage.registry.access import Capability


class NoSnapshot(NotFound):
    """Nothing was computed for that day yet."""

    code = "snapshot_missing"
    words = _(
        "No snapshot was taken for that day. Ask for one with POST /api/v1/coverage/jobs and its "
        "as_of, and read again when the job is done."
    )


class BoundOut(Out):
    num = serializers.IntegerField()
    den = serializers.IntegerField()


class OtherReadingOut(Out):
    numerator = serializers.IntegerField()
    denominator = serializers.IntegerField()
    percent_tenths = serializers.IntegerField(help_text="Tenths of a percent, rounded down.")


class ShareOut(OtherReadingOut):
    target_min = BoundOut(allow_null=True)
    target_max = BoundOut(allow_null=True)
    missing = serializers.IntegerField(allow_null=True)
    status = serializers.ChoiceField(choices=[REACHED, BELOW, NO_DATA], allow_null=True)
    other_reading = OtherReadingOut(required=False)


class UnsettledOut(Out):
    organisations = serializers.IntegerField()
    places = serializers.IntegerField()
    sectors = serializers.IntegerField()


class ReportedOut(Sourced):
    indicator = serializers.CharField()
    basis = serializers.ChoiceField(choices=Basis.choices)
    as_of = serializers.DateField(help_text="The day of the value itself.")
    numerator = serializers.IntegerField()
    denominator = serializers.IntegerField(allow_null=True)
    percent_tenths = serializers.IntegerField(allow_null=True)
    answered = serializers.IntegerField(
        allow_null=True, help_text="Of a sum of yearly returns: how many cooperatives answered."
    )
    asked = serializers.IntegerField(allow_null=True, help_text="Of how many active ones.")


class SnapshotOut(Out):
    id = serializers.IntegerField()
    as_of = serializers.DateField()
    taken_at = serializers.DateTimeField()
    rule_version = serializers.CharField()
    inputs_hash = serializers.CharField()
    job_id = serializers.IntegerField(allow_null=True)


class SnapshotsOut(Out):
    next = serializers.URLField(allow_null=True)
    results = SnapshotOut(many=True)


class FigureOut(Out):
    snapshot = SnapshotOut()
    as_of = serializers.DateField()
    evidence = serializers.ChoiceField(choices=Evidence.choices)
    territory = serializers.CharField(allow_null=True)
    planned = serializers.BooleanField()
    indicators = serializers.DictField(child=ShareOut())
    counts = serializers.DictField(child=serializers.IntegerField(), allow_null=True)
    reported = ReportedOut(many=True, allow_null=True)
    to_be_settled = UnsettledOut(allow_null=True)


class FigureQuery(Strict):
    as_of = Day(required=False)
    evidence = serializers.ChoiceField(choices=Evidence.choices, required=False)
    territory = CleanText(required=False, max_length=100)


class MembersQuery(PageQuery):
    indicator = Code()
    as_of = Day(required=False)
    evidence = serializers.ChoiceField(choices=Evidence.choices, required=False)
    territory = CleanText(required=False, max_length=100)
    shown = serializers.ChoiceField(choices=["all", "linked", "not_linked"], required=False)


class MemberOut(Out):
    id = serializers.IntegerField()
    name = serializers.CharField()
    linked = serializers.BooleanField()
    linkages = serializers.ListField(child=serializers.IntegerField())


class MembersOut(Out):
    snapshot = SnapshotOut()
    numerator = serializers.IntegerField()
    denominator = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    results = MemberOut(many=True)


class SnapshotsQuery(PageQuery):
    as_of = Day(required=False)


class ComputeIn(Strict):
    as_of = Day()


def _snapshot(as_of: date | None, today: date) -> Snapshot:
    """The newest one of the day; without a day, of the last day that has come."""
    found = queries.newest(today) if as_of is None else queries.latest(as_of)
    if found is None:
        raise NoSnapshot
    return found


def _report(asked: dict[str, Any], snapshot: Snapshot, today: date) -> queries.Report:
    return opened.report_of(
        snapshot,
        evidence=asked.get("evidence", Evidence.VERIFIED),
        territory=asked.get("territory"),
        today=today,
    )


class Coverage(Endpoint):
    """Without parameters the public figure, the same for everybody; with one, an office's."""

    needs = {"GET": None}
    query = FigureQuery

    @extend_schema(operation_id="coverage_read", parameters=[FigureQuery], responses=FigureOut)
    def get(self, request: Request) -> Response:
        if not self.asked:
            snapshot = _snapshot(None, self.today)
            return Response(FigureOut(opened.public_document(snapshot)).data)
        self.demand(request, Capability.READ_COVERAGE)
        snapshot = _snapshot(self.asked.get("as_of"), self.today)
        whole = document.of_report(_report(self.asked, snapshot, self.today))
        return Response(FigureOut({**whole, "snapshot": snapshot}).data)


class CoverageMembers(Endpoint):
    needs = {"GET": Capability.READ_COVERAGE}
    query = MembersQuery

    @extend_schema(operation_id="coverage_members", parameters=[MembersQuery], responses=MembersOut)
    def get(self, request: Request) -> Response:
        snapshot = _snapshot(self.asked.get("as_of"), self.today)
        report = _report(self.asked, snapshot, self.today)
        figure = opened.open_indicator(report, self.asked["indicator"])
        rows = figure.organisations(self.asked.get("shown", "all"))
        page: Page = page_of(rows, request, self.asked, order=("sort_key", "id"))
        share = {"numerator": figure.share.numerator, "denominator": figure.share.denominator}
        found = {"snapshot": snapshot, "next": page.next, "results": figure.members(page.results)}
        return Response(MembersOut({**share, **found}).data)


class CoverageJobs(Endpoint):
    needs = {"POST": Capability.COMPUTE_COVERAGE}

    @extend_schema(operation_id="coverage_compute", request=ComputeIn, responses={202: JobOut})
    @once
    def post(self, request: Request) -> Response:
        as_of = self.body(ComputeIn)["as_of"]
        return accepted(
            submit(
                kind="coverage.snapshot",
                args={"as_of": as_of.isoformat()},
                now=self.now,
                created_by_id=self.actor.user_id,
            )
        )


class Snapshots(Endpoint):
    needs = {"GET": Capability.READ_COVERAGE}
    query = SnapshotsQuery

    @extend_schema(
        operation_id="snapshots_list", parameters=[SnapshotsQuery], responses=SnapshotsOut
    )
    def get(self, request: Request) -> Response:
        rows = opened.snapshots(self.asked.get("as_of"))
        page: Page = page_of(rows, request, self.asked, order=("-id",))
        return Response(SnapshotsOut(page).data)
