"""The register's pages: lists, an organisation, its forms."""

from __future__ import annotations

import pytest
from django.test import Client

from linkage.registry.models import Kind, Organisation, StatusFact
from tests.web import register

pytestmark = pytest.mark.django_db


def test_the_list_is_in_vietnamese_order(staff: Client) -> None:
    for name in ("HTX Đa", "HTX Ấm", "HTX Da", "HTX Ăn"):
        register.organisation(name)
    body = staff.get("/organisations/").content.decode()
    places = [body.index(name) for name in ("HTX Ăn", "HTX Ấm", "HTX Da", "HTX Đa")]
    assert places == sorted(places)


@pytest.mark.parametrize("words", ["duong", "Đường", "ĐƯỜNG"])
def test_a_name_is_found_with_and_without_marks(staff: Client, words: str) -> None:
    register.organisation("HTX Đường Mía")
    register.organisation("HTX Lúa")
    body = staff.get("/organisations/", {"q": words}).content.decode()
    assert "HTX Đường Mía" in body
    assert "HTX Lúa" not in body


def test_the_list_shows_who_is_to_be_settled(staff: Client) -> None:
    register.organisation("HTX Thiếu Ngày", founded_on=None)
    register.organisation("HTX Đủ")
    body = staff.get("/organisations/", {"settle": "organisation"}).content.decode()
    assert "HTX Thiếu Ngày" in body
    assert "HTX Đủ" not in body


def test_a_page_shows_facts_contacts_and_linkages(staff: Client) -> None:
    seller, buyer = register.organisation("HTX Bán"), register.organisation("Công ty Mua")
    register.contact(seller)
    register.linkage(seller, buyer, "77/HĐ")
    body = staff.get(f"/organisations/{seller.pk}/").content.decode()
    for words in ("Người Đại Diện", "77/HĐ", "Công ty Mua", "từ đầu", "Đang hoạt động"):
        assert words in body


def test_contacts_are_hidden_from_an_auditor(auditor: Client) -> None:
    found = register.organisation()
    register.contact(found)
    body = auditor.get(f"/organisations/{found.pk}/").content.decode()
    assert "Người Đại Diện" not in body
    assert "+84912000000" not in body


def test_a_persons_tax_code_is_masked_for_staff(staff: Client) -> None:
    found = register.organisation(tax_code="031090001234")
    for address in ("/organisations/", f"/organisations/{found.pk}/"):
        assert "031090001234" not in staff.get(address).content.decode()


def test_a_name_that_is_markup_is_only_text(staff: Client) -> None:
    found = register.organisation("<script>alert(1)</script>")
    assert "<script>alert" not in staff.get(f"/organisations/{found.pk}/").content.decode()


def test_a_status_is_changed_with_its_day(staff: Client) -> None:
    found = register.organisation()
    posted = {"status": "suspended", "since": "2025-05-01", "version": found.version}
    answer = staff.post(f"/organisations/{found.pk}/status/", posted, follow=True)
    assert StatusFact.objects.filter(organisation=found, status="suspended").exists()
    assert "01/05/2025" in answer.content.decode()


def test_a_stale_version_is_refused_with_412_and_changes_nothing(staff: Client) -> None:
    found = register.organisation("HTX Cũ")
    Organisation.objects.filter(pk=found.pk).update(version=5)
    posted = {"name": "HTX Mới", "version": 1}
    answer = staff.post(f"/organisations/{found.pk}/edit/", posted)
    assert answer.status_code == 412
    assert Organisation.objects.get(pk=found.pk).name == "HTX Cũ"


def test_a_form_that_was_overtaken_keeps_what_was_typed_and_can_be_saved_again(
    staff: Client,
) -> None:
    found = register.organisation("HTX Cũ")
    Organisation.objects.filter(pk=found.pk).update(version=5)
    posted = {"name": "HTX Mới", "version": 1}
    page = staff.post(f"/organisations/{found.pk}/edit/", posted).content.decode()
    assert "Những gì bạn vừa nhập vẫn còn" in page
    assert "Khác với những gì đang được lưu ở: Tên" in page
    assert 'value="HTX Mới"' in page
    assert 'name="version" value="5"' in page
    assert staff.post(f"/organisations/{found.pk}/edit/", {**posted, "version": 5}).url
    assert Organisation.objects.get(pk=found.pk).name == "HTX Mới"


def test_only_what_was_changed_is_marked_as_edited_by_hand(staff: Client) -> None:
    found = register.organisation("HTX Cũ", members=7)
    posted = {
        "name": "HTX Mới",
        "founded_on": "2015-03-01",
        "members": "7",
        "version": found.version,
    }
    staff.post(f"/organisations/{found.pk}/edit/", posted)
    changed = Organisation.objects.get(pk=found.pk)
    assert (changed.name, changed.hand_edited) == ("HTX Mới", ["name"])


def test_a_wrong_tax_code_is_an_error_at_its_field(staff: Client) -> None:
    posted = {"name": "HTX Sai Mã", "kind": "cooperative", "tax_code": "0200000000"}
    body = staff.post("/organisations/add/", posted).content.decode()
    assert 'id="id_tax_code_error"' in body
    assert not Organisation.objects.filter(name="HTX Sai Mã").exists()


def test_an_organisation_is_created_and_leads_back_to_the_import_that_lacked_it(
    staff: Client,
) -> None:
    posted = {"name": "HTX Mới Tinh", "kind": "cooperative"}
    answer = staff.post("/organisations/add/?batch=3", posted)
    assert answer["Location"] == "/imports/3/"
    assert Organisation.objects.filter(name="HTX Mới Tinh").exists()


def test_missing_days_are_given(staff: Client) -> None:
    found = register.organisation(founded_on=None)
    posted = {"founded_on": "2014-02-03", "version": found.version}
    staff.post(f"/organisations/{found.pk}/settle/", posted)
    assert str(Organisation.objects.get(pk=found.pk).founded_on) == "2014-02-03"


def test_an_unknown_field_of_the_history_is_a_404(staff: Client) -> None:
    found = register.organisation()
    assert staff.get(f"/organisations/{found.pk}/colour/").status_code == 404


@pytest.mark.parametrize("field", ["status", "kind", "sector", "commune"])
def test_a_change_without_a_day_is_warned_of_and_needs_a_tick(staff: Client, field: str) -> None:
    found = register.organisation()
    register.commune("10507", "Hải Dương")
    value = {"status": "active", "kind": "union", "sector": "agriculture", "commune": "10507"}
    address = f"/organisations/{found.pk}/{field}/"
    assert "viết lại quá khứ" in staff.get(address).content.decode()
    posted = {field: value[field], "since": "", "version": found.version}
    refused = staff.post(address, posted)
    assert 'id="id_without_day_error"' in refused.content.decode()
    assert Organisation.objects.get(pk=found.pk).version == found.version
    assert staff.post(address, {**posted, "without_day": "on"}).status_code == 302
    assert Organisation.objects.get(pk=found.pk).version == found.version + 1


def test_a_day_that_does_not_exist_is_not_taken_for_a_blank_one(staff: Client) -> None:
    found = register.organisation()
    posted = {"status": "active", "since": "2025-02-30", "version": found.version}
    body = staff.post(f"/organisations/{found.pk}/status/", posted).content.decode()
    assert 'id="id_since_error"' in body
    assert 'id="id_without_day_error"' not in body


def test_the_history_names_the_old_the_new_the_day_and_who_did_it(staff: Client) -> None:
    found = register.organisation()
    address = f"/organisations/{found.pk}/"
    changed = {"status": "suspended", "since": "2025-05-01", "version": 1}
    staff.post(f"{address}status/", changed)
    staff.post(f"{address}kind/", {"kind": "union", "without_day": "on", "version": 2})
    body = staff.get(address).content.decode()
    for words in (
        "Trước: Đang hoạt động (từ đầu)",
        "Sau: Đang hoạt động (từ đầu); Tạm ngừng từ 01/05/2025",
        "Áp dụng từ ngày 01/05/2025",
        f"Trước: {Kind.COOPERATIVE.label} (từ đầu)",
        f"Sau: {Kind.UNION.label} (từ đầu)",
        "Sửa lại từ đầu: thay mọi giá trị đã ghi trước đó",
        "Người city_staff",
    ):
        assert words in body, words


def test_a_history_names_places_and_sectors_and_no_codes(staff: Client) -> None:
    found = register.organisation()
    register.commune("10507", "Hải Dương")
    register.sector("transport", agricultural=False)
    address = f"/organisations/{found.pk}/"
    for version, (field, value) in enumerate(
        (("commune", "10507"), ("sector", "transport")), start=1
    ):
        posted = {field: value, "since": "2025-05-01", "version": version}
        assert staff.post(f"{address}{field}/", posted).status_code == 302
    history = staff.get(address).content.decode().split("timeline")[-1]
    assert "Vận tải từ 01/05/2025" in history
    assert "Xã Vĩnh Bảo từ 01/05/2025" in history
    assert "transport" not in history
    assert "10507" not in history


def test_a_status_before_the_founding_asks_for_a_tick(staff: Client) -> None:
    found = register.organisation(founded_on="2020-01-01")
    address = f"/organisations/{found.pk}/status/"
    assert "before_founding" not in staff.get(address).content.decode()
    posted = {"status": "suspended", "since": "2019-05-01", "version": found.version}
    body = staff.post(address, posted).content.decode()
    assert 'id="id_before_founding_error"' in body
    assert "01/01/2020" in body
    assert staff.post(address, {**posted, "before_founding": "on"}).status_code == 302
    assert StatusFact.objects.filter(organisation=found, status="suspended").exists()


def test_so_does_an_end_before_the_founding(staff: Client) -> None:
    found = register.organisation(founded_on="2020-01-01")
    StatusFact.objects.create(organisation=found, status="stopped")
    address = f"/organisations/{found.pk}/settle/"
    assert "before_founding" not in staff.get(address).content.decode()
    posted = {"ended_on": "2019-05-01", "version": found.version}
    assert 'id="id_before_founding_error"' in staff.post(address, posted).content.decode()
    assert staff.post(address, {**posted, "before_founding": "on"}).status_code == 302
    (fact,) = StatusFact.objects.filter(organisation=found, status="stopped")
    assert str(fact.since) == "2019-05-01"


def test_an_enterprise_without_its_founding_day_waits_for_nobody(staff: Client) -> None:
    for kind, waits in (("enterprise", False), ("cooperative", True)):
        found = register.organisation(f"Đơn vị {kind}", kind, founded_on=None)
        body = staff.get(f"/organisations/{found.pk}/").content.decode()
        assert ("không nằm trong mẫu số" in body) is waits


def test_a_twin_is_shown_beside_the_form_and_taken_once_it_is_said_to_be_another(
    staff: Client,
) -> None:
    posted = {"name": "HTX Nhấn Đúp", "kind": "cooperative"}
    assert 'name="is_another"' not in staff.get("/organisations/add/").content.decode()
    staff.post("/organisations/add/", posted)
    first = Organisation.objects.get(name="HTX Nhấn Đúp")
    body = staff.post("/organisations/add/", posted).content.decode()
    assert f'href="/organisations/{first.pk}/"' in body
    assert 'id="id_is_another_error"' in body
    assert Organisation.objects.filter(name="HTX Nhấn Đúp").count() == 1
    staff.post("/organisations/add/", {**posted, "is_another": "on"})
    assert Organisation.objects.filter(name="HTX Nhấn Đúp").count() == 2


def test_of_two_statuses_set_on_one_day_the_history_shows_both(staff: Client) -> None:
    found = register.organisation()
    for version, status in enumerate(("dissolved", "stopped"), start=found.version):
        posted = {"status": status, "since": "2026-01-05", "version": version}
        staff.post(f"/organisations/{found.pk}/status/", posted)
    body = " ".join(staff.get(f"/organisations/{found.pk}/").content.decode().split())
    history = body[body.index("<h2>Lịch sử</h2>") : body.index("<h2>Liên kết</h2>")]
    assert "Ngừng hoạt động" in history
    assert "Đã giải thể từ 05/01/2026" in history
