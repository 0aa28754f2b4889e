"""Addresses of field officers: their list, calls, consents, invitations, and the role itself."""

from __future__ import annotations

from django.urls import URLPattern, path

from api.views import inviting, officers

_CALL = "calls/<id:organisation_id>"
_OWN = "organisations/<id:organisation_id>/consents"


def routes() -> list[URLPattern]:
    """All of them."""
    return [
        path("invitations", inviting.Invitations.as_view(), name="invitations"),
        path(
            "organisations/<id:organisation_id>/invitations",
            inviting.InvitationSend.as_view(),
            name="invitation_send",
        ),
        path("calls", officers.Calls.as_view(), name="calls"),
        path(_CALL, officers.CallDetail.as_view(), name="call"),
        path(f"{_CALL}/told", officers.CallTold.as_view(), name="call_told"),
        path(f"{_CALL}/consents", officers.CallConsents.as_view(), name="call_consents"),
        path(
            f"{_CALL}/consents/<id:consent_id>/withdraw",
            officers.CallConsentWithdraw.as_view(),
            name="call_consent_withdraw",
        ),
        path(
            f"{_CALL}/consents/<id:consent_id>/scans",
            officers.CallConsentScans.as_view(),
            name="call_consent_scans",
        ),
        path(
            f"{_CALL}/consents/<id:consent_id>/scans/<id:scan_id>",
            officers.CallConsentScan.as_view(),
            name="call_consent_scan",
        ),
        path(
            f"{_OWN}/<id:consent_id>/scans/<id:scan_id>",
            officers.OwnConsentScan.as_view(),
            name="own_consent_scan",
        ),
        path(_OWN, officers.OwnConsents.as_view(), name="own_consents"),
        path(
            f"{_OWN}/<id:consent_id>/withdraw",
            officers.OwnConsentWithdraw.as_view(),
            name="own_consent_withdraw",
        ),
        path("accounts/<id:user_id>/roles", officers.AccountRoles.as_view(), name="account_roles"),
        path("roles/<id:grant_id>/end", officers.RoleEnd.as_view(), name="role_end"),
    ]
