"""Merging two organisations, one of which others are talking with."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from linkage.agreements.models import Side
from linkage.agreements.queries import open_talks
from linkage.agreements.services.parties import organisation_on, tell
from linkage.notices.models import Kind
from linkage.registry.access import Actor
from linkage.registry.models import Organisation
from linkage.registry.services import merge_organisations


def merge_parties(
    *,
    actor: Actor,
    organisation_id: int,
    version: int,
    merged_id: int,
    merged_version: int,
    reason: str,
    now: datetime,
    members: Collection[int] = (),
    admins: Collection[int] = (),
) -> Organisation:
    """Merge as `registry.services.merge_organisations`, and tell who talks with the merged one
    with whom they talk now. Raises: as it does; nothing is written and nobody is told then."""
    with transaction.atomic():
        kept = merge_organisations(
            actor=actor, organisation_id=organisation_id, version=version, merged_id=merged_id,
            merged_version=merged_version, reason=reason, members=members, admins=admins, now=now,
        )  # fmt: skip
        # Who was merged into the merged one before is merged into the survivor by now.
        gone = Organisation.objects.get(pk=merged_id)
        shown = ("seller__merged_into", "buyer__merged_into", "commodity")
        for linkage in open_talks(gone.pk).select_related(*shown):
            other = Side.BUYER if linkage.seller_id == gone.pk else Side.SELLER
            if organisation_on(linkage, other).pk != kept.pk:
                tell(
                    linkage, other, Kind.ANSWER, "party_merged",
                    key=f"merged:{gone.pk}", now=now, data={"merged": gone.name},
                )  # fmt: skip
    return kept
