"""The rivals' rule: nobody sees the posts of those who sell, or buy, the same thing beside them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkage.errors import NotAllowed, NotFound
from linkage.market.models import Offer
from linkage.market.queries import seen
from linkage.market.sight import Trade, visible_commodities, visible_to
from linkage.market.tree import Node, Tree
from linkage.registry.access import Actor
from linkage.registry.models import KindFact, Organisation, Role, StatusFact
from tests.market import town
from tests.market.town import NEED, OFFER, TODAY

TREE = Tree(
    {code: Node(code, up, level, name, code, dimension, stage, name)
     for code, up, level, name, dimension, stage in town.COMMODITIES}
)  # fmt: skip
CODES = sorted(TREE.nodes)
DAY = timedelta(days=1)
KINDS = ["cooperative", "cooperative_group", "union", "enterprise", "household_business",
         "individual", "other", None]  # fmt: skip


def seen_by(organisation, kind):
    rows = visible_to(
        town.actor(organisation), kind, on=TODAY, organisation_id=organisation.pk
    )  # fmt: skip
    return set(rows.values_list("pk", flat=True))


def test_a_business_sees_the_offers_of_produce_and_a_co_op_does_not(coop, firm):
    rival = town.organisation("HTX Tỏi Khác", product="garlic")
    garlic = town.post(rival)
    assert seen_by(firm, OFFER) == {garlic.pk}
    assert seen_by(coop, OFFER) == set()


def test_a_co_op_sees_the_needs_of_produce_and_a_business_does_not(coop, firm):
    other = town.organisation("Công ty Khác", "enterprise")
    need = town.post(other, NEED)
    assert seen_by(coop, NEED) == {need.pk}
    assert seen_by(firm, NEED) == set()


def test_in_inputs_it_is_the_other_way_round(coop, firm):
    maker = town.organisation("Công ty Phân bón", "enterprise", product="fertiliser")
    offer = town.post(maker, commodity="fertiliser")
    other = town.organisation("HTX Lúa", product="paddy")
    need = town.post(other, NEED, commodity="seed")
    assert (seen_by(coop, OFFER), seen_by(coop, NEED)) == ({offer.pk}, set())
    assert (seen_by(firm, OFFER), seen_by(firm, NEED)) == (set(), {need.pk})


def test_a_published_need_opens_its_branch_and_no_draft_does(coop):
    seller = town.organisation("HTX Thóc", product="paddy")
    offer = town.post(seller, commodity="grains")
    town.post(coop, NEED, commodity="paddy", publish=False)
    assert seen_by(coop, OFFER) == set()
    town.post(coop, NEED, commodity="paddy")
    assert seen_by(coop, OFFER) == {offer.pk}


def test_who_sells_garlic_does_not_see_other_garlic_by_wanting_onions(coop):
    rival = town.organisation("HTX Tỏi Khác", product="garlic")
    garlic, onions = town.post(rival), town.post(rival, commodity="red-onions")
    town.post(coop, NEED, commodity="onions")
    assert seen_by(coop, OFFER) == {onions.pk}
    town.post(coop, NEED, commodity="garlic")
    assert garlic.pk not in seen_by(coop, OFFER)


def test_a_trader_who_sells_garlic_sees_no_offers_of_garlic(firm, coop):
    garlic, onions = town.post(coop), town.post(coop, commodity="onions")
    town.post(firm)
    assert seen_by(firm, OFFER) == {onions.pk}
    assert garlic.pk not in seen_by(firm, OFFER)


def test_a_maker_of_inputs_does_not_see_other_makers(firm):
    makers = [
        town.organisation(f"Công ty Phân {n}", "enterprise", product="fertiliser") for n in (1, 2)
    ]
    town.post(makers[0], commodity="fertiliser")
    assert seen_by(makers[1], OFFER) == set()


def test_a_post_of_the_first_level_is_in_all_its_branches(coop, firm):
    offer = town.post(coop, commodity="crops")
    assert seen_by(firm, OFFER) == {offer.pk}


def test_a_person_sees_only_what_an_own_post_opens(coop, market):
    person = town.organisation("Ông Lái", "individual", product="garlic")
    offer = town.post(coop)
    assert seen_by(person, OFFER) == set()
    town.post(person, NEED, commodity="garlic")
    assert seen_by(person, OFFER) == {offer.pk}


def test_the_kind_of_the_day_counts(coop, firm):
    town.post(coop)
    KindFact.objects.create(organisation=firm, kind="cooperative", since=date(2026, 6, 15))
    assert seen_by(firm, OFFER) == set()


def test_nothing_but_published_posts_of_others_is_seen(coop, firm):
    post = town.post(coop)
    merged = town.organisation("HTX Cũ", product="onions")
    town.post(merged, commodity="onions")
    Organisation.objects.filter(pk=merged.pk).update(merged_into=firm)
    assert seen_by(firm, OFFER) == {post.pk}
    for state in ("draft", "paused", "withdrawn", "expired"):
        Offer.objects.filter(pk=post.pk).update(state=state)
        assert seen_by(firm, OFFER) == set()


def test_a_post_whose_last_day_is_over_is_gone_before_the_sweep_says_so(coop, firm):
    last = town.post(coop, ends=TODAY)
    over = town.post(coop)
    Offer.objects.filter(pk=over.pk).update(starts=TODAY - 2 * DAY, ends=TODAY - DAY)
    assert seen_by(firm, OFFER) == {last.pk}
    with pytest.raises(NotFound):
        seen(actor=town.actor(firm), kind=OFFER, post_id=over.pk, on=TODAY,
             organisation_id=firm.pk)  # fmt: skip
    staff = Actor(1, frozenset({Role.CITY_STAFF}))
    assert set(visible_to(staff, OFFER, on=TODAY).values_list("pk", flat=True)) == {last.pk}


def test_an_own_post_that_is_over_neither_opens_a_branch_nor_closes_one(coop, firm):
    person = town.organisation("Ông Lái", "individual")
    town.post(coop)
    wanted = town.post(person, NEED)
    assert len(seen_by(person, OFFER)) == 1
    sold = town.post(person)
    assert seen_by(person, OFFER) == set()
    for made in (sold, wanted):
        type(made).objects.filter(pk=made.pk).update(starts=TODAY - 2 * DAY, ends=TODAY - DAY)
        assert len(seen_by(person, OFFER)) == (made == sold)


def test_the_posts_of_who_does_not_work_are_not_seen(coop, firm):
    post = town.post(coop)
    for status, since, seen_now in [
        ("suspended", date(2026, 6, 1), set()),
        ("active", date(2026, 6, 5), {post.pk}),
        ("dissolved", TODAY + timedelta(days=1), {post.pk}),
        ("dissolved", TODAY, set()),
    ]:
        StatusFact.objects.filter(organisation=coop, since=since).delete()
        StatusFact.objects.create(organisation=coop, status=status, since=since)
        assert seen_by(firm, OFFER) == seen_now, (status, since)
    StatusFact.objects.filter(organisation=coop).delete()
    assert seen_by(firm, OFFER) == set()


def test_the_posts_of_who_is_founded_later_are_not_seen(coop, firm):
    post = town.post(coop)
    for day, seen_now in [(TODAY, {post.pk}), (TODAY + timedelta(days=1), set())]:
        Organisation.objects.filter(pk=coop.pk).update(founded_on=day)
        assert seen_by(firm, OFFER) == seen_now


def test_a_hidden_post_and_none_answer_alike(coop, firm):
    rival = town.organisation("HTX Tỏi Khác", product="garlic")
    hidden = town.post(rival)
    for post_id in (hidden.pk, 999_999):
        with pytest.raises(NotFound):
            seen(actor=town.actor(coop), kind=OFFER, post_id=post_id, on=TODAY,
                 organisation_id=coop.pk)  # fmt: skip


def test_offices_see_every_published_post_and_others_none_without_an_organisation(coop, firm):
    town.post(coop)
    town.post(coop, publish=False)
    for role in set(Role) - {Role.FIELD_OFFICER}:
        assert visible_to(Actor(1, frozenset({role})), OFFER, on=TODAY).count() == 1
    with pytest.raises(NotAllowed):
        visible_to(town.actor(coop), OFFER, on=TODAY)
    with pytest.raises(NotFound):
        visible_to(Actor(1, frozenset(Role)), OFFER, on=TODAY, organisation_id=firm.pk)


def _ancestors(code):
    return [] if code is None else [code, *_ancestors(TREE.nodes[code].parent)]


def _branches(code):
    own = [c for c in _ancestors(code) if TREE.nodes[c].level == 2]
    return set(own) or {c for c in CODES if c == code or TREE.nodes[c].parent == code}


def plain_reading(asked, code, trade):
    """The rule of the access table, said once more from its words."""
    business = trade.kind in ("enterprise", "household_business")
    co_op = trade.kind in ("cooperative", "cooperative_group", "union")
    inputs = [c for c in CODES if "inputs" in _ancestors(c)]
    sells, buys = set(trade.offered), set(trade.needed)
    for product in trade.products:
        if co_op or (business and product in inputs):
            sells.add(product)
        elif business:
            buys.add(product)
    if asked is OFFER:
        wants, beside = buys, sells
        by_kind = (business and code not in inputs) or (co_op and code in inputs)
    else:
        wants, beside = sells, buys
        by_kind = (co_op and code not in inputs) or (business and code in inputs)
    for other in beside:
        if other in _ancestors(code) or code in _ancestors(other):
            return False
    return by_kind or any(_branches(code) & _branches(other) for other in wants)


some = st.frozensets(st.sampled_from(CODES), max_size=3)


@given(
    asked=st.sampled_from([OFFER, NEED]), kind=st.sampled_from(KINDS), offered=some, needed=some,
    products=some,
)  # fmt: skip
def test_the_rule_is_that_of_its_words(asked, kind, offered, needed, products):
    trade = Trade(kind, offered, needed, products)
    assert visible_commodities(TREE, asked, trade) == {
        code for code in CODES if plain_reading(asked, code, trade)
    }
