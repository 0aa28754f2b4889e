"""The listed ways to break the rule, the SQL and the graph: one text replaced, then run."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

from linkage.coverage import rule
from tests.coverage import way_graph, way_sql

# (name, module, the text as it stands, the text that breaks it)
MUTATIONS = [
    ("state filter dropped", rule, "row.state in COUNTING_STATES\n        and ", ""),
    ("starts a day late", rule, "row.starts <= day", "row.starts < day"),
    ("ends a day early", rule, "day <= row.ends", "day < row.ends"),
    ("termination ignored", rule, "row.terminated_on is None or day < row.terminated_on", "True"),
    ("in force when terminated", rule, "day < row.terminated_on", "day <= row.terminated_on"),
    (
        "first fact, not last",
        rule,
        "max(known, key=itemgetter(0))",
        "min(known, key=itemgetter(0))",
    ),
    (
        "facts begin a day late",
        rule,
        "since is None or since <= day\n",
        "since is None or since < day\n",
    ),
    ("groups counted", rule, "of(COOPERATIVE),", "of(COOPERATIVE) | of(GROUP),"),
    ("founding date ignored", rule, "row.founded_on <= day", "True"),
    ("founded a day late", rule, "row.founded_on <= day", "row.founded_on < day"),
    ("undated end counted", rule, "since is None and status in ENDS_OF_ACTIVITY", "False"),
    ("unknown status counted", rule, "status == UNKNOWN", "False"),
    ("verified a day late", rule, "row.verified_on <= day", "row.verified_on < day"),
    ("confirmed a day late", rule, "row.confirmed_on <= day", "row.confirmed_on < day"),
    ("number of contract ignored", rule, 'row.contract_number.strip() != ""', "True"),
    ("buyers forgotten", rule, "found.setdefault(row.buyer, []).append(row.id)", "pass"),
    ("all sectors farm", rule, "agricultural=(True,)", "agricultural=(True, None)"),
    ("territory ignored", rule, "communes is None or what.commune in communes", "True"),
    (
        "state filter dropped",
        way_sql,
        "l.state IN ('agreed', 'in_force', 'ended', 'terminated')",
        "1 = 1",
    ),
    ("starts a day late", way_sql, "l.starts <=", "l.starts <"),
    (
        "termination ignored",
        way_sql,
        "AND (l.terminated_on IS NULL OR l.terminated_on > %(day)s)",
        "",
    ),
    (
        "first status, not last",
        way_sql,
        "f.since DESC LIMIT 1) = 'active'",
        "f.since ASC LIMIT 1) = 'active'",
    ),
    ("groups counted", way_sql, "= 'cooperative'", "IN ('cooperative', 'cooperative_group')"),
    ("merged rows counted", way_sql, "o.merged_into_id IS NULL", "1 = 1"),
    ("state filter dropped", way_graph, "link.state in LIVE and ", ""),
    ("ends a day early", way_graph, "day <= last", "day < last"),
    ("termination ignored", way_graph, "link.terminated_on or date.max", "date.max"),
    ("first fact, not last", way_graph, "line[place - 1][1] if place", "line[0][1] if place"),
    ("groups counted", way_graph, '== "cooperative"', 'in ("cooperative", "cooperative_group")'),
    ("merged rows kept apart", way_graph, "nx.relabel_nodes(graph, merged)", "graph"),
]


def mutated(module: ModuleType, text: str, broken: str) -> ModuleType:
    """The module's own source with one text replaced, run as a module of its own."""
    source = Path(str(module.__file__)).read_text(encoding="utf-8")
    assert text in source, f"nothing to mutate: {text}"
    changed = ModuleType(f"{module.__name__}_mutated")
    sys.modules[changed.__name__] = changed  # dataclasses look their module up
    try:
        exec(compile(source.replace(text, broken), changed.__name__, "exec"), changed.__dict__)
    finally:
        del sys.modules[changed.__name__]
    return changed
