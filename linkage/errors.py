"""The one base of the domain's errors: a stable code, values, and words in the reader's language.

A domain error carries facts; the door that shows it chooses the language. What an answer's status
says of it goes by the class's meaning, at every door alike (`status_of`).
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import InterfaceError, OperationalError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class DomainError(Exception):
    """What the domain refuses to do.

    `code` is stable and machine-readable; `words` is the default sentence (a lazy
    translation with named placeholders); `values` fill the placeholders, and `field` among them
    names what was wrong. `field` of the class is what it is about wherever that was asked for.
    """

    code: ClassVar[str] = "domain_error"
    field: ClassVar[str] = ""
    words: ClassVar[str | Promise] = _("The request cannot be carried out.")

    def __init__(self, **values: Any) -> None:
        super().__init__(self.code, values)
        self.values = values

    def __str__(self) -> str:
        return str(self.words) % self.values if self.values else str(self.words)


class DatabaseNotReady(DomainError):
    """The database cannot be reached, or its tables are not there yet."""

    code = "database_not_ready"
    words = _("The database is not ready (is it reachable, was migrate run?): %(error)s")


class NotFound(DomainError):
    """There is no such thing, or the actor may not know of it: both answer alike."""

    code = "not_found"
    words = _("There is nothing here.")


class NotAllowed(DomainError):
    """The actor's roles do not include what was asked for."""

    code = "not_allowed"
    words = _("You do not have the right to do this.")


class StaleVersion(DomainError):
    """Somebody else changed the row since the actor read it; nothing was written."""

    code = "stale_version"
    words = _("Somebody changed this in the meantime. Look at it again before you save.")


class Invalid(DomainError):
    """A value that cannot be, whoever asks and whatever the state is."""

    code = "invalid"
    words = _("A value is not valid.")


class ValueUnknown(Invalid):
    """A code that names nothing; `field` says which one it is."""

    code = "value_unknown"
    words = _("There is no such value.")


class Conflict(DomainError):
    """The request is well formed and does not fit the present state."""

    code = "conflict"
    words = _("This does not fit the present state.")


class TooLarge(DomainError):
    """A file or a body over its stated bound."""

    code = "too_large"
    field = "file"
    words = _("The file is too large.")


class UnsupportedType(DomainError):
    """A file of a kind that is not read here."""

    code = "unsupported_type"
    field = "file"
    words = _("This kind of file is not supported.")


class Unprocessable(DomainError):
    """A file of the right kind whose content cannot be read."""

    code = "unprocessable"
    field = "file"
    words = _("The file cannot be read.")


# The first that fits holds.
_STATUSES: tuple[tuple[type[DomainError], int], ...] = (
    (NotFound, 404),
    (NotAllowed, 403),
    (StaleVersion, 412),
    (Conflict, 409),
    (TooLarge, 413),
    (UnsupportedType, 415),
    (Unprocessable, 422),
    (Invalid, 400),
    (DatabaseNotReady, 503),
    (DomainError, 400),
)
# What the database's driver raises while it cannot be reached, or gives no answer in time: 503.
DATABASE_AWAY = (OperationalError, InterfaceError)


def status_of(error: DomainError) -> int:
    """The status of an answer that tells of this refusal."""
    return next(status for kind, status in _STATUSES if isinstance(error, kind))
