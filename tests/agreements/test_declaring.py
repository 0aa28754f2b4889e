"""Contracts on paper: entered by a side, confirmed or disputed by the other, completed by both."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction

from linkage.agreements import services, talks
from linkage.agreements.models import Linkage
from linkage.agreements.services.contract import KnownAlready, QuantityWithoutUnit
from linkage.agreements.services.declaring import (
    AnsweredAlready,
    DeniedAlready,
    NotBlank,
    NotOnPaper,
    ProvedAlready,
    StartMissing,
)
from linkage.coverage.inputs import read_inputs
from linkage.coverage.rule import in_force
from linkage.errors import Conflict, DomainError, NotFound
from linkage.jobs.models import Event
from linkage.market.errors import UnitNotOfCommodity
from linkage.notices.models import Notice
from linkage.registry.models import KindFact, Organisation, Role, RoleGrant, User
from linkage.registry.services.partners import (
    NameSaysOtherKind,
    PartnerAmbiguous,
    PartnerNamedOtherwise,
)
from linkage.registry.tax_codes import TaxCodeInvalid
from linkage.registry.values import TextInvalid, ValueUnknown
from tests.agreements import deals

pytestmark = pytest.mark.django_db
PERSON = "031085000123"
NOBODYS = "031085000124"


@pytest.fixture
def deal(officer):
    RoleGrant.objects.create(user_id=officer.user_id, role=Role.CITY_STAFF, starts=date(2020, 1, 1))
    return deals.make()


def declare(deal, name="Công ty Mua", code=None, kind="enterprise", side="seller", **terms):
    paper = {"contract_number": "07/HĐ", "starts": date(2026, 1, 1), **terms}
    partner = {"name": name, "tax_code": code, "kind": kind}
    return services.declare(**deal.as_("seller"), side=side, partner=partner, terms=paper)


def known(deal, origin):
    """A contract that the register or the office brought."""
    return Linkage.objects.create(
        seller=deal.coop, buyer=deal.firm, contract_number="1", starts=date(2026, 1, 1),
        state="in_force", origin=origin, opened_by="office",
    )  # fmt: skip


def test_what_the_partner_denied_is_not_entered_again_by_the_side_that_entered_it(deal):
    denied = declare(deal)
    deal.act(services.deny, "buyer", denied, reason="Không ký")
    with pytest.raises(DeniedAlready):
        declare(deal, contract_number="07/ hđ")
    assert Linkage.objects.get() == denied
    assert declare(deal, contract_number="08/HĐ").state == "in_force"


def test_what_one_side_denied_it_may_enter_itself(deal):
    deal.act(services.deny, "buyer", declare(deal), reason="Không ký")
    paper = {"contract_number": "07/HĐ", "starts": date(2026, 1, 1)}
    again = services.declare(
        **deal.as_("buyer"), side="buyer", partner={"name": deal.coop.name}, terms=paper
    )
    assert again.state == "in_force"


def test_a_partner_whose_name_says_another_kind_is_asked_about_once_more(deal):
    partner = {"name": "HTX Chưa Có Trong Sổ", "kind": "enterprise"}
    paper = {"contract_number": "07/HĐ", "starts": date(2026, 1, 1)}
    given = {**deal.as_("seller"), "side": "seller", "terms": paper}
    with pytest.raises(NameSaysOtherKind):
        services.declare(**given, partner=partner)
    assert not Organisation.objects.filter(name=partner["name"]).exists()
    made = services.declare(**given, partner={**partner, "kind_is_meant": True})
    assert made.buyer.name == partner["name"]


class TestEntering:
    def test_it_is_declared_by_one_side_and_the_partner_is_asked(self, deal):
        linkage = declare(deal, quantity=Decimal("2.5"), unit="tan", form=5, product="bí xanh")
        assert (linkage.origin, linkage.state, linkage.opened_by) == (
            "declared", "in_force", "seller",
        )  # fmt: skip
        assert (linkage.seller, linkage.buyer) == (deal.coop, deal.firm)
        assert (linkage.quantity, linkage.unit_id, linkage.commodity_id) == (
            2_500_000, "tan", "bi-xanh",
        )  # fmt: skip
        assert (linkage.seller_confirmed_on, linkage.confirmed_on) == (deals.TODAY, None)
        told = Notice.objects.get()
        assert (told.user_id, told.organisation, told.what) == (
            deal.buyer.user_id, deal.firm, "declared",
        )  # fmt: skip

    def test_a_partner_who_is_not_in_the_register_is_entered_once_and_staff_see_it(
        self, deal, officer
    ):
        first = declare(deal, "Công ty Hà Nội", kind="enterprise")
        second = declare(deal, "công ty  HÀ NỘI", contract_number="08/HĐ")
        assert first.buyer == second.buyer
        made = Organisation.objects.get(pk=first.buyer_id)
        assert (made.origin, KindFact.objects.get(organisation=made).kind) == (
            "member", "enterprise",
        )  # fmt: skip
        told = Notice.objects.filter(what="declared_unasked")
        assert {notice.user_id for notice in told} == {officer.user_id}
        assert Event.objects.filter(subject_kind="organisation", kind="created").count() == 1

    def test_the_tax_code_finds_the_partner_however_its_name_is_written(self, deal):
        Organisation.objects.filter(pk=deal.firm.pk).update(tax_code="0100112437")
        assert declare(deal, "Cty TNHH Mua", "01.00.112.437").buyer == deal.firm

    def test_the_tax_code_of_another_organisation_is_not_taken_for_the_partners(self, deal):
        Organisation.objects.filter(pk=deal.firm.pk).update(tax_code="0100112437")
        with pytest.raises(PartnerNamedOtherwise, match="Công ty Mua"):
            declare(deal, "Công ty Hoàn Toàn Khác", "0100112437")
        assert not Linkage.objects.exists()

    def test_a_persons_code_finds_who_has_the_name_too(self, deal):
        Organisation.objects.filter(pk=deal.firm.pk).update(tax_code=PERSON)
        assert declare(deal, "công ty mua", PERSON).buyer == deal.firm

    @pytest.mark.parametrize(
        "said",
        [
            {},
            {"kind": ""},
            {"kind": "", "name": "Công ty Mua"},
            {"contract_number": ""},
            {"ends": date(2025, 12, 31)},
            {"name": "Hộ ông Ba"},
            {"name": "Công ty Hai"},
            {"name": "HTX Bán"},
        ],
        ids=str,
    )
    def test_nothing_tells_whether_a_persons_code_is_in_the_register(self, deal, said):
        """The same is said with a code that is there and one that is not; the answers are alike."""
        Organisation.objects.filter(pk=deal.firm.pk).update(tax_code=PERSON)
        for name in ("Hộ ông Ba", "Công ty Hai", "Công ty Hai"):
            deals.organisation(name)
        declare(deal, "Hộ ông Ba")
        answers = [self.answer(deal, code, **said) for code in (PERSON, NOBODYS)]
        assert answers[0] == answers[1]

    def answer(self, deal, code, **said):
        """What a member is told, and of whom; what was written is taken back."""
        given = {"name": "Ai đó", "kind": "individual", **said}
        before = Organisation.objects.count()
        try:
            with transaction.atomic():
                made = declare(deal, code=code, **given)
                told = (made.state, made.buyer.name, Organisation.objects.count() - before)
                transaction.set_rollback(True)
        except DomainError as refusal:
            return refusal.code, refusal.values
        return told

    def test_a_bearer_of_the_name_with_another_code_is_somebody_else(self, deal):
        Organisation.objects.filter(pk=deal.firm.pk).update(tax_code="0100112437")
        assert declare(deal, "Công ty Mua", "0314409058").buyer != deal.firm

    def test_two_of_one_name_are_not_guessed(self, deal):
        deals.organisation("Công ty Mua")
        with pytest.raises(PartnerAmbiguous):
            declare(deal)

    @pytest.mark.parametrize(
        ("given", "error"),
        [
            ({"name": " "}, TextInvalid),
            ({"name": "Mới", "kind": "cooperative"}, ValueUnknown),
            ({"name": "Mới", "kind": ""}, ValueUnknown),
            ({"code": "123"}, TaxCodeInvalid),
            ({"side": "office"}, ValueUnknown),
            ({"starts": None}, StartMissing),
            ({"contract_number": ""}, TextInvalid),
            ({"quantity": Decimal(3)}, QuantityWithoutUnit),
            ({"quantity": Decimal(3), "unit": "stone"}, ValueUnknown),
            ({"ends": date(2025, 12, 31)}, Conflict),
            ({"name": "HTX Bán"}, Conflict),
        ],
        ids=str,
    )
    def test_what_cannot_be_leaves_nothing(self, deal, given, error):
        before = Organisation.objects.count()
        with pytest.raises(error):
            declare(deal, **given)
        assert not Linkage.objects.exists()
        assert Organisation.objects.count() == before

    @pytest.mark.parametrize("number", ["07/HĐ", "07/ HĐ", "07/hđ", " 07 /HĐ"])
    def test_what_the_register_has_is_not_entered_again(self, deal, number):
        Linkage.objects.create(
            seller=deal.coop, buyer=deal.firm, contract_number="07/HĐ", starts=date(2026, 1, 1),
            state="in_force", origin="register",
        )  # fmt: skip
        with pytest.raises(KnownAlready):
            declare(deal, contract_number=number)

    def test_an_officer_enters_what_was_declared_no_second_time(self, deal, officer):
        declare(deal)
        with pytest.raises(KnownAlready):
            services.record_linkage(
                actor=officer, seller_id=deal.coop.pk, buyer_id=deal.firm.pk, now=deal.now,
                terms={"contract_number": "07/HĐ", "starts": date(2026, 1, 1)},
            )  # fmt: skip
        assert Linkage.objects.count() == 1

    def test_what_the_partner_said_is_wrong_is_declared_anew(self, deal):
        deal.act(services.deny, "buyer", declare(deal, product="ổi"), reason="Sai tên hàng")
        assert declare(deal, product="bí xanh").state == "in_force"

    @pytest.mark.parametrize(
        ("starts", "ends", "state"),
        [
            (date(2026, 6, 16), None, "agreed"),
            (date(2026, 6, 15), None, "in_force"),
            (date(2026, 1, 1), date(2026, 6, 15), "in_force"),
            (date(2026, 1, 1), date(2026, 6, 14), "ended"),
        ],
    )
    def test_its_state_follows_from_its_days(self, deal, starts, ends, state):
        assert declare(deal, starts=starts, ends=ends).state == state

    def test_who_acts_for_nobody_declares_nothing(self, deal, officer):
        with pytest.raises(NotFound):
            services.declare(actor=officer, organisation_id=deal.coop.pk, side="seller",
                             partner={"name": "X"}, terms={}, now=deal.now)  # fmt: skip

    def test_an_officers_contract_is_asked_of_both_sides(self, deal, officer):
        services.record_linkage(actor=officer, seller_id=deal.coop.pk, buyer_id=deal.firm.pk,
                                terms={"contract_number": "1", "starts": date(2026, 1, 1)},
                                now=deal.now)  # fmt: skip
        told = Notice.objects.filter(what="declared").values_list("organisation", flat=True)
        assert set(told) == {deal.coop.pk, deal.firm.pk}


class TestWhoIsTold:
    """Of a contract to confirm: who acts for the partner and may sign in, else the office."""

    def told(self, what):
        return set(Notice.objects.filter(what=what).values_list("user_id", flat=True))

    def test_if_all_the_partners_accounts_are_switched_off_the_office_is_told(self, deal, officer):
        User.objects.filter(pk=deal.buyer.user_id).update(is_active=False)
        declare(deal)
        assert (self.told("declared"), self.told("declared_unasked")) == (set(), {officer.user_id})

    def test_of_the_office_it_is_who_corrects_linkages_today_and_may_sign_in(self, deal, officer):
        def holder(name, role, active=True, **days):
            user = User.objects.create(
                username=name, email=f"{name}@example.org", is_active=active
            )  # fmt: skip
            RoleGrant.objects.create(
                user=user, role=role, **{"starts": date(2020, 1, 1), **days}
            )  # fmt: skip
            return user.pk

        chief = holder("chief", Role.ADMINISTRATOR)
        holder("left", Role.CITY_STAFF, active=False)
        holder("before", Role.CITY_STAFF, ends=date(2026, 6, 14))
        holder("judge", Role.VERIFIER)
        root = User.objects.create(username="root", email="root@example.org", is_superuser=True)
        declare(deal, "Công ty Mới")
        assert self.told("declared_unasked") == {officer.user_id, chief, root.pk}


class TestConfirming:
    def test_the_partners_word_confirms_it_and_shows_both_contacts(self, deal):
        linkage = declare(deal)
        deal.act(services.confirm, "buyer", linkage)
        linkage.refresh_from_db()
        assert (linkage.confirmed_on, linkage.buyer_confirmed_on) == (deals.TODAY, deals.TODAY)
        people = talks.contact_of_other_side(
            actor=deal.seller, organisation_id=deal.coop.pk, linkage=linkage
        )
        assert [person.name for person in people] == ["Ông Hải"]

    def test_who_declared_it_does_not_confirm_it(self, deal):
        with pytest.raises(AnsweredAlready):
            deal.act(services.confirm, "seller", declare(deal))

    def test_what_the_office_entered_is_confirmed_once_both_said_so(self, deal, officer):
        linkage = services.record_linkage(
            actor=officer, seller_id=deal.coop.pk, buyer_id=deal.firm.pk, now=deal.now,
            terms={"contract_number": "1", "starts": date(2026, 1, 1)},
        )  # fmt: skip
        deal.act(services.confirm, "buyer", linkage)
        assert Linkage.objects.get(pk=linkage.pk).confirmed_on is None
        deal.act(services.confirm, "seller", linkage)
        assert Linkage.objects.get(pk=linkage.pk).confirmed_on == deals.TODAY

    def test_what_was_agreed_here_needs_no_word(self, deal):
        with pytest.raises(NotOnPaper):
            deal.act(services.confirm, "buyer", deal.agreed())


class TestDenying:
    def test_what_the_partner_says_is_wrong_counts_on_no_day(self, deal, officer):
        linkage = declare(deal)
        deal.act(services.deny, "buyer", linkage, reason="Không ký")
        linkage.refresh_from_db()
        assert linkage.state == "declined"
        told = Notice.objects.filter(what="denied").values_list("user_id", flat=True)
        assert set(told) == {deal.seller.user_id, officer.user_id}
        (row,) = read_inputs().linkages
        assert not in_force(row, deals.TODAY)

    def test_what_the_register_brought_stays_until_staff_have_looked(self, deal):
        linkage = Linkage.objects.create(
            seller=deal.coop, buyer=deal.firm, contract_number="1", starts=date(2026, 1, 1),
            state="in_force", origin="register",
        )  # fmt: skip
        deal.act(services.deny, "buyer", linkage, reason="Sai số hợp đồng")
        assert Linkage.objects.get().state == "in_force"
        assert Event.objects.order_by("pk").last().kind == "denied"

    @pytest.mark.parametrize("origin", ["register", "declared"])
    def test_a_side_says_it_once_of_what_the_office_or_the_register_brought(self, deal, origin):
        linkage = known(deal, origin)
        deal.act(services.deny, "buyer", linkage, reason="Sai số hợp đồng")
        before = Notice.objects.count(), Event.objects.count()
        with pytest.raises(AnsweredAlready):
            deal.act(services.deny, "buyer", linkage, reason="Vẫn sai")
        assert (Notice.objects.count(), Event.objects.count()) == before
        assert Linkage.objects.get().version == 2
        deal.act(services.deny, "seller", linkage, reason="Sai ngày")

    def test_its_page_offers_to_say_it_once(self, deal):
        linkage = known(deal, "register")
        assert "deny" in self.acts(deal, linkage)
        deal.act(services.deny, "buyer", linkage, reason="Sai số hợp đồng")
        assert {"deny", "confirm"} & self.acts(deal, linkage) == {"confirm"}

    def acts(self, deal, linkage):
        shown = talks.talk(
            actor=deal.buyer, organisation_id=deal.firm.pk, linkage_id=linkage.pk, on=deals.TODAY
        )
        return shown.acts

    def test_of_what_was_corrected_since_it_is_asked_anew(self, deal, officer):
        linkage = known(deal, "register")
        deal.act(services.deny, "buyer", linkage, reason="Sai số hợp đồng")
        services.edit_linkage(
            actor=officer, linkage_id=linkage.pk, version=2, reason="Theo bản giấy",
            terms={"contract_number": "2"}, now=deal.now,
        )  # fmt: skip
        assert "deny" in self.acts(deal, linkage)
        deal.act(services.deny, "buyer", linkage, reason="Vẫn sai")
        with pytest.raises(AnsweredAlready):
            deal.act(services.deny, "buyer", linkage, reason="Vẫn sai")

    def test_who_said_it_is_wrong_may_still_say_that_it_is_so(self, deal):
        linkage = known(deal, "register")
        deal.act(services.deny, "buyer", linkage, reason="Nhầm")
        assert deal.act(services.confirm, "buyer", linkage).buyer_confirmed_on == deals.TODAY

    def test_what_the_city_saw_is_not_denied_by_a_side(self, deal):
        linkage = declare(deal)
        Linkage.objects.update(verified_on=deals.TODAY)
        with pytest.raises(ProvedAlready):
            deal.act(services.deny, "buyer", linkage, reason="x")

    def test_who_declared_it_does_not_deny_it(self, deal):
        with pytest.raises(AnsweredAlready):
            deal.act(services.deny, "seller", declare(deal), reason="x")


class TestCompleting:
    def complete(self, deal, linkage, who="buyer", **terms):
        return deal.act(services.complete, who, linkage, terms=terms)

    def test_a_side_fills_what_is_blank_and_imports_leave_it_alone(self, deal):
        linkage = declare(deal, product="bí xanh")
        self.complete(deal, linkage, quantity=Decimal(3), unit="tan", form=5)
        kept = Linkage.objects.get()
        assert (kept.quantity, kept.unit_id, kept.form_id) == (3_000_000, "tan", 5)
        assert {"quantity", "unit", "form"} <= set(kept.hand_edited)

    def test_what_stands_there_is_not_changed(self, deal):
        linkage = declare(deal, product="bí xanh")
        with pytest.raises(NotBlank):
            self.complete(deal, linkage, product="cà rốt")
        assert Linkage.objects.get().version == 1

    def test_of_what_the_city_saw_the_days_are_not_set(self, deal):
        linkage = declare(deal)
        Linkage.objects.update(verified_on=deals.TODAY)
        with pytest.raises(ProvedAlready):
            self.complete(deal, linkage, ends=date(2026, 12, 31))
        self.complete(deal, linkage, form=5)

    def test_a_number_does_not_make_it_one_that_is_there(self, deal):
        declare(deal)
        known = {"seller": deal.coop, "buyer": deal.firm, "starts": date(2026, 1, 1)}
        nameless = Linkage.objects.create(**known, state="in_force", origin="register")
        with pytest.raises(KnownAlready):
            self.complete(deal, nameless, contract_number="07/HĐ")
        assert Linkage.objects.get(pk=nameless.pk).version == 1
        self.complete(deal, nameless, contract_number="08/HĐ")

    def test_an_end_that_is_over_ends_it(self, deal):
        linkage = declare(deal)
        self.complete(deal, linkage, ends=date(2026, 6, 14))
        assert Linkage.objects.get().state == "ended"
        assert Event.objects.order_by("pk").last().data["to"] == "ended"

    def test_a_quantity_that_came_without_a_unit_bars_nothing_else(self, deal):
        linkage = Linkage.objects.create(
            seller=deal.coop, buyer=deal.firm, contract_number="1", starts=date(2026, 1, 1),
            state="in_force", origin="register", quantity=5,
        )  # fmt: skip
        self.complete(deal, linkage, form=5)
        assert Linkage.objects.get().form_id == 5

    def test_a_quantity_is_in_a_unit_of_the_product(self, deal):
        linkage = declare(deal, product="bí xanh")
        with pytest.raises(UnitNotOfCommodity):
            self.complete(deal, linkage, quantity=Decimal(3), unit="qua")
