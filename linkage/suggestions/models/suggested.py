"""The row that remembers a match for its two sides, and those by which few are looked at anew."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linkage.catalogue.models import Commodity
from linkage.market.models import Need, Offer, PostKind
from linkage.suggestions.best import DIGEST_BYTES


class View(models.TextChoices):
    """What one side did with a suggestion."""

    NEW = "new", _("New")
    SEEN = "seen", _("Seen")
    DISMISSED = "dismissed", _("Dismissed")
    PROPOSED = "proposed", _("Proposed")


class DismissReason(models.TextChoices):
    """Why a side does not want it; tells the engine's makers what it lacks."""

    TOO_FAR = "too_far", _("Too far")
    QUANTITY = "quantity", _("The quantity does not fit")
    TIME = "time", _("The time does not fit")
    KNOWN = "known", _("We already deal with them")
    NOT_WANTED = "not_wanted", _("We do not want to deal with them")
    OTHER = "other", _("Another reason")


class Suggestion(models.Model):
    """An (offer, need) pair with its score, by one version of the engine.

    `facts` holds the numbers that the reasons are said from (`best.numbers_of`), and nothing of
    either side's price limit.

    `offer_why`: the pair is among the offer's best, and these factors of it, strongest first and
    with commas between, are what its owner is told. Blank: it is not among them, and the owner does
    not see it, so that nothing shown there depends on how others stand with the need. `need_why`
    likewise. Stale: it is among the best of neither, perhaps since a post changed or ended.
    """

    offer = models.ForeignKey(Offer, models.CASCADE, related_name="suggestions")
    need = models.ForeignKey(Need, models.CASCADE, related_name="suggestions")
    engine = models.CharField(max_length=20)
    # Out of 10,000.
    score = models.PositiveIntegerField()
    facts = models.JSONField()
    offer_why = models.CharField(max_length=60, blank=True)
    need_why = models.CharField(max_length=60, blank=True)
    offer_view = models.CharField(max_length=9, choices=View.choices, default=View.NEW)
    need_view = models.CharField(max_length=9, choices=View.choices, default=View.NEW)
    offer_reason = models.CharField(max_length=10, choices=DismissReason.choices, blank=True)
    need_reason = models.CharField(max_length=10, choices=DismissReason.choices, blank=True)
    # When the people of that side were told; a pair is news once.
    offer_told_at = models.DateTimeField(null=True, blank=True)
    need_told_at = models.DateTimeField(null=True, blank=True)
    stale = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["offer", "need", "engine"], name="suggestion_is_made_once"
            ),
            models.CheckConstraint(
                condition=Q(score__gte=0, score__lte=10_000), name="suggestion_score_is_a_share"
            ),
            models.CheckConstraint(
                condition=Q(offer_view__in=View.values, need_view__in=View.values),
                name="suggestion_view_is_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    offer_reason__in=["", *DismissReason.values],
                    need_reason__in=["", *DismissReason.values],
                ),
                name="suggestion_reason_is_known",
            ),
            models.CheckConstraint(
                condition=(Q(offer_view="dismissed") | Q(offer_reason=""))
                & (Q(need_view="dismissed") | Q(need_reason="")),
                name="suggestion_has_a_reason_only_if_dismissed",
            ),
            models.CheckConstraint(
                condition=Q(stale=True, offer_why="", need_why="")
                | (Q(stale=False) & (~Q(offer_why="") | ~Q(need_why=""))),
                name="suggestion_is_stale_if_it_is_nobodys_best",
            ),
        ]
        indexes = [
            # suggestions.queries lists a post's open suggestions, best first.
            models.Index(
                fields=["offer", "-score"], condition=~Q(offer_why=""), name="suggestion_of_offer"
            ),
            models.Index(
                fields=["need", "-score"], condition=~Q(need_why=""), name="suggestion_of_need"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.offer_id} {self.need_id}"


class Look(models.Model):
    """What the last look at a post found beside its suggestions (`best.Ranking`).

    By it is known whether a change of another post leaves them as they are. It holds for its day
    and engine: tomorrow posts are a day older.
    """

    # Of the post then: it may be another product's since.
    commodity = models.ForeignKey(Commodity, models.CASCADE, related_name="+")
    day = models.DateField()
    engine = models.CharField(max_length=20)
    top = models.JSONField()
    last = models.PositiveIntegerField(null=True, blank=True)
    steady = models.PositiveIntegerField()
    # What `Turn` counted then.
    touched = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=2 * DIGEST_BYTES)

    class Meta:
        abstract = True


class OfferLook(Look):
    """Of an offer."""

    post = models.OneToOneField(Offer, models.CASCADE, primary_key=True, related_name="look")


class NeedLook(Look):
    """Of a need."""

    post = models.OneToOneField(Need, models.CASCADE, primary_key=True, related_name="look")


LOOKS: Mapping[PostKind, type[OfferLook | NeedLook]] = {
    PostKind.OFFER: OfferLook,
    PostKind.NEED: NeedLook,
}


class Turn(models.Model):
    """Counts what was written about the posts of a commodity (`services.turns`).

    `taken`, of a level-1 commodity: how many looks at single posts under it were written.
    `offers_touched`: how many changes of needs may have touched what is suggested to its offers.
    `needs_touched` likewise.
    """

    commodity = models.OneToOneField(Commodity, models.CASCADE, primary_key=True, related_name="+")
    taken = models.PositiveBigIntegerField(default=0)
    offers_touched = models.PositiveBigIntegerField(default=0)
    needs_touched = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return self.commodity_id


class Lane(models.Model):
    """One of several rows of a level-1 commodity, of which whoever writes holds one or all locked.

    `written`: how many shards of a night were written in it.
    """

    commodity = models.ForeignKey(Commodity, models.CASCADE, related_name="+")
    number = models.PositiveSmallIntegerField()
    written = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["commodity", "number"], name="lane_is_there_once"),
        ]

    def __str__(self) -> str:
        return f"{self.commodity_id} {self.number}"
