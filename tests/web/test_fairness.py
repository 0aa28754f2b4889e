"""The page of whom suggestions reach: its sentences, what each number opens to, and for whom."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from linkage.jobs.models import Job
from linkage.market.models import PostKind
from linkage.registry.models import Role
from linkage.suggestions.models import FairnessCoOp, FairnessReport
from linkage.suggestions.services import measure_fairness, refresh_post
from tests.market import town
from tests.market.town import NEED
from tests.web.test_suggestions import posted

pytestmark = pytest.mark.django_db
PAGE = "/fairness/"


def text(answer) -> str:
    """What is read, without marks and gaps."""
    body = unescape(re.sub(r"<[^>]+>", " ", answer.content.decode()))
    return re.sub(r"\s+", " ", body)


@pytest.fixture
def measured(db):
    """A co-op that is suggested to a firm, and one without a partner."""
    town.catalogue()
    town.places()
    shown = town.organisation("HTX Tỏi", members=12)
    made = posted(shown)
    posted(town.organisation("HTX Thóc"), commodity="paddy")
    posted(town.organisation("Công ty Tỏi", "enterprise", commune="2"), NEED)
    refresh_post(kind=PostKind.OFFER, post_id=made.pk, now=timezone.now())
    return measure_fairness(
        now=timezone.now(), progress=lambda done, total: None, fence=lambda: None
    )


def test_it_says_in_sentences_whom_suggestions_reach(measured, staff: Client) -> None:
    said = text(staff.get(PAGE))
    assert "0 HTX có đối tác phù hợp mà không được giới thiệu với ai đạt" in said
    assert "Không được giới thiệu với ai 1 trên 2 (50,0%)" in said
    assert "Hệ số Gini của số lần 0,50" in said
    assert "nhỏ: không quá 300 thành viên 100,0% 1 trên 1 50,0% 1 trên 2" in said
    assert "20,0% (2.000 trên 10.000) dành cho việc HTX chưa có liên kết được kiểm tra" in said
    assert "trung bình mỗi gợi ý kém 0,0 trên 10.000 điểm" in said
    assert "Đo hôm nay" not in said
    assert f'href="{PAGE}"' in staff.get("/dashboard/").content.decode()


def test_each_number_opens_to_its_co_ops(measured, staff: Client) -> None:
    body = staff.get(f"{PAGE}{measured.pk}/").content.decode()
    opened = {
        shown: text(staff.get(address))
        for address, shown in re.findall(r'href="(/fairness/\d+/(\w+)/)"', body)
    }
    both = {"nobody", "overlooked", "all", "most", "least", "unlinked", "small", "size_unknown"}
    assert set(opened) == both
    listed = {
        shown: {name for name in ("HTX Tỏi", "HTX Thóc") if name in said}
        for shown, said in opened.items()
    }
    assert listed["overlooked"] == set()
    assert listed["nobody"] == listed["least"] == listed["size_unknown"] == {"HTX Thóc"}
    assert listed["most"] == listed["small"] == {"HTX Tỏi"}
    assert listed["all"] == listed["unlinked"] == {"HTX Tỏi", "HTX Thóc"}
    assert staff.get(f"{PAGE}{measured.pk}/rivals/").status_code == 404
    assert staff.get(f"{PAGE}{measured.pk + 1}/all/").status_code == 404
    assert staff.get(f"{PAGE}{measured.pk + 1}/").status_code == 404


def test_who_left_the_register_is_still_counted(staff: Client) -> None:
    numbers = dict.fromkeys((f.name for f in FairnessReport._meta.fields[5:]), 1)
    made = FairnessReport.objects.create(
        day="2026-01-01", engine="1", preference=0, measured_at=timezone.now(), **numbers
    )
    FairnessCoOp.objects.create(
        report=made, organisation_id=999, shown=0, told=1, has_partner=True, unlinked=True,
        small=False,
    )  # fmt: skip
    assert "không còn trong sổ" in text(staff.get(f"{PAGE}{made.pk}/overlooked/"))
    said = text(staff.get(PAGE))
    assert "1 HTX có đối tác phù hợp mà không được giới thiệu với ai phải là 0" in said
    # Nobody acts for it any more, so nobody was told.
    assert "tự nhận được gợi ý" not in said


def test_staff_ask_for_a_measuring_and_another_setting_is_told(
    measured, staff: Client, settings
) -> None:
    settings.MATCH_PREFERENCE = 1_500
    said = text(staff.get(PAGE))
    assert "Mức ưu tiên hiện nay là 15,0% (1.500 trên 10.000); báo cáo này theo mức khác." in said
    assert "Đo hôm nay" in said
    answer = staff.post(f"{PAGE}measure/")
    job = Job.objects.get(kind="suggestions.fairness")
    assert answer["Location"] == f"/jobs/{job.pk}/"
    Job.objects.filter(pk=job.pk).update(
        state="done", finished_at=timezone.now(), result={"report_id": measured.pk}
    )
    assert f"/fairness/{measured.pk}/" in staff.get(f"/jobs/{job.pk}/").content.decode()


def test_nothing_measured_yet_is_said(staff: Client) -> None:
    assert "Chưa đo lần nào." in text(staff.get(PAGE))


def test_co_ops_do_not_see_who_else_is_shown(measured, acting_for, signed_in) -> None:
    member = acting_for(town.Organisation.objects.get(name="HTX Tỏi"))
    addresses = [PAGE, f"{PAGE}{measured.pk}/", f"{PAGE}{measured.pk}/all/"]
    for client in (member, signed_in(), signed_in(Role.FIELD_OFFICER)):
        assert {client.get(address).status_code for address in addresses} <= {403, 404}
        assert client.post(f"{PAGE}measure/").status_code in (403, 404)
    assert Client().get(PAGE)["Location"].startswith("/accounts/login/")
    for office in (Role.AUDITOR, Role.VERIFIER):
        client = signed_in(office)
        assert {client.get(address).status_code for address in addresses} == {200}
        assert client.post(f"{PAGE}measure/").status_code in (403, 404)
        assert not Job.objects.exists()


def test_the_office_introduces_whom_nobody_is_shown(
    staff: Client, acting_for, signed_in, db
) -> None:
    town.catalogue()
    town.places()
    buyer = town.organisation("Công ty Chế biến", "enterprise", commune="2")
    need = posted(buyer, NEED)
    for number in range(3):
        posted(town.organisation(f"HTX Gần {number}", commune="2"))
    far = town.organisation("HTX Xa", commune="3")
    offer = posted(far)
    for kind, post in ((PostKind.NEED, need), (PostKind.OFFER, offer)):
        refresh_post(kind=kind, post_id=post.pk, now=timezone.now())
    made = measure_fairness(
        now=timezone.now(), progress=lambda done, total: None, fence=lambda: None
    )
    assert "Giới thiệu 1 HTX với đối tác phù hợp nhất" in text(staff.get(PAGE))
    assert "Giới thiệu 1 HTX" not in text(signed_in("auditor").get(PAGE))
    answer = staff.post(f"{PAGE}introduce/", follow=True)
    assert "Thành phố đã gợi ý 1 HTX và đối tác phù hợp nhất với nhau." in text(answer)
    assert "Từ lần đo này đã giới thiệu giúp 1 trên 1 HTX" in text(answer)
    assert "Giới thiệu 1 HTX" not in text(answer)
    said = text(staff.get(f"{PAGE}{made.pk}/overlooked/"))
    assert "HTX Xa đã giới thiệu với Công ty Chế biến ngày" in said
    assert "chưa có ai đại diện: HTX Xa, Công ty Chế biến" in said
    assert "tự nhận được gợi ý" not in text(answer)
    acting_for(far)
    assert "1 HTX trong số này tự nhận được gợi ý" in text(staff.get(PAGE))
    own = text(acting_for(buyer).get(f"/mine/{buyer.pk}/suggestions/"))
    assert "Thành phố gợi ý Từ phương án của thành phố" in own
    assert "HTX Xa Của thành phố" in own
