"""What a night does: linkages begin, end and lapse; a notice before the end; each once."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from linkage.agreements import invariants, services
from linkage.agreements.models import Linkage, Reservation
from linkage.jobs.models import Event
from linkage.market.models import Offer
from linkage.notices.models import Notice
from tests.agreements import deals

pytestmark = pytest.mark.django_db


@pytest.fixture
def deal():
    return deals.make()


def night(deal, day):
    deal.now = deals.NOW.replace(year=day.year, month=day.month, day=day.day)
    return services.turn_the_day(now=deal.now)


def state(linkage):
    return Linkage.objects.get(pk=linkage.pk).state


def test_a_linkage_begins_on_its_first_day_and_ends_after_its_last(deal):
    linkage = deal.agreed(starts=date(2026, 7, 1), ends=date(2026, 7, 31))
    seen = []
    for day in (date(2026, 6, 30), date(2026, 7, 1), date(2026, 7, 31), date(2026, 8, 1)):
        night(deal, day)
        seen.append(state(linkage))
    assert seen == ["agreed", "in_force", "in_force", "ended"]


def test_what_was_not_delivered_goes_back_at_the_end(deal):
    linkage = deal.agreed(4)
    night(deal, date(2026, 7, 5))
    for tonnes in (Decimal("1.5"), Decimal(1)):
        entered = services.enter_delivery(**deal.as_("buyer"), linkage_id=linkage.pk, unit="tan",
                                          on=date(2026, 7, 2), quantity=tonnes)  # fmt: skip
        if tonnes == 1:
            services.dispute_delivery(**deal.as_("seller"), linkage_id=linkage.pk, reason="x",
                                      delivery_id=entered.pk)  # fmt: skip
        else:
            services.confirm_delivery(**deal.as_("seller"), linkage_id=linkage.pk,
                                      delivery_id=entered.pk)  # fmt: skip
    night(deal, date(2026, 10, 1))
    assert deal.reserved() == (1_500_000, 1_500_000)
    kept = Reservation.objects.get()
    assert (kept.held, kept.state, kept.settled_at) == (1_500_000, "settled", deal.now)
    assert all(check().ok for check in invariants.CHECKS.values())


def test_more_delivered_than_agreed_gives_nothing_back(deal):
    linkage = deal.agreed(1)
    night(deal, date(2026, 7, 5))
    entered = services.enter_delivery(**deal.as_("buyer"), linkage_id=linkage.pk, unit="tan",
                                      on=date(2026, 7, 2), quantity=Decimal(2),
                                      sure=True)  # fmt: skip
    services.confirm_delivery(**deal.as_("seller"), linkage_id=linkage.pk, delivery_id=entered.pk)
    night(deal, date(2026, 10, 1))
    assert deal.reserved() == (1_000_000, 1_000_000)


def test_one_that_nobody_turned_for_a_while_ends_all_the_same(deal):
    linkage = deal.agreed(starts=date(2026, 7, 1), ends=date(2026, 7, 2))
    night(deal, date(2026, 12, 1))
    assert state(linkage) == "ended"


@pytest.mark.parametrize("proposed", [True, False])
def test_talks_in_which_nobody_wrote_for_thirty_days_lapse(deal, proposed):
    linkage = deal.ask()
    if proposed:
        deal.propose("buyer", linkage)
    night(deal, deals.TODAY + timedelta(29))
    assert state(linkage) == ("proposed" if proposed else "negotiating")
    night(deal, deals.TODAY + timedelta(30))
    assert state(linkage) == "lapsed"
    told = Notice.objects.filter(what="lapsed").values_list("organisation", flat=True)
    assert set(told) == {deal.coop.pk, deal.firm.pk}


def test_who_writes_keeps_the_talks_alive(deal):
    linkage = deal.ask()
    deal.now += timedelta(days=20)
    services.answer(**deal.as_("seller"), linkage_id=linkage.pk, text="Còn")
    night(deal, deals.TODAY + timedelta(45))
    assert state(linkage) == "negotiating"


def test_both_sides_are_told_once_thirty_days_before_the_end(deal):
    deal.agreed(starts=date(2026, 7, 1), ends=date(2026, 9, 30))
    told = Notice.objects.filter(kind="running_out")
    night(deal, date(2026, 8, 30))
    assert not told.exists()
    for day in (date(2026, 8, 31), date(2026, 9, 1)):
        night(deal, day)
        assert set(told.values_list("organisation", flat=True)) == {deal.coop.pk, deal.firm.pk}
        assert told.count() == 2


def test_what_lasts_less_than_the_notice_is_not_announced(deal):
    deal.agreed(starts=date(2026, 7, 1), ends=date(2026, 7, 20))
    night(deal, date(2026, 7, 10))
    assert not Notice.objects.filter(kind="running_out").exists()


def test_a_second_run_of_the_same_night_does_nothing(deal):
    deal.agreed(starts=date(2026, 7, 1), ends=date(2026, 7, 31))
    night(deal, date(2026, 8, 1))
    events, version = Event.objects.count(), Linkage.objects.get().version
    turned = night(deal, date(2026, 8, 1))
    assert (turned.begun, turned.ended, turned.lapsed, turned.settled) == (0, 0, 0, 0)
    assert (Event.objects.count(), Linkage.objects.get().version) == (events, version)


def registered(deal, **values):
    told = {"contract_number": "1", "starts": date(2026, 7, 1), "ends": date(2026, 12, 31),
            "state": "in_force", "origin": "register", **values}  # fmt: skip
    return Linkage.objects.create(seller=deal.coop, buyer=deal.firm, **told)


@pytest.mark.parametrize("before", ["agreed", "in_force", "ended"])
@pytest.mark.parametrize(
    ("day", "after"),
    [
        (date(2026, 6, 30), "agreed"),
        (date(2026, 7, 1), "in_force"),
        (date(2026, 12, 31), "in_force"),
        (date(2027, 1, 1), "ended"),
    ],
)
@pytest.mark.parametrize("origin", ["register", "declared"])
def test_what_is_on_paper_stands_where_its_days_say(deal, before, day, after, origin):
    linkage = registered(deal, state=before, origin=origin)
    night(deal, day)
    assert state(linkage) == after
    moved = [(one.data["from"], one.data["to"]) for one in Event.objects.filter(kind="moved")]
    assert moved == ([] if before == after else [(before, after)])
    assert Linkage.objects.get(pk=linkage.pk).version == linkage.version


def test_what_was_agreed_here_and_has_ended_does_not_begin_again(deal):
    linkage = deal.agreed(starts=date(2026, 7, 1), ends=date(2026, 7, 31))
    night(deal, date(2026, 8, 1))
    Linkage.objects.filter(pk=linkage.pk).update(ends=date(2026, 12, 31))
    night(deal, date(2026, 8, 2))
    assert state(linkage) == "ended"


def test_an_import_moves_what_was_agreed_here_by_a_termination_alone(deal):
    linkage = deal.agreed(starts=date(2026, 7, 1), ends=date(2026, 7, 31))
    services.follow_days(linkage, on=date(2026, 12, 1))
    assert linkage.state == "agreed"
    linkage.terminated_on = date(2026, 7, 5)
    services.follow_days(linkage, on=date(2026, 12, 1))
    assert linkage.state == "terminated"


def test_of_what_the_register_brought_no_night_ends_what_is_terminated(deal):
    linkage = registered(deal, state="terminated", terminated_on=date(2026, 7, 5))
    night(deal, date(2027, 1, 1))
    assert state(linkage) == "terminated"


def test_nobody_is_told_that_what_the_register_brought_runs_out(deal):
    registered(deal)
    night(deal, date(2026, 12, 15))
    assert not Notice.objects.filter(kind="running_out").exists()


def test_what_an_import_ends_on_a_day_to_come_is_held_until_then(deal):
    linkage = deal.agreed(4)
    Linkage.objects.filter(pk=linkage.pk).update(state="terminated", terminated_on=date(2026, 8, 1))
    assert night(deal, date(2026, 7, 31)).settled == 0
    assert deal.reserved() == (4_000_000, 4_000_000)
    assert night(deal, date(2026, 8, 1)).settled == 1
    assert deal.reserved() == (0, 0)


def test_what_the_office_put_off_begins_though_the_register_brought_it(deal):
    linkage = Linkage.objects.create(
        seller=deal.coop, buyer=deal.firm, contract_number="1", starts=date(2026, 7, 1),
        state="agreed", origin="register",
    )  # fmt: skip
    night(deal, date(2026, 7, 1))
    assert state(linkage) == "in_force"


def test_what_an_import_ended_holds_nothing_after_the_night(deal):
    linkage = deal.agreed(4)
    Linkage.objects.filter(pk=linkage.pk).update(state="terminated", terminated_on=date(2026, 7, 2))
    assert night(deal, date(2026, 7, 3)).settled == 1
    assert deal.reserved() == (0, 0)


class TestARowThatDoesNotAddUp:
    """It stays as it is and is named; the others are turned all the same."""

    @pytest.fixture
    def broken(self, deal):
        linkage = deal.agreed(starts=date(2026, 7, 1), ends=date(2026, 7, 31))
        Offer.objects.filter(pk=deal.offer.pk).update(reserved=0)
        return linkage

    def test_the_others_end(self, deal, broken, caplog):
        sound = deals.make(suffix=" 2").agreed(starts=date(2026, 7, 1), ends=date(2026, 7, 31))
        turned = night(deal, date(2026, 8, 1))
        assert (state(broken), state(sound)) == ("agreed", "ended")
        assert (turned.ended, turned.broken) == (1, (broken.pk,))
        (said,) = [row.getMessage() for row in caplog.records if row.levelname == "ERROR"]
        assert f"linkage {broken.pk} " in said
        assert "ledger_broken" in said

    def test_nothing_of_it_is_written_and_the_audit_names_its_post(self, deal, broken):
        before = Linkage.objects.values().get(pk=broken.pk), Event.objects.count()
        night(deal, date(2026, 8, 1))
        assert (Linkage.objects.values().get(pk=broken.pk), Event.objects.count()) == before
        assert invariants.CHECKS["offers_hold_what_is_reserved"]().broken == (deal.offer.pk,)

    def test_once_put_right_it_is_turned(self, deal, broken):
        night(deal, date(2026, 8, 1))
        Offer.objects.filter(pk=deal.offer.pk).update(reserved=3_000_000)
        assert night(deal, date(2026, 8, 2)).broken == ()
        assert (state(broken), deal.reserved()) == ("ended", (0, 0))
