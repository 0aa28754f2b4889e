"""What the database itself refuses of imports, alike on both databases, each with its code.

None of it can be reached by a page, the API or a file; beside each rule stands why.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from linkage.agreements.models import Linkage
from linkage.intake.models import ImportBatch, ImportChange, ImportRow, PairDecision, RegisterKey
from linkage.registry.models import Organisation
from tests.constraints import constraints_of, must_be_refused

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, tzinfo=UTC)


def twice(model, /, **values):
    for _ in range(2):
        model.objects.create(**values)


def batch(state="uploaded"):
    return ImportBatch.objects.create(state=state, created_at=NOW)


def organisation(name="HTX A"):
    return Organisation.objects.create(name=name, origin="register")


def linkage():
    seller, buyer = organisation(), organisation("HTX B")
    return Linkage.objects.create(
        seller=seller, buyer=buyer, starts=date(2026, 1, 1), state="in_force", origin="register"
    )


def key(kind, **meant):
    RegisterKey.objects.create(kind=kind, key="k", **meant)


REFUSED = {
    "import_row_is_kept_once_a_batch": [
        lambda: twice(ImportRow, batch=batch(), sheet="HTX", row=9, kind="organisation"),
    ],
    "import_change_has_one_place_in_its_batch": [
        lambda: twice(ImportChange, batch=batch(), sequence=1, model="m", object_id="1"),
    ],
    "import_state_is_known": [lambda: batch(state="lost")],
    "pair_verdict_is_known": [
        lambda: PairDecision.objects.create(verdict="perhaps", decided_at=NOW),
    ],
    "pair_is_decided_once": [
        lambda: twice(PairDecision, first_key="a", second_key="b", verdict="same", decided_at=NOW),
    ],
    "register_key_means_one_thing": [
        lambda: twice(RegisterKey, kind="organisation", key="k", organisation=organisation()),
    ],
    "register_key_means_what_its_kind_says": [
        lambda: key("organisation"),
        lambda: key("linkage", organisation=organisation()),
        lambda: key("linkage", linkage=linkage(), organisation=organisation("HTX C")),
        lambda: key("commune", organisation=organisation()),
    ],
}
ATTEMPTS = [(name, attempt) for name, attempts in REFUSED.items() for attempt in attempts]
UNREACHED = {
    "import_row_is_kept_once_a_batch": "a preview holds its batch, and changes the rows it knows",
    "import_change_has_one_place_in_its_batch": "one writer counts on from the batch's last change",
    "import_state_is_known": "each act writes a state of its own",
    "pair_verdict_is_known": "what is no verdict is refused before",
    "pair_is_decided_once": "a second word on the pair takes the place of the first",
    "register_key_means_one_thing": "an import writes only keys that the register does not know",
    "register_key_means_what_its_kind_says": "an import writes the two kinds, each with its row",
}


@pytest.mark.parametrize(("name", "attempt"), ATTEMPTS)
def test_the_row_is_refused_with_the_rules_name_as_code(name, attempt):
    must_be_refused(name, attempt)


def test_every_constraint_of_this_package_was_tried_and_is_out_of_reach():
    assert constraints_of("intake") == set(REFUSED) == set(UNREACHED)
