"""What every test gets."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections, transaction
from django.db.backends.postgresql.operations import DatabaseOperations as PostgresOperations
from django.db.backends.sqlite3.base import DatabaseOperations
from django.db.models.signals import post_init
from django.test import override_settings
from django.utils import translation
from hypothesis import settings as hypothesis_settings

from linkage.intake.reference import load_reference
from tests import events, stack
from tests.examples import SHARE_OF_ANOTHER, examples, tested_on_another_database

hypothesis_settings.register_profile("ours", max_examples=examples(200), deadline=None)
hypothesis_settings.load_profile("ours")

# These start processes and mostly wait for them: those of a group one after the other.
PROCESSES = {
    "faults/test_killed_worker.py": "killed",
    "faults/test_serve.py": "killed",
    "faults/": "faults",
    "e2e/": "browser",
    "house/test_compose_commands.py": "browser",
}
LONG = {*PROCESSES.values(), "sealed"}
# Rows that are made once for a module: its tests go to one worker of xdist.
MADE_FOR_A_MODULE = {"reference", "shared_world"}

# Asked once where both databases are tried: the walk, and what a browser shows, judge pages, not
# what they are stored in, and the demonstration brings a database of its own.
ON_ONE_DATABASE = (
    "sealed/",
    *(f"e2e/test_{name}.py" for name in ("claim", "demo", "pages", "quick_post")),
)
# Their cases come to the same statements again and again: some of them are enough there.
CASES_OF_DOORS = ("api/", "web/", "officers/test_pages.py", "agreements/test_negotiating.py")
OF_A_DATABASE = {"db", "transactional_db", "django_db_setup", "live_server", "database", "house"}


def _differs_by_database(item: pytest.Item, where: str) -> bool:
    if where.startswith(ON_ONE_DATABASE):
        return False
    asks = set(getattr(item, "fixturenames", ()))
    marks = {mark.name for mark in item.iter_markers()}
    # What is skipped somewhere may have been skipped on the other one.
    return bool(asks & OF_A_DATABASE or marks & {"django_db", "skipif"})


def _cases_left_out(items: list[pytest.Item], here: Path) -> set[pytest.Item]:
    """Of a test whose cases are doors, offices or states, all but a share of them."""
    cases: dict[str, list[pytest.Item]] = {}
    for item in items:
        # What is skipped somewhere has perhaps not been seen before.
        everywhere = item.get_closest_marker("skipif") is None
        if everywhere and _place(item, here).startswith(CASES_OF_DOORS):
            cases.setdefault(item.nodeid.partition("[")[0], []).append(item)
    found = set()
    for some in cases.values():
        in_order = sorted(some, key=lambda item: item.nodeid)
        found |= set(in_order) - set(in_order[::SHARE_OF_ANOTHER])
    return found


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put the tests that start processes on workers of xdist of their own (--dist loadgroup).

    What no database changes is left out where another one was tried before: CI has seen it then,
    and of the cases of doors it sees a share again.
    """
    here = Path(__file__).parent
    kept = list(items)
    if tested_on_another_database():
        kept = [item for item in items if _differs_by_database(item, _place(item, here))]
        left_out = _cases_left_out(kept, here)
        kept = [item for item in kept if item not in left_out]
    shared = {item.path for item in kept if _shares_rows(item)}
    for item in kept:
        where = _place(item, here)
        group = next((name for start, name in PROCESSES.items() if where.startswith(start)), None)
        if group is None and item.path in shared:
            group = where
        if group is not None:
            item.add_marker(pytest.mark.xdist_group(group))
    if len(kept) < len(items):
        config.hook.pytest_deselected(items=list(set(items) - set(kept)))
        items[:] = kept


@pytest.hookimpl(trylast=True, specname="pytest_collection_modifyitems")
def pytest_long_groups_first(items: list[pytest.Item]) -> None:
    """No processor waits at the end for a group that began late (xdist keeps this order).

    In a module whose tests share rows those come first that make their own: the others' rows are
    there from the first of them to the module's end.
    """
    first: dict[str, int] = {}
    for number, item in enumerate(items):
        first.setdefault(_group(item), number)
    items.sort(key=lambda item: (_group(item) not in LONG, first[_group(item)], _shares_rows(item)))


def _shares_rows(item: pytest.Item) -> bool:
    return bool(MADE_FOR_A_MODULE & set(getattr(item, "fixturenames", ())))


def _group(item: pytest.Item) -> str:
    """The group's name; of who is in none, a group of its own."""
    mark = item.get_closest_marker("xdist_group")
    return mark.args[0] if mark else item.nodeid


def _place(item: pytest.Item, here: Path) -> str:
    return str(item.path.relative_to(here)) if item.path.is_relative_to(here) else ""


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> object:
    """What was imported lives to the end: garbage is not looked for in it again and again.

    It was 6 to 20% of the processor's time; the stack's pieces were up to 40, see `stack`.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)
    run = session.config.pluginmanager.subset_hook_caller(
        "pytest_runtestloop", [sys.modules[__name__]]
    )
    return stack.roomy(lambda: run(session=session))


@pytest.hookimpl
def pytest_collection_finish(session: pytest.Session) -> None:
    """A version of pytest in which groups of tests mean nothing is refused."""
    grouped = [item for item in session.items if item.get_closest_marker("xdist_group")]
    if session.config.getoption("loadgroup", False) and grouped and "@" not in grouped[0].nodeid:
        raise pytest.UsageError("pytest-xdist does not see the groups of tests: other versions")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """On SQLite a file, as users have: one in memory is one connection, shared by all threads."""
    settings = connections["default"].settings_dict
    if connections["default"].vendor == "sqlite":
        settings["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture(autouse=True, scope="session")
def _cheap_passwords() -> Iterator[None]:
    """Hashing that is slow on purpose would be half of a test that signs somebody in."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(autouse=True, scope="session")
def _static_files_are_looked_up() -> Iterator[None]:
    """When one is asked for: a client of a test would list all of them first."""
    with override_settings(WHITENOISE_AUTOREFRESH=True):
        yield


@pytest.fixture(autouse=True, scope="session")
def _emptying_passes_append_only_triggers() -> Iterator[None]:
    """Lets a transactional test be cleaned up: emptying a table is a DELETE, or a TRUNCATE.

    The triggers that make a table append-only are taken off and put back round the emptying.
    """
    truncating = PostgresOperations.sql_flush
    guards = "SELECT tgrelid::regclass, tgname FROM pg_trigger WHERE tgname LIKE '%_truncate'"

    def sql_truncate(self: PostgresOperations, *args: object, **kwargs: object) -> list[str]:
        statements = truncating(self, *args, **kwargs)
        with self.connection.cursor() as cursor:
            cursor.execute(guards)
            off = [f"ALTER TABLE {table} DISABLE TRIGGER {name}" for table, name in cursor]
        on = [one.replace("DISABLE", "ENABLE") for one in off]
        return [*off, *statements, *on] if statements else []

    ordinary = DatabaseOperations.sql_flush

    def sql_flush(self: DatabaseOperations, *args: object, **kwargs: object) -> list[str]:
        statements = ordinary(self, *args, **kwargs)
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
        dropped = [f'DROP TRIGGER "{name}"' for name, _ in triggers]
        return [*dropped, *statements, *(sql for _, sql in triggers)] if statements else []

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "sql_flush", sql_flush)
        patch.setattr(PostgresOperations, "sql_flush", sql_truncate)
        yield


@pytest.fixture(autouse=True, scope="session")
def _every_event_has_its_words() -> Iterator[None]:
    """Whatever a service writes into a history that pages show has words there."""
    dispatcher = "every event has its words"
    post_init.connect(events.must_have_words, dispatch_uid=dispatcher)
    yield
    post_init.disconnect(events.must_have_words, dispatch_uid=dispatcher)


@pytest.fixture(scope="module")
def reference_of_the_module(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The reference data, loaded once for a module, in a transaction round its tests."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_reference()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def reference(reference_of_the_module: None, db: None) -> None:
    """The reference data; what a test does to it is taken back."""


@pytest.fixture(autouse=True)
def _own_language() -> None:
    """A request leaves its language behind in the thread; each test begins with the default one."""
    translation.deactivate()
