"""Who asks: the browser's session. A file of its own, since DRF's settings name it."""

from __future__ import annotations

from rest_framework import exceptions
from rest_framework.authentication import SessionAuthentication
from rest_framework.request import Request


class CsrfFailed(exceptions.PermissionDenied):
    """The cookie's token did not come back with the request."""

    default_code = "csrf_failed"


class Session(SessionAuthentication):
    """The browser's session, with its CSRF token; 401 and not 403 for whoever has none."""

    def authenticate_header(self, request: Request) -> str:
        return "Session"

    def enforce_csrf(self, request: Request) -> None:
        try:
            super().enforce_csrf(request)
        except exceptions.PermissionDenied as error:
            raise CsrfFailed from error
