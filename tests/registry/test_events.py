"""What happened in law: each from its day on, and every earlier day as it was."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from linkage.coverage import queries
from linkage.errors import Conflict, NotAllowed, NotFound, StaleVersion
from linkage.jobs.queries import events_of
from linkage.registry.access import OPERATOR, Actor
from linkage.registry.events_read import events
from linkage.registry.models import Organisation, RegistryEvent, Role, StatusFact
from linkage.registry.on_a_day import on_day
from linkage.registry.services import (
    edit_organisation,
    record_merger,
    record_move,
    record_new_name,
    record_new_tax_code,
    record_split,
    record_split_into,
    set_commune,
    set_status,
    withdraw_event,
)
from linkage.registry.services.event_withdrawal import ChangedSince
from linkage.registry.services.events import (
    BeforeItsFounding,
    DayNotCome,
    LaterEventKnown,
    NothingNew,
    OtherNotAtWork,
)
from linkage.registry.services.organisations import OrganisationAlike
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
    assert [(one.kind, one.before) for one in told] == [
        ("new_name", "HTX Tên Mới"),
        ("new_tax_code", "0201234569"),
        ("new_name", "HTX 0"),
    ]
    assert (now.tax_code, now.search_key) == ("0205198368", "htx ten moi nua")


def test_both_histories_of_a_split_say_so(two):
    new = record_split(**of(two[0], name="HTX Tách Ra"))
    kinds = [[event.kind for event in events_of("organisation", pk)] for pk in (two[0], new.pk)]
    assert "split_recorded" in kinds[0]
    assert "split_other" in kinds[1]
    assert [one.kind for one in events(actor=OPERATOR, organisation_id=new.pk)] == ["split"]


def test_who_came_out_of_a_split_may_be_in_the_register_already(two):
    was = Organisation.objects.values().get(pk=two[1])
    assert record_split_into(**of(two[0], into_id=two[1])).pk == two[1]
    assert Organisation.objects.values().get(pk=two[1]) == was
    assert (figure(BEFORE), figure(DAY)) == ((1, 2), (1, 2))
    for one, kind in ((two[0], "split_recorded"), (two[1], "split_other")):
        assert kind in [event.kind for event in events_of("organisation", one)]
        assert [(e.kind, e.other_id) for e in events(actor=OPERATOR, organisation_id=one)] == [
            ("split", two[1])
        ]
    with pytest.raises(NothingNew):
        record_split_into(**of(two[0], into_id=two[1], on=DAY + timedelta(days=1)))
    withdraw(two[0])
    assert Organisation.objects.values().get(pk=two[1]) == was


def test_who_was_not_there_on_the_day_did_not_come_out_of_it(two):
    Organisation.objects.filter(pk=two[1]).update(founded_on=DAY + timedelta(days=1))
    refused(OtherNotAtWork, lambda: record_split_into(**of(two[0], into_id=two[1])))
    Organisation.objects.filter(pk=two[1]).update(merged_into=two[2])
    refused(NotFound, lambda: record_split_into(**of(two[0], into_id=two[1])))


def test_a_new_one_that_may_be_in_the_register_is_asked_about(two):
    known = record_split(**of(two[0], name="HTX Tách Ra"))
    with pytest.raises(OrganisationAlike) as asked:
        record_split(**of(two[1], name="htx TÁCH ra"))
    assert asked.value.alike == [known]
    assert record_split(**of(two[1], name="HTX Tách Ra", is_another=True)) != known


ACTS = {
    "name": lambda two, **c: record_new_name(**of(two[0], **{"name": "HTX Tên Mới", **c})),
    "code": lambda two, **c: record_new_tax_code(**of(two[0], **{"tax_code": "0205198368", **c})),
    "move": lambda two, **c: record_move(**of(two[0], **{"commune_code": "10507", **c})),
    "split": lambda two, **c: record_split(**of(two[0], **{"name": "HTX Tách Ra", **c})),
    "known": lambda two, **c: record_split_into(**of(two[0], **{"into_id": two[1], **c})),
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
        ("known", {"into_id": two[0]}, NothingNew),
        ("known", {"into_id": 999_999}, NotFound),
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


# --- What cannot be in law --------------------------------------------------------------------
def status(organisation, on):
    return on_day(Organisation.objects.filter(pk=organisation), on).get().status_on


def refused(error, act):
    with pytest.raises(error):
        act()
    assert not RegistryEvent.objects.exists()


def test_a_merger_is_refused_where_a_later_status_would_take_it_back(two):
    set_status(**since(two[1], DAY + timedelta(days=90)), status="active")
    refused(LaterEventKnown, lambda: record_merger(**of(two[1], into_id=two[0])))
    assert status(two[1], DAY + timedelta(days=90)) == "active"


def test_a_move_is_refused_where_a_later_commune_would_take_it_back(two):
    set_commune(**since(two[0], DAY + timedelta(days=90)), commune_code="10507")
    refused(LaterEventKnown, lambda: record_move(**of(two[0], commune_code="10507")))


def since(organisation, day):
    asked = of(organisation)
    del asked["on"], asked["source"]
    return {**asked, "since": day}


@pytest.mark.parametrize("later", [0, 30])
def test_of_two_only_one_goes_into_the_other(two, later):
    record_merger(**of(two[0], into_id=two[1]))
    with pytest.raises(OtherNotAtWork):
        record_merger(**of(two[1], into_id=two[0], on=DAY + timedelta(days=later)))
    with pytest.raises(LaterEventKnown):
        record_merger(**of(two[1], into_id=two[0], on=DAY - timedelta(days=30)))
    assert RegistryEvent.objects.count() == 1


def test_who_went_into_one_goes_into_no_other(two):
    third = record_split(**of(two[0], name="HTX Ba", on=BEFORE))
    record_merger(**of(two[0], into_id=two[1]))
    with pytest.raises(NothingNew):
        record_merger(**of(two[0], into_id=third.pk, on=DAY + timedelta(days=1)))


def test_nobody_goes_into_who_is_founded_later(two):
    Organisation.objects.filter(pk=two[0]).update(founded_on=DAY + timedelta(days=1))
    refused(OtherNotAtWork, lambda: record_merger(**of(two[1], into_id=two[0])))


def test_a_firm_whose_status_nobody_knows_takes_one_in(two):
    StatusFact.objects.filter(organisation=two[2]).delete()
    record_merger(**of(two[0], into_id=two[2]))
    assert status(two[0], DAY) == "dissolved"


@pytest.mark.parametrize("act", ACTS)
def test_nothing_happens_to_it_before_its_founding(two, act):
    Organisation.objects.filter(pk=two[0]).update(founded_on=DAY + timedelta(days=1))
    refused(BeforeItsFounding, lambda: ACTS[act](two))


# --- Taking one back --------------------------------------------------------------------------
def withdraw(organisation, **changes):
    asked = of(organisation)
    event = RegistryEvent.objects.filter(organisation=organisation).latest("pk")
    base = {"event_id": event.pk, "reason": "Nhập nhầm ngày"}
    del asked["on"], asked["source"]
    return withdraw_event(**{**asked, **base, **changes})


def borne(organisation):
    row = on_day(Organisation.objects.filter(pk=organisation), NOW.date()).get()
    facts = [
        sorted(map(str, facts.values_list("since", column)))
        for facts, column in ((row.status_facts, "status"), (row.commune_facts, "commune"))
    ]
    return row.name, row.tax_code, facts


@pytest.mark.parametrize("act", ACTS)
def test_what_was_recorded_wrongly_is_taken_back_and_recorded_again(two, act):
    before = borne(two[0])
    ACTS[act](two)
    withdraw(two[0])
    assert borne(two[0]) == before
    assert not RegistryEvent.objects.exists()
    told = events_of("organisation", two[0]).filter(kind__endswith="_withdrawn").get()
    assert (told.data["reason"], told.data["on"]) == ("Nhập nhầm ngày", DAY.isoformat())
    # Who came out of the split stays, under its name.
    again = {"name": "HTX Tách Ra Sau"} if act == "split" else {}
    ACTS[act](two, on=BEFORE, **again)
    assert RegistryEvent.objects.get().on == BEFORE


def test_an_end_without_a_day_that_gave_way_to_a_merger_is_there_again(two):
    StatusFact.objects.create(organisation_id=two[1], status="stopped")
    before = borne(two[1])
    record_merger(**of(two[1], into_id=two[0]))
    assert borne(two[1]) != before
    withdraw(two[1])
    assert borne(two[1]) == before


def test_the_last_of_its_kind_is_taken_back_first(two):
    first = ACTS["name"](two) and RegistryEvent.objects.get()
    ACTS["name"](two, name="HTX Mới Nữa", on=DAY + timedelta(days=9))
    with pytest.raises(Conflict):
        withdraw(two[0], event_id=first.pk)
    withdraw(two[0])
    withdraw(two[0])
    assert Organisation.objects.get(pk=two[0]).name == "HTX 0"


def test_the_last_is_asked_for_also_where_a_later_one_gave_the_same(two):
    ACTS["move"](two)
    first = RegistryEvent.objects.get()
    ACTS["move"](two, commune_code="11824", on=DAY + timedelta(days=9))
    with pytest.raises(LaterEventKnown):
        withdraw(two[0], event_id=first.pk)


OVERTAKEN = {
    "name": lambda two: edit_organisation(**plain(two[0]), details={"name": "HTX Sửa Tay"}),
    "move": lambda two: set_commune(**since(two[0], None), commune_code="11824"),
    "merger": lambda two: set_status(**since(two[0], DAY), status="stopped"),
}


def plain(organisation):
    asked = since(organisation, None)
    del asked["since"]
    return asked


@pytest.mark.parametrize("act", OVERTAKEN)
def test_what_somebody_changed_since_is_not_undone(two, act):
    ACTS[act](two)
    OVERTAKEN[act](two)
    before = borne(two[0])
    with pytest.raises(ChangedSince):
        withdraw(two[0])
    assert borne(two[0]) == before
    assert RegistryEvent.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"actor": Actor(1, frozenset({Role.VERIFIER}))}, NotAllowed),
        ({"event_id": 999_999}, NotFound),
        ({"version": 1}, StaleVersion),
        ({"reason": " "}, TextInvalid),
    ],
)
def test_a_withdrawal_that_cannot_be_changes_nothing(two, changes, error):
    ACTS["name"](two)
    with pytest.raises(error):
        withdraw(two[0], **changes)
    assert Organisation.objects.get(pk=two[0]).name == "HTX Tên Mới"
    assert RegistryEvent.objects.count() == 1


def test_an_event_of_another_is_not_withdrawn_from_the_others_page(two):
    ACTS["merger"](two)
    event = RegistryEvent.objects.get()
    with pytest.raises(NotFound):
        withdraw_event(**plain(two[1]), event_id=event.pk, reason="x")
