"""The writes of the market, a file a subject: each is one use case in one transaction.

A change names the version that the actor read; a stale one is refused and nothing is written.
Each leaves a line in the post's history and, where others see the post differently afterwards, a
message for those who match (topic `market.post_changed`).
"""

from __future__ import annotations

from linkage.market.services.inviting import invite_to_post
from linkage.market.services.limits import set_limit
from linkage.market.services.posts import copy_post, create_post, edit_post
from linkage.market.services.states import (
    ACTS,
    confirm_post,
    expire_posts,
    pause_post,
    publish_post,
    resume_post,
    withdraw_post,
)

__all__ = [
    "ACTS",
    "confirm_post",
    "copy_post",
    "create_post",
    "edit_post",
    "expire_posts",
    "invite_to_post",
    "pause_post",
    "publish_post",
    "resume_post",
    "set_limit",
    "withdraw_post",
]
