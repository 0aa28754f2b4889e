"""The tables of the figure: plans and snapshots (`figures`), what is reported (`reported`), what
organisations say of themselves (`returns`)."""

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
    SourceFile,
)
from linkage.coverage.models.returns import Rating, YearReturn

__all__ = [
    "Basis",
    "Indicator",
    "ManualValue",
    "Programme",
    "Rating",
    "Series",
    "Snapshot",
    "SnapshotLinkage",
    "SnapshotOrganisation",
    "SnapshotReport",
    "SnapshotReportedValue",
    "SnapshotValue",
    "SourceFile",
    "Target",
    "YearReturn",
]
