"""Addresses of value chains."""

from __future__ import annotations

from django.urls import URLPattern, path

from api.views import chain_places, chains


def routes() -> list[URLPattern]:
    """All addresses of chains, for offices that read linkages; and each organisation's own."""
    return [
        path("chains", chains.Chains.as_view(), name="chains"),
        path("chains/changes", chains.ChainChanges.as_view(), name="chain_changes"),
        path("chains/<slug:commodity>", chains.Chain.as_view(), name="chain"),
        path(
            "organisations/<id:organisation_id>/chain",
            chain_places.OrganisationChain.as_view(),
            name="organisation_chain",
        ),
        path(
            "organisations/<id:organisation_id>/own-chain",
            chain_places.OwnChain.as_view(),
            name="own_chain",
        ),
    ]
