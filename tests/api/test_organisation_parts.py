"""Contacts, products, certificates and merging at the REST door."""

from __future__ import annotations

from datetime import date

import pytest

from linkage.jobs.models import Event
from linkage.registry.models import Membership, Organisation, User
from tests.api.conftest import PERSONAL_CODE, make_linkage, make_organisation

LIST = "/api/v1/organisations"
JSON = "application/json"
PERIOD = {"starts": "2025-01-01", "ends": "2026-12-31"}


def send(client, address, body, version=1):
    headers = {"if-match": f'"{version}"'}
    return client.post(f"{LIST}/{address}", body, content_type=JSON, headers=headers)


@pytest.fixture
def twin(world):
    return make_organisation("HTX Rau sạch Tân Trào", representative="Trần B", product="Bí xanh")


def merge(client, merged, kept, **changes):
    body = {"into_id": kept.pk, "into_version": 1, "reason": "Ghi hai lần", **changes}
    return send(client, f"{merged.pk}/merge", body)


def test_a_certificate_is_on_the_card_with_number_issuer_and_period(world, staff):
    body = {"certification_code": "vietgap", "number": "VG-1", "issuer": "QUACERT"}
    card = send(staff, f"{world.coop.pk}/certificates", {**body, **PERIOD}).json()
    (shown,) = card["certificates"]
    assert shown | {"id": 0} == {
        "id": 0,
        "certification": "vietgap",
        "number": "VG-1",
        "issuer": "QUACERT",
        **PERIOD,
    }


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"certification_code": "none"}, 400, "value_unknown"),
        ({"ends": "2024-12-31"}, 409, "certificate_does_not_end_before_it_starts"),
        ({"starts": "1900-01-01"}, 400, "invalid"),
    ],
)
def test_a_certificate_that_cannot_be_is_refused(changes, status, code, world, staff):
    body = {"certification_code": "vietgap", "starts": "2025-01-01", "ends": None, **changes}
    response = send(staff, f"{world.coop.pk}/certificates", body)
    assert (response.status_code, response.json()["code"]) == (status, code)
    assert not world.coop.certificates.exists()


def test_a_contact_is_added_with_a_number_that_can_be_called(world, staff):
    card = send(staff, f"{world.coop.pk}/contacts", {"name": "Bà B", "phone": "0912 345 679"})
    assert [one["phone"] for one in card.json()["contacts"]] == ["+84912345678", "+84912345679"]


def test_the_same_contact_twice_is_one(world, staff):
    send(staff, f"{world.coop.pk}/contacts", {"name": "Bà B"})
    again = send(staff, f"{world.coop.pk}/contacts", {"name": "Bà B"}, 2)
    assert (again.status_code, again.json()["code"]) == (409, "contact_known")


def test_an_erased_contact_is_gone_for_good(world, staff):
    contact = world.coop.contacts.get()
    card = send(staff, f"{world.coop.pk}/contacts/{contact.pk}/remove", {}).json()
    assert card["contacts"] == []
    assert contact.name not in str(list(Event.objects.values_list("data", flat=True)))


def test_a_product_finds_its_place_in_the_tree(world, staff):
    card = send(staff, f"{world.coop.pk}/products", {"product": "Rau"}).json()
    assert [one["commodity"] for one in card["products"]] == ["bi-xanh", "rau"]


@pytest.mark.parametrize("part", ["contacts", "products", "certificates"])
def test_a_part_of_another_organisation_is_not_there(part, world, staff):
    other = make_organisation("HTX Khác", representative="Lê C", product="Bí xanh")
    other.certificates.create(certification_id="vietgap", starts="2025-01-01")
    theirs = getattr(other, part).get().pk
    response = send(staff, f"{world.coop.pk}/{part}/{theirs}/remove", {})
    assert response.status_code == 404
    assert getattr(other, part).exists()


def test_a_preview_says_what_moves_and_writes_nothing(world, twin, staff):
    make_linkage(world.coop, twin, "HD-GIUA")
    response = staff.get(f"{LIST}/{world.coop.pk}/merge?into={twin.pk}")
    preview = response.json()
    assert response["ETag"] == '"1"'
    assert (preview["kept"]["id"], preview["merged"]["id"]) == (twin.pk, world.coop.pk)
    assert (preview["linkages"], preview["linkages_between"]) == (1, 1)
    assert preview["moves"]["tax_code"] == "0205198368"
    assert [one["name"] for one in preview["moves"]["contacts"]] == ["Người Đại Diện"]
    assert [one["as_written"] for one in preview["moves"]["products_dropped"]] == ["Bí xanh"]
    assert preview["refusal"] is None
    assert Organisation.objects.get(pk=world.coop.pk).merged_into is None


def test_a_preview_says_why_it_cannot_be_done(world, staff):
    preview = staff.get(f"{LIST}/{world.coop.pk}/merge?into={world.firm.pk}").json()
    assert preview["refusal"] == "tax_codes_differ"
    assert merge(staff, world.coop, world.firm).json()["code"] == "tax_codes_differ"


def test_a_preview_masks_a_persons_tax_code(world, twin, staff):
    response = staff.get(f"{LIST}/{world.firm.pk}/merge?into={twin.pk}")
    assert response.json()["moves"]["tax_code"] == "•••••••••123"
    assert PERSONAL_CODE not in response.content.decode()


def test_the_survivor_answers_and_the_merged_one_is_gone(world, twin, staff):
    card = merge(staff, world.coop, twin).json()
    assert (card["id"], card["tax_code"]) == (twin.pk, "0205198368")
    assert [row["id"] for row in card["linkages"]] == [world.linkage.pk]
    assert staff.get(f"{LIST}/{world.coop.pk}").status_code == 404


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"into_version": 2}, 412),
        ({"reason": " "}, 400),
        ({"reason": "a" * 501}, 400),
        ({"into_id": 999_999_999}, 404),
    ],
)
def test_a_merge_that_cannot_be_changes_nothing(changes, status, world, twin, staff):
    assert merge(staff, world.coop, twin, **changes).status_code == status
    assert not Organisation.objects.exclude(merged_into=None).exists()


def test_nobody_is_merged_into_itself(world, staff):
    response = merge(staff, world.coop, world.coop)
    assert (response.status_code, response.json()["code"]) == (
        409,
        "organisation_is_not_merged_into_itself",
    )


@pytest.mark.parametrize("along", [False, True])
def test_who_is_named_comes_along_as_a_member_and_nobody_else(along, world, twin, staff):
    lan = User.objects.create_user("lan.cu")
    Membership.objects.create(
        user=lan, organisation=world.coop, role="admin", starts=date(2025, 1, 1)
    )
    preview = staff.get(f"{LIST}/{world.coop.pk}/merge?into={twin.pk}").json()
    assert {"user_id": lan.pk, "name": str(lan), "role": "admin"} in preview["merged_people"]
    assert merge(staff, world.coop, twin, members=[lan.pk] if along else []).status_code == 200
    held = lan.memberships.filter(ends=None).values_list("organisation", "role")
    assert list(held) == ([(twin.pk, "member")] if along else [])
