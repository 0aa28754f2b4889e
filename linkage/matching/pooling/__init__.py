"""Pools: which few offers fill one need together. `problem` what is asked, `deliveries` whether
chosen partners can deliver and how with the least transport (in integers), `solving` the choice,
`verify` the answer's check, `posts` the way from columns of posts.

Imports the matching engine, HiGHS and networkx; no Django, no database.
"""

from __future__ import annotations
