"""The figure as the document that command and API give: keys always there, null for unknown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from linkage.coverage.queries import Change, Report
from linkage.coverage.reported import ReportedValue
from linkage.coverage.rule import Share
from linkage.coverage.snapshots import Recomputation
from linkage.coverage.steps import Bridge, Step
from linkage.coverage.targets import Bound, Standing, percent_tenths


def of_report(report: Report, *, members: bool = False) -> dict[str, Any]:
    """CONTRACTS' `coverage` document; `members` adds the ids of both sets, in order.

    Before the first snapshot nothing is known: every number is null, and none is 0.
    """
    found = report.figures
    indicators = {
        code: {**of_share(share), **_standing(report.standings[code]), **_ids(share, members)}
        for code, share in found.shares.items()
    }
    other = found.other_reading
    indicators["LINK-AGRI"]["other_reading"] = {**of_share(other), **_ids(other, members)}
    unsettled = found.to_be_settled
    numbers = {
        "indicators": indicators,
        "counts": {code: len(ids) for code, ids in found.counted.items()},
        "reported": [of_reported(value) for value in report.reported],
        "to_be_settled": {
            "organisations": len(unsettled.organisations),
            "places": len(unsettled.places),
            "sectors": len(unsettled.sectors),
        },
    }
    return {
        "as_of": found.as_of.isoformat(),
        "evidence": found.evidence,
        "territory": report.territory.key,
        "planned": report.planned,
        **(numbers if report.known else _unknown(numbers)),
    }


# What is set, and not counted: known however little is known of the register.
_SET = frozenset({"target_min", "target_max", "status"})


def _unknown(numbers: Mapping[str, Any]) -> dict[str, Any]:
    """The same keys with null for every number and list of ids."""
    return {
        key: value if key in _SET else _unknown(value) if isinstance(value, Mapping) else None
        for key, value in numbers.items()
    }


def of_share(share: Share) -> dict[str, Any]:
    """Two integers; the percent only as tenths rounded down."""
    return {
        "numerator": share.numerator,
        "denominator": share.denominator,
        "percent_tenths": percent_tenths(share.numerator, share.denominator),
    }


def of_stored(numerator: int, denominator: int, standing: Standing) -> dict[str, Any]:
    """A stored share beside its target, in the same shape as one of `of_report`."""
    return {
        "numerator": numerator,
        "denominator": denominator,
        "percent_tenths": percent_tenths(numerator, denominator),
        **_standing(standing),
    }


def of_reported(value: ReportedValue) -> dict[str, Any]:
    """A line that is reported, with its basis, its own day and its source; a count has no share."""
    whole = value.denominator
    return {
        "indicator": value.indicator,
        "basis": value.basis,
        "as_of": value.as_of.isoformat(),
        "numerator": value.numerator,
        "denominator": whole,
        "percent_tenths": None if whole is None else percent_tenths(value.numerator, whole),
        "source": value.source,
        "answered": value.answered,
        "asked": value.asked,
    }


def _standing(standing: Standing) -> dict[str, Any]:
    target = standing.target
    return {
        "target_min": _bound(target.minimum if target else None),
        "target_max": _bound(target.maximum if target else None),
        "missing": standing.missing,
        "status": standing.status,
    }


def _bound(bound: Bound | None) -> dict[str, int] | None:
    return None if bound is None else {"num": bound.num, "den": bound.den}


def _ids(share: Share, wanted: bool) -> dict[str, Any]:
    if not wanted:
        return {}
    return {"members": {"numerator": sorted(share.linked), "denominator": sorted(share.members)}}


def of_change(change: Change, *, members: bool = False) -> dict[str, Any]:
    """CONTRACTS' bridge document: both sums are exact; `members` adds each step's ids."""
    before, after = change.before.figures, change.after.figures
    indicators = {
        code: {
            "from": _ends(before.shares[code], members),
            "to": _ends(after.shares[code], members),
            "numerator_steps": _changes(bridge.numerator),
            "denominator_steps": _changes(bridge.denominator),
            **({"members": _step_ids(bridge)} if members else {}),
        }
        for code, bridge in change.bridges.items()
    }
    return {
        "from": before.as_of.isoformat(),
        "to": after.as_of.isoformat(),
        "evidence": after.evidence,
        "territory": change.after.territory.key,
        "planned": change.after.planned,
        "indicators": indicators if change.after.known else _unknown(indicators),
    }


def of_recomputation(checked: Recomputation) -> dict[str, Any]:
    """Whether a snapshot still holds, and each value that differs."""
    return {
        "snapshot": checked.snapshot_id,
        "ok": checked.ok,
        "inputs_ok": checked.inputs_ok,
        "rule_ok": checked.rule_ok,
        "seen": checked.seen,
        "differences": [asdict(difference) for difference in checked.differences],
    }


def _ends(share: Share, members: bool) -> dict[str, Any]:
    ends = {"numerator": share.numerator, "denominator": share.denominator}
    return {**ends, **_ids(share, members)}


def _changes(steps: Mapping[str, Step]) -> dict[str, int]:
    return {name: step.change for name, step in steps.items()}


def _step_ids(bridge: Bridge) -> dict[str, dict[str, list[int]]]:
    return {
        side: {name: sorted(step.entered | step.left) for name, step in steps.items()}
        for side, steps in (
            ("numerator_steps", bridge.numerator),
            ("denominator_steps", bridge.denominator),
        )
    }
