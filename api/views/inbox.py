from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import Endpoint
from api.fields import Out, Strict, Whole, YesNoInQuery
from api.paging import Page, PageQuery, page_of
from api.views.me import LARGEST_ID, NamedOut
from linkage.notices import queries, services
from linkage.notices.models import Kind, Notice
from linkage.notices.words import sentence_of
from linkage.registry.access import Actor, Relation


class NoticeOut(Out):
    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=Kind.choices)
    what = serializers.CharField()
    sentence = serializers.CharField(help_text="In the language of Accept-Language.")
    organisation = NamedOut(allow_null=True, help_text="On whose behalf; null: as a person.")
    subject_kind = serializers.CharField()
    subject_id = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    read_at = serializers.DateTimeField(allow_null=True)


class InboxOut(Out):
    next = serializers.URLField(allow_null=True)
    results = NoticeOut(many=True)


class InboxQuery(PageQuery):
    unread = YesNoInQuery(required=False)


class ReadIn(Strict):
    ids = serializers.ListField(
        child=Whole(min_value=1, max_value=LARGEST_ID),
        required=False,
        max_length=100,
        help_text="Without it: all.",
    )


class ReadOut(Out):
    read = serializers.IntegerField()


class ChoicesOut(Out):
    kinds = serializers.ListField(child=serializers.ChoiceField(choices=Kind.choices))


class ChoicesIn(Strict):
    kinds = serializers.ListField(child=serializers.ChoiceField(choices=Kind.choices))


def line_of(told: Notice) -> Notice:
    """A notice with its sentence."""
    told.sentence = sentence_of(told)  # type: ignore[attr-defined]  # for NoticeOut
    return told


def chosen(actor: Actor) -> Response:
    """The kinds of which the actor gets a message too."""
    return Response(ChoicesOut({"kinds": sorted(queries.chosen_kinds(actor=actor))}).data)


class Inbox(Endpoint):
    needs = {"GET": Relation.PERSON}
    query = InboxQuery

    @extend_schema(operation_id="inbox_list", parameters=[InboxQuery], responses=InboxOut)
    def get(self, request: Request) -> Response:
        rows = queries.inbox(actor=self.actor, unread=self.asked.get("unread", False))
        page: Page = page_of(rows, request, self.asked, order=("-id",))
        lines = [line_of(told) for told in page.results]
        return Response(InboxOut({"next": page.next, "results": lines}).data)


class InboxRead(Endpoint):
    needs = {"POST": Relation.PERSON}

    @extend_schema(operation_id="inbox_read", request=ReadIn, responses=ReadOut)
    def post(self, request: Request) -> Response:
        ids = self.body(ReadIn).get("ids")
        read = services.mark_read(actor=self.actor, notice_ids=ids, now=self.now)
        return Response(ReadOut({"read": read}).data)


class MessageChoices(Endpoint):
    needs = {"GET": Relation.PERSON, "PATCH": Relation.PERSON}

    @extend_schema(operation_id="messages_read", responses=ChoicesOut)
    def get(self, request: Request) -> Response:
        return chosen(self.actor)

    @extend_schema(operation_id="messages_choose", request=ChoicesIn, responses=ChoicesOut)
    def patch(self, request: Request) -> Response:
        services.choose_messages(actor=self.actor, now=self.now, **self.body(ChoicesIn))
        return chosen(self.actor)
