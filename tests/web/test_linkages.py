"""A linkage's page and what can be done to it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils.timezone import localdate

from linkage.agreements.models import Linkage, State
from tests.agreements import deals
from tests.web import register

pytestmark = pytest.mark.django_db


@pytest.fixture
def declared() -> Linkage:
    seller, buyer = register.organisation("HTX Bán"), register.organisation("Công ty Mua")
    return register.linkage(seller, buyer, "77/HĐ", verified_on=None)


def test_the_list_finds_a_side_without_marks(staff: Client, declared: Linkage) -> None:
    assert "77/HĐ" in staff.get("/linkages/", {"q": "cong ty mua"}).content.decode()
    assert "77/HĐ" not in staff.get("/linkages/", {"q": "khac"}).content.decode()


def test_a_verifier_verifies(verifier: Client, declared: Linkage) -> None:
    posted = {"on": "2024-03-01", "paper": "Tủ 3", "version": declared.version}
    verifier.post(f"/linkages/{declared.pk}/verify/", posted)
    assert Linkage.objects.get(pk=declared.pk).verified_on == date(2024, 3, 1)


def test_staff_has_no_button_to_verify(staff: Client, declared: Linkage) -> None:
    assert "/verify/" not in staff.get(f"/linkages/{declared.pk}/").content.decode()


def test_staff_terminates_with_a_day(staff: Client, declared: Linkage) -> None:
    posted = {"on": "2025-01-01", "reason": "Vỡ hợp đồng", "version": declared.version}
    staff.post(f"/linkages/{declared.pk}/terminate/", posted)
    assert Linkage.objects.get(pk=declared.pk).terminated_on == date(2025, 1, 1)


def test_a_termination_before_the_start_is_an_error_at_its_field(
    staff: Client, declared: Linkage
) -> None:
    posted = {"on": "2020-01-01", "reason": "Vỡ hợp đồng", "version": declared.version}
    answer = staff.post(f"/linkages/{declared.pk}/terminate/", posted)
    assert 'id="id_on_error"' in answer.content.decode()
    assert Linkage.objects.get(pk=declared.pk).terminated_on is None


def test_a_verification_is_withdrawn_only_with_a_reason(staff: Client, declared: Linkage) -> None:
    Linkage.objects.filter(pk=declared.pk).update(verified_on=date(2024, 2, 1))
    address = f"/linkages/{declared.pk}/withdraw/"
    staff.post(address, {"reason": "", "version": 1})
    assert Linkage.objects.get(pk=declared.pk).verified_on is not None
    staff.post(address, {"reason": "Hợp đồng giả", "version": 1})
    assert Linkage.objects.get(pk=declared.pk).verified_on is None
    assert "Hợp đồng giả" in staff.get(f"/linkages/{declared.pk}/").content.decode()


def test_an_edit_marks_only_what_was_changed(staff: Client, declared: Linkage) -> None:
    posted = {
        "contract_number": "78/HĐ", "starts": "2024-01-01", "reason": "Gõ nhầm",
        "version": declared.version,
    }  # fmt: skip
    staff.post(f"/linkages/{declared.pk}/edit/", posted)
    changed = Linkage.objects.get(pk=declared.pk)
    assert (changed.contract_number, changed.hand_edited) == ("78/HĐ", ["contract_number"])


def test_a_stale_version_is_refused_with_412(staff: Client, declared: Linkage) -> None:
    Linkage.objects.filter(pk=declared.pk).update(version=9)
    posted = {"on": "2025-01-01", "reason": "Vỡ hợp đồng", "version": 1}
    answer = staff.post(f"/linkages/{declared.pk}/terminate/", posted)
    page = answer.content.decode()
    assert answer.status_code == 412
    assert "Vỡ hợp đồng" in page
    assert 'name="version" value="9"' in page


def test_a_termination_to_come_is_said_as_one(staff: Client, declared: Linkage) -> None:
    day = localdate() + timedelta(40)
    Linkage.objects.update(terminated_on=day, state=State.TERMINATED)
    page = staff.get(f"/linkages/{declared.pk}/").content.decode()
    assert f'<span class="tag">Sẽ chấm dứt ngày {day:%d/%m/%Y}</span>' in page
    Linkage.objects.update(terminated_on=localdate())
    page = staff.get(f"/linkages/{declared.pk}/").content.decode()
    assert '<span class="tag">Đã chấm dứt</span>' in page


def test_a_verification_to_come_is_not_shown_as_one(staff: Client, declared: Linkage) -> None:
    day = localdate() + timedelta(1)
    Linkage.objects.update(verified_on=day)
    for address in ("/linkages/", f"/linkages/{declared.pk}/"):
        page = staff.get(address).content.decode()
        assert "is-good" not in page
        assert f"tính là đã kiểm tra từ {day:%d/%m/%Y}" in page


def test_a_wrong_day_of_termination_is_put_right(staff: Client, declared: Linkage) -> None:
    Linkage.objects.update(terminated_on=date(2025, 5, 1), state=State.TERMINATED)
    address = f"/linkages/{declared.pk}/terminate/correct/"
    assert address in staff.get(f"/linkages/{declared.pk}/").content.decode()
    staff.post(address, {"on": "2025-01-05", "reason": "Gõ nhầm", "version": 1})
    assert Linkage.objects.get().terminated_on == date(2025, 1, 5)
    assert "Gõ nhầm" in staff.get(f"/linkages/{declared.pk}/").content.decode()


def test_a_verifier_reads_who_takes_a_verification_back(
    verifier: Client, staff: Client, declared: Linkage
) -> None:
    Linkage.objects.update(verified_on=date(2025, 1, 5))
    said = "do cán bộ thành phố rút lại"
    assert said in verifier.get(f"/linkages/{declared.pk}/").content.decode()
    assert said not in staff.get(f"/linkages/{declared.pk}/").content.decode()


def test_a_correction_of_what_was_verified_says_what_it_does_and_does_it(
    staff: Client, declared: Linkage
) -> None:
    Linkage.objects.update(verified_on=date(2025, 1, 5))
    address = f"/linkages/{declared.pk}/edit/"
    assert "thì xác nhận kiểm tra bị rút" in staff.get(address).content.decode()
    posted = {
        "contract_number": "78/HĐ", "starts": "2024-01-01", "reason": "Gõ nhầm", "version": 1,
    }  # fmt: skip
    page = staff.post(address, posted, follow=True).content.decode()
    assert "Xác nhận kiểm tra đã được rút; hai bên đã được báo." in page
    assert "Gõ nhầm" in page
    assert Linkage.objects.get().verified_on is None


@pytest.mark.parametrize("act", ["edit", "terminate"])
def test_nothing_is_changed_without_a_reason(staff: Client, declared: Linkage, act: str) -> None:
    posted = {
        "contract_number": "78/HĐ", "starts": "2024-01-01", "on": "2025-01-01", "version": 1,
    }  # fmt: skip
    page = staff.post(f"/linkages/{declared.pk}/{act}/", posted).content.decode()
    assert 'id="id_reason_error"' in page
    assert Linkage.objects.get().version == 1


def test_a_termination_to_come_is_an_error_at_its_field(staff: Client, declared: Linkage) -> None:
    posted = {"on": localdate() + timedelta(1), "reason": "x", "version": 1}
    page = staff.post(f"/linkages/{declared.pk}/terminate/", posted).content.decode()
    assert 'id="id_on_error"' in page
    assert Linkage.objects.get().state == State.IN_FORCE


def test_of_what_was_agreed_here_the_office_is_asked_number_and_form_only(staff: Client) -> None:
    agreed = deals.make().agreed()
    page = staff.get(f"/linkages/{agreed.pk}/edit/").content.decode()
    for name in ("product", "starts", "ends"):
        assert f'name="{name}"' not in page
    assert "Hai bên đã thỏa thuận mặt hàng" in page
    posted = {"contract_number": "78/HĐ", "reason": "Số giấy", "version": agreed.version}
    staff.post(f"/linkages/{agreed.pk}/edit/", posted)
    assert Linkage.objects.get().contract_number == "78/HĐ"
