"""The two sides of a linkage: who acts for which, and how the other one is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from linkage.agreements.models import Linkage, Side
from linkage.agreements.services.states import SUBJECT, claim, hold
from linkage.errors import Conflict, NotFound
from linkage.notices.models import Kind
from linkage.notices.services import News, tell_organisation, tell_people
from linkage.registry.access import (
    Actor,
    Capability,
    require_acting,
    require_member,
    staff_on,
)
from linkage.registry.acting import people_of
from linkage.registry.models import Deed, Organisation
from linkage.registry.queries import with_merged
from linkage.registry.services.behalf import acted_for_another


@dataclass(frozen=True, slots=True)
class Party:
    """Who acts, and for which side."""

    actor: Actor
    organisation_id: int
    side: Side

    @property
    def other(self) -> Side:
        return Side.BUYER if self.side == Side.SELLER else Side.SELLER


def party_of(*, actor: Actor, organisation_id: int, linkage: Linkage) -> Party:
    """Return the side for which the actor acts. Raises: NotFound, if the actor acts for none."""
    require_acting(actor, organisation_id)
    own = with_merged(organisation_id)
    if linkage.seller_id in own:
        return Party(actor, organisation_id, Side.SELLER)
    if linkage.buyer_id in own:
        return Party(actor, organisation_id, Side.BUYER)
    raise NotFound


class ActedForOtherSide(Conflict):
    """Nobody speaks for both sides of a linkage."""

    code = "acted_for_other_side"
    words = _("You acted for the other side of this linkage: let somebody else act for this one.")


def take(
    *,
    actor: Actor,
    organisation_id: int,
    linkage_id: int,
    version: int,
    deed: Deed | None = None,
) -> tuple[Linkage, Party]:
    """Claim a linkage of the actor's organisation at the version that was read.

    Without a `deed` it is no use case for an officer on the organisation's behalf. Whose it is is
    asked first: a stranger learns nothing from a stale version. Raises: NotFound, NotConsented,
    ActedForOtherSide, StaleVersion.
    """
    party = _look(actor, organisation_id, linkage_id, deed)
    return claim(linkage_id, version), party


def join(
    *, actor: Actor, organisation_id: int, linkage_id: int, deed: Deed | None = None
) -> tuple[Linkage, Party]:
    """Lock a linkage of the actor's organisation, to add a row to it; `deed` as in `take`.

    Raises: NotFound, NotConsented, ActedForOtherSide.
    """
    party = _look(actor, organisation_id, linkage_id, deed)
    return hold(linkage_id), party


def _look(actor: Actor, organisation_id: int, linkage_id: int, deed: Deed | None) -> Party:
    must_may(actor, organisation_id, deed)
    linkage = Linkage.objects.filter(pk=linkage_id).first()
    if linkage is None:
        raise NotFound
    party = party_of(actor=actor, organisation_id=organisation_id, linkage=linkage)
    must_be_on_one_side(party, linkage)
    return party


def must_may(actor: Actor, organisation_id: int, deed: Deed | None) -> None:
    """Raises: NotFound, NotConsented, unless the actor is a member, or an officer with the deed."""
    if deed is None:
        require_member(actor, organisation_id)
    else:
        require_acting(actor, organisation_id, deed)


def must_be_on_one_side(party: Party, linkage: Linkage) -> None:
    """Raises: ActedForOtherSide, if the actor spoke for the other side on its behalf, or would now
    speak for this one and is of the other."""
    actor, other = party.actor, organisation_on(linkage, party.other).pk
    stands_in = actor.stands_in_for(party.organisation_id)
    if stands_in and actor.is_of(other):
        raise ActedForOtherSide
    spoke = acted_for_another(
        actor=actor,
        organisation_id=party.organisation_id,
        subject_kind=SUBJECT,
        subject_id=linkage.pk,
    )
    if spoke:
        raise ActedForOtherSide


def organisation_on(linkage: Linkage, side: Side) -> Organisation:
    """Return who stands on the side today: of a merged organisation its survivor."""
    found = linkage.seller if side == Side.SELLER else linkage.buyer
    return found.survivor


def is_with_itself(linkage: Linkage) -> bool:
    """Whether both sides are one organisation, since one was merged into the other."""
    return organisation_on(linkage, Side.SELLER) == organisation_on(linkage, Side.BUYER)


def tell(
    linkage: Linkage,
    to: Side,
    kind: Kind,
    what: str,
    *,
    key: str,
    now: datetime,
    data: Mapping[str, Any] | None = None,
    except_user_id: int | None = None,
) -> None:
    """Tell a side what happened to the linkage; `key` names the fact within the linkage."""
    tell_organisation(
        organisation_id=organisation_on(linkage, to).pk,
        news=_news(linkage, to, kind, what, key=key, data=data or {}),
        now=now,
        except_user_id=except_user_id,
    )


def tell_both(
    linkage: Linkage,
    kind: Kind,
    what: str,
    *,
    key: str,
    now: datetime,
    data: Mapping[str, Any] | None = None,
    except_user_id: int | None = None,
) -> None:
    """Tell both sides of what neither of them did."""
    for side in (Side.SELLER, Side.BUYER):
        tell(
            linkage, side, kind, what, key=key, now=now, data=data, except_user_id=except_user_id
        )  # fmt: skip


def tell_other(
    linkage: Linkage,
    party: Party,
    kind: Kind,
    what: str,
    *,
    key: str,
    now: datetime,
    data: Mapping[str, Any] | None = None,
) -> None:
    """Tell the side that did not act."""
    tell(
        linkage, party.other, kind, what,
        key=key, now=now, data=data, except_user_id=party.actor.user_id,
    )  # fmt: skip


def ask_to_confirm(
    linkage: Linkage, side: Side, *, now: datetime, except_user_id: int | None = None
) -> None:
    """Ask a side to confirm a contract on paper; if nobody acts for it, city staff see it."""
    if people_of(organisation_on(linkage, side).pk, localdate(now)):
        tell(
            linkage, side, Kind.QUESTION, "declared",
            key="declared", now=now, except_user_id=except_user_id,
        )  # fmt: skip
    elif linkage.opened_by != Side.OFFICE:
        tell_office(linkage, side, "declared_unasked", key="declared", now=now)


def tell_office(linkage: Linkage, side: Side, what: str, *, key: str, now: datetime) -> None:
    """Tell those who correct linkages of something that concerns the side, to look at it."""
    news = _news(linkage, side, Kind.QUESTION, what, key=key, data={})
    offices = staff_on(localdate(now), Capability.WRITE_LINKAGES)
    tell_people(user_ids=offices, news=news, now=now)


def _news(
    linkage: Linkage,
    to: Side,
    kind: Kind,
    what: str,
    *,
    key: str,
    data: Mapping[str, Any],
) -> News:
    other = Side.BUYER if to == Side.SELLER else Side.SELLER
    commodity = linkage.commodity
    product = commodity.name_vi if commodity else linkage.product_as_written
    said = {
        "side": to.value,
        "other": organisation_on(linkage, other).name,
        "product": product,
        "contract": linkage.contract_number,
        **data,
    }
    return News(kind, what, SUBJECT, linkage.pk, f"{SUBJECT}:{linkage.pk}:{key}", said)
