"""Grants a role, or ends one, from the server's own command line."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from linkage.ending import refused_in_one_line
from linkage.errors import NotFound
from linkage.registry.access import OPERATOR
from linkage.registry.models import Role, RoleGrant, User
from linkage.registry.services import grant_role, revoke_role


class Command(BaseCommand):
    help = "Grants a role from a day on; a field officer's with the codes of its communes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("role", choices=Role.values)
        parser.add_argument("--starts", type=date.fromisoformat, help="YYYY-MM-DD; else today")
        parser.add_argument("--ends", type=date.fromisoformat, help="the last day; else none")
        parser.add_argument("--commune", action="append", default=[], help="a code; repeated")
        parser.add_argument("--end", action="store_true", help="end the role: not held today")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        today = timezone.localdate(now)
        with refused_in_one_line():
            user = User.objects.filter(username=options["username"]).first()
            if user is None:
                raise NotFound
            if options["end"]:
                for grant in RoleGrant.objects.filter(user=user, role=options["role"], ends=None):
                    revoke_role(actor=OPERATOR, grant_id=grant.pk, on=today, now=now)
                self.stderr.write(f"{user.username} has the role no more.")
                return
            grant_role(
                actor=OPERATOR,
                user_id=user.pk,
                role=options["role"],
                starts=options["starts"] or today,
                ends=options["ends"],
                communes=options["commune"],
                now=now,
            )
            self.stderr.write(f"{user.username} has the role {options['role']}.")
