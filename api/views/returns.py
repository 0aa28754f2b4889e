from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import IF_MATCH, Endpoint, NoBody, tagged
from api.fields import CleanText, Out, Strict, Whole, WholeInQuery, YesNo
from api.once import once
from api.paging import Page, PageQuery, page_of
from api.views.linkages import PartyOut
from linkage.coverage import returns_read, services
from linkage.coverage.models import Rating, YearReturn
from linkage.coverage.services.reporting import LARGEST
from linkage.coverage.services.returns import (
    ANSWERS,
    COUNTS,
    LARGEST_VND,
    MONEY,
)
from linkage.registry.access import Capability, Relation
from linkage.registry.values import LONGEST_REASON

LAST_YEAR = 9999
_IN_VND = "In whole đồng."


# What is left out, or null, was not answered.
class FactsIn(Strict):
    rating = serializers.ChoiceField(choices=Rating.choices, required=False, allow_blank=True)

    def get_fields(self) -> dict[str, Any]:
        said: dict[str, Any] = {"required": False, "allow_null": True}
        amount = {"min_value": -LARGEST_VND, "max_value": LARGEST_VND, "help_text": _IN_VND}
        return {
            **{name: Whole(min_value=0, max_value=LARGEST, **said) for name in COUNTS},
            **{name: Whole(**amount, **said) for name in MONEY},
            **super().get_fields(),
            **{name: YesNo(**said) for name in ANSWERS},
        }


class FactsOut(Out):
    rating = serializers.ChoiceField(choices=Rating.choices, allow_blank=True)

    def get_fields(self) -> dict[str, Any]:
        return {
            **{name: serializers.IntegerField(allow_null=True) for name in COUNTS},
            **{
                name: serializers.IntegerField(allow_null=True, help_text=_IN_VND) for name in MONEY
            },
            **super().get_fields(),
            **{name: serializers.BooleanField(allow_null=True) for name in ANSWERS},
        }


class ReturnOut(Out):
    id = serializers.IntegerField()
    year = serializers.IntegerField()
    state = serializers.ChoiceField(choices=YearReturn.State.choices)
    reason = serializers.CharField(allow_blank=True, help_text="Why it was sent back.")
    version = serializers.IntegerField()
    saved_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)
    facts = FactsOut(source="*")


class FiledReturnOut(ReturnOut):
    organisation = PartyOut()


class OwnYearOut(Out):
    year = serializers.IntegerField()
    filed = ReturnOut(source="found", allow_null=True)


class OwnYearsOut(Out):
    results = OwnYearOut(many=True)


class ReturnsOut(Out):
    next = serializers.URLField(allow_null=True)
    results = FiledReturnOut(many=True)


class ReturnChangeIn(Strict):
    facts = FactsIn(help_text="All that is said of the year, not only what changed.")
    send = YesNo(help_text="false: kept as a draft.")


class ReturnIn(ReturnChangeIn):
    year = Whole(min_value=1, max_value=LAST_YEAR)


class ReturnsQuery(PageQuery):
    year = WholeInQuery(required=False, min_value=1, max_value=LAST_YEAR)
    state = serializers.ChoiceField(choices=YearReturn.State.choices, required=False)


class ReturnSendBackIn(Strict):
    reason = CleanText(max_length=LONGEST_REASON)


# One organisation's returns: for its own people, and for the office that files for it.
class _Filing(Endpoint):
    def filed(self, organisation_id: int) -> Response:
        made = self._save(organisation_id, self.body(ReturnIn), None)
        return tagged(ReturnOut(made).data, made.version, 201)

    def changed(self, organisation_id: int, year: int) -> Response:
        said = {**self.body(ReturnChangeIn), "year": year}
        # What is not there is absent, whatever the year.
        returns_read.filed(actor=self.actor, organisation_id=organisation_id, year=year)
        row = self._save(organisation_id, said, self.expected_version())
        return tagged(ReturnOut(row).data, row.version)

    def _save(self, organisation_id: int, said: dict[str, Any], version: int | None) -> YearReturn:
        return services.save_return(
            actor=self.actor,
            organisation_id=organisation_id,
            version=version,
            now=self.now,
            **said,
        )


class OwnReturns(_Filing):
    needs = {"GET": Relation.MEMBER, "POST": Relation.MEMBER}

    @extend_schema(operation_id="own_returns_list", responses=OwnYearsOut)
    def get(self, request: Request, organisation_id: int) -> Response:
        years = returns_read.own_years(
            actor=self.actor, organisation_id=organisation_id, today=self.today
        )
        return Response(OwnYearsOut({"results": years}).data)

    @extend_schema(operation_id="own_returns_file", request=ReturnIn, responses={201: ReturnOut})
    @once
    def post(self, request: Request, organisation_id: int) -> Response:
        return self.filed(organisation_id)


class OwnReturn(_Filing):
    needs = {"GET": Relation.MEMBER, "PATCH": Relation.MEMBER}

    @extend_schema(operation_id="own_returns_read", responses=ReturnOut)
    def get(self, request: Request, organisation_id: int, year: int) -> Response:
        found = returns_read.filed(actor=self.actor, organisation_id=organisation_id, year=year)
        return tagged(ReturnOut(found).data, found.version)

    @extend_schema(
        operation_id="own_returns_change",
        parameters=[IF_MATCH],
        request=ReturnChangeIn,
        responses=ReturnOut,
    )
    def patch(self, request: Request, organisation_id: int, year: int) -> Response:
        return self.changed(organisation_id, year)


class OfficeReturns(_Filing):
    needs = {"POST": Capability.WRITE_ORGANISATIONS}

    @extend_schema(operation_id="office_returns_file", request=ReturnIn, responses={201: ReturnOut})
    @once
    def post(self, request: Request, organisation_id: int) -> Response:
        return self.filed(organisation_id)


@extend_schema_view(
    get=extend_schema(operation_id="office_returns_read"),
    patch=extend_schema(operation_id="office_returns_change"),
)
class OfficeReturn(OwnReturn):
    needs = {"GET": Capability.WRITE_ORGANISATIONS, "PATCH": Capability.WRITE_ORGANISATIONS}


class Returns(Endpoint):
    needs = {"GET": Capability.WRITE_ORGANISATIONS}
    query = ReturnsQuery

    @extend_schema(operation_id="returns_list", parameters=[ReturnsQuery], responses=ReturnsOut)
    def get(self, request: Request) -> Response:
        rows = returns_read.listing(
            actor=self.actor, year=self.asked.get("year"), state=self.asked.get("state", "")
        )
        page: Page = page_of(rows, request, self.asked, order=("-state", "-year", "id"))
        return Response(ReturnsOut(page).data)


class ReturnDetail(Endpoint):
    needs = {"GET": Capability.WRITE_ORGANISATIONS}

    @extend_schema(operation_id="returns_read", responses=FiledReturnOut)
    def get(self, request: Request, return_id: int) -> Response:
        found = returns_read.get(actor=self.actor, return_id=return_id)
        return tagged(FiledReturnOut(found).data, found.version)


class _Decision(Endpoint):
    needs = {"POST": Capability.WRITE_ORGANISATIONS}

    def decided(self, return_id: int, said: dict[str, Any]) -> Response:
        row = services.decide_return(
            actor=self.actor,
            return_id=return_id,
            version=self.expected_version(),
            now=self.now,
            **said,
        )
        return tagged(FiledReturnOut(row).data, row.version)


class ReturnAccept(_Decision):
    @extend_schema(
        operation_id="returns_accept",
        parameters=[IF_MATCH],
        request=NoBody,
        responses=FiledReturnOut,
    )
    def post(self, request: Request, return_id: int) -> Response:
        return self.decided(return_id, {**self.body(NoBody), "accept": True})


class ReturnSendBack(_Decision):
    @extend_schema(
        operation_id="returns_send_back",
        parameters=[IF_MATCH],
        request=ReturnSendBackIn,
        responses=FiledReturnOut,
    )
    def post(self, request: Request, return_id: int) -> Response:
        return self.decided(return_id, {**self.body(ReturnSendBackIn), "accept": False})
