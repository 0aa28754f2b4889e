"""The writes of suggestions, a file a subject.

`refreshing` looks at posts anew and has `storing` write what stands; `telling` says it to people;
`answering` is what they do with it; `introducing` opens talks; `pools` looks for few that fill a
need together, and proposes to them.
"""

from __future__ import annotations

from linkage.suggestions.services.answering import (
    AlreadyProposed,
    ReasonUnknown,
    dismiss,
    see,
)
from linkage.suggestions.services.introducing import must_be_known, open_talks
from linkage.suggestions.services.pools import ask_for_pool, look_for_pool, propose_pool
from linkage.suggestions.services.refreshing import refresh_group, refresh_post, submit_refresh

__all__ = [
    "AlreadyProposed",
    "ReasonUnknown",
    "ask_for_pool",
    "dismiss",
    "look_for_pool",
    "must_be_known",
    "open_talks",
    "propose_pool",
    "refresh_group",
    "refresh_post",
    "see",
    "submit_refresh",
]
