"""Scans by page: attached, downloaded, never shown; the verifier's queue and answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from linkage.agreements.models import EvidenceFile, Linkage
from linkage.jobs.models import Event
from linkage.registry.models import Membership, Organisation
from linkage.scans import HEADERS
from tests.scans import PDF
from tests.web import register

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def linkage() -> Linkage:
    seller, buyer = register.organisation("HTX Bán"), register.organisation("Công ty Mua")
    return register.linkage(seller, buyer, "77/HĐ", verified_on=None)


@pytest.fixture
def coop(linkage: Linkage) -> Organisation:
    return linkage.seller


@pytest.fixture
def director(acting_for: Callable[..., Client], coop: Organisation) -> Client:
    return acting_for(coop)


def own(linkage: Linkage) -> str:
    return f"/mine/{linkage.seller_id}/linkages/{linkage.pk}/evidence/"


def pdf(name: str = "hợp đồng.pdf", content: bytes = PDF) -> dict[str, Any]:
    return {"file": SimpleUploadedFile(name, content, content_type="text/html")}


def body(answer: Any) -> str:
    text: str = answer.content.decode()
    return text


def test_a_director_attaches_a_scan_and_sees_that_it_waits(
    director: Client, linkage: Linkage
) -> None:
    answer = director.post(own(linkage), pdf(), follow=True)
    assert "hợp đồng.pdf" in body(answer)
    assert EvidenceFile.objects.get().media_type == "application/pdf"
    assert Event.objects.latest("pk").kind == "evidence_attached"
    page = body(director.get(f"/mine/{linkage.seller_id}/linkages/{linkage.pk}/"))
    assert "hợp đồng.pdf" in page
    assert own(linkage) in page


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.pdf", b"<html>"), ("a.pdf", b"MZ"), ("a.gif", b"GIF89a"), ("a.pdf", b"")],
)
def test_what_is_no_scan_is_an_error_at_its_field(
    director: Client, linkage: Linkage, name: str, content: bytes
) -> None:
    answer = director.post(own(linkage), pdf(name, content))
    assert answer.status_code == 200
    assert 'id="id_file_error"' in body(answer)
    assert not EvidenceFile.objects.exists()


def test_the_same_scan_twice_is_said_to_be_there(director: Client, linkage: Linkage) -> None:
    director.post(own(linkage), pdf())
    assert 'role="alert"' in body(director.post(own(linkage), pdf("khac.pdf")))
    assert EvidenceFile.objects.count() == 1


def test_a_name_that_is_markup_is_text(director: Client, linkage: Linkage) -> None:
    director.post(own(linkage), pdf("<img src=x onerror=alert(1)>.pdf"))
    page = body(director.get(own(linkage)))
    assert "&lt;img src=x" in page
    assert "<img src=x" not in page


def test_it_is_handed_out_as_a_download_and_never_shown(
    director: Client, verifier: Client, linkage: Linkage
) -> None:
    director.post(own(linkage), pdf("hop-dong.exe"))
    kept = EvidenceFile.objects.get()
    for client, address in (
        (director, f"{own(linkage)}{kept.pk}/"),
        (verifier, f"/linkages/{linkage.pk}/evidence/{kept.pk}/"),
    ):
        answer = client.get(address)
        assert b"".join(answer.streaming_content) == PDF
        assert answer["Content-Disposition"] == 'attachment; filename="hop-dong.exe.pdf"'
        assert answer["Content-Type"] == "application/pdf"
        assert {name: answer[name] for name in HEADERS} == HEADERS
    assert Event.objects.filter(kind="evidence_read").count() == 1


def test_strangers_and_other_organisations_see_the_404(
    director: Client, acting_for: Callable[..., Client], nobody: Client, linkage: Linkage
) -> None:
    director.post(own(linkage), pdf())
    kept = EvidenceFile.objects.get()
    other = register.organisation("HTX Khác")
    rival = acting_for(other)
    for client in (rival, nobody):
        assert client.get(own(linkage)).status_code == 404
        assert client.post(own(linkage), pdf()).status_code == 404
        assert client.get(f"{own(linkage)}{kept.pk}/").status_code == 404
        assert client.get(f"/linkages/{linkage.pk}/evidence/{kept.pk}/").status_code == 404
    trick = f"/mine/{other.pk}/linkages/{linkage.pk}/evidence/"
    assert rival.get(trick).status_code == 404
    assert rival.get(f"{trick}{kept.pk}/").status_code == 404


def test_an_auditor_sees_the_digest_and_no_name(
    director: Client, auditor: Client, linkage: Linkage
) -> None:
    director.post(own(linkage), pdf())
    kept = EvidenceFile.objects.get()
    page = body(auditor.get(f"/linkages/{linkage.pk}/"))
    assert kept.sha256 in page
    assert kept.name not in page
    assert auditor.get(f"/linkages/{linkage.pk}/evidence/{kept.pk}/").status_code == 404


def test_the_office_attaches_a_scan_that_it_holds(staff: Client, linkage: Linkage) -> None:
    staff.post(f"/linkages/{linkage.pk}/evidence/", pdf())
    assert EvidenceFile.objects.get().side == "office"


def test_a_verifier_goes_from_the_queue_to_the_verdict(
    director: Client, verifier: Client, linkage: Linkage
) -> None:
    assert f"/linkages/{linkage.pk}/verify/" not in body(verifier.get("/verification/"))
    director.post(own(linkage), pdf())
    linkage.refresh_from_db()
    assert f"/linkages/{linkage.pk}/verify/" in body(verifier.get("/verification/"))
    page = body(verifier.get(f"/linkages/{linkage.pk}/verify/"))
    assert "hợp đồng.pdf" in page
    assert "77/HĐ" in page
    posted = {"on": "2026-01-02", "version": linkage.version}
    answer = verifier.post(f"/linkages/{linkage.pk}/verify/", posted)
    assert answer["Location"] == "/verification/"
    assert str(Linkage.objects.get().verified_on) == "2026-01-02"
    assert f"/linkages/{linkage.pk}/verify/" not in body(verifier.get("/verification/"))


def test_without_scan_and_paper_the_form_asks_for_the_paper(
    verifier: Client, linkage: Linkage
) -> None:
    posted = {"on": "2026-01-02", "version": linkage.version}
    answer = verifier.post(f"/linkages/{linkage.pk}/verify/", posted)
    assert 'id="id_paper_error"' in body(answer)
    assert Linkage.objects.get().verified_on is None


def test_sent_back_the_director_reads_why(
    director: Client, verifier: Client, linkage: Linkage
) -> None:
    director.post(own(linkage), pdf())
    linkage.refresh_from_db()
    address = f"/linkages/{linkage.pk}/send-back/"
    refused = body(verifier.post(address, {"reason": "", "version": linkage.version}))
    assert 'id="id_back_reason_error"' in refused
    assert '<details class="sheet" open>' in refused
    verifier.post(address, {"reason": "Thiếu trang ký", "version": linkage.version})
    assert "Thiếu trang ký" in body(director.get(own(linkage)))
    assert f"/linkages/{linkage.pk}/verify/" not in body(verifier.get("/verification/"))


def test_a_scan_in_the_log_names_the_side_that_sent_it(director: Client, linkage: Linkage) -> None:
    director.post(own(linkage), pdf())
    page = " ".join(body(director.get(own(linkage).removesuffix("evidence/"))).split())
    assert 'Đã nộp bản quét <span class="quiet">· Bên bán</span>' in page


def test_a_withdrawn_verification_is_said_to_be_one(
    director: Client, verifier: Client, staff: Client, linkage: Linkage
) -> None:
    director.post(own(linkage), pdf())
    linkage.refresh_from_db()
    posted = {"on": "2026-01-02", "version": linkage.version}
    verifier.post(f"/linkages/{linkage.pk}/verify/", posted)
    linkage.refresh_from_db()
    posted = {"reason": "Hợp đồng bị sửa", "version": linkage.version}
    staff.post(f"/linkages/{linkage.pk}/withdraw/", posted)
    page = body(director.get(own(linkage).removesuffix("evidence/")))
    assert "Thành phố đã rút xác nhận kiểm tra: Hợp đồng bị sửa" in page
    assert "yêu cầu bổ sung" not in page


def test_a_verdict_on_what_has_changed_since_is_refused(
    director: Client, verifier: Client, linkage: Linkage
) -> None:
    read = linkage.version
    director.post(own(linkage), pdf())
    for address in ("verify", "send-back"):
        posted = {"on": "2026-01-02", "reason": "Mờ", "version": read}
        answer = verifier.post(f"/linkages/{linkage.pk}/{address}/", posted)
        assert answer.status_code == 412
        # Read again before it is said again: the page shows the linkage as it is now.
        assert f'value="{read + 1}"' in body(answer)


def test_the_same_scan_elsewhere_is_said_aloud(
    director: Client, acting_for: Callable[..., Client], verifier: Client, linkage: Linkage
) -> None:
    other = register.linkage(register.organisation("HTX Hai"), linkage.buyer, "99/HĐ",
                             verified_on=None)  # fmt: skip
    director.post(own(linkage), pdf())
    acting_for(other.seller).post(own(other), pdf())
    assert "99/HĐ" in body(verifier.get(f"/linkages/{linkage.pk}/verify/"))


def test_a_verifier_of_a_side_is_told_why_and_shown_no_form(
    director: Client, verifier: Client, linkage: Linkage
) -> None:
    director.post(own(linkage), pdf())
    address, send_back = (f"/linkages/{linkage.pk}/{act}/" for act in ("verify", "send-back"))
    assert f'action="{address}"' in body(verifier.get(address))
    Membership.objects.create(
        user_id=verifier.session["_auth_user_id"], organisation=linkage.buyer, role="member",
        starts="2020-01-01",
    )  # fmt: skip
    page = body(verifier.get(address))
    assert "Cán bộ xác minh khác sẽ làm việc này" in page
    assert f'action="{address}"' not in page
    assert send_back not in page


def test_offices_read_the_survivor_of_a_merged_side(
    director: Client, verifier: Client, linkage: Linkage
) -> None:
    director.post(own(linkage), pdf())
    kept = register.organisation("HTX Còn Lại")
    Organisation.objects.filter(pk=linkage.seller_id).update(merged_into=kept)
    for address in (
        "/linkages/", f"/linkages/{linkage.pk}/", "/verification/",
        f"/linkages/{linkage.pk}/verify/",
    ):  # fmt: skip
        page = body(verifier.get(address))
        assert f'<a href="/organisations/{kept.pk}/">HTX Còn Lại</a>' in page, address
        assert "(trước là HTX Bán)" in page, address
    said = verifier.get(f"/api/v1/linkages/{linkage.pk}").json()
    assert said["seller"] == {"id": kept.pk, "name": "HTX Còn Lại"}
