from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import NoBody
from api.fields import Amount, Day, Few, Out, Strict, Whole
from api.once import once
from api.views.linkages import LARGEST_ID, PartyOut
from api.views.near_misses import LackOut
from api.views.own_linkages import SIDES, OwnEndpoint, ReasonIn, TermsOut
from api.views.posts import PostBaseOut, shown
from api.views.talks import SharedTermsIn
from linkage.agreements import pools, services
from linkage.agreements.models import Linkage, PoolProposal, State
from linkage.agreements.pools import PoolView
from linkage.market.amounts import LARGEST_PRICE
from linkage.registry.access import Relation
from linkage.suggestions import services as suggestions
from linkage.suggestions.models import PoolPart, PoolSuggestion
from linkage.suggestions.pools import PoolAnswer, pool_answer


class PoolPartIn(Strict):
    offer_id = Whole(min_value=1, max_value=LARGEST_ID)
    quantity = Amount(help_text="In the common `unit`.")
    starts = Day()
    ends = Day()


class PoolIn(SharedTermsIn):
    need_id = Whole(min_value=1, max_value=LARGEST_ID)
    price = Whole(
        min_value=1,
        max_value=LARGEST_PRICE,
        help_text="Đồng for one `price_unit`, the same for all.",
    )
    answer_by = Day(
        required=False,
        allow_null=True,
        help_text="The last day on which members answer, from 1 to 14 days ahead; 3, if absent.",
    )
    members = Few(child=PoolPartIn(), help_text="From 2 to 20, each with another offer.")


class PoolLineOut(Out):
    linkage = serializers.IntegerField(source="pk")
    offer = serializers.IntegerField(source="offer_id")
    seller = PartyOut()
    state = serializers.ChoiceField(choices=State.choices)
    terms = serializers.SerializerMethodField()

    @extend_schema_field(TermsOut)
    def get_terms(self, line: Linkage) -> dict[str, Any]:
        return dict(TermsOut(pools.terms_of(line)).data)


class PoolOut(Out):
    id = serializers.IntegerField(source="pool.pk")
    need = serializers.IntegerField(source="pool.need_id")
    side = serializers.ChoiceField(choices=SIDES)
    buyer = PartyOut()
    state = serializers.ChoiceField(source="standing", choices=PoolProposal.State.choices)
    answer_by = serializers.DateField(source="pool.answer_by")
    proposed_at = serializers.DateTimeField(source="pool.proposed_at")
    members = serializers.IntegerField(help_text="How many there are.")
    agreed = serializers.IntegerField(help_text="How many of them have agreed.")
    lines = PoolLineOut(many=True, help_text="All parts for the buyer, for a member its own.")
    acts = serializers.SerializerMethodField(help_text="What this side may do next.")
    hindrance = serializers.CharField(
        source="hindrance.code",
        default=None,
        allow_null=True,
        help_text="Why a part that waits for its answer cannot be agreed on now.",
    )

    def get_acts(self, found: PoolView) -> list[str]:
        return sorted(found.acts)


class AimOut(Out):
    name = serializers.ChoiceField(choices=["takes", "partners", "score", "transport"])
    value = serializers.IntegerField()
    bound = serializers.IntegerField(help_text="Nothing is better than this.")
    proved = serializers.BooleanField()
    gap = serializers.SerializerMethodField(help_text="Of value and bound, relative to the value.")

    def get_gap(self, aim: Mapping[str, Any]) -> float:
        return float(abs(aim["value"] - aim["bound"]) / max(1, abs(aim["value"])))


class FoundPartOut(Out):
    offer = serializers.SerializerMethodField()
    quantity = serializers.IntegerField(help_text="In the base unit: gram, millilitre or piece.")
    lacks = serializers.SerializerMethodField(help_text="null: it suits the need as it is.")

    @extend_schema_field(PostBaseOut)
    def get_offer(self, part: PoolPart) -> dict[str, Any]:
        return dict(PostBaseOut(shown(part.offer)).data)

    @extend_schema_field(LackOut(allow_null=True))
    def get_lacks(self, part: PoolPart) -> dict[str, str | None] | None:
        answer: PoolAnswer = self.context["answer"]
        if part.lacks is None:
            return None
        words = {f"words_{language}": answer.lacking(part, language) for language in ("vi", "en")}
        certification = part.lacks["certificate"] or None
        return {"condition": part.lacks["kind"], "certification": certification, **words}


class ShortfallOut(Out):
    why = serializers.ChoiceField(choices=PoolSuggestion.Why.choices)
    short = serializers.IntegerField(allow_null=True, help_text="In the base unit.")
    partners = serializers.IntegerField(allow_null=True, help_text="So many at least.")


class NeedPoolOut(Out):
    is_looking = serializers.BooleanField(help_text="A worker is at it, or will be.")
    is_overtaken = serializers.BooleanField(help_text="Something changed since: ask anew.")
    looked_at = serializers.DateTimeField(source="row.looked_at", default=None, allow_null=True)
    shortfall = serializers.SerializerMethodField(
        help_text="Why what suits the need does not fill it; null: it does."
    )
    closing_shortfall = serializers.SerializerMethodField(
        help_text="Why what nearly suits it does not either; null: `parts` would close it."
    )
    parts = serializers.SerializerMethodField()
    aims = AimOut(source="row.aims", many=True, default=[])

    @extend_schema_field(ShortfallOut(allow_null=True))
    def get_shortfall(self, answer: PoolAnswer) -> dict[str, Any] | None:
        row = answer.row
        return _shortfall(row.why, row.values) if row else None

    @extend_schema_field(ShortfallOut(allow_null=True))
    def get_closing_shortfall(self, answer: PoolAnswer) -> dict[str, Any] | None:
        row = answer.row
        return _shortfall(row.closing_why, row.closing_values) if row else None

    @extend_schema_field(FoundPartOut(many=True))
    def get_parts(self, answer: PoolAnswer) -> list[dict[str, Any]]:
        context = {"answer": answer}
        return [dict(FoundPartOut(part, context=context).data) for part in answer.parts]


def _shortfall(why: str, values: Mapping[str, int]) -> dict[str, Any] | None:
    named = {name: values.get(name) for name in ("short", "partners")}
    return {"why": why, **named} if why else None


# What was found of suppliers that fill one need together; asking has it looked for anew.
class NeedPool(OwnEndpoint):
    needs = {"GET": Relation.ACTING, "POST": Relation.ACTING}

    @extend_schema(operation_id="need_pool_read", responses=NeedPoolOut)
    def get(self, request: Request, organisation_id: int, need_id: int) -> Response:
        return self._answer(organisation_id, need_id)

    @extend_schema(operation_id="need_pool_ask", request=NoBody, responses={202: NeedPoolOut})
    def post(self, request: Request, organisation_id: int, need_id: int) -> Response:
        self.body(NoBody)
        suggestions.ask_for_pool(**self.own(organisation_id), need_id=need_id, now=self.now)
        return self._answer(organisation_id, need_id, 202)

    def _answer(self, organisation_id: int, need_id: int, status: int = 200) -> Response:
        found = pool_answer(**self.own(organisation_id), need_id=need_id, on=self.today)
        return Response(NeedPoolOut(found).data, status=status)


class PoolEndpoint(OwnEndpoint):
    def one(self, organisation_id: int, pool_id: int, status: int = 200) -> Response:
        found = pools.pool(**self.own(organisation_id), pool_id=pool_id, on=self.today)
        return Response(PoolOut(found).data, status=status)


class Pools(PoolEndpoint):
    needs = {"POST": Relation.ACTING}

    @extend_schema(operation_id="pools_propose", request=PoolIn, responses={201: PoolOut})
    @once
    def post(self, request: Request, organisation_id: int) -> Response:
        asked = self.body(PoolIn)
        own = {name: asked.pop(name, None) for name in ("need_id", "answer_by")}
        parts = asked.pop("members")
        made = suggestions.propose_pool(
            **self.own(organisation_id), **own, parts=parts, common=asked, now=self.now
        )
        return self.one(organisation_id, made.pk, 201)


class Pool(PoolEndpoint):
    needs = {"GET": Relation.ACTING}

    @extend_schema(operation_id="pools_read", responses=PoolOut)
    def get(self, request: Request, organisation_id: int, pool_id: int) -> Response:
        return self.one(organisation_id, pool_id)


# The terms of a pool never change, so no version is asked for: an answer is to what stands there.
class PoolAgree(PoolEndpoint):
    needs = {"POST": Relation.MEMBER}

    @extend_schema(operation_id="pools_agree", request=NoBody, responses=PoolOut)
    def post(self, request: Request, organisation_id: int, pool_id: int) -> Response:
        self.body(NoBody)
        services.agree_to_pool(**self.own(organisation_id), pool_id=pool_id, now=self.now)
        return self.one(organisation_id, pool_id)


class PoolDecline(PoolEndpoint):
    needs = {"POST": Relation.MEMBER}

    @extend_schema(operation_id="pools_decline", request=ReasonIn, responses=PoolOut)
    def post(self, request: Request, organisation_id: int, pool_id: int) -> Response:
        said = self.body(ReasonIn)
        services.decline_pool(**self.own(organisation_id), pool_id=pool_id, now=self.now, **said)
        return self.one(organisation_id, pool_id)


class PoolWithdraw(PoolEndpoint):
    needs = {"POST": Relation.ACTING}

    @extend_schema(operation_id="pools_withdraw", request=NoBody, responses=PoolOut)
    def post(self, request: Request, organisation_id: int, pool_id: int) -> Response:
        self.body(NoBody)
        services.withdraw_pool(**self.own(organisation_id), pool_id=pool_id, now=self.now)
        return self.one(organisation_id, pool_id)
