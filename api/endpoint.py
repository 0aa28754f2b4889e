"""What every endpoint does before its own few lines: who asks, may they, is the request whole."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, ClassVar, NoReturn

from django.conf import settings
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.access import ROWS
from api.fields import Strict
from api.json_body import BodyTooLarge
from linkage.errors import StaleVersion
from linkage.registry.access import (
    Actor,
    Capability,
    Relation,
    actor_of,
    narrowed,
    reach,
    require,
    require_acting,
    require_member,
    require_officer,
)
from linkage.registry.models import ApiToken
from linkage.registry.services import Look, note_look
from linkage.registry.token_scopes import covers

_ETAG = re.compile(r'"([0-9]{1,9})"')
IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, required=True, description="The ETag that you read."
)
_METHODS = ("get", "post", "patch")


class VersionRequired(exceptions.APIException):
    """A change of a versioned row has to say which version it is made from."""

    status_code = 428
    default_code = "version_required"


class ScopeMissing(exceptions.PermissionDenied):
    """The key is not for this; what its owner may stays unsaid."""

    default_code = "scope_missing"


class NoQuery(Strict):
    """An address without parameters."""


class NoBody(Strict):
    """An act that is all in its address."""


# One address. No docstring: the schema would repeat it for every address.
class Endpoint(APIView):
    # For each method the capability that it takes, or whom it is for; None: open to all.
    needs: ClassVar[Mapping[str, Capability | Relation | None]] = {}
    # Also for a field officer, whom its reads show the area alone; each look is noted.
    in_area: ClassVar[bool] = False
    query: ClassVar[type[Strict]] = NoQuery
    max_bytes: ClassVar[int] = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    http_method_names = ["get", "head", "post", "patch"]

    # Whether the actor acts for the organisation that the address names: then a refusal says so.
    is_inside = False
    actor: Actor
    now: datetime
    today: date
    asked: dict[str, Any]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        undeclared = {name for name in _METHODS if hasattr(cls, name)} - {
            method.lower() for method in cls.needs
        }
        if undeclared:
            raise TypeError(f"{cls.__name__} declares no need for {', '.join(sorted(undeclared))}")

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        self.now = timezone.now()
        self.today = timezone.localdate(self.now)
        self._refuse_large(request)
        super().initial(request, *args, **kwargs)
        if request.method in self.allowed_methods:
            self.asked = self._read_query(request)
            self._refuse_other_types(request)

    def perform_authentication(self, request: Request) -> None:
        try:
            super().perform_authentication(request)
        except exceptions.AuthenticationFailed:
            # By now the request is nobody's: guesses are counted as anybody's requests are.
            self.check_throttles(request)
            raise
        self.actor = actor_of(request.user, on=self.today)
        if isinstance(request.auth, ApiToken):
            self._narrow(request, request.auth)

    def _narrow(self, request: Request, token: ApiToken) -> None:
        """Raises: ScopeMissing. What the key's owner lost meanwhile the key does not have."""
        of = token.organisation
        kept = None if of is None else of.survivor_id
        self.actor = narrowed(self.actor, organisation_id=kept, role=token.role)
        match = request.resolver_match
        row = ROWS.get(match.url_name or "") if match else None
        method = str(request.method)
        if row is not None and not covers(token.scopes, row.resource, row.letter(method)):
            raise ScopeMissing

    def check_permissions(self, request: Request) -> None:
        method = "GET" if request.method == "HEAD" else str(request.method)
        needed = self.needs.get(method)
        if needed is not None:
            self.demand(request, needed)

    def demand(self, request: Request, needed: Capability | Relation) -> None:
        if not request.user.is_authenticated:
            self.permission_denied(request)
        if needed is Relation.MEMBER:
            require_member(self.actor, self.kwargs["organisation_id"])
            self.is_inside = True
        elif needed is Relation.ACTING:
            require_acting(self.actor, self.kwargs["organisation_id"])
            self.is_inside = True
        elif needed is Relation.OFFICER:
            require_officer(self.actor)
        elif isinstance(needed, Capability):
            (reach if self.in_area else require)(self.actor, needed)

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        answer = super().finalize_response(request, response, *args, **kwargs)
        self._note_look(request, answer)
        return answer

    def _note_look(self, request: Request, answer: Response) -> None:
        """What an office read is noted before it goes out; what cannot be noted does not.

        What a change answers with is read as well.
        """
        actor, where = getattr(self, "actor", None), request.resolver_match
        method = "GET" if request.method == "HEAD" else str(request.method)
        read = method in self.needs and answer.status_code in (200, 201)
        if actor is not None and where is not None and read:
            row = ROWS.get(where.url_name or "")
            resource = row.resource if row else None
            look = Look(where.view_name, self.needs[method], self.kwargs, resource)
            note_look(actor=actor, look=look, now=self.now)

    def permission_denied(
        self, request: Request, message: str | None = None, code: str | None = None
    ) -> NoReturn:
        raise exceptions.NotAuthenticated

    def body(self, kind: type[Strict]) -> Any:
        """The body as `kind` reads it, a dict; each wrong field is one entry of the problem."""
        reader = kind(data=self.request.data)
        reader.is_valid(raise_exception=True)
        return dict(reader.validated_data)

    def expected_version(self) -> int:
        """The version in If-Match. Raises: VersionRequired; StaleVersion, if no version is it."""
        header = self.request.headers.get("If-Match", "").strip()
        if header in ("", "*"):
            raise VersionRequired
        found = _ETAG.fullmatch(header)
        if found is None:
            raise StaleVersion
        return int(found.group(1))

    def _refuse_large(self, request: Request) -> None:
        """Before anything reads the body: the server never passes on more than was announced."""
        stated = str(request.META.get("CONTENT_LENGTH") or "0")
        if not stated.isdecimal():
            raise exceptions.ParseError
        if len(stated) > 15 or int(stated) > self.max_bytes:
            raise BodyTooLarge(bytes=self.max_bytes)

    def _refuse_other_types(self, request: Request) -> None:
        if request.META.get("CONTENT_LENGTH") in (None, "", "0"):
            return
        negotiator = self.get_content_negotiator()
        if negotiator.select_parser(request, self.get_parsers()) is None:
            raise exceptions.UnsupportedMediaType(request.content_type)

    def _read_query(self, request: Request) -> dict[str, Any]:
        kind = self.query if request.method in ("GET", "HEAD") else NoQuery
        wrong = {
            name: "repeated_parameter" if name in kind().fields else "unknown_parameter"
            for name, values in request.query_params.lists()
            if name not in kind().fields or len(values) > 1
        }
        if wrong:
            raise exceptions.ValidationError(
                {name: [exceptions.ErrorDetail("", code=code)] for name, code in wrong.items()}
            )
        reader = kind(data=request.query_params.dict())
        reader.is_valid(raise_exception=True)
        return dict(reader.validated_data)


def tagged(data: Any, version: int, status: int = 200) -> Response:
    """An answer whose ETag is the row's version, to send back as If-Match."""
    return Response(data, status=status, headers={"ETag": f'"{version}"'})
