"""What happened in law: each from its day on, and every earlier day as it was."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from linkage.coverage import queries
from linkage.errors import Conflict, NotAllowed, NotFound, StaleVersion
from linkage.jobs.queries import events_of
from linkage.registry.access import OPERATOR
from linkage.registry.events_read import borne_on, events
from linkage.registry.models import Organisation, RegistryEvent
from linkage.registry.services import (
    record_merger,
    record_move,
    record_new_name,
    record_new_tax_code,
    record_split,
)
from linkage.registry.services.events import DayNotCome, LaterEventKnown, NothingNew
from linkage.registry.values import DayOutOfRange, TextInvalid, ValueUnknown
from tests.coverage.histories import History, cooperative, linkage, store
from tests.registry.conftest import NOW

pytestmark = pytest.mark.django_db
DAY = date(2023, 6, 1)
BEFORE = DAY - timedelta(days=1)
PAPER = {"on": DAY, "source": "Quyết định 12/QĐ-UBND", "now": NOW}


def of(organisation, actor=OPERATOR, **changes):
    version = Organisation.objects.get(pk=organisation).version
    base = {"actor": actor, "organisation_id": organisation, "version": version, **PAPER}
    return {**base, **changes}


@pytest.fixture
def two():
    """A cooperative of Hai Phong linked with a firm, and another cooperative."""
    firm = cooperative(kinds=[(None, "enterprise")])
    coops = [cooperative(), cooperative(), firm]
    return store(History(coops, [linkage(0, 2, starts=date(2023, 1, 2))]))


def figure(on, territory=None):
    share = queries.figures(as_of=on, evidence="declared", territory=territory).shares["LINK-ALL"]
    return share.numerator, share.denominator


def test_a_move_counts_from_its_day_on(two):
    record_move(**of(two[0], commune_code="10507"))
    assert [figure(BEFORE, t) for t in ("hai-phong-old", "hai-duong-old")] == [(1, 2), (0, 0)]
    assert [figure(DAY, t) for t in ("hai-phong-old", "hai-duong-old")] == [(0, 1), (1, 1)]


def test_a_split_adds_one_from_its_day_on_and_the_old_one_keeps_its_linkages(two):
    new = record_split(**of(two[0], name="HTX Tách Ra"))
    assert (figure(BEFORE), figure(DAY)) == ((1, 2), (1, 3))
    assert figure(DAY, "hai-phong-old") == (1, 3)
    assert new.founded_on == DAY
    assert not new.sales.exists()


def test_a_merger_ends_one_on_its_day_and_both_stay(two):
    record_merger(**of(two[1], into_id=two[0]))
    assert (figure(BEFORE), figure(DAY)) == ((1, 2), (1, 1))
    assert Organisation.objects.get(pk=two[1]).merged_into is None


def test_a_merger_leaves_the_linkages_where_they_were_signed(two):
    record_merger(**of(two[0], into_id=two[1]))
    assert (figure(BEFORE), figure(DAY)) == ((1, 2), (0, 1))


def test_a_new_name_and_a_new_code_keep_what_was_borne_before(two):
    Organisation.objects.filter(pk=two[0]).update(tax_code="0201234569")
    record_new_name(**of(two[0], name="HTX Tên Mới"))
    record_new_name(**of(two[0], name="HTX Tên Mới Nữa", on=date(2024, 1, 1)))
    record_new_tax_code(**of(two[0], tax_code="0205198368"))
    now = Organisation.objects.get(pk=two[0])
    told = events(actor=OPERATOR, organisation_id=two[0])
    borne = [borne_on(now, told, on) for on in (BEFORE, DAY, date(2024, 1, 1))]
    assert [(one.name, one.tax_code) for one in borne] == [
        ("HTX 0", "0201234569"),
        ("HTX Tên Mới", "0205198368"),
        ("HTX Tên Mới Nữa", "0205198368"),
    ]
    assert now.search_key == "htx ten moi nua"


def test_both_histories_of_a_split_say_so(two):
    new = record_split(**of(two[0], name="HTX Tách Ra"))
    kinds = [[event.kind for event in events_of("organisation", pk)] for pk in (two[0], new.pk)]
    assert "split_recorded" in kinds[0]
    assert "split_other" in kinds[1]
    assert [one.kind for one in events(actor=OPERATOR, organisation_id=new.pk)] == ["split"]


ACTS = {
    "name": lambda two, **c: record_new_name(**of(two[0], **{"name": "HTX Tên Mới", **c})),
    "code": lambda two, **c: record_new_tax_code(**of(two[0], **{"tax_code": "0205198368", **c})),
    "move": lambda two, **c: record_move(**of(two[0], **{"commune_code": "10507", **c})),
    "split": lambda two, **c: record_split(**of(two[0], **{"name": "HTX Tách Ra", **c})),
    "merger": lambda two, **c: record_merger(**of(two[0], **{"into_id": two[1], **c})),
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"source": " "}, TextInvalid),
        ({"on": date(2026, 6, 16)}, DayNotCome),
        ({"on": date(1900, 1, 1)}, DayOutOfRange),
        ({"version": 9}, StaleVersion),
        ({"organisation_id": 999_999}, NotFound),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_written(two, act, changes, error):
    before = (figure(DAY), Organisation.objects.count())
    with pytest.raises(error):
        ACTS[act](two, **changes)
    assert (figure(DAY), Organisation.objects.count()) == before
    assert not RegistryEvent.objects.exists()


@pytest.mark.parametrize("act", ACTS)
def test_only_the_office_records_it(two, act, auditor):
    with pytest.raises(NotAllowed):
        ACTS[act](two, actor=auditor)


def test_what_is_so_already_or_cannot_be_meant_is_refused(two):
    Organisation.objects.filter(pk=two[1]).update(tax_code="0201234569")
    for act, changes, error in (
        ("name", {"name": "HTX 0"}, NothingNew),
        ("merger", {"into_id": two[0]}, NothingNew),
        ("merger", {"into_id": 999_999}, NotFound),
        ("move", {"commune_code": "none"}, ValueUnknown),
        ("code", {"tax_code": "0201234569"}, Conflict),
        ("split", {"tax_code": "0201234569"}, Conflict),
    ):
        with pytest.raises(error):
            ACTS[act](two, **changes)
    assert not RegistryEvent.objects.exists()


def test_names_are_entered_in_the_order_of_their_days(two):
    ACTS["name"](two)
    for day in (DAY, BEFORE):
        with pytest.raises(LaterEventKnown):
            ACTS["name"](two, name="HTX Khác", on=day)
