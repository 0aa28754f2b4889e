from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import IF_MATCH, Endpoint
from api.fields import AnyField, CleanText, Code, Day, Out, Sourced, Strict, Whole, refusal
from api.views.linkages import LARGEST_ID, PartyOut
from api.views.organisations import OrganisationChange, OrganisationOut, whole
from linkage.registry import queries, services
from linkage.registry.access import Actor, Capability
from linkage.registry.models import RegistryEvent
from linkage.registry.reading import open_events
from linkage.registry.services.events import LONGEST_SOURCE
from linkage.registry.values import LONGEST_REASON


class RegistryEventOut(Sourced):
    id = serializers.IntegerField(source="pk")
    kind = serializers.ChoiceField(choices=RegistryEvent.Kind.choices)
    on = serializers.DateField()
    organisation = PartyOut()
    other = PartyOut(
        allow_null=True, help_text="Who came out of the split, or into whom it was merged."
    )
    before = serializers.CharField(allow_blank=True, help_text="The name or code until then.")
    after = serializers.CharField(
        allow_blank=True, help_text="The name, the code or the commune from then on."
    )
    recorded_at = serializers.DateTimeField()


class RegistryEventsOut(Out):
    results = RegistryEventOut(many=True)


class _EventIn(Strict):
    on = Day()

    def get_fields(self) -> dict[str, AnyField]:
        source = CleanText(max_length=LONGEST_SOURCE, help_text="The paper that says so.")
        return {**super().get_fields(), "source": source}


class NewNameIn(_EventIn):
    name = CleanText()


class NewTaxCodeIn(_EventIn):
    tax_code = CleanText(max_length=20)


class MoveIn(_EventIn):
    commune_code = Code(max_length=5)


class SplitIn(_EventIn):
    into_id = Whole(
        required=False,
        min_value=1,
        max_value=LARGEST_ID,
        help_text="Of the one that came out of it, where the register has it; else its name.",
    )
    name = CleanText(required=False, help_text="Of the one that comes out of it.")
    tax_code = CleanText(required=False, allow_null=True, max_length=20)
    is_another = serializers.BooleanField(
        required=False,
        help_text="It is none of those that organisation_alike named.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        of_new = attrs.keys() & {"name", "tax_code", "is_another"}
        if "into_id" not in attrs and "name" not in of_new:
            raise serializers.ValidationError({"name": refusal("required").detail})
        if "into_id" in attrs and of_new:
            wrong = {name: refusal("unknown_field").detail for name in sorted(of_new)}
            raise serializers.ValidationError(wrong)
        return attrs


class MergerIn(_EventIn):
    into_id = Whole(min_value=1, max_value=LARGEST_ID)


class EventWithdrawalIn(Strict):
    reason = CleanText(max_length=LONGEST_REASON)


def _shown(actor: Actor, event: RegistryEvent) -> dict[str, Any]:
    """A person's tax code as the actor may see it."""
    said = {name: getattr(event, name) for name in ("before", "after")}
    if event.kind == RegistryEvent.Kind.NEW_TAX_CODE:
        said = {name: queries.shown_tax_code(actor, code) or "" for name, code in said.items()}
    names = ("pk", "kind", "on", "organisation", "other", "source", "recorded_at")
    return {**{name: getattr(event, name) for name in names}, **said}


class RegistryEvents(Endpoint):
    needs = {"GET": Capability.READ_ORGANISATIONS}

    @extend_schema(operation_id="registry_events_list", responses=RegistryEventsOut)
    def get(self, request: Request, organisation_id: int) -> Response:
        queries.detail(actor=self.actor, organisation_id=organisation_id, on=self.today)
        rows = open_events(actor=self.actor, organisation_id=organisation_id, now=self.now)
        shown = [_shown(self.actor, event) for event in rows]
        return Response(RegistryEventsOut({"results": shown}).data)


class RegistryNewName(OrganisationChange):
    @extend_schema(
        operation_id="registry_events_new_name",
        parameters=[IF_MATCH],
        request=NewNameIn,
        responses={201: OrganisationOut},
    )
    def post(self, request: Request, organisation_id: int) -> Response:
        return self.change(services.record_new_name, organisation_id, NewNameIn, 201)


class RegistryNewTaxCode(OrganisationChange):
    @extend_schema(
        operation_id="registry_events_new_tax_code",
        parameters=[IF_MATCH],
        request=NewTaxCodeIn,
        responses={201: OrganisationOut},
    )
    def post(self, request: Request, organisation_id: int) -> Response:
        return self.change(services.record_new_tax_code, organisation_id, NewTaxCodeIn, 201)


class RegistryMove(OrganisationChange):
    @extend_schema(
        operation_id="registry_events_move",
        parameters=[IF_MATCH],
        request=MoveIn,
        responses={201: OrganisationOut},
    )
    def post(self, request: Request, organisation_id: int) -> Response:
        return self.change(services.record_move, organisation_id, MoveIn, 201)


# The answer is the one that came out of it, with its version.
class RegistrySplit(OrganisationChange):
    @extend_schema(
        operation_id="registry_events_split",
        parameters=[IF_MATCH],
        request=SplitIn,
        responses={201: OrganisationOut},
    )
    def post(self, request: Request, organisation_id: int) -> Response:
        said = self.body(SplitIn)
        service = services.record_split_into if "into_id" in said else services.record_split
        made = service(
            actor=self.actor,
            organisation_id=organisation_id,
            version=self.expected_version(),
            now=self.now,
            **said,
        )
        return whole(self, made.pk, 201)


class RegistryMerger(OrganisationChange):
    @extend_schema(
        operation_id="registry_events_merger",
        parameters=[IF_MATCH],
        request=MergerIn,
        responses={201: OrganisationOut},
    )
    def post(self, request: Request, organisation_id: int) -> Response:
        return self.change(services.record_merger, organisation_id, MergerIn, 201)


class RegistryEventWithdraw(OrganisationChange):
    @extend_schema(
        operation_id="registry_events_withdraw",
        parameters=[IF_MATCH],
        request=EventWithdrawalIn,
        responses=OrganisationOut,
    )
    def post(self, request: Request, organisation_id: int, event_id: int) -> Response:
        service, named = services.withdraw_event, {"event_id": event_id}
        return self.change(service, organisation_id, EventWithdrawalIn, **named)
