"""Merging two organisations, and undoing it: who talks with one of them is told with whom now."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from linkage.agreements.models import Linkage, Side
from linkage.agreements.queries import open_talks
from linkage.agreements.services.parties import is_with_itself, tell
from linkage.notices.models import Kind
from linkage.registry.access import Actor
from linkage.registry.models import Organisation
from linkage.registry.queries import with_merged
from linkage.registry.services import merge_organisations, undo_merge


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
        # By the merge they become the survivor's.
        own, talks = with_merged(merged_id), _open_talks(merged_id)
        kept = merge_organisations(
            actor=actor, organisation_id=organisation_id, version=version, merged_id=merged_id,
            merged_version=merged_version, reason=reason, members=members, admins=admins, now=now,
        )  # fmt: skip
        key = f"merged:{merged_id}:{kept.version}"
        _tell_partners(own, talks, merged_id, "party_merged", key=key, now=now)
    return kept


def unmerge_parties(
    *,
    actor: Actor,
    merged_id: int,
    version: int,
    reason: str,
    now: datetime,
    leave: Collection[str] = (),
) -> Organisation:
    """Undo a merge as `registry.services.undo_merge`, and tell who talks with the one that stands
    on its own again. Raises: as it does; nothing is written and nobody is told then."""
    with transaction.atomic():
        merged = undo_merge(
            actor=actor, merged_id=merged_id, version=version, reason=reason, leave=leave, now=now
        )
        own, talks = with_merged(merged_id), _open_talks(merged_id)
        key = f"unmerged:{merged_id}:{version}"
        _tell_partners(own, talks, merged_id, "party_unmerged", key=key, now=now)
    return merged


def _open_talks(organisation_id: int) -> list[int]:
    return list(open_talks(organisation_id).values_list("pk", flat=True))


def _tell_partners(
    own: Collection[int],
    talks: Collection[int],
    merged_id: int,
    what: str,
    *,
    key: str,
    now: datetime,
) -> None:
    """Tell the side that is not of `own`; nobody where both sides are one organisation now."""
    name = Organisation.objects.values_list("name", flat=True).get(pk=merged_id)
    shown = ("seller__merged_into", "buyer__merged_into", "commodity")
    for linkage in Linkage.objects.filter(pk__in=talks).select_related(*shown).order_by("pk"):
        other = Side.BUYER if linkage.seller_id in own else Side.SELLER
        if not is_with_itself(linkage):
            tell(linkage, other, Kind.ANSWER, what, key=key, now=now, data={"merged": name})
