"""What undoing a merge gives back, and what contradicts it: one plan for page and service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from linkage.errors import NotFound
from linkage.jobs.models import Event
from linkage.jobs.queries import events_of
from linkage.registry.models import Organisation
from linkage.registry.services.claims import SUBJECT


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Something that cannot go back as it came, for it was changed or erased since.

    `kind`: tax_code, founded_on, representative, main_product, contact, product or certificate;
    `part` is the id of what moved. Whoever undoes the merge may leave it as it is now.
    """

    kind: str
    part: int | None = None

    @property
    def code(self) -> str:
        """What names it in a form: "tax_code", "contact:12"."""
        return self.kind if self.part is None else f"{self.kind}:{self.part}"


@dataclass(frozen=True, slots=True)
class Undoing:
    """A merge that can be undone: its two sides, what goes back, and what contradicts that."""

    kept: Organisation
    merged: Organisation
    reason: str
    undo: Mapping[str, Any]
    contacts: tuple[int, ...]
    products: tuple[int, ...]
    certificates: tuple[int, ...]
    # Those merged into `merged` before it was merged itself.
    earlier: tuple[int, ...]
    contradictions: tuple[Contradiction, ...]
    # None of the above can be said: the merge is older than this record, or its survivor was
    # merged further; `TAX_CODE_TAKEN`: somebody else has the code now.
    hindrance: str = ""


TOO_OLD, MERGED_FURTHER, TAX_CODE_TAKEN = "too_old", "merged_further", "tax_code_taken"


def undoing_of(merged_id: int) -> Undoing:
    """Return what undoing the merge of `merged_id` would do. Raises: NotFound, if it is none."""
    merged = Organisation.objects.select_related("merged_into").filter(pk=merged_id).first()
    if merged is None or merged.merged_into is None:
        raise NotFound
    kept, told = merged.merged_into, _merge_of(merged_id)
    data = told.data if told else {}
    if data.get("into") != kept.pk or "undo" not in data:
        hindrance = MERGED_FURTHER if data.get("into") not in (None, kept.pk) else TOO_OLD
        nothing = ((), (), (), (), ())
        return Undoing(kept, merged, data.get("reason", ""), {}, *nothing, hindrance=hindrance)
    undo, moved = data["undo"], data["moved"]
    there = {
        "contacts": set(kept.contacts.values_list("pk", flat=True)),
        "products": set(kept.products.values_list("pk", flat=True)),
        "certificates": set(kept.certificates.values_list("pk", flat=True)),
    }
    earlier = Organisation.objects.filter(pk__in=undo["earlier"], merged_into=kept)
    return Undoing(
        kept=kept,
        merged=merged,
        reason=data["reason"],
        undo=undo,
        contacts=tuple(pk for pk in moved["contacts"] if pk in there["contacts"]),
        products=tuple(pk for pk in moved["products"] if pk in there["products"]),
        certificates=tuple(pk for pk in moved["certificates"] if pk in there["certificates"]),
        earlier=tuple(earlier.values_list("pk", flat=True)),
        contradictions=(
            *_of_fields(kept, merged, undo),
            *_of_offices(kept, undo),
            *_erased(moved, undo, there),
        ),
        hindrance=TAX_CODE_TAKEN if _tax_code_is_taken(kept, merged) else "",
    )


def _merge_of(merged_id: int) -> Event | None:
    merges = [event for event in events_of(SUBJECT, merged_id) if event.kind == "merged"]
    return merges[-1] if merges else None


def _of_fields(
    kept: Organisation, merged: Organisation, undo: Mapping[str, Any]
) -> list[Contradiction]:
    """What the survivor took because it had none, and has otherwise now."""
    return [
        Contradiction(name)
        for name in ("tax_code", "founded_on")
        if undo[name] and getattr(kept, name) != getattr(merged, name)
    ]


def _of_offices(kept: Organisation, undo: Mapping[str, Any]) -> list[Contradiction]:
    """Who took an office by the merge, is still there, and does not hold it any more."""
    found = []
    for name, people in (
        ("representative", kept.contacts.filter(is_representative=False)),
        ("main_product", kept.products.filter(is_main=False)),
    ):
        if undo[name] is not None and people.filter(pk=undo[name]).exists():
            found.append(Contradiction(name))
    return found


def _erased(
    moved: Mapping[str, list[int]], undo: Mapping[str, Any], there: Mapping[str, set[int]]
) -> list[Contradiction]:
    """What moved, or was the double of what was dropped, and is the survivor's no more."""
    doubles = [one["double"] for one in undo["contacts_dropped"]]
    wanted = {**moved, "contacts": [*moved["contacts"], *doubles]}
    return [
        Contradiction(kind, pk)
        for kind, parts in (
            ("contact", "contacts"),
            ("product", "products"),
            ("certificate", "certificates"),
        )
        for pk in wanted[parts]
        if pk not in there[parts]
    ]


def _tax_code_is_taken(kept: Organisation, merged: Organisation) -> bool:
    """Whether a third one bears the code that the merged one would bear again."""
    if merged.tax_code is None:
        return False
    others = Organisation.objects.filter(tax_code=merged.tax_code, merged_into=None)
    return others.exclude(pk=kept.pk).exists()
