"""Asking for an organisation: staff decide, a new one is entered once, a known one is claimed."""

from __future__ import annotations

import pytest

from linkage.errors import Conflict, NotAllowed, NotFound
from linkage.jobs.models import Event
from linkage.registry import member_queries
from linkage.registry.models import JoinRequest, Membership, Organisation, Role
from linkage.registry.services import (
    approve_request,
    ask_for_new,
    ask_to_join,
    refuse_request,
    withdraw_request,
)
from linkage.registry.services.joining import (
    MOST_OPEN_REQUESTS,
    AskedAlready,
    RequestDecided,
    SeveralAlike,
    TooManyRequests,
)
from linkage.registry.services.memberships import AlreadyMember
from linkage.registry.tax_codes import TaxCodeInvalid
from linkage.registry.values import TextInvalid, ValueUnknown

pytestmark = pytest.mark.django_db
CODE, OTHER_CODE = "0205198368", "0100112437"
NEW = {"name": "Công ty Mới", "kind": "enterprise", "tax_code": "", "commune_code": "1"}


@pytest.fixture
def lan(person):
    return person("lan")


@pytest.fixture
def ask(lan, now):
    def do(organisation, actor=lan, note="tôi là kế toán"):
        return ask_to_join(actor=actor, organisation_id=organisation.pk, note=note, now=now)

    return do


@pytest.fixture
def ask_new(lan, communes, sectors, now):
    def do(actor=lan, **asked):
        return ask_for_new(actor=actor, asked={**NEW, **asked}, note="", now=now)

    return do


@pytest.fixture
def approve(clerk, now):
    def do(request, actor=clerk, role="admin", organisation_id=None):
        return approve_request(
            actor=actor, request_id=request.pk, role=role, organisation_id=organisation_id, now=now
        )

    return do


def test_asking_gives_no_right_and_tells_staff(ask, coop, lan, again, facts):
    ask(coop)
    assert not again(lan).acts_for(coop.pk)
    assert facts() == [("asked", "staff")]


def test_approved_the_person_acts_for_it_and_is_told(ask, approve, coop, lan, again, facts):
    approve(ask(coop))
    assert again(lan).administers(coop.pk)
    assert facts()[1:] == [("joined", "members"), ("approved", "named")]


def test_refused_the_person_reads_why_and_may_ask_again(ask, clerk, coop, now, facts):
    request = ask(coop)
    refuse_request(actor=clerk, request_id=request.pk, reason="Không phải người của HTX", now=now)
    request.refresh_from_db()
    assert (request.state, request.reason) == ("refused", "Không phải người của HTX")
    assert facts()[-1] == ("refused", "named")
    ask(coop)


def test_a_refusal_has_a_reason(ask, clerk, coop, now):
    request = ask(coop)
    with pytest.raises(TextInvalid):
        refuse_request(actor=clerk, request_id=request.pk, reason="  ", now=now)
    request.refresh_from_db()
    assert request.state == "open"


def test_who_waits_or_acts_already_does_not_ask_again(ask, approve, coop):
    request = ask(coop)
    with pytest.raises(Conflict) as refusal:
        ask(coop)
    assert refusal.value.code == "join_request_is_open_once"
    approve(request)
    with pytest.raises(AlreadyMember):
        ask(coop)


def test_nobody_waits_for_more_than_five_answers(ask, make):
    for number in range(MOST_OPEN_REQUESTS):
        ask(make(f"HTX {number}"))
    with pytest.raises(TooManyRequests):
        ask(make("HTX Nữa"))


def test_an_own_request_is_taken_back_and_another_persons_is_not_there(ask, lan, person, coop, now):
    request = ask(coop)
    with pytest.raises(NotFound):
        withdraw_request(actor=person("minh"), request_id=request.pk, now=now)
    assert withdraw_request(actor=lan, request_id=request.pk, now=now).state == "withdrawn"


def test_a_request_is_decided_once(ask, approve, clerk, lan, coop, now):
    request = ask(coop)
    approve(request)
    for again_ in (
        lambda: approve(request),
        lambda: refuse_request(actor=clerk, request_id=request.pk, reason="x", now=now),
        lambda: withdraw_request(actor=lan, request_id=request.pk, now=now),
    ):
        with pytest.raises(RequestDecided):
            again_()


@pytest.mark.parametrize("role", [Role.VERIFIER, Role.AUDITOR, None])
def test_only_who_manages_members_decides_and_reads(ask, approve, coop, person, now, role):
    request, other = ask(coop), person("other", roles=[role] if role else [])
    with pytest.raises(NotAllowed):
        approve(request, actor=other)
    with pytest.raises(NotAllowed):
        refuse_request(actor=other, request_id=request.pk, reason="x", now=now)
    with pytest.raises(NotAllowed):
        member_queries.requests(actor=other)
    assert not Membership.objects.exists()


def test_a_new_organisation_is_entered_when_it_is_approved(ask_new, approve, lan, again):
    request = ask_new(tax_code=CODE)
    assert not Organisation.objects.exists()
    made = approve(request).organisation
    assert (made.name, made.tax_code, made.origin) == ("Công ty Mới", CODE, "member")
    assert again(lan).administers(made.pk)
    request.refresh_from_db()
    assert request.organisation == made


def test_one_with_the_same_tax_code_is_claimed_and_not_doubled(ask_new, approve, make):
    known = make("Công ty Tên Khác", tax_code=CODE)
    assert approve(ask_new(tax_code=CODE)).organisation == known
    assert Organisation.objects.count() == 1


@pytest.mark.parametrize("name", ["Công ty Mới", "CÔNG  TY mới"])
def test_one_with_the_same_name_kind_and_commune_is_claimed(ask_new, approve, make, name):
    known = make(name, kind="enterprise", tax_code=CODE)
    assert approve(ask_new()).organisation == known


@pytest.mark.parametrize(
    "differs",
    [{"kind": "union"}, {"commune_code": "2"}, {"name": "Công ty Mơi"}, {"tax_code": OTHER_CODE}],
)
def test_what_differs_is_another_one(ask_new, approve, make, differs):
    known = make("Công ty Mới", kind="enterprise", tax_code=CODE)
    assert approve(ask_new(**differs)).organisation != known


def test_a_second_request_for_the_same_new_one_claims_the_first(ask_new, approve, person):
    first, second = ask_new(), ask_new(actor=person("minh"))
    assert approve(first).organisation == approve(second, role="member").organisation


def test_of_several_alike_staff_say_which(ask_new, approve, make):
    first = make("Công ty Mới", kind="enterprise")
    make("Công ty Mới", kind="enterprise", is_another=True)
    request = ask_new()
    with pytest.raises(SeveralAlike):
        approve(request)
    request.refresh_from_db()
    assert request.state == "open"
    assert approve(request, organisation_id=first.pk).organisation == first


def test_staff_say_that_one_of_another_spelling_is_meant(ask_new, approve, make):
    known = make("Cty TNHH Mới")
    assert approve(ask_new(), organisation_id=known.pk).organisation == known


def test_a_new_organisation_of_one_name_is_asked_for_once_at_a_time(ask_new, person):
    ask_new()
    with pytest.raises(AskedAlready):
        ask_new(name="  công TY mới ")
    assert JoinRequest.objects.count() == 1
    ask_new(name="Công ty Mời")
    ask_new(actor=person("mai"))


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"name": ""}, TextInvalid),
        ({"kind": "club"}, ValueUnknown),
        ({"tax_code": "123"}, TaxCodeInvalid),
        ({"commune_code": "99"}, ValueUnknown),
    ],
)
def test_what_cannot_be_is_not_asked(ask_new, wrong, error):
    with pytest.raises(error):
        ask_new(**wrong)
    assert not JoinRequest.objects.exists()


def test_the_history_says_who_decided(ask, approve, coop, clerk, lan):
    request = ask(coop)
    approve(request)
    found = Event.objects.filter(subject_kind="join_request", subject_id=str(request.pk))
    assert list(found.order_by("pk").values_list("kind", "actor_id")) == [
        ("requested", lan.user_id),
        ("request_approved", clerk.user_id),
    ]


def found(text, now):
    return [row.name for row in member_queries.find_organisations(text=text, on=now.date()).rows]


def test_an_organisation_is_found_by_name_without_accents_and_by_its_whole_tax_code(make, now):
    make("HTX Tân Trào", tax_code=CODE)
    make("HTX Khác")
    assert found("tan trao", now) == found(CODE, now) == ["HTX Tân Trào"]
    assert found(CODE[:9], now) == found("t", now) == found("%", now) == []


def test_a_cooperative_group_is_found_however_its_kind_is_written(make, now):
    make("Tổ hợp tác Thủy sản An Hòa 30", kind="cooperative_group")
    for typed in ("THT An Hòa", "tổ hợp tác an hoa", "An Hòa 30", "tht thuy san"):
        assert found(typed, now) == ["Tổ hợp tác Thủy sản An Hòa 30"], typed
    assert found("tht hoa binh", now) == []


def test_what_was_cut_is_counted(make, now):
    for number in range(23):
        make(f"HTX An Hòa {number:02}")
    cards = member_queries.find_organisations(text="an hoa", on=now.date())
    assert (len(cards.rows), cards.more) == (20, 3)


def test_a_persons_code_finds_nothing(make, now):
    make("Hộ kinh doanh Mẫu", kind="household_business", tax_code="031085000123")
    assert found("031085000123", now) == []
