"""What is wrong with a field is said beside it, under one id that the field names."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from tests.market import town

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["offer_add", "own_declare"])
def test_each_id_of_a_refused_form_stands_once(acting_for, name):
    town.catalogue()
    town.places()
    coop = town.organisation()
    answer = acting_for(coop).post(reverse(f"web:{name}", args=[coop.pk]), {"note": "x"})
    body = answer.content.decode()
    ids = re.findall(r'\bid="([^"]+)"', body)
    assert any(one.endswith("_error") for one in ids)
    assert sorted(ids) == sorted(set(ids))
    described = re.findall(r'aria-describedby="([^"]+)"', body)
    assert {one for words in described for one in words.split()} <= set(ids)
