"""From a filled form to a service, and from its refusal back to the field it is about."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from linkage.errors import DomainError, NotAllowed, NotFound, StaleVersion, status_of
from web.forms.style import PlatformForm

_Made = TypeVar("_Made")
# What a form calls the versions it was read at.
_VERSIONS = ("version", "merged_version")


def carried_out(form: PlatformForm, act: Callable[[], _Made]) -> _Made | None:
    """What `act` made of the form, and never None; None if it is not filled in, or is refused.

    What the domain refuses is said at the right field. A form that was overtaken keeps what was
    typed, says so, and is sent again from the versions in its `initial`, which the view read in
    this request: so they stand now.
    Raises: NotFound, NotAllowed, which are answers of the page and not of a field; StaleVersion,
    if the form has no such version.
    """
    if not form.is_valid():
        return None
    try:
        return act()
    except (NotFound, NotAllowed):
        raise
    except StaleVersion:
        if not _brought_up_to_date(form):
            raise
        return None
    except DomainError as refusal:
        form.add_error(_field_of(form, refusal), str(refusal))
        return None


def form_answer(
    request: HttpRequest, template: str, words: dict[str, Any], form: PlatformForm
) -> HttpResponse:
    """The page of a form that was not carried out (yet), with the status of what hinders it."""
    status = status_of(StaleVersion()) if form.is_overtaken else 200
    return render(request, template, words, status=status)


def _brought_up_to_date(form: PlatformForm) -> bool:
    """Whether the form could be given the versions that stand now; it says then what differs."""
    standing = {name: form.initial[name] for name in _VERSIONS if form.initial.get(name)}
    if not standing:
        return False
    typed = cast(QueryDict, form.data).copy()
    for name, version in standing.items():
        typed[form.add_prefix(name)] = str(version)
    form.data = typed
    form.is_overtaken = True
    form.add_error(
        None,
        _(
            "Somebody changed this in the meantime. What you typed stands below: look at it, and"
            " save again to have it so."
        ),
    )
    if differing := _differing(form):
        said = {"fields": ", ".join(differing)}
        form.add_error(None, _("It is not what stands there now in: %(fields)s.") % said)
    return True


def _differing(form: PlatformForm) -> list[str]:
    """What the form calls the fields that it would change: the typed and those others changed."""
    shown = (form[name] for name in form.changed_data if name in form.initial)
    return [str(field.label) for field in shown if not field.is_hidden]


def _field_of(form: PlatformForm, refusal: DomainError) -> str | None:
    """The form's field that the refusal names or is about; None for the whole form."""
    about = (refusal.values.get("field", ""), refusal.field)
    controls = (form.controls.get(name, name) for name in about)
    return next((control for control in controls if control in form.fields), None)
