"""The status of each meaning of a refusal, the same at every door."""

from __future__ import annotations

from linkage import errors

STATUSES = [
    (errors.NotFound, 404),
    (errors.Invalid, 400),
    (errors.Conflict, 409),
    (errors.StaleVersion, 412),
    (errors.TooLarge, 413),
    (errors.UnsupportedType, 415),
    (errors.Unprocessable, 422),
    (errors.NotAllowed, 403),
    (errors.DomainError, 400),
]
