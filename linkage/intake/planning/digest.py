"""What a plan would write, in 64 characters: equal digests show and write the same. Pure."""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields
from typing import Any

from linkage.intake.planning.plan import Plan

# What else the register holds is shown, and nothing is written of it.
_NOT_WRITTEN = frozenset({"not_in_file"})
# A row that somebody saved without changing what the file says keeps the plan as it is.
_NOT_SAID = frozenset({"version"})


def digest_of(made: Plan) -> str:
    """The digest of a plan: its report, and the values it gives to each row it would write."""
    said = {key: value for key, value in made.report.items() if key not in _NOT_WRITTEN}
    hashed = hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode())
    for organisation in made.organisations:
        if organisation.is_new or organisation.is_changed:
            written = _written(organisation.current, organisation.target)
            hashed.update(repr((organisation.ref, organisation.absorbs, written)).encode())
    for linkage in made.linkages:
        if linkage.is_new or linkage.is_changed:
            hashed.update(repr((linkage.key, _written(linkage.current, linkage.target))).encode())
    for certificate in made.certificates:
        if certificate.is_new or certificate.is_changed:
            written = _written(certificate.current, certificate.target)
            hashed.update(repr((certificate.target.key, written)).encode())
    return hashed.hexdigest()


def _written(current: Any, target: Any) -> list[tuple[str, Any]]:
    """The fields that get another value than the register has."""
    return [
        (one.name, getattr(target, one.name))
        for one in fields(target)
        if one.name not in _NOT_SAID
        and (current is None or getattr(current, one.name) != getattr(target, one.name))
    ]
