"""`python -m tests.e2e.said_of_days DAY ...`: what the command says of each day at both levels."""

from __future__ import annotations

import io
import json
import os
import sys

import django
from django.core.management import call_command


def said(day: str, level: str) -> object:
    out = io.StringIO()
    call_command("coverage", f"--as-of={day}", f"--evidence={level}", "--json", stdout=out)
    return json.loads(out.getvalue())["indicators"]


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    found = [said(day, level) for day in sys.argv[1:] for level in ("verified", "declared")]
    sys.stdout.write(json.dumps(found))
