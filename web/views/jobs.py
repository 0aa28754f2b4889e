from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render

from linkage.jobs import queries, services
from linkage.registry.access import Capability, allows
from web.door import ActorRequest, page
from web.jobwords import JobPage, page_of


def _shown(request: ActorRequest, job_id: int) -> JobPage:
    return page_of(
        queries.get(job_id),
        worker_alive=queries.worker_is_alive(request.now),
        may_steer=allows(request.actor, Capability.WRITE_JOBS),
    )


@page(Capability.READ_JOBS)
def job(request: ActorRequest, job_id: int) -> HttpResponse:
    return render(request, "web/jobs/job.html", {"job": _shown(request, job_id)})


@page(Capability.READ_JOBS)
def progress(request: ActorRequest, job_id: int) -> HttpResponse:
    return render(request, "web/jobs/progress.html", {"job": _shown(request, job_id)})


@page(Capability.WRITE_JOBS, methods=("POST",))
def cancel(request: ActorRequest, job_id: int) -> HttpResponse:
    services.cancel(job_id=job_id, now=request.now)
    return redirect("web:job", job_id)


@page(Capability.WRITE_JOBS, methods=("POST",))
def retry(request: ActorRequest, job_id: int) -> HttpResponse:
    services.retry(job_id=job_id, now=request.now)
    return redirect("web:job", job_id)
