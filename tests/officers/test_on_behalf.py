"""What an officer does for an organisation that lets it, and what it can not do at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from linkage.agreements import evidence, services, talks
from linkage.agreements.models import Linkage, TermsVersion
from linkage.agreements.services.parties import ActedForOtherSide
from linkage.agreements.services.verifying import VerifiedByParty
from linkage.errors import DomainError, NotFound
from linkage.jobs import outbox
from linkage.jobs.models import Event
from linkage.market import queries
from linkage.market import services as market
from linkage.market.models import Offer
from linkage.market.services import states
from linkage.market.services.posts import Limit
from linkage.notices.models import Notice
from linkage.registry.access import Actor, NotConsented
from linkage.registry.models import Membership, OfficerAct, Role, User
from linkage.registry.services import say_told, withdraw_consent
from linkage.registry.services.behalf import tell_newcomer
from linkage.registry.services.memberships import begin_membership
from linkage.suggestions import queries as suggestion_reads
from linkage.suggestions.services import open_talks
from linkage.suggestions.structural import own_structure
from tests import scans
from tests.market import town
from tests.officers import field
from worker.handlers import CONSUMERS

TODAY, NOW = town.TODAY, town.NOW
LIMIT = 87_123


def post(actor, organisation, kind=town.OFFER, now=NOW, limit=None, **changes):
    return market.create_post(
        actor=actor, kind=kind, organisation_id=organisation.pk, terms=town.terms(**changes),
        publish=True, now=now, limit=limit,
    )  # fmt: skip


def asked(actor, organisation, offer, need, text="Còn hàng không?", proposal=None):
    return open_talks(
        actor=actor, organisation_id=organisation.pk, offer_id=offer.pk, need_id=need.pk,
        text=text, proposal=proposal, now=NOW,
    )  # fmt: skip


def proposal():
    return {
        "quantity": Decimal(1), "unit": "tan", "price": 9_000, "starts": TODAY,
        "ends": date(2026, 7, 1),
    }  # fmt: skip


def at(linkage):
    linkage.refresh_from_db()
    return {"linkage_id": linkage.pk, "version": linkage.version, "now": NOW}


def deliver():
    outbox.deliver_due(consumers=CONSUMERS, clock=timezone.now)


@pytest.fixture
def officer(user, coop):
    field.consent(user, coop)
    return field.acting(user)


@pytest.fixture
def need(firm):
    return town.post(firm, town.NEED)


@pytest.fixture
def buyer(firm):
    return town.actor(firm, firm.memberships.get().user_id)


def test_it_posts_in_the_organisations_name_with_its_own_on_the_act(officer, coop):
    made = post(officer, coop)
    assert (made.organisation, made.created_by_id) == (coop, officer.user_id)
    event = Event.objects.get(kind="post_published")
    assert (event.actor_id, event.data["on_behalf"]) == (officer.user_id, coop.pk)
    act = OfficerAct.objects.get()
    assert (act.kind, act.subject_id, act.told_at) == ("post_published", made.pk, None)


def test_without_a_consent_nothing_is_done_and_the_organisation_is_not_there(user, coop):
    actor = field.acting(user)
    with pytest.raises(NotFound):
        post(actor, coop)
    with pytest.raises(NotFound):
        queries.mine(actor=actor, kind=town.OFFER, organisation_id=coop.pk)


def test_a_consent_for_something_else_is_not_enough(user, coop, need):
    field.consent(user, coop, deeds=["talks"])
    with pytest.raises(NotConsented):
        post(field.acting(user), coop)
    assert not Offer.objects.exists()


def test_a_consent_that_was_withdrawn_a_moment_ago_undoes_the_act(officer, coop, user):
    """The actor was read before; the act asks again in its own transaction."""
    withdraw_consent(
        actor=field.acting(user), organisation_id=coop.pk,
        consent_id=user.consents_recorded.get().pk, now=NOW,
    )  # fmt: skip
    with pytest.raises(NotFound):
        post(officer, coop)
    assert not Offer.objects.exists()


def test_the_limit_is_typed_in_blind_and_never_read_again(officer, coop):
    made = post(officer, coop, limit=Limit(LIMIT, "kg"))
    asked = {"kind": town.OFFER, "organisation_id": coop.pk, "post_id": made.pk}
    own = queries.own(actor=town.actor(coop), **asked)
    seen = queries.own(actor=officer, **asked)
    assert own.limit is not None
    assert (seen.limit, seen.limit_hidden) == (None, True)
    # Nor whether there is one.
    assert [event.kind for event in seen.events] == ["post_published"]
    market.set_limit(actor=officer, own=town.own(made), price=LIMIT + 1, unit_code="kg", now=NOW)
    assert queries.own(actor=officer, **asked).limit is None


def test_it_asks_proposes_answers_and_takes_back(officer, coop, need, buyer, firm):
    offer = post(officer, coop)
    talk = asked(officer, coop, offer, need)
    own = {"actor": officer, "organisation_id": coop.pk}
    services.answer(**own, linkage_id=talk.pk, text="Chờ trả lời.", now=NOW)
    services.propose(**own, **at(talk), proposal=proposal())
    terms = TermsVersion.objects.get()
    assert (terms.side, terms.proposed_by_id) == ("seller", officer.user_id)
    services.withdraw(**own, **at(talk))
    events = Event.objects.filter(subject_kind="linkage", subject_id=str(talk.pk))
    assert {event.data["on_behalf"] for event in events} == {coop.pk}


def test_it_never_agrees_for_it(officer, coop, need, buyer, firm):
    offer = post(officer, coop)
    talk = asked(buyer, firm, offer, need, proposal=proposal())
    seen = talks.talk(actor=officer, organisation_id=coop.pk, linkage_id=talk.pk, on=TODAY)
    assert seen.acts == {"propose", "answer"}
    own = {"actor": officer, "organisation_id": coop.pk}
    closed = [
        (services.accept, {}),
        (services.decline, {"reason": "x"}),
        (services.share_contact, {}),
        (services.terminate, {"reason": "x"}),
        (services.confirm, {}),
        (services.deny, {"reason": "x"}),
        (services.complete, {"terms": {}}),
    ]
    for service, more in closed:
        with pytest.raises(NotFound):
            service(**own, **at(talk), **more)
    talk.refresh_from_db()
    assert talk.state == "proposed"


def test_contacts_of_the_other_side_are_the_organisations_and_not_the_officers(
    officer, coop, need, buyer, firm
):
    talk = asked(buyer, firm, post(officer, coop), need)
    Linkage.objects.update(seller_shares_contact=True, buyer_shares_contact=True)
    for actor, seen in ((officer, None), (town.actor(coop), ())):
        read = talks.talk(actor=actor, organisation_id=coop.pk, linkage_id=talk.pk, on=TODAY)
        assert read.contacts == seen


def paper(**changes):
    return {"contract_number": "12/HĐ", "starts": TODAY, **changes}


def declared(officer, coop):
    return services.declare(
        actor=officer, organisation_id=coop.pk, side="seller", now=NOW, terms=paper(),
        partner={"name": "Công ty Rau", "kind": "enterprise"},
    )  # fmt: skip


def test_it_enters_a_contract_on_paper_and_attaches_a_scan_that_it_does_not_open(
    officer, coop, firm, settings, tmp_path
):
    settings.MEDIA_ROOT = str(tmp_path)
    made = declared(officer, coop)
    assert (made.seller, made.buyer, made.opened_by) == (coop, firm, "seller")
    own = {"actor": officer, "organisation_id": coop.pk, "linkage_id": made.pk}
    file = services.attach_evidence(**own, file=scans.scan("giấy"), now=NOW)
    (shown,) = evidence.own_evidence(**own).scans
    assert not shown.may_be_opened
    with pytest.raises(NotFound):
        services.open_own_evidence(**own, file_id=file.pk)


@pytest.fixture
def both(user, coop, firm):
    """Lets the officer act for the firm too, which is in its area now."""
    firm.commune_facts.update(commune_id="1")
    field.consent(user, coop)
    field.consent(user, firm)
    return field.acting(user)


def test_who_acted_for_one_side_does_not_act_for_the_other(both, coop, firm, need):
    talk = asked(both, coop, post(both, coop), need)
    other = {"actor": both, "organisation_id": firm.pk}
    with pytest.raises(ActedForOtherSide):
        services.answer(**other, linkage_id=talk.pk, text="Còn.", now=NOW)
    with pytest.raises(ActedForOtherSide):
        services.propose(**other, **at(talk), proposal=proposal())
    # The side that it spoke for stays open to it.
    services.answer(actor=both, organisation_id=coop.pk, linkage_id=talk.pk, text="A", now=NOW)


def test_not_even_as_a_member_of_the_other_side_later(both, coop, firm, need):
    talk = asked(both, coop, post(both, coop), need, proposal=proposal())
    member = Actor(both.user_id, frozenset(), {firm.pk: "admin"})
    with pytest.raises(ActedForOtherSide):
        services.accept(actor=member, organisation_id=firm.pk, **at(talk))
    # Control: somebody else of the firm may.
    services.accept(actor=town.actor(firm), organisation_id=firm.pk, **at(talk))


def test_a_member_of_one_side_does_not_speak_for_the_other(both, coop, firm, need):
    Membership.objects.create(
        user_id=both.user_id, organisation=firm, role="member", starts=date(2020, 1, 1)
    )
    actor = field.acting(User.objects.get(pk=both.user_id))
    with pytest.raises(ActedForOtherSide):
        asked(actor, coop, post(actor, coop), need)
    with pytest.raises(ActedForOtherSide):
        declared(actor, coop)
    assert not Linkage.objects.exists()


def test_it_never_verifies_what_is_of_its_area(officer, coop):
    made = declared(officer, coop)
    judge = replace(officer, roles=officer.roles | {Role.VERIFIER}, user_id=field.officer("hai").pk)
    with pytest.raises(VerifiedByParty):
        services.verify_linkage(actor=judge, **at(made), verified_on=TODAY, paper="Tủ 1")


def test_its_people_are_told_of_each_act_once(officer, coop):
    member = town.person(coop)
    post(officer, coop, limit=Limit(LIMIT, "kg"))
    deliver()
    (notice,) = Notice.objects.filter(user=member, what="officer_offer")
    assert notice.data["person"] == "Cán bộ Một"
    assert OfficerAct.objects.get().told_at is not None


def test_where_nobody_has_an_account_it_is_kept_for_the_first_who_claims_it(officer, coop):
    post(officer, coop)
    deliver()
    assert not Notice.objects.filter(what="officer_offer").exists()
    newcomer = User.objects.create(username="moi", email="moi@example.org")
    begin_membership(
        user_id=newcomer.pk, organisation=coop, role="admin", actor=town.actor(coop), now=NOW
    )
    deliver()
    assert Notice.objects.filter(user=newcomer, what="officer_offer").count() == 1
    assert not OfficerAct.objects.filter(told_at=None).exists()


def test_the_officer_says_on_the_phone_what_nobody_was_told(officer, coop, elsewhere):
    post(officer, coop)
    post(officer, coop, now=NOW + timedelta(minutes=5))
    told = {"actor": officer, "now": NOW}
    assert say_told(**told, organisation_id=coop.pk) == 2
    assert say_told(**told, organisation_id=coop.pk) == 0
    event = Event.objects.get(kind="told_on_phone")
    assert (event.subject_id, event.actor_id) == (str(coop.pk), officer.user_id)
    assert event.data == {"acts": sorted(OfficerAct.objects.values_list("pk", flat=True))}
    with pytest.raises(NotFound):
        say_told(**told, organisation_id=elsewhere.pk)


def test_a_newcomer_is_told_of_many_acts_in_as_many_reads_as_of_one(officer, coop):
    for number in range(6):
        post(officer, coop, now=NOW + timedelta(minutes=number))
    with CaptureQueriesContext(connection) as asked, transaction.atomic():
        tell_newcomer(organisation=coop, actor=officer, now=NOW)
    reads = [query for query in asked if 'FROM "jobs_event"' in query["sql"]]
    assert len(reads) == 1


@pytest.mark.parametrize("name", sorted(states.ACTS))
def test_every_act_on_a_post_asks_for_the_consent(user, coop, name):
    made = town.post(coop, publish=name != "publish")
    field.consent(user, coop, deeds=["papers"])
    with pytest.raises(NotConsented):
        states.ACTS[name](actor=field.acting(user), own=town.own(made), now=NOW)


def test_a_member_needs_no_consent_and_leaves_no_act(coop):
    post(town.actor(coop, town.person(coop).pk), coop)
    assert not OfficerAct.objects.exists()
    assert "on_behalf" not in Event.objects.get(kind="post_published").data


def test_what_the_database_undoes_leaves_no_act(officer, coop):
    with pytest.raises(DomainError):
        post(officer, coop, quantity=Decimal(0))
    assert not OfficerAct.objects.exists()


def test_a_consent_for_posts_opens_no_talks_no_terms_and_no_papers(officer, coop, need, user):
    """What it reads is what it is let do: each read asks for the deed that it serves."""
    made = asked(officer, coop, post(officer, coop), need, proposal=proposal())
    own = {"organisation_id": coop.pk}
    assert talks.talk(actor=officer, **own, linkage_id=made.pk, on=TODAY).terms
    for_posts = replace(officer, on_behalf={coop.pk: frozenset({"posts"})})
    for read in (
        lambda: talks.mine(actor=for_posts, **own),
        lambda: talks.talk(actor=for_posts, **own, linkage_id=made.pk, on=TODAY),
        lambda: talks.open_between(actor=for_posts, **own, offer_id=1, need_id=1),
        lambda: evidence.own_evidence(actor=for_posts, **own, linkage_id=made.pk),
        lambda: suggestion_reads.listing(actor=for_posts, **own, on=TODAY),
        lambda: suggestion_reads.own(actor=for_posts, **own, suggestion_id=1),
        lambda: suggestion_reads.posts_with_suggestions(actor=for_posts, **own, on=TODAY),
        lambda: own_structure(actor=for_posts, **own, on=TODAY),
    ):
        with pytest.raises(NotConsented):
            read()
    assert list(queries.mine(actor=for_posts, kind=town.OFFER, **own))


@pytest.mark.parametrize("deed", ["papers", "deliveries"])
def test_who_works_on_contracts_reads_none_of_the_talks_before(officer, coop, need, deed, buyer):
    made = asked(officer, coop, post(officer, coop), need, proposal=proposal())
    own = {"organisation_id": coop.pk}
    let = replace(officer, on_behalf={coop.pk: frozenset({deed})})
    assert list(talks.mine(actor=let, **own)) == []
    with pytest.raises(NotFound):
        talks.talk(actor=let, **own, linkage_id=made.pk, on=TODAY)
    Linkage.objects.filter(pk=made.pk).update(
        state="agreed", confirmed_on=TODAY, seller_confirmed_on=TODAY, buyer_confirmed_on=TODAY,
        agreed_terms=TermsVersion.objects.get(), quantity=1_000_000, unit="tan",
        contract_number="NC-1",
    )  # fmt: skip
    shown = talks.talk(actor=let, **own, linkage_id=made.pk, on=TODAY)
    assert (shown.terms, shown.messages) == ((), ())
    assert {event.actor_id for event in shown.events} <= {let.user_id}
    beside = evidence.beside_talks(actor=let, **own, linkage_id=made.pk)
    assert (beside is None) == (deed != "papers")
