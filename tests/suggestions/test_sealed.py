"""What a sealed limit does to suggestions: within range nothing, beyond it nothing for rivals.

The pages of worlds that differ in one limit are read in `tests/sealed`.
"""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from linkage.jobs.models import Outbox
from linkage.jobs.services import beat
from linkage.market.models import MODELS, NeedCeiling, OfferFloor, PostKind
from linkage.notices.models import Notice
from linkage.suggestions.models import Suggestion
from linkage.suggestions.services import refresh_post
from tests.market import town
from tests.market.town import NEED, OFFER

pytestmark = pytest.mark.django_db
TOKEN = re.compile(rb'(name="csrfmiddlewaretoken" value=|nonce=)"[^"]*"')


@pytest.fixture
def traders(market):
    """Three co-ops that sell garlic and three firms that buy it, one post each, limits apart."""
    today = timezone.localdate()
    window = {"starts": today, "ends": today.replace(year=today.year + 1)}
    coops = [town.organisation(f"HTX {n}", product="garlic", commune=str(n)) for n in (1, 2, 3)]
    firms = [town.organisation(f"Công ty {n}", "enterprise", commune=str(n)) for n in (1, 2, 3)]
    for organisation in (*coops, *firms):
        town.person(organisation)
    for kind, organisations in ((OFFER, coops), (NEED, firms)):
        for organisation in organisations:
            post = town.post(organisation, kind, now=timezone.now(), **window)
            price = 5_000_000 if kind is OFFER else 9_000_000
            table, side = (OfferFloor, "offer") if kind is OFFER else (NeedCeiling, "need")
            table.objects.create(**{side: post}, price=price)
    return coops, firms


def look():
    now = timezone.now()
    for kind, model in MODELS.items():
        for pk in model.objects.order_by("pk").values_list("pk", flat=True):
            refresh_post(kind=PostKind(kind), post_id=pk, now=now)
    Outbox.objects.update(state="done", finished_at=now)
    beat(worker="w", now=now)


def read_by(organisation):
    """Every page and answer that shows suggestions, as bytes."""
    client = Client()
    client.force_login(
        organisation.memberships.get().user, backend="django.contrib.auth.backends.ModelBackend"
    )
    at = [organisation.pk]
    pages = [reverse("web:suggestions", args=at)]
    pages += [reverse("web:offer", args=[*at, p.pk]) for p in organisation.offers.all()]
    pages += [reverse("web:need", args=[*at, p.pk]) for p in organisation.needs.all()]
    listed = reverse("api:suggestions", args=at)
    # One page holds them all: the address of a next one is signed with the time of asking.
    pages += [listed, f"{listed}?view=new", f"{listed}?post_kind=offer"]
    answers = [client.get(page) for page in pages]
    assert {answer.status_code for answer in answers} == {200}
    return [TOKEN.sub(b"", answer.content) for answer in answers], [
        tuple(row) for row in Notice.objects.filter(organisation=organisation).values_list("data")
    ]


@pytest.mark.parametrize("side", ["floor", "ceiling"])
@pytest.mark.parametrize("price", [6_000_000, None])
def test_a_limit_that_moves_within_range_changes_no_suggestion_and_no_notice(traders, side, price):
    coops, firms = traders
    look()
    told = list(Notice.objects.order_by("pk").values())
    rows = list(Suggestion.objects.order_by("pk").values())
    if side == "floor":
        limits = OfferFloor.objects.filter(offer__organisation=coops[0])
    else:
        limits = NeedCeiling.objects.filter(need__organisation=firms[0])
    if price is None:
        limits.delete()
    else:
        limits.update(price=price)
    look()
    assert rows
    assert list(Suggestion.objects.order_by("pk").values()) == rows
    assert list(Notice.objects.order_by("pk").values()) == told


def test_a_rivals_limit_that_leaves_the_range_changes_nothing_for_the_rivals(traders):
    coops, _ = traders
    look()
    before = {org.pk: read_by(org) for org in coops[1:]}
    assert len(before[coops[1].pk][0][0]) > 1_000
    OfferFloor.objects.filter(offer__organisation=coops[0]).update(price=10_000_000)
    look()
    assert not Suggestion.objects.filter(offer__organisation=coops[0], stale=False).exists()
    assert {org.pk: read_by(org) for org in coops[1:]} == before
