"""What is read of a linkage's evidence: its scans, where it stands, and the verifiers' queue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from linkage.agreements import queries
from linkage.agreements.models import COUNTING_STATES, EvidenceFile, Linkage, Review, Side
from linkage.agreements.queries import visible_to
from linkage.agreements.services.evidence import MOST_FILES
from linkage.agreements.services.parties import party_of
from linkage.errors import NotFound
from linkage.registry.access import Actor, Capability, allows, require, require_acting
from linkage.registry.models import Deed

# Both ask for new evidence.
REFUSALS = (Review.Verdict.SENT_BACK, Review.Verdict.WITHDRAWN)
_BEFORE_ALL = datetime(1900, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Shown:
    """A scan as its reader may see it: who may not open it sees no name, size or type either.

    `elsewhere` are other linkages with the very same scan, for those who judge it.
    """

    id: int
    sha256: str
    uploaded_at: datetime
    side: str
    name: str | None
    media_type: str | None
    size: int | None
    elsewhere: tuple[Linkage, ...] = ()

    @property
    def may_be_opened(self) -> bool:
        return self.name is not None

    @property
    def side_words(self) -> str:
        return str(Side(self.side).label)

    @property
    def type_words(self) -> str:
        """PDF, JPEG or PNG."""
        return (self.media_type or "").rpartition("/")[2].upper()


@dataclass(frozen=True, slots=True)
class Standing:
    """A linkage's scans, oldest first, and its last review; `waits` for a verifier."""

    linkage: Linkage
    scans: tuple[Shown, ...]
    last: Review | None

    @property
    def takes_scans(self) -> bool:
        return self.linkage.state in COUNTING_STATES and len(self.scans) < MOST_FILES

    @property
    def waits(self) -> bool:
        """The queue's own condition, on what was read."""
        if self.linkage.verified_on is not None or self.linkage.state not in COUNTING_STATES:
            return False
        refused = self.last is not None and self.last.verdict in REFUSALS
        since = self.last.reviewed_at if self.last is not None and refused else _BEFORE_ALL
        return any(scan.uploaded_at > since for scan in self.scans)

    @property
    def refusal(self) -> Review | None:
        """The review that asks for new evidence, until new evidence is there."""
        if self.last is None or self.last.verdict not in REFUSALS or self.waits:
            return None
        return self.last if self.linkage.verified_on is None else None


def own_evidence(*, actor: Actor, organisation_id: int, linkage_id: int) -> Standing:
    """Return the evidence of a linkage of the actor's organisation.

    Raises: NotFound; NotConsented, for an officer whom it does not let bring papers.
    """
    require_acting(actor, organisation_id, Deed.PAPERS)
    shown = ("seller", "buyer", "commodity", "form", "unit")
    linkage = visible_to(actor).select_related(*shown).filter(pk=linkage_id).first()
    if linkage is None:
        raise NotFound
    party_of(actor=actor, organisation_id=organisation_id, linkage=linkage)
    # An officer brings scans and opens none.
    return _standing(linkage, may_open=actor.acts_for(organisation_id))


def beside_talks(*, actor: Actor, organisation_id: int, linkage_id: int) -> Standing | None:
    """The same for the page of the linkage; None for an officer who is not let bring papers."""
    if not actor.is_let(organisation_id, Deed.PAPERS):
        return None
    return own_evidence(actor=actor, organisation_id=organisation_id, linkage_id=linkage_id)


def evidence_of(*, actor: Actor, linkage: Linkage) -> Standing:
    """Return the evidence of a linkage that the office reads; to an auditor the digests alone.

    Raises: NotAllowed, also to a field officer: reviews are not for it, and of scans it reads where
    it acts for a side (`own_evidence`).
    """
    require(actor, Capability.READ_LINKAGES)
    may_open = allows(actor, Capability.READ_EVIDENCE)
    return _standing(linkage, may_open=may_open, look_elsewhere=may_open)


def beside_linkage(*, actor: Actor, linkage: Linkage) -> Standing | None:
    """The same for the page of the linkage; None for a field officer."""
    if not allows(actor, Capability.READ_LINKAGES):
        return None
    return evidence_of(actor=actor, linkage=linkage)


def under_review(*, actor: Actor, linkage_id: int) -> Standing:
    """Return a linkage with its evidence for a verifier. Raises: NotAllowed, NotFound."""
    require(actor, Capability.VERIFY_LINKAGES)
    return evidence_of(actor=actor, linkage=queries.detail(actor=actor, linkage_id=linkage_id))


def queue(*, actor: Actor) -> QuerySet[Linkage]:
    """Return the linkages that wait for a verifier: the one that waits longest comes first.

    Annotated `waiting_since`, the moment of the first scan that no verdict has answered; ordered
    by (waiting_since, id), fit for a cursor. Raises: NotAllowed.
    """
    require(actor, Capability.VERIFY_LINKAGES)
    refused = Review.objects.filter(linkage=OuterRef("pk"), verdict__in=REFUSALS)
    refused_at = Subquery(refused.order_by("-pk").values("reviewed_at")[:1])
    unanswered = EvidenceFile.objects.filter(
        linkage=OuterRef("pk"), uploaded_at__gt=OuterRef("refused_at")
    )
    first = Subquery(unanswered.order_by("uploaded_at", "pk").values("uploaded_at")[:1])
    rows = visible_to(actor).filter(state__in=sorted(COUNTING_STATES), verified_on=None)
    waiting = rows.annotate(refused_at=Coalesce(refused_at, Value(_BEFORE_ALL))).annotate(
        waiting_since=first
    )
    sides = ("seller__merged_into", "buyer__merged_into", "commodity", "form", "unit")
    found = waiting.filter(~Q(waiting_since=None)).select_related(*sides)
    return found.order_by("waiting_since", "id")


def _standing(linkage: Linkage, *, may_open: bool, look_elsewhere: bool = False) -> Standing:
    files = list(linkage.evidence_files.order_by("pk"))
    elsewhere = _elsewhere(linkage, files) if look_elsewhere and files else {}
    scans = tuple(
        Shown(
            id=file.pk,
            sha256=file.sha256,
            uploaded_at=file.uploaded_at,
            side=file.side,
            name=file.name if may_open else None,
            media_type=file.media_type if may_open else None,
            size=file.size if may_open else None,
            elsewhere=elsewhere.get(file.sha256, ()),
        )
        for file in files
    )
    last = linkage.reviews.order_by("-pk").first()
    return Standing(linkage, scans, last)


def _elsewhere(linkage: Linkage, files: list[EvidenceFile]) -> Mapping[str, tuple[Linkage, ...]]:
    """Digest -> other linkages to which the same bytes are attached; one query."""
    digests = {file.sha256 for file in files}
    same = EvidenceFile.objects.filter(sha256__in=digests).exclude(linkage=linkage)
    found: dict[str, tuple[Linkage, ...]] = {}
    for file in same.select_related("linkage").order_by("pk"):
        found[file.sha256] = (*found.get(file.sha256, ()), file.linkage)
    return found
