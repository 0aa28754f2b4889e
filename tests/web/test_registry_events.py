"""The pages of what happened in law: recorded with day and paper, told from both sides."""

from __future__ import annotations

import pytest
from django.test import Client

from linkage.registry.models import Organisation, RegistryEvent
from tests.web import register

pytestmark = pytest.mark.django_db
POSTED = {"on": "2024-05-01", "source": "Quyết định 12", "version": "1"}


def test_each_kind_is_recorded_on_its_page(staff: Client) -> None:
    register.commune("10507", "Hải Dương")
    for kind, said in (
        ("new_name", {"name": "HTX Tên Mới"}),
        ("new_tax_code", {"tax_code": "0205198368"}),
        ("move", {"commune": "10507"}),
        ("split", {"name": "HTX Tách Ra", "tax_code": ""}),
        (f"split/{register.organisation('HTX Đã Có').pk}", {}),
        (f"merger/{register.organisation('HTX Ở Lại').pk}", {}),
    ):
        coop = register.organisation(f"HTX {kind}")
        address = f"/organisations/{coop.pk}/events/{kind}/"
        assert staff.get(address).status_code == 200
        answer = staff.post(address, {**POSTED, **said})
        assert answer.status_code == 302, kind
        body = staff.get(f"/organisations/{coop.pk}/events/").content.decode()
        assert "01/05/2024" in body
        assert "Quyết định 12" in body
    assert RegistryEvent.objects.count() == 6


def test_a_split_is_told_at_both(staff: Client) -> None:
    coop = register.organisation("HTX Cũ")
    staff.post(f"/organisations/{coop.pk}/events/split/", {**POSTED, "name": "HTX Tách Ra"})
    new = Organisation.objects.get(name="HTX Tách Ra")
    assert "HTX Cũ" in staff.get(f"/organisations/{new.pk}/events/").content.decode()
    assert "Quyết định 12" in staff.get(f"/organisations/{new.pk}/").content.decode()


def test_a_new_one_that_the_register_may_have_is_asked_about_or_chosen(staff: Client) -> None:
    coop = register.organisation("HTX Cũ")
    known = register.organisation("HTX Tách Ra", tax_code="0205198368")
    address = f"/organisations/{coop.pk}/events/split/"
    page = staff.get(address).content.decode()
    assert "is_another" not in page
    assert f'href="{address}into/"' in page
    typed = {**POSTED, "name": "HTX Tách Ra"}
    asked = staff.post(address, typed).content.decode()
    assert 'id="id_is_another_error"' in asked
    assert f'href="/organisations/{known.pk}/"' in asked
    assert not RegistryEvent.objects.exists()
    found = staff.get(f"{address}into/", {"q": "0205198368"}).content.decode()
    assert f'href="{address}{known.pk}/"' in found
    assert "HTX Tách Ra" in staff.get(f"{address}{known.pk}/").content.decode()
    assert staff.post(f"{address}{known.pk}/", POSTED).status_code == 302
    assert staff.post(address, {**typed, "version": "2", "is_another": "on"}).status_code == 302
    others = RegistryEvent.objects.order_by("pk").values_list("other", flat=True)
    assert others[0] == known.pk != others[1]


def test_a_wrong_field_is_said_at_it(staff: Client) -> None:
    coop = register.organisation()
    address = f"/organisations/{coop.pk}/events/new_tax_code/"
    for name, value in (("tax_code", "123"), ("on", "2999-01-01"), ("source", "")):
        body = staff.post(address, {**POSTED, "tax_code": "0205198368", name: value})
        assert f'id="id_{name}_error"' in body.content.decode()
    assert not RegistryEvent.objects.exists()


def test_no_such_event_is_a_wrong_address(staff: Client) -> None:
    coop = register.organisation()
    assert staff.get(f"/organisations/{coop.pk}/events/birthday/").status_code == 404


def test_an_auditor_reads_and_has_no_buttons(auditor: Client) -> None:
    coop = register.organisation()
    body = auditor.get(f"/organisations/{coop.pk}/events/").content.decode()
    assert "/events/split/" not in body


def test_into_whom_it_goes_is_chosen_by_name_or_tax_code(staff: Client) -> None:
    coop = register.organisation("HTX Đi Vào")
    other = register.organisation("HTX Ở Lại", tax_code="0205198368")
    address = f"/organisations/{coop.pk}/events/merger/"
    assert "HTX Ở Lại" not in staff.get(address).content.decode()
    for sought in ("o lai", "0205198368"):
        body = staff.get(address, {"q": sought}).content.decode()
        assert f'href="{address}{other.pk}/"' in body
        assert f'href="{address}{coop.pk}/"' not in body
    form = staff.get(f"{address}{other.pk}/").content.decode()
    assert "HTX Ở Lại" in form
    assert "into_id" not in form
    assert staff.post(f"{address}{other.pk}/", POSTED).status_code == 302
    assert RegistryEvent.objects.get().other == other


def test_it_goes_into_another_that_there_is(staff: Client) -> None:
    coop = register.organisation("HTX Đi Vào")
    address = f"/organisations/{coop.pk}/events/merger/"
    assert staff.get(f"{address}999999/").status_code == 404
    assert 'role="alert"' in staff.post(f"{address}{coop.pk}/", POSTED).content.decode()
    late = staff.post(
        f"{address}{register.organisation('HTX Ở Lại').pk}/", {**POSTED, "version": "7"}
    )
    assert late.status_code == 412
    assert not RegistryEvent.objects.exists()


def test_a_wrong_one_is_withdrawn_with_its_reason(staff: Client, auditor: Client) -> None:
    coop = register.organisation()
    page = f"/organisations/{coop.pk}/events/"
    staff.post(f"{page}new_name/", {**POSTED, "name": "HTX Viết Sai"})
    address = f"{page}{RegistryEvent.objects.get().pk}/withdraw/"
    assert address in staff.get(page).content.decode()
    assert address not in auditor.get(page).content.decode()
    assert staff.get(address).status_code == 200
    unsaid = staff.post(address, {"version": "2", "reason": ""}).content.decode()
    assert 'id="id_reason_error"' in unsaid
    assert staff.post(address, {"version": "2", "reason": "Nhầm dấu"}).status_code == 302
    assert Organisation.objects.get().name == "HTX Thử Nghiệm"
    assert "Đã rút việc ghi tên mới" in staff.get(f"/organisations/{coop.pk}/").content.decode()
    assert not RegistryEvent.objects.exists()


def test_the_buttons_of_a_split_stand_at_the_old_one_alone(staff: Client) -> None:
    coop = register.organisation("HTX Cũ")
    staff.post(f"/organisations/{coop.pk}/events/split/", {**POSTED, "name": "HTX Tách Ra"})
    new = Organisation.objects.get(name="HTX Tách Ra")
    assert "/withdraw/" not in staff.get(f"/organisations/{new.pk}/events/").content.decode()
