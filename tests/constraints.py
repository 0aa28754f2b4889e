"""What the tests of the database's own constraints have in common."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.apps import apps
from django.db import transaction

from linkage.errors import Conflict
from linkage.registry.constraints import WORDS, refusals


def must_be_refused(name: str, attempt: Callable[[], object]) -> None:
    """The database refuses it, with the constraint's name as the code and with its words."""
    with pytest.raises(Conflict) as refusal, refusals(), transaction.atomic():
        attempt()
    assert refusal.value.code == name
    assert str(refusal.value) == str(WORDS[name])


def constraints_of(*labels: str) -> set[str]:
    """The names of the constraints on the models of these packages."""
    return {
        constraint.name
        for label in labels
        for model in apps.get_app_config(label).get_models()
        for constraint in model._meta.constraints
    }
