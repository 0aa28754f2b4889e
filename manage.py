#!/usr/bin/env python
"""Runs a management command with the project's settings."""

from __future__ import annotations

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

WRONG_USAGE = 2

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        # A wrong value in the environment: its sentence says what to mend, a traceback does not.
        sys.stderr.write(f"{' '.join(str(error).split())}\n")
        sys.exit(WRONG_USAGE)
