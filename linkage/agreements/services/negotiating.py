"""From a question to an agreement between an offer and a need.

Every act names the version that the actor read, so nobody agrees to terms other than those seen; a
stale one is refused and nothing is written. Who acts for neither side learns nothing.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from linkage.agreements.models import (
    OPEN_STATES,
    TALKING_STATES,
    Consent,
    Linkage,
    Message,
    Origin,
    Side,
    State,
    TermsVersion,
)
from linkage.agreements.services.contract import must_end_within
from linkage.agreements.services.leading import must_lead_on
from linkage.agreements.services.meeting import must_see, opened, pair
from linkage.agreements.services.parties import (
    Party,
    join,
    must_be_on_one_side,
    take,
    tell_other,
)
from linkage.agreements.services.reserving import OutOfStock, end, reserve
from linkage.agreements.services.states import (
    move,
    must_be,
    must_stand_alone,
    note,
    reason_of,
)
from linkage.agreements.services.terms import (
    Proposal,
    WindowOver,
    agreed_fields,
    newest_terms,
    put_down,
    read,
)
from linkage.errors import Conflict
from linkage.market.amounts import quantity_in_words
from linkage.market.models import AnyPost, PostKind
from linkage.notices.models import Kind
from linkage.registry import values
from linkage.registry.access import Actor, require_acting
from linkage.registry.constraints import refusals
from linkage.registry.models import Deed

LONGEST_MESSAGE = 2000


class OwnProposal(Conflict):
    """Who proposed has agreed already: the other side answers."""

    code = "own_proposal"
    words = _("These are your own terms: the other side has to answer.")


class LessIsLeft(OutOfStock):
    """What one of the two posts still has, in words: nobody else was first just now."""

    words = _("Only %(left)s is left.")


class OthersProposal(Conflict):
    """Only who proposed takes a proposal back."""

    code = "others_proposal"
    words = _("These are the other side's terms: decline them or propose others.")


def ask(
    *,
    actor: Actor,
    organisation_id: int,
    offer_id: int,
    need_id: int,
    now: datetime,
    text: str = "",
    proposal: Proposal | None = None,
    introduced: bool = False,
) -> Linkage:
    """Open talks between an offer and a need, one of them the organisation's, with a question, a
    proposal or both.

    `introduced`: a suggestion stands that shows the organisation the other post, which the rivals'
    rule may hide from it otherwise; `suggestions.services.open_talks` knows.

    Raises: NotFound, also for a post that the organisation may not see; PostClosed, if its own is
    not open; OrganisationNotActive; Conflict, if there are open talks of the two already;
    TextInvalid, if nothing is asked; what `propose` raises. Nothing is written then.
    """
    require_acting(actor, organisation_id, Deed.TALKS)
    said = values.text(text, field="text", limit=LONGEST_MESSAGE, required=proposal is None)
    with refusals(), transaction.atomic():
        offer, need, side = pair(organisation_id, offer_id, need_id, localdate(now))
        if not introduced:
            other = (PostKind.NEED, need_id) if side == Side.SELLER else (PostKind.OFFER, offer_id)
            must_see(*other, actor=actor, organisation_id=organisation_id, now=now)
        linkage = opened(offer, need, side)
        must_lead_on(linkage, localdate(now))
        party = Party(actor, organisation_id, side)
        must_be_on_one_side(party, linkage)
        note(linkage, "opened", actor, now, {"side": side.value})
        if said:
            _say(linkage, party, said, now)
        if proposal is not None:
            _put_forward(linkage, party, proposal, now)
    return linkage


def answer(
    *, actor: Actor, organisation_id: int, linkage_id: int, text: str, now: datetime
) -> Message:
    """Write to the other side, while the linkage is open.

    Raises: NotFound, NotInThatState, TextInvalid.
    """
    said = values.text(text, field="text", limit=LONGEST_MESSAGE, required=True)
    with refusals(), transaction.atomic():
        linkage, party = join(
            actor=actor,
            organisation_id=organisation_id,
            linkage_id=linkage_id,
            deed=Deed.TALKS,
        )
        must_be(linkage, *OPEN_STATES)
        return _say(linkage, party, said, now)


def propose(
    *,
    actor: Actor,
    organisation_id: int,
    linkage_id: int,
    version: int,
    proposal: Proposal,
    now: datetime,
) -> TermsVersion:
    """Put terms forward, or other ones against the newest; who proposes agrees to them.

    Raises: NotFound, StaleVersion, NotInThatState, PostClosed, OrganisationNotActive; OutOfStock
    for more than is left of either post; Invalid for a value that cannot be. Nothing is written
    then.
    """
    with refusals(), transaction.atomic():
        linkage, party = take(
            actor=actor,
            organisation_id=organisation_id,
            linkage_id=linkage_id,
            version=version,
            deed=Deed.TALKS,
        )
        must_be(linkage, *TALKING_STATES)
        must_stand_alone(linkage)
        return _put_forward(linkage, party, proposal, now)


def accept(
    *, actor: Actor, organisation_id: int, linkage_id: int, version: int, now: datetime
) -> Linkage:
    """Agree to the newest terms, which the other side proposed.

    In one transaction: the consent, the quantity held of the offer and then of the need, the terms
    as the linkage's own, both contacts shared. Raises: NotFound, StaleVersion, NotInThatState,
    OwnProposal, OutOfStock, PostClosed, OrganisationNotActive, WindowOver. Nothing is written then.
    """
    with refusals(), transaction.atomic():
        linkage, party = take(
            actor=actor, organisation_id=organisation_id, linkage_id=linkage_id, version=version
        )
        must_be(linkage, State.PROPOSED)
        must_stand_alone(linkage)
        terms = newest_terms(linkage)
        if terms.side == party.side:
            raise OwnProposal
        if terms.ends < localdate(now):
            raise WindowOver
        must_lead_on(linkage, localdate(now))
        Consent.objects.create(
            terms=terms, side=party.side, given_by_id=actor.user_id, given_at=now
        )
        reserve(linkage, terms, now=now)
        _agree(linkage, party, terms, now)
        data = {"number": terms.number}
        tell_other(linkage, party, Kind.ANSWER, "accepted", key="accepted", now=now, data=data)
    return linkage


def decline(
    *,
    actor: Actor,
    organisation_id: int,
    linkage_id: int,
    version: int,
    reason: str,
    now: datetime,
) -> Linkage:
    """End the talks without an agreement; either side may.

    Raises: NotFound, StaleVersion, NotInThatState, ReasonMissing.
    """
    said = reason_of(reason)
    with refusals(), transaction.atomic():
        linkage, party = take(
            actor=actor, organisation_id=organisation_id, linkage_id=linkage_id, version=version
        )
        must_be(linkage, *TALKING_STATES)
        must_stand_alone(linkage)
        data = {"side": party.side.value, "reason": said}
        move(linkage, State.DECLINED, actor=actor, now=now, data=data)
        tell_other(
            linkage, party, Kind.ANSWER, "declined", key="declined", now=now, data={"reason": said}
        )
    return linkage


def withdraw(
    *, actor: Actor, organisation_id: int, linkage_id: int, version: int, now: datetime
) -> Linkage:
    """Take the own newest proposal back; the talks go on.

    Raises: NotFound, StaleVersion, NotInThatState, OthersProposal.
    """
    with refusals(), transaction.atomic():
        linkage, party = take(
            actor=actor,
            organisation_id=organisation_id,
            linkage_id=linkage_id,
            version=version,
            deed=Deed.TALKS,
        )
        must_be(linkage, State.PROPOSED)
        must_stand_alone(linkage)
        terms = newest_terms(linkage)
        if terms.side != party.side:
            raise OthersProposal
        data = {"side": party.side.value, "number": terms.number}
        move(linkage, State.NEGOTIATING, actor=actor, now=now, data=data)
        key = f"withdrawn:{terms.number}"
        tell_other(linkage, party, Kind.ANSWER, "withdrawn", key=key, now=now)
    return linkage


def terminate(
    *,
    actor: Actor,
    organisation_id: int,
    linkage_id: int,
    version: int,
    reason: str,
    now: datetime,
) -> Linkage:
    """End an agreed linkage today, before its time; what was not delivered goes back to the posts.

    One that has not begun never is in force. Raises: NotFound, StaleVersion, NotInThatState,
    ReasonMissing; TerminationAfterEnd for one that ended by itself, also before the night that says
    so.
    """
    said = reason_of(reason)
    with refusals(), transaction.atomic():
        linkage, party = take(
            actor=actor, organisation_id=organisation_id, linkage_id=linkage_id, version=version
        )
        must_be(linkage, State.AGREED, State.IN_FORCE)
        day = max(localdate(now), linkage.starts)
        must_end_within(linkage, day)
        data = {"side": party.side.value, "reason": said, "terminated_on": day.isoformat()}
        fields = {"terminated_on": day}
        end(linkage, State.TERMINATED, actor=actor, now=now, fields=fields, data=data)
        if linkage.origin != Origin.PLATFORM:
            linkage.hand_edited = sorted({*linkage.hand_edited, "terminated_on"})
            linkage.save(update_fields=["hand_edited"])
        told = {"reason": said}
        tell_other(linkage, party, Kind.ANSWER, "terminated", key="terminated", now=now, data=told)
    return linkage


def share_contact(
    *, actor: Actor, organisation_id: int, linkage_id: int, version: int, now: datetime
) -> Linkage:
    """Let the other side see the own contact person, once it does so too.

    Raises: NotFound, StaleVersion, NotInThatState.
    """
    with refusals(), transaction.atomic():
        linkage, party = take(
            actor=actor, organisation_id=organisation_id, linkage_id=linkage_id, version=version
        )
        must_be(linkage, *OPEN_STATES)
        column = f"{party.side.value}_shares_contact"
        if not getattr(linkage, column):
            setattr(linkage, column, True)
            linkage.save(update_fields=[column])
            note(linkage, "contact_shared", actor, now, {"side": party.side.value})
            key = f"contact:{party.side.value}"
            tell_other(linkage, party, Kind.ANSWER, "contact_shared", key=key, now=now)
    return linkage


def _say(linkage: Linkage, party: Party, text: str, now: datetime) -> Message:
    message = Message.objects.create(
        linkage=linkage,
        side=party.side,
        text=text,
        written_by_id=party.actor.user_id,
        written_at=now,
    )
    if party.actor.stands_in_for(party.organisation_id):
        # Whoever writes for itself stands beside the message; an officer in the history too.
        note(linkage, "wrote", party.actor, now, {"side": party.side.value})
    what = "asked" if party.side == linkage.opened_by else "answered"
    kind = Kind.QUESTION if what == "asked" else Kind.ANSWER
    tell_other(linkage, party, kind, what, key=f"message:{message.pk}", now=now)
    return message


def _put_forward(linkage: Linkage, party: Party, proposal: Proposal, now: datetime) -> TermsVersion:
    columns = read(proposal, linkage=linkage, now=now)
    _must_fit(linkage, columns["quantity"], localdate(now))
    last = linkage.terms.order_by("-number").first()
    terms = put_down(linkage, party, columns, now, last)
    what = "countered" if last and last.side != party.side else "proposed"
    key = f"terms:{terms.number}"
    tell_other(linkage, party, Kind.PROPOSAL, what, key=key, now=now, data={"number": terms.number})
    return terms


def _must_fit(linkage: Linkage, quantity: int, today: date) -> None:
    """Early word of what `reserve` would refuse; nothing is held yet."""
    must_lead_on(linkage, today)
    for post in (linkage.offer, linkage.need):
        if post is not None:
            must_have_left(post, quantity)


def must_have_left(post: AnyPost, quantity: int) -> None:
    """Raises: LessIsLeft, if the post has less left than that."""
    if post.left < quantity:
        raise LessIsLeft(left=quantity_in_words(post.left, post.unit))


def _agree(linkage: Linkage, party: Party, terms: TermsVersion, now: datetime) -> None:
    fields = agreed_fields(linkage, terms, localdate(now))
    data = {"side": party.side.value, "number": terms.number}
    move(linkage, State.AGREED, actor=party.actor, now=now, fields=fields, data=data)
