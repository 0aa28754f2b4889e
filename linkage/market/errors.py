"""What the market refuses, and why."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linkage.errors import Conflict, Invalid


class AmountOutOfRange(Invalid):
    """Zero, negative, too large, or finer than six decimals."""

    code = "amount_out_of_range"
    words = _("An amount is more than 0 and at most %(largest)s, with at most %(places)s decimals.")


class TotalOutOfRange(Invalid):
    """Over the whole window it comes to nothing, or to more than anybody has."""

    code = "total_out_of_range"
    words = _("Over the whole period this comes to nothing, or to more than can be handled.")


class CommodityNotNamed(Invalid):
    """The words name no commodity."""

    code = "commodity_not_named"
    words = _("There is no such product in the list. Try a shorter or a more usual name.")


class CommodityAmbiguous(Invalid):
    """The words name several commodities: nothing is guessed."""

    code = "commodity_ambiguous"
    words = _("Several products are called so: %(names)s. Pick one.")


class UnitNotOfCommodity(Invalid):
    """Eggs are counted and fish is weighed: the unit measures something else."""

    code = "unit_not_of_commodity"
    words = _("This product is not measured in this unit.")


class WindowInverted(Invalid):
    """A window that ends before it starts."""

    code = "window_inverted"
    words = _("The last day lies before the first.")


class OrganisationNotActive(Conflict):
    """Suspended, stopped, dissolved, or not founded yet: nothing is agreed with it that day."""

    code = "organisation_not_active"
    words = _(
        "%(name)s is not active according to the register: it publishes nothing and agrees nothing."
        " If that is wrong, ask the city’s staff to correct it."
    )


class WindowIsOver(Invalid):
    """What is already over cannot be published."""

    code = "window_is_over"
    words = _("The last day is already over.")


class PriceOutOfRange(Invalid):
    """Not a price that anybody could mean."""

    code = "price_out_of_range"
    words = _("A price is a whole number of đồng from 1 to %(largest)s.")


class PriceNotExact(Invalid):
    """The price for the unit is no whole number of đồng for a thousand pieces or a tonne."""

    code = "price_not_exact"
    words = _("This price is finer than can be kept for this unit.")


class DistanceOutOfRange(Invalid):
    """A distance that cannot be meant."""

    code = "distance_out_of_range"
    words = _("A distance is from 1 to %(largest)s km.")


class PaymentDaysOutOfRange(Invalid):
    """A term of payment that cannot be meant."""

    code = "payment_days_out_of_range"
    words = _("A term of payment is from 0 to %(largest)s days.")


class PlaceMissing(Invalid):
    """The organisation's own commune is not known, and no other was named."""

    code = "place_missing"
    words = _(
        "Choose the commune of the city where the goods are handed over or fetched: your"
        " organisation has none of its own there."
    )


class BelowWhatIsReserved(Conflict):
    """Agreements already hold more than the post would have."""

    code = "below_what_is_reserved"
    words = _("Agreements already hold more than that.")


class CommodityIsReserved(Conflict):
    """Agreements hold a quantity of this product: it cannot become another."""

    code = "commodity_is_reserved"
    words = _("Agreements already hold a quantity of this product; it cannot be changed.")


class StateDoesNotAllow(Conflict):
    """The act does not fit where the post stands."""

    code = "post_state_does_not_allow"
    words = _("This cannot be done with a post in its present state (%(state)s).")


class LimitChangedTooOften(Conflict):
    """A limit that is moved and watched finds the other side's: the moves of a day are counted."""

    code = "limit_changed_too_often"
    words = _("The price limit was changed %(times)s times today. It can be changed tomorrow.")


class LimitsOfProductChangedTooOften(Conflict):
    """New posts would try one limit after the other as well as changes of one post do."""

    code = "limits_of_product_changed_too_often"
    words = _(
        "Price limits for such products were set %(times)s times today: leave the limit out, or"
        " wait until tomorrow."
    )
