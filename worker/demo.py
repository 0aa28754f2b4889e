"""What the demonstration holds: reference data, the sample register, an account per role."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from linkage.coverage import queries as coverage
from linkage.coverage.services import compute_series, take_snapshot
from linkage.intake import services as intake
from linkage.intake.invented import SAMPLE
from linkage.intake.models import ImportBatch
from linkage.intake.reference import load_reference
from linkage.registry.access import OPERATOR
from linkage.registry.models import Role, User
from linkage.registry.services.accounts import create_account, grant_role

NAMES = {
    Role.CITY_STAFF: ("canbo", "Cán bộ (minh họa)"),
    Role.VERIFIER: ("thamtra", "Người thẩm tra (minh họa)"),
    Role.AUDITOR: ("kiemtoan", "Kiểm toán (minh họa)"),
    Role.ADMINISTRATOR: ("quantri", "Quản trị (minh họa)"),
}


@dataclass(frozen=True, slots=True)
class Account:
    """A demonstration account; its password was made here and is kept in a file of its owner."""

    role: Role
    username: str
    password: str


def prepare(*, passwords_file: Path, now: datetime) -> list[Account]:
    """Bring the demonstration to its full state; a second call changes nothing."""
    load_reference()
    accounts = _accounts(passwords_file, now)
    if not ImportBatch.objects.filter(state=ImportBatch.State.APPLIED).exists():
        _import_sample(now)
    if coverage.newest(now.date()) is None:
        take_snapshot(as_of=now.date(), now=now)
        compute_series(now=now, today=now.date())
    return accounts


def _accounts(passwords_file: Path, now: datetime) -> list[Account]:
    kept = json.loads(passwords_file.read_text()) if passwords_file.exists() else {}
    accounts = [
        Account(role, name, kept.get(name) or secrets.token_urlsafe(9))
        for role, (name, _) in NAMES.items()
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
        full_name=NAMES[account.role][1],
        password=account.password,
        now=now,
    )
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
