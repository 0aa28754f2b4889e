"""Invitations to who has never posted, and the first code that an officer brings."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from linkage.errors import NotAllowed, NotFound
from linkage.jobs.models import Event, Outbox
from linkage.market.inviting import never_posted
from linkage.market.models import Invitation
from linkage.market.services import invite_to_post
from linkage.market.services.inviting import (
    NOT_AGAIN_FOR,
    InvitedAlready,
    NobodyToInvite,
    PostedAlready,
)
from linkage.notices.models import Kind, MessageChoice, Notice
from linkage.notices.services import MESSAGE
from linkage.registry import services
from linkage.registry.access import Actor, actor_of
from linkage.registry.models import AccessCode, Membership, Role, RoleGrant, User
from linkage.registry.services.codes import ManagedAlready
from linkage.registry.services.memberships import OwnArea
from tests.market import town
from tests.officers import field

STAFF = Actor(None, frozenset({Role.CITY_STAFF}))
BACKEND = "django.contrib.auth.backends.ModelBackend"
TODAY = localdate()


@pytest.fixture
def officer(user, coop, elsewhere):
    return field.acting(user, on=TODAY)


@pytest.fixture
def silent(coop):
    """In the area, with somebody who acts for it and has written nothing."""
    return town.person(coop)


def names(actor, *, with_account=True):
    found = never_posted(actor=actor, on=TODAY, with_account=with_account)
    return [one.name for one in found]


def invite(actor, organisation, now=None):
    return invite_to_post(actor=actor, organisation_id=organisation.pk, now=now or timezone.now())


def test_the_office_sees_all_and_an_officer_its_area(officer, coop, silent, elsewhere, firm):
    assert names(STAFF) == ["Công ty Rau", "HTX Tỏi"]
    assert names(STAFF, with_account=False) == ["HTX Nơi Khác"]
    assert (names(officer), names(officer, with_account=False)) == (["HTX Tỏi"], [])


def test_who_wrote_a_post_even_a_draft_or_before_a_merge_is_not_among_them(
    coop, silent, elsewhere, firm
):
    town.post(firm, town.NEED, publish=False)
    assert names(STAFF) == ["HTX Tỏi"]
    town.post(elsewhere)
    elsewhere.merged_into = coop
    elsewhere.save()
    assert names(STAFF) == []


@pytest.mark.parametrize("role", [Role.VERIFIER, Role.AUDITOR])
def test_other_offices_and_members_do_not(role, coop, silent):
    for actor in (Actor(1, frozenset({role})), town.actor(coop)):
        with pytest.raises(NotAllowed):
            names(actor)
        with pytest.raises(NotAllowed):
            invite(actor, coop)


def test_its_people_are_told_once_in_their_inbox_and_by_message_who_chose_so(officer, coop, silent):
    MessageChoice.objects.create(user=silent, kind=Kind.MATCH)
    made = invite(officer, coop)
    assert (made.invited_by_id, made.organisation_id) == (officer.user_id, coop.pk)
    told = Notice.objects.get()
    assert (told.user, told.what, told.organisation) == (silent, "invited_to_post", coop)
    assert Event.objects.get(kind="invited_to_post").subject_id == str(coop.pk)
    # Sent by the worker, as every message is.
    sent = Outbox.objects.get(topic=MESSAGE)
    assert sent.payload == {"user_id": silent.pk, "key": told.dedupe_key}


def test_once_in_thirty_days_whoever_invites(officer, coop, silent):
    now = timezone.now()
    invite(STAFF, coop, now)
    for actor, later in ((officer, now), (STAFF, now + NOT_AGAIN_FOR - timedelta(minutes=1))):
        with pytest.raises(InvitedAlready):
            invite(actor, coop, later)
    assert (Invitation.objects.count(), Notice.objects.count()) == (1, 1)
    invite(officer, coop, now + NOT_AGAIN_FOR)
    assert (Invitation.objects.count(), Notice.objects.count()) == (2, 2)


def test_who_has_posted_who_has_nobody_and_who_is_elsewhere_is_not_invited(
    officer, coop, elsewhere, firm
):
    with pytest.raises(NobodyToInvite):
        invite(officer, coop)
    with pytest.raises(NotFound):
        invite(officer, elsewhere)
    town.post(firm, town.NEED)
    with pytest.raises(PostedAlready):
        invite(STAFF, firm)
    assert not Invitation.objects.exists()


def browser(user):
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def test_the_page_lists_and_invites(user, coop, silent, elsewhere):
    client = browser(user)
    send = reverse("web:invitation_send", args=[coop.pk])
    assert send in client.get(reverse("web:invitations")).content.decode()
    assert client.post(send).status_code == 302
    shown = client.get(reverse("web:invitations")).content.decode()
    assert send not in shown
    assert "Đã mời" in shown
    assert client.post(send).status_code == 409
    assert client.post(reverse("web:invitation_send", args=[elsewhere.pk])).status_code == 404
    assert client.get(reverse("web:invitation_send", args=[coop.pk])).status_code == 302
    assert browser(silent).get(reverse("web:invitations")).status_code == 404
    # The notice leads to where posts are written.
    notice = Notice.objects.get()
    answer = browser(silent).post(reverse("web:inbox_read", args=[notice.pk]))
    assert answer["Location"] == reverse("web:offers", args=[coop.pk])


def test_the_api_lists_and_invites(user, coop, silent, elsewhere):
    client, there = browser(user), reverse("api:invitation_send", args=[coop.pk])
    assert [one["id"] for one in client.get(reverse("api:invitations")).json()["results"]] == [
        coop.pk
    ]
    nobody = client.get(f"{reverse('api:invitations')}?with_account=false").json()
    assert nobody["results"] == []

    def send(address):
        key = {"idempotency-key": uuid.uuid4().hex}
        return client.post(address, {}, content_type="application/json", headers=key)

    assert send(there).status_code == 201
    assert send(there).json()["code"] == "invited_already"
    away = reverse("api:invitation_send", args=[elsewhere.pk])
    assert send(away).json()["code"] == "not_found"


def issue(actor, organisation, way=AccessCode.Way.LETTER):
    return services.issue_code(
        actor=actor, organisation_id=organisation.pk, role="admin", way=way, now=timezone.now()
    )


def test_an_officer_brings_the_first_code_of_an_organisation_of_its_area(
    officer, user, coop, elsewhere
):
    issued = issue(officer, coop)
    assert issued.secret
    with pytest.raises(NotFound):
        issue(officer, elsewhere)
    newcomer = User.objects.create(username="moi", email="moi@example.org")
    services.enter_code(actor=actor_of(newcomer, on=TODAY), code=issued.secret, now=timezone.now())
    with pytest.raises(ManagedAlready):
        issue(officer, coop)
    # Control: staff go on.
    assert issue(STAFF, coop).secret


def test_an_officer_never_enters_a_code_of_its_area(officer, user, coop):
    """Else it would make itself a member, and agree for whom it looks after."""
    issued = issue(officer, coop)
    with pytest.raises(OwnArea):
        services.enter_code(actor=officer, code=issued.secret, now=timezone.now())
    assert not Membership.objects.filter(user=user).exists()
    assert AccessCode.objects.get().used_at is None
    RoleGrant.objects.filter(user=user).delete()
    services.enter_code(actor=actor_of(user, on=TODAY), code=issued.secret, now=timezone.now())
    assert Membership.objects.get(user=user).organisation == coop


def test_the_letter_is_printed_by_the_officer_and_leads_back_to_its_own_pages(
    user, coop, elsewhere
):
    client, there = browser(user), reverse("web:code_issue", args=[coop.pk])
    listed = client.get(f"{reverse('web:invitations')}?account=no").content.decode()
    assert there in listed
    form = client.get(there).content.decode()
    assert reverse("web:call", args=[coop.pk]) in form
    letter = client.post(there, {"role": "admin", "way": "letter", "address": ""})
    assert letter.status_code == 200
    closed = reverse("web:office_people", args=[coop.pk])
    assert f'href="{closed}"' not in form + letter.content.decode()
    assert AccessCode.objects.get().issued_by == user
    assert client.get(reverse("web:code_issue", args=[elsewhere.pk])).status_code == 404
    assert client.get(reverse("web:office_people", args=[coop.pk])).status_code == 404
