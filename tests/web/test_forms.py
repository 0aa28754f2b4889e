"""What is wrong with a field is said beside it, under one id that the field names."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from tests.market import town
from web.forms.organisations import OrganisationForm
from web.forms.style import PlatformForm

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


def test_what_a_form_calls_otherwise_than_the_domain_is_one_of_its_controls():
    forms, waiting = [], [PlatformForm]
    while waiting:
        waiting += (below := waiting.pop().__subclasses__())
        forms += below
    renamed = [form for form in forms if form.controls]
    assert renamed
    for form in renamed:
        assert set(form.controls.values()) <= form.base_fields.keys(), form


def test_a_refusal_stands_at_the_field_that_the_form_has_for_it(client, acting_for):
    town.places()
    acting_for(town.organisation(), username="da-co")
    given = {"full_name": "Bà Ba", "password": "mat-khau-cua-toi", "again": "mat-khau-cua-toi"}
    for login in ("da-co", "có cách", "khong@phai@thu"):
        body = client.post("/accounts/signup/", {**given, "login": login}).content.decode()
        assert 'id="id_login_error"' in body, login


def test_a_character_that_cannot_be_stored_is_refused_in_the_readers_language():
    form = OrganisationForm({"name": "HTX \x00 An"})
    assert form.errors["name"] == ["Không được có ký tự rỗng (NUL)."]
