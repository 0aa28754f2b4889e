"""What nearly fits a post, on the post's own page: folded under suggestions, open without any."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from linkage.agreements.models import Linkage
from linkage.market.models import PostKind
from linkage.market.services.posts import Limit
from linkage.suggestions.services import refresh_post
from tests.market import town
from tests.market.town import NEED, OFFER
from tests.officers import field

pytestmark = pytest.mark.django_db


@pytest.fixture
def coop(db):
    town.catalogue()
    town.places()
    return town.organisation(product="onions")


def posted(organisation, kind=OFFER, **changes):
    today = timezone.localdate()
    values = {"commodity": "onions", "starts": today, "ends": today + timedelta(days=60)}
    return town.post(organisation, kind, now=timezone.now(), **{**values, **changes})


@pytest.fixture
def offer(coop):
    return posted(coop, max_km=50, limit=Limit(9_000, "kg"))


@pytest.fixture
def needs(offer):
    """A firm for each condition that the offer fails alone."""
    today = timezone.localdate()
    posts = {
        "Công ty Giá": {"limit": Limit(8_000, "kg")},
        "Công ty VietGAP": {"certifications": ["VIETGAP"]},
        "Công ty Xa": {"commune": "4"},
        "Công ty Muộn": {
            "starts": today + timedelta(days=63), "ends": today + timedelta(days=90)
        },
        "Công ty Tím": {"commodity": "red-onions"},
    }  # fmt: skip
    return {
        name: posted(town.organisation(name, "enterprise"), NEED, **values)
        for name, values in posts.items()
    }


def section(client, organisation, post, kind=OFFER):
    answer = client.get(reverse(f"web:{kind}", args=[organisation.pk, post.pk]))
    assert answer.status_code == 200
    (found,) = re.findall(r'id="near">(.*?)</section>', answer.content.decode(), re.DOTALL)
    return found


def links(shown, name):
    """The acts on the card of a party: words by address."""
    (card,) = [card for card in shown.split('<li class="suggestion">') if f">{name}<" in card]
    return dict(re.findall(r'href="([^"]+)">([^<]+)</a>', card))


def test_each_says_what_is_lacking_and_leads_to_what_its_owner_can_mend(
    acting_for, coop, offer, needs
):
    client = acting_for(coop)
    shown = section(client, coop, offer)
    own = [coop.pk, offer.pk]
    edit, limit = reverse("web:offer_edit", args=own), reverse("web:offer_limit", args=own)
    for name, words, address in (
        ("Công ty Giá", "Giá chưa gặp nhau", limit),
        ("Công ty VietGAP", "Thiếu VIETGAP", edit),
        ("Công ty Xa", "Xa hơn 61,2 km", edit),
        ("Công ty Muộn", "Lệch 3 ngày", edit),
        ("Công ty Tím", "Mặt hàng ghi chung hơn yêu cầu 1 bậc", edit),
    ):
        assert words in shown
        led = links(shown, name)
        ask = reverse("web:talk_about_need", args=[coop.pk, needs[name].pk])
        assert list(led) == [address, f"{ask}?post={offer.pk}"]
        assert all(client.get(at).status_code == 200 for at in led)


def test_the_other_side_mends_what_is_its_own_alone(acting_for, coop, offer, needs):
    for name, page in (
        ("Công ty Giá", "need_limit"),
        ("Công ty Muộn", "need_edit"),
        # The offer's certificate, product and distance are the co-op's.
        ("Công ty VietGAP", None),
        ("Công ty Tím", None),
        ("Công ty Xa", None),
    ):
        firm, post = needs[name].organisation, needs[name]
        client = acting_for(firm, username=f"u{firm.pk}")
        led = links(section(client, firm, post, NEED), "HTX Tỏi")
        ask = reverse("web:talk_about_offer", args=[firm.pk, offer.pk])
        own = [] if page is None else [reverse(f"web:{page}", args=[firm.pk, post.pk])]
        assert list(led) == [*own, f"{ask}?post={post.pk}"]


def test_it_is_folded_under_suggestions_and_open_without_any(acting_for, coop, offer, needs):
    client = acting_for(coop)
    fold = re.compile(r'<details class="more"\s+open>')
    assert fold.search(section(client, coop, offer))
    posted(town.organisation("Công ty Vừa", "enterprise"), NEED)
    refresh_post(kind=PostKind.OFFER, post_id=offer.pk, now=timezone.now())
    shown = section(client, coop, offer)
    assert "5 tin chỉ vướng một điều" in shown
    assert not fold.search(shown)


def test_talks_are_opened_from_one_and_led_to(acting_for, coop, offer, needs):
    client = acting_for(coop)
    ask = reverse("web:talk_about_need", args=[coop.pk, needs["Công ty Giá"].pk])
    sent = client.post(ask, {"post": offer.pk, "text": "Trao đổi giá được không?"})
    assert sent.status_code == 302
    talk = reverse("web:own_linkage", args=[coop.pk, Linkage.objects.get().pk])
    assert talk in links(section(client, coop, offer), "Công ty Giá")


def test_the_page_of_suggestions_leads_there(acting_for, coop, offer, needs):
    client = acting_for(coop)
    there = f"{reverse('web:offer', args=[coop.pk, offer.pk])}#near"

    def page():
        return client.get(reverse("web:suggestions", args=[coop.pk])).content.decode()

    assert "Tin chưa có gợi ý" in page()
    assert there in page()
    posted(town.organisation("Công ty Vừa", "enterprise"), NEED)
    refresh_post(kind=PostKind.OFFER, post_id=offer.pk, now=timezone.now())
    assert "Tin chưa có gợi ý" not in page()
    assert there in page()


def test_nobody_is_near_a_post_that_stands_alone(acting_for, coop, offer):
    assert "Hiện chưa có tin nào gần khớp." in section(acting_for(coop), coop, offer)


@pytest.mark.parametrize("deed", ["talks", "posts"])
def test_an_officer_is_shown_what_it_is_let_do(client, coop, offer, needs, deed):
    user, today = field.officer(), timezone.localdate()
    until = today + timedelta(days=9)
    field.consent(user, coop, timezone.now(), deeds=[deed], given_on=today, until=until)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("web:offer", args=[coop.pk, offer.pk]))
    assert page.status_code == 200
    if deed == "posts":
        # Neither suggestions nor near misses: it opens no talks.
        assert 'id="near"' not in page.content.decode()
        return
    led = links(section(client, coop, offer), "Công ty Giá")
    assert [at.split("?")[0] for at in led] == [
        reverse("web:talk_about_need", args=[coop.pk, needs["Công ty Giá"].pk])
    ]
    assert all(client.get(at).status_code == 200 for at in led)
