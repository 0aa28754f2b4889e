"""What the sides of a pool are told, and its history, which no member reads.

A member is told the buyer's name and of its own part, and nothing of any other member.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from linkage.agreements.models import Linkage, PoolProposal, Side
from linkage.agreements.services.parties import Party, organisation_on
from linkage.notices.models import Kind
from linkage.notices.services import News, tell_organisation
from linkage.registry.access import OPERATOR, Actor
from linkage.registry.models import Deed
from linkage.registry.services.behalf import record_act

POOL = "pool"


def tell_members(
    pool: PoolProposal,
    lines: Sequence[Linkage],
    what: str,
    *,
    now: datetime,
    actor: Actor | None = None,
    asks: bool = False,
) -> None:
    """Tell the members of these parts, each once, and who acts for two of them once for each;
    `asks`: they have to answer."""
    kind = Kind.PROPOSAL if asks else Kind.ANSWER
    data = {"answer_by": pool.answer_by.isoformat()} if asks else {}
    by_member = {organisation_on(line, Side.SELLER).pk: line for line in lines}
    for member, line in by_member.items():
        key = f":{member}"
        _tell(pool, line, Side.SELLER, kind, what, now=now, actor=actor, data=data, key=key)


def tell_buyer(
    pool: PoolProposal,
    line: Linkage,
    what: str,
    *,
    now: datetime,
    actor: Actor | None = None,
    data: Mapping[str, Any] | None = None,
) -> None:
    """Tell the buyer what the member of this part did; without an actor, what became of all."""
    key = f":{organisation_on(line, Side.SELLER).pk}" if actor else ":all"
    _tell(
        pool, line, Side.BUYER, Kind.ANSWER, f"{what}_to_buyer",
        now=now, actor=actor, data=data or {}, key=key,
    )  # fmt: skip


def _tell(
    pool: PoolProposal,
    line: Linkage,
    to: Side,
    kind: Kind,
    what: str,
    *,
    now: datetime,
    actor: Actor | None,
    data: Mapping[str, Any],
    key: str,
) -> None:
    other = Side.BUYER if to == Side.SELLER else Side.SELLER
    product = line.commodity.name_vi if line.commodity else line.product_as_written
    said = {"other": organisation_on(line, other).name, "product": product, **data}
    tell_organisation(
        organisation_id=organisation_on(line, to).pk,
        news=News(kind, what, POOL, pool.pk, f"{POOL}:{pool.pk}:{what}{key}", said),
        now=now,
        except_user_id=actor.user_id if actor else None,
    )


def record(
    pool: PoolProposal,
    party: Party | None,
    what: str,
    now: datetime,
    data: Mapping[str, Any] | None = None,
) -> None:
    """A line in the pool's own history, which no member reads; no party: all, or the calendar."""
    said = {"side": party.side.value} if party else {}
    record_act(
        actor=party.actor if party else OPERATOR,
        organisation_id=party.organisation_id if party else None,
        deed=Deed.TALKS,
        subject_kind=POOL,
        subject_id=pool.pk,
        kind=what,
        now=now,
        data={**said, **(data or {})},
    )
