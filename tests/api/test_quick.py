"""A quick post by the API: drafts with spans and what is missing; published as any post is."""

from __future__ import annotations

import pytest
from django.urls import reverse

from linkage.catalogue.models import Commodity
from linkage.market.models import Offer, OfferFloor
from linkage.market.quick import LONGEST_TEXT
from tests.api.conftest import MEMBER, PARTNER

TEXT = "HTX em còn 3 tạ tỏi, 85k/kg, LH 0912 345 678 lấy tại An Lão trước 20/12"


@pytest.fixture
def address(world):
    return reverse("api:quick_post_read", args=[world.coop.pk])


def read(client, address, text):
    return client.post(address, {"text": text}, content_type="application/json")


def test_a_draft_says_what_a_post_takes_and_where_it_stands(client_of, address):
    answer = read(client_of(MEMBER), address, TEXT)
    assert answer.status_code == 200
    (message,) = answer.json()["messages"]
    assert message["text"] == TEXT
    (phone,) = message["phones"]
    assert message["text"][slice(*phone)] == "0912 345 678"
    assert not {"0912", "85k"} & set(message["public_text"].replace("/", " ").split())
    assert message["understood"]["quantity_kg"] == 300
    assert message["understood"]["others"] == []
    (draft,) = message["drafts"]
    assert (draft["post_kind"], draft["commodity"]) == ("offer", "garlic")
    assert (draft["quantity"], draft["unit"], draft["period"]) == ("3", "ta", "once")
    assert draft["price_limit"] == {"price": 85_000, "unit": "kg"}
    assert draft["missing"] == ["start"]
    assert [TEXT[slice(*span)] for span in draft["spans"]["quantity"]] == ["3 tạ"]


def test_a_draft_is_published_by_the_ordinary_address(client_of, address, world):
    Commodity.objects.create(
        code="garlic", name_vi="Tỏi", name_en="Garlic", level=1, dimension="mass", source="-"
    )
    client = client_of(MEMBER)
    (message,) = read(client, address, "bán 300 kg tỏi, 85k/kg").json()["messages"]
    taken = ("commodity", "quantity", "unit", "period", "price_limit")
    offer = {name: message["drafts"][0][name] for name in taken}
    body = {**offer, "starts": "2099-01-01", "ends": "2099-01-31", "publish": True}
    before = set(Offer.objects.values_list("pk", flat=True))
    there = reverse("api:own_offers", args=[world.coop.pk])
    answer = client.post(there, body, content_type="application/json")
    assert answer.status_code == 201, answer.content
    (made,) = Offer.objects.exclude(pk__in=before)
    assert OfferFloor.objects.get(offer=made).price == 85_000_000


def test_several_lines_are_several_messages_and_several_products_several_drafts(client_of, address):
    said = "bán 300 kg cà tím và 500 kg mướp\n8h sáng mai họp\nmua 2 tấn ngô"
    found = read(client_of(MEMBER), address, said).json()["messages"]
    codes = [[draft["commodity"] for draft in message["drafts"]] for message in found]
    assert codes == [["aubergine", "luffa"], ["maize"]]
    (nothing,) = read(client_of(MEMBER), address, "8h sáng mai họp").json()["messages"]
    assert nothing["drafts"] == []
    assert nothing["understood"]["side"] is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a" * (LONGEST_TEXT + 1), "text_invalid"),
        ("bán\x07tỏi", "text_invalid"),
        ("bán\x00tỏi", None),
        ("\ud83d tỏi", None),
        ("", "blank"),
        (3, "not_text"),
        (None, "null"),
    ],
)
def test_a_text_that_cannot_be_is_refused(client_of, address, text, code):
    answer = read(client_of(MEMBER), address, text)
    assert answer.status_code == 400
    if code:
        assert [one["code"] for one in answer.json()["errors"]] == [code]
    else:
        assert answer.json()["code"] == "json_text_not_storable"


def test_a_pasted_emoji_is_no_hidden_character(client_of, address):
    said = "bán 3 tạ tỏi 👩‍🌾"
    assert read(client_of(MEMBER), address, said).json()["messages"][0]["drafts"]


def test_others_find_no_such_address(client_of, address):
    assert read(client_of(PARTNER), address, TEXT).status_code == 404
