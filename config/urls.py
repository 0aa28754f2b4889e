"""Every door's addresses."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("api/", include("api.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("", include("web.urls")),
]
