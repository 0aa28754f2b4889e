"""The graph with one rule broken, and all tests of a subject run against it.

The package is copied under another name with one text replaced; the names that a test module took
from the package are then the copy's, and every test of the module is called: with its parameters,
and, where it is a property, over seeded worlds.
"""

from __future__ import annotations

import importlib
import inspect
import itertools
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

import pytest

import linkage.graph
from tests.graph import worlds

SOURCE = Path(str(linkage.graph.__file__)).parent
NAME = "linkage.graph"
SEEDS = 60
_count = itertools.count()


def copied(folder: Path, module: str, text: str, broken: str) -> str:
    """The name of a copy of the package in which `text` of one module is `broken`."""
    name = f"graph_copy_{next(_count)}"
    package = folder / name
    package.mkdir()
    for path in SOURCE.glob("*.py"):
        source = path.read_text(encoding="utf-8")
        if path.stem == module:
            assert text in source, f"nothing to break: {text}"
            source = source.replace(text, broken)
        (package / path.name).write_text(source.replace(NAME, name), encoding="utf-8")
    return name


def rebind(module: ModuleType, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the module has of the package is from now on the copy's."""
    for key, value in list(vars(module).items()):
        if isinstance(value, ModuleType) and value.__name__.startswith(f"{NAME}."):
            copy = importlib.import_module(value.__name__.replace(NAME, name))
            monkeypatch.setattr(module, key, copy)
        elif str(getattr(value, "__module__", "")).startswith(f"{NAME}.") and callable(value):
            home = importlib.import_module(value.__module__.replace(NAME, name))
            monkeypatch.setattr(module, key, getattr(home, value.__name__))


def run(module: ModuleType) -> None:
    """Call every test of a module; the first that fails is raised."""
    for name, test in vars(module).items():
        if name.startswith("test_"):
            given = getattr(test, "hypothesis", None)
            calls = _seeded(given.inner_test) if given else _parametrized(test)
            for arguments in calls:
                (given.inner_test if given else test)(**arguments)


def _parametrized(test: Any) -> Iterator[dict[str, Any]]:
    """Every combination of the test's parameters."""
    choices = [mark.args for mark in getattr(test, "pytestmark", ()) if mark.name == "parametrize"]
    for values in itertools.product(*(rows for _, rows in choices)):
        arguments: dict[str, Any] = {}
        for (names, _), value in zip(choices, values, strict=True):
            one = isinstance(names, str)
            arguments |= {names: value} if one else dict(zip(names, value, strict=True))
        yield arguments


def _seeded(test: Any) -> Iterator[dict[str, Any]]:
    """Arguments of a property, each by its name."""
    names = inspect.signature(test).parameters
    for seed in range(SEEDS):
        r = Random(seed)
        yield {name: MAKERS[name](r) for name in names}


def _world(r: Random) -> worlds.World:
    make = r.choice((worlds.random_world, worlds.random_market))
    return make(r, organisations=r.randint(2, 9), linkages=r.randint(0, 24))


def _drawing(r: Random) -> tuple[list[list[int]], list[tuple[int, int]]]:
    ids = r.sample(range(1, 100), r.randint(2, 20))
    layers: list[list[int]] = [[] for _ in range(r.randint(1, 5))]
    for id_ in ids:
        r.choice(layers).append(id_)
    return layers, [tuple(r.sample(ids, 2)) for _ in range(r.randint(0, 30))]  # type: ignore[misc]


MAKERS: dict[str, Any] = {
    "world": _world,
    "drawing": _drawing,
    "day": lambda r: r.choice(worlds.DAYS),
    "days": lambda r: sorted(r.choices([worlds.BEFORE, *worlds.DAYS, worlds.AFTER], k=2)),
    "level": lambda r: r.choice(worlds.LEVELS),
    "commodity": lambda r: r.choice(worlds.CODES),
    "communes": lambda r: r.choice((None, frozenset({"11824", "11826"}))),
    "sells": lambda r: set(r.choices(worlds.CODES, k=2)),
    "buys": lambda r: set(r.choices(worlds.CODES, k=2)),
    "radius": lambda r: r.randint(0, 4),
    "most": lambda r: r.randint(2, 6),
    "seed": lambda r: r.randint(0, 99),
}


def forget(name: str) -> None:
    """Take a copy out of the modules that are loaded."""
    for key in [key for key in sys.modules if key == name or key.startswith(f"{name}.")]:
        del sys.modules[key]
