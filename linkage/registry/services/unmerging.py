"""Undoing a merge: what it moved goes back, as far as nothing later contradicts it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from linkage.errors import Conflict, StaleVersion
from linkage.registry import values
from linkage.registry.access import Actor, Capability, require
from linkage.registry.constraints import refusals
from linkage.registry.models import Certificate, ContactPerson, Organisation, Product
from linkage.registry.services.claims import claim, note
from linkage.registry.services.merging_members import NOBODY, give_back_members
from linkage.registry.unmerging import (
    MERGED_FURTHER,
    TAX_CODE_TAKEN,
    TOO_OLD,
    Undoing,
    undoing_of,
)


class MergeTooOld(Conflict):
    """The merge was made before what it moved was kept."""

    code = "merge_too_old"
    words = _("This merge was made before the platform kept what a merge moves.")


class SurvivorMergedFurther(Conflict):
    """The survivor was merged into a third one since."""

    code = "survivor_merged_further"
    words = _("The one that stayed was merged into another since. Undo that merge first.")


class TaxCodeTaken(Conflict):
    """A third organisation has the tax code now."""

    code = "tax_code_taken"
    words = _("Another organisation has its tax code now. Correct that one first.")


class MergeContradicted(Conflict):
    """Something was changed since and nobody said to leave it as it is."""

    code = "merge_contradicted"
    words = _("Something was changed since the merge. Say of each that it stays as it is now.")


_HINDRANCES = {
    TOO_OLD: MergeTooOld,
    MERGED_FURTHER: SurvivorMergedFurther,
    TAX_CODE_TAKEN: TaxCodeTaken,
}


def hindrance_of(undoing: Undoing) -> Conflict | None:
    """Why the merge cannot be undone at all, or None."""
    return _HINDRANCES[undoing.hindrance]() if undoing.hindrance else None


def undo_merge(
    *,
    actor: Actor,
    merged_id: int,
    version: int,
    reason: str,
    now: datetime,
    leave: Collection[str] = (),
) -> Organisation:
    """Let `merged_id` stand on its own again, and return it; `version` is its survivor's.

    What the merge moved goes back; what was recorded at the survivor since stays there. `leave`:
    the codes of contradictions (`unmerging.Contradiction`) that stay as they are now. Raises:
    NotAllowed, NotFound, StaleVersion, TextInvalid; MergeTooOld, SurvivorMergedFurther,
    TaxCodeTaken; MergeContradicted, if one is not in `leave`. Nothing is written then.
    """
    require(actor, Capability.WRITE_ORGANISATIONS)
    why = values.text(reason, field="reason", limit=values.LONGEST_REASON, required=True)
    with refusals(), transaction.atomic():
        kept = claim(undoing_of(merged_id).kept.pk, version)
        # Read again: whoever changes the survivor waits for the claim.
        undoing = undoing_of(merged_id)
        if (hindrance := hindrance_of(undoing)) is not None:
            raise hindrance
        if {one.code for one in undoing.contradictions} - set(leave):
            raise MergeContradicted
        _give_back(undoing, kept)
        merged = _stand_alone(undoing)
        gave = {"merged": merged.pk, "reason": why, "left": sorted(leave)}
        event = note(kept, "gave_back", actor=actor, now=now, data=gave)
        note(merged, "unmerged", actor=actor, now=now, data={"into": kept.pk, "reason": why})
        people = undoing.undo.get("people", NOBODY)
        give_back_members(kept, merged, people, event=event, actor=actor, now=now)
    return merged


def _stand_alone(undoing: Undoing) -> Organisation:
    merged = undoing.merged
    rows = Organisation.objects.filter(pk=merged.pk, merged_into=undoing.kept)
    if rows.update(merged_into=None, version=F("version") + 1) != 1:
        raise StaleVersion
    Organisation.objects.filter(pk__in=undoing.earlier).update(merged_into=merged)
    merged.refresh_from_db()
    return merged


def _give_back(undoing: Undoing, kept: Organisation) -> None:
    """A statement a table: offices of the survivor first, then what moved, then the doubles."""
    undo, merged = undoing.undo, undoing.merged
    left = {one.code for one in undoing.contradictions}
    for name in ("tax_code", "founded_on"):
        if undo[name] and name not in left:
            setattr(kept, name, None)
    kept.save(update_fields=["tax_code", "founded_on"])
    people, goods = ContactPerson.objects, Product.objects
    # By the merge alone they came to their offices.
    kept.contacts.filter(pk=undo["representative"]).update(is_representative=False)
    kept.products.filter(pk=undo["main_product"]).update(is_main=False)
    people.filter(pk__in=undoing.contacts).update(organisation=merged, is_representative=False)
    goods.filter(pk__in=undoing.products).update(organisation=merged, is_main=False)
    Certificate.objects.filter(pk__in=undoing.certificates).update(organisation=merged)
    merged.contacts.filter(pk__in=undo["representatives"]).update(is_representative=True)
    merged.products.filter(pk__in=undo["main_products"]).update(is_main=True)
    _make_doubles_again(undoing, kept)


def _make_doubles_again(undoing: Undoing, kept: Organisation) -> None:
    known = kept.contacts.in_bulk([one["double"] for one in undoing.undo["contacts_dropped"]])
    ContactPerson.objects.bulk_create(
        ContactPerson(
            organisation=undoing.merged,
            name=known[one["double"]].name,
            phone=known[one["double"]].phone,
            is_representative=one["office"],
        )
        for one in undoing.undo["contacts_dropped"]
        if one["double"] in known
    )
    Product.objects.bulk_create(
        Product(
            organisation=undoing.merged,
            as_written=one["as_written"],
            commodity_id=one["commodity"],
            is_main=one["office"],
        )
        for one in undoing.undo["products_dropped"]
    )
