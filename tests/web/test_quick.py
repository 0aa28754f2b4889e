"""The quick post's page: read, corrected, asked for, published; pasted lists; who is let in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client

from linkage.market.models import (
    Need,
    NeedCeiling,
    Offer,
    OfferFloor,
    PostKind,
    QuickPostCorrection,
)
from linkage.registry.models import Certificate, Organisation
from tests.market import town

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
SENTENCE = "HTX em còn 3 tạ tỏi, 85k/kg, LH anh Tuấn 0912 345 678"


@pytest.fixture(autouse=True)
def _at_noon() -> Iterator[None]:
    with time_machine.travel(town.NOW, tick=False):
        yield


@pytest.fixture
def coop(reference: None) -> Organisation:
    return town.organisation(product="garlic", commune="11446")


@pytest.fixture
def director(coop: Organisation, acting_for: Callable[..., Client]) -> Client:
    return acting_for(coop, username="giam-doc")


def at(organisation: Organisation) -> str:
    return f"/mine/{organisation.pk}/quick/"


def words_of(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_dbg(director, coop):
    answer = director.post(at(coop), {"text": SENTENCE})
    print(answer.content.decode())
    assert 0
