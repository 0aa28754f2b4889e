"""Contact people, products and certificates of an organisation, and merging it, by page."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from linkage.catalogue.models import Certification
from linkage.registry.models import Membership, Organisation, User
from tests.web import register

pytestmark = pytest.mark.django_db
PARTS = ["contacts", "products", "certificates"]


@pytest.fixture
def vietgap(db: None) -> Certification:
    return Certification.objects.create(
        code="vietgap", name_vi="VietGAP", name_en="VietGAP", family="gap", issuer="", source=""
    )


@pytest.fixture
def coop(vietgap: Certification) -> Organisation:
    """With one contact, one product, one certificate."""
    made = register.organisation("HTX Rau Sạch")
    register.contact(made)
    register.product(made)
    made.certificates.create(
        certification=vietgap, number="VG-7", issuer="QUACERT", starts=date(2025, 1, 2)
    )
    return made


def add(client: Client, to: Organisation, part: str, **posted: Any) -> HttpResponse:
    answer: Any = client.post(f"/organisations/{to.pk}/{part}/add/", {"version": 1, **posted})
    return answer


def removal(of: Organisation, part: str) -> str:
    return f"/organisations/{of.pk}/{part}/{getattr(of, part).get().pk}/remove/"


def merge(client: Client, merged: Organisation, kept: Organisation, **posted: Any) -> HttpResponse:
    asked = {"version": 1, "merged_version": 1, "reason": "Ghi hai lần", **posted}
    answer: Any = client.post(f"/organisations/{merged.pk}/merge/{kept.pk}/", asked)
    return answer


def text(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_a_page_shows_a_certificate_with_number_issuer_and_period(
    auditor: Client, coop: Organisation
) -> None:
    body = text(auditor, f"/organisations/{coop.pk}/")
    for words in ("VietGAP", "VG-7", "QUACERT", "02/01/2025"):
        assert words in body


def test_those_who_only_read_see_no_way_to_change(auditor: Client, coop: Organisation) -> None:
    body = text(auditor, f"/organisations/{coop.pk}/")
    assert "/remove/" not in body
    assert "/add/" not in body
    assert "/merge/" not in body


def test_a_certificate_is_recorded(staff: Client, coop: Organisation) -> None:
    period = {"starts": "2024-01-01", "ends": "2024-12-31"}
    values = {"certification": "vietgap", "number": "VG-6", "issuer": "Cục A"}
    answer = add(staff, coop, "certificates", **values, **period)
    assert answer.status_code == 302
    made = coop.certificates.get(number="VG-6")
    assert (made.issuer, str(made.starts), str(made.ends)) == ("Cục A", *period.values())


@pytest.mark.parametrize(
    ("starts", "ends", "field"),
    [
        ("2025-06-01", "", "starts"),
        ("2024-06-01", "2024-05-31", "ends"),
        ("", "", "starts"),
        ("1900-01-01", "", "starts"),
        ("2024-06-01", "2150-01-01", "ends"),
    ],
)
def test_a_period_that_cannot_be_is_an_error_at_its_field(
    starts: str, ends: str, field: str, staff: Client, coop: Organisation
) -> None:
    answer = add(
        staff, coop, "certificates", certification="vietgap", starts=starts, ends=ends
    )  # fmt: skip
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert coop.certificates.count() == 1


def test_a_contact_is_added(staff: Client, coop: Organisation) -> None:
    add(staff, coop, "contacts", name="Bà Lê Thị C", phone="0912345679")
    assert coop.contacts.get(is_representative=False).phone == "+84912345679"


def test_a_wrong_telephone_is_an_error_at_its_field(staff: Client, coop: Organisation) -> None:
    answer = add(staff, coop, "contacts", name="Bà Lê Thị C", phone="12")
    assert 'id="id_phone_error"' in answer.content.decode()
    assert coop.contacts.count() == 1


def test_what_the_register_kept_of_a_telephone_can_be_sent_back_by_page_and_program(
    staff: Client, coop: Organisation
) -> None:
    written = "0912 345 678 (anh Nam), 0225 3 456 789 (cô)"
    coop.contacts.update(phone=written)
    address = f"/organisations/{coop.pk}/edit/"
    posted = {**staff.get(address).context["form"].initial, "members": 9, "founded_on": ""}
    assert staff.post(address, posted).status_code == 302
    answer = staff.patch(
        f"/api/v1/organisations/{coop.pk}",
        {"phone": written, "members": 10},
        content_type="application/json",
        headers={"If-Match": '"2"'},
    )
    assert answer.status_code == 200, answer.content
    assert coop.contacts.get().phone == written


def test_a_product_that_cannot_be_stored_is_an_error_at_its_field(
    staff: Client, coop: Organisation
) -> None:
    answer = add(staff, coop, "products", product="Ổi\x07găng")
    assert 'id="id_product_error"' in answer.content.decode()
    assert coop.products.count() == 1


def test_a_product_is_added(staff: Client, coop: Organisation) -> None:
    add(staff, coop, "products", product="Vải thiều")
    assert coop.products.filter(as_written="Vải thiều", is_main=False).exists()


def test_a_product_that_is_there_is_an_error_at_its_field(
    staff: Client, coop: Organisation
) -> None:
    answer = add(staff, coop, "products", product="CÀ RỐT")
    assert 'id="id_product_error"' in answer.content.decode()


@pytest.mark.parametrize(
    ("part", "words"),
    [("contacts", "Người Đại Diện"), ("products", "Cà rốt"), ("certificates", "VG-7")],
)
def test_a_removal_names_what_goes_and_waits_for_a_yes(
    part: str, words: str, staff: Client, coop: Organisation
) -> None:
    address = removal(coop, part)
    assert words in text(staff, address)
    assert getattr(coop, part).exists()
    staff.post(address, {"version": 1})
    assert not getattr(coop, part).exists()


@pytest.mark.parametrize("part", PARTS)
def test_what_another_organisation_has_is_not_there(
    part: str, staff: Client, coop: Organisation
) -> None:
    other = register.organisation("HTX Khác")
    address = removal(coop, part).replace(f"/{coop.pk}/", f"/{other.pk}/", 1)
    assert staff.post(address, {"version": 1}).status_code == 404
    assert getattr(coop, part).exists()


@pytest.mark.parametrize("part", PARTS)
def test_a_stale_version_is_refused_and_changes_nothing(
    part: str, staff: Client, coop: Organisation
) -> None:
    assert staff.post(removal(coop, part), {"version": 9}).status_code == 412
    assert getattr(coop, part).exists()


def test_an_unknown_part_is_a_404(staff: Client, coop: Organisation) -> None:
    assert staff.get(f"/organisations/{coop.pk}/colours/add/").status_code == 404


def test_a_choice_offers_who_has_the_same_name(staff: Client, coop: Organisation) -> None:
    twin = register.organisation("HTX Rau Sạch An Lão")
    register.organisation("HTX Lúa")
    body = text(staff, f"/organisations/{coop.pk}/merge/")
    assert f"/merge/{twin.pk}/" in body
    assert f"/merge/{coop.pk}/" not in body
    assert "HTX Lúa" not in body


def test_a_choice_finds_another_name(staff: Client, coop: Organisation) -> None:
    other = register.organisation("HTX Lúa")
    body = text(staff, f"/organisations/{coop.pk}/merge/?q=lua")
    assert f"/merge/{other.pk}/" in body


def test_a_preview_shows_what_moves_and_changes_nothing(staff: Client, coop: Organisation) -> None:
    kept = register.organisation("HTX Rau Sạch 2", tax_code=None)
    register.linkage(coop, kept)
    body = text(staff, f"/organisations/{coop.pk}/merge/{kept.pk}/")
    for words in ("Người Đại Diện", "Cà rốt", "VG-7", "1 liên kết giữa hai đơn vị này"):
        assert words in body
    assert not Organisation.objects.exclude(merged_into=None).exists()


def test_a_preview_says_why_two_cannot_be_one(staff: Client) -> None:
    one = register.organisation("HTX A", tax_code="0201234569")
    two = register.organisation("HTX B", tax_code="0205198368")
    body = text(staff, f"/organisations/{one.pk}/merge/{two.pk}/")
    assert "mã số thuế khác nhau" in body
    assert 'name="reason"' not in body


def test_a_preview_masks_a_persons_tax_code(staff: Client) -> None:
    one = register.organisation("Hộ A", kind="household_business", tax_code="031090001234")
    two = register.organisation("Hộ A 2", kind="household_business")
    for address in (f"/organisations/{one.pk}/merge/{two.pk}/", f"/organisations/{two.pk}/merge/"):
        assert "031090001234" not in text(staff, address)


def test_two_are_merged_and_the_reason_is_in_the_history(staff: Client, coop: Organisation) -> None:
    kept = register.organisation("HTX Rau Sạch 2")
    answer = merge(staff, coop, kept)
    assert answer["Location"] == f"/organisations/{kept.pk}/"
    body = text(staff, f"/organisations/{kept.pk}/")
    for words in ("Ghi hai lần", "VG-7", "Người Đại Diện", "Cà rốt"):
        assert words in body


def test_what_was_merged_leads_to_where_its_history_is_kept(
    staff: Client, auditor: Client, coop: Organisation
) -> None:
    staff.post(f"/organisations/{coop.pk}/status/",
               {"status": "suspended", "since": "2025-05-01", "version": 1})  # fmt: skip
    kept = register.organisation("HTX Rau Sạch 2")
    merge(staff, coop, kept, merged_version=2)
    answer = auditor.get(f"/organisations/{coop.pk}/")
    assert answer["Location"] == f"/organisations/{kept.pk}/#merged-{coop.pk}"
    body = text(auditor, f"/organisations/{kept.pk}/")
    history = body[body.index(f'id="merged-{coop.pk}"') :]
    for words in (coop.name, "01/05/2025", "Tạm ngừng"):
        assert words in history
    assert auditor.get("/organisations/404404/").status_code == 404


def test_a_merge_without_a_reason_is_an_error_at_its_field(
    staff: Client, coop: Organisation
) -> None:
    answer = merge(staff, coop, register.organisation("HTX Rau Sạch 2"), reason=" ")
    assert 'id="id_reason_error"' in answer.content.decode()
    assert not Organisation.objects.exclude(merged_into=None).exists()


@pytest.mark.parametrize("stale", ["version", "merged_version"])
def test_a_merge_from_a_stale_version_is_refused(
    stale: str, staff: Client, coop: Organisation
) -> None:
    kept = register.organisation("HTX Rau Sạch 2")
    answer = merge(staff, coop, kept, **{stale: 9})
    assert answer.status_code == 412
    assert f'name="{stale}" value="1"' in answer.content.decode()
    assert not Organisation.objects.exclude(merged_into=None).exists()


def test_nobody_is_merged_into_itself(staff: Client, coop: Organisation) -> None:
    assert "chính nó" in merge(staff, coop, coop).content.decode()
    assert not Organisation.objects.exclude(merged_into=None).exists()


def _acting(name: str, organisation: Organisation) -> User:
    """Somebody who manages the organisation's accounts."""
    user = User.objects.create_user(name)
    Membership.objects.create(
        user=user, organisation=organisation, role="admin", starts=date(2025, 1, 1)
    )
    return user


def test_a_preview_names_who_acts_for_either_side(staff: Client, coop: Organisation) -> None:
    kept = register.organisation("HTX Rau Sạch 2")
    _acting("minh.cu", coop)
    _acting("lan.giu", kept)
    body = text(staff, f"/organisations/{coop.pk}/merge/{kept.pk}/")
    for words in ("minh.cu", "lan.giu", 'name="members"', "Thương lượng đang mở"):
        assert words in body
    assert 'name="admins"' not in body


@pytest.mark.parametrize("along", [False, True])
def test_who_is_ticked_comes_along_as_a_member_and_nobody_else(
    along: bool, staff: Client, coop: Organisation
) -> None:
    kept = register.organisation("HTX Rau Sạch 2")
    minh = _acting("minh.cu", coop)
    _acting("lan.giu", kept)
    assert merge(staff, coop, kept, members=[minh.pk] if along else []).status_code == 302
    held = minh.memberships.filter(ends=None).values_list("organisation", "role")
    assert list(held) == ([(kept.pk, "member")] if along else [])
