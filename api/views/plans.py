from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import Endpoint, NoBody
from api.fields import Code, Out, Strict, Whole
from api.once import once
from api.paging import Page, PageQuery, page_of
from api.views.linkages import PartyOut
from linkage.registry.access import Capability
from linkage.suggestions import plans, services
from linkage.suggestions.models import Plan, PlanLeftOut, PlanOutcome, PlanResult
from linkage.suggestions.plans import Comparison, SeenPlan
from linkage.suggestions.services import Asked
from linkage.suggestions.services.planning import BOUNDS

_BASE = "In the base unit: gram, millilitre or piece."


class PlanIn(Strict):
    links = Whole(
        required=False,
        min_value=BOUNDS["links"][0],
        max_value=BOUNDS["links"][1],
        help_text="Out of 10,000 for new links, the rest for quantity.",
    )
    top = Whole(
        required=False,
        min_value=BOUNDS["top"][0],
        max_value=BOUNDS["top"][1],
        help_text="So many best pairs of each post are looked at.",
    )
    least_lot = Whole(
        required=False,
        min_value=BOUNDS["least_lot"][0],
        max_value=BOUNDS["least_lot"][1],
        help_text="Of any delivery of what is weighed or poured, in grams or millilitres;"
        " 100,000 if nothing is said.",
    )
    buyer_share = Whole(
        required=False,
        min_value=BOUNDS["buyer_share"][0],
        max_value=BOUNDS["buyer_share"][1],
        help_text="The most that one buyer gets of all that is offered, out of 10,000.",
    )
    seconds = Whole(required=False, min_value=BOUNDS["seconds"][0], max_value=BOUNDS["seconds"][1])
    commodity = Code(required=False, help_text="Only posts of it and of what lies under it.")


class PlanResultOut(Out):
    found_at = serializers.DateTimeField()
    day = serializers.DateField()
    engine = serializers.CharField()
    offers = serializers.IntegerField()
    needs = serializers.IntegerField()
    pairs = serializers.IntegerField()
    digest = serializers.CharField(help_text="Equal: the same question was asked.")
    pieces = serializers.IntegerField()
    spent_s = serializers.IntegerField()


class PlanProofOut(Out):
    value = serializers.CharField(help_text="A whole number.")
    bound = serializers.CharField(help_text="A whole number: no plan is worth more.")
    bound_by = serializers.ChoiceField(choices=PlanResult.BoundBy.choices)


class PlanOut(Out):
    id = serializers.IntegerField()
    asked_at = serializers.DateTimeField()
    job = serializers.IntegerField(source="job_id", help_text="The job that makes it.")
    links = serializers.IntegerField()
    top = serializers.IntegerField()
    least_lot = serializers.IntegerField()
    buyer_share = serializers.IntegerField()
    seconds = serializers.IntegerField()
    commodity = serializers.CharField(source="commodity_id", allow_null=True)
    day = serializers.DateField(source="result.day", allow_null=True, default=None)
    proposed_at = serializers.DateTimeField(
        source="proposed.proposed_at", allow_null=True, default=None
    )


class PlansOut(Out):
    next = serializers.URLField(allow_null=True)
    results = PlanOut(many=True)


class ServedOut(Out):
    mass = serializers.IntegerField(help_text="Grams.")
    volume = serializers.IntegerField(help_text="Millilitres.")
    count = serializers.IntegerField(help_text="Pieces.")


class GoodsOut(Out):
    commodity = serializers.CharField(source="commodity.code")
    lines = serializers.IntegerField()
    quantity = serializers.IntegerField(help_text=_BASE)


class PlanFigureOut(Out):
    indicator = serializers.CharField(source="indicator_code")
    accepted = serializers.IntegerField(help_text="Of 10,000 proposals.")
    numerator = serializers.IntegerField(help_text="Verified on the plan's day.")
    denominator = serializers.IntegerField()
    gained = serializers.IntegerField(help_text="On average, in whole co-ops rounded down.")


class SeenPlanOut(Out):
    plan = PlanOut()
    result = PlanResultOut(allow_null=True, help_text="null: it is not there (yet).")
    is_whole = serializers.BooleanField(help_text="false: the part of the reader's area.")
    proof = PlanProofOut(allow_null=True, help_text="null: no result, or not the whole is seen.")
    served = ServedOut()
    goods = GoodsOut(many=True)
    lines = serializers.IntegerField()
    newly_linked = serializers.IntegerField()
    left_out = serializers.IntegerField()
    figures = PlanFigureOut(many=True)
    outcomes = serializers.DictField(
        child=serializers.IntegerField(), help_text="Lines by what became of them when proposed."
    )


class PlanLineOut(Out):
    id = serializers.IntegerField()
    offer = serializers.IntegerField(source="offer_id")
    need = serializers.IntegerField(source="need_id")
    seller = PartyOut()
    buyer = PartyOut()
    commodity = serializers.CharField(source="commodity_id")
    quantity = serializers.IntegerField(help_text=_BASE)
    links_seller = serializers.BooleanField(help_text="The plan newly links it.")
    links_buyer = serializers.BooleanField()
    became = serializers.ChoiceField(
        source="outcome.code",
        choices=PlanOutcome.Code.choices,
        allow_null=True,
        default=None,
        help_text="When the plan was proposed; null: it was not.",
    )


class PlanLinesOut(Out):
    next = serializers.URLField(allow_null=True)
    results = PlanLineOut(many=True)


class PlanLeftOutOut(Out):
    id = serializers.IntegerField()
    organisation = PartyOut()
    code = serializers.ChoiceField(choices=PlanLeftOut.Code.choices)
    offer = serializers.IntegerField(source="offer_id", allow_null=True)
    need = serializers.IntegerField(source="need_id", allow_null=True)
    offer_short = serializers.IntegerField(allow_null=True, help_text=_BASE)
    need_short = serializers.IntegerField(allow_null=True, help_text=_BASE)
    share_short = serializers.IntegerField(allow_null=True, help_text=_BASE)
    words_vi = serializers.SerializerMethodField()
    words_en = serializers.SerializerMethodField()

    def get_words_vi(self, row: PlanLeftOut) -> str:
        return plans.why_left_out(row, "vi")

    def get_words_en(self, row: PlanLeftOut) -> str:
        return plans.why_left_out(row, "en")


class PlanLeftOutsOut(Out):
    next = serializers.URLField(allow_null=True)
    results = PlanLeftOutOut(many=True)


class DifferingOut(Out):
    lines = PlanLineOut(many=True, help_text="The first hundred.")
    lines_count = serializers.IntegerField()
    linked = PartyOut(many=True, help_text="The first hundred.")
    linked_count = serializers.IntegerField()


class ComparisonOut(Out):
    first = SeenPlanOut()
    second = SeenPlanOut()
    same_question = serializers.BooleanField()
    common = serializers.IntegerField(help_text="Pairs of offer and need in both.")
    only_first = DifferingOut()
    only_second = DifferingOut()


def seen(found: SeenPlan) -> dict[str, Any]:
    return dict(SeenPlanOut(found).data)


class Plans(Endpoint):
    needs = {"GET": Capability.READ_PLANS, "POST": Capability.WRITE_PLANS}
    in_area = True
    query = PageQuery

    @extend_schema(operation_id="plans_list", parameters=[PageQuery], responses=PlansOut)
    def get(self, request: Request) -> Response:
        page: Page = page_of(plans.listing(actor=self.actor), request, self.asked, order=("-id",))
        return Response(PlansOut(page).data)

    @extend_schema(operation_id="plans_create", request=PlanIn, responses={202: PlanOut})
    @once
    def post(self, request: Request) -> Response:
        asked = Asked(**self.body(PlanIn))
        plan: Plan = services.ask_plan(actor=self.actor, asked=asked, now=self.now)
        where = {"Location": f"/api/v1/plans/{plan.pk}"}
        return Response(PlanOut(plan).data, status=202, headers=where)


class PlanDetail(Endpoint):
    needs = {"GET": Capability.READ_PLANS}
    in_area = True

    @extend_schema(operation_id="plan_read", responses=SeenPlanOut)
    def get(self, request: Request, plan_id: int) -> Response:
        return Response(seen(plans.detail(actor=self.actor, plan_id=plan_id)))


class PlanLines(Endpoint):
    needs = {"GET": Capability.READ_PLANS}
    in_area = True
    query = PageQuery

    @extend_schema(operation_id="plan_lines_list", parameters=[PageQuery], responses=PlanLinesOut)
    def get(self, request: Request, plan_id: int) -> Response:
        plans.plan_of(actor=self.actor, plan_id=plan_id)
        rows = plans.lines(actor=self.actor, plan_id=plan_id)
        page: Page = page_of(rows, request, self.asked, order=("id",))
        return Response(PlanLinesOut(page).data)


class PlanLeftOuts(Endpoint):
    needs = {"GET": Capability.READ_PLANS}
    in_area = True
    query = PageQuery

    @extend_schema(
        operation_id="plan_left_out_list", parameters=[PageQuery], responses=PlanLeftOutsOut
    )
    def get(self, request: Request, plan_id: int) -> Response:
        plans.plan_of(actor=self.actor, plan_id=plan_id)
        rows = plans.left_out(actor=self.actor, plan_id=plan_id)
        page: Page = page_of(rows, request, self.asked, order=("id",))
        return Response(PlanLeftOutsOut(page).data)


class PlanCompare(Endpoint):
    needs = {"GET": Capability.READ_PLANS}
    in_area = True

    @extend_schema(operation_id="plan_compare_read", responses=ComparisonOut)
    def get(self, request: Request, plan_id: int, other_id: int) -> Response:
        found: Comparison = plans.compare(actor=self.actor, plan_id=plan_id, other_id=other_id)
        return Response(ComparisonOut(found).data)


class PlanPropose(Endpoint):
    needs = {"POST": Capability.WRITE_PLANS}

    @extend_schema(operation_id="plan_propose", request=NoBody, responses=SeenPlanOut)
    def post(self, request: Request, plan_id: int) -> Response:
        self.body(NoBody)
        services.propose_plan(actor=self.actor, plan_id=plan_id, now=self.now)
        return Response(seen(plans.detail(actor=self.actor, plan_id=plan_id)))
