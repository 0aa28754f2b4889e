from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import Endpoint, NoBody
from api.fields import CleanText, Day, Out, Strict, Whole
from api.once import ShownOnce, once
from api.paging import Page, PageQuery, page_of
from api.views.me import LARGEST_ID, NamedOut
from linkage.registry import member_queries, services
from linkage.registry.access import Relation
from linkage.registry.models import ApiToken, Role
from linkage.registry.token_scopes import SCOPES


class TokenOut(Out):
    id = serializers.IntegerField()
    name = serializers.CharField()
    organisation = NamedOut(allow_null=True, help_text="For which it is; null: for an office.")
    role = serializers.ChoiceField(choices=Role.choices, allow_null=True)
    scopes = serializers.ListField(child=serializers.ChoiceField(choices=SCOPES))
    created_at = serializers.DateTimeField()
    ends = serializers.DateField(help_text="The last day on which it is good.")
    last_used_at = serializers.DateTimeField(allow_null=True, help_text="To the minute.")
    revoked_at = serializers.DateTimeField(allow_null=True)


class TokensOut(Out):
    next = serializers.URLField(allow_null=True)
    results = TokenOut(many=True)


class MadeTokenOut(TokenOut):
    secret = serializers.CharField(
        allow_null=True, help_text="Shown now or never; null if the request was sent again."
    )


class TokenIn(Strict):
    name = CleanText(max_length=100)
    organisation_id = Whole(required=False, min_value=1, max_value=LARGEST_ID)
    role = serializers.ChoiceField(choices=Role.choices, required=False)
    scopes = serializers.ListField(child=serializers.ChoiceField(choices=SCOPES), max_length=20)
    ends = Day()


def shown(token: ApiToken) -> dict[str, Any]:
    """A key without its secret, which nobody has but its owner."""
    of = token.organisation and token.organisation.survivor
    return {
        "id": token.pk,
        "name": token.name,
        "organisation": of and {"id": of.pk, "name": of.name},
        "role": token.role or None,
        "scopes": token.scopes,
        "created_at": token.created_at,
        "ends": token.ends,
        "last_used_at": token.last_used_at,
        "revoked_at": token.revoked_at,
    }


class Tokens(Endpoint):
    needs = {"GET": Relation.PERSON, "POST": Relation.PERSON}
    query = PageQuery

    @extend_schema(operation_id="tokens_list", parameters=[PageQuery], responses=TokensOut)
    def get(self, request: Request) -> Response:
        rows = member_queries.own_tokens(actor=self.actor)
        page: Page = page_of(rows, request, self.asked, order=("-id",))
        results = [shown(token) for token in page.results]
        return Response(TokensOut({"next": page.next, "results": results}).data)

    @extend_schema(operation_id="tokens_make", request=TokenIn, responses={201: MadeTokenOut})
    @once
    def post(self, request: Request) -> Response:
        made = services.make_token(actor=self.actor, now=self.now, **self.body(TokenIn))
        data = MadeTokenOut({**shown(made.token), "secret": made.secret}).data
        return ShownOnce(dict(data), hidden="secret", status=201)


class TokenRevoke(Endpoint):
    needs = {"POST": Relation.PERSON}

    @extend_schema(operation_id="tokens_revoke", request=NoBody, responses=TokenOut)
    def post(self, request: Request, token_id: int) -> Response:
        self.body(NoBody)
        services.revoke_token(actor=self.actor, token_id=token_id, now=self.now)
        token = member_queries.own_tokens(actor=self.actor).get(pk=token_id)
        return Response(TokenOut(shown(token)).data)
