"""Who asks: a program with a key. A file of its own, since DRF's settings name it."""

from __future__ import annotations

import re
from typing import Any

from django.utils import timezone
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from linkage.registry.models import ApiToken, User
from linkage.registry.services import use_token

_BEARER = re.compile(r"Bearer ([\x21-\x7e]{1,200})")
CHALLENGE = 'Bearer realm="api", error="invalid_token"'


class TokenInvalid(exceptions.AuthenticationFailed):
    """No such key, or it ended or was revoked: all answer alike."""

    default_code = "token_invalid"


class Token(BaseAuthentication):
    """`Authorization: Bearer`; no cookie goes along, so no CSRF token is asked for."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        header = request.headers.get("Authorization")
        if header is None:
            return None
        found = _BEARER.fullmatch(header)
        token = use_token(secret=found.group(1), now=timezone.now()) if found else None
        if token is None:
            raise TokenInvalid
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        """What a 401 asks for: a key of who sent one, else to sign in."""
        return CHALLENGE if "Authorization" in request.headers else "Session"


class TokenThrottle(SimpleRateThrottle):
    """Each key by itself; who comes without one is not counted here."""

    scope = "token"

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        if not isinstance(request.auth, ApiToken):
            return None
        return self.cache_format % {"scope": self.scope, "ident": request.auth.pk}
