"""Near misses of an own post: found by the rules alone, among what its owner may see anyway."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linkage.agreements.models import Linkage
from linkage.errors import NotFound
from linkage.market.errors import LimitsOfProductChangedTooOften
from linkage.market.models import MODELS, Need, Offer, PostKind
from linkage.market.services import set_limit
from linkage.market.services.posts import Limit
from linkage.market.sight import visible_to
from linkage.registry.access import NotConsented
from linkage.registry.models import Certificate, StatusFact
from linkage.suggestions import queries
from linkage.suggestions.near import near_misses
from linkage.suggestions.services import open_talks, refresh_post
from tests.examples import examples
from tests.market import town
from tests.market.town import NEED, NOW, OFFER, TODAY
from tests.matching import brute
from tests.officers import field
from tests.suggestions import worlds

pytestmark = pytest.mark.django_db


def near(post, kind=OFFER, organisation=None, actor=None):
    own = organisation or post.organisation
    return near_misses(
        actor=actor or town.actor(own), organisation_id=own.pk, kind=kind, post_id=post.pk,
        on=TODAY,
    )  # fmt: skip


def said(post, kind=OFFER):
    return [(one.other.organisation.name, one.words("vi")) for one in near(post, kind)]


# --- The oracle -----------------------------------------------------------------------------
def takes(kind, amount, own, wanted):
    """docs/pools.md, read once more."""
    first = max(own.starts, wanted.starts).toordinal()
    limits = [m for m in (own.max_distance_m, wanted.max_distance_m) if m is not None]
    found = {
        "commodity": lambda: 2_000 * amount,
        "dates": lambda: 10_000 * amount // 60,
        "certificate_missing": lambda: 8_000,
        "certificate_over": lambda: min(8_000, 2_000 + 10_000 * (first - amount) // 365),
        "price": lambda: 5_000,
        "distance": lambda: 10_000 * amount // min(limits),
    }[kind]()
    return min(10_000, max(1, found))


def expected(kind, row, posts):
    """(id, kind, amount) of the ten that take least, of those that the owner sees."""
    seen = visible_to(
        town.actor(row.organisation), kind.other, on=TODAY, organisation_id=row.organisation_id
    )
    ids = set(seen.values_list("pk", flat=True))
    mine = next((post for post in posts[kind] if post.id == row.pk), None)
    found = []
    for other in posts[kind.other] if mine else ():
        pair = (mine, other) if kind is OFFER else (other, mine)
        miss = brute.near_miss(*pair) if other.id in ids else None
        if miss:
            away = brute.metres_between(*pair)
            found.append((takes(*miss, *pair), away, other.id, *miss))
    return [line[2:] for line in sorted(found)[:10]]


@pytest.mark.parametrize("seed", range(examples(1)))
def test_random_markets_have_the_near_misses_that_the_oracle_finds(market, monkeypatch, seed):
    # Many of them: who both sells and buys sees few.
    worlds.random_market(Random(seed), 40, 40, organisations=60)
    offers, needs = worlds.plain_posts(monkeypatch)
    posts = {OFFER: offers, NEED: needs}
    kinds, many = set(), 0
    for kind in PostKind:
        for row in MODELS[kind].objects.select_related("organisation"):
            found = [(one.other.pk, one.miss.kind, one.miss.amount) for one in near(row, kind)]
            assert found == expected(kind, row, posts)
            kinds |= {what for _id, what, _amount in found}
            many += len(found)
    assert len(kinds) >= 5
    assert many > 40


# --- One world, a post for each condition ---------------------------------------------------
@pytest.fixture
def offer(coop):
    """Onions of a co-op with a certificate that runs out on 20 June and one without an end."""
    return town.post(
        coop, commodity="onions", max_km=50, limit=Limit(9_000, "kg"),
        certificates=[
            town.certificate(coop, "HACCP", date(2026, 6, 20)).pk,
            town.certificate(coop, "OCOP-3", None).pk,
        ],
    )  # fmt: skip


@pytest.fixture
def needs(offer):
    """A firm for each condition that fails alone, and those that are no near miss."""
    later = {"starts": date(2026, 6, 22), "ends": date(2026, 7, 14)}
    gone = {"starts": date(2026, 7, 17), "ends": date(2026, 8, 1)}
    posts = {
        "vừa": {},
        "thiếu": {"certifications": ["VIETGAP"]},
        "thiếu ngày": {"certifications": ["OCOP-3"]},
        "hết hạn": {"certifications": ["HACCP"], **later},
        "giá": {"limit": Limit(8_999, "kg")},
        "xa": {"commune": "4"},
        "ngày": gone,
        "chung": {"commodity": "red-onions"},
        "rộng": {"commodity": "vegetables"},
        "hai điều": {"certifications": ["VIETGAP"], **gone},
        "thứ khác": {"commodity": "garlic", **gone},
        "đã dừng": gone,
        "đã hết": gone,
        "tạm dừng": gone,
    }
    made = {}
    for name, values in posts.items():
        firm = town.organisation(name, "enterprise")
        made[name] = town.post(firm, NEED, **{"commodity": "onions", **values})
    StatusFact.objects.create(
        organisation=made["đã dừng"].organisation, status="suspended", since=TODAY
    )
    used_up = made["đã hết"]
    Need.objects.filter(pk=used_up.pk).update(reserved=used_up.total)
    Need.objects.filter(pk=made["tạm dừng"].pk).update(state="paused")
    return made


ALL = [
    ("ngày", "lệch 3 ngày"),
    ("chung", "mặt hàng ghi chung hơn yêu cầu 1 bậc"),
    ("hết hạn", "chứng nhận HACCP hết hạn 20/6/2026"),
    ("giá", "giá chưa gặp nhau"),
    ("thiếu", "thiếu VIETGAP"),
    ("thiếu ngày", "thiếu OCOP-3"),
    ("xa", "xa hơn 61,2 km"),
]


def test_each_condition_that_fails_alone_is_said_what_takes_least_first(offer, needs):
    assert said(offer) == ALL
    (english,) = [one.words("en") for one in near(offer) if one.miss.kind == "price"]
    assert english == "prices do not meet yet"


def test_the_other_side_is_told_the_same(offer, needs):
    for name, words in ALL:
        assert said(needs[name], NEED) == [("HTX Tỏi", words)]


def test_what_fits_is_suggested_and_no_near_miss(offer, needs):
    refresh_post(kind=OFFER, post_id=offer.pk, now=NOW)
    own = {"actor": town.actor(offer.organisation), "organisation_id": offer.organisation_id}
    rows = queries.listing(**own, on=TODAY)
    assert {row.need.organisation.name for row in rows} == {"vừa", "rộng"}
    assert {"vừa", "rộng"}.isdisjoint(name for name, _words in said(offer))


def test_what_was_mended_is_none_any_more(offer, needs):
    """What is read is what is so now: nothing waits for a worker."""
    set_limit(
        actor=town.actor(offer.organisation), own=town.own(offer), price=8_999, unit_code="kg",
        now=NOW,
    )  # fmt: skip
    Certificate.objects.filter(certification="OCOP-3").update(ends=date(2027, 1, 1))
    names = [name for name, _words in said(offer)]
    assert {"giá", "thiếu ngày"}.isdisjoint(names) and len(names) == len(ALL) - 2


def test_a_closed_post_and_one_of_nobody_at_work_have_none(offer, needs):
    Need.objects.filter(pk=needs["xa"].pk).update(state="withdrawn")
    assert near(needs["xa"], NEED) == []
    StatusFact.objects.create(organisation=offer.organisation, status="suspended", since=TODAY)
    assert near(offer) == []
    assert near(needs["giá"], NEED) == []


# --- Who sees whom --------------------------------------------------------------------------
def test_who_both_sells_and_buys_it_is_introduced_to_nobody(offer, needs):
    """A suggestion shows such an organisation a counterpart; a near miss never does."""
    town.post(offer.organisation, NEED, commodity="onions")
    assert said(offer) == []
    for need in (needs["giá"], needs["vừa"]):
        with pytest.raises(NotFound):
            ask(offer, need)


def test_talks_are_opened_with_each_of_them_and_led_to(offer, needs):
    found = near(offer)
    for one in found:
        ask(offer, one.other)
    talks = {(row.offer_id, row.need_id): row.pk for row in Linkage.objects.all()}
    assert queries.talks_about({one.pair for one in found}) == talks
    one = found[0].pair
    assert queries.talks_about({one}) == {one: talks[one]}


def ask(offer, need):
    own = {"actor": town.actor(offer.organisation), "organisation_id": offer.organisation_id}
    return open_talks(**own, offer_id=offer.pk, need_id=need.pk, now=NOW, text="Còn không?")


def test_another_ones_post_is_none_of_ones_own(offer, needs):
    other = needs["giá"].organisation
    with pytest.raises(NotFound):
        near(offer, organisation=other)
    with pytest.raises(NotFound):
        near(offer, actor=town.actor(other))


def test_posts_of_what_was_merged_are_its_survivors(offer, needs):
    gone, firm = offer.organisation, needs["giá"].organisation
    kept = town.organisation("HTX Nhập", product="garlic")
    type(gone).objects.filter(pk=gone.pk).update(merged_into=kept)
    assert len(near(offer, organisation=kept)) == len(ALL)
    type(gone).objects.filter(pk=firm.pk).update(merged_into=kept)
    assert "giá" not in [one.other.organisation.name for one in near(offer, organisation=kept)]


# --- What a limit costs ---------------------------------------------------------------------
def test_many_posts_ask_about_no_more_prices_than_limits_may_move_in_a_day(offer, needs):
    """Of each post one bit, and its limit is counted with all others under the root."""

    def posted(price):
        return town.post(offer.organisation, commodity="onions", limit=Limit(price, "kg"))

    # Ten a day, and one was the first post's.
    ladder = {price: posted(price) for price in range(8_600, 9_500, 100)}
    with pytest.raises(LimitsOfProductChangedTooOften):
        posted(9_500)
    assert len(ladder) == 9
    met = {price: ("giá", "giá chưa gặp nhau") not in said(post) for price, post in ladder.items()}
    assert met == {price: price <= 8_999 for price in ladder}
    # Its dates, distance and certificates may move as often as one likes: the bit stays.
    asked = max(ladder)
    Offer.objects.filter(pk=ladder[asked].pk).update(max_km=None, starts=TODAY)
    assert ("giá", "giá chưa gặp nhau") in said(ladder[asked])


def test_an_officer_reads_them_with_a_consent_for_talks_alone(offer, needs, market):
    user = field.officer()
    field.consent(user, offer.organisation, deeds=["talks"])
    officer = field.acting(user)
    assert len(near(offer, actor=officer)) == len(ALL)
    own = offer.organisation_id
    for_posts = replace(officer, on_behalf={own: frozenset({"posts"})})
    with pytest.raises(NotConsented):
        near(offer, actor=for_posts)


# --- Queries --------------------------------------------------------------------------------
def test_more_posts_make_no_more_queries(offer, needs):
    def count():
        with CaptureQueriesContext(connection) as captured:
            near(offer)
        return len(captured)

    few = count()
    Need.objects.bulk_create(copied(needs["ngày"]) for _ in range(200))
    assert [words for _name, words in said(offer)] == ["lệch 3 ngày"] * 10
    assert count() == few <= 20


def copied(post):
    values = {
        column.attname: getattr(post, column.attname) for column in post._meta.concrete_fields
    }
    return type(post)(**{**values, "id": None})
