"""What the two sides read of their own linkages: the list, one linkage with its talks, contacts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from linkage.agreements.models import (
    COUNTING_STATES,
    OPEN_STATES,
    TALKING_STATES,
    UNSETTLED_STATES,
    Delivery,
    Linkage,
    Message,
    Origin,
    Side,
    State,
    TermsVersion,
)
from linkage.agreements.queries import EVERYTHING, Filters, narrowed, visible_to
from linkage.agreements.services.contract import is_over
from linkage.agreements.services.declaring import blanks, has_denied, said_by
from linkage.agreements.services.delivering import may_enter, may_undo
from linkage.agreements.services.leading import hindrance
from linkage.agreements.services.parties import organisation_on, party_of
from linkage.agreements.services.states import SUBJECT
from linkage.errors import Conflict, NotFound
from linkage.jobs.models import Event
from linkage.jobs.queries import events_of
from linkage.market.models import Need, Offer, PostKind, PostState
from linkage.market.queries import visible_to as posts_shown_to
from linkage.market.sight import ON_POSTS
from linkage.registry.access import Actor, require_acting
from linkage.registry.models import ContactPerson, Deed
from linkage.registry.queries import with_merged

# With one of these consents an officer works on linkages: on what was agreed and is on paper, and
# with TALKS on what is still said.
ON_LINKAGES = (Deed.TALKS, Deed.PAPERS, Deed.DELIVERIES)
_SHOWN = (
    "seller__merged_into", "buyer__merged_into", "commodity", "form", "unit",
    "offer__unit", "need__unit", "offer__commodity", "need__commodity",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Talk:
    """A linkage as one of its sides sees it, with everything that was said and done.

    Versions of the terms, messages, deliveries and events come oldest first; `acts` names what
    the reader may do next for this side, `to_answer` and `to_take_back` which deliveries it may
    answer or take back, by number; `hindrance` is why no agreement can come of the talks now, if
    so; `contacts` is None until both sides share theirs.
    """

    linkage: Linkage
    side: Side
    terms: tuple[TermsVersion, ...]
    messages: tuple[Message, ...]
    deliveries: tuple[Delivery, ...]
    contacts: tuple[ContactPerson, ...] | None
    events: tuple[Event, ...]
    acts: frozenset[str]
    to_answer: frozenset[int]
    to_take_back: frozenset[int]
    hindrance: Conflict | None

    @property
    def newest(self) -> TermsVersion | None:
        """The terms that stand, if any were proposed."""
        return self.terms[-1] if self.terms else None


def mine(*, actor: Actor, organisation_id: int, filters: Filters = EVERYTHING) -> QuerySet[Linkage]:
    """Return an organisation's linkages for who acts for it: open talks first, then the newest.

    Annotated `rank`; ordered by (rank, -id), fit for a cursor. Raises: NotFound; NotConsented;
    TextInvalid.
    """
    require_acting(actor, organisation_id, *ON_LINKAGES)
    rows = narrowed(_of(actor, organisation_id).select_related(*_SHOWN), filters)
    rank = Case(
        When(state__in=sorted(UNSETTLED_STATES), then=Value(0)),
        When(state__in=[State.AGREED, State.IN_FORCE], then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return rows.annotate(rank=rank).order_by("rank", "-id")


def talk(*, actor: Actor, organisation_id: int, linkage_id: int, on: date) -> Talk:
    """Return one linkage of the organisation, as it is to be acted on that day.

    An officer who is not let talk for it reads no terms and no messages, and of the history its own
    acts. Raises: NotFound, also for other people's; NotConsented.
    """
    require_acting(actor, organisation_id, *ON_LINKAGES)
    talks = actor.is_let(organisation_id, Deed.TALKS)
    rows = _of(actor, organisation_id).select_related(*_SHOWN)
    # The linkage first: what is proposed after this read makes its version stale.
    linkage = rows.filter(pk=linkage_id).first()
    if linkage is None:
        raise NotFound
    side = party_of(actor=actor, organisation_id=organisation_id, linkage=linkage).side
    versions = linkage.terms.select_related("unit", "form").order_by("number")
    terms = tuple(versions) if talks else ()
    events = tuple(events_of(SUBJECT, linkage.pk))
    denied = has_denied(events, side)
    blocked = hindrance(linkage, on) if linkage.state in TALKING_STATES else None
    newest = terms[-1] if terms else None
    deliveries = tuple(linkage.deliveries.order_by("on", "pk"))
    acts = acts_of(linkage, side, newest, on, hindered=blocked is not None)
    return Talk(
        linkage=linkage,
        side=side,
        terms=terms,
        messages=tuple(linkage.messages.order_by("pk")) if talks else (),
        deliveries=deliveries,
        contacts=contact_of_other_side(
            actor=actor, organisation_id=organisation_id, linkage=linkage
        ),
        events=tuple(one for one in events if talks or one.actor_id == actor.user_id),
        acts=_by_whom(actor, organisation_id, acts - {"deny"} if denied else acts),
        to_answer=_to_answer(actor, organisation_id, side, deliveries),
        to_take_back=_to_take_back(actor, organisation_id, side, deliveries),
        hindrance=blocked,
    )


def contact_of_other_side(
    *, actor: Actor, organisation_id: int, linkage: Linkage
) -> tuple[ContactPerson, ...] | None:
    """Return the other side's contact persons; None until both sides share theirs.

    Raises: NotFound, if the actor acts for no side.
    """
    party = party_of(actor=actor, organisation_id=organisation_id, linkage=linkage)
    if not (linkage.seller_shares_contact and linkage.buyer_shares_contact):
        return None
    if not actor.acts_for(organisation_id):
        # They shared it with the organisation; an officer reads contacts in its area alone.
        return None
    other = organisation_on(linkage, party.other)
    people = ContactPerson.objects.filter(organisation__in=with_merged(other.pk))
    return tuple(people.order_by("-is_representative", "pk"))


# What an officer may do on behalf of its side, and what the consent must be for.
ON_BEHALF: Mapping[str, Deed] = {
    "propose": Deed.TALKS,
    "withdraw": Deed.TALKS,
    "answer": Deed.TALKS,
    "deliver": Deed.DELIVERIES,
}


def _by_whom(actor: Actor, organisation_id: int, acts: frozenset[str]) -> frozenset[str]:
    """Of the side's acts those that are the actor's: an officer never agrees or confirms."""
    if actor.acts_for(organisation_id):
        return acts
    lets = actor.on_behalf[organisation_id]
    return frozenset(act for act in acts if ON_BEHALF.get(act) in lets)


def acts_of(
    linkage: Linkage, side: Side, newest: TermsVersion | None, on: date, *, hindered: bool
) -> frozenset[str]:
    """Return what the side may do with the linkage on the day; the services refuse the rest.

    `hindered`: no agreement can come of the talks that day (`leading.hindrance`).
    """
    state = State(linkage.state)
    acts = set()
    if state in TALKING_STATES:
        acts |= {"propose", "decline"}
    if state == State.PROPOSED and newest is not None:
        acts.add("withdraw" if newest.side == side else "accept")
    if hindered:
        acts -= {"propose", "accept"}
    if linkage.pool_id is not None:
        # Agreed on and ended with its pool.
        acts.clear()
    if state in OPEN_STATES:
        acts.add("answer")
        if not getattr(linkage, f"{side.value}_shares_contact"):
            acts.add("share_contact")
    if may_enter(linkage, on):
        acts.add("deliver")
    if state in (State.AGREED, State.IN_FORCE) and not is_over(linkage, on):
        acts.add("terminate")
    if linkage.origin != Origin.PLATFORM and state in COUNTING_STATES:
        acts |= _on_paper(linkage, side)
    return frozenset(acts)


def _to_answer(
    actor: Actor, organisation_id: int, side: Side, deliveries: Iterable[Delivery]
) -> frozenset[int]:
    """What the other side entered and nobody answered; an officer answers nothing."""
    if not actor.acts_for(organisation_id):
        return frozenset()
    return frozenset(one.pk for one in deliveries if _is_open(one) and one.side != side)


def _to_take_back(
    actor: Actor, organisation_id: int, side: Side, deliveries: Iterable[Delivery]
) -> frozenset[int]:
    """What the reader's own side entered and nobody answered; of an officer what it entered."""
    if not actor.is_let(organisation_id, Deed.DELIVERIES):
        return frozenset()
    return frozenset(
        one.pk
        for one in deliveries
        if _is_open(one) and one.side == side and may_undo(actor, organisation_id, one)
    )


def _is_open(delivery: Delivery) -> bool:
    return delivery.state == Delivery.State.ENTERED


def talk_delivery(talk: Talk, delivery_id: int) -> Delivery:
    """Return one of the linkage's deliveries. Raises: NotFound."""
    found = next((row for row in talk.deliveries if row.pk == delivery_id), None)
    if found is None:
        raise NotFound
    return found


def own_posts(
    *, actor: Actor, organisation_id: int, side: Side, other_id: int
) -> QuerySet[Offer] | QuerySet[Need]:
    """Return the organisation's published posts that can meet the other side's post.

    `side` is the organisation's own: with its offers it answers a need. Raises: NotFound, also for
    a post that is not published; NotConsented.
    """
    require_acting(actor, organisation_id, Deed.TALKS)
    mine, theirs = (Offer, Need) if side == Side.SELLER else (Need, Offer)
    other = theirs._default_manager.filter(pk=other_id, state=PostState.PUBLISHED)
    post = other.select_related("commodity").first()
    if post is None:
        raise NotFound
    own = mine._default_manager.filter(
        organisation__in=with_merged(organisation_id),
        state=PostState.PUBLISHED,
        commodity__dimension=post.commodity.dimension,
    )
    return own.select_related("commodity", "unit").order_by("-id")


def sees_other_post(*, actor: Actor, organisation_id: int, talk: Talk, on: date) -> bool:
    """Whether the organisation may open the other side's post: published, and no rival's."""
    if not actor.is_let(organisation_id, *ON_POSTS):
        return False
    selling = talk.side == Side.SELLER
    kind = PostKind.NEED if selling else PostKind.OFFER
    post = talk.linkage.need if selling else talk.linkage.offer
    if post is None or post.state != PostState.PUBLISHED:
        return False
    shown = posts_shown_to(actor, kind, on=on, organisation_id=organisation_id)
    return shown.filter(pk=post.pk).exists()


def open_between(*, actor: Actor, organisation_id: int, offer_id: int, need_id: int) -> int | None:
    """Return the organisation's open linkage of the two posts. Raises: NotFound; NotConsented."""
    require_acting(actor, organisation_id, Deed.TALKS)
    rows = _of(actor, organisation_id).filter(offer=offer_id, need=need_id)
    return rows.filter(state__in=sorted(OPEN_STATES)).values_list("pk", flat=True).first()


def _on_paper(linkage: Linkage, side: Side) -> set[str]:
    acts = {"complete"} if blanks(linkage) else set()
    if said_by(linkage, side) is None:
        acts.add("confirm")
        if not linkage.confirmed_on and not linkage.verified_on:
            acts.add("deny")
    return acts


def _of(actor: Actor, organisation_id: int) -> QuerySet[Linkage]:
    ids = with_merged(organisation_id)
    return visible_to(actor).filter(Q(seller__in=ids) | Q(buyer__in=ids))
