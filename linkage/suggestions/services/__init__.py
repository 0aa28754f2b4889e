"""The writes of suggestions, a file a subject.

`refreshing` looks at a changed post anew, `nightly` at all, cut into `shards`; both write `in_turn`
by `storing` what stands; `telling` says it to people; `answering` is what they do with it;
`introducing` opens talks. `planning` makes the city's plan, `proposing` suggests its lines to their
sides; `citynews` tells them. `pools` looks for few that fill a need together, and proposes to them.
`measuring` reports whom all of it reaches, `overlooked` introduces those whom nobody is shown.
"""

from __future__ import annotations

from linkage.suggestions.services.answering import (
    AlreadyProposed,
    ReasonUnknown,
    dismiss,
    see,
)
from linkage.suggestions.services.introducing import must_be_known, open_talks
from linkage.suggestions.services.measuring import measure_fairness
from linkage.suggestions.services.nightly import refresh_all, refresh_shard, submit_refresh
from linkage.suggestions.services.overlooked import introduce_overlooked
from linkage.suggestions.services.planning import Asked, ask_plan, make_plan
from linkage.suggestions.services.pools import ask_for_pool, look_for_pool, propose_pool
from linkage.suggestions.services.proposing import propose_plan
from linkage.suggestions.services.refreshing import refresh_post

__all__ = [
    "AlreadyProposed",
    "Asked",
    "ReasonUnknown",
    "ask_for_pool",
    "ask_plan",
    "dismiss",
    "introduce_overlooked",
    "look_for_pool",
    "make_plan",
    "measure_fairness",
    "must_be_known",
    "open_talks",
    "propose_plan",
    "propose_pool",
    "refresh_all",
    "refresh_post",
    "refresh_shard",
    "see",
    "submit_refresh",
]
