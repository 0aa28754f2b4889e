"""People with each role, and the rule that no bare number reaches a page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.template import base
from django.test import Client

from linkage.registry.models import Membership, Organisation, Role, RoleGrant, User

PASSWORD = "mat-khau-thu-1"


@pytest.fixture(autouse=True)
def _no_bare_number(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A number that a template prints without a filter of ours is an error: 1234 or 1.234?"""
    ordinary = base.render_value_in_context

    def strict(value: Any, context: Any) -> str:
        if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
            name = getattr(getattr(context, "template", None), "name", None) or ""
            if not name.startswith("django/"):
                raise AssertionError(f"a bare number in {name}: {value!r}")
        return ordinary(value, context)

    monkeypatch.setattr(base, "render_value_in_context", strict)
    yield


@pytest.fixture
def person(db: None) -> Callable[..., User]:
    def make(*roles: str, username: str = "") -> User:
        name = username or "-".join(roles) or "khong-vai-tro"
        user = User.objects.create_user(
            name, email=f"{name}@example.invalid", password=PASSWORD, full_name=f"Người {name}"
        )
        for role in roles:
            RoleGrant.objects.create(user=user, role=role, starts=date(2020, 1, 1))
        return user

    return make


@pytest.fixture
def signed_in(person: Callable[..., User]) -> Callable[..., Client]:
    def make(*roles: str) -> Client:
        client = Client()
        client.force_login(person(*roles), backend="django.contrib.auth.backends.ModelBackend")
        return client

    return make


@pytest.fixture
def acting_for(person: Callable[..., User]) -> Callable[..., Client]:
    """Signs in a person who acts for the organisation and holds no office."""

    def make(organisation: Organisation, role: str = "admin", username: str = "") -> Client:
        user = person(username=username or f"nguoi-cua-{organisation.pk}")
        Membership.objects.create(
            user=user, organisation=organisation, role=role, starts=date(2020, 1, 1)
        )
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return make


@pytest.fixture
def staff(signed_in: Callable[..., Client]) -> Client:
    return signed_in(Role.CITY_STAFF)


@pytest.fixture
def verifier(signed_in: Callable[..., Client]) -> Client:
    return signed_in(Role.VERIFIER)


@pytest.fixture
def auditor(signed_in: Callable[..., Client]) -> Client:
    return signed_in(Role.AUDITOR)


@pytest.fixture
def administrator(signed_in: Callable[..., Client]) -> Client:
    return signed_in(Role.ADMINISTRATOR)


@pytest.fixture
def nobody(signed_in: Callable[..., Client]) -> Client:
    """Signed in, without any role."""
    return signed_in()
