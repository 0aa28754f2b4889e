"""From a filled form to a service, and from its refusal back to the field it is about."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from linkage.errors import DomainError, NotAllowed, NotFound, StaleVersion
from web.forms.style import PlatformForm

_Made = TypeVar("_Made")


def carried_out(form: PlatformForm, act: Callable[[], _Made]) -> _Made | None:
    """What `act` made of the form, and never None; None if it is not filled in, or is refused.

    What the domain refuses is said at the right field.
    Raises: NotFound, NotAllowed, StaleVersion, which are answers of the page and not of a field.
    """
    if not form.is_valid():
        return None
    try:
        return act()
    except (NotFound, NotAllowed, StaleVersion):
        raise
    except DomainError as refusal:
        form.add_error(_field_of(form, refusal), str(refusal))
        return None


def _field_of(form: PlatformForm, refusal: DomainError) -> str | None:
    """The form's field that the refusal names or is about; None for the whole form."""
    about = (refusal.values.get("field", ""), refusal.field)
    controls = (form.controls.get(name, name) for name in about)
    return next((control for control in controls if control in form.fields), None)
