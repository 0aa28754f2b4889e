from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import Endpoint, NoBody
from api.fields import CleanText, Code, Day, Out
from api.paging import Page, PageQuery, page_of
from api.views.jobs import JobOut, accepted
from linkage.jobs.models import Event
from linkage.registry import audit_log
from linkage.registry.access import Capability


class AuditChainOut(Out):
    verified_at = serializers.DateTimeField(source="at", allow_null=True)
    verified_to = serializers.IntegerField(
        source="seen", allow_null=True, help_text="The last row of the chain that was whole."
    )
    broken = serializers.CharField(
        allow_blank=True, help_text="Where the last verification found it broken."
    )
    job = serializers.IntegerField(source="job_id", allow_null=True)


class AuditEventOut(Out):
    id = serializers.IntegerField()
    seq = serializers.IntegerField(allow_null=True, help_text="Its row of the chain.")
    hash = serializers.CharField(allow_null=True)
    at = serializers.DateTimeField()
    actor = serializers.IntegerField(allow_null=True, help_text="The account; null: the server.")
    subject_kind = serializers.CharField()
    subject = serializers.CharField()
    kind = serializers.CharField()
    read = serializers.DictField(
        allow_null=True, help_text="Of a reading: of which subjects what was shown."
    )


class AuditOut(Out):
    standing = AuditChainOut()
    next = serializers.URLField(allow_null=True)
    results = AuditEventOut(many=True)


class AuditQuery(PageQuery):
    on = Day(required=False)
    username = CleanText(required=False, max_length=150)
    subject_kind = Code(required=False)
    subject = Code(required=False)
    kind = Code(required=False)


def line_of(event: Event) -> dict[str, Any]:
    """An event as this door shows it; what was changed stands at its subject."""
    seal = getattr(event, "seal", None)
    return {
        "id": event.pk,
        "seq": seal.seq if seal else None,
        "hash": seal.hash if seal else None,
        "at": event.at,
        "actor": event.actor_id,
        "subject_kind": event.subject_kind,
        "subject": event.subject_id,
        "kind": event.kind,
        "read": event.data if event.subject_kind == "reading" else None,
    }


class Audit(Endpoint):
    needs = {"GET": Capability.READ_AUDIT}
    query = AuditQuery

    @extend_schema(operation_id="audit_list", parameters=[AuditQuery], responses=AuditOut)
    def get(self, request: Request) -> Response:
        names = ("on", "username", "subject_kind", "kind")
        asked = {name: self.asked.get(name) for name in names}
        filters = audit_log.Filters(**asked, subject_id=self.asked.get("subject"))
        rows = audit_log.log(actor=self.actor, filters=filters)
        page: Page = page_of(rows, request, self.asked, order=("-id",))
        found = {
            "standing": audit_log.standing(actor=self.actor),
            "next": page.next,
            "results": [line_of(event) for event in page.results],
        }
        return Response(AuditOut(found).data)


class AuditVerification(Endpoint):
    needs = {"POST": Capability.VERIFY_AUDIT}

    @extend_schema(operation_id="audit_verify", request=None, responses={202: JobOut})
    def post(self, request: Request) -> Response:
        self.body(NoBody)
        return accepted(audit_log.ask_verification(actor=self.actor, now=self.now))
