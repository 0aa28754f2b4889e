"""Requests that create something are carried out once, however often they are sent."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeAlias

from django.core.files.uploadedfile import UploadedFile
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions
from rest_framework.response import Response

from linkage.jobs.services import answered_once

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description="Chosen by the caller: sent again with the same body within a day, the same answer"
    " comes back.",
)
_KEY = re.compile(r"[\x21-\x7e]{8,100}")
_Handler: TypeAlias = Callable[..., Response]


class IdempotencyKeyRequired(exceptions.APIException):
    """What creates something has to say by which key it is known if it is sent again."""

    status_code = 400
    default_code = "idempotency_key_required"


class ShownOnce(Response):
    """An answer of which one field is shown now or never: remembered, it is null."""

    def __init__(self, data: dict[str, Any], *, hidden: str, status: int) -> None:
        super().__init__(data, status=status, headers={"Cache-Control": "no-store"})
        self.remembered = {**data, hidden: None}


def once(handler: _Handler) -> _Handler:
    """Carry a creating method out once for each account, route and Idempotency-Key.

    Effect and remembered answer are one transaction. A refused request leaves no trace, so it may
    be sent again, mended, under the same key. Raises: IdempotencyKeyRequired, KeyUsedOtherwise.
    """

    @wraps(handler)
    def wrapped(self: Any, request: Any, **kwargs: Any) -> Response:
        key = request.headers.get("Idempotency-Key", "")
        if not _KEY.fullmatch(key):
            raise IdempotencyKeyRequired
        made: list[Response] = []

        def act() -> dict[str, Any]:
            response = handler(self, request, **kwargs)
            made.append(response)
            headers = {name: value for name, value in response.items() if name == "ETag"}
            return {"status": response.status_code, "body": _kept(response), "headers": headers}

        remembered = answered_once(
            user_id=request.user.pk,
            route=request.path,
            key=key,
            body_sha256=_digest(request.data),
            now=self.now,
            act=act,
        )
        if remembered is None or made:
            return made[0]
        headers = {**remembered.headers, "Idempotency-Replayed": "true"}
        return Response(remembered.body, status=remembered.status, headers=headers)

    return extend_schema(parameters=[IDEMPOTENCY_KEY])(wrapped)


def _kept(response: Response) -> Any:
    return response.remembered if isinstance(response, ShownOnce) else response.data


def _digest(data: Any) -> str:
    """The same for the same body, whatever the order of its fields."""
    return hashlib.sha256(json.dumps(data, sort_keys=True, default=_told).encode()).hexdigest()


def _told(value: Any) -> Any:
    if isinstance(value, UploadedFile):
        digest = hashlib.sha256()
        for chunk in value.chunks():
            digest.update(chunk)
        value.seek(0)
        return digest.hexdigest()
    return str(value)
