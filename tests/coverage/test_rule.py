"""The rule, case by case: who is in a denominator, and which linkages count on a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from linkage.agreements.models import COUNTING_STATES, Origin, State
from linkage.coverage.rule import (
    COMPUTED,
    EVIDENCE,
    Figures,
    LinkageRow,
    OrganisationRow,
    compute,
    in_force,
    proved,
)

D = date(2025, 12, 31)
BEFORE, AFTER = D - timedelta(days=1), D + timedelta(days=1)
HTX = OrganisationRow(
    id=1,
    founded_on=date(2015, 1, 1),
    statuses=((None, "active"),),
    kinds=((None, "cooperative"),),
    sectors=((None, True),),
    communes=((None, "11824"),),
)
FIRM = replace(HTX, id=2, kinds=((None, "enterprise"),), sectors=((None, False),))
LINK = LinkageRow(
    id=7,
    seller=1,
    buyer=2,
    starts=date(2025, 1, 1),
    ends=None,
    terminated_on=None,
    state="in_force",
    origin="register",
    contract_number="01/HĐ",
    confirmed_on=None,
    verified_on=None,
)


def figures(*rows: OrganisationRow, links: tuple[LinkageRow, ...] = (), **asked: Any) -> Figures:
    return compute(rows, links, **{"as_of": D, "evidence": "declared", **asked})


def counted(**changes: Any) -> bool:
    return 1 in figures(replace(HTX, **changes)).shares["LINK-ALL"].members


def test_a_cooperative_founded_on_the_day_is_counted() -> None:
    assert counted(founded_on=D)
    assert not counted(founded_on=AFTER)


@pytest.mark.parametrize("status", ["suspended", "stopped", "dissolved"])
def test_an_end_of_activity_counts_from_its_own_day(status: str) -> None:
    assert not counted(statuses=((None, "active"), (D, status)))
    assert counted(statuses=((None, "active"), (AFTER, status)))


def test_one_that_resumed_is_active_again() -> None:
    assert counted(statuses=((None, "active"), (date(2024, 1, 1), "suspended"), (D, "active")))


@pytest.mark.parametrize("status", ["suspended", "stopped", "dissolved", "unknown"])
def test_an_end_of_activity_without_a_day_is_to_be_settled_on_any_date(status: str) -> None:
    row = replace(HTX, statuses=((None, "active"), (None, status), (date(2024, 1, 1), "active")))
    for day in (date(2016, 1, 1), D, date(2090, 1, 1)):
        found = figures(row, as_of=day)
        assert not found.shares["LINK-ALL"].members
        assert found.to_be_settled.organisations == {1}


def test_no_founding_date_is_to_be_settled() -> None:
    found = figures(replace(HTX, founded_on=None))
    assert (found.shares["LINK-ALL"].denominator, found.to_be_settled.organisations) == (0, {1})


@pytest.mark.parametrize("kind", ["cooperative_group", "union", "enterprise", "individual"])
def test_only_cooperatives_are_counted_others_are_partners(kind: str) -> None:
    partner = replace(FIRM, kinds=((None, kind),))
    found = figures(HTX, partner, links=(LINK,))
    assert found.shares["LINK-ALL"].members == found.shares["LINK-ALL"].linked == {1}


def test_facts_in_any_order_give_the_last_one_on_or_before_the_day() -> None:
    facts = ((D, "cooperative"), (None, "cooperative_group"), (AFTER, "union"))
    assert counted(kinds=facts)
    assert counted(kinds=facts[::-1])
    assert not counted(kinds=((BEFORE, "union"), (None, "cooperative")))


def test_a_change_without_a_day_holds_from_the_start() -> None:
    found = figures(HTX, as_of=date(2015, 1, 1))
    assert found.shares["LINK-AGRI"].members == {1}


def test_a_place_that_is_not_resolved_is_in_no_territory_and_listed_in_each() -> None:
    lost = replace(HTX, communes=((None, None),))
    everywhere, somewhere = figures(lost), figures(lost, communes=frozenset({"11824"}))
    assert everywhere.shares["LINK-ALL"].denominator == 1
    assert somewhere.shares["LINK-ALL"].denominator == 0
    assert everywhere.to_be_settled.places == somewhere.to_be_settled.places == {1}


def test_the_other_reading_has_all_cooperatives_as_its_base() -> None:
    builder = replace(HTX, id=3, sectors=((None, False),))
    found = figures(HTX, FIRM, builder, links=(LINK, replace(LINK, id=8, seller=3)))
    assert (found.other_reading.members, found.other_reading.linked) == ({1, 3}, {1})
    assert found.shares["LINK-ALL"].linked == {1, 3}


def test_the_counts_of_the_plan_are_computed_from_the_register() -> None:
    rows = [
        HTX,
        replace(HTX, id=3, sectors=((None, False),)),
        replace(HTX, id=4, sectors=((None, None),)),
        replace(HTX, id=5, kinds=((None, "union"),)),
        replace(FIRM, id=6, kinds=((None, "union"),)),
        replace(HTX, id=7, kinds=((None, "cooperative_group"),)),
        replace(HTX, id=8, statuses=((None, "active"), (date(2023, 5, 1), "dissolved"))),
        replace(HTX, id=9, statuses=((None, "active"), (date(2019, 5, 1), "dissolved"))),
        replace(HTX, id=10, statuses=((None, "active"), (AFTER, "dissolved"))),
    ]
    found = figures(*rows, period_starts=date(2021, 1, 1))
    assert {code: set(ids) for code, ids in found.counted.items()} == {
        "HTX-ACTIVE": {1, 3, 4, 10},
        "HTX-AGRI": {1, 10},
        "HTX-OTHER": {3},
        "UNION-ALL": {5, 6},
        "UNION-AGRI": {5},
        "UNION-OTHER": {6},
        "GROUP-ALL": {7},
        "DISSOLVED": {8},
    }
    assert found.to_be_settled.sectors == {4}
    assert set(found.counted) | set(found.shares) | {"LINK-AGRI-OF-ALL"} == COMPUTED


@pytest.mark.parametrize(
    ("changes", "counts"),
    [
        ({"starts": D}, True),
        ({"starts": AFTER}, False),
        ({"ends": D}, True),
        ({"ends": BEFORE}, False),
        ({"terminated_on": AFTER}, True),
        ({"terminated_on": D}, False),
    ],
)
def test_a_linkage_is_in_force_on_its_first_and_last_day(
    changes: dict[str, date], counts: bool
) -> None:
    assert in_force(replace(LINK, **changes), D) is counts


def test_a_partner_that_stopped_leaves_the_linkage_in_force() -> None:
    stopped = replace(FIRM, statuses=((None, "active"), (BEFORE, "stopped")))
    assert figures(HTX, stopped, links=(LINK,)).shares["LINK-ALL"].linked == {1}


def test_a_linkage_counts_for_buyer_and_seller() -> None:
    other = replace(HTX, id=2)
    assert figures(HTX, other, links=(LINK,)).shares["LINK-ALL"].linked == {1, 2}


@pytest.mark.parametrize("state", State.values)
@pytest.mark.parametrize("origin", Origin.values)
@pytest.mark.parametrize("evidence", EVIDENCE)
def test_only_linkages_in_a_counting_state_ever_count(
    state: str, origin: str, evidence: str
) -> None:
    row = replace(LINK, state=state, origin=origin, confirmed_on=BEFORE, verified_on=BEFORE)
    found = figures(HTX, FIRM, links=(row,), evidence=evidence)
    assert bool(found.shares["LINK-ALL"].linked) is (state in COUNTING_STATES)


@pytest.mark.parametrize(
    ("changes", "levels"),
    [
        ({}, {"declared"}),
        ({"origin": "platform", "contract_number": ""}, {"declared"}),
        ({"origin": "declared"}, {"declared"}),
        ({"origin": "declared", "contract_number": "  "}, set()),
        ({"confirmed_on": D}, {"declared", "confirmed"}),
        ({"confirmed_on": AFTER}, {"declared"}),
        (
            {"origin": "declared", "contract_number": "", "confirmed_on": D},
            {"declared", "confirmed"},
        ),
        ({"verified_on": D}, {"declared", "confirmed", "verified"}),
        ({"verified_on": AFTER}, {"declared"}),
        ({"origin": "declared", "contract_number": "", "verified_on": D}, set(EVIDENCE)),
    ],
)
def test_a_higher_level_of_evidence_counts_at_every_lower_one(
    changes: dict[str, Any], levels: set[str]
) -> None:
    row = replace(LINK, **changes)
    assert {level for level in EVIDENCE if proved(row, D, level)} == levels


def test_a_figure_opens_to_the_linkages_that_count() -> None:
    over = replace(LINK, id=9, ends=BEFORE)
    found = figures(HTX, FIRM, links=(replace(LINK, id=8), over, LINK))
    assert found.linkages_of == {1: (7, 8), 2: (7, 8)}


def test_an_unknown_level_of_evidence_is_refused() -> None:
    with pytest.raises(ValueError, match="rumour"):
        figures(HTX, evidence="rumour")
