"""The writes of suggestions, a file a subject.

`refreshing` looks at posts anew and has `storing` write what stands; `telling` says it to people;
`answering` is what they do with it.
"""

from __future__ import annotations

from linkage.suggestions.services.answering import (
    AlreadyProposed,
    PostIsOver,
    ReasonUnknown,
    dismiss,
    propose,
    see,
)
from linkage.suggestions.services.refreshing import refresh_group, refresh_post, submit_refresh

__all__ = [
    "AlreadyProposed",
    "PostIsOver",
    "ReasonUnknown",
    "dismiss",
    "propose",
    "refresh_group",
    "refresh_post",
    "see",
    "submit_refresh",
]
