"""Whose request it is, as far as addresses can say: for the lock against guessed passwords."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_ipv46_address
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str | None:
    """The caller's address: behind our proxy the one that it appended, else the peer's.

    Without the proxy X-Forwarded-For is whatever the caller writes, and is not read.
    """
    peer: str | None = request.META.get("REMOTE_ADDR")
    if not settings.BEHIND_HTTPS_PROXY:
        return peer
    appended = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).rpartition(",")[2].strip()
    try:
        validate_ipv46_address(appended)
    except ValidationError:
        return peer
    return appended
