"""`.env.example` names every setting that the program reads, and no other."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
# Read by the compose file alone.
FOR_COMPOSE = {"POSTGRES_PASSWORD"}
# Read in tests alone: refused in production.
FOR_TESTS = {"JOBS_EXTRA_HANDLERS", "JOBS_LEASE_OFF"}


def _read_by_settings() -> set[str]:
    tree = ast.parse((ROOT / "config" / "settings.py").read_text(encoding="utf-8"))
    return {
        call.args[0].value
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "env"
        and call.args
        and isinstance(call.args[0], ast.Constant)
    }


def test_every_setting_is_in_the_example_and_the_other_way_round() -> None:
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    named = set(re.findall(r"^#?([A-Z][A-Z_]+)=", text, flags=re.MULTILINE))
    assert named - FOR_COMPOSE == _read_by_settings() - FOR_TESTS


def test_the_example_holds_no_secret() -> None:
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert re.search(r"^SECRET_KEY=$", text, flags=re.MULTILINE)
