from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import Endpoint
from api.fields import Out, Strict, refusal
from linkage.market.models import Period, PostKind
from linkage.market.quick import LONGEST_TEXT, proposal_of, public_note, read_for
from linkage.market.quickpost import ASKED_FOR, Draft, Reading, of_reading
from linkage.registry.access import Relation

_SPANS = {
    "type": "object",
    "additionalProperties": {
        "type": "array",
        "items": {"type": "array", "items": {"type": "integer"}},
    },
}


@extend_schema_field(_SPANS)
class Spans(serializers.DictField):
    """For each understood field the first character and the one behind the last, of `text`."""


@extend_schema_field({"type": "object", "additionalProperties": True})
class Understood(serializers.DictField):
    """The keys of `manage.py quickpost`."""


class Pasted(serializers.CharField):
    """A sentence or a pasted chat: lines stay lines; the domain says what cannot be."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            raise refusal("not_text")
        return super().to_internal_value(data)


class QuickIn(Strict):
    text = Pasted(help_text=f"A sentence, or messages by the line; at most {LONGEST_TEXT}.")


class ProposedPriceOut(Out):
    price = serializers.IntegerField(help_text="Đồng for one `unit`.")
    unit = serializers.CharField()


class QuickDraftOut(Out):
    post_kind = serializers.ChoiceField(choices=PostKind.choices, allow_null=True)
    commodity = serializers.CharField(allow_null=True)
    quantity = serializers.CharField(allow_null=True, help_text="In `unit`.")
    unit = serializers.CharField(allow_null=True)
    period = serializers.ChoiceField(choices=Period.choices)
    starts = serializers.DateField(allow_null=True)
    ends = serializers.DateField(allow_null=True)
    communes = serializers.ListField(
        child=serializers.CharField(), help_text="All that the named place can be."
    )
    certifications = serializers.ListField(child=serializers.CharField())
    grade = serializers.CharField(allow_blank=True)
    price_limit = ProposedPriceOut(allow_null=True)
    missing = serializers.ListField(
        child=serializers.ChoiceField(choices=ASKED_FOR),
        help_text="What a post has and the text does not say, largest first.",
    )
    spans = Spans()


class QuickMessageOut(Out):
    text = serializers.CharField(allow_blank=True, help_text="Normalised: spans count in it.")
    public_text = serializers.CharField(
        allow_blank=True, help_text="Without telephone numbers and prices."
    )
    phones = serializers.ListField(child=serializers.ListField(child=serializers.IntegerField()))
    understood = Understood()
    drafts = QuickDraftOut(many=True)


class QuickOut(Out):
    messages = QuickMessageOut(many=True)


class QuickRead(Endpoint):
    needs = {"POST": Relation.ACTING}

    @extend_schema(
        operation_id="quick_post_read",
        request=QuickIn,
        responses=QuickOut,
        description="Reads, and keeps nothing. A draft is published as any post is.",
    )
    def post(self, request: Request, organisation_id: int) -> Response:
        found = read_for(
            actor=self.actor, organisation_id=organisation_id, text=self.body(QuickIn)["text"],
            on=self.today,
        )  # fmt: skip
        return Response(QuickOut({"messages": [_message(reading) for reading in found]}).data)


def _message(reading: Reading) -> dict[str, Any]:
    return {
        "text": reading.text,
        "public_text": public_note(reading),
        "phones": [list(span) for span in reading.phones],
        "understood": of_reading(reading),
        "drafts": [_draft(draft) for draft in reading.drafts],
    }


def _draft(draft: Draft) -> dict[str, Any]:
    """A draft by the names that the API of posts takes."""
    said = proposal_of(draft)
    price = {"price": said.price, "unit": said.price_unit} if said.price is not None else None
    return {
        **{name: getattr(said, name) for name in ("commodity", "unit", "period", "starts",
           "ends", "communes", "certifications", "grade", "missing")},
        "post_kind": said.side,
        "quantity": None if said.quantity is None else f"{said.quantity:f}",
        "price_limit": price,
        "spans": {name: [list(span) for span in some] for name, some in draft.spans.items()},
    }  # fmt: skip
