"""What the demonstration holds: reference data, the sample register, an account per role, a market.

The market is invented beside the register (`worker.invented`) before the first figure is taken.
"""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from linkage.agreements.models import Linkage
from linkage.coverage import queries as coverage
from linkage.coverage.services import compute_series, take_snapshot
from linkage.intake import services as intake
from linkage.intake.invented import SAMPLE
from linkage.intake.models import ImportBatch
from linkage.intake.reference import load_reference
from linkage.registry import queries
from linkage.registry.access import OPERATOR, actor_of
from linkage.registry.models import AccessCode, Kind, MemberRole, Role, Status, User
from linkage.registry.services import create_account, enter_code, grant_role, issue_code
from worker.field_officer import send_out
from worker.invented.making import invent

NAMES = {
    Role.CITY_STAFF: ("canbo", "Cán bộ (minh họa)"),
    Role.VERIFIER: ("thamtra", "Người kiểm tra (minh họa)"),
    Role.AUDITOR: ("kiemtoan", "Người giám sát (minh họa)"),
    Role.ADMINISTRATOR: ("quantri", "Quản trị (minh họa)"),
    Role.FIELD_OFFICER: ("diaban", "Cán bộ địa bàn (minh họa)"),
}
# Who acts for an organisation of the sample register: its kind, user name, full name.
MEMBERS = (
    (Kind.COOPERATIVE, "giamdoc", "Giám đốc HTX (minh họa)"),
    (Kind.ENTERPRISE, "thumua", "Cán bộ thu mua (minh họa)"),
)
FULL_NAMES = {
    **dict(NAMES.values()),
    **{username: full_name for _kind, username, full_name in MEMBERS},
}


@dataclass(frozen=True, slots=True)
class Account:
    """A demonstration account; its password was made here and is kept in a file of its owner.

    `role` is None for who acts for an organisation and holds no office.
    """

    role: Role | None
    username: str
    password: str


def prepare(*, passwords_file: Path, now: datetime) -> list[Account]:
    """Bring the demonstration to its full state; a second call changes nothing."""
    load_reference()
    accounts = _accounts(passwords_file, now)
    if not ImportBatch.objects.filter(state=ImportBatch.State.APPLIED).exists():
        _import_sample(now)
    members = {
        _let_act(kind, username, now): User.objects.get(username=username).pk
        for kind, username, _name in MEMBERS
    }
    officer = User.objects.get(username=NAMES[Role.FIELD_OFFICER][0])
    # The first that somebody acts for is the cooperative.
    send_out(user=officer, near=next(iter(members)), now=now)
    verifier = User.objects.get(username=NAMES[Role.VERIFIER][0])
    invent(verifier=verifier.pk, members=members, now=now)
    _take_figures(now)
    return accounts


def _take_figures(now: datetime) -> None:
    if coverage.newest(now.date()) is None:
        take_snapshot(as_of=now.date(), now=now)
        compute_series(now=now, today=now.date())


def _accounts(passwords_file: Path, now: datetime) -> list[Account]:
    kept = json.loads(passwords_file.read_text()) if passwords_file.exists() else {}
    offices = {name: role for role, (name, _full_name) in NAMES.items()}
    accounts = [
        Account(offices.get(name), name, kept.get(name) or secrets.token_urlsafe(9))
        for name in FULL_NAMES
    ]
    missing = [a for a in accounts if not User.objects.filter(username=a.username).exists()]
    for account in missing:
        _make(account, now)
    if missing:
        _keep(accounts, passwords_file)
    return accounts


def _make(account: Account, now: datetime) -> None:
    user = create_account(
        actor=OPERATOR,
        username=account.username,
        email=f"{account.username}@example.invalid",
        full_name=FULL_NAMES[account.username],
        password=account.password,
        now=now,
    )
    # A field officer gets its office with its area, once the register is there.
    if account.role in (None, Role.FIELD_OFFICER):
        return
    day = now.date()
    grant_role(actor=OPERATOR, user_id=user.pk, role=account.role, starts=day, ends=None, now=now)


def _keep(accounts: list[Account], passwords_file: Path) -> None:
    """Readable by its owner alone from its first byte."""
    handle = os.open(passwords_file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump({account.username: account.password for account in accounts}, file)


def _import_sample(now: datetime) -> None:
    with SAMPLE.open("rb") as file:
        batch = intake.upload(
            actor=OPERATOR,
            file=file,
            came_from="Sổ mẫu đi kèm phần mềm (dữ liệu minh họa)",
            legal_basis="Không có: dữ liệu minh họa, không phải đơn vị thật",
            now=now,
        )
    intake.apply_at_once(batch_id=batch.pk, now=now)


def _let_act(kind: Kind, username: str, now: datetime) -> int:
    """By a code, as everybody comes to act for an organisation; return which one."""
    user = User.objects.get(username=username)
    actor = actor_of(user, on=now.date())
    if actor.memberships:
        return min(actor.memberships)
    # Buyers have no founding day in the register, so only a cooperative can be settled.
    settled = False if kind == Kind.COOPERATIVE else None
    filters = queries.Filters(kind=kind, status=Status.ACTIVE, to_be_settled=settled)
    rows = queries.listing(actor=OPERATOR, on=now.date(), filters=filters)
    if kind == Kind.COOPERATIVE:
        # What its director agrees moves the figure: it sells something, and nobody buys it yet.
        rows = rows.filter(products__commodity__isnull=False)
        for side in ("seller", "buyer"):
            rows = rows.exclude(pk__in=Linkage.objects.values(side))
    organisation_id = int(rows.values_list("pk", flat=True)[0])
    issued = issue_code(
        actor=OPERATOR,
        organisation_id=organisation_id,
        role=MemberRole.ADMIN,
        way=AccessCode.Way.LETTER,
        now=now,
    )
    enter_code(actor=actor, code=issued.secret or "", now=now)
    return organisation_id
