"""A report of a bench as a table in a document, between two marks that stand there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any


def write_table(document: Path, report: dict[str, Any]) -> None:
    """Replace what stands between the marks of this bench and scale.

    Raises: ValueError, if the document has no such marks.
    """
    mark = f"<!-- bench {report['name']} {report['scale']} -->"
    text = document.read_text(encoding="utf-8")
    between = re.compile(f"({re.escape(mark)}\n).*?(<!-- end -->)", re.DOTALL)
    if not between.search(text):
        raise ValueError(f"{document} has no {mark}")
    table = table_of(report)
    document.write_text(between.sub(lambda m: m[1] + table + m[2], text, count=1), encoding="utf-8")


def table_of(report: dict[str, Any]) -> str:
    """Lines of a table: ours, then each peer.

    >>> print(table_of({"ours_s": 0.5, "scale": 100, "peak_mb": 9,
    ...     "peers": {"sql": {"s": 2.0, "ratio": 4.0}}}), end="")
    | engine | s | needs a second | ratio |
    |---|---|---|---|
    | ours (peak 9 MB) | 0.5 | 200 | |
    | sql | 2.0 | 50 | 4.0 |
    """
    lines = ["| engine | s | needs a second | ratio |", "|---|---|---|---|"]
    if "ours_s" in report:
        per_s = round(report["scale"] / report["ours_s"])
        lines.append(f"| ours (peak {report['peak_mb']} MB) | {report['ours_s']} | {per_s} | |")
    for name, took in report.get("ms", {}).items():
        shown = ", ".join(f"{key} {value} ms" for key, value in took.items())
        lines.append(f"| {name} | {shown} | | |")
    for name, peer in report["peers"].items():
        if peer:
            per_s = peer.get("per_s", round(report["scale"] / peer["s"]))
            lines.append(f"| {name} | {peer['s']} | {per_s} | {peer['ratio']} |")
    return "\n".join(lines) + "\n"
