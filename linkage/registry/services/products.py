"""What an organisation makes, buys or trades beside its main product."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from linkage.catalogue.models import Commodity
from linkage.catalogue.queries import CommodityIndex
from linkage.errors import Conflict, NotFound
from linkage.registry import values
from linkage.registry.access import Actor, Capability, require
from linkage.registry.constraints import refusals
from linkage.registry.merging import product_key
from linkage.registry.models import Organisation, Product
from linkage.registry.services.claims import claim, mark_hand_edited, note


class ProductKnown(Conflict):
    """The organisation has this product."""

    code = "product_known"
    field = "product"
    words = _("This product is already there.")


def commodity_of(written: str) -> Commodity | None:
    """Return the commodity that the words name, or None: kept as written, listed as unresolved."""
    return Commodity.objects.filter(pk=CommodityIndex.load().find(written) or "").first()


def add_product(
    *, actor: Actor, organisation_id: int, version: int, product: str, now: datetime
) -> Product:
    """Add a product by its words; the main one is set by an edit of the organisation.

    Raises: NotAllowed, NotFound, StaleVersion, TextInvalid, ProductKnown. Nothing is written then.
    """
    require(actor, Capability.WRITE_ORGANISATIONS)
    written = values.text(product, field="product", limit=200, required=True)
    with refusals(), transaction.atomic():
        organisation = claim(organisation_id, version)
        made = Product(organisation=organisation, as_written=written)
        if product_key(made) in {product_key(one) for one in organisation.products.all()}:
            raise ProductKnown
        made.commodity = commodity_of(written)
        made.save()
        note(organisation, "product_added", actor=actor, now=now, data={"as_written": written})
    return made


def remove_product(
    *, actor: Actor, organisation_id: int, version: int, product_id: int, now: datetime
) -> Organisation:
    """Take a product away; a main one does not come back with the next import.

    Raises: NotAllowed, NotFound, StaleVersion. Nothing is written then.
    """
    require(actor, Capability.WRITE_ORGANISATIONS)
    with refusals(), transaction.atomic():
        organisation = claim(organisation_id, version)
        product = organisation.products.filter(pk=product_id).first()
        if product is None:
            raise NotFound
        if product.is_main:
            mark_hand_edited(organisation, "product")
        product.delete()
        data = {"as_written": product.as_written}
        note(organisation, "product_removed", actor=actor, now=now, data=data)
    return organisation
