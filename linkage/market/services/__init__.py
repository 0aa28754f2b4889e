"""The writes of the market, a file a subject: each is one use case in one transaction.

A change names the version that the actor read; a stale one is refused and nothing is written.
Each leaves a line in the post's history and, where others see the post differently afterwards, a
message for those who match (topic `market.post_changed`). What takes a post from others' sight
or brings it back is in `states`: doors call it by `agreements.services`, which tells who talks of
it.
"""

from __future__ import annotations

from linkage.market.services.inviting import invite_to_post
from linkage.market.services.limits import set_limit
from linkage.market.services.posts import copy_post, create_post, edit_post
from linkage.market.services.quick import post_quickly
from linkage.market.services.states import confirm_post, publish_post

__all__ = [
    "confirm_post",
    "copy_post",
    "create_post",
    "edit_post",
    "invite_to_post",
    "post_quickly",
    "publish_post",
    "set_limit",
]
