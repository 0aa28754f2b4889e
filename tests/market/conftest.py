"""The small market that these tests ask for."""

from __future__ import annotations

import pytest

from tests.market import town


@pytest.fixture
def market(db):
    town.catalogue()
    town.places()


@pytest.fixture
def coop(market):
    return town.organisation(product="garlic")


@pytest.fixture
def firm(market):
    return town.organisation("Công ty Rau", "enterprise", commune="2")
