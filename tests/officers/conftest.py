"""Co-ops in and outside of an officer's area, a firm that buys, and the officer."""

from __future__ import annotations

import pytest

from tests.market import town
from tests.officers import field


@pytest.fixture
def market(db):
    town.catalogue()
    town.places()


@pytest.fixture
def coop(market):
    """In the area, with nobody who has an account."""
    return town.organisation(product="garlic")


@pytest.fixture
def elsewhere(market):
    return town.organisation("HTX Nơi Khác", commune="3", product="garlic")


@pytest.fixture
def firm(market):
    made = town.organisation("Công ty Rau", "enterprise", commune="2")
    town.person(made)
    return made


@pytest.fixture
def user(market):
    return field.officer()
