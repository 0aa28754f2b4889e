"""Every door's addresses."""

from __future__ import annotations

from typing import NoReturn

from django.http import Http404, HttpRequest
from django.urls import include, path, re_path, register_converter

from api.health import livez, readyz
from config.converters import IdConverter
from web.views.joining import sign_up

# The doors' addresses are read after this, where they are included.
register_converter(IdConverter, "id")


handler500 = "web.door.unforeseen"


def closed(request: HttpRequest) -> NoReturn:
    raise Http404


urlpatterns = [
    path("livez", livez, name="livez"),
    path("readyz", readyz, name="readyz"),
    path("api/", include("api.urls")),
    # An administrator sets addresses, and what was set is in the account's history: allauth's own
    # pages for that are shut. Its other pages name them, so the names stay.
    path("accounts/email/", closed),
    re_path("^accounts/confirm-email/", closed),
    # Our own form before allauth's: it asks for less and makes the account by our service.
    path("accounts/signup/", sign_up, name="account_signup"),
    path("accounts/", include("allauth.account.urls")),
    path("", include("web.urls")),
]
