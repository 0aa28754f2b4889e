from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from api import json_body
from api.endpoint import IF_MATCH, Endpoint, NoBody, tagged
from api.fields import AnyField, CleanText, Out, Strict, refusal
from api.once import once
from api.paging import Page, PageQuery, page_of
from api.views.jobs import JobOut, accepted
from linkage.intake import asking, opening, queries, services
from linkage.intake.models import ImportBatch, PairDecision
from linkage.intake.reading.package import MAX_FILE_BYTES
from linkage.jobs.models import Job
from linkage.registry.access import Capability

# The largest workbook that is read, and the form round it.
LARGEST_UPLOAD = MAX_FILE_BYTES + 1024 * 1024
LONGEST_MAPPING = 100_000
_Made = TypeVar("_Made")


class BatchOut(Out):
    id = serializers.IntegerField()
    file_name = serializers.CharField()
    sha256 = serializers.CharField()
    came_from = serializers.CharField()
    legal_basis = serializers.CharField()
    mapping = serializers.DictField()
    state = serializers.ChoiceField(choices=ImportBatch.State.choices)
    version = serializers.IntegerField(help_text="Grows whenever something is settled; the ETag.")
    uploaded_by_id = serializers.IntegerField(allow_null=True)
    created_at = serializers.DateTimeField()
    applied_at = serializers.DateTimeField(allow_null=True)
    undone_at = serializers.DateTimeField(allow_null=True)
    carried_from_id = serializers.IntegerField(
        allow_null=True, help_text="An earlier batch of this file, whose corrections came along."
    )


class BatchesOut(Out):
    next = serializers.URLField(allow_null=True)
    results = BatchOut(many=True)


class ImportRowOut(Out):
    id = serializers.IntegerField()
    sheet = serializers.CharField()
    row = serializers.IntegerField()
    kind = serializers.CharField()
    code = serializers.CharField(allow_blank=True)
    raw = serializers.DictField()
    overrides = serializers.DictField()


class BatchDetailOut(BatchOut):
    failure = serializers.DictField(
        help_text="Why the last preview failed, and the headers that were found; else empty."
    )
    rows = ImportRowOut(many=True, allow_null=True, help_text="For those who may correct them.")


class PlaceOut(Out):
    sheet = serializers.CharField()
    row = serializers.IntegerField(allow_null=True, help_text="Excel's number of the row.")


class FindingOut(PlaceOut):
    stt = serializers.IntegerField(allow_null=True)
    kind = serializers.CharField(help_text="organisation, linkage, certificate, history, table.")
    code = serializers.CharField()
    field = serializers.CharField(allow_null=True)
    message = serializers.CharField()
    value = serializers.CharField(allow_blank=True)
    party = serializers.CharField(allow_null=True)


class DuplicateOut(PlaceOut):
    stt = serializers.IntegerField(allow_null=True)
    kind = serializers.CharField()
    same_as_sheet = serializers.CharField()
    same_as_row = serializers.IntegerField()
    why = serializers.CharField()


class LikelyDuplicateOut(DuplicateOut):
    same_as_sheet = serializers.CharField(allow_null=True)
    same_as_row = serializers.IntegerField(allow_null=True)
    same_as_id = serializers.IntegerField(
        allow_null=True, help_text="The register's organisation, where it is no row of this file."
    )
    same_as_name = serializers.CharField(allow_null=True)
    held = serializers.BooleanField()
    first_key = serializers.CharField()
    second_key = serializers.CharField()
    decision = serializers.CharField(allow_null=True)


class ImportCorrectionOut(PlaceOut):
    field = serializers.CharField()
    before = serializers.JSONField()
    after = serializers.JSONField(allow_null=True)
    rule = serializers.CharField(help_text="Applied to `before` it gives `after`.")
    proof = serializers.CharField()


class ImportChangeOut(PlaceOut):
    kind = serializers.CharField(help_text="organisation, linkage, certificate.")
    id = serializers.IntegerField()
    name = serializers.CharField()
    name_of_field = serializers.CharField()
    field = serializers.CharField(help_text="The column as the file calls it.")
    before = serializers.CharField(allow_null=True)
    after = serializers.CharField(allow_null=True)
    is_day = serializers.BooleanField()


class ConflictOut(PlaceOut):
    kind = serializers.CharField()
    id = serializers.IntegerField()
    field = serializers.CharField()
    name = serializers.CharField()
    ours = serializers.CharField(allow_null=True)
    file = serializers.CharField(allow_null=True)
    is_day = serializers.BooleanField()


class SkippedOut(PlaceOut):
    why = serializers.CharField()
    text = serializers.CharField()


class UnmappedColumnOut(Out):
    sheet = serializers.CharField()
    header = serializers.CharField()
    kind = serializers.CharField(allow_null=True)
    examples = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="Some of what stands in it."
    )


class KeptOut(Out):
    kind = serializers.CharField()
    id = serializers.IntegerField()
    name = serializers.CharField()


class ReportCountsOut(Out):
    organisations = serializers.IntegerField()
    linkages = serializers.IntegerField()


class CertificateCountsOut(Out):
    accepted = serializers.IntegerField()
    created = serializers.IntegerField()
    updated = serializers.IntegerField()
    unchanged = serializers.IntegerField()


class ReportOut(Out):
    """What the last preview or the application found; empty before the first."""

    organisations = serializers.DictField(child=serializers.IntegerField(), required=False)
    linkages_accepted = serializers.IntegerField(required=False)
    certificates = CertificateCountsOut(required=False)
    created = ReportCountsOut(required=False)
    updated = ReportCountsOut(required=False)
    unchanged = ReportCountsOut(required=False)
    refused = FindingOut(many=True, required=False)
    duplicates = DuplicateOut(many=True, required=False)
    likely_duplicates = LikelyDuplicateOut(many=True, required=False)
    corrections = ImportCorrectionOut(many=True, required=False)
    warnings = FindingOut(many=True, required=False)
    unmapped_columns = UnmappedColumnOut(many=True, required=False)
    not_in_file = KeptOut(many=True, required=False)
    changes = ImportChangeOut(many=True, required=False, help_text="Old and new of each value.")
    conflicts = ConflictOut(many=True, required=False)
    skipped = SkippedOut(many=True, required=False)
    ignored_sheets = serializers.ListField(child=serializers.CharField(), required=False)
    batch = serializers.IntegerField(allow_null=True, required=False)


class BatchJobOut(Out):
    batch = BatchOut()
    job = JobOut()


class RowJobOut(Out):
    row = ImportRowOut()
    job = JobOut()


class DecisionOut(Out):
    id = serializers.IntegerField()
    first_key = serializers.CharField()
    second_key = serializers.CharField()
    verdict = serializers.ChoiceField(choices=PairDecision.Verdict.choices)
    decided_at = serializers.DateTimeField()


class DecisionJobOut(Out):
    decision = DecisionOut()
    job = JobOut()


@extend_schema_field(str)
class MappingText(AnyField):
    """A mapping as JSON in a form's field."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if not isinstance(data, str) or len(data) > LONGEST_MAPPING:
            raise refusal("not_text")
        return json_body.loads(data.encode("utf-8", "surrogatepass"))


class UploadIn(Strict):
    file = serializers.FileField(allow_empty_file=True, max_length=None)
    came_from = CleanText()
    legal_basis = CleanText()
    mapping = MappingText(required=False)


class MappingIn(Strict):
    mapping = serializers.DictField(child=serializers.DictField(child=CleanText()))


class CorrectionIn(Strict):
    overrides = serializers.DictField(
        child=CleanText(max_length=500, allow_blank=True, allow_null=True), allow_empty=False
    )


class DecisionIn(Strict):
    first_key = CleanText(max_length=500)
    second_key = CleanText(max_length=500)
    verdict = serializers.ChoiceField(choices=PairDecision.Verdict.choices)


class ImportEndpoint(Endpoint):
    def ask(self, kind: str, batch_id: int) -> Job:
        """Have a worker do the rest. Raises: NotFound, Conflict, if the batch is past it."""
        return asking.ask(
            kind=kind, batch_id=batch_id, now=self.now, created_by_id=self.actor.user_id
        )

    def settled(self, act: Callable[..., _Made], batch_id: int, **said: Any) -> tuple[_Made, Job]:
        return asking.settled(act, actor=self.actor, batch_id=batch_id, now=self.now, **said)


class Imports(ImportEndpoint):
    needs = {"GET": Capability.READ_IMPORTS, "POST": Capability.WRITE_IMPORTS}
    query = PageQuery
    parser_classes = (MultiPartParser,)
    max_bytes = LARGEST_UPLOAD

    @extend_schema(operation_id="imports_list", parameters=[PageQuery], responses=BatchesOut)
    def get(self, request: Request) -> Response:
        page: Page = page_of(queries.batches(), request, self.asked, order=("-id",))
        return Response(BatchesOut(page).data)

    @extend_schema(operation_id="imports_upload", request=UploadIn, responses={201: BatchJobOut})
    @once
    def post(self, request: Request) -> Response:
        batch, job = asking.uploaded(actor=self.actor, now=self.now, **self.body(UploadIn))
        return Response(
            BatchJobOut({"batch": batch, "job": job}).data,
            status=201,
            headers={"Location": f"/api/v1/imports/{batch.pk}"},
        )


class ImportDetail(ImportEndpoint):
    needs = {"GET": Capability.READ_IMPORTS, "PATCH": Capability.WRITE_IMPORTS}

    @extend_schema(operation_id="imports_read", responses=BatchDetailOut)
    def get(self, request: Request, batch_id: int) -> Response:
        batch = asking.shown(batch_id, actor=self.actor, now=self.now)
        return tagged(BatchDetailOut(batch).data, batch["version"])

    @extend_schema(
        operation_id="imports_map",
        parameters=[IF_MATCH],
        request=MappingIn,
        responses={202: BatchJobOut},
    )
    def patch(self, request: Request, batch_id: int) -> Response:
        mapping = self.body(MappingIn)["mapping"]
        said = {"version": self.expected_version(), "mapping": mapping}
        batch, job = self.settled(services.set_mapping, batch_id, **said)
        return tagged(BatchJobOut({"batch": batch, "job": job}).data, batch.version, 202)


class ImportReport(ImportEndpoint):
    needs = {"GET": Capability.READ_IMPORTS}

    @extend_schema(operation_id="imports_report", responses=ReportOut)
    def get(self, request: Request, batch_id: int) -> Response:
        batch = queries.get(batch_id)
        return Response(opening.open_report(batch=batch, actor=self.actor, now=self.now))


class ImportApply(ImportEndpoint):
    needs = {"POST": Capability.WRITE_IMPORTS}

    @extend_schema(operation_id="imports_apply", request=None, responses={202: JobOut})
    def post(self, request: Request, batch_id: int) -> Response:
        self.body(NoBody)
        return accepted(self.ask("intake.apply", batch_id))


class ImportUndo(ImportEndpoint):
    needs = {"POST": Capability.WRITE_IMPORTS}

    @extend_schema(operation_id="imports_undo", request=None, responses={202: JobOut})
    def post(self, request: Request, batch_id: int) -> Response:
        self.body(NoBody)
        return accepted(self.ask("intake.undo", batch_id))


class ImportRowDetail(ImportEndpoint):
    needs = {"PATCH": Capability.WRITE_IMPORTS}

    @extend_schema(
        operation_id="imports_correct_row",
        parameters=[IF_MATCH],
        request=CorrectionIn,
        responses={202: RowJobOut},
    )
    def patch(self, request: Request, batch_id: int, row_id: int) -> Response:
        overrides = self.body(CorrectionIn)["overrides"]
        place = asking.place_of(batch_id, row_id)
        said = {"version": self.expected_version(), "overrides": overrides}
        row, job = self.settled(services.correct_row, batch_id, **place, **said)
        shown = opening.open_row(row, actor=self.actor, now=self.now)
        return Response(RowJobOut({"row": shown, "job": job}).data, status=202)


class ImportDecisions(ImportEndpoint):
    needs = {"POST": Capability.WRITE_IMPORTS}

    @extend_schema(
        operation_id="imports_decide", request=DecisionIn, responses={201: DecisionJobOut}
    )
    @once
    def post(self, request: Request, batch_id: int) -> Response:
        given = self.body(DecisionIn)
        decision, job = self.settled(services.decide_pair, batch_id, **given)
        return Response(DecisionJobOut({"decision": decision, "job": job}).data, status=201)
