"""What a notice says, in the reader's language: one sentence for each kind and what happened.

Whoever tells of something new adds its sentence here. A hole is filled from the notice's `data`: a
whole number, and the day ("2026-11-23") of a hole that is one of `DAYS`, the reader's way; text as
it is, whatever it looks like: people wrote it.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linkage.notices.models import Kind, Notice

SENTENCES: dict[tuple[Kind, str], str | Promise] = {
    (Kind.MEMBERS, "joined"): gettext_lazy("%(person)s now acts for %(organisation)s."),
    (Kind.MEMBERS, "left"): gettext_lazy("%(person)s no longer acts for %(organisation)s."),
    (Kind.MEMBERS, "ended"): gettext_lazy("You no longer act for %(organisation)s."),
    (Kind.MEMBERS, "made_admin"): gettext_lazy("You now manage the accounts of %(organisation)s."),
    (Kind.MEMBERS, "made_member"): gettext_lazy(
        "You act for %(organisation)s and no longer manage its accounts."
    ),
    (Kind.MEMBERS, "approved"): gettext_lazy(
        "Your request was approved: you act for %(organisation)s."
    ),
    (Kind.MEMBERS, "refused"): gettext_lazy(
        "Your request for %(organisation)s was refused: %(reason)s"
    ),
    (Kind.MEMBERS, "asked"): gettext_lazy("%(person)s asks to act for %(organisation)s."),
    (Kind.MEMBERS, "without_admin"): gettext_lazy(
        "Nobody manages the accounts of %(organisation)s any more."
    ),
    (Kind.MEMBERS, "merge_ended"): gettext_lazy(
        "The office says that %(other)s and %(organisation)s are one organisation: you no longer"
        " act for it. If you should, ask for it."
    ),
    (Kind.MEMBERS, "merge_came"): gettext_lazy(
        "The office says that %(other)s and %(organisation)s are one organisation: you now act"
        " for %(organisation)s."
    ),
    (Kind.MEMBERS, "merge_took_in"): gettext_lazy(
        "The office says that %(other)s and your %(organisation)s are one organisation: its posts"
        " and contracts are now yours. Look at who acts for it."
    ),
    (Kind.MEMBERS, "merge_undone_back"): gettext_lazy(
        "%(other)s stands on its own again beside %(organisation)s: you act for %(other)s as"
        " before."
    ),
    (Kind.MEMBERS, "merge_undone"): gettext_lazy(
        "%(other)s stands on its own again beside %(organisation)s."
    ),
    (Kind.MEMBERS, "officer_offer"): gettext_lazy(
        "Field officer %(person)s wrote or changed an offer for %(organisation)s."
    ),
    (Kind.MEMBERS, "officer_need"): gettext_lazy(
        "Field officer %(person)s wrote or changed a need for %(organisation)s."
    ),
    (Kind.MEMBERS, "officer_linkage"): gettext_lazy(
        "Field officer %(person)s did something for %(organisation)s in talks or on a contract."
    ),
    (Kind.MEMBERS, "officer_pool"): gettext_lazy(
        "Field officer %(person)s proposed or took back a pool for %(organisation)s."
    ),
    (Kind.MEMBERS, "officer_delivery"): gettext_lazy(
        "Field officer %(person)s entered or took back a delivery for %(organisation)s."
    ),
    (Kind.MEMBERS, "officer_suggestion"): gettext_lazy(
        "Field officer %(person)s answered a suggestion for %(organisation)s."
    ),
    (Kind.MEMBERS, "consent_recorded"): gettext_lazy(
        "Field officer %(person)s may now act for %(organisation)s, as it said."
        " You can withdraw that at any time."
    ),
    (Kind.MEMBERS, "consent_withdrawn"): gettext_lazy(
        "Field officer %(person)s no longer acts for %(organisation)s."
    ),
    (Kind.MEMBERS, "consent_scan_attached"): gettext_lazy(
        "Field officer %(person)s put a scan of the consent of %(organisation)s beside it."
    ),
    (Kind.MATCH, "offer_found"): gettext_lazy(
        "%(organisation)s looks for what you offer: %(commodity)s."
    ),
    (Kind.MATCH, "invited_to_post"): gettext_lazy(
        "Write what %(organisation)s offers or looks for: others are shown who fits, and you are"
        " told. Here is where to begin."
    ),
    (Kind.MATCH, "need_found"): gettext_lazy(
        "%(organisation)s offers what you look for: %(commodity)s."
    ),
    (Kind.MATCH, "city_offer"): gettext_lazy(
        "The city suggests that %(organisation)s buys your %(commodity)s: %(amount)s."
    ),
    (Kind.MATCH, "city_need"): gettext_lazy(
        "The city suggests that %(organisation)s sells you %(commodity)s: %(amount)s."
    ),
    (Kind.MATCH, "introduced_offer"): gettext_lazy(
        "The city introduces %(organisation)s to you, which looks for what you offer:"
        " %(commodity)s."
    ),
    (Kind.MATCH, "introduced_need"): gettext_lazy(
        "The city introduces %(organisation)s to you, which offers what you look for:"
        " %(commodity)s."
    ),
    (Kind.QUESTION, "asked"): gettext_lazy("%(other)s asks about %(product)s."),
    (Kind.QUESTION, "declared"): gettext_lazy(
        "%(other)s entered a contract with you on %(product)s (%(contract)s). Is it right?"
    ),
    (Kind.QUESTION, "declared_unasked"): gettext_lazy(
        "%(other)s entered contract %(contract)s; nobody acts for the partner, so nobody was asked."
    ),
    (Kind.QUESTION, "denied"): gettext_lazy(
        "The other side of %(other)s says that contract %(contract)s is wrong."
    ),
    (Kind.PROPOSAL, "proposed"): gettext_lazy("%(other)s proposes terms for %(product)s."),
    (Kind.PROPOSAL, "countered"): gettext_lazy("%(other)s proposes other terms for %(product)s."),
    (Kind.ANSWER, "answered"): gettext_lazy("%(other)s answered on %(product)s."),
    (Kind.ANSWER, "accepted"): gettext_lazy("%(other)s accepted your terms for %(product)s."),
    (Kind.ANSWER, "declined"): gettext_lazy("%(other)s declined on %(product)s: %(reason)s"),
    (Kind.ANSWER, "withdrawn"): gettext_lazy("%(other)s took its terms for %(product)s back."),
    (Kind.ANSWER, "lapsed"): gettext_lazy(
        "The talks with %(other)s on %(product)s lapsed: nobody answered."
    ),
    (Kind.ANSWER, "post_closed"): gettext_lazy(
        "The post of %(other)s on %(product)s is not published any more: nothing can be agreed now."
    ),
    (Kind.ANSWER, "post_open_again"): gettext_lazy(
        "%(other)s published its post on %(product)s again: you can go on talking."
    ),
    (Kind.ANSWER, "terminated"): gettext_lazy(
        "%(other)s ended the linkage on %(product)s early: %(reason)s"
    ),
    (Kind.ANSWER, "terminated_by_office"): gettext_lazy(
        "The office ended contract %(contract)s with %(other)s from %(terminated_on)s on:"
        " %(reason)s"
    ),
    (Kind.ANSWER, "termination_corrected"): gettext_lazy(
        "The office moved the early end of contract %(contract)s with %(other)s to"
        " %(terminated_on)s: %(reason)s"
    ),
    (Kind.ANSWER, "corrected"): gettext_lazy(
        "The office corrected contract %(contract)s with %(other)s: %(reason)s"
    ),
    (Kind.ANSWER, "party_merged"): gettext_lazy(
        "%(merged)s, with whom you talk on %(product)s, is now %(other)s in the register."
    ),
    (Kind.ANSWER, "party_unmerged"): gettext_lazy(
        "%(merged)s, with whom you talk on %(product)s, stands on its own in the register again."
    ),
    (Kind.ANSWER, "contact_shared"): gettext_lazy("%(other)s lets you see whom to call."),
    (Kind.PROPOSAL, "pool_proposed"): gettext_lazy(
        "%(other)s asks you for a part of its need for %(product)s, and others for the rest: it is"
        " agreed only if all agree. Answer by %(answer_by)s."
    ),
    (Kind.ANSWER, "pool_agreed_to_buyer"): gettext_lazy(
        "%(other)s agrees to its part of your pool for %(product)s."
    ),
    (Kind.ANSWER, "pool_in_force_to_buyer"): gettext_lazy(
        "All members have agreed to your pool for %(product)s: each part is a contract now."
    ),
    (Kind.ANSWER, "pool_in_force"): gettext_lazy(
        "All members have agreed: your part of the pool of %(other)s for %(product)s is a contract"
        " now."
    ),
    (Kind.ANSWER, "pool_declined_to_buyer"): gettext_lazy(
        "%(other)s declined its part of your pool for %(product)s, so the pool is over: %(reason)s"
    ),
    (Kind.ANSWER, "pool_failed"): gettext_lazy(
        "The pool of %(other)s for %(product)s is over: not all agreed. What was held of your offer"
        " is free again."
    ),
    (Kind.ANSWER, "pool_withdrawn"): gettext_lazy(
        "%(other)s took its pool for %(product)s back. What was held of your offer is free again."
    ),
    (Kind.ANSWER, "pool_lapsed"): gettext_lazy(
        "The pool of %(other)s for %(product)s was not agreed in time. What was held of your offer"
        " is free again."
    ),
    (Kind.ANSWER, "pool_lapsed_to_buyer"): gettext_lazy(
        "Your pool for %(product)s was not agreed in time. What was held is free again."
    ),
    (Kind.ANSWER, "confirmed"): gettext_lazy("%(other)s confirmed contract %(contract)s."),
    (Kind.ANSWER, "denied"): gettext_lazy(
        "%(other)s says that contract %(contract)s is wrong: %(reason)s"
    ),
    (Kind.ANSWER, "completed"): gettext_lazy("%(other)s completed contract %(contract)s."),
    (Kind.ANSWER, "return_accepted"): gettext_lazy(
        "The office accepted your return of the year %(of_year)s."
    ),
    (Kind.ANSWER, "return_sent_back"): gettext_lazy(
        "The office sent your return of the year %(of_year)s back: %(reason)s"
    ),
    (Kind.DELIVERY, "entered"): gettext_lazy(
        "%(other)s entered a delivery of %(product)s on %(on)s. Is it right?"
    ),
    (Kind.DELIVERY, "confirmed"): gettext_lazy(
        "%(other)s confirmed the delivery of %(product)s on %(on)s."
    ),
    (Kind.DELIVERY, "disputed"): gettext_lazy(
        "%(other)s disputes the delivery of %(product)s on %(on)s: %(reason)s"
    ),
    (Kind.DELIVERY, "withdrawn"): gettext_lazy(
        "%(other)s took back the delivery of %(product)s on %(on)s that it had entered."
    ),
    (Kind.RUNNING_OUT, "ends_soon"): gettext_lazy(
        "Your linkage with %(other)s on %(product)s ends on %(ends)s."
    ),
    (Kind.VERIFICATION, "evidence_attached"): gettext_lazy(
        "%(other)s attached a scan to contract %(contract)s."
    ),
    (Kind.VERIFICATION, "verified"): gettext_lazy(
        "The city verified your linkage with %(other)s on %(product)s."
    ),
    (Kind.VERIFICATION, "sent_back"): gettext_lazy(
        "The verifier sent your linkage with %(other)s back: %(reason)s"
    ),
    (Kind.VERIFICATION, "withdrawn"): gettext_lazy(
        "The verification of your linkage with %(other)s was withdrawn: %(reason)s"
    ),
}
# The holes that hold a day; whoever tells fills them from a date.
DAYS = frozenset({"on", "ends", "terminated_on", "answer_by"})


def sentence_of(notice: Notice) -> str:
    """Return the notice's sentence; one that has none, or lacks its data, says its kind alone."""
    words = SENTENCES.get((Kind(notice.kind), notice.what))
    shown = {name: _shown(name, value) for name, value in notice.data.items()}
    try:
        return str(words) % shown if words else _plain(notice)
    except KeyError:
        return _plain(notice)


def _plain(notice: Notice) -> str:
    return _("There is news: %(kind)s.") % {"kind": Kind(notice.kind).label}


def _shown(hole: str, value: Any) -> Any:
    if hole in DAYS:
        return date_format(date.fromisoformat(value), "SHORT_DATE_FORMAT")
    if isinstance(value, int) and not isinstance(value, bool):
        return number_format(value, decimal_pos=0, use_l10n=True, force_grouping=True)
    return value
