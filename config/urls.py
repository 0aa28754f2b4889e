"""Every door's addresses."""

from __future__ import annotations

from django.urls import include, path

from api.health import livez, readyz

urlpatterns = [
    path("livez", livez, name="livez"),
    path("readyz", readyz, name="readyz"),
    path("api/", include("api.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("", include("web.urls")),
]
