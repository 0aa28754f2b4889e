"""The page of suggestions: three first, the acts without script, and what others see of it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from linkage.catalogue.models import Commodity
from linkage.jobs.models import Outbox
from linkage.jobs.services import beat
from linkage.market.models import PostKind
from linkage.suggestions.models import Suggestion
from linkage.suggestions.services import refresh_post
from tests.market import town
from tests.market.town import NEED
from tests.web import register

pytestmark = pytest.mark.django_db


@pytest.fixture
def coop(db):
    town.catalogue()
    town.places()
    return town.organisation(product="garlic")


def posted(organisation, kind=PostKind.OFFER, **changes):
    today = timezone.localdate()
    window = {"starts": today, "ends": today.replace(year=today.year + 1)}
    return town.post(organisation, kind, now=timezone.now(), **window, **changes)


@pytest.fixture
def offer(coop):
    """With eight needs that it fits, each further away and larger than the one before."""
    made = posted(coop)
    for number in range(8):
        place = str(min(number // 2 + 1, 4))
        buyer = town.organisation(f"Công ty {number}", "enterprise", commune=place)
        posted(buyer, NEED, quantity=Decimal(3 + number))
    refresh_post(kind=PostKind.OFFER, post_id=made.pk, now=timezone.now())
    Outbox.objects.update(state="done", finished_at=timezone.now())
    beat(worker="w", now=timezone.now())
    return made


def page(client, coop):
    answer = client.get(reverse("web:suggestions", args=[coop.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def act(client, coop, row, name, **data):
    address = reverse(f"web:suggestion_{name}", args=[coop.pk, row.pk])
    return client.post(address, data)


def test_the_three_best_come_first_and_the_rest_behind_a_word(acting_for, coop, offer):
    body = page(acting_for(coop), coop)
    first, _, rest = body.partition("gợi ý nữa")
    best = Suggestion.objects.exclude(offer_why="").select_related("need__organisation")
    names = [row.need.organisation.name for row in best.order_by("-score", "id")]
    assert len(names) > 3
    assert all(name in first for name in names[:3])
    assert all(name in rest for name in names[3:])
    assert "cách" in body
    assert "đang chờ" not in body


def test_its_acts_work_without_script(acting_for, coop, offer):
    client = acting_for(coop)
    row = Suggestion.objects.first()
    for name, data, view in (
        ("later", {}, "seen"),
        ("dismiss", {"reason": "too_far"}, "dismissed"),
        ("later", {}, "seen"),
    ):
        answer = act(client, coop, row, name, **data)
        assert answer.status_code == 302
        row.refresh_from_db()
        assert row.offer_view == view
        page(client, coop)


def test_a_dismissal_without_a_reason_is_asked_again(acting_for, coop, offer):
    row = Suggestion.objects.first()
    client = acting_for(coop)
    act(client, coop, row, "dismiss", reason="because")
    row.refresh_from_db()
    assert row.offer_view == "new"
    assert "notice" in page(client, coop)


def test_others_see_and_change_nothing(acting_for, staff, coop, offer):
    other = town.organisation("HTX Khác")
    row = Suggestion.objects.first()
    for client in (acting_for(other), staff):
        assert client.get(reverse("web:suggestions", args=[coop.pk])).status_code == 404
        for name in ("later", "dismiss"):
            assert act(client, coop, row, name, reason="other").status_code == 404
    client = acting_for(other, username="khac")
    assert act(client, other, row, "later").status_code == 404
    row.refresh_from_db()
    assert (row.offer_view, row.need_view) == ("new", "new")


def test_the_page_says_that_suggestions_wait(acting_for, coop, offer):
    client = acting_for(coop)
    assert "is-loud" not in page(client, coop)
    posted(coop)
    assert 'class="notice"' in page(client, coop)
    beat(worker="w", now=timezone.now() - timedelta(minutes=5))
    assert "is-loud" in page(client, coop)


def test_a_posts_own_page_shows_what_is_suggested_to_it(acting_for, coop, offer):
    client = acting_for(coop)
    body = client.get(reverse("web:offer", args=[coop.pk, offer.pk])).content.decode()
    assert Suggestion.objects.first().need.organisation.name in body
    alone = posted(coop, commodity="paddy")
    body = client.get(reverse("web:offer", args=[coop.pk, alone.pk])).content.decode()
    assert "Công ty" not in body


def test_more_posts_and_suggestions_make_no_more_queries(acting_for, coop, offer):
    client = acting_for(coop)

    def count():
        with CaptureQueriesContext(connection) as captured:
            page(client, coop)
        return len(captured)

    few = count()
    for _ in range(8):
        refresh_post(kind=PostKind.OFFER, post_id=posted(coop).pk, now=timezone.now())
    Outbox.objects.update(state="done", finished_at=timezone.now())
    assert count() == few
    assert "Tin chưa có gợi ý" not in page(client, coop)
    # Twelve of them read what the structure says.
    assert few <= 39


def peers_of(buyer, many=3, commodity="garlic"):
    """So many cooperatives in the commune that sell it to the buyer, and one that does not."""
    town.organisation(f"HTX Cũng Trồng {buyer.pk}", product=commodity)
    for number in range(many):
        peer = town.organisation(f"HTX Bạn {buyer.pk} {number}")
        register.linkage(peer, buyer, f"{number}/HĐ", commodity=Commodity.objects.get(pk=commodity))


def test_a_suggestion_says_so_where_others_like_the_owner_deal_with_the_buyer(
    acting_for, coop, offer
):
    best = Suggestion.objects.exclude(offer_why="").order_by("-score", "id").first()
    buyer = best.need.organisation
    peers_of(buyer)
    body = page(acting_for(coop), coop)
    assert f"Một số đơn vị ở Xã Số 1 cùng bán tỏi đang bán cho {buyer.name}" in body
    assert "HTX Bạn" not in body
    # It has a suggestion of its own: it does not stand below once more.
    assert "Bên chưa đăng tin" not in body


def test_fewer_than_three_are_told_of_nobody(acting_for, coop, offer):
    best = Suggestion.objects.exclude(offer_why="").order_by("-score", "id").first()
    peers_of(best.need.organisation, 2)
    assert "cùng bán" not in page(acting_for(coop), coop)


def test_whoever_has_posted_nothing_stands_below_with_a_way_on(acting_for, coop):
    silent = town.organisation("Công ty Im Lặng", "enterprise")
    peers_of(silent)
    client = acting_for(coop)
    body = page(client, coop)
    assert "Công ty Im Lặng" in body
    way_on = f"{reverse('web:offer_add', args=[coop.pk])}?chosen=garlic"
    assert way_on in body
    assert 'value="garlic"' in client.get(way_on).content.decode()
    # Once it has posted, one goes on at its post.
    made = posted(silent, NEED)
    assert reverse("web:seen_need", args=[coop.pk, made.pk]) in page(client, coop)


def test_the_rivals_rule_holds_for_who_both_sells_and_buys(acting_for, coop):
    silent = town.organisation("Công ty Im Lặng", "enterprise")
    peers_of(silent)
    posted(coop, NEED)
    client = acting_for(coop)
    assert "Công ty Im Lặng" not in page(client, coop)
    chain = client.get(reverse("web:own_chain", args=[coop.pk])).content.decode()
    assert "Công ty Im Lặng" not in chain
