"""What drf-spectacular cannot see: session and keys, and the problems every address can answer."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema

_PROBLEM = {"$ref": "#/components/schemas/Problem"}
_FIELD_ERROR = {
    "type": "object",
    "required": ["field", "code", "detail"],
    "properties": {
        "field": {"type": "string"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
    },
}
_PROBLEM_SCHEMA = {
    "type": "object",
    "description": "RFC 9457. `code` is stable; `title` and `detail` follow Accept-Language.",
    "required": ["type", "title", "status", "detail", "code", "errors"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "errors": {"type": "array", "items": {"$ref": "#/components/schemas/FieldError"}},
        "organisations": {
            "type": "array",
            "items": {"type": "integer"},
            "description": "Of organisation_alike only: those that it may be, by their ids.",
        },
    },
}
_MEANINGS = {
    "400": "A value, a parameter or the body is not valid",
    "401": "Not signed in, or the key is not valid",
    "403": "A role or a key without this right, or no CSRF token",
    "404": "Absent, or not to be known of",
    "406": "Only application/json is answered",
    "409": "Does not fit the present state",
    "412": "The version in If-Match is not the present one",
    "413": "The body is too large",
    "415": "Not a supported type of body",
    "422": "The file cannot be read",
    "428": "If-Match is missing",
    "429": "Too many requests",
    "503": "The database does not answer",
}


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # untyped
    target_class = "api.session.Session"
    name = "session"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        # The production name has the __Host- prefix; the demo's stands for both.
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # untyped
    target_class = "api.token.Token"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {"type": "http", "scheme": "bearer"}


def add_problems(
    result: dict[str, Any], generator: Any, request: Any, public: bool
) -> dict[str, Any]:
    """Postprocessing hook: every operation's possible problems, from what the operation takes."""
    schemas = result["components"].setdefault("schemas", {})
    schemas["Problem"], schemas["FieldError"] = _PROBLEM_SCHEMA, _FIELD_ERROR
    for address, methods in result["paths"].items():
        if not address.startswith("/api/v1/"):
            continue
        for method, operation in methods.items():
            for status in _possible(method, operation):
                answer = {"description": _MEANINGS[status]}
                content = {"application/problem+json": {"schema": _PROBLEM}}
                operation["responses"].setdefault(status, {**answer, "content": content})
    return result


def _possible(method: str, operation: dict[str, Any]) -> list[str]:
    statuses = ["400", "401", "403", "404", "406", "413", "415", "429", "503"]
    if method != "get":
        statuses.append("409")
    if "multipart/form-data" in operation.get("requestBody", {}).get("content", {}):
        statuses.append("422")
    if any(parameter["name"] == "If-Match" for parameter in operation.get("parameters", [])):
        statuses += ["412", "428"]
    return sorted(statuses)


class EndpointSchema(AutoSchema):
    """An address that is open to all takes a session and does not need one."""

    def get_operation_id(self) -> str:
        # One view at several addresses says by `operation` which of them it stands at.
        operation = getattr(self.view, "operation", "")
        return f"{operation}_{self.method.lower()}" if operation else super().get_operation_id()

    def get_auth(self) -> list[dict[str, Any]]:
        needs = getattr(self.view, "needs", {self.method: None})
        needed: list[dict[str, Any]] = super().get_auth()
        return needed if needs.get(self.method) else [*needed, {}]
