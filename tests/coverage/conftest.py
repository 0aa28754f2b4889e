"""A small register with its programme, for the tests of what is stored and said."""

from __future__ import annotations

from datetime import date

import pytest

from linkage.coverage.models import Indicator, Programme, Target
from tests.coverage.histories import History, cooperative, linkage, store

FIRM = cooperative(kinds=[(None, "enterprise")], sectors=[(None, "xay-dung")])


@pytest.fixture
def programme(db: None) -> Programme:
    plan = Programme.objects.create(
        code="215/KH-UBND 2021-2025",
        name_vi="Kế hoạch 215",
        name_en="Plan 215",
        starts=date(2021, 1, 1),
        ends=date(2025, 12, 31),
        source="Plan 215/KH-UBND, section I.2",
    )
    for order, (code, low, high) in enumerate(
        [("LINK-ALL", 60, 70), ("LINK-AGRI", 90, None)], start=1
    ):
        line = Indicator.objects.create(
            code=code, order=order, how="computed", measure="share", source="I.2"
        )
        Target.objects.create(
            programme=plan,
            indicator=line,
            comparison="at_least",
            min_num=low,
            min_den=100,
            max_num=high,
            max_den=100 if high else None,
            from_date=date(2021, 9, 21),
            source="I.2",
        )
    return plan


@pytest.fixture
def register(programme: Programme) -> list[int]:
    """Five cooperatives and a firm: three linked, two of them verified, one in Hai Duong.

    One cooperative stops on 2023-01-05, one is founded on 2023-01-06, one linkage is proposed.
    """
    return store(
        History(
            [
                cooperative(),
                cooperative(communes=[(None, "10507")]),
                cooperative(sectors=[(None, "xay-dung")]),
                cooperative(statuses=[(None, "active"), (date(2023, 1, 5), "stopped")]),
                cooperative(founded_on=date(2023, 1, 6)),
                FIRM,
            ],
            [
                linkage(0, 5, verified_on=date(2023, 1, 6)),
                linkage(1, 5),
                linkage(2, 5, verified_on=None, confirmed_on=None),
                linkage(3, 5, ends=date(2023, 1, 9)),
                linkage(4, 5, state="proposed", verified_on=None),
            ],
        )
    )
