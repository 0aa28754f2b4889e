"""The small market of tests.market, with people on both sides."""

from __future__ import annotations

import pytest

from tests.market import town


@pytest.fixture
def market(db):
    town.catalogue()
    town.places()


@pytest.fixture
def coop(market):
    made = town.organisation(product="garlic")
    town.person(made)
    return made


@pytest.fixture
def firm(market):
    made = town.organisation("Công ty Rau", "enterprise", commune="2")
    town.person(made)
    return made
