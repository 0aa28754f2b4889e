"""The graph runs in a plain Python shell: no Django, no Celery, no settings."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import linkage.graph
from linkage.graph import columns, tables
from linkage.registry.models import Kind, Status

ROOT = Path(__file__).resolve().parents[2]
# Everything of the package, used once, and what it brought along.
SCRIPT = """
import importlib, json, pkgutil, sys
sys.path[:0] = {paths!r}
import linkage.graph as package
for module in pkgutil.iter_modules(package.__path__):
    importlib.import_module("linkage.graph." + module.name)
package.laid_out([[1], [2]], [(1, 2)], most=2)
print(json.dumps(sorted({{name.split(".")[0] for name in sys.modules}})))
print(json.dumps(sorted(name for name in sys.modules if name.startswith("linkage"))))
"""


def modules() -> list[str]:
    """What a shell without site hooks and settings has loaded after using the package."""
    paths = [str(ROOT), *(path for path in sys.path if "site-packages" in path)]
    done = subprocess.run(
        [sys.executable, "-S", "-c", SCRIPT.format(paths=paths)],
        env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    return done.stdout.splitlines()


def test_the_graph_brings_along_neither_django_nor_celery() -> None:
    top, own = modules()
    for name in ("django", "celery", "kombu", "rest_framework", "lxml"):
        assert f'"{name}"' not in top
    others = {name for name in own.split('"') if name.startswith("linkage.")} - {"linkage.graph"}
    assert {name for name in others if not name.startswith("linkage.graph.")} == set()
    assert "linkage.graph.picture" in others


def test_its_words_are_those_of_the_registry() -> None:
    """The package does not import the models, so this holds their lists together."""
    assert set(columns.KINDS) == set(Kind.values)
    assert set(columns.STATUSES) == set(Status.values)


def test_stages_and_measures_are_those_of_the_reference_tree() -> None:
    from linkage.catalogue.models import Dimension
    from linkage.reference.make.check import STAGES

    assert set(columns.MEASURES) == set(Dimension.values)
    assert set(tables.OF_A_COMMODITY) == STAGES


def test_all_that_is_named_is_there() -> None:
    assert all(hasattr(linkage.graph, name) for name in linkage.graph.__all__)
