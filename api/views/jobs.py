from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import Endpoint, NoBody
from api.fields import Code, Out
from api.paging import Page, PageQuery, page_of
from linkage.jobs import queries, services
from linkage.jobs.models import Job
from linkage.registry.access import Capability


class JobOut(Out):
    id = serializers.IntegerField()
    kind = serializers.CharField()
    args = serializers.DictField()
    state = serializers.ChoiceField(choices=Job.State.choices)
    attempts = serializers.IntegerField()
    progress_done = serializers.IntegerField()
    progress_total = serializers.IntegerField()
    cancel_requested = serializers.BooleanField()
    result = serializers.DictField(allow_null=True)
    error_code = serializers.CharField(allow_blank=True)
    error_text = serializers.CharField(allow_blank=True)
    created_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)


class JobsOut(Out):
    next = serializers.URLField(allow_null=True)
    results = JobOut(many=True)


class JobsQuery(PageQuery):
    kind = Code(required=False)
    state = serializers.ChoiceField(choices=Job.State.choices, required=False)


def accepted(job: Job) -> Response:
    """202 with the job, and where to look at it again."""
    return Response(JobOut(job).data, status=202, headers={"Location": f"/api/v1/jobs/{job.pk}"})


class Jobs(Endpoint):
    needs = {"GET": Capability.READ_JOBS}
    query = JobsQuery

    @extend_schema(operation_id="jobs_list", parameters=[JobsQuery], responses=JobsOut)
    def get(self, request: Request) -> Response:
        declared = {name: self.asked[name] for name in ("kind", "state") if name in self.asked}
        page: Page = page_of(Job.objects.filter(**declared), request, self.asked, order=("-id",))
        return Response(JobsOut(page).data)


class JobDetail(Endpoint):
    needs = {"GET": Capability.READ_JOBS}

    @extend_schema(operation_id="jobs_read", responses=JobOut)
    def get(self, request: Request, job_id: int) -> Response:
        return Response(JobOut(queries.get(job_id)).data)


class JobCancel(Endpoint):
    needs = {"POST": Capability.WRITE_JOBS}

    @extend_schema(operation_id="jobs_cancel", request=None, responses=JobOut)
    def post(self, request: Request, job_id: int) -> Response:
        self.body(NoBody)
        return Response(JobOut(services.cancel(job_id=job_id, now=self.now)).data)


class JobRetry(Endpoint):
    needs = {"POST": Capability.WRITE_JOBS}

    @extend_schema(operation_id="jobs_retry", request=None, responses={202: JobOut})
    def post(self, request: Request, job_id: int) -> Response:
        self.body(NoBody)
        return accepted(services.retry(job_id=job_id, now=self.now))
