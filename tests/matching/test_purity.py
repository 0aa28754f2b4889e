"""The engine runs in a plain Python shell: no Django, no Celery, no settings."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Everything of the package, a match worked out, and what it brought along.
SCRIPT = """
import json, sys
sys.path[:0] = {paths!r}
import linkage.matching, linkage.matching.command
light = sorted(sys.modules)
import linkage.matching.allocation.posts, linkage.matching.pooling.posts
linkage.matching.TreeColumns.of_parents([-1, 0])
linkage.matching.command.read_files
print(json.dumps(sorted({{name.split(".")[0] for name in sys.modules}})))
print(json.dumps(sorted(name for name in sys.modules if name.startswith("linkage"))))
print(json.dumps(light))
"""


def modules() -> list[str]:
    """What a shell without site hooks and settings has loaded after using the package."""
    paths = [str(ROOT), *(path for path in sys.path if "site-packages" in path)]
    plain = {"PATH": os.environ["PATH"]}
    done = subprocess.run(
        [sys.executable, "-S", "-c", SCRIPT.format(paths=paths)],
        env=plain, capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    return done.stdout.splitlines()


def test_matching_brings_along_neither_django_nor_celery() -> None:
    top, own, _light = modules()
    for name in ("django", "celery", "kombu", "rest_framework", "scipy"):
        assert f'"{name}"' not in top
    for name in ("linkage.catalogue", "linkage.reference", "linkage.errors", "linkage.registry"):
        assert f'"{name}"' not in own
    assert '"linkage.matching.rules"' in own


def test_a_match_alone_brings_no_solver_along() -> None:
    """A page that matches does not pay for what plans."""
    top, _own, light = modules()
    assert '"highspy"' in top and '"networkx"' in top
    assert '"highspy"' not in light and '"networkx"' not in light
