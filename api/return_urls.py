"""Addresses of yearly returns."""

from __future__ import annotations

from django.urls import URLPattern, path

from api.views import returns

_OWN = "organisations/<id:organisation_id>/returns"
_ONE = "returns/<id:return_id>"


def routes() -> list[URLPattern]:
    """All of them: an organisation's own, those that the office files for it, and its desk."""
    return [
        path(_OWN, returns.OwnReturns.as_view(), name="own_returns"),
        path(f"{_OWN}/<id:year>", returns.OwnReturn.as_view(), name="own_return"),
        path(f"office/{_OWN}", returns.OfficeReturns.as_view(), name="office_returns"),
        path(f"office/{_OWN}/<id:year>", returns.OfficeReturn.as_view(), name="office_return"),
        path("returns", returns.Returns.as_view(), name="returns"),
        path(_ONE, returns.ReturnDetail.as_view(), name="year_return"),
        path(f"{_ONE}/accept", returns.ReturnAccept.as_view(), name="return_accept"),
        path(f"{_ONE}/send-back", returns.ReturnSendBack.as_view(), name="return_send_back"),
    ]
