"""What is found, in which order, and that pages neither skip nor repeat."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.db.models import Count
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linkage.catalogue import standing
from linkage.errors import NotFound
from linkage.market import errors
from linkage.market.models import Offer
from linkage.market.search import Asked, Slice, search
from linkage.market.sight import visible_to
from linkage.market.tree import Tree
from linkage.matching import best_offers
from linkage.reference.rows import CertificationSatisfiesRow
from linkage.registry.access import Actor
from linkage.registry.models import Role
from linkage.registry.values import TextInvalid, ValueUnknown
from linkage.suggestions.facts import gather
from tests.market import town
from tests.market.town import NEED, OFFER, TODAY

pytestmark = pytest.mark.django_db
OFFICE = Actor(1, frozenset({Role.CITY_STAFF}))


def find(actor=OFFICE, organisation=None, kind=OFFER, size=50, **asked):
    return search(
        actor=actor, asked=Asked(kind=kind, **asked), on=TODAY, part=Slice(size),
        organisation_id=organisation.pk if organisation else None,
    )  # fmt: skip


def ids(**asked):
    return [result.post.pk for result in find(**asked).results]


@pytest.mark.parametrize("words", ["Tỏi", "tỏi", "TOI", " toi ", "củ tỏi", "cu toi", "garlic",
                                   "To\u0309i"])  # fmt: skip
def test_a_commodity_is_found_by_name_synonym_and_without_marks(coop, words):
    garlic = town.post(coop)
    town.post(coop, commodity="paddy")
    assert ids(text=words) == [garlic.pk]


def test_what_lies_below_is_found_after_what_was_named(coop):
    below = town.post(coop, commodity="red-onions")
    named = town.post(coop, commodity="onions")
    town.post(coop)
    assert ids(text="hanh") == [named.pk, below.pk]
    assert ids(commodity="onions") == [below.pk, named.pk]
    assert ids(text="hành", commodity="red-onions") == [below.pk]
    assert len(ids(text="trồng trọt")) == 3


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL plans by statistics")
def test_posts_are_counted_in_the_index_of_the_search_alone(coop, firm):
    town.post(coop)
    rows = visible_to(town.actor(firm), OFFER, on=TODAY, organisation_id=firm.pk)
    plan = rows.values("commodity").annotate(many=Count("pk")).explain()
    assert "COVERING INDEX offer_searched" in plan


def test_words_that_mean_nothing_find_nothing(coop):
    town.post(coop)
    for words in ("xyz", "%", "%_%_%", "_", "."):
        found = find(text=words)
        assert (found.count, found.results, found.next) == (0, (), None)
    with pytest.raises(TextInvalid):
        find(text="a" * 201)


def test_the_nearer_comes_first_and_the_far_is_left_out(coop):
    far = town.post(coop, commune="4")
    near = town.post(coop, commune="2")
    here = town.post(coop, commune="1")
    assert ids(near="1") == [here.pk, near.pk, far.pk]
    assert ids(near="1", within_km=30) == [here.pk, near.pk]
    assert [r.metres for r in find(near="1").results] == [0, 22_239, 111_195]
    assert [r.metres for r in find().results] == [None] * 3
    with pytest.raises(ValueUnknown):
        find(near="99")
    with pytest.raises(errors.DistanceOutOfRange):
        find(near="1", within_km=0)


def test_a_window_needs_one_day_in_common(coop):
    made = town.post(coop, starts=date(2026, 6, 15), ends=date(2026, 6, 30))
    assert ids(starts=date(2026, 6, 30)) == [made.pk]
    assert ids(starts=date(2026, 7, 1)) == []
    assert ids(ends=date(2026, 6, 15)) == [made.pk]
    assert ids(ends=date(2026, 6, 14)) == []
    with pytest.raises(errors.WindowInverted):
        find(starts=date(2026, 7, 1), ends=date(2026, 6, 1))


def test_what_is_left_counts_and_not_what_was_offered(coop):
    made = town.post(coop)
    Offer.objects.filter(pk=made.pk).update(reserved=1_000_000)
    assert ids(least=2_000_000, dimension="mass") == [made.pk]
    assert ids(least=2_000_001, dimension="mass") == []
    assert ids(least=1, dimension="count") == []


def test_an_offer_carries_every_certificate_that_is_asked_for(coop):
    gap, ocop = town.certificate(coop), town.certificate(coop, "OCOP-4")
    both = town.post(coop, certificates=[gap.pk, ocop.pk])
    town.post(coop, certificates=[gap.pk])
    assert ids(certifications=["VIETGAP", "OCOP-3"]) == [both.pk]
    assert len(ids(certifications=["VIETGAP"])) == 2
    assert ids(certifications=["OCOP-4"]) == [both.pk]
    with pytest.raises(ValueUnknown):
        find(certifications=["NONE"])


def test_search_and_match_read_one_table_of_what_stands_for_what(coop, firm, monkeypatch):
    row = CertificationSatisfiesRow("HACCP", "VIETGAP", source="test", retrieved_on=TODAY)
    monkeypatch.setattr(standing, "read_certification_satisfies", lambda: [row])
    offer = town.post(coop, certificates=[town.certificate(coop, "HACCP").pk])
    need = town.post(firm, NEED, certifications=["VIETGAP"])
    assert ids(certifications=["VIETGAP"]) == [offer.pk]
    assert ids(certifications=["OCOP-3"]) == []
    assert ids(kind=NEED, certifications=["HACCP"]) == [need.pk]
    tree = Tree.load(words=False)
    world = gather(tree=tree, offered=["garlic"], needed=["garlic"], today=TODAY)
    found = best_offers(world.all_offers, world.all_needs, world.tree, world.certificates, top=1)
    assert len(found) == 1


@pytest.mark.parametrize(
    ("ends", "starts", "found"),
    [
        (date(2026, 6, 15), None, True),
        (date(2026, 6, 14), None, False),
        (date(2026, 7, 1), date(2026, 7, 1), True),
        (date(2026, 6, 30), date(2026, 7, 1), False),
        (None, None, False),
    ],
)
def test_a_certificate_is_good_on_its_last_day_and_without_one_not_held(coop, ends, starts, found):
    mark = town.certificate(coop, ends=ends)
    town.post(coop, certificates=[mark.pk])
    assert bool(ids(certifications=["VIETGAP"], starts=starts)) is found


def test_a_need_is_found_by_whoever_has_all_that_it_asks_for(firm):
    plain = town.post(firm, NEED)
    strict = town.post(firm, NEED, certifications=["VIETGAP", "OCOP-3"])
    assert ids(kind=NEED, certifications=["VIETGAP"]) == [plain.pk]
    assert ids(kind=NEED, certifications=["VIETGAP", "OCOP-4"]) == [plain.pk, strict.pk]


def test_linked_or_not_is_what_the_caller_knows(coop, firm):
    linked, alone = town.post(coop), town.post(town.organisation("HTX Khác"))
    known = frozenset({coop.pk})
    assert ids(linked=True, linked_ids=known) == [linked.pk]
    assert ids(linked=False, linked_ids=known) == [alone.pk]
    assert len(ids(linked_ids=known)) == 2


def test_a_member_finds_and_counts_what_it_may_see_and_nothing_else(coop, firm):
    rival = town.organisation("HTX Tỏi Khác", product="garlic")
    offer = town.post(rival)
    found = find(actor=town.actor(firm), organisation=firm, text="tỏi")
    assert (found.count, [r.post.pk for r in found.results]) == (1, [offer.pk])
    found = find(actor=town.actor(coop), organisation=coop, text="tỏi")
    assert (found.count, found.results) == (0, ())
    with pytest.raises(NotFound):
        find(actor=town.actor(coop), organisation=firm)


def test_pages_neither_skip_nor_repeat_while_posts_come_and_go(coop):
    made = [town.post(coop, commune=str(n % 4 + 1)) for n in range(12)]
    first = find(near="1", size=5)
    gone = first.results[4].post
    Offer.objects.filter(pk=gone.pk).update(state="paused")
    town.post(coop, commune="1")
    second = search(
        actor=OFFICE, asked=Asked(kind=OFFER, near="1"), on=TODAY, part=Slice(50, first.next)
    )
    got = [r.post.pk for r in (*first.results, *second.results)]
    assert sorted(got) == sorted(post.pk for post in made)
    assert len(set(got)) == len(got)


def plainly(posts, tree, asked):
    """The order by its words: every post is looked at."""
    ranks = tree.ranked(asked.text) if asked.text else dict.fromkeys(tree.nodes, 0)
    place = dict(town.COMMUNES)
    found = []
    for post in posts:
        if post.commodity_id not in ranks:
            continue
        metres = abs(place[post.commune_id] - place[asked.near]) if asked.near else 0
        if asked.within_km and metres * 111.195 > asked.within_km:
            continue
        found.append((ranks[post.commodity_id], metres, post.pk))
    return [pk for *_ranks, pk in sorted(found)]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(
    posts=st.lists(
        st.tuples(
            st.sampled_from([row[0] for row in town.COMMODITIES if row[4] == "mass"]),
            st.sampled_from([code for code, _ in town.COMMUNES]),
        ),
        max_size=8,
    ),
    said=st.tuples(
        st.sampled_from(["", "hanh", "Hành", "rau", "tr", "tỏi", "trồng trọt"]),
        st.sampled_from([None, "1", "3"]),
        st.sampled_from([None, 30, 100]),
    ),
    size=st.integers(1, 4),
)
def test_pages_joined_are_the_whole_in_order(coop, posts, said, size):
    words, near, within = said
    Offer.objects.all().delete()
    made = [town.post(coop, commodity=code, commune=place) for code, place in posts]
    asked = Asked(kind=OFFER, text=words, near=near, within_km=within if near else None)
    expected = plainly(made, Tree.load(words=True), asked)
    got, after, pages = [], None, 0
    while True:
        found = search(actor=OFFICE, asked=asked, on=TODAY, part=Slice(size, after))
        assert found.count == len(expected)
        got += [result.post.pk for result in found.results]
        after, pages = found.next, pages + 1
        if after is None:
            break
    assert got == expected
    assert pages == max(1, -(-len(expected) // size))
