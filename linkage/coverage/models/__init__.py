"""The tables of the figure: plans and snapshots (`figures`), what is reported (`reported`)."""

from __future__ import annotations

from linkage.coverage.models.figures import (
    Indicator,
    Programme,
    Series,
    Snapshot,
    SnapshotLinkage,
    SnapshotOrganisation,
    SnapshotValue,
    Target,
)
from linkage.coverage.models.reported import (
    Basis,
    ManualValue,
    SnapshotReport,
    SnapshotReportedValue,
)

__all__ = [
    "Basis",
    "Indicator",
    "ManualValue",
    "Programme",
    "Series",
    "Snapshot",
    "SnapshotLinkage",
    "SnapshotOrganisation",
    "SnapshotReport",
    "SnapshotReportedValue",
    "SnapshotValue",
    "Target",
]
