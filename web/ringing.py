"""Whom to ring, in words: the reasons with their numbers, and where one tap leads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from linkage.registry.models import Commune, Deed, OfficerAct, OfficerConsent
from linkage.suggestions.ringing import Line
from linkage.suggestions.ringing_order import Reason, Why
from web.happenings import words_of
from web.presentation import whole

# Which act a reason leads to, and what the consent must be for.
_ACTS = {
    Why.MATCH: ("web:suggestions", Deed.TALKS),
    Why.BUYERS: ("web:offer_add", Deed.POSTS),
    Why.LINKAGE_ENDS: ("web:own_linkages", Deed.TALKS),
    Why.QUESTIONS: ("web:own_linkages", Deed.TALKS),
}


@dataclass(frozen=True)
class Act:
    """A button."""

    words: str
    address: str


@dataclass(frozen=True)
class Row:
    """A co-op of the list."""

    organisation_id: int
    name: str
    commune: str
    linked: bool
    reasons: list[str]
    act: Act | None


def rows_of(lines: Iterable[Line]) -> list[Row]:
    """The list in words; the communes' names in one query."""
    shown = list(lines)
    communes = Commune.objects.in_bulk({line.commune for line in shown if line.commune})
    return [
        Row(
            line.ring.organisation_id,
            line.name,
            communes[line.commune].name if line.commune in communes else "",
            line.ring.linked,
            [reason_words(reason, line.product) for reason in line.ring.reasons],
            act_of(line),
        )
        for line in shown
    ]


def reason_words(reason: Reason, product: str) -> str:
    """One reason in a sentence."""
    number = reason.number
    told = {"number": whole(number), "product": product, "share": whole(reason.share // 100)}
    if reason.day is not None:
        told["day"] = date_format(reason.day, "SHORT_DATE_FORMAT")
    match reason.why:
        case Why.MATCH:
            words = ngettext(
                "Not linked yet, and %(number)s buyer or seller fits well (fits to %(share)s of"
                " 100).",
                "Not linked yet, and %(number)s buyers or sellers fit well (the best to %(share)s"
                " of 100).",
                number,
            )
        case Why.BUYERS:
            words = ngettext(
                "%(number)s organisation looks for its %(product)s now.",
                "%(number)s organisations look for its %(product)s now.",
                number,
            )
        case Why.CONSENT_ENDS:
            words = _("It lets you act for it until %(day)s: ask again.")
        case Why.LINKAGE_ENDS:
            words = _("A linkage ends on %(day)s: is it renewed?")
        case Why.QUESTIONS:
            words = ngettext(
                "%(number)s question or proposal waits for its answer.",
                "%(number)s questions or proposals wait for its answer.",
                number,
            )
        case Why.UNTOLD:
            words = ngettext(
                "%(number)s thing that you entered for it is not told yet: say it on the phone.",
                "%(number)s things that you entered for it are not told yet: say it on the phone.",
                number,
            )
    return words % told


def act_of(line: Line) -> Act | None:
    """The act that the first reason asks for; without consent for it, to record one."""
    pk = line.ring.organisation_id
    wanted = next((r.why for r in line.ring.reasons if r.why is not Why.UNTOLD), None)
    if wanted is None:
        return None
    if wanted in _ACTS:
        name, deed = _ACTS[wanted]
        if deed in line.deeds:
            return Act(_words_of(wanted), reverse(name, args=[pk]))
    return Act(_("Record its consent"), reverse("web:consent_record", args=[pk]))


def _words_of(why: Why) -> str:
    if why is Why.MATCH:
        return _("See what fits")
    if why is Why.BUYERS:
        return _("Write an offer for it")
    return _("Open its talks and contracts")


@dataclass(frozen=True)
class ConsentWords:
    """A consent, and whether it holds."""

    consent: OfficerConsent
    officer: str
    state: str
    is_open: bool


def consents_of(consents: Iterable[OfficerConsent], today: date) -> list[ConsentWords]:
    """Consents with their state in words, as given."""
    found = []
    for one in consents:
        ended = getattr(one, "end", None)
        if ended is not None:
            state, is_open = _("withdrawn"), False
        elif one.until < today:
            state, is_open = _("run out"), False
        else:
            state, is_open = _("holds"), True
        found.append(ConsentWords(one, str(one.officer), state, is_open))
    return found


@dataclass(frozen=True)
class ActWords:
    """What an officer did in an organisation's stead."""

    act: OfficerAct
    words: str
    officer: str
    address: str


def acts_of(acts: Iterable[OfficerAct], organisation_id: int) -> list[ActWords]:
    """Acts in words, with the page of what they are about."""
    subjects = {
        "offer": _("Offer"),
        "need": _("Need"),
        "linkage": _("Linkage"),
        "suggestion": _("Suggestion"),
    }
    names = {"offer": "web:offer", "need": "web:need", "linkage": "web:own_linkage"}
    return [
        ActWords(
            act,
            f"{subjects[act.subject_kind]}: {words_of(act.kind)}",
            str(act.consent.officer),
            reverse(names[act.subject_kind], args=[organisation_id, act.subject_id])
            if act.subject_kind in names
            else "",
        )
        for act in acts
    ]
