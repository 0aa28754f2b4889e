"""Writing, changing and copying a post; what is refused leaves nothing."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from linkage.catalogue.units import QuantityNotExact, UnitNeedsSize
from linkage.errors import NotFound, StaleVersion
from linkage.jobs.models import Event, Outbox
from linkage.market import errors, queries
from linkage.market.models import Need, NeedCeiling, Offer, OfferFloor
from linkage.market.services import copy_post, create_post, edit_post
from linkage.market.services.posts import Limit
from linkage.market.services.states import expire_posts, withdraw_post
from linkage.registry.models import CommuneFact, Organisation
from linkage.registry.values import DayOutOfRange, TextInvalid, ValueUnknown
from tests.market import town
from tests.market.town import NEED, NOW, OFFER, TODAY

pytestmark = pytest.mark.django_db


def edit(post, kind=OFFER, version=None, **changes):
    own = town.own(post, kind, version)
    return edit_post(actor=town.actor(post.organisation), own=own, terms=changes, now=NOW)


def told(kind=OFFER):
    rows = Outbox.objects.filter(topic="market.post_changed", payload__kind=kind.value)
    return sorted(rows.values_list("dedupe_key", flat=True))


def test_three_tonnes_of_garlic_are_published_at_once(coop):
    made = town.post(coop)
    made.refresh_from_db()
    assert (made.state, made.quantity, made.total, made.left) == (
        "published", 3_000_000, 3_000_000, 3_000_000,
    )  # fmt: skip
    assert (made.published_at, made.confirmed_at, made.commune_id) == (NOW, NOW, "1")
    assert told() == [f"offer:{made.pk}:1"]


@pytest.mark.parametrize(
    ("starts", "ends", "field"),
    [
        (date(2099, 12, 1), date(2100, 1, 1), "ends"),
        (date(2100, 1, 1), date(2100, 12, 31), "starts"),
    ],
)
def test_a_copy_whose_days_would_lie_beyond_the_last_year_is_refused(coop, starts, ends, field):
    made = town.post(coop, starts=starts, ends=ends)
    with pytest.raises(DayOutOfRange) as refusal:
        copy_post(
            actor=town.actor(coop), kind=OFFER, organisation_id=coop.pk, post_id=made.pk, now=NOW
        )
    assert refusal.value.values == {"first": 1945, "last": 2100, "field": field}
    assert Offer.objects.count() == 1


def test_a_draft_is_told_to_nobody(coop):
    made = town.post(coop, publish=False)
    assert (made.state, made.published_at, told()) == ("draft", None, [])


@pytest.mark.parametrize("field", ["commodity", "unit", "quantity", "starts", "ends"])
def test_what_a_new_post_has_to_say_and_does_not_is_named(coop, field):
    said = town.terms()
    del said[field]
    with pytest.raises(ValueUnknown) as refusal:
        create_post(actor=town.actor(coop), kind=OFFER, organisation_id=coop.pk, terms=said,
                    publish=True, now=NOW)  # fmt: skip
    assert refusal.value.values["field"] == field


def test_a_rate_comes_to_its_total_over_the_window(coop):
    made = town.post(coop, NEED, period="week", ends=TODAY + timedelta(days=9))
    assert (made.quantity, made.total) == (3_000_000, 4_285_714)


def test_the_place_is_the_organisations_own_unless_one_is_named(coop):
    assert town.post(coop).commune_id == "1"
    assert town.post(coop, commune="3").commune_id == "3"
    CommuneFact.objects.all().delete()
    with pytest.raises(errors.PlaceMissing):
        town.post(coop)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"quantity": Decimal(0)}, errors.AmountOutOfRange),
        ({"quantity": Decimal(-1)}, errors.AmountOutOfRange),
        ({"quantity": Decimal("1e12")}, errors.AmountOutOfRange),
        ({"quantity": Decimal("1.1234567")}, errors.AmountOutOfRange),
        ({"quantity": Decimal("NaN")}, errors.AmountOutOfRange),
        ({"quantity": Decimal("Infinity")}, errors.AmountOutOfRange),
        ({"quantity": Decimal("0.0005"), "unit": "kg"}, QuantityNotExact),
        ({"quantity": Decimal(10**9)}, errors.TotalOutOfRange),
        ({"quantity": Decimal(1), "unit": "g", "period": "month", "ends": TODAY},
         errors.TotalOutOfRange),
        ({"unit": "qua"}, errors.UnitNotOfCommodity),
        ({"unit": "lit"}, errors.UnitNotOfCommodity),
        ({"unit": "bao"}, UnitNeedsSize),
        ({"unit": "none"}, ValueUnknown),
        ({"commodity": "none"}, ValueUnknown),
        ({"commodity": "eggs"}, errors.UnitNotOfCommodity),
        ({"commune": "99"}, ValueUnknown),
        ({"period": "year"}, ValueUnknown),
        ({"handover": "by pigeon"}, ValueUnknown),
        ({"ends": TODAY - timedelta(days=1)}, errors.WindowInverted),
        ({"starts": date(2026, 1, 1), "ends": date(2026, 6, 14)}, errors.WindowIsOver),
        ({"starts": date(1, 1, 1)}, DayOutOfRange),
        ({"ends": date(9999, 1, 1)}, DayOutOfRange),
        ({"max_km": 0}, errors.DistanceOutOfRange),
        ({"max_km": 2_001}, errors.DistanceOutOfRange),
        ({"payment_days": -1}, errors.PaymentDaysOutOfRange),
        ({"payment_days": 366}, errors.PaymentDaysOutOfRange),
        ({"grade": "x" * 201}, TextInvalid),
        ({"note": "a\x00b"}, TextInvalid),
        ({"certificates": [999]}, ValueUnknown),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_and_leaves_nothing(coop, changes, error):
    with pytest.raises(error):
        town.post(coop, **changes)
    assert not Offer.objects.exists()
    assert not Event.objects.exists()
    assert not Outbox.objects.exists()


def test_a_certificate_of_somebody_else_is_no_certificate(coop, firm):
    other = town.certificate(firm)
    with pytest.raises(ValueUnknown):
        town.post(coop, certificates=[other.pk])
    mine = town.certificate(coop)
    assert list(town.post(coop, certificates=[mine.pk]).certificates.all()) == [mine]


def test_a_need_names_what_it_asks_for(firm):
    made = town.post(firm, NEED, certifications=["VIETGAP", "OCOP-3"])
    assert {row.pk for row in made.certifications.all()} == {"VIETGAP", "OCOP-3"}
    with pytest.raises(ValueUnknown):
        edit(made, NEED, certifications=["NONE"])


def test_who_does_not_act_for_it_finds_nothing(coop, firm):
    made = town.post(coop)
    stranger = town.actor(firm)
    with pytest.raises(NotFound):
        edit_post(actor=stranger, own=town.own(made), terms={"grade": "A"}, now=NOW)
    theirs = town.own(made)
    for own in (theirs, type(theirs)(OFFER, firm.pk, made.pk, 1)):
        with pytest.raises(NotFound):
            withdraw_post(actor=stranger, own=own, now=NOW)
    with pytest.raises(NotFound):
        copy_post(
            actor=stranger, kind=OFFER, organisation_id=firm.pk, post_id=made.pk, now=NOW
        )  # fmt: skip


def test_what_was_merged_is_the_survivors(coop, firm):
    made = town.post(coop)
    Organisation.objects.filter(pk=coop.pk).update(merged_into=firm)
    own = town.own(made)
    edit_post(
        actor=town.actor(firm), own=type(own)(OFFER, firm.pk, made.pk, 1), terms={"grade": "A"},
        now=NOW,
    )  # fmt: skip
    made.refresh_from_db()
    assert made.grade == "A"


def test_an_edit_says_that_the_post_still_holds_and_has_it_matched_anew(coop):
    made = town.post(coop, now=NOW - timedelta(days=5))
    edit(made, quantity=Decimal("2.5"))
    made.refresh_from_db()
    assert (made.total, made.confirmed_at, made.version) == (2_500_000, NOW, 2)
    assert told() == [f"offer:{made.pk}:1", f"offer:{made.pk}:2"]
    change = Event.objects.get(subject_kind="offer", kind="post_edited").data
    assert change == {"before": {"quantity": "3"}, "after": {"quantity": "2.5"}}


def test_an_edit_of_a_stale_version_is_refused(coop):
    made = town.post(coop)
    edit(made, grade="A")
    with pytest.raises(StaleVersion):
        edit(made, version=1, grade="B")
    made.refresh_from_db()
    assert made.grade == "A"


def test_nothing_goes_below_what_agreements_hold(coop):
    made = town.post(coop)
    Offer.objects.filter(pk=made.pk).update(reserved=2_000_000)
    with pytest.raises(errors.BelowWhatIsReserved):
        edit(made, quantity=Decimal("1.9"))
    with pytest.raises(errors.CommodityIsReserved):
        edit(made, commodity="onions")
    made.refresh_from_db()
    assert (made.version, made.total, made.commodity_id) == (1, 3_000_000, "garlic")
    edit(made, quantity=Decimal(2))
    made.refresh_from_db()
    assert (made.total, made.reserved, made.left) == (2_000_000, 2_000_000, 0)


def test_a_closed_post_is_not_edited(coop):
    made = town.post(coop)
    withdraw_post(actor=town.actor(coop), own=town.own(made), now=NOW)
    with pytest.raises(errors.StateDoesNotAllow):
        edit(made, version=2, grade="A")


def test_last_seasons_post_comes_back_a_year_later_as_a_draft(coop):
    mark = town.certificate(coop)
    old = town.post(
        coop, period="week", starts=date(2024, 2, 29), ends=date(2026, 6, 30), grade="loại 1",
        certificates=[mark.pk], limit=Limit(25_000, "kg"), now=NOW,
    )  # fmt: skip
    Offer.objects.filter(pk=old.pk).update(reserved=1_000)
    made = copy_post(
        actor=town.actor(coop), kind=OFFER, organisation_id=coop.pk, post_id=old.pk, now=NOW
    )
    made.refresh_from_db()
    assert (made.state, made.starts, made.ends, made.grade) == (
        "draft", date(2025, 2, 28), date(2027, 6, 30), "loại 1",
    )  # fmt: skip
    assert (made.copied_from_id, made.reserved, list(made.certificates.all())) == (
        old.pk,
        0,
        [mark],
    )
    assert not OfferFloor.objects.filter(offer=made).exists()
    assert told() == [f"offer:{old.pk}:1"]


def test_its_owner_reads_the_limit_and_the_history(coop):
    made = town.post(coop, NEED, limit=Limit(25_000, "kg"))
    detail = queries.own(
        actor=town.actor(coop), kind=NEED, organisation_id=coop.pk, post_id=made.pk
    )
    assert detail.limit == 25_000_000
    assert [event.kind for event in detail.events] == ["post_published", "limit_changed"]
    assert NeedCeiling.objects.get().need == made
    assert Need.objects.count() == 1


def test_posts_whose_last_day_is_over_expire(coop, firm):
    over, paused, draft = (town.post(coop, ends=TODAY) for _ in range(3))
    Offer.objects.filter(pk=paused.pk).update(state="paused")
    Offer.objects.filter(pk=draft.pk).update(state="draft")
    need = town.post(firm, NEED, ends=TODAY)
    lasting = town.post(coop)
    seen = []

    def expire(now):
        return expire_posts(now=now, then=lambda kind, post, _now: seen.append((kind, post.pk)))

    assert [expire(NOW + timedelta(days=days)) for days in (0, 1, 1)] == [0, 3, 0]
    assert seen == [(OFFER, over.pk), (OFFER, paused.pk), (NEED, need.pk)]
    states = dict(Offer.objects.values_list("pk", "state"))
    assert states == {
        over.pk: "expired", paused.pk: "expired", draft.pk: "draft", lasting.pk: "published",
    }  # fmt: skip
    assert Need.objects.get(pk=need.pk).state == "expired"
    assert f"offer:{over.pk}:2" in told()
    assert Event.objects.filter(kind="post_expired", actor_id=None).count() == 3
