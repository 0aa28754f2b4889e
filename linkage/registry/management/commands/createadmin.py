"""Makes the first administrator without asking anything."""

from __future__ import annotations

import secrets
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from linkage.ending import refused_in_one_line
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
        with refused_in_one_line():
            create_administrator(
                username=options["username"],
                email=options["email"],
                full_name=options["full_name"],
                password=password,
                now=timezone.now(),
            )
        if given is None:
            self.stdout.write(f"Password, shown only now: {password}")
        self.stderr.write(f"Administrator {options['username']} is made.")
