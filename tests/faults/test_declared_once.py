"""One contract on paper declared by many at once is one linkage with one partner; with controls.

On both databases, on connections of their own.
"""

from __future__ import annotations

from datetime import date
from threading import Barrier

import pytest
from django.db import connection, transaction

from linkage.agreements import services
from linkage.agreements.models import Linkage
from linkage.registry.access import OPERATOR
from linkage.registry.constraints import refusals
from linkage.registry.models import Organisation
from linkage.registry.services.partners import find_or_enter_partner
from tests.agreements import deals
from tests.examples import examples
from tests.racing import outcomes

HANDS, ROUNDS = 8, examples(3, each=True)
ONCE = "linkage_on_paper_is_declared_once"
REFUSED = {"linkage_known_already", ONCE}


@pytest.fixture
def deal(house):
    return deals.make()


def terms(number):
    return {"contract_number": f"{number}/HĐ", "starts": date(2026, 1, 1)}


def declare(deal, number, *, who="seller", partner="Công ty Mua"):
    return services.declare(
        **deal.as_(who), side=who, partner={"name": partner, "kind": "enterprise"},
        terms=terms(number),
    )  # fmt: skip


def record(deal, number):
    return services.record_linkage(
        actor=OPERATOR, seller_id=deal.coop.pk, buyer_id=deal.firm.pk, terms=terms(number),
        now=deal.now,
    )  # fmt: skip


def test_a_double_click_of_many_makes_one_linkage_with_one_partner(deal):
    for number in range(ROUNDS):
        name = f"Công ty Mới {number}"
        acts = [lambda name=name, number=number: declare(deal, number, partner=name)] * HANDS
        answers = outcomes(acts)
        assert sorted(answers) == ["done"] + ["linkage_known_already"] * (HANDS - 1)
        assert Linkage.objects.filter(contract_number=f"{number}/HĐ").count() == 1
        assert Organisation.objects.filter(name=name).count() == 1


def test_both_sides_and_the_office_at_once_make_one_and_nobody_waits_for_ever(deal):
    for number in range(ROUNDS):
        acts = [
            lambda number=number: declare(deal, number),
            lambda number=number: declare(deal, number, who="buyer", partner="HTX Bán"),
            lambda number=number: record(deal, number),
        ]
        answers = outcomes(acts * 2)
        assert answers.count("done") == 1
        assert set(answers) - {"done"} <= REFUSED
        assert Linkage.objects.filter(contract_number=f"{number}/HĐ").count() == 1


def test_two_who_name_the_same_new_partner_at_once_enter_it_once(deal):
    for number in range(ROUNDS):
        name = f"Công ty Chung {number}"
        acts = [
            lambda who=who, name=name, number=number: declare(deal, number, who=who, partner=name)
            for who in ("seller", "buyer")
        ]
        assert outcomes(acts * 2).count("done") == 2
        assert Organisation.objects.filter(name=name).count() == 1


def looked_first(deal):
    """Everybody looks for the contract, then everybody who found none writes it."""
    looked = Barrier(HANDS)

    def act():
        known = Linkage.objects.filter(contract_number="1/HĐ").exists()
        looked.wait()
        if not known:
            with refusals(), transaction.atomic():
                Linkage.objects.create(
                    seller=deal.coop, buyer=deal.firm, origin="declared", state="in_force",
                    **terms(1),
                )  # fmt: skip

    return [act] * HANDS


def test_the_database_lets_one_in_of_many_who_looked_before_they_wrote(deal):
    assert sorted(outcomes(looked_first(deal))) == ["done"] + [ONCE] * (HANDS - 1)
    assert Linkage.objects.count() == 1


def test_the_control_without_the_constraint_lets_all_in(deal):
    with connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX {ONCE}")
    outcomes(looked_first(deal))
    assert Linkage.objects.count() > 1


def test_the_control_that_looks_for_the_partner_before_it_waits_enters_more(deal, monkeypatch):
    """What `find_or_enter_partner` does, but for the waiting."""
    looked, module = Barrier(HANDS), "linkage.registry.services.partners"
    monkeypatch.setattr(f"{module}.wait_for_others_who_enter", lambda: None)
    monkeypatch.setattr(f"{module}._by_name", lambda name, code: looked.wait() and None)

    def act():
        # Without a transaction: on SQLite two would not look at the same moment within one.
        find_or_enter_partner(
            actor=OPERATOR, name="Công ty Mới", kind="enterprise", tax_code=None, now=deal.now
        )

    outcomes([act] * HANDS)
    assert Organisation.objects.filter(name="Công ty Mới").count() > 1
