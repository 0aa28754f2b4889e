"""Recording, correcting, moving and verifying linkages."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import transaction

from linkage.agreements import services
from linkage.agreements.models import COUNTING_STATES, Linkage, Origin, State
from linkage.agreements.services import (
    TRANSITIONS,
    IllegalMove,
    edit_linkage,
    move,
    record_linkage,
    terminate_linkage,
    verify_linkage,
    withdraw_verification,
)
from linkage.catalogue.models import Commodity, LinkageForm, Unit
from linkage.catalogue.units import QuantityOutOfRange
from linkage.errors import Conflict, NotAllowed, NotFound, StaleVersion
from linkage.jobs.models import Event
from linkage.registry.access import Actor
from linkage.registry.constraints import refusals
from linkage.registry.models import Organisation, Role
from linkage.registry.services import merge_organisations
from linkage.registry.values import DayOutOfRange, TextInvalid, ValueUnknown

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 15)
PAPER = "Bản gốc, tủ 3, số 15"
REASON = "Nhập nhầm"


def call(service, actor, linkage, now, **values):
    version = Linkage.objects.get(pk=linkage.pk).version
    return service(actor=actor, linkage_id=linkage.pk, version=version, now=now, **values)


def last_event():
    return Event.objects.order_by("-pk").first()


class TestRecording:
    def test_a_paper_contract_is_declared_and_in_force(self, linkage):
        assert (linkage.origin, linkage.state, linkage.verified_on) == (
            "declared",
            "in_force",
            None,
        )
        assert last_event().kind == "recorded"

    def test_its_terms_are_kept(self, record):
        Commodity.objects.create(code="lychee", level=1, name_vi="Vải thiều", dimension="mass")
        LinkageForm.objects.create(number=5, stages=[])
        Unit.objects.create(code="ta", dimension="mass", base_units=100_000)
        made = record(product="vải  thiều", form=5, quantity=300_000, unit="ta")
        kept = Linkage.objects.get(pk=made.pk)
        assert (kept.commodity_id, kept.form_id, kept.quantity, kept.unit_id) == (
            "lychee", 5, 300_000, "ta",
        )  # fmt: skip
        assert kept.product_as_written == "vải thiều"

    def test_a_product_that_is_not_in_the_tree_is_kept_as_written(self, record):
        assert record(product="Cây lạ").commodity is None

    def test_one_organisation_is_not_two_sides(self, record, sides):
        with pytest.raises(Conflict) as refusal:
            record(buyer=sides[0])
        assert refusal.value.code == "linkage_parties_are_two"

    def test_a_side_that_does_not_exist_or_was_merged_is_not_found(
        self, record, sides, officer, now
    ):
        with pytest.raises(NotFound):
            record(buyer=10**6)
        merge_organisations(actor=officer, organisation_id=sides[1], version=1,
                            merged_id=sides[0], merged_version=1, reason="x", now=now)  # fmt: skip
        with pytest.raises(NotFound):
            record()

    @pytest.mark.parametrize(
        ("terms", "error"),
        [
            ({"contract_number": " "}, TextInvalid),
            ({"starts": date(1, 1, 1)}, DayOutOfRange),
            ({"quantity": 0}, QuantityOutOfRange),
            ({"quantity": 2**63}, QuantityOutOfRange),
            ({"form": 9}, ValueUnknown),
            ({"unit": "stone"}, ValueUnknown),
            ({"ends": date(2025, 12, 31)}, Conflict),
        ],
    )
    def test_terms_that_cannot_be_record_nothing(self, record, terms, error):
        with pytest.raises(error):
            record(**terms)
        assert not Linkage.objects.exists()

    def test_a_first_day_is_needed(self, officer, sides, now):
        with pytest.raises(ValueUnknown):
            record_linkage(actor=officer, seller_id=sides[0], buyer_id=sides[1],
                           terms={"contract_number": "1"}, now=now)  # fmt: skip

    def test_those_who_only_read_cannot_record(self, record, verifier, auditor):
        for actor in (verifier, auditor):
            with pytest.raises(NotAllowed):
                record(actor=actor)


class TestCorrecting:
    def test_a_correction_is_saved_marked_and_noted(self, linkage, officer, now):
        call(edit_linkage, officer, linkage, now, reason=REASON, terms={"ends": DAY})
        kept = Linkage.objects.get()
        assert (kept.ends, kept.version) == (DAY, 2)
        assert "ends" in kept.hand_edited
        assert last_event().data == {
            "before": {"ends": None}, "after": {"ends": "2026-06-15"}, "reason": REASON,
        }  # fmt: skip

    def test_the_second_of_two_readers_is_refused(self, linkage, officer, now):
        call(edit_linkage, officer, linkage, now, reason=REASON, terms={"ends": DAY})
        with pytest.raises(StaleVersion):
            edit_linkage(
                actor=officer, linkage_id=linkage.pk, version=1, terms={}, now=now, reason=REASON
            )

    def test_an_end_before_the_start_changes_nothing(self, linkage, officer, now):
        with pytest.raises(Conflict) as refusal:
            call(
                edit_linkage, officer, linkage, now, reason=REASON, terms={"ends": date(2025, 1, 1)}
            )
        assert refusal.value.code == "linkage_does_not_end_before_it_starts"
        assert Linkage.objects.get().version == 1

    def test_a_start_after_the_termination_is_refused(self, linkage, officer, now):
        call(terminate_linkage, officer, linkage, now, reason=REASON, terminated_on=DAY)
        with pytest.raises(services.TerminationOutOfRange):
            call(
                edit_linkage,
                officer,
                linkage,
                now,
                reason=REASON,
                terms={"starts": DAY + timedelta(1)},
            )

    def test_what_does_not_exist_is_not_found(self, linkage, officer, now):
        with pytest.raises(NotFound):
            edit_linkage(
                actor=officer, linkage_id=10**6, version=1, terms={}, now=now, reason=REASON
            )


class TestTerminating:
    def test_it_has_its_day_and_its_state(self, linkage, officer, now):
        call(terminate_linkage, officer, linkage, now, reason=REASON, terminated_on=DAY)
        kept = Linkage.objects.get()
        assert (kept.state, kept.terminated_on) == (State.TERMINATED, DAY)
        assert last_event().data["from"] == "in_force"

    def test_it_is_done_once(self, linkage, officer, now):
        call(terminate_linkage, officer, linkage, now, reason=REASON, terminated_on=DAY)
        with pytest.raises(IllegalMove):
            call(terminate_linkage, officer, linkage, now, reason=REASON, terminated_on=DAY)
        assert Linkage.objects.get().version == 2

    def test_it_is_not_before_the_start(self, linkage, officer, now):
        with pytest.raises(services.TerminationOutOfRange):
            call(
                terminate_linkage,
                officer,
                linkage,
                now,
                reason=REASON,
                terminated_on=date(2025, 12, 31),
            )

    def test_it_is_not_after_the_contracts_own_end(self, linkage, officer, now):
        Linkage.objects.update(ends=DAY)
        with pytest.raises(services.TerminationAfterEnd):
            call(
                terminate_linkage,
                officer,
                linkage,
                now,
                reason=REASON,
                terminated_on=DAY + timedelta(1),
            )
        call(terminate_linkage, officer, linkage, now, reason=REASON, terminated_on=DAY)

    def test_an_end_before_the_termination_is_refused(self, linkage, officer, now):
        call(terminate_linkage, officer, linkage, now, reason=REASON, terminated_on=DAY)
        with pytest.raises(services.TerminationAfterEnd):
            call(
                edit_linkage,
                officer,
                linkage,
                now,
                reason=REASON,
                terms={"ends": DAY - timedelta(1)},
            )

    def test_what_is_wrong_otherwise_is_corrected_beside_a_day_outside(self, linkage, officer, now):
        Linkage.objects.update(ends=DAY, terminated_on=DAY + timedelta(9), state=State.TERMINATED)
        call(edit_linkage, officer, linkage, now, reason=REASON, terms={"contract_number": "02/HĐ"})
        assert Linkage.objects.get().contract_number == "02/HĐ"


class TestCorrectingATermination:
    @pytest.fixture
    def terminated(self, linkage, officer, now):
        Linkage.objects.update(ends=DAY + timedelta(30))
        return call(terminate_linkage, officer, linkage, now, reason=REASON, terminated_on=DAY)

    def test_the_day_is_put_right_with_the_reason(self, terminated, officer, now):
        day = DAY - timedelta(9)
        call(
            services.correct_termination,
            officer,
            terminated,
            now,
            terminated_on=day,
            reason="Gõ nhầm",
        )
        assert Linkage.objects.get().terminated_on == day
        assert last_event().kind == "termination_corrected"
        assert last_event().data == {
            "before": {"terminated_on": "2026-06-15"},
            "after": {"terminated_on": "2026-06-06"},
            "reason": "Gõ nhầm",
        }

    @pytest.mark.parametrize(
        ("days", "reason", "error"),
        [
            (-200, "x", services.TerminationOutOfRange),
            (31, "x", services.TerminationAfterEnd),
            (1, " ", services.ReasonMissing),
        ],
    )
    def test_what_cannot_be_changes_nothing(self, terminated, officer, now, days, reason, error):
        day = DAY + timedelta(days)
        with pytest.raises(error):
            call(
                services.correct_termination,
                officer,
                terminated,
                now,
                terminated_on=day,
                reason=reason,
            )
        assert Linkage.objects.get().terminated_on == DAY

    def test_there_is_something_to_correct(self, linkage, officer, now):
        with pytest.raises(services.NotTerminated):
            call(services.correct_termination, officer, linkage, now, terminated_on=DAY, reason="x")

    def test_those_who_only_read_cannot(self, terminated, verifier, auditor, now):
        for actor in (verifier, auditor):
            with pytest.raises(NotAllowed):
                call(
                    services.correct_termination,
                    actor,
                    terminated,
                    now,
                    terminated_on=DAY,
                    reason="x",
                )


class TestVerifying:
    def test_a_verifier_says_the_day(self, linkage, verifier, now):
        call(verify_linkage, verifier, linkage, now, verified_on=DAY, paper=PAPER)
        kept = Linkage.objects.get()
        assert (kept.verified_on, kept.verified_by_id) == (DAY, verifier.user_id)
        assert last_event().kind == "verified"

    def test_nobody_else_verifies(self, linkage, officer, auditor, now):
        administrator = Actor(None, frozenset({Role.ADMINISTRATOR}))
        for actor in (officer, auditor, administrator):
            with pytest.raises(NotAllowed):
                call(verify_linkage, actor, linkage, now, verified_on=DAY, paper=PAPER)

    def test_whoever_recorded_it_does_not_prove_it(self, linkage, officer, now):
        both = Actor(officer.user_id, frozenset({Role.CITY_STAFF, Role.VERIFIER}))
        with pytest.raises(services.VerifiedByRecorder):
            call(verify_linkage, both, linkage, now, verified_on=DAY, paper=PAPER)

    @pytest.mark.parametrize("state", sorted(set(State) - COUNTING_STATES))
    def test_what_is_not_agreed_cannot_be_verified(self, linkage, verifier, now, state):
        Linkage.objects.update(state=state)
        with pytest.raises(services.NotYetVerifiable):
            call(verify_linkage, verifier, linkage, now, verified_on=DAY, paper=PAPER)

    def test_it_is_not_verified_twice_nor_on_a_day_to_come(self, linkage, verifier, now):
        with pytest.raises(services.NotYetVerifiable):
            call(verify_linkage, verifier, linkage, now, verified_on=DAY + timedelta(1))
        call(verify_linkage, verifier, linkage, now, verified_on=DAY, paper=PAPER)
        with pytest.raises(services.NotYetVerifiable):
            call(verify_linkage, verifier, linkage, now, verified_on=DAY, paper=PAPER)

    def test_no_paper_was_seen_before_the_contract_began(self, linkage, verifier, now):
        with pytest.raises(services.VerifiedBeforeStart):
            call(
                verify_linkage, verifier, linkage, now, verified_on=date(2025, 12, 31), paper=PAPER
            )
        assert Linkage.objects.get().verified_on is None

    def test_one_still_to_begin_is_verified_today(self, linkage, verifier, now):
        Linkage.objects.update(starts=DAY + timedelta(9), state=State.AGREED)
        with pytest.raises(services.VerifiedBeforeStart):
            call(
                verify_linkage, verifier, linkage, now, verified_on=DAY - timedelta(1), paper=PAPER
            )
        call(verify_linkage, verifier, linkage, now, verified_on=DAY, paper=PAPER)

    def test_it_is_withdrawn_with_a_reason(self, linkage, verifier, officer, now):
        call(verify_linkage, verifier, linkage, now, verified_on=DAY, paper=PAPER)
        call(withdraw_verification, officer, linkage, now, reason="Hợp đồng giả")
        kept = Linkage.objects.get()
        assert (kept.verified_on, kept.verified_by_id) == (None, None)
        assert "verified_on" in kept.hand_edited
        assert last_event().data == {"verified_on": "2026-06-15", "reason": "Hợp đồng giả"}

    def test_it_is_not_withdrawn_without_a_reason_or_a_verification(
        self, linkage, verifier, officer, now
    ):
        with pytest.raises(services.NotVerified):
            call(withdraw_verification, officer, linkage, now, reason="x")
        call(verify_linkage, verifier, linkage, now, verified_on=DAY, paper=PAPER)
        with pytest.raises(services.ReasonMissing):
            call(withdraw_verification, officer, linkage, now, reason=" ")
        with pytest.raises(NotAllowed):
            call(withdraw_verification, verifier, linkage, now, reason="x")


class TestMoving:
    @pytest.mark.parametrize("before", list(State))
    @pytest.mark.parametrize("to", list(State))
    def test_it_goes_where_the_table_leads_and_nowhere_else(
        self, linkage, officer, now, before, to
    ):
        fields = {"terminated_on": DAY}
        Linkage.objects.update(state=before, **fields)
        linkage.refresh_from_db()
        if to in TRANSITIONS[before]:
            move(linkage, to, actor=officer, now=now)
        else:
            with pytest.raises(IllegalMove):
                move(linkage, to, actor=officer, now=now)
        assert Linkage.objects.get().state == (to if to in TRANSITIONS[before] else before)

    def test_of_two_moves_from_one_state_the_second_is_refused(self, linkage, officer, now):
        Linkage.objects.update(state=State.PROPOSED)
        first, second = Linkage.objects.get(), Linkage.objects.get()
        move(first, State.DECLINED, actor=officer, now=now)
        with pytest.raises(IllegalMove):
            move(second, State.AGREED, actor=officer, now=now)
        assert Linkage.objects.get().state == State.DECLINED


def _make(**changed):
    seller, buyer = Organisation.objects.order_by("pk")[:2]
    values = {"seller": seller, "buyer": buyer, "contract_number": "1", "starts": DAY,
              "state": State.IN_FORCE, "origin": Origin.REGISTER, **changed}  # fmt: skip
    return Linkage.objects.create(**values)


REFUSED = {
    "linkage_parties_are_two": lambda: _make(buyer=Organisation.objects.order_by("pk")[0]),
    "linkage_does_not_end_before_it_starts": lambda: _make(ends=DAY - timedelta(1)),
    "linkage_quantity_is_positive": lambda: _make(quantity=0),
    "linkage_state_is_known": lambda: _make(state="asleep"),
    "linkage_opener_is_known": lambda: _make(opened_by="nobody"),
    "linkage_origin_is_known": lambda: _make(origin="rumour"),
    "linkage_terminated_has_its_day": lambda: _make(state=State.TERMINATED),
    "linkage_verified_is_in_a_counting_state": lambda: _make(state=State.PROPOSED, verified_on=DAY),
    "linkage_of_the_register_is_known_once": lambda: [_make(), _make()],
    "linkage_on_paper_is_declared_once": lambda: [
        _make(origin=Origin.DECLARED, state=state) for state in (State.ENDED, State.IN_FORCE)
    ],
}


class TestTheDatabase:
    @pytest.mark.parametrize("name", REFUSED)
    def test_the_row_is_refused_with_the_rules_name_as_code(self, sides, name):
        with pytest.raises(Conflict) as refusal, refusals(), transaction.atomic():
            REFUSED[name]()
        assert refusal.value.code == name
