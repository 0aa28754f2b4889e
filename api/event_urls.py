"""Addresses of what happened to an organisation in law."""

from __future__ import annotations

from django.urls import URLPattern, path

from api.views import registry_events

_ALL = "organisations/<id:organisation_id>/events"
_ACTS = {
    "new-name": registry_events.RegistryNewName,
    "new-tax-code": registry_events.RegistryNewTaxCode,
    "move": registry_events.RegistryMove,
    "split": registry_events.RegistrySplit,
    "merger": registry_events.RegistryMerger,
}


def routes() -> list[URLPattern]:
    """The list, recording one of each kind, and taking one back."""
    return [
        path(_ALL, registry_events.RegistryEvents.as_view(), name="registry_events"),
        *(
            path(f"{_ALL}/{act}", view.as_view(), name=f"registry_{act.replace('-', '_')}")
            for act, view in _ACTS.items()
        ),
        path(
            f"{_ALL}/<id:event_id>/withdraw",
            registry_events.RegistryEventWithdraw.as_view(),
            name="registry_event_withdraw",
        ),
    ]
