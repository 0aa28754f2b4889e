"""The pages of a field officer: the list, the call, the consent, and those of the organisation."""

from __future__ import annotations

import html
import re
import tempfile
from datetime import timedelta

import pytest
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from linkage.agreements import services as agreements
from linkage.agreements.models import Linkage
from linkage.jobs.models import Event
from linkage.market.models import Offer, OfferFloor
from linkage.registry.access import Actor
from linkage.registry.models import (
    Call,
    ConsentEnd,
    ContactPerson,
    OfficerAct,
    OfficerConsent,
    Role,
)
from tests import scans
from tests.market import town
from tests.officers import field

BACKEND = "django.contrib.auth.backends.ModelBackend"
PHONE = "+84912345678"
SECRET = "87123"


@pytest.fixture
def today():
    return localdate()


@pytest.fixture
def browser(user):
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


@pytest.fixture
def sought(coop, firm, today):
    """A reason to ring the co-op."""
    ContactPerson.objects.create(organisation=coop, name="Bà Tỏi", phone=PHONE)
    return town.post(firm, town.NEED, starts=today, ends=today + timedelta(days=30))


@pytest.fixture
def let(user, coop, today):
    return field.consent(
        user, coop, now=timezone.now(), given_on=today,
        until=today + timedelta(days=60),
    )  # fmt: skip


def typed(today, **changes):
    return {
        "given_by": "Bà Tỏi, giám đốc", "way": "phone", "given_on": today.isoformat(),
        "until": (today + timedelta(days=60)).isoformat(), "deeds": ["posts", "talks", "papers"],
        **changes,
    }  # fmt: skip


def offer(today, **changes):
    return {
        "commodity": "Tỏi", "quantity": "3", "unit": "tan", "period": "once",
        "starts": today.isoformat(),
        "ends": (today + timedelta(days=20)).isoformat(), "price": SECRET, "price_unit": "kg",
        **changes,
    }  # fmt: skip


def text(client, name, *args, **kwargs):
    answer = client.get(reverse(f"web:{name}", args=args), **kwargs)
    assert answer.status_code == 200, answer
    return answer.content.decode()


def test_the_list_says_whom_and_why_with_numbers_and_no_telephone(browser, coop, sought):
    shown = text(browser, "calls")
    assert "HTX Tỏi" in shown
    assert "1 đơn vị đang tìm mua Tỏi" in shown
    assert "912" not in shown
    assert "Bà Tỏi" not in shown


def test_the_page_of_a_call_shows_the_telephone_and_notes_the_look(browser, coop, sought, user):
    shown = text(browser, "call", coop.pk)
    assert f"tel:{PHONE}" in shown
    noted = Event.objects.get(kind="contacts_read")
    assert (noted.subject_id, noted.actor_id) == (str(coop.pk), user.pk)
    look = Event.objects.get(kind="read")
    assert (look.actor_id, look.subject_id) == (user.pk, f"organisation:{coop.pk}")
    assert look.data == {
        "of": "organisation", "ids": [coop.pk], "what": ["area_page"], "page": "web:call",
        "organisation_id": str(coop.pk),
    }  # fmt: skip


def test_what_came_of_a_call_takes_the_co_op_off_the_list(browser, coop, sought):
    address = reverse("web:call_note", args=[coop.pk])
    assert browser.post(address, {"outcome": "no_answer"}).status_code == 302
    assert "HTX Tỏi" not in text(browser, "calls")
    assert Call.objects.get().outcome == "no_answer"
    refused = browser.post(address, {"outcome": "again"})
    assert refused.status_code == 200
    assert "Hãy ghi ngày gọi lại" in refused.content.decode()


def test_one_tap_leads_to_the_consent_and_with_it_to_the_act(browser, coop, sought, today):
    record = reverse("web:consent_record", args=[coop.pk])
    assert record in text(browser, "calls")
    assert browser.post(record, typed(today)).status_code == 302
    assert OfficerConsent.objects.get().given_by == "Bà Tỏi, giám đốc"
    assert reverse("web:offer_add", args=[coop.pk]) in text(browser, "calls")


def test_with_consent_it_posts_on_the_pages_of_the_members(browser, coop, let, today):
    assert "Bạn đang nhập thay HTX Tỏi" in text(browser, "offer_add", coop.pk)
    answer = browser.post(reverse("web:offer_add", args=[coop.pk]), offer(today))
    assert answer.status_code == 302, answer.content.decode()
    made = Offer.objects.get()
    assert OfferFloor.objects.filter(pk=made.pk).exists()
    for name in ("offer", "offer_limit", "offer_edit"):
        shown = text(browser, name, coop.pk, made.pk)
        assert SECRET not in shown.replace(".", ""), name
    page = text(browser, "offer", coop.pk, made.pk)
    assert "Niêm phong" in page
    assert "do cán bộ Cán bộ Một nhập thay" in page
    assert "1 việc đã nhập thay mà đơn vị chưa được báo" in text(browser, "call", coop.pk)
    browser.post(reverse("web:call_told", args=[coop.pk]))
    assert OfficerAct.objects.get().told_on_phone_at is not None


def test_with_consent_it_posts_quickly_with_the_price_typed_in_blind(browser, coop, let):
    address = reverse("web:quick", args=[coop.pk])
    assert address in text(browser, "member_home", coop.pk)
    assert "Bạn đang nhập thay HTX Tỏi" in text(browser, "quick", coop.pk)
    said = f"bán 3 tạ tỏi giá {SECRET}đ/kg"
    form = browser.post(address, {"text": said}).context["form"]
    sent = {name: form[name].value() or "" for name in form.fields if name != "marks"}
    told = {"text": said, "read": said, "shown_kind": "offer"}
    sent = {**sent, **told, "keeps_text": "on"}
    answer = browser.post(address, sent)
    assert answer.status_code == 302, answer.content.decode()
    made = Offer.objects.get()
    assert OfferFloor.objects.get(pk=made.pk).price == int(SECRET) * 1000
    assert OfficerAct.objects.get().consent == let
    shown = text(browser, "offer", coop.pk, made.pk) + text(browser, "quick", coop.pk)
    assert SECRET not in shown.replace(".", "")
    assert made.note == "bán 3 tạ tỏi giá"


def test_a_consent_for_other_deeds_opens_no_quick_post(browser, user, coop, today):
    until = today + timedelta(days=30)
    field.consent(user, coop, now=timezone.now(), given_on=today, until=until, deeds=["papers"])
    address = reverse("web:quick", args=[coop.pk])
    for answer in (browser.get(address), browser.post(address, {"text": "bán 3 tạ tỏi"})):
        assert answer.status_code in (403, 404, 409)
    assert address not in text(browser, "member_home", coop.pk)


@pytest.mark.parametrize(
    "name", ["own_contacts", "member_people", "member_invite", "own_chain", "own_consents"]
)
def test_the_organisations_own_affairs_are_closed_to_it(browser, coop, let, name):
    assert browser.get(reverse(f"web:{name}", args=[coop.pk])).status_code == 404


@pytest.mark.parametrize("name", ["member_home", "offers", "suggestions", "own_linkages"])
def test_the_pages_to_act_on_open_with_a_consent_and_close_with_its_end(browser, coop, let, name):
    text(browser, name, coop.pk)
    end = reverse("web:consent_withdraw", args=[coop.pk, let.pk])
    assert browser.post(end).status_code == 302
    assert browser.get(reverse(f"web:{name}", args=[coop.pk])).status_code == 404


def test_the_organisations_people_see_what_was_done_and_withdraw(coop, let, browser, today):
    browser.post(reverse("web:offer_add", args=[coop.pk]), offer(today))
    client = Client()
    client.force_login(town.person(coop), backend=BACKEND)
    shown = text(client, "own_consents", coop.pk)
    assert "Cán bộ Một" in shown
    assert reverse("web:offer", args=[coop.pk, Offer.objects.get().pk]) in shown
    end = reverse("web:own_consent_withdraw", args=[coop.pk, let.pk])
    assert client.post(end).status_code == 302
    assert ConsentEnd.objects.get().consent == let
    assert browser.get(reverse("web:offers", args=[coop.pk])).status_code == 404


NOT_THERE = 999_999


@pytest.mark.parametrize("name", ["organisation", "call", "consent_record", "offers"])
def test_outside_the_area_is_as_what_does_not_exist(browser, elsewhere, name):
    there, nowhere = (
        browser.get(reverse(f"web:{name}", args=[pk])) for pk in (elsewhere.pk, NOT_THERE)
    )
    assert there.status_code == nowhere.status_code == 404
    assert _bare(there.content) == _bare(nowhere.content)
    assert not Event.objects.filter(kind__in=["read", "contacts_read"]).exists()


def _bare(body):
    return b"\n".join(line for line in body.split(b"\n") if b"csrfmiddlewaretoken" not in line)


@pytest.mark.parametrize("name", ["organisations", "linkages", "market_offers", "dashboard"])
def test_the_offices_lists_open_for_the_area_and_each_look_is_noted(browser, coop, elsewhere, name):
    shown = text(browser, name)
    assert "HTX Nơi Khác" not in shown
    assert Event.objects.get(kind="read").data["page"] == f"web:{name}"


@pytest.mark.parametrize("name", ["chains", "programmes", "imports", "accounts", "verification"])
def test_what_is_over_all_organisations_stays_closed(browser, name):
    assert browser.get(reverse(f"web:{name}")).status_code == 404


def test_it_begins_with_whom_to_ring_and_its_menu_offers_what_it_may(browser, coop):
    shown = text(browser, "calls")
    for name in ("calls", "organisations", "linkages", "market_offers", "dashboard"):
        assert f'href="{reverse(f"web:{name}")}"' in shown, name
    for name in ("chains", "imports", "accounts", "programmes"):
        assert f'href="{reverse(f"web:{name}")}"' not in shown, name


def test_nobody_else_has_the_list(client, coop):
    client.force_login(town.person(coop), backend=BACKEND)
    assert client.get(reverse("web:calls")).status_code == 404


def test_both_sides_read_who_entered_it_in_whose_stead(coop, firm, let, browser, today):
    need = town.post(firm, town.NEED, starts=today, ends=today + timedelta(days=30))
    browser.post(reverse("web:offer_add", args=[coop.pk]), offer(today))
    ask = reverse("web:talk_about_need", args=[coop.pk, need.pk])
    sent = {"post": Offer.objects.get().pk, "text": "Còn cần tỏi không?"}
    assert browser.post(ask, sent).status_code == 302
    talk = Linkage.objects.get()
    propose = reverse("web:talk_propose", args=[coop.pk, talk.pk])
    terms = {
        "quantity": "1", "unit": "tan", "price": "9000", "starts": today.isoformat(),
        "ends": (today + timedelta(days=9)).isoformat(), "version": talk.version,
    }  # fmt: skip
    assert browser.post(propose, terms).status_code == 302
    buyer = Client()
    buyer.force_login(firm.memberships.get().user, backend=BACKEND)
    for client, own in ((browser, coop), (buyer, firm)):
        shown = text(client, "own_linkage", own.pk, talk.pk)
        # At the message, at the terms, and at each line of the history.
        assert shown.count("do cán bộ Cán bộ Một nhập thay") >= 4
    page = text(browser, "own_linkage", coop.pk, talk.pk)
    for name in ("talk_accept", "talk_decline", "own_terminate", "talk_share"):
        closed = reverse(f"web:{name}", args=[coop.pk, talk.pk])
        assert closed not in page, name
        assert browser.post(closed, {"version": talk.version}).status_code == 404, name


@pytest.mark.parametrize("name", ["calls", "call", "organisation", "member_home", "suggestions"])
def test_whatever_a_page_leads_an_officer_to_is_open_to_it(browser, coop, sought, let, name):
    shown = text(browser, name, *(() if name == "calls" else (coop.pk,)))
    to = set(re.findall(r'href="(/[^"#]*)"', shown))
    assert len(to) > 5
    assert [at for at in sorted(to) if browser.get(html.unescape(at)).status_code == 404] == []


def test_a_form_that_comes_back_with_its_page_is_a_look_too(browser, coop, let):
    """An empty form sent to a page shows all that the page shows."""
    for name in ("offer_add", "own_declare"):
        before = Event.objects.filter(kind="read").count()
        answer = browser.post(reverse(f"web:{name}", args=[coop.pk]), {})
        assert answer.status_code == 200
        noted = Event.objects.filter(kind="read")
        assert noted.count() == before + 1
        assert noted.latest("pk").data["page"] == f"web:{name}"


def test_a_linkage_of_the_area_shows_neither_scans_nor_what_the_verifier_said(
    browser, coop, firm, user
):
    """By its area alone: whoever acts for a side brings scans, and is told what is asked for."""
    number = "HD-9"
    made = Linkage.objects.create(
        seller=coop, buyer=firm, starts=town.TODAY, state="in_force", origin="register",
        contract_number=number,
    )  # fmt: skip
    verifier = Actor(None, frozenset({Role.VERIFIER}))
    staff = Actor(None, frozenset({Role.CITY_STAFF}))
    now = timezone.now()
    with override_settings(MEDIA_ROOT=tempfile.mkdtemp()):
        agreements.attach_evidence_by_office(
            actor=staff, linkage_id=made.pk, file=scans.scan("a"), now=now
        )
    made.refresh_from_db()
    agreements.send_back(
        actor=verifier, linkage_id=made.pk, version=made.version, reason="Mờ quá Zqx", now=now
    )
    shown = text(browser, "linkage", made.pk)
    assert number in shown
    assert "Zqx" not in shown
    assert made.evidence_files.get().sha256 not in shown
