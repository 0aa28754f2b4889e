"""An organisation's own pages: its people, invitations, leaving; and the inbox of each of them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from linkage.notices.models import Kind, MessageChoice, Notice
from linkage.notices.services import News, tell_people
from linkage.registry.models import AccessCode, Membership, Organisation, User
from tests.web import register

pytestmark = pytest.mark.django_db


@pytest.fixture
def coop() -> Organisation:
    return register.organisation("HTX Tân Trào")


@pytest.fixture
def manager(acting_for: Callable[..., Client], coop: Organisation) -> Client:
    return acting_for(coop, username="quan-ly")


@pytest.fixture
def colleague(acting_for: Callable[..., Client], coop: Organisation) -> Client:
    return acting_for(coop, role="member", username="dong-nghiep")


def of(username: str) -> Membership:
    return Membership.objects.get(user__username=username)


def test_one_organisation_is_opened_at_once_several_are_listed(
    manager: Client, coop: Organisation
) -> None:
    assert manager.get("/mine/")["Location"] == f"/mine/{coop.pk}/"
    other = register.organisation("HTX Khác")
    user = User.objects.get(username="quan-ly")
    Membership.objects.create(user=user, organisation=other, role="member", starts="2020-01-01")
    assert f"/mine/{other.pk}/" in manager.get("/mine/").content.decode()


def test_the_menu_leads_to_the_own_page_and_to_no_office(
    manager: Client, coop: Organisation
) -> None:
    body = manager.get(f"/mine/{coop.pk}/").content.decode()
    assert 'href="/mine/"' in body
    assert 'href="/organisations/"' not in body


def test_a_member_of_another_organisation_sees_the_404_of_a_wrong_address(
    acting_for: Callable[..., Client], coop: Organisation
) -> None:
    stranger = acting_for(register.organisation("HTX Khác"))
    for page in ("", "people/", "people/invite/", "leave/"):
        assert stranger.get(f"/mine/{coop.pk}/{page}").status_code == 404


def test_who_manages_invites_and_takes_back(manager: Client, coop: Organisation) -> None:
    people = f"/mine/{coop.pk}/people/"
    manager.post(f"{people}invite/", {"address": "0912345678", "role": "member"})
    code = AccessCode.objects.get()
    assert (code.way, code.address) == ("phone", "+84912345678")
    assert "0912 345 678" in manager.get(people).content.decode()
    manager.post(f"/mine/{coop.pk}/codes/{code.pk}/cancel/")
    code.refresh_from_db()
    assert code.cancelled_at is not None


def test_who_only_acts_for_it_sees_the_people_and_no_buttons(
    manager: Client, colleague: Client, coop: Organisation
) -> None:
    body = colleague.get(f"/mine/{coop.pk}/people/").content.decode()
    assert "Người quan-ly" in body
    assert "/end/" not in body
    assert "/invite/" not in body
    assert colleague.get(f"/mine/{coop.pk}/people/invite/").status_code == 404
    ended = colleague.post(f"/mine/{coop.pk}/people/{of('quan-ly').pk}/end/", {"version": 1})
    assert ended.status_code == 404
    assert of("quan-ly").ends is None


def test_who_manages_changes_a_role_and_ends_an_access(
    manager: Client, colleague: Client, coop: Organisation
) -> None:
    address = f"/mine/{coop.pk}/people/{of('dong-nghiep').pk}/"
    manager.post(f"{address}role/", {"version": 1, "role": "admin"})
    assert of("dong-nghiep").role == "admin"
    assert manager.post(f"{address}end/", {"version": 1}).status_code == 412
    manager.post(f"{address}end/", {"version": 2})
    assert colleague.get(f"/mine/{coop.pk}/").status_code == 404


def test_a_person_leaves_after_reading_what_it_means(manager: Client, coop: Organisation) -> None:
    assert manager.get(f"/mine/{coop.pk}/leave/").status_code == 200
    manager.post(f"/mine/{coop.pk}/leave/", {"sure": "on"})
    assert manager.get(f"/mine/{coop.pk}/").status_code == 404


def test_the_last_who_manages_is_asked_once_more(
    manager: Client, colleague: Client, coop: Organisation
) -> None:
    leave = f"/mine/{coop.pk}/leave/"
    assert "người cuối cùng quản lý tài khoản" in manager.get(leave).content.decode()
    assert 'id="id_sure_error"' in manager.post(leave).content.decode()
    own = f"/mine/{coop.pk}/people/{of('quan-ly').pk}/role/"
    asked = manager.post(own, {"version": 1, "role": "member"}).content.decode()
    assert "người cuối cùng quản lý tài khoản" in asked
    assert of("quan-ly").role == "admin"
    manager.post(own, {"version": 1, "role": "member", "sure": "on"})
    assert of("quan-ly").role == "member"


def test_who_is_not_the_last_is_not_asked(
    manager: Client, acting_for: Callable[..., Client], coop: Organisation
) -> None:
    acting_for(coop, username="quan-ly-hai")
    assert "id_sure" not in manager.get(f"/mine/{coop.pk}/leave/").content.decode()
    own = f"/mine/{coop.pk}/people/{of('quan-ly').pk}/role/"
    manager.post(own, {"version": 1, "role": "member"})
    assert of("quan-ly").role == "member"


def test_who_manages_names_contact_people(
    manager: Client, colleague: Client, coop: Organisation
) -> None:
    there = f"/mine/{coop.pk}/contacts/"
    assert "Chưa có người liên hệ nào" in colleague.get(there).content.decode()
    said = {"name": "Bà Lan", "phone": "0912345678", "version": coop.version}
    assert colleague.post(there, said).status_code == 404
    manager.post(there, said)
    assert "0912 345 678" in colleague.get(there).content.decode()
    (person,) = coop.contacts.all()
    coop.refresh_from_db()
    gone = {"contact": person.pk, "version": coop.version}
    assert colleague.post(f"{there}remove/", gone).status_code == 404
    manager.post(f"{there}remove/", gone)
    assert not coop.contacts.exists()


def test_the_representative_of_the_register_stays(manager: Client, coop: Organisation) -> None:
    kept = coop.contacts.create(name="Ông Hải", phone="", is_representative=True)
    there = f"/mine/{coop.pk}/contacts/"
    gone = {"contact": kept.pk, "version": coop.version}
    assert manager.post(f"{there}remove/", gone).status_code == 404
    assert coop.contacts.exists()


def test_staff_end_an_access_and_change_a_role(
    staff: Client, manager: Client, coop: Organisation
) -> None:
    address = f"/members/{coop.pk}/people/{of('quan-ly').pk}/"
    assert address in staff.get(f"/members/{coop.pk}/").content.decode()
    staff.post(f"{address}role/", {"version": 1, "role": "member"})
    staff.post(f"{address}end/", {"version": 2})
    assert manager.get(f"/mine/{coop.pk}/").status_code == 404


def test_an_invitation_without_an_address_is_refused_at_its_field(
    manager: Client, coop: Organisation
) -> None:
    posted = {"address": "nobody", "role": "member"}
    body = manager.post(f"/mine/{coop.pk}/people/invite/", posted).content.decode()
    assert 'id="id_address_error"' in body
    assert "Số điện thoại hoặc email không hợp lệ." in body


@pytest.fixture
def told(manager: Client, coop: Organisation) -> Notice:
    user = User.objects.get(username="quan-ly")
    news = News(
        Kind.MEMBERS, "joined", "organisation", coop.pk, "k",
        {"organisation": coop.name, "person": "Lan"},
    )  # fmt: skip
    tell_people(user_ids=[user.pk], news=news, now=timezone.now(), organisation_id=coop.pk)
    return Notice.objects.get()


def test_the_number_of_unread_notices_stands_on_every_page(
    manager: Client, told: Notice, coop: Organisation
) -> None:
    for page in (f"/mine/{coop.pk}/", "/", "/khong-co-trang-nay/"):
        assert '<span class="unread">1' in manager.get(page).content.decode()
    manager.post("/inbox/read/")
    assert 'class="unread"' not in manager.get("/").content.decode()


def test_opening_a_notice_reads_it_and_leads_to_its_subject(
    manager: Client, told: Notice, coop: Organisation
) -> None:
    assert "Lan" in manager.get("/inbox/").content.decode()
    assert manager.post(f"/inbox/{told.pk}/")["Location"] == f"/mine/{coop.pk}/people/"
    # Merged since: it leads to the survivor's page.
    gone = Organisation.objects.create(name="HTX Gộp", origin="staff", merged_into=coop)
    Notice.objects.filter(pk=told.pk).update(subject_id=gone.pk, organisation=gone)
    assert manager.post(f"/inbox/{told.pk}/")["Location"] == f"/mine/{coop.pk}/people/"
    told.refresh_from_db()
    assert told.read_at is not None


def test_another_persons_notice_is_a_404(colleague: Client, told: Notice) -> None:
    assert colleague.post(f"/inbox/{told.pk}/").status_code == 404
    told.refresh_from_db()
    assert told.read_at is None


def test_messages_are_chosen_by_kind(manager: Client) -> None:
    manager.post("/inbox/choices/", {"kinds": ["match", "proposal"]})
    assert set(MessageChoice.objects.values_list("kind", flat=True)) == {"match", "proposal"}
    body = manager.get("/inbox/choices/").content.decode()
    assert body.count(" checked") == 2
    assert manager.post("/inbox/choices/", {"kinds": ["gossip"]}).status_code == 400
