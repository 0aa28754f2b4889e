"""Tags and filters of the pages: numbers in the reader's way, the menu, small questions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import template
from django.conf import settings
from django.forms import BaseForm, BoundField, CheckboxInput
from django.http import HttpRequest
from django.template.context import Context
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from linkage.agreements.models import Linkage
from linkage.intake.models import PairDecision
from linkage.jobs.queries import worker_is_alive
from linkage.notices.queries import unread_count
from linkage.registry.access import Actor, Capability, Relation, allows
from linkage.registry.member_queries import organisations_of, own_organisation
from linkage.registry.models import Deed, Kind, Organisation, Status
from linkage.registry.phones import national
from web import charts, presentation
from web.door import current_actor as read_actor
from web.forms.style import dress

register = template.Library()

# What the menu offers, in its order: address, words (below), who may.
_MENU = (
    ("web:dashboard", "dashboard", Capability.READ_COVERAGE),
    ("web:organisations", "organisations", Capability.READ_ORGANISATIONS),
    ("web:linkages", "linkages", Capability.READ_LINKAGES),
    ("web:chains", "chains", Capability.READ_LINKAGES),
    ("web:plans", "plans", Capability.READ_PLANS),
    ("web:verification", "verification", Capability.VERIFY_LINKAGES),
    ("web:imports", "imports", Capability.READ_IMPORTS),
    ("web:programmes", "programmes", Capability.READ_COVERAGE),
    ("web:accounts", "accounts", Capability.READ_ACCOUNTS),
    ("web:audit", "audit", Capability.READ_AUDIT),
    ("web:join_requests", "members", Capability.MANAGE_MEMBERS),
    ("web:market_offers", "market", Capability.READ_POSTS),
    ("web:invitations", "invitations", Capability.INVITE),
)
# Of these a field officer's, for the area.
_OF_OFFICERS = ("organisations", "linkages", "plans", "market", "dashboard", "invitations")


@register.filter
def phone(number: str) -> str:
    """A telephone number as people here write it."""
    return national(number)


@register.filter
def whole(value: int | None) -> str:
    return "" if value is None else presentation.whole(value)


@register.filter
def day(value: date | None) -> str:
    return "" if value is None else date_format(value, "SHORT_DATE_FORMAT")


@register.filter
def moment(value: datetime | None) -> str:
    if value is None:
        return ""
    return date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT")


@register.filter
def day_of(value: datetime) -> str:
    """The day of a moment, here."""
    return date_format(timezone.localtime(value), "SHORT_DATE_FORMAT")


@register.filter
def plain(value: object) -> str:
    """An id for an attribute or an address: digits only, never with separators."""
    return str(value)


@register.filter
def is_checkbox(field: BoundField) -> bool:
    return isinstance(field.field.widget, CheckboxInput)


@register.filter
def has_required(form: BaseForm) -> bool:
    """Whether something of the form must be filled in."""
    return any(field.field.required for field in form.visible_fields())


@register.simple_tag
def invented_data() -> bool:
    """Whether every page says that its data are invented."""
    return bool(settings.INVENTED_DATA)


@register.simple_tag
def share_bar(share: presentation.ShareWords, second: bool = False) -> SafeString:
    return charts.share_bar(share, second=second)


@register.simple_tag
def bootstrap_form(form: BaseForm) -> str:
    """Give a form that is not ours its class names."""
    dress(form)
    return ""


@register.simple_tag(takes_context=True)
def with_query(context: Context, **changes: Any) -> str:
    """This page's query string with some parts changed."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def current_actor(context: Context) -> Actor | None:
    request = _request(context)
    return read_actor(request) if request else None


@register.simple_tag(takes_context=True)
def may(context: Context, capability: str) -> bool:
    request = _request(context)
    actor = read_actor(request) if request else None
    return actor is not None and allows(actor, Capability[capability])


@register.simple_tag(takes_context=True)
def stands_in(context: Context, organisation_id: int) -> bool:
    """Whether the reader is an officer who acts for the organisation by its consent."""
    request = _request(context)
    actor = read_actor(request) if request else None
    return actor is not None and actor.stands_in_for(organisation_id)


@register.simple_tag(takes_context=True)
def is_let(context: Context, organisation_id: int, *deeds: str) -> bool:
    """Whether the reader is a member of the organisation, or let do one of these for it."""
    request = _request(context)
    actor = read_actor(request) if request else None
    return actor is not None and actor.is_let(organisation_id, *map(Deed, deeds))


@register.simple_tag(takes_context=True)
def stands_near(context: Context, organisation_id: int) -> bool:
    """Whether the organisation is in the reader's area."""
    request = _request(context)
    actor = read_actor(request) if request else None
    return actor is not None and organisation_id in actor.area


@register.simple_tag(takes_context=True)
def acted_for(context: Context) -> Organisation | None:
    """The organisation that the page's reader acts for as an officer; None on other pages."""
    request = _request(context)
    actor = read_actor(request) if request else None
    where = request.resolver_match if request else None
    found = where.kwargs.get("organisation_id") if where else None
    if actor is None or found is None or not actor.stands_in_for(found):
        return None
    if getattr(where.func if where else None, "needs", None) is not Relation.ACTING:
        return None
    return own_organisation(actor=actor, organisation_id=found)


@register.simple_tag(takes_context=True)
def worker_state(context: Context) -> str:
    """ "alive" or "down" for staff; nothing for the public."""
    request = _request(context)
    actor = read_actor(request) if request else None
    if actor is None or not actor.roles:
        return ""
    return "alive" if worker_is_alive(timezone.now()) else "down"


@dataclass(frozen=True)
class MenuEntry:
    label: str
    address: str
    is_here: bool


@register.simple_tag(takes_context=True)
def menu(context: Context) -> list[MenuEntry]:
    request = _request(context)
    actor = read_actor(request) if request else None
    if request is None or actor is None:
        return []
    labels = {
        "dashboard": _("Dashboard"),
        "organisations": _("Organisations"),
        "linkages": _("Linkages"),
        "chains": _("Value chains"),
        "plans": _("Plans"),
        "verification": _("Waiting for verification"),
        "imports": _("Imports"),
        "programmes": _("Programmes"),
        "accounts": _("Accounts"),
        "audit": _("Audit log"),
        "members": _("Access requests"),
        "invitations": _("Who has never posted"),
        "market": _("Market"),
    }
    # A page that is not there answers alike at every address.
    here = "" if context.get("exception") else request.path
    entries = [
        MenuEntry(labels[key], reverse(name), here.startswith(reverse(name)))
        for name, key, capability in _MENU
        if allows(actor, capability) or (actor.is_officer and key in _OF_OFFICERS)
    ]
    if actor.is_officer:
        calls = reverse("web:calls")
        entries.insert(0, MenuEntry(_("Whom to ring"), calls, here.startswith(calls)))
    if actor.memberships or not actor.roles:
        mine = reverse("web:mine")
        entries.insert(0, MenuEntry(_("My page"), mine, here.startswith(mine)))
    return entries


@register.simple_tag(takes_context=True)
def own_organisations(context: Context) -> list[Organisation]:
    """What the reader acts for."""
    request = _request(context)
    actor = read_actor(request) if request else None
    return organisations_of(actor) if actor else []


@register.simple_tag(takes_context=True)
def unread_notices(context: Context) -> int:
    """How many notices wait for the reader."""
    request = _request(context)
    actor = read_actor(request) if request else None
    return unread_count(actor=actor) if actor else 0


def _request(context: Context) -> HttpRequest | None:
    request: HttpRequest | None = context.get("request")
    return request if request is not None and hasattr(request, "user") else None


@register.simple_tag(takes_context=True)
def standing_words(context: Context, linkage: Linkage) -> str:
    return presentation.standing_words(linkage, _today(context))


@register.simple_tag(takes_context=True)
def verified_later(context: Context, linkage: Linkage) -> bool:
    """Whether its day of verification is still to come: until then it does not count as such."""
    return linkage.verified_on is not None and linkage.verified_on > _today(context)


def _today(context: Context) -> date:
    """The day of the page, the same for all that it shows."""
    return getattr(_request(context), "today", None) or timezone.localdate()


@register.filter
def named(thing: object | None) -> str:
    """The name of a row of reference data in the reader's language."""
    return _in_language(thing, "name")


@register.filter
def described(thing: object | None) -> str:
    """Its text in the reader's language."""
    return _in_language(thing, "text")


def _in_language(thing: object | None, field: str) -> str:
    if thing is None:
        return ""
    vietnamese = str(getattr(thing, f"{field}_vi"))
    return (
        vietnamese if get_language() == "vi" else str(getattr(thing, f"{field}_en")) or vietnamese
    )


@register.filter
def kind_words(kind: str | None) -> str:
    return str(Kind(kind).label) if kind else "—"


@register.filter
def status_words(status: str | None) -> str:
    return str(Status(status).label) if status else _("To be settled")


@register.filter
def verdict_words(verdict: str) -> str:
    return str(PairDecision.Verdict(verdict).label)


@register.filter
def quantity_words(linkage: Linkage) -> str:
    return presentation.quantity_words(linkage)
