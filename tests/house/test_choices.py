"""A column of few words takes no other one, whoever writes it: the database holds that."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db.models import CheckConstraint, Field, Q

CHOSEN = [
    pytest.param(field, id=f"{model.__name__}.{field.name}")
    for model in apps.get_models()
    if model.__module__.startswith("linkage.")
    for field in model._meta.local_fields
    if field.choices
]


def allowed(condition: Q, column: str) -> Iterator[str]:
    """The values of the column that the condition names, if it is not of what is refused."""
    for child in () if condition.negated else condition.children:
        if isinstance(child, Q):
            yield from allowed(child, column)
        elif isinstance(child, tuple) and child[0] == f"{column}__in":
            yield from child[1]
        elif isinstance(child, tuple) and child[0] == column:
            yield child[1]


@pytest.mark.parametrize("field", CHOSEN)
def test_every_choice_is_held_by_the_database(field: Field) -> None:
    known = {value for value, _words in field.choices or ()}
    named = [
        set(allowed(constraint.condition, field.name)) - {""}
        for constraint in field.model._meta.constraints
        if isinstance(constraint, CheckConstraint) and isinstance(constraint.condition, Q)
    ]
    # Of some columns fewer are allowed than their words are; one alone is no list.
    assert any(len(one) > 1 and one <= known for one in named)
