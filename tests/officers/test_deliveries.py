"""Deliveries that an officer enters for an organisation that lets it; and what stays closed."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from linkage.agreements import services, talks
from linkage.agreements.models import Delivery
from linkage.agreements.services.delivering import MembersDelivery, OthersDelivery
from linkage.agreements.services.parties import ActedForOtherSide
from linkage.errors import NotFound
from linkage.jobs import outbox
from linkage.jobs.models import Event
from linkage.notices.models import Notice
from linkage.registry.access import NotConsented
from linkage.registry.models import OfficerAct
from linkage.registry.services import withdraw_consent
from tests.market import town
from tests.officers import field
from worker.handlers import CONSUMERS

KEY = {"idempotency-key": "mot-lan-thoi"}
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def today():
    return localdate()


@pytest.fixture
def officer(user, coop, today):
    return let(user, coop, today, deeds=["deliveries"])


def let(user, organisation, today, **changes):
    field.consent(
        user, organisation, now=timezone.now(), given_on=today,
        until=today + timedelta(days=60), **changes,
    )  # fmt: skip
    return field.acting(user, on=today)


@pytest.fixture
def contract(coop, firm, today):
    """Three tonnes on paper between the co-op and the firm, in force."""
    return services.declare(
        actor=town.actor(firm, firm.memberships.get().user_id), organisation_id=firm.pk,
        side="buyer", partner={"name": coop.name, "kind": "cooperative"}, now=timezone.now(),
        terms={
            "contract_number": "12/HĐ", "starts": today - timedelta(days=30),
            "ends": today + timedelta(days=30), "product": "Tỏi", "quantity": Decimal(3),
            "unit": "tan",
        },
    )  # fmt: skip


def enter(actor, organisation, contract, **changes):
    values = {"on": localdate(), "quantity": Decimal(1), "unit": "tan", "now": timezone.now()}
    own = {"actor": actor, "organisation_id": organisation.pk, "linkage_id": contract.pk}
    return services.enter_delivery(**own, **{**values, **changes})


def answer(service, actor, organisation, delivery, **more):
    return service(
        actor=actor, organisation_id=organisation.pk, linkage_id=delivery.linkage_id,
        delivery_id=delivery.pk, now=timezone.now(), **more,
    )  # fmt: skip


def seen(actor, organisation, contract):
    return talks.talk(
        actor=actor, organisation_id=organisation.pk, linkage_id=contract.pk, on=localdate()
    )


def deliver():
    outbox.deliver_due(consumers=CONSUMERS, clock=timezone.now)


def test_it_enters_a_delivery_with_its_name_on_it_and_the_organisation_is_told(
    officer, coop, firm, contract
):
    member = town.person(coop)
    made = enter(officer, coop, contract)
    assert (made.side, made.state, made.entered_by_id) == ("seller", "entered", officer.user_id)
    event = Event.objects.get(kind="delivery_entered")
    assert (event.actor_id, event.data["on_behalf"]) == (officer.user_id, coop.pk)
    act = OfficerAct.objects.get()
    assert (act.kind, act.subject_id) == ("delivery_entered", contract.pk)
    deliver()
    told = Notice.objects.get(user=member, what="officer_delivery")
    assert told.data["person"] == "Cán bộ Một"
    # The other side confirms it, as if a member had entered it.
    assert Notice.objects.filter(organisation=firm, kind="delivery").count() == 1
    buyer = town.actor(firm, firm.memberships.get().user_id)
    assert answer(services.confirm_delivery, buyer, firm, made).state == "confirmed"


def test_a_consent_for_something_else_is_not_enough(user, coop, contract, today):
    actor = let(user, coop, today, deeds=["posts", "talks", "papers"])
    assert "deliver" not in seen(actor, coop, contract).acts
    with pytest.raises(NotConsented):
        enter(actor, coop, contract)
    assert not Delivery.objects.exists()


def test_without_a_consent_the_contract_is_not_there(user, coop, contract, today):
    with pytest.raises(NotFound):
        enter(field.acting(user, on=today), coop, contract)


def test_a_consent_that_was_withdrawn_a_moment_ago_undoes_it(officer, coop, contract, user):
    withdraw_consent(
        actor=officer, organisation_id=coop.pk, now=timezone.now(),
        consent_id=user.consents_recorded.get().pk,
    )  # fmt: skip
    with pytest.raises(NotFound):
        enter(officer, coop, contract)
    assert not Delivery.objects.exists()


def test_it_takes_back_what_it_entered_and_nothing_of_the_organisations_people(
    officer, coop, contract
):
    own, theirs = enter(officer, coop, contract), enter(town.actor(coop), coop, contract)
    read = seen(officer, coop, contract)
    assert (read.to_take_back, read.to_answer) == ({own.pk}, frozenset())
    with pytest.raises(MembersDelivery):
        answer(services.withdraw_delivery, officer, coop, theirs)
    assert answer(services.withdraw_delivery, officer, coop, own).state == "withdrawn"
    # A member takes back either.
    assert seen(town.actor(coop), coop, contract).to_take_back == {theirs.pk}


def test_the_organisations_people_take_back_what_the_officer_entered(officer, coop, contract):
    own = enter(officer, coop, contract)
    assert seen(town.actor(coop), coop, contract).to_take_back == {own.pk}
    assert answer(services.withdraw_delivery, town.actor(coop), coop, own).state == "withdrawn"


def test_it_answers_no_delivery_of_the_other_side(officer, coop, firm, contract):
    buyer = town.actor(firm, firm.memberships.get().user_id)
    theirs = enter(buyer, firm, contract)
    assert seen(town.actor(coop), coop, contract).to_answer == {theirs.pk}
    assert seen(officer, coop, contract).to_answer == frozenset()
    for service, more in (
        (services.confirm_delivery, {}),
        (services.dispute_delivery, {"reason": "x"}),
    ):
        with pytest.raises(NotFound):
            answer(service, officer, coop, theirs, **more)
    with pytest.raises(OthersDelivery):
        answer(services.withdraw_delivery, officer, coop, theirs)
    theirs.refresh_from_db()
    assert theirs.state == "entered"


def test_who_entered_for_one_side_enters_nothing_for_the_other(user, coop, firm, contract, today):
    firm.commune_facts.update(commune_id="1")
    let(user, coop, today)
    both = let(user, firm, today)
    enter(both, coop, contract)
    with pytest.raises(ActedForOtherSide):
        enter(both, firm, contract)


@pytest.fixture
def browser(user):
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def typed(today):
    return {"on": today.isoformat(), "quantity": "1", "unit": "tan"}


def test_the_page_takes_it_and_names_the_officer_to_both_sides(
    browser, officer, coop, firm, contract, today
):
    there = reverse("web:own_linkage", args=[coop.pk, contract.pk])
    form = reverse("web:talk_deliver", args=[coop.pk, contract.pk])
    assert form in browser.get(there).content.decode()
    assert "Bạn đang nhập thay HTX Tỏi" in browser.get(form).content.decode()
    assert browser.post(form, typed(today)).status_code == 302
    made = Delivery.objects.get()
    back = reverse("web:delivery_withdraw", args=[coop.pk, contract.pk, made.pk])
    shown = browser.get(there).content.decode()
    assert back in shown
    named = "do cán bộ Cán bộ Một nhập thay"
    client = Client()
    client.force_login(firm.memberships.get().user, backend=BACKEND)
    other = client.get(reverse("web:own_linkage", args=[firm.pk, contract.pk])).content.decode()
    # In the table and in the history.
    assert (shown.count(named), other.count(named)) == (2, 2)
    assert browser.post(back).status_code == 302
    made.refresh_from_db()
    assert made.state == "withdrawn"


def test_the_other_sides_delivery_is_shown_without_buttons(browser, officer, coop, firm, contract):
    buyer = town.actor(firm, firm.memberships.get().user_id)
    theirs = enter(buyer, firm, contract)
    shown = browser.get(reverse("web:own_linkage", args=[coop.pk, contract.pk])).content.decode()
    confirm = reverse("web:delivery_confirm", args=[coop.pk, contract.pk, theirs.pk])
    assert confirm not in shown
    assert browser.post(confirm).status_code == 404


def test_the_api_takes_it_and_takes_it_back(browser, officer, coop, contract, today):
    there = reverse("api:deliveries", args=[coop.pk, contract.pk])
    said = {**typed(today), "quantity": 1}
    made = browser.post(there, said, content_type="application/json", headers=KEY)
    assert made.status_code == 201, made.json()
    ids = [coop.pk, contract.pk, made.json()["id"]]
    confirm = reverse("api:delivery_confirm", args=ids)
    answered = browser.post(confirm, content_type="application/json")
    assert answered.status_code == 404
    taken = browser.post(
        reverse("api:delivery_withdraw", args=ids), content_type="application/json"
    )
    assert (taken.status_code, taken.json()["state"]) == (200, "withdrawn")
    client = Client()
    client.force_login(town.person(coop), backend=BACKEND)
    acts = client.get(reverse("api:own_consents", args=[coop.pk])).json()["acts"]
    assert {act["officer"] for act in acts} == {"Cán bộ Một"}


@pytest.mark.parametrize("deeds", [None, ["talks"]])
def test_a_door_is_shut_without_the_consent(browser, user, coop, contract, today, deeds):
    if deeds:
        let(user, coop, today, deeds=deeds)
    status = 409 if deeds else 404
    page = browser.post(reverse("web:talk_deliver", args=[coop.pk, contract.pk]), typed(today))
    api = browser.post(
        reverse("api:deliveries", args=[coop.pk, contract.pk]),
        {**typed(today), "quantity": 1}, content_type="application/json", headers=KEY,
    )  # fmt: skip
    # The form says why it was refused.
    assert (page.status_code, api.status_code) == (200 if deeds else 404, status)
    assert not Delivery.objects.exists()
