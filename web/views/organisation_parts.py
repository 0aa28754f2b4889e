from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linkage.errors import NotFound
from linkage.registry import queries, services
from linkage.registry.access import Capability
from linkage.registry.reading import open_card
from web.changes import change_of, form_page, saved
from web.door import ActorRequest, page
from web.forms import organisation_parts as forms
from web.forms.carrying import carried_out


@dataclass(frozen=True)
class _Part:
    form: type[forms.PartForm]
    add: Callable[..., object]
    remove: Callable[..., object]
    # The service's name for the one that is removed.
    id_name: str
    add_heading: str | Promise
    remove_heading: str | Promise


_PARTS = {
    "contacts": _Part(
        forms.ContactForm,
        services.add_contact,
        services.remove_contact,
        "contact_id",
        gettext_lazy("Add a contact person"),
        gettext_lazy("Erase a contact person"),
    ),
    "products": _Part(
        forms.ProductForm,
        services.add_product,
        services.remove_product,
        "product_id",
        gettext_lazy("Add a product"),
        gettext_lazy("Remove a product"),
    ),
    "certificates": _Part(
        forms.CertificateForm,
        services.add_certificate,
        services.remove_certificate,
        "certificate_id",
        gettext_lazy("Record a certificate"),
        gettext_lazy("Take back a certificate"),
    ),
}


@page(Capability.WRITE_ORGANISATIONS, methods=("GET", "POST"))
def add(request: ActorRequest, organisation_id: int, part: str) -> HttpResponse:
    kind = _known(part)
    card = queries.detail(actor=request.actor, organisation_id=organisation_id, on=request.today)
    form = kind.form(request.POST or None, initial={"version": card.organisation.version})

    def act() -> object:
        return kind.add(**change_of(request, organisation_id, form), **form.values())

    if carried_out(form, act):
        return saved(request, organisation_id)
    return form_page(request, form, str(kind.add_heading), card)


@page(Capability.WRITE_ORGANISATIONS, methods=("GET", "POST"))
def remove(request: ActorRequest, organisation_id: int, part: str, part_id: int) -> HttpResponse:
    kind = _known(part)
    asked: dict[str, Any] = {"actor": request.actor, "organisation_id": organisation_id}
    card = open_card(**asked, on=request.today, now=request.now)
    shown = _one(getattr(card, part) or (), part_id)
    form = forms.RemovalForm(request.POST or None, initial={"version": card.organisation.version})

    def act() -> object:
        return kind.remove(**change_of(request, organisation_id, form), **{kind.id_name: part_id})

    if carried_out(form, act):
        return saved(request, organisation_id)
    words = {"lead": str(shown), "submit": _("Remove")}
    return form_page(request, form, str(kind.remove_heading), card, **words)


def _known(part: str) -> _Part:
    if part not in _PARTS:
        raise NotFound
    return _PARTS[part]


def _one(parts: tuple[Any, ...], part_id: int) -> Any:
    found = next((one for one in parts if one.pk == part_id), None)
    if found is None:
        raise NotFound
    return found
