"""Makes the first administrator without asking anything."""

from __future__ import annotations

import secrets
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from linkage.errors import DatabaseNotReady, DomainError
from linkage.registry.services import create_administrator


class Command(BaseCommand):
    help = "Makes an administrator; a password that is not given is made and printed once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--username", required=True)
        parser.add_argument("--email", required=True)
        parser.add_argument("--full-name", default="")
        parser.add_argument(
            "--password-stdin", action="store_true", help="read the password from the first line"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        given = sys.stdin.readline().rstrip("\r\n") if options["password_stdin"] else None
        password = secrets.token_urlsafe(15) if given is None else given
        try:
            create_administrator(
                username=options["username"],
                email=options["email"],
                full_name=options["full_name"],
                password=password,
                now=timezone.now(),
            )
        except DatabaseError as error:
            said = DatabaseNotReady(error=" ".join(str(error).split()))
            raise CommandError(str(said), returncode=2) from error
        except DomainError as error:
            raise CommandError(str(error), returncode=2) from error
        if given is None:
            self.stdout.write(f"Password, shown only now: {password}")
        self.stderr.write(f"Administrator {options['username']} is made.")
