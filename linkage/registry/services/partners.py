"""The partner whom a member names in a contract: found in the register, or entered once."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from linkage.errors import Conflict
from linkage.registry import tax_codes, values
from linkage.registry.access import Actor
from linkage.registry.kind_words import kind_in_name
from linkage.registry.models import (
    CommuneFact,
    Kind,
    KindFact,
    Organisation,
    SectorFact,
    Status,
    StatusFact,
)
from linkage.registry.models.organisations import Origin
from linkage.registry.services.claims import (
    mark_hand_edited,
    note,
    wait_for_others_who_enter,
)
from linkage.text import identity_key, search_key, sort_key

# Cooperatives, groups and unions are in the register, or staff enter them: they are counted.
PARTNER_KINDS = (Kind.ENTERPRISE, Kind.HOUSEHOLD_BUSINESS, Kind.INDIVIDUAL, Kind.OTHER)


class PartnerAmbiguous(Conflict):
    """Several organisations bear the name."""

    code = "partner_ambiguous"
    field = "tax_code"
    words = _("Several organisations have this name: give the tax code.")


class NameSaysOtherKind(Conflict):
    """The name begins with the words of another kind than the one that was chosen."""

    code = "name_says_other_kind"
    field = "kind_is_meant"
    words = _(
        "The name says that it is something else: %(kind)s. Look whether the register has it under "
        "another name or a tax code; if it really is what you chose, say so."
    )


class PartnerNamedOtherwise(Conflict):
    """The tax code is that of an organisation whose name shares no word with the one given."""

    code = "partner_named_otherwise"
    field = "tax_code"
    words = _("This tax code is that of %(name)s: check the code, or write that name.")


# Words that say what kind of organisation it is, and not which.
_KIND_WORDS = {
    *("cong", "ty", "cty", "tnhh", "mtv", "cp", "co", "phan"),
    *("htx", "hop", "tac", "xa", "ho", "kinh", "doanh"),
}


def find_or_enter_partner(
    *,
    actor: Actor,
    name: str,
    kind: str,
    tax_code: str | None,
    now: datetime,
    kind_is_meant: bool = False,
) -> Organisation:
    """Return the organisation by its tax code, else by its exact name; enter it if there is none.

    In the caller's transaction, which holds all others who enter a partner until its end. `kind` is
    asked of a new one, and of whoever has a person's code, in the register or not. A person's code
    under another name finds nobody and is not kept: nothing that a member sees tells whether it is
    in the register. `kind_is_meant` says that a new one is of that kind whatever its name says.
    Raises: Invalid for a value that cannot be; PartnerAmbiguous; PartnerNamedOtherwise, for an
    organisation's code beside another one's name; NameSaysOtherKind.
    """
    said = values.text(name, field="name", limit=300, required=True)
    code = tax_codes.parse(tax_code) if tax_code else None
    personal = code is not None and tax_codes.is_personal(code)
    if personal and kind not in PARTNER_KINDS:
        raise values.ValueUnknown(field="kind")
    wait_for_others_who_enter()
    owner = Organisation.objects.filter(tax_code=code, merged_into=None).first() if code else None
    if owner and (not personal or owner.name_key == identity_key(said)):
        if not _share_a_word(said, owner.name):
            raise PartnerNamedOtherwise(name=owner.name)
        return owner
    free = None if owner else code
    known = _by_name(said, code)
    if known is None and not kind_is_meant:
        _refuse_other_kind(said, kind)
    return known or _enter(actor, said, kind, free, now)


def _refuse_other_kind(name: str, kind: str) -> None:
    says = kind_in_name(name)
    if kind in PARTNER_KINDS and says is not None and says != kind:
        raise NameSaysOtherKind(kind=Kind(says).label)


def _share_a_word(one: str, other: str) -> bool:
    """Whether both can be ways to write one name; marks and case do not count."""
    said, known = ({*search_key(name).split()} - _KIND_WORDS for name in (one, other))
    return not known or not said.isdisjoint(known)


def _by_name(name: str, code: str | None) -> Organisation | None:
    """A bearer of the name with another tax code is somebody else."""
    bearers = Organisation.objects.filter(name_key=identity_key(name), merged_into=None)
    same = [one for one in bearers.order_by("pk")[:10] if not (code and one.tax_code)]
    if len(same) > 1:
        raise PartnerAmbiguous
    return same[0] if same else None


def _enter(actor: Actor, name: str, kind: str, code: str | None, now: datetime) -> Organisation:
    if kind not in PARTNER_KINDS:
        raise values.ValueUnknown(field="kind")
    made = Organisation.objects.create(
        name=name,
        name_key=identity_key(name),
        search_key=search_key(name),
        sort_key=sort_key(name),
        tax_code=code,
        origin=Origin.MEMBER,
    )
    StatusFact.objects.create(organisation=made, status=Status.ACTIVE)
    KindFact.objects.create(organisation=made, kind=kind)
    SectorFact.objects.create(organisation=made)
    CommuneFact.objects.create(organisation=made)
    mark_hand_edited(made, "name", "kind", *(["tax_code"] if code else []))
    shown = tax_codes.masked(code) if code else None
    data = {"after": {"name": name, "kind": kind, "tax_code": shown}}
    note(made, "created", actor=actor, now=now, data=data)
    return made
