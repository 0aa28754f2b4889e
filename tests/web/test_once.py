"""A form that is sent twice from one page is carried out once: one after the other, and at once."""

from __future__ import annotations

from datetime import date
from functools import partial

import pytest
from django.test import Client
from django.utils import timezone

from linkage.agreements.models import Message
from linkage.registry.access import OPERATOR
from linkage.registry.models import AccessCode, CodeTries
from linkage.registry.services import issue_code
from tests.agreements import deals
from tests.racing import at_once
from tests.web import register

SENDERS = 6


@pytest.fixture
def talk(db):
    """What sends a form of a talk under way, by default always the same one."""
    deal = deals.make()
    deal.now = timezone.now()
    for post in (deal.offer, deal.need):
        post.ends = date(2099, 12, 31)
        post.save()
    linkage = deal.ask()
    address = f"/mine/{deal.coop.pk}/linkages/{linkage.pk}/message/"
    seller = deals.User.objects.get(pk=deal.seller.user_id)

    def send(text="Còn 10 tấn", follow=False, **token):
        client = Client()
        client.force_login(seller, backend="django.contrib.auth.backends.ModelBackend")
        return client.post(address, {"text": text, **token}, follow=follow)

    return send


def texts():
    return list(Message.objects.order_by("pk").values_list("text", flat=True))[1:]


def of_page(number):
    return {"csrfmiddlewaretoken": f"page {number}"}


def test_sent_twice_from_one_page_it_is_done_once_and_answered_alike(talk):
    first, second = talk(**of_page(1)), talk(**of_page(1))
    assert texts() == ["Còn 10 tấn"]
    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])


def test_the_same_words_from_another_page_and_other_words_from_the_same_are_new(talk):
    talk(**of_page(1))
    talk(**of_page(2))
    talk("Còn 9 tấn", **of_page(2))
    assert texts() == ["Còn 10 tấn", "Còn 10 tấn", "Còn 9 tấn"]


def test_what_was_refused_is_answered_as_refused_again(talk):
    for _ in range(2):
        body = talk("", follow=True, **of_page(1)).content.decode()
        assert ("bắt buộc" in body, "một lần" in body) == (True, False)
    assert texts() == []


@pytest.mark.django_db(transaction=True)
def test_of_many_sent_at_once_from_one_page_one_is_done(talk):
    answers = at_once([partial(talk, **of_page(1))] * SENDERS)
    assert texts() == ["Còn 10 tấn"]
    assert len({answer["Location"] for answer in answers}) == 1


@pytest.mark.django_db(transaction=True)
def test_the_control_without_the_pages_token_is_done_each_time(talk):
    at_once([talk] * SENDERS)
    assert len(texts()) == SENDERS


def test_a_wrong_code_counts_though_it_is_refused(signed_in):
    nobody = signed_in()
    for _ in range(2):
        nobody.post("/mine/join/code/", {"code": "AAAAA-AAAAA", **of_page(1)})
    assert CodeTries.objects.get().tries == 2


def test_what_was_refused_once_is_carried_out_once_when_it_can_be(signed_in):
    nobody, coop = signed_in(), register.organisation("HTX Tân Trào")
    issued = issue_code(
        actor=OPERATOR, organisation_id=coop.pk, role="member", way="letter", now=timezone.now()
    )
    AccessCode.objects.update(cancelled_at=timezone.now())
    send = partial(nobody.post, "/mine/join/code/", {"code": issued.secret, **of_page(1)})
    assert send().status_code != 302
    AccessCode.objects.update(cancelled_at=None)
    assert [send().status_code for _ in range(2)] == [302, 302]
    assert CodeTries.objects.get().tries == 2


def test_a_letter_that_is_asked_for_again_is_neither_made_nor_shown_again(staff):
    coop = register.organisation("HTX Tân Trào")
    form = {"way": "letter", "role": "admin", "address": "", **of_page(1)}
    page = f"/members/{coop.pk}/code/"
    assert "letter-code" in staff.post(page, form).content.decode()
    again = staff.post(page, form, follow=True)
    assert again.redirect_chain[-1][0] == f"/members/{coop.pk}/"
    assert "letter-code" not in again.content.decode()
    assert AccessCode.objects.count() == 1
