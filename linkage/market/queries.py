"""The reads of the market."""

from __future__ import annotations

from linkage.market.models import Need, Offer, PostState
from linkage.registry.tax_codes import same_party


def may_meet(offer: Offer, need: Need) -> bool:
    """Whether the two sides may talk about these posts: both published, two parties, one measure.

    Reads the posts' organisations and commodities.
    """
    if offer.state != PostState.PUBLISHED or need.state != PostState.PUBLISHED:
        return False
    if offer.commodity.dimension != need.commodity.dimension:
        return False
    supplier, buyer = offer.organisation, need.organisation
    if (supplier.merged_into_id or supplier.pk) == (buyer.merged_into_id or buyer.pk):
        return False
    codes = supplier.tax_code, buyer.tax_code
    return not (codes[0] and codes[1] and same_party(codes[0], codes[1]))
