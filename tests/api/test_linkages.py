"""Linkages at the REST door."""

from __future__ import annotations

import pytest

from linkage.agreements.models import Linkage
from linkage.agreements.services import record_linkage
from linkage.catalogue.models import Unit
from linkage.registry.access import Actor
from linkage.registry.models import Role, User
from tests.agreements import deals
from tests.api.conftest import NOW, make_linkage

LIST = "/api/v1/linkages"
JSON = "application/json"


def send(client, address, body, version='"1"', method="post"):
    headers = {"if-match": version}
    return getattr(client, method)(address, body, content_type=JSON, headers=headers)


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"state": "in_force"}, 1),
        ({"state": "ended"}, 0),
        ({"origin": "declared"}, 1),
        ({"evidence": "verified"}, 0),
        ({"in_force_on": "2025-01-01"}, 1),
        ({"in_force_on": "2024-12-31"}, 0),
        ({"q": "tan trao"}, 1),
        ({"q": "none of these"}, 0),
    ],
)
def test_a_list_is_narrowed_by_what_is_declared(query, count, world, staff):
    assert len(staff.get(LIST, query).json()["results"]) == count


def test_a_linkage_shows_both_sides_and_its_version(world, staff):
    response = staff.get(f"{LIST}/{world.linkage.pk}")
    found = response.json()
    assert response["ETag"] == '"1"'
    assert (found["seller"]["id"], found["buyer"]["id"]) == (world.coop.pk, world.firm.pk)
    assert (found["commodity"], found["product_as_written"]) == ("bi-xanh", "Bí xanh")


def test_recording_gives_a_declared_linkage(world, staff):
    body = {
        "seller_id": world.firm.pk, "buyer_id": world.coop.pk, "contract_number": "HD-7",
        "starts": "2025-02-01", "quantity": 5_000_000, "unit": "kg", "form": 5, "product": "bí đao",
    }  # fmt: skip
    response = staff.post(LIST, body, content_type=JSON)
    assert response.status_code == 201
    found = response.json()
    assert (found["origin"], found["commodity"], found["form"]) == ("declared", "bi-xanh", 5)


def test_both_sides_are_two(world, staff):
    body = {"seller_id": world.coop.pk, "buyer_id": world.coop.pk, "contract_number": "x"}
    response = staff.post(LIST, {**body, "starts": "2025-01-01"}, content_type=JSON)
    assert response.status_code == 409


def test_an_end_before_the_start_is_refused(world, staff):
    response = send(
        staff, f"{LIST}/{world.linkage.pk}", {"ends": "2024-12-31", "reason": "x"}, method="patch"
    )
    assert response.status_code == 409
    assert Linkage.objects.get().ends is None


def test_a_verifier_verifies_and_staff_withdraw_with_a_reason(world, client_of):
    address = f"{LIST}/{world.linkage.pk}"
    verified = send(
        client_of(Role.VERIFIER),
        f"{address}/verify",
        {"verified_on": "2025-02-01", "paper": "Tủ 3"},
    )
    assert verified.json()["verified_on"] == "2025-02-01"
    staff = client_of(Role.CITY_STAFF)
    unsaid = send(staff, f"{address}/withdraw", {"reason": " "}, '"2"')
    assert (unsaid.status_code, unsaid.json()["errors"][0]["code"]) == (400, "blank")
    withdrawn = send(staff, f"{address}/withdraw", {"reason": "Bản giả"}, '"2"')
    assert withdrawn.json()["verified_on"] is None


def test_verifying_twice_does_not_fit_the_state(world, client_of):
    address = f"{LIST}/{world.linkage.pk}/verify"
    verifier = client_of(Role.VERIFIER)
    send(verifier, address, {"verified_on": "2025-02-01", "paper": "Tủ 3"})
    again = send(verifier, address, {"verified_on": "2025-02-01", "paper": "Tủ 3"}, '"2"')
    assert (again.status_code, again.json()["code"]) == (409, "not_verifiable")


def test_whoever_recorded_a_linkage_does_not_verify_it(world, client_of):
    verifier = client_of(Role.VERIFIER)
    both = Actor(User.objects.get(username="verifier").pk, frozenset({Role.CITY_STAFF}))
    terms = {"contract_number": "HD-8", "starts": NOW.date()}
    sides = {"seller_id": world.coop.pk, "buyer_id": world.firm.pk}
    own = record_linkage(actor=both, terms=terms, now=NOW, **sides)
    response = send(
        verifier, f"{LIST}/{own.pk}/verify", {"verified_on": "2026-01-01", "paper": "Tủ 3"}
    )
    assert (response.status_code, response.json()["code"]) == (409, "verified_by_its_recorder")


def test_an_illegal_move_says_the_state_now(world, staff):
    address = f"{LIST}/{world.linkage.pk}/terminate"
    assert send(staff, address, {"terminated_on": "2025-08-01", "reason": "x"}).status_code == 200
    again = send(staff, address, {"terminated_on": "2025-09-01", "reason": "x"}, '"2"')
    assert (again.status_code, again.json()["code"]) == (409, "illegal_move")
    assert "Terminated" in again.json()["detail"]


def test_pages_go_by_start_then_id_newest_first(world, staff):
    for number in range(5):
        make_linkage(world.coop, world.firm, f"HD-{number}")
    seen, address = [], f"{LIST}?page_size=2"
    while address:
        page = staff.get(address).json()
        seen += [row["id"] for row in page["results"]]
        address = page["next"]
    assert seen == sorted(Linkage.objects.values_list("id", flat=True), reverse=True)


@pytest.mark.parametrize(
    ("act", "method", "body"),
    [
        ("", "patch", {"ends": "2025-12-31"}),
        ("/terminate", "post", {"terminated_on": "2025-08-01"}),
    ],
)
def test_a_change_needs_its_reason(world, staff, act, method, body):
    address = f"{LIST}/{world.linkage.pk}{act}"
    for said, code in (({}, "required"), ({"reason": " "}, "blank")):
        answer = send(staff, address, {**body, **said}, method=method)
        problem = answer.json()["errors"][0]
        assert (answer.status_code, problem["field"], problem["code"]) == (400, "reason", code)
    assert Linkage.objects.get().version == 1
    assert send(staff, address, {**body, "reason": "x"}, method=method).status_code == 200


def test_a_reason_alone_changes_nothing(world, staff):
    answer = send(staff, f"{LIST}/{world.linkage.pk}", {"reason": "x"}, method="patch")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["code"] == "nothing_to_change"


def test_another_number_takes_the_verification_back(world, staff):
    Linkage.objects.update(verified_on=NOW.date())
    body = {"contract_number": "HD-9", "reason": "Gõ nhầm"}
    changed = send(staff, f"{LIST}/{world.linkage.pk}", body, method="patch").json()
    assert (changed["contract_number"], changed["verified_on"]) == ("HD-9", None)


def test_the_days_put_a_contract_on_paper_into_its_state(world, staff):
    body = {"ends": "2025-06-30", "reason": "Hợp đồng có hạn"}
    changed = send(staff, f"{LIST}/{world.linkage.pk}", body, method="patch").json()
    assert changed["state"] == "ended"


def test_what_was_agreed_here_is_not_the_offices_to_change(world, staff):
    agreed = deals.make().agreed()
    address = f"{LIST}/{agreed.pk}"
    answer = send(staff, address, {"quantity": 1, "reason": "x"}, f'"{agreed.version}"', "patch")
    assert (answer.status_code, answer.json()["code"]) == (409, "agreed_by_both_sides")


@pytest.mark.parametrize(
    ("said", "status", "code"),
    [
        ({"quantity": 5}, 400, "quantity_without_unit"),
        ({"quantity": 5, "unit": "qua", "product": "Bí xanh"}, 400, "unit_not_of_commodity"),
        ({"contract_number": "HD-01/2025", "starts": "2025-01-01"}, 409, "linkage_known_already"),
    ],
)
def test_what_is_no_new_contract_is_not_recorded(world, staff, said, status, code):
    Unit.objects.get_or_create(code="qua", defaults={"dimension": "count", "base_units": 1})
    body = {
        "seller_id": world.coop.pk, "buyer_id": world.firm.pk, "contract_number": "HD-7",
        "starts": "2025-02-01", **said,
    }  # fmt: skip
    answer = staff.post(LIST, body, content_type=JSON)
    found = answer.json()
    codes = {found.get("code"), *(problem["code"] for problem in found.get("errors", []))}
    assert (answer.status_code, code in codes) == (status, True)
    assert Linkage.objects.count() == 1


def test_a_quantity_is_told_in_base_units_and_in_its_unit(world, staff):
    tonne, _made = Unit.objects.get_or_create(
        code="tan", defaults={"dimension": "mass", "base_units": 1_000_000}
    )
    Linkage.objects.filter(pk=world.linkage.pk).update(quantity=1_500_000, unit=tonne)
    told = staff.get(f"{LIST}/{world.linkage.pk}").json()
    assert (told["quantity"], told["quantity_in_unit"], told["unit"]) == (1_500_000, "1.5", "tan")
    Linkage.objects.filter(pk=world.linkage.pk).update(quantity=None, unit=None)
    assert staff.get(f"{LIST}/{world.linkage.pk}").json()["quantity_in_unit"] is None
