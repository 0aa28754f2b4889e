"""A running installation with a small register: web server, worker and Beat on the test's database.

Of its three cooperatives one is linked with the firm and verified, one farms and has no contract,
and one does not farm.
"""

from __future__ import annotations

import io
import json
from datetime import date
from typing import Any

from django.core.management import call_command
from django.utils import timezone

from linkage.agreements.services import record_linkage, verify_linkage
from linkage.registry.access import OPERATOR, Actor
from linkage.registry.models import Organisation, Role, User
from linkage.registry.services import create_organisation, grant_role
from tests.e2e.caller import Caller
from tests.e2e.figures import LEVELS, Figures, shares
from tests.faults.house import House

FIRM, FIRM_CODE = "Công ty Thu Mua Hải Phòng", "0205198368"
VERIFIER = Actor(None, frozenset({Role.VERIFIER}))


class Town:
    """Where its pages are, whose place can be claimed, and what its figures are."""

    def __init__(self, house: House) -> None:
        self.firm = _organisation(FIRM, "enterprise", "trade_services", tax_code=FIRM_CODE)
        self.coop = _organisation("HTX Nông nghiệp Tân Trào", "cooperative", "agriculture")
        _organisation("HTX Vận tải Cửa Cấm", "cooperative", "trade_services")
        _verified(_organisation("HTX Rau sạch", "cooperative", "agriculture"), self.firm)
        # As it is installed: no handlers of a test's own.
        media = str(house.folder / "media")
        house.serve(JOBS_EXTRA_HANDLERS="", MEDIA_DIR=media)
        self.site = house.site

    def caller(self, name: str, role: Role | None = None) -> Caller:
        """Somebody who has just signed up; with the office that an administrator gave."""
        made = Caller(self.site, name)
        if role is not None:
            user, now = User.objects.get(username=name), timezone.now()
            grant_role(
                actor=OPERATOR, user_id=user.pk, role=role, starts=timezone.localdate(now),
                ends=None, now=now,
            )  # fmt: skip
        return made

    def figures(self) -> Figures:
        """What the command says of today, computed from the rows as they are."""
        day = timezone.localdate().isoformat()
        return {
            level: shares(_said("coverage", "--as-of", day, "--evidence", level))
            for level in LEVELS
        }

    def is_sound(self) -> bool:
        return bool(_said("audit_invariants")["ok"])


def _said(*command: str) -> Any:
    told = io.StringIO()
    call_command(*command, "--json", stdout=told)
    return json.loads(told.getvalue())


def _organisation(name: str, kind: str, sector: str, **details: Any) -> Organisation:
    return create_organisation(
        actor=OPERATOR,
        kind=kind,
        details={"name": name, "founded_on": date(2015, 3, 1), **details},
        sector_code=sector,
        commune_code="11824",
        now=timezone.now(),
    )


def _verified(seller: Organisation, buyer: Organisation) -> None:
    now = timezone.now()
    terms = {"contract_number": "01/HĐ", "starts": date(2025, 1, 1)}
    made = record_linkage(
        actor=OPERATOR, seller_id=seller.pk, buyer_id=buyer.pk, terms=terms, now=now
    )
    verify_linkage(
        actor=VERIFIER, linkage_id=made.pk, version=made.version, paper="Tủ 3",
        verified_on=date(2025, 2, 1), now=now,
    )  # fmt: skip
