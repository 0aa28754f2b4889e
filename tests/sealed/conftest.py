"""The worlds of these tests, read once for all of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.sealed import reading, world
from tests.sealed.reading import FIRST, MOVED, Read
from tests.sealed.world import Limits


@pytest.fixture(scope="session")
def first(
    tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker
) -> Read:
    media, sent = (tmp_path_factory.mktemp(name) for name in ("media", "messages"))
    with reading.folders(media, sent), django_db_blocker.unblock():
        return reading.read_in(FIRST)


@pytest.fixture(scope="session")
def worlds(first: Read, tmp_path_factory, django_db_blocker) -> dict[Limits, Read]:
    media, sent = (tmp_path_factory.mktemp(name) for name in ("media", "messages"))
    with reading.folders(media, sent), django_db_blocker.unblock():
        return {FIRST: first, **{limits: reading.read_in(limits, first) for limits in MOVED}}


@pytest.fixture
def made(db: None, tmp_path_factory) -> Iterator[world.World]:
    """The first world as it stands, to be spoiled."""
    media, sent = (tmp_path_factory.mktemp(name) for name in ("media", "messages"))
    with reading.folders(media, sent):
        reading.number_from_one()
        yield world.build(FIRST)
