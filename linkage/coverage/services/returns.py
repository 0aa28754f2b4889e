"""The yearly return: saved and sent by the organisation or the office, decided by the office."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linkage.coverage.filing import is_asked_of, is_over, may_open
from linkage.coverage.models import Rating, YearReturn
from linkage.coverage.models.returns import PARTS
from linkage.coverage.services.reporting import LARGEST
from linkage.errors import Conflict, Invalid, NotFound, StaleVersion
from linkage.jobs.services import record_event
from linkage.notices.models import Kind as NoticeKind
from linkage.notices.services import News, tell_organisation
from linkage.registry import values
from linkage.registry.access import Actor, Capability, allows, require, require_member
from linkage.registry.constraints import refusals
from linkage.registry.models import Organisation

SUBJECT = "year_return"
LARGEST_VND = 10**15
COUNTS = (
    *("members", "workers", "insured", "staff", "staff_trained"),
    *("key_staff", "key_trained", "key_degree"),
)
MONEY = ("revenue_vnd", "profit_vnd", "income_vnd")
ANSWERS = ("market_info", "land", "high_tech")
FACTS = (*COUNTS, *MONEY, "rating", *ANSWERS)
# Who files it may still change it.
OPEN_STATES = (YearReturn.State.DRAFT, YearReturn.State.SENT_BACK)


class YearNotOver(Invalid):
    """A return is of a year that is over."""

    code = "year_not_over"
    field = "year"
    words = _("A return is of a year that is over.")


class NotAskedOf(Invalid):
    """Cooperatives, their groups and unions file, of years at whose end they were there."""

    code = "no_return_of_it"
    field = "year"
    words = _(
        "A return is of a cooperative, a cooperative group or a union that was there at the end of"
        " the year."
    )


class FactInvalid(Invalid):
    """A number that cannot be, or a part above its whole."""

    code = "fact_invalid"
    words = _("This number cannot be, or it is more than the whole it is a part of.")


class ReturnEmpty(Invalid):
    """Nothing is answered."""

    code = "return_empty"
    words = _("Nothing is filled in yet.")


class ReturnIsSent(Conflict):
    """What was sent waits for the office, or was accepted: nobody changes it meanwhile."""

    code = "return_is_sent"
    words = _("It was sent. Ask the office to send it back if something is wrong.")


class DraftIsItsOwn(Conflict):
    """What an organisation has not sent yet is nobody else's to read or to overwrite."""

    code = "draft_is_its_own"
    words = _("The cooperative is writing this return itself: it is here once it is sent.")


class ReturnNotSent(Conflict):
    """The office decides what was sent."""

    code = "return_not_sent"
    words = _("It was not sent, or it is decided already.")


class AcceptedByWhoFiled(Conflict):
    """Whoever filed a return, or acts for whom it is of, does not take it for the office."""

    code = "accepted_by_who_filed"
    words = _(
        "Whoever filed a return, or acts for the cooperative, cannot accept it. Another officer has"
        " to."
    )


def save_return(
    *,
    actor: Actor,
    organisation_id: int,
    year: int,
    version: int | None,
    facts: Mapping[str, Any],
    send: bool,
    now: datetime,
) -> YearReturn:
    """Write what the organisation says of the year, and send it if `send`; `version` None: new.

    By who acts for it, or by the office for it. What `facts` lacks was not answered. Raises:
    NotFound, as for what is not there, for a stranger; YearNotOver, NotAskedOf, FactInvalid,
    ReturnEmpty, ReturnIsSent, StaleVersion; DraftIsItsOwn to the office. Nothing is written then.
    """
    if not allows(actor, Capability.WRITE_ORGANISATIONS):
        require_member(actor, organisation_id)
    if not Organisation.objects.filter(pk=organisation_id, merged_into=None).exists():
        raise NotFound
    if not is_over(year, timezone.localdate(now)):
        raise YearNotOver
    if not is_asked_of(organisation_id, year):
        raise NotAskedOf
    said = _checked(facts)
    if send and not any(_is_answer(value) for value in said.values()):
        raise ReturnEmpty
    said |= {
        "state": YearReturn.State.SENT if send else YearReturn.State.DRAFT,
        "reason": "",
        "saved_at": now,
        "saved_by_id": actor.user_id,
        "by_office": not actor.acts_for(organisation_id),
    }
    with refusals(), transaction.atomic():
        before, made = _write(actor, organisation_id, year, version, said)
        kind = "return_sent" if send else "return_saved"
        _note(made, kind, actor=actor, now=now, data={"before": before, "after": _facts(made)})
    return made


def decide_return(
    *,
    actor: Actor,
    return_id: int,
    version: int,
    accept: bool,
    now: datetime,
    reason: str = "",
) -> YearReturn:
    """Accept what was sent, or send it back with the reason; what was accepted can be sent back.

    The organisation's people are told; of what was merged since the survivor's, who answer with a
    return of its own. Raises: NotAllowed, NotFound, StaleVersion, ReturnNotSent, TextInvalid
    without a reason; AcceptedByWhoFiled. Nothing is written then.
    """
    require(actor, Capability.WRITE_ORGANISATIONS)
    why = values.text(reason, field="reason", limit=values.LONGEST_REASON, required=not accept)
    states = YearReturn.State
    from_states = [states.SENT] if accept else [states.SENT, states.ACCEPTED]
    with refusals(), transaction.atomic():
        found = YearReturn.objects.select_related("organisation").filter(pk=return_id).first()
        if found is None:
            raise NotFound
        if accept and not may_accept(actor, found):
            raise AcceptedByWhoFiled
        # Compare and set: of two who decide, the second finds another version.
        rows = YearReturn.objects.filter(pk=return_id, version=version)
        changed = rows.filter(state__in=from_states).update(
            state=states.ACCEPTED if accept else states.SENT_BACK,
            reason="" if accept else why,
            version=F("version") + 1,
            decided_at=now,
            decided_by_id=actor.user_id,
        )
        if not changed:
            raise ReturnNotSent if rows.exists() else StaleVersion
        found.refresh_from_db()
        what = "return_accepted" if accept else "return_sent_back"
        _note(found, what, actor=actor, now=now, data={"reason": why})
        _tell(found, what, why, actor=actor, now=now)
    return found


def may_accept(actor: Actor, found: YearReturn) -> bool:
    """Whether what was filed is another's than the actor's; the server itself is nobody's."""
    is_own = actor.user_id is not None and actor.user_id == found.saved_by_id
    return not is_own and not actor.acts_for(found.organisation.survivor_id)


def _checked(facts: Mapping[str, Any]) -> dict[str, Any]:
    said: dict[str, Any] = {name: facts.get(name) for name in FACTS}
    said["rating"] = said["rating"] or ""
    if said["rating"] not in ("", *Rating.values):
        raise values.ValueUnknown(field="rating", value=said["rating"])
    bounds = dict.fromkeys(COUNTS, (0, LARGEST)) | dict.fromkeys(MONEY, (0, LARGEST_VND))
    bounds["profit_vnd"] = (-LARGEST_VND, LARGEST_VND)
    for name, (least, most) in bounds.items():
        if said[name] is not None and not _is_whole(said[name], least, most):
            raise FactInvalid(field=name)
    for name in ANSWERS:
        if not isinstance(said[name], bool | None):
            raise FactInvalid(field=name)
    for part, whole in PARTS.items():
        if said[part] is not None and (said[whole] is None or said[part] > said[whole]):
            raise FactInvalid(field=part)
    return said


def _is_whole(value: object, least: int, most: int) -> bool:
    """Whether it is a whole number within the bounds; True is a one to Python and none here."""
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _is_answer(value: Any) -> bool:
    return value is not None and value != ""


def _write(
    actor: Actor, organisation_id: int, year: int, version: int | None, said: dict[str, Any]
) -> tuple[dict[str, Any] | None, YearReturn]:
    """The row as it was, and as it is now."""
    own = YearReturn.objects.filter(organisation=organisation_id, year=year)
    if version is None:
        made, is_new = YearReturn.objects.get_or_create(
            organisation_id=organisation_id, year=year, defaults=said
        )
        if not is_new:
            raise StaleVersion if may_open(actor, made) else DraftIsItsOwn
        return None, made
    old = own.first()
    if old is None:
        raise NotFound
    if not may_open(actor, old):
        raise DraftIsItsOwn
    if old.version != version:
        raise StaleVersion
    rows = own.filter(version=version)
    if not rows.filter(state__in=OPEN_STATES).update(version=F("version") + 1, **said):
        raise ReturnIsSent if rows.exists() else StaleVersion
    return _facts(old), own.get()


def _facts(row: YearReturn) -> dict[str, Any]:
    return {name: getattr(row, name) for name in FACTS if _is_answer(getattr(row, name))}


def _note(row: YearReturn, kind: str, *, actor: Actor, now: datetime, data: dict[str, Any]) -> None:
    record_event(
        subject_kind=SUBJECT,
        subject_id=row.pk,
        kind=kind,
        at=now,
        actor_id=actor.user_id,
        data={"year": row.year, **data},
    )


def _tell(row: YearReturn, what: str, reason: str, *, actor: Actor, now: datetime) -> None:
    news = News(
        kind=NoticeKind.ANSWER,
        what=what,
        subject_kind=SUBJECT,
        subject_id=row.pk,
        key=f"{SUBJECT}:{row.pk}:{row.version}",
        data={"of_year": str(row.year), "reason": reason},
    )
    tell_organisation(
        organisation_id=row.organisation.survivor_id,
        news=news,
        now=now,
        except_user_id=actor.user_id,
    )
