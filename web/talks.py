"""A linkage as one of its sides reads it: the list, terms side by side, what comes next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linkage.agreements.models import (
    Delivery,
    Linkage,
    Message,
    Origin,
    Side,
    State,
    TermsVersion,
)
from linkage.agreements.services.declaring import said_by
from linkage.agreements.services.delivering import NeverBegan, entered_until, last_day, never_began
from linkage.agreements.services.parties import organisation_on
from linkage.agreements.talks import Talk
from linkage.market.models import AnyPost
from linkage.registry.queries import with_merged
from linkage.registry.services.behalf import ON_BEHALF
from web import happenings, postwords, presentation
from web.eventnames import Names
from web.hindered import hindered_words, may_publish_again, own_post

Words = str | Promise
# Tone of a state's tag, by the style sheet's names.
_TONES: Mapping[str, str] = {
    State.PROPOSED: "is-warn",
    State.AGREED: "is-good",
    State.IN_FORCE: "is-good",
    State.DECLINED: "is-bad",
    State.TERMINATED: "is-bad",
}


def tone(state: str) -> str:
    """The tag's class for a state."""
    return _TONES.get(state, "")


def product_words(linkage: Linkage) -> str:
    """What the linkage is about."""
    if linkage.commodity is not None:
        return presentation.name_words(linkage.commodity)
    return linkage.product_as_written or _("Product not stated")


@dataclass(frozen=True)
class Row:
    """A line of an organisation's list."""

    id: int
    product: str
    other: str
    selling: bool
    state: str
    tone: str
    quantity: str
    window: str


def rows_of(organisation_id: int, linkages: Iterable[Linkage], today: date) -> list[Row]:
    """The linkages as lines, each seen from the organisation's side."""
    own = with_merged(organisation_id)
    return [_row(linkage, linkage.seller_id in own, today) for linkage in linkages]


def _row(linkage: Linkage, selling: bool, today: date) -> Row:
    other = organisation_on(linkage, Side.BUYER if selling else Side.SELLER)
    return Row(
        id=linkage.pk,
        product=product_words(linkage),
        other=other.name,
        selling=selling,
        state=presentation.standing_words(linkage, today),
        tone=tone(linkage.state),
        quantity=presentation.quantity_words(linkage),
        window=presentation.window_words(linkage.starts, linkage.ends),
    )


@dataclass(frozen=True)
class TermLine:
    """One thing that the terms say: now, and in the version before where it differs."""

    label: str
    now: str
    before: str
    changed: bool


_LINES: Sequence[tuple[Words, Callable[[TermsVersion], str]]] = (
    (
        gettext_lazy("Quantity in all"),
        lambda terms: presentation.amount_words(terms.quantity, terms.unit),
    ),
    (
        gettext_lazy("Price"),
        lambda terms: presentation.price_words(terms.price, terms.unit) if terms.price else "",
    ),
    (
        gettext_lazy("Period"),
        lambda terms: presentation.window_words(terms.starts, terms.ends),
    ),
    (gettext_lazy("Grade or quality"), lambda terms: terms.grade),
    (gettext_lazy("Packing"), lambda terms: terms.packing),
    (
        gettext_lazy("Handover"),
        lambda terms: terms.get_handover_display() if terms.handover else "",
    ),
    (
        gettext_lazy("Payment within days"),
        lambda terms: "" if terms.payment_days is None else presentation.whole(terms.payment_days),
    ),
    (gettext_lazy("Plan of deliveries"), lambda terms: terms.delivery_plan),
    (
        gettext_lazy("Form of linkage"),
        lambda terms: presentation.form_words(terms.form) if terms.form else "",
    ),
    (gettext_lazy("Note"), lambda terms: terms.note),
)


def term_lines(now: TermsVersion, before: TermsVersion | None) -> list[TermLine]:
    """The terms line by line beside the version before; what neither says is left out."""
    found = []
    for label, read in _LINES:
        new, old = read(now), read(before) if before else ""
        if new or old:
            changed = before is not None and new != old
            found.append(TermLine(str(label), new or "—", old or "—", changed))
    return found


@dataclass(frozen=True)
class VersionWords:
    """A version of the terms with its lines."""

    terms: TermsVersion
    own: bool
    stands: bool
    lines: Sequence[TermLine]
    officer: str

    @property
    def has_changes(self) -> bool:
        return any(line.changed for line in self.lines)


def versions(talk: Talk) -> list[VersionWords]:
    """Every version beside the one before it, the newest first; it stands while it is open."""
    before = [None, *talk.terms]
    stands = talk.linkage.state != State.NEGOTIATING
    officers = officers_of(talk)
    found = [
        VersionWords(
            terms,
            terms.side == talk.side,
            stands and terms == talk.newest,
            term_lines(terms, old),
            officers.get((terms.proposed_at, terms.proposed_by_id), ""),
        )
        for terms, old in zip(talk.terms, before, strict=False)
    ]
    return found[::-1]


@dataclass(frozen=True)
class Line:
    """A message or a delivery, and whether it is one's own."""

    thing: Message | Delivery
    own: bool
    quantity: str = ""
    # Who wrote it in the side's stead.
    officer: str = ""
    open: bool = False
    may_be_taken_back: bool = False


def messages_of(talk: Talk) -> list[Line]:
    """What was written, oldest first."""
    officers = officers_of(talk)
    return [
        Line(
            message,
            message.side == talk.side,
            officer=officers.get((message.written_at, message.written_by_id), ""),
        )
        for message in talk.messages
    ]


def officers_of(talk: Talk) -> dict[tuple[datetime, int | None], str]:
    """Who did what at which moment in a side's stead, in words."""
    acts = [event for event in talk.events if ON_BEHALF in event.data]
    names = Names.of(acts)
    return {
        (act.at, act.actor_id): happenings.by_officer(names.person(act.actor_id)) for act in acts
    }


def deliveries_of(talk: Talk) -> list[Line]:
    """What was handed over, oldest first, in the linkage's unit."""
    unit, officers = talk.linkage.unit, officers_of(talk)
    return [
        Line(
            delivery,
            delivery.side == talk.side,
            presentation.amount_words(delivery.quantity, unit)
            if unit is not None
            else presentation.whole(delivery.quantity),
            officer=officers.get((delivery.entered_at, delivery.entered_by_id), ""),
            open=delivery.pk in talk.to_answer,
            may_be_taken_back=delivery.pk in talk.to_take_back,
        )
        for delivery in talk.deliveries
    ]


def delivered_words(talk: Talk) -> str:
    """ "1,5 tấn trên 3 tấn": what both sides confirmed, of what was agreed."""
    unit, agreed = talk.linkage.unit, talk.linkage.quantity
    if unit is None or agreed is None:
        return ""
    confirmed = sum(
        row.quantity for row in talk.deliveries if row.state == Delivery.State.CONFIRMED
    )
    return _("%(confirmed)s of %(agreed)s") % {
        "confirmed": presentation.amount_words(confirmed, unit),
        "agreed": presentation.amount_words(agreed, unit),
    }


def next_words(talk: Talk, today: date) -> str:
    """What this side is waited for, or waits for, in one sentence."""
    linkage, acts = talk.linkage, talk.acts
    if "accept" in acts:
        return _("The other side has proposed. Agree, propose other terms, or decline.")
    if "withdraw" in acts:
        return _("Your proposal is with the other side. Wait for the answer, or write to them.")
    if "propose" in acts:
        return _("You are talking. As soon as you know what you want, propose terms.")
    if "confirm" in acts:
        return _("Is this contract as it stands here? Confirm it, or say what is wrong.")
    if "deliver" in acts:
        return _after_agreement(talk, today)
    return _end_words(linkage)


def _pool_words(linkage: Linkage) -> str:
    """Where a part of a pool stands, until it is a contract of its own."""
    if linkage.state in (State.PROPOSED, State.POOL_PENDING):
        return _("This is a part of a pool: it is agreed on if all its members agree.")
    return _("This was a part of a pool that not all agreed to: nothing is held any more.")


def _end_words(linkage: Linkage) -> str:
    if never_began(linkage):
        return str(NeverBegan.words)
    if linkage.state == State.DECLINED and linkage.origin != Origin.PLATFORM:
        return _("One side said that this contract is wrong. It does not count.")
    return str(_ENDS.get(linkage.state, ""))


_ENDS: Mapping[str, Words] = {
    State.DECLINED: gettext_lazy("The talks ended without an agreement."),
    State.LAPSED: gettext_lazy("Nobody wrote for 30 days, so the talks have lapsed."),
    State.ENDED: gettext_lazy("This linkage has ended."),
    State.TERMINATED: gettext_lazy("This linkage was ended before its time."),
}


def _after_agreement(talk: Talk, today: date) -> str:
    linkage = talk.linkage
    last, until = last_day(linkage), entered_until(linkage)
    over = linkage.state in _ENDS or (last is not None and last < today)
    if over and until is not None:
        words = _("This linkage is over. Deliveries of its days can be entered until %(day)s.")
        return words % {"day": date_format(until, "SHORT_DATE_FORMAT")}
    if linkage.origin != Origin.PLATFORM:
        return _on_paper(talk, begun=linkage.starts <= today)
    if linkage.starts > today:
        return _("You have agreed. Enter each delivery here once the linkage has begun.")
    return _("You have agreed. Enter each delivery here; the other side confirms it.")


def _on_paper(talk: Talk, *, begun: bool) -> str:
    other = Side.BUYER if talk.side == Side.SELLER else Side.SELLER
    if said_by(talk.linkage, other) is None:
        return _("The other side has not confirmed this contract yet. You may enter deliveries.")
    if not begun:
        return _("Both sides say it is so. Enter each delivery here once the contract has begun.")
    return _("Both sides say it is so. Enter each delivery here; the other side confirms it.")


@dataclass(frozen=True)
class PostLine:
    """One of the two posts that the talks are about; an address, if the reader may open it."""

    label: str
    words: str
    address: str


def posts_of(talk: Talk, organisation_id: int, *, may_see_other: bool) -> list[PostLine]:
    """The own post and the other side's, as they stand."""
    offer, need = talk.linkage.offer, talk.linkage.need
    if offer is None or need is None:
        return []
    selling = talk.side == Side.SELLER
    (own, own_kind), (other, other_kind) = (
        ((offer, "offer"), (need, "need")) if selling else ((need, "need"), (offer, "offer"))
    )
    there = reverse(f"web:seen_{other_kind}", args=[organisation_id, other.pk])
    return [
        PostLine(
            _("Your post:"),
            _post_words(own),
            reverse(f"web:{own_kind}", args=[organisation_id, own.pk]),
        ),
        PostLine(_("Their post:"), _post_words(other), there if may_see_other else ""),
    ]


def _post_words(post: AnyPost) -> str:
    window = presentation.window_words(post.starts, post.ends)
    name = presentation.name_words(post.commodity)
    return f"{name} · {postwords.quantity_words(post)} · {window}"


@dataclass(frozen=True)
class EndedFor:
    """Who ended it, and why."""

    side: str
    reason: str


def ended_for(talk: Talk) -> EndedFor | None:
    """The reason that was given when the talks or the contract were ended."""
    if talk.linkage.state not in (State.DECLINED, State.TERMINATED):
        return None
    ends = [row for row in talk.events if row.data.get("to") == talk.linkage.state]
    said = ends[-1].data if ends else {}
    if not said.get("reason") or said.get("side") not in Side.values:
        return None
    return EndedFor(str(Side(said["side"]).label), said["reason"])


def _next(talk: Talk, today: date) -> str:
    linkage = talk.linkage
    if linkage.pool_id is not None and not linkage.is_counting:
        return _pool_words(linkage)
    return hindered_words(talk, today) or next_words(talk, today)


def page_words(
    talk: Talk, organisation_id: int, today: date, *, may_see_other: bool
) -> dict[str, Any]:
    """What the page of one linkage is made from."""
    linkage = talk.linkage
    other_side = Side.BUYER if talk.side == Side.SELLER else Side.SELLER
    return {
        "talk": talk,
        "linkage": linkage,
        "organisation_id": organisation_id,
        "other": organisation_on(linkage, other_side),
        "product": product_words(linkage),
        "quantity": presentation.quantity_words(linkage),
        "window": presentation.window_words(linkage.starts, linkage.ends),
        "tone": tone(linkage.state),
        "selling": talk.side == Side.SELLER,
        "next": _next(talk, today),
        "to_publish": own_post(talk) if may_publish_again(talk) else None,
        "ended_for": ended_for(talk),
        "posts": posts_of(talk, organisation_id, may_see_other=may_see_other),
        "versions": versions(talk),
        "messages_here": messages_of(talk),
        "deliveries": deliveries_of(talk),
        "delivered": delivered_words(talk),
        "events": happenings.told_to_sides(talk.events[::-1]),
    }
