"""What is read of the reports behind values by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from linkage.coverage.models import ManualValue
from linkage.registry.access import Actor, Capability, allows


@dataclass(frozen=True, slots=True)
class Source:
    """A report as its reader may see it: who may not open it sees no name, size or type either."""

    id: int
    sha256: str
    uploaded_at: datetime
    name: str | None
    media_type: str | None
    size: int | None

    @property
    def may_be_opened(self) -> bool:
        return self.name is not None


def sources_of(version: ManualValue, actor: Actor) -> list[Source]:
    """Return the reports of a version, oldest first; their rows are read beforehand with it."""
    may_open = allows(actor, Capability.READ_EVIDENCE)
    return [
        Source(
            id=file.pk,
            sha256=file.sha256,
            uploaded_at=file.uploaded_at,
            name=file.name if may_open else None,
            media_type=file.media_type if may_open else None,
            size=file.size if may_open else None,
        )
        for file in sorted(version.files.all(), key=lambda file: file.pk)
    ]
