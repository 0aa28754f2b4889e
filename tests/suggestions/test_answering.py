"""Later, not for us, a proposal: each side for itself, in its history, and unseen by the other."""

from __future__ import annotations

import pytest

from linkage.agreements.models import Linkage
from linkage.agreements.services import decline
from linkage.agreements.services.reserving import PostClosed
from linkage.errors import NotFound
from linkage.jobs.models import Event
from linkage.market.models import Offer
from linkage.registry.models import StatusFact
from linkage.suggestions import queries
from linkage.suggestions.models import Suggestion
from linkage.suggestions.services import (
    AlreadyProposed,
    ReasonUnknown,
    dismiss,
    open_talks,
    refresh_post,
    see,
)
from tests.market import town
from tests.market.town import NEED, NOW, OFFER, TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def row(coop, firm):
    offer = town.post(coop)
    town.post(firm, NEED)
    refresh_post(kind=OFFER, post_id=offer.pk, now=NOW)
    return Suggestion.objects.get()


def asked(row, organisation):
    return {
        "actor": town.actor(organisation), "organisation_id": organisation.pk,
        "suggestion_id": row.pk, "now": NOW,
    }  # fmt: skip


def talks(row, organisation):
    """Open talks about the two posts."""
    return open_talks(
        actor=town.actor(organisation), organisation_id=organisation.pk, now=NOW,
        offer_id=row.offer_id, need_id=row.need_id, text="Còn hàng không?",
    )  # fmt: skip


def views(row):
    row.refresh_from_db()
    return row.offer_view, row.need_view


def happened():
    return list(Event.objects.filter(subject_kind="suggestion").values_list("kind", flat=True))


def test_each_side_has_its_own_view(row, coop, firm):
    see(**asked(row, coop))
    assert views(row) == ("seen", "new")
    dismiss(**asked(row, firm), reason="too_far")
    assert views(row) == ("seen", "dismissed")
    assert (row.offer_reason, row.need_reason) == ("", "too_far")
    talks(row, coop)
    assert views(row) == ("proposed", "dismissed")
    assert happened() == ["suggestion_seen", "suggestion_dismissed", "suggestion_proposed"]
    last = Event.objects.filter(subject_kind="suggestion").last().data
    assert last == {
        "side": "offer", "before": {"view": "seen", "reason": ""},
        "after": {"view": "proposed", "reason": ""},
    }  # fmt: skip


def test_saying_it_again_changes_nothing(row, coop):
    for _ in range(2):
        see(**asked(row, coop))
    for _ in range(2):
        dismiss(**asked(row, coop), reason="other")
    assert happened() == ["suggestion_seen", "suggestion_dismissed"]


def test_the_reason_may_be_another_one_and_the_suggestion_come_back(row, coop):
    dismiss(**asked(row, coop), reason="other")
    dismiss(**asked(row, coop), reason="quantity")
    row.refresh_from_db()
    assert row.offer_reason == "quantity"
    see(**asked(row, coop))
    row.refresh_from_db()
    assert (row.offer_view, row.offer_reason) == ("seen", "")


def test_what_was_taken_up_stays_so(row, coop):
    talks(row, coop)
    see(**asked(row, coop))
    with pytest.raises(AlreadyProposed):
        dismiss(**asked(row, coop), reason="other")
    assert views(row) == ("proposed", "new")
    assert happened() == ["suggestion_proposed"]


def test_an_unknown_reason_is_refused(row, coop):
    with pytest.raises(ReasonUnknown):
        dismiss(**asked(row, coop), reason="because")
    assert views(row) == ("new", "new")


def test_talks_that_cannot_be_opened_leave_it_as_it_was(row, coop):
    Offer.objects.update(state="paused")
    with pytest.raises(PostClosed):
        talks(row, coop)
    assert views(row) == ("new", "new")


def test_a_suggestion_introduces_only_while_both_posts_are_open(row, firm):
    """A trader that sells garlic too sees no offer of garlic but as a suggestion."""
    town.post(firm, commodity="garlic")
    assert talks(row, firm)
    Linkage.objects.all().delete()
    Offer.objects.filter(pk=row.offer_id).update(state="paused")
    with pytest.raises(NotFound):
        talks(row, firm)


@pytest.mark.parametrize("suspended", ["coop", "firm"])
def test_with_who_does_not_work_nothing_is_suggested_and_no_talks_begin(row, coop, firm, suspended):
    town.post(firm, commodity="garlic")
    side = {"coop": coop, "firm": firm}[suspended]
    StatusFact.objects.create(organisation=side, status="suspended", since=TODAY)
    for organisation in (coop, firm):
        asked_for = {"actor": town.actor(organisation), "organisation_id": organisation.pk}
        assert not queries.listing(**asked_for, on=TODAY).exists()
    other = firm if side is coop else coop
    with pytest.raises(NotFound):
        talks(row, other)


def test_the_open_talks_of_the_two_are_those_it_leads_to(row, coop, firm):
    def led_to(organisation):
        return queries.talks_of([queries.as_own(Suggestion.objects.get(), organisation.pk)])

    assert led_to(coop) == {}
    first = talks(row, coop)
    assert led_to(coop) == {row.pk: first.pk}
    decline(actor=town.actor(firm), organisation_id=firm.pk, linkage_id=first.pk,
            version=first.version, reason="Đủ hàng", now=NOW)  # fmt: skip
    # What ended is no obstacle: either side may begin anew.
    assert (led_to(coop), led_to(firm)) == ({}, {})
    second = talks(row, firm)
    assert (led_to(coop), led_to(firm)) == ({row.pk: second.pk}, {row.pk: second.pk})


@pytest.mark.parametrize("act", [see, lambda **said: dismiss(**said, reason="other")])
def test_strangers_and_wrong_ids_learn_the_same(row, coop, firm, act):
    other = town.organisation("HTX Khác")
    stranger = asked(row, other)
    with pytest.raises(NotFound):
        act(**stranger)
    with pytest.raises(NotFound):
        act(**{**stranger, "organisation_id": coop.pk})
    with pytest.raises(NotFound):
        act(**{**asked(row, coop), "suggestion_id": row.pk + 1})
    # Suggested to the other side alone: it is not there.
    Suggestion.objects.update(offer_why="")
    with pytest.raises(NotFound):
        act(**asked(row, coop))
    assert views(row) == ("new", "new")


def test_a_side_sees_what_is_its_own_best_alone(row, coop, firm):
    Suggestion.objects.update(offer_why="")

    def listed(organisation):
        rows = queries.listing(
            actor=town.actor(organisation), organisation_id=organisation.pk, on=TODAY
        )
        return rows.count()

    assert (listed(coop), listed(firm)) == (0, 1)
    with pytest.raises(NotFound):
        queries.listing(actor=town.actor(coop), organisation_id=firm.pk, on=TODAY)


def test_filters_narrow_the_list(row, coop):
    def listed(**said):
        return queries.listing(
            actor=town.actor(coop), organisation_id=coop.pk, on=TODAY,
            filters=queries.Filters(**said),
        ).count()  # fmt: skip

    assert listed(kind=OFFER) == listed(post_id=row.offer_id) == listed(view="new") == 1
    assert listed(kind=NEED) == listed(post_id=row.offer_id + 9) == listed(view="seen") == 0
