"""What the demonstration invents: plausible, marked, in no figure, and the same every time."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from linkage.agreements.models import Delivery, Linkage
from linkage.coverage.document import of_report
from linkage.coverage.queries import report
from linkage.market.models import Need, Offer
from linkage.market.tree import Tree
from linkage.registry.access import OPERATOR
from linkage.registry.models import COUNTED_KINDS, KindFact, Organisation, User
from linkage.registry.services import create_organisation
from linkage.suggestions.models import Suggestion
from worker.invented import making
from worker.invented.contracts import WEEKS, months_of
from worker.invented.goods import (
    GOODS,
    GROWN_HERE_PERCENT,
    NEED_OF_VEGETABLES_T_A_DAY,
    NEED_T_A_DAY,
)
from worker.invented.making import Plan, invent, is_made, plan_of
from worker.invented.market import Register
from worker.invented.town import MARK, Facts
from worker.processes import surroundings

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 26, 9, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
TODAY = NOW.date()
FEW = ("leaf-mustard", "water-spinach", "carrot", "pig", "clam")
DAYS = (date(2024, 6, 30), date(2025, 12, 31), TODAY, date(2027, 6, 30))
LEVELS = ("declared", "confirmed", "verified")


@pytest.fixture(scope="module")
def reference(reference_of_the_module, django_db_blocker):
    """What the reference data say."""
    with django_db_blocker.unblock():
        return making.facts_of(TODAY)


@pytest.fixture(scope="module")
def plan(reference: Facts) -> Plan:
    return plan_of(reference, Register({}, 1, 2))


def _sold_by_producers(plan: Plan) -> list[tuple[str, date, int]]:
    """Commodity, day and grams of what producers handed over."""
    producers = {firm for firms in plan.town.producers.values() for firm in firms}
    grams = {good.code: good.grams for good in GOODS}
    return [
        (contract.trade.commodity, on, amount * grams[contract.trade.commodity])
        for contract in plan.contracts
        if contract.trade.seller in producers
        for on, amount in contract.deliveries
    ]


def test_the_plan_is_the_same_for_one_seed_and_another_for_another(reference, plan):
    register = Register({}, 1, 2)
    assert plan_of(reference, register) == plan
    assert plan_of(reference, register, seed=1) != plan


def test_what_is_sold_fits_what_the_city_eats_and_grows(reference, plan):
    tree = Tree.load()
    sold = _sold_by_producers(plan)
    days = 7 * WEEKS
    vegetables = sum(grams for code, _, grams in sold if "vegetables" in tree.above(code))
    everything = sum(grams for *_, grams in sold)
    # Tonnes a day; what was agreed in between or ended makes it a little less than all of it.
    assert 0.8 < vegetables / days / 1e6 / (NEED_OF_VEGETABLES_T_A_DAY * 0.35) <= 1
    grown = [need * GROWN_HERE_PERCENT / 100 for need in NEED_T_A_DAY]
    assert 0.8 * grown[0] < everything / days / 1e6 < grown[1]
    a_day: Counter[date] = Counter()
    for _, on, grams in sold:
        a_day[on] += grams
    assert max(a_day.values()) / 1e6 < NEED_T_A_DAY[0]


def test_forty_products_are_sold_in_their_months_for_two_years(reference, plan):
    sold = _sold_by_producers(plan)
    months = {good.code: months_of(good, reference) for good in GOODS}
    assert len({code for code, *_ in sold}) == 40
    assert all(on.month in months[code] for code, on, _ in sold)
    assert {TODAY - timedelta(days=7 * WEEKS) < on <= TODAY for _, on, _ in sold} == {True}
    # Garlic is lifted in January and February, and sold from store until August.
    assert months["garlic"] == (1, 2, 3, 4, 5, 6, 7, 8)
    assert {on.year for _, on, _ in sold} == {2024, 2025, 2026}


def test_names_say_that_they_are_invented_and_no_kind_is_counted(plan):
    names = [firm.name for firm in plan.town.firms]
    assert len(set(names)) == len(names)
    assert all(name.endswith(MARK) for name in names)
    assert not {firm.kind for firm in plan.town.firms} & COUNTED_KINDS


def test_no_cooperative_of_the_register_agrees_to_anything(reference):
    makers = {good.code: [101, 102] for good in GOODS}
    plan = plan_of(reference, Register(makers, 101, 202))
    assert any(post.owner == 102 for post in plan.market.posts)
    acts = {
        step.act
        for talk in plan.market.talks
        if talk.offer.owner in (101, 102)
        for step in talk.steps
    }
    assert acts and "accept" not in acts


@pytest.fixture(scope="module")
def carried(reference: Facts) -> tuple[object, object]:
    """A few goods carried out, with the figures before and after."""
    facts = replace(reference, goods=[good for good in GOODS if good.code in FEW])
    made = [
        create_organisation(
            actor=OPERATOR, kind=kind, commune_code=facts.places[0].code, now=NOW,
            details={"name": name, "product": "Rau cải", "founded_on": date(2015, 1, 1)},
        )
        for kind, name in (("cooperative", "HTX Rau"), ("enterprise", "Công ty Rau"))
    ]  # fmt: skip
    people = [User.objects.create(username=f"n{n}", email=f"n{n}@example.invalid") for n in (1, 2)]
    before = _figures()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(making, "facts_of", lambda today: facts)
        for _time in range(2):
            invent(verifier=people[0].pk, members={one.pk: people[1].pk for one in made}, now=NOW)
            counts = {
                model.__name__: model.objects.count()
                for model in (Organisation, Linkage, Delivery, Offer, Need, Suggestion)
            }
            patch.setattr(making, "plan_of", None)
    return before, counts


def _figures():
    return [
        of_report(report(as_of=day, evidence=level, today=TODAY), members=True)["indicators"]
        for day in DAYS
        for level in LEVELS
    ]


def test_carried_out_it_moves_no_figure_on_any_day(carried):
    before, _counts = carried
    assert before == _figures()
    assert before[0]["LINK-ALL"]["denominator"] == 1


def test_carried_out_everything_is_there_marked_and_within_the_ledger(carried):
    _before, counts = carried
    assert is_made()
    assert counts["Delivery"] > 1_000 and counts["Suggestion"] > 10
    states = Counter(Linkage.objects.values_list("state", flat=True))
    assert {"proposed", "negotiating", "declined", "in_force", "ended", "terminated"} <= set(states)
    origins = Counter(Linkage.objects.values_list("origin", flat=True))
    assert origins["declared"] > 20 and origins["platform"] > 8
    made = Organisation.objects.exclude(name__in=["HTX Rau", "Công ty Rau"])
    assert made.exists() and not made.exclude(name__endswith=MARK).exists()
    assert not KindFact.objects.filter(organisation__in=made, kind__in=COUNTED_KINDS).exists()


def test_every_page_says_it_where_the_data_are_invented(client, settings):
    words = "đều là dữ liệu bịa"
    assert words not in client.get("/accounts/login/").content.decode()
    settings.INVENTED_DATA = True
    assert words in client.get("/accounts/login/").content.decode()


def test_the_web_server_is_told_of_invented_data():
    asked = {"host": "127.0.0.1", "port": 8202}
    assert surroundings(**asked, invented=True)["INVENTED_DATA"] == "true"
    assert "INVENTED_DATA" not in surroundings(**asked, invented=False)
