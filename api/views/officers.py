from __future__ import annotations

from typing import Any

from django.http import FileResponse
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from api.endpoint import Endpoint, NoBody
from api.fields import CleanText, Code, Day, Few, Out, Strict, WholeInQuery
from api.once import once
from api.paging import LARGEST_PAGE
from api.views.evidence import DOWNLOAD, LARGEST_UPLOAD, ScanIn, handed_out
from api.views.own_linkages import ContactPersonOut
from linkage.registry import officer_queries, services
from linkage.registry.access import Capability, Relation
from linkage.registry.models import (
    Call,
    Deed,
    OfficerAct,
    OfficerConsent,
    Role,
    RoleGrant,
)
from linkage.registry.services.officers import LONGEST_NOTE
from linkage.suggestions import ringing
from linkage.suggestions.ringing import Dossier, Line

MOST_COMMUNES = 200


class ReasonOut(Out):
    why = serializers.CharField(help_text="match, buyers, consent_ends, ...: most urgent first.")
    number = serializers.IntegerField(help_text="Of matches, buyers, questions or acts.")
    share = serializers.IntegerField(help_text="Of a match: how well it fits, out of 10,000.")
    day = serializers.DateField(allow_null=True)


class CallLineOut(Out):
    organisation_id = serializers.IntegerField()
    name = serializers.CharField()
    commune = serializers.CharField(allow_null=True)
    linked = serializers.BooleanField()
    reasons = ReasonOut(many=True)
    product = serializers.CharField(allow_blank=True, help_text="What the buyers look for.")
    deeds = serializers.ListField(
        child=serializers.ChoiceField(choices=Deed.choices),
        help_text="What it lets the officer do for it.",
    )


class CallsQuery(Strict):
    page = WholeInQuery(required=False, min_value=1, help_text="Of 100; the first without it.")


class CallsOut(Out):
    count = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    results = CallLineOut(many=True)


class ConsentScanOut(Out):
    id = serializers.IntegerField()
    sha256 = serializers.CharField()
    name = serializers.CharField()
    media_type = serializers.CharField()
    size = serializers.IntegerField()
    uploaded_at = serializers.DateTimeField()


class ConsentOut(Out):
    id = serializers.IntegerField()
    officer = serializers.CharField()
    given_by = serializers.CharField()
    way = serializers.ChoiceField(choices=OfficerConsent.Way.choices)
    given_on = serializers.DateField()
    until = serializers.DateField()
    deeds = serializers.ListField(child=serializers.ChoiceField(choices=Deed.choices))
    note = serializers.CharField(allow_blank=True)
    withdrawn_at = serializers.SerializerMethodField()
    scans = serializers.SerializerMethodField()

    def get_withdrawn_at(self, consent: OfficerConsent) -> str | None:
        end = getattr(consent, "end", None)
        return end.ended_at.isoformat() if end else None

    @extend_schema_field(ConsentScanOut(many=True))
    def get_scans(self, consent: OfficerConsent) -> Any:
        return ConsentScanOut(consent.scans.all(), many=True).data


class OfficerActOut(Out):
    officer = serializers.CharField(source="consent.officer")
    kind = serializers.CharField()
    subject_kind = serializers.CharField()
    subject_id = serializers.IntegerField()
    done_at = serializers.DateTimeField()
    told_at = serializers.DateTimeField(allow_null=True)
    told_on_phone_at = serializers.DateTimeField(allow_null=True)


class CallOut(Out):
    outcome = serializers.ChoiceField(choices=Call.Outcome.choices)
    again_on = serializers.DateField()
    note = serializers.CharField(allow_blank=True)
    rang_at = serializers.DateTimeField()


class DossierOut(Out):
    line = CallLineOut()
    contacts = ContactPersonOut(many=True, help_text="Reading them is noted.")
    consents = ConsentOut(many=True)
    calls = CallOut(many=True)
    untold = OfficerActOut(many=True, help_text="Nobody could be told but on the telephone.")


class OwnConsentsOut(Out):
    consents = ConsentOut(many=True)
    acts = OfficerActOut(many=True)


class ToldOut(Out):
    told = serializers.IntegerField()


class CallIn(Strict):
    outcome = serializers.ChoiceField(choices=Call.Outcome.choices)
    again_on = Day(required=False, allow_null=True)
    note = CleanText(required=False, allow_blank=True, max_length=LONGEST_NOTE)


class ConsentIn(Strict):
    given_by = CleanText(max_length=150)
    way = serializers.ChoiceField(choices=OfficerConsent.Way.choices)
    given_on = Day()
    until = Day()
    deeds = Few(child=serializers.ChoiceField(choices=Deed.choices))
    note = CleanText(required=False, allow_blank=True, max_length=LONGEST_NOTE)


class GrantIn(Strict):
    role = serializers.ChoiceField(choices=Role.choices)
    starts = Day()
    ends = Day(required=False, allow_null=True)
    communes = serializers.ListField(
        child=Code(max_length=5),
        required=False,
        max_length=MOST_COMMUNES,
        help_text="A field officer’s area.",
    )


class GrantOut(Out):
    id = serializers.IntegerField()
    role = serializers.ChoiceField(choices=Role.choices)
    starts = serializers.DateField()
    ends = serializers.DateField(allow_null=True)
    communes = serializers.SerializerMethodField()

    def get_communes(self, grant: RoleGrant) -> list[str]:
        return sorted(commune.pk for commune in grant.communes.all())


def line_of(line: Line) -> dict[str, Any]:
    """A co-op of the list as this door shows it."""
    return {
        "organisation_id": line.ring.organisation_id,
        "name": line.name,
        "commune": line.commune,
        "linked": line.ring.linked,
        "product": line.product,
        "deeds": sorted(line.deeds),
        "reasons": [
            {
                "why": reason.why.name.lower(),
                "number": reason.number,
                "share": reason.share,
                "day": reason.day,
            }
            for reason in line.ring.reasons
        ],
    }


# What a field officer does about one organisation of its area.
class OfArea(Endpoint):
    def asked_of(self, organisation_id: int) -> dict[str, Any]:
        return {"actor": self.actor, "organisation_id": organisation_id}

    def dossier(self, organisation_id: int, status: int = 200) -> Response:
        asked = self.asked_of(organisation_id)
        found: Dossier = ringing.dossier(**asked, on=self.today)
        body = {
            "line": line_of(found.line),
            "contacts": services.read_contacts(**asked, now=self.now),
            "consents": found.consents,
            "calls": found.calls,
            "untold": found.untold,
        }
        return Response(DossierOut(body).data, status=status)


class Calls(Endpoint):
    needs = {"GET": Relation.OFFICER}
    query = CallsQuery

    @extend_schema(operation_id="calls_list", parameters=[CallsQuery], responses=CallsOut)
    def get(self, request: Request) -> Response:
        lines = ringing.to_ring(actor=self.actor, on=self.today)
        page = self.asked.get("page", 1)
        # In the order of whom to ring, which is no order of rows: a page is a number.
        after, before = page * LARGEST_PAGE, (page - 1) * LARGEST_PAGE
        there, more = request.build_absolute_uri(), after < len(lines)
        body = {
            "count": len(lines),
            "next": replace_query_param(there, "page", page + 1) if more else None,
            "results": [line_of(line) for line in lines[before:after]],
        }
        return Response(CallsOut(body).data)


class CallDetail(OfArea):
    needs = {"GET": Relation.OFFICER, "POST": Relation.OFFICER}

    @extend_schema(operation_id="calls_read", responses=DossierOut)
    def get(self, request: Request, organisation_id: int) -> Response:
        return self.dossier(organisation_id)

    @extend_schema(operation_id="calls_note", request=CallIn, responses={201: CallOut})
    @once
    def post(self, request: Request, organisation_id: int) -> Response:
        made = services.note_call(
            **self.asked_of(organisation_id), now=self.now, **self.body(CallIn)
        )
        return Response(CallOut(made).data, status=201)


class CallTold(OfArea):
    needs = {"POST": Relation.OFFICER}

    @extend_schema(operation_id="calls_told", request=None, responses=ToldOut)
    def post(self, request: Request, organisation_id: int) -> Response:
        self.body(NoBody)
        told = services.say_told(**self.asked_of(organisation_id), now=self.now)
        return Response(ToldOut({"told": told}).data)


class CallConsents(OfArea):
    needs = {"POST": Relation.OFFICER}

    @extend_schema(operation_id="consents_record", request=ConsentIn, responses={201: ConsentOut})
    @once
    def post(self, request: Request, organisation_id: int) -> Response:
        given = services.Given(**self.body(ConsentIn))
        made = services.record_consent(**self.asked_of(organisation_id), given=given, now=self.now)
        return Response(ConsentOut(made).data, status=201)


class CallConsentWithdraw(OfArea):
    needs = {"POST": Relation.OFFICER}

    @extend_schema(operation_id="consents_withdraw", request=None, responses={204: None})
    def post(self, request: Request, organisation_id: int, consent_id: int) -> Response:
        self.body(NoBody)
        services.withdraw_consent(
            **self.asked_of(organisation_id), consent_id=consent_id, now=self.now
        )
        return Response(status=204)


class CallConsentScans(OfArea):
    needs = {"POST": Relation.OFFICER}
    parser_classes = [MultiPartParser]
    max_bytes = LARGEST_UPLOAD

    @extend_schema(
        operation_id="consents_attach_scan", request=ScanIn, responses={201: ConsentScanOut}
    )
    @once
    def post(self, request: Request, organisation_id: int, consent_id: int) -> Response:
        made = services.attach_consent_scan(
            **self.asked_of(organisation_id),
            consent_id=consent_id,
            now=self.now,
            **self.body(ScanIn),
        )
        return Response(ConsentScanOut(made).data, status=201)


class CallConsentScan(OfArea):
    needs = {"GET": Relation.OFFICER}

    @extend_schema(operation_id="consents_download_scan", responses=DOWNLOAD)
    def get(
        self, request: Request, organisation_id: int, consent_id: int, scan_id: int
    ) -> FileResponse:
        opened = services.open_consent_scan(
            **self.asked_of(organisation_id),
            consent_id=consent_id,
            scan_id=scan_id,
            now=self.now,
        )
        return handed_out(opened)


class OwnConsentScan(OfArea):
    needs = {"GET": Relation.MEMBER}

    @extend_schema(operation_id="own_consents_download_scan", responses=DOWNLOAD)
    def get(
        self, request: Request, organisation_id: int, consent_id: int, scan_id: int
    ) -> FileResponse:
        opened = services.open_own_consent_scan(
            **self.asked_of(organisation_id), consent_id=consent_id, scan_id=scan_id
        )
        return handed_out(opened)


class OwnConsents(OfArea):
    needs = {"GET": Relation.MEMBER}

    @extend_schema(operation_id="own_consents_list", responses=OwnConsentsOut)
    def get(self, request: Request, organisation_id: int) -> Response:
        found = officer_queries.of_officers(**self.asked_of(organisation_id))
        body: dict[str, tuple[OfficerConsent, ...] | tuple[OfficerAct, ...]] = {
            "consents": found.consents,
            "acts": found.acts,
        }
        return Response(OwnConsentsOut(body).data)


class OwnConsentWithdraw(OfArea):
    needs = {"POST": Relation.MEMBER}

    @extend_schema(operation_id="own_consents_withdraw", request=None, responses={204: None})
    def post(self, request: Request, organisation_id: int, consent_id: int) -> Response:
        self.body(NoBody)
        services.withdraw_consent(
            **self.asked_of(organisation_id), consent_id=consent_id, now=self.now
        )
        return Response(status=204)


class AccountRoles(Endpoint):
    needs = {"POST": Capability.MANAGE_ACCOUNTS}

    @extend_schema(operation_id="roles_grant", request=GrantIn, responses={201: GrantOut})
    @once
    def post(self, request: Request, user_id: int) -> Response:
        given = self.body(GrantIn)
        given.setdefault("ends", None)
        made = services.grant_role(actor=self.actor, user_id=user_id, now=self.now, **given)
        return Response(GrantOut(made).data, status=201)


class RoleEnd(Endpoint):
    needs = {"POST": Capability.MANAGE_ACCOUNTS}

    @extend_schema(operation_id="roles_end", request=None, responses={204: None})
    def post(self, request: Request, grant_id: int) -> Response:
        self.body(NoBody)
        services.revoke_role(actor=self.actor, grant_id=grant_id, on=self.today, now=self.now)
        return Response(status=204)
