"""Every refusal of the API as one shape: RFC 9457 problem+json, in the reader's language."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Any

from django.core.exceptions import (
    BadRequest,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
)
from django.http import Http404
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from api.words import FIELD_WORDS, PROBLEM_WORDS, TITLES
from linkage import errors
from linkage.registry.access import Actor
from linkage.registry.services import OrganisationAlike

logger = logging.getLogger(__name__)

CONTENT_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field: a path such as `minimum.num`, empty for the whole."""

    field: str
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Problem:
    """A refusal: the status, a stable code, a sentence, and one entry for each wrong field."""

    status: int
    code: str
    detail: str
    errors: tuple[FieldError, ...] = ()
    # What of the register the refusal is about, where it asks to look at it.
    organisations: tuple[int, ...] = ()

    def document(self) -> dict[str, Any]:
        """The body; it names no address, so absent and forbidden things answer alike."""
        shown = {
            "type": f"urn:noi-chuoi:problem:{self.code}",
            "title": str(TITLES.get(self.status, HTTPStatus(self.status).phrase)),
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
            "errors": [asdict(error) for error in self.errors],
        }
        return shown | ({"organisations": [*self.organisations]} if self.organisations else {})


def handle(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """DRF's exception handler: a problem, or None for what nobody foresaw (Django answers 500)."""
    view = context.get("view")
    hides = not getattr(view, "is_inside", False) and _holds_no_office(view)
    problem = _problem(error, hides)
    if problem is None:
        return None
    set_rollback()
    return Response(
        problem.document(),
        status=problem.status,
        content_type=CONTENT_TYPE,
        headers=_headers(error),
    )


def _holds_no_office(view: object) -> bool:
    actor: Actor | None = getattr(view, "actor", None)
    return actor is not None and not actor.roles


def _problem(error: Exception, hides: bool) -> Problem | None:
    if isinstance(error, errors.DomainError):
        return _of_domain(error, hides)
    if isinstance(error, exceptions.ValidationError):
        found = tuple(_flatten(error.detail, ""))
        return Problem(400, "invalid", _words("invalid"), found)
    if isinstance(error, exceptions.APIException):
        code = str(error.get_codes())
        return Problem(error.status_code, code, _words(code))
    return _of_django(error)


def _of_domain(error: errors.DomainError, hides: bool) -> Problem:
    if isinstance(error, errors.NotAllowed) and hides:
        # Whoever holds no office learns nothing, not even that there is something to hide; inside
        # the own organisation there is nothing to hide.
        error = errors.NotFound()
    field = str(error.values.get("field", ""))
    at = (FieldError(field, error.code, str(error)),) if field else ()
    alike = error.alike if isinstance(error, OrganisationAlike) else ()
    named = tuple(organisation.pk for organisation in alike)
    return Problem(errors.status_of(error), error.code, str(error), at, named)


def _of_django(error: Exception) -> Problem | None:
    if isinstance(error, errors.DATABASE_AWAY):
        logger.exception("the database does not answer")
        return Problem(503, "database_unavailable", _words("database_unavailable"))
    match error:
        case Http404():
            return Problem(404, errors.NotFound.code, str(errors.NotFound()))
        case PermissionDenied():
            return Problem(403, errors.NotAllowed.code, str(errors.NotAllowed()))
        case RequestDataTooBig():
            return Problem(413, "too_large", _words("too_large"))
        case MultiPartParserError() | BadRequest() | SuspiciousOperation():
            return Problem(400, "parse_error", _words("parse_error"))
    return None


def _words(code: str) -> str:
    return str(PROBLEM_WORDS.get(code, _("The request cannot be carried out.")))


def _headers(error: Exception) -> dict[str, str]:
    headers = {}
    if scheme := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = str(scheme)
    if seconds := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(seconds) + 1)
    return headers


def _flatten(detail: Any, path: str) -> Iterator[FieldError]:
    """DRF's nested errors as a list, one entry for each wrong field."""
    if isinstance(detail, Mapping):
        for name, below in detail.items():
            own = "" if name == "non_field_errors" else str(name)
            yield from _flatten(below, ".".join(filter(None, (path, own))))
    elif isinstance(detail, Sequence) and not isinstance(detail, str):
        for place, below in enumerate(detail):
            leaf = isinstance(below, str)
            if not leaf or place == 0:
                yield from _flatten(below, path if leaf else f"{path}.{place}")
    else:
        code = getattr(detail, "code", "invalid")
        yield FieldError(path, code, str(FIELD_WORDS.get(code) or detail))
