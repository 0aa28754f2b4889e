from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import IF_MATCH, NoBody
from api.fields import Amount, CleanText, Code, Day, Strict, Whole
from api.once import once
from api.views.linkages import LARGEST_ID
from api.views.own_linkages import MessageOut, OwnEndpoint, OwnLinkageOut, ReasonIn
from linkage.agreements import services
from linkage.agreements.services.negotiating import LONGEST_MESSAGE
from linkage.market.amounts import LARGEST_PRICE
from linkage.market.models import LARGEST_PAYMENT_DAYS, Handover
from linkage.registry.access import Capability, Relation
from linkage.suggestions.services import open_talks


# What terms say beside quantity, days and price.
class SharedTermsIn(Strict):
    unit = Code()
    price_unit = Code(required=False, allow_null=True, help_text="`unit`, if it is absent.")
    form = Whole(required=False, allow_null=True, min_value=1, max_value=7)
    grade = CleanText(required=False, allow_blank=True, max_length=200)
    packing = CleanText(required=False, allow_blank=True, max_length=200)
    handover = serializers.ChoiceField(choices=Handover.choices, required=False, allow_blank=True)
    payment_days = Whole(
        required=False, allow_null=True, min_value=0, max_value=LARGEST_PAYMENT_DAYS
    )
    delivery_plan = CleanText(required=False, allow_blank=True, max_length=1000)
    note = CleanText(required=False, allow_blank=True, max_length=1000)


class ProposalIn(SharedTermsIn):
    quantity = Amount(help_text="In `unit`.")
    price = Whole(
        required=False,
        allow_null=True,
        min_value=1,
        max_value=LARGEST_PRICE,
        help_text="Đồng for one `price_unit`.",
    )
    starts = Day()
    ends = Day()


class QuestionIn(Strict):
    offer_id = Whole(min_value=1, max_value=LARGEST_ID)
    need_id = Whole(min_value=1, max_value=LARGEST_ID)
    text = CleanText(required=False, allow_blank=True, max_length=LONGEST_MESSAGE)
    proposal = ProposalIn(required=False)


class MessageIn(Strict):
    text = CleanText(max_length=LONGEST_MESSAGE)


class Talks(OwnEndpoint):
    needs = {"POST": Relation.ACTING}

    @extend_schema(operation_id="talks_ask", request=QuestionIn, responses={201: OwnLinkageOut})
    @once
    def post(self, request: Request, organisation_id: int) -> Response:
        asked = self.body(QuestionIn)
        made = open_talks(**self.own(organisation_id), now=self.now, **asked)
        return self.whole(organisation_id, made.pk, 201)


class TalkMessages(OwnEndpoint):
    needs = {"POST": Relation.ACTING}

    @extend_schema(operation_id="talks_answer", request=MessageIn, responses={201: MessageOut})
    @once
    def post(self, request: Request, organisation_id: int, linkage_id: int) -> Response:
        written = services.answer(
            **self.own(organisation_id),
            linkage_id=linkage_id,
            now=self.now,
            **self.body(MessageIn),
        )
        return Response(MessageOut(written).data, status=201)


class TalkTerms(OwnEndpoint):
    needs = {"POST": Relation.ACTING}

    @extend_schema(
        operation_id="talks_propose",
        parameters=[IF_MATCH],
        request=ProposalIn,
        responses={201: OwnLinkageOut},
    )
    @once
    def post(self, request: Request, organisation_id: int, linkage_id: int) -> Response:
        proposal = self.body(ProposalIn)
        self.act(services.propose, organisation_id, linkage_id, proposal=proposal)
        return self.whole(organisation_id, linkage_id, 201)


# One act on one linkage that says nothing but itself, made from the version in If-Match.
class OwnAct(OwnEndpoint):
    needs: ClassVar[dict[str, Capability | Relation | None]] = {"POST": Relation.MEMBER}
    service: ClassVar[Any]
    kind: ClassVar[type[Strict]] = NoBody

    def post(self, request: Request, organisation_id: int, linkage_id: int) -> Response:
        given = self.body(self.kind)
        return self.act(type(self).service, organisation_id, linkage_id, **given)


@extend_schema_view(
    post=extend_schema(
        operation_id="talks_accept", parameters=[IF_MATCH], request=None, responses=OwnLinkageOut
    )
)
class TalkAccept(OwnAct):
    service = staticmethod(services.accept)


@extend_schema_view(
    post=extend_schema(
        operation_id="talks_decline",
        parameters=[IF_MATCH],
        request=ReasonIn,
        responses=OwnLinkageOut,
    )
)
class TalkDecline(OwnAct):
    service = staticmethod(services.decline)
    kind = ReasonIn


@extend_schema_view(
    post=extend_schema(
        operation_id="talks_withdraw", parameters=[IF_MATCH], request=None, responses=OwnLinkageOut
    )
)
class TalkWithdraw(OwnAct):
    needs = {"POST": Relation.ACTING}
    service = staticmethod(services.withdraw)


@extend_schema_view(
    post=extend_schema(
        operation_id="talks_share_contact",
        parameters=[IF_MATCH],
        request=None,
        responses=OwnLinkageOut,
    )
)
class TalkShareContact(OwnAct):
    service = staticmethod(services.share_contact)


@extend_schema_view(
    post=extend_schema(
        operation_id="own_linkages_terminate",
        parameters=[IF_MATCH],
        request=ReasonIn,
        responses=OwnLinkageOut,
    )
)
class OwnTerminate(OwnAct):
    service = staticmethod(services.terminate)
    kind = ReasonIn


@extend_schema_view(
    post=extend_schema(
        operation_id="own_linkages_confirm",
        parameters=[IF_MATCH],
        request=None,
        responses=OwnLinkageOut,
    )
)
class OwnConfirm(OwnAct):
    service = staticmethod(services.confirm)


@extend_schema_view(
    post=extend_schema(
        operation_id="own_linkages_deny",
        parameters=[IF_MATCH],
        request=ReasonIn,
        responses=OwnLinkageOut,
    )
)
class OwnDeny(OwnAct):
    service = staticmethod(services.deny)
    kind = ReasonIn
