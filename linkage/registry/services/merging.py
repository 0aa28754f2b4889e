"""Saying that two organisations of the register are one."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from linkage.errors import Conflict
from linkage.registry import values
from linkage.registry.access import Actor, Capability, require
from linkage.registry.acting import people_of
from linkage.registry.constraints import refusals
from linkage.registry.merging import Moves, moves_of, what_undoes
from linkage.registry.models import Certificate, ContactPerson, Organisation, Product
from linkage.registry.services.claims import claim, note
from linkage.registry.services.codes import cancel_codes_of
from linkage.registry.services.merging_members import bring, coming, end_members, tell_of_merge


class TaxCodesDiffer(Conflict):
    """Two organisations whose whole tax codes differ are two."""

    code = "tax_codes_differ"
    words = _("The two organisations have different tax codes.")


class MergedIntoItself(Conflict):
    """An organisation and itself."""

    code = "organisation_is_not_merged_into_itself"
    words = _("An organisation cannot be merged into itself.")


def refuse_merge(kept: Organisation, merged: Organisation) -> None:
    """Raises: MergedIntoItself, TaxCodesDiffer, if the two cannot be one."""
    if kept.pk == merged.pk:
        raise MergedIntoItself
    if kept.tax_code and merged.tax_code and kept.tax_code != merged.tax_code:
        raise TaxCodesDiffer


def merge_organisations(
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
    """Say that `merged_id` is the same as `organisation_id`, which stays and is returned.

    The merged one is in no list and no figure; its linkages count as the survivor's, which takes
    over what `merging.moves_of` says; both histories keep the reason. Whoever acts for the merged
    one ends with it, as do its codes, but for the accounts `members` and `admins`, who come along
    as such; everybody is told. Raises: NotAllowed, NotFound, StaleVersion, TextInvalid,
    ValueUnknown; TaxCodesDiffer, MergedIntoItself, SurvivorIsManaged, AlreadyThere, OwnArea;
    nothing is written then.
    """
    require(actor, Capability.WRITE_ORGANISATIONS)
    why = values.text(reason, field="reason", limit=values.LONGEST_REASON, required=True)
    with refusals(), transaction.atomic():
        if merged_id == organisation_id:
            raise MergedIntoItself
        # In order of id: two who merge the same pair both ways wait for each other in one line.
        versions = {organisation_id: version, merged_id: merged_version}
        claimed = {id_: claim(id_, versions[id_]) for id_ in sorted(versions)}
        kept, merged = claimed[organisation_id], claimed[merged_id]
        refuse_merge(kept, merged)
        people = coming(kept, merged, members, admins, localdate(now))
        stayed = people_of(kept.pk, localdate(now))
        ended = end_members(merged, now)
        cancel_codes_of(merged, actor=actor, now=now)
        moved, undo = _move(kept, merged)
        came = bring(kept, people, actor, now)
        took = {"merged": merged.pk, "reason": why}
        event = note(kept, "took_in", actor=actor, now=now, data=took)
        went = {"into": kept.pk, "reason": why, "moved": moved, "undo": undo}
        went["undo"] = {**undo, "people": {"ended": ended, "came": came}}
        note(merged, "merged", actor=actor, now=now, data=went)
        tell_of_merge(
            kept, merged, [row["user"] for row in ended],
            stayed=stayed, event=event, actor=actor, now=now,
        )  # fmt: skip
    return kept


def _move(kept: Organisation, merged: Organisation) -> tuple[dict[str, list[int]], dict[str, Any]]:
    """Hand everything over; return the ids of what changed its owner, and what an undo needs."""
    moves = moves_of(kept, merged)
    earlier = Organisation.objects.filter(merged_into=merged)
    undo = {**what_undoes(moves), "earlier": list(earlier.values_list("pk", flat=True))}
    merged.merged_into = kept
    merged.save(update_fields=["merged_into"])
    earlier.update(merged_into=kept)
    kept.tax_code = kept.tax_code or moves.tax_code
    kept.founded_on = kept.founded_on or moves.founded_on
    kept.save(update_fields=["tax_code", "founded_on"])
    return _hand_over(kept, moves), undo


def _hand_over(kept: Organisation, moves: Moves) -> dict[str, list[int]]:
    """A statement a table: all move without an office, doubles go, and then who takes it does."""
    contacts, products, certificates = (
        _ids(parts) for parts in (moves.contacts, moves.products, moves.certificates)
    )
    people, goods = ContactPerson.objects, Product.objects
    people.filter(pk__in=contacts).update(organisation=kept, is_representative=False)
    goods.filter(pk__in=products).update(organisation=kept, is_main=False)
    Certificate.objects.filter(pk__in=certificates).update(organisation=kept)
    people.filter(pk__in=_ids(moves.contacts_dropped)).delete()
    goods.filter(pk__in=_ids(moves.products_dropped)).delete()
    if moves.representative is not None:
        people.filter(pk=moves.representative.pk).update(is_representative=True)
    if moves.main_product is not None:
        goods.filter(pk=moves.main_product.pk).update(is_main=True)
    return {"contacts": contacts, "products": products, "certificates": certificates}


def _ids(parts: Iterable[Model]) -> list[int]:
    return [part.pk for part in parts]
