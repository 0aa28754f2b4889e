"""Whether talks can lead to an agreement on a day: asked by what agrees, and by what shows them."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from linkage.agreements.models import Linkage, Side
from linkage.agreements.services.parties import is_with_itself, organisation_on
from linkage.agreements.services.reserving import PostClosed
from linkage.errors import Conflict
from linkage.market.sight import is_open, must_work


class OneOnBothSides(Conflict):
    """One side was merged into the other since the talks began: nobody agrees with itself."""

    code = "one_organisation_on_both_sides"
    words = _("Both sides are one organisation since a merge: there is nothing to agree on.")


def must_lead_on(linkage: Linkage, on: date) -> None:
    """Refuse to go on with talks from which no agreement can come that day.

    Both posts are open, and the sides are two, which both work. Raises: OneOnBothSides,
    PostClosed, OrganisationNotActive.
    """
    if is_with_itself(linkage):
        raise OneOnBothSides
    for post in (linkage.offer, linkage.need):
        if post is None or not is_open(post, on):
            raise PostClosed
    must_work([organisation_on(linkage, side).pk for side in (Side.SELLER, Side.BUYER)], on)


def hindrance(linkage: Linkage, on: date) -> Conflict | None:
    """Why the talks cannot lead to an agreement that day; None, if they can."""
    try:
        must_lead_on(linkage, on)
    except Conflict as refusal:
        return refusal
    return None
