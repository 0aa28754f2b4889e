"""What runs when, in Hai Phong's time."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from linkage.jobs import heads, queries, services
from linkage.jobs.models import Job
from linkage.suggestions import preference
from linkage.suggestions.services.measuring import FAIRNESS
from linkage.suggestions.services.nightly import NIGHTLY, REFRESH

HAI_PHONG = ZoneInfo("Asia/Ho_Chi_Minh")
NIGHTLY_AT = time(1, 30)
SNAPSHOT = "coverage.snapshot"
TURN = "agreements.turn_the_day"
LAPSE_POOLS = "agreements.lapse_pools"
FORGET_ANSWERS = "jobs.forget_answers"
CLEAR_UPLOADS = "agreements.clear_broken_uploads"


def last_night(now: datetime) -> datetime:
    """The newest moment at or before `now` at which the nightly work was due."""
    local = now.astimezone(HAI_PHONG)
    due = datetime.combine(local.date(), NIGHTLY_AT, HAI_PHONG)
    return due if due <= local else due - timedelta(days=1)


def submit_nightly(*, now: datetime) -> Job:
    """Ask for what the last night that was due has to do; the same jobs however often called.

    Linkages begin, end and lapse, and so do pools that were not agreed in time; all suggestions are
    looked at anew, at once also where the platform is set to other weights, and once that is done
    it is measured whom they reach; the snapshot, which is returned, counts by the linkages' own
    days anyway.

    The schedule calls it, and so does every sweep: a night on which nothing ran is caught up
    once, and nights before it are not.
    """
    day = last_night(now).date().isoformat()
    services.submit(kind=TURN, args={}, now=now, period=day)
    services.submit(kind=LAPSE_POOLS, args={}, now=now, period=day)
    services.submit(kind=FORGET_ANSWERS, args={}, now=now, period=day)
    services.submit(kind=CLEAR_UPLOADS, args={}, now=now, period=day)
    services.submit(kind=heads.KIND, args={}, now=now, period=day)
    _submit_suggestions(day, now=now)
    return services.submit(kind=SNAPSHOT, args={"as_of": day}, now=now, period=day)


def _submit_suggestions(day: str, *, now: datetime) -> None:
    """The night's look at all posts, another one where the platform was set to other weights since
    the last look, and after each that was begun the measuring of whom suggestions reach.
    """
    args = {"day": day, "engine": preference.engine()}
    services.submit(kind=NIGHTLY, args=args, now=now, period=day)
    last = queries.newest(NIGHTLY)
    if last is None or last.state not in services.ENDED or queries.under_way([REFRESH]):
        return
    following = f"after-job-{last.pk}"
    if last.args.get("engine") != args["engine"]:
        services.submit(kind=NIGHTLY, args=args, now=now, period=following)
    elif last.state == Job.State.DONE:
        services.submit(kind=FAIRNESS, args={}, now=now, period=following)
