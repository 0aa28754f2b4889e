"""The page on which a person makes a key for programs, sees it once and revokes it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from linkage.registry.models import ApiToken, Role
from tests.web import register

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def coop():
    return register.organisation()


def asked(standing, **changes):
    ends = (TODAY + timedelta(days=30)).isoformat()
    scopes = ["market:read", "linkages:write"]
    return {"name": "Phần mềm kho", "standing": standing, "scopes": scopes, "ends": ends, **changes}


def test_a_key_is_shown_in_one_answer_alone(acting_for, coop):
    client = acting_for(coop)
    made = client.post("/mine/keys/", asked(f"organisation:{coop.pk}"))
    assert made.status_code == 200
    assert "no-store" in made["Cache-Control"]
    secret = made.context["made"].secret
    assert secret in made.content.decode()
    listed = client.get("/mine/keys/").content.decode()
    assert secret not in listed
    for words in ("Phần mềm kho", coop.name, "đang dùng", "chưa dùng lần nào"):
        assert words in listed
    token = ApiToken.objects.get()
    assert (token.organisation_id, token.role) == (coop.pk, "")
    assert token.scopes == ["linkages:write", "market:read"]


def test_an_office_has_keys_of_its_own(auditor):
    offered = auditor.get("/mine/keys/").context["form"].fields["standing"].choices
    assert [value for value, _ in offered] == ["role:auditor"]
    auditor.post("/mine/keys/", asked("role:auditor"))
    assert ApiToken.objects.get().role == Role.AUDITOR


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"standing": "role:auditor"}, "standing"),
        ({"standing": "organisation:999999"}, "standing"),
        ({"scopes": []}, "scopes"),
        ({"ends": "2099-01-01"}, "ends"),
    ],
)
def test_what_is_wrong_stands_at_its_field(acting_for, coop, changes, field):
    page = acting_for(coop).post("/mine/keys/", asked(f"organisation:{coop.pk}") | changes)
    assert list(page.context["form"].errors) == [field]
    assert not ApiToken.objects.exists()


def test_a_key_is_revoked_by_its_owner_alone(acting_for, coop, staff):
    client = acting_for(coop)
    client.post("/mine/keys/", asked(f"organisation:{coop.pk}"))
    token = ApiToken.objects.get()
    assert staff.post(f"/mine/keys/{token.pk}/revoke/").status_code == 404
    assert client.post(f"/mine/keys/{token.pk}/revoke/").status_code == 302
    token.refresh_from_db()
    assert token.revoked_at is not None
    listed = client.get("/mine/keys/").content.decode()
    assert "đã thu hồi" in listed
    assert f"/mine/keys/{token.pk}/revoke/" not in listed


def test_whoever_has_no_standing_is_told_so(nobody):
    assert "có thể tạo khóa ở đây" in nobody.get("/mine/keys/").content.decode()
