"""The pages of pools: from a need to all its suppliers, each answer, and what members never see."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from linkage.agreements.models import Linkage, PoolProposal
from linkage.jobs.models import Job
from linkage.jobs.services import beat
from linkage.market.models import Need, Offer, OfferFloor
from linkage.notices.models import Notice
from linkage.registry.models import Organisation
from linkage.suggestions.services import look_for_pool
from tests.market import town
from tests.market.town import NEED

pytestmark = pytest.mark.django_db
TOKEN = re.compile(rb'(name="csrfmiddlewaretoken" value=|nonce=)"[^"]*"')


@pytest.fixture
def firm(db):
    town.catalogue()
    town.places()
    return town.organisation("Công ty Gom", "enterprise")


def window():
    today = timezone.localdate()
    return {"starts": today, "ends": today.replace(year=today.year + 1)}


@pytest.fixture
def need(firm):
    return town.post(firm, NEED, now=timezone.now(), quantity=Decimal(8), **window())


@pytest.fixture
def coops(firm):
    made = [town.organisation(f"HTX {name}", commune="1") for name in ("Một", "Hai", "Ba")]
    for one, tonnes in zip(made, (5, 4, 1), strict=True):
        town.post(one, now=timezone.now(), quantity=Decimal(tonnes), **window())
    return made


@pytest.fixture
def buyer(acting_for, firm):
    return acting_for(firm)


def at(name, organisation, id_):
    return reverse(f"web:{name}", args=[organisation.pk, id_])


def read(client, name, organisation, id_):
    answer = client.get(at(name, organisation, id_))
    assert answer.status_code == 200
    return answer.content.decode()


def parts(need, **changed):
    """What the form is sent with."""
    said = {
        "price": "6.000",
        "price_unit": "kg",
        "answer_by": timezone.localdate() + timedelta(days=5),
    }
    for part in need.pool_suggestion.parts.all():
        at_part = f"_{part.offer_id}"
        said["quantity" + at_part] = str(part.quantity // 1_000_000)
        said |= {"starts" + at_part: need.starts, "ends" + at_part: need.ends}
    return said | changed


@pytest.fixture
def pool(buyer, firm, need, coops):
    look_for_pool(need_id=need.pk, now=timezone.now())
    answer = buyer.post(at("pool_propose", firm, need.pk), parts(need))
    made = PoolProposal.objects.get()
    assert answer["Location"] == at("pool", firm, made.pk)
    return made


def test_its_pages_ask_as_many_queries_for_ten_members_as_for_two(buyer, firm, need, coops):
    Offer.objects.filter(organisation=coops[2]).update(quantity=10, total=10)

    def asked(quantity):
        Need.objects.filter(pk=need.pk).update(quantity=quantity, total=quantity)
        look_for_pool(need_id=need.pk, now=timezone.now())
        addresses = [at(name, firm, need.pk) for name in ("need_pool", "pool_propose")]
        buyer.post(addresses[1], parts(need))
        pool = PoolProposal.objects.latest("pk")
        addresses += [at("pool", firm, pool.pk), f"/api/v1/organisations/{firm.pk}/pools/{pool.pk}"]
        counts = []
        for address in addresses:
            with CaptureQueriesContext(connection) as captured:
                assert buyer.get(address).status_code == 200
            counts.append(len(captured))
        buyer.post(at("pool_withdraw", firm, pool.pk))
        return counts, pool.lines.count()

    few, two = asked(8_000_000)
    for number in range(8):
        more = town.organisation(f"HTX Thêm {number}", commune="1")
        town.post(more, now=timezone.now(), quantity=Decimal(5), **window())
    many, ten = asked(45_000_000)
    assert (two, ten) == (2, 9)
    assert many == few


def test_from_the_needs_page_one_looks_and_finds_who_fills_it(buyer, firm, need, coops):
    assert at("need_pool", firm, need.pk) in read(buyer, "need", firm, need.pk)
    assert "Chưa tìm" in read(buyer, "need_pool", firm, need.pk)
    buyer.post(at("need_pool_look", firm, need.pk))
    assert Job.objects.get(kind="suggestions.pool").args == {"need": need.pk}
    assert "xử lý nền hiện không chạy" in read(buyer, "need_pool", firm, need.pk)
    beat(worker="w", now=timezone.now())
    assert "Hệ thống đang tìm" in read(buyer, "need_pool", firm, need.pk)
    Job.objects.update(state="done", finished_at=timezone.now())
    look_for_pool(need_id=need.pk, now=timezone.now())
    body = read(buyer, "need_pool", firm, need.pk)
    assert "2 bên gom lại là đủ" in body
    assert "HTX Một" in body and "HTX Hai" in body and "HTX Ba" not in body
    assert "Đã chứng minh" in body
    assert at("pool_propose", firm, need.pk) in body


def test_a_shortfall_says_by_how_much_and_what_would_close_it(buyer, firm, need, coops):
    need.certifications.add("VIETGAP")
    mark = town.certificate(coops[0], ends=need.ends)
    coops[0].offers.get().certificates.add(mark)
    look_for_pool(need_id=need.pk, now=timezone.now())
    body = read(buyer, "need_pool", firm, need.pk)
    assert "vẫn thiếu 3 tan" in body
    assert "thiếu VIETGAP" in body
    assert at("pool_propose", firm, need.pk) not in body
    assert buyer.get(at("pool_propose", firm, need.pk)).status_code == 302


def test_the_form_starts_with_what_was_found_and_refuses_in_its_fields(buyer, firm, need, coops):
    look_for_pool(need_id=need.pk, now=timezone.now())
    body = read(buyer, "pool_propose", firm, need.pk)
    brought = need.pool_suggestion.parts.values_list("quantity", flat=True)
    assert all(f'value="{quantity // 1_000_000}"' in body for quantity in brought)
    late = timezone.localdate() + timedelta(days=40)
    for changed, words in (
        ({"price": ""}, "bắt buộc"),
        ({"answer_by": late}, "từ 1 đến 14 ngày"),
    ):
        answer = buyer.post(at("pool_propose", firm, need.pk), parts(need, **changed))
        assert words in answer.content.decode()
    assert not PoolProposal.objects.exists()


def test_the_buyer_sees_who_has_answered_and_members_agree_one_by_one(
    acting_for, buyer, firm, coops, pool
):
    assert read(buyer, "pool", firm, pool.pk).count("Chưa trả lời") == 2
    first, second = (acting_for(one) for one in coops[:2])
    first.post(at("pool_agree", coops[0], pool.pk))
    body = read(buyer, "pool", firm, pool.pk)
    assert "1/2 bên đã đồng ý" in body
    assert body.count("Chưa trả lời") == 1
    second.post(at("pool_agree", coops[1], pool.pk))
    assert "Tất cả các bên đã đồng ý" in read(buyer, "pool", firm, pool.pk)
    assert set(Linkage.objects.values_list("state", flat=True)) == {"agreed"}


def test_who_is_told_is_led_to_the_pool(acting_for, coops, pool, firm, buyer, need):
    client = acting_for(coops[0])
    assert Notice.objects.count() == 0
    client.post(at("pool_agree", coops[0], pool.pk))
    told = Notice.objects.get(what="pool_agreed_to_buyer")
    answer = buyer.post(reverse("web:inbox_read", args=[told.pk]))
    assert answer["Location"] == at("pool", firm, pool.pk)
    assert at("pool", firm, pool.pk) in read(buyer, "need", firm, need.pk)


def test_who_declines_says_why_and_only_the_buyer_reads_it(acting_for, buyer, firm, coops, pool):
    first, second = (acting_for(one) for one in coops[:2])
    first.post(at("pool_agree", coops[0], pool.pk))
    assert "Lý do" in read(second, "pool_decline", coops[1], pool.pk)
    second.post(at("pool_decline", coops[1], pool.pk), {"reason": "Giá thấp quá"})
    assert "Giá thấp quá" in buyer.get(reverse("web:inbox")).content.decode()
    body = read(first, "pool", coops[0], pool.pk)
    assert "không thành" in body
    line = Linkage.objects.get(seller=coops[0])
    assert "Giá thấp quá" not in body + read(first, "own_linkage", coops[0], line.pk)
    assert "không còn giữ chỗ" in read(first, "own_linkage", coops[0], line.pk)


def test_the_buyer_takes_it_back(buyer, firm, pool):
    buyer.post(at("pool_withdraw", firm, pool.pk))
    assert "đã rút lại" in read(buyer, "pool", firm, pool.pk)


def test_a_part_leads_to_its_pool_and_is_not_answered_by_itself(acting_for, coops, pool):
    client = acting_for(coops[0])
    line = Linkage.objects.get(seller=coops[0])
    body = read(client, "own_linkage", coops[0], line.pk)
    assert at("pool", coops[0], pool.pk) in body
    assert at("talk_accept", coops[0], line.pk) not in body
    assert at("talk_decline", coops[0], line.pk) not in body
    answer = client.post(at("talk_accept", coops[0], line.pk), {"version": line.version})
    assert answer.status_code == 409


def test_what_a_refused_answer_says(acting_for, coops, pool):
    client = acting_for(coops[0])
    client.post(at("pool_agree", coops[0], pool.pk))
    answer = client.post(at("pool_agree", coops[0], pool.pk))
    assert answer.status_code == 409


def test_strangers_find_no_pool_and_members_no_other_organisations(acting_for, coops, pool, need):
    stranger = acting_for(coops[2])
    member = acting_for(coops[0])
    for client, of in ((stranger, coops[2]), (stranger, coops[0]), (member, coops[1])):
        assert client.get(at("pool", of, pool.pk)).status_code == 404
        assert client.post(at("pool_agree", of, pool.pk)).status_code == 404
        assert client.get(at("need_pool", of, need.pk)).status_code == 404
    assert member.post(at("pool_withdraw", coops[0], pool.pk)).status_code == 409


def seen_by_a_member(client, coop, pool):
    """All that a member can open of it, without what is made anew each time."""
    line = Linkage.objects.get(seller=coop)
    addresses = [
        at("pool", coop, pool.pk),
        at("own_linkage", coop, line.pk),
        reverse("web:own_linkages", args=[coop.pk]),
        reverse("web:inbox"),
        f"/api/v1/organisations/{coop.pk}/pools/{pool.pk}",
        f"/api/v1/organisations/{coop.pk}/linkages/{line.pk}",
    ]
    found = [client.get(address) for address in addresses]
    assert [answer.status_code for answer in found] == [200] * len(found)
    return [TOKEN.sub(b"", answer.content) for answer in found]


def test_no_member_reads_another_ones_floor_or_name(acting_for, coops, pool):
    client = acting_for(coops[0])
    before = seen_by_a_member(client, coops[0], pool)
    OfferFloor.objects.create(offer=coops[1].offers.get(), price=999_000)
    Organisation.objects.filter(pk=coops[1].pk).update(name="HTX Tên Khác", name_key="x")
    assert seen_by_a_member(client, coops[0], pool) == before
    # The control: what another member does is counted.
    acting_for(coops[1]).post(at("pool_agree", coops[1], pool.pk))
    assert seen_by_a_member(client, coops[0], pool)[0] != before[0]


def test_no_member_reads_afterwards_who_ended_it(acting_for, coops, pool):
    client = acting_for(coops[0])
    acting_for(coops[1]).post(at("pool_decline", coops[1], pool.pk), {"reason": "x"})
    for body in seen_by_a_member(client, coops[0], pool):
        assert b"HTX Hai" not in body
