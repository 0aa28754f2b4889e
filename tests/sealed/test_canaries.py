"""Values that nobody could guess are read by those alone whom the access matrix lets.

Looked for in all that the first world's readers were answered, by every method; in everything that
went out to them; in everything that was logged meanwhile, errors with their texts.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from linkage.jobs.models import Event
from linkage.notices.models import Notice
from linkage.registry.access_table import Resource
from linkage.registry.models import Role, RoleGrant
from tests.sealed import reading, walk
from tests.sealed.canaries import CANARIES, DRAFT_NOTE, Canary
from tests.sealed.reading import Read
from tests.sealed.relations import OUTSIDE
from tests.sealed.world import COUNTERPART, RIVAL

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.xdist_group("sealed")]
# Where a line is kept.
EVENTS = Event._meta.db_table
OPEN_TO_SOMEBODY = [canary for canary in CANARIES if canary.resources]
# A file's name stands in lists as well: the line is for who opens it.
NOTED = [
    canary for canary in OPEN_TO_SOMEBODY if canary.name not in ("scan's name", "report's name")
]


def everything_said(read: Read) -> Iterator[tuple[str, str, bytes]]:
    """Who was told, by what, in which bytes."""
    for (who, address), answer in read.answers.items():
        yield who, address, answer.content + repr(answer.headers).encode()
    for cell in read.judged:
        if cell.method != "GET":
            yield cell.who, str(cell), cell.answer.content + repr(cell.answer.headers).encode()
    for who, words in read.letters:
        yield who, "a message", words.encode()


@pytest.fixture(scope="module")
def said(first: Read) -> list[tuple[str, str, bytes]]:
    return list(everything_said(first))


@pytest.mark.parametrize("canary", CANARIES, ids=lambda canary: canary.name)
def test_a_sealed_value_is_read_by_those_alone_whom_the_matrix_lets(said, canary):
    read = [(who, where) for who, where, words in said if canary.pattern.search(words)]
    assert [(who, where) for who, where in read if not canary.allowed(who)] == []


@pytest.mark.parametrize("canary", OPEN_TO_SOMEBODY, ids=lambda canary: canary.name)
def test_it_is_there_to_be_read(said, canary):
    """The control: whoever may, reads it. What nobody sees would not be missed either."""
    assert any(canary.pattern.search(words) for _who, _where, words in said)


@pytest.mark.parametrize("canary", NOTED, ids=lambda canary: canary.name)
def test_each_reading_leaves_a_line_where_the_matrix_says_so(first, canary):
    """`a` in every cell by which somebody reads it: no page and no answer shows it without one."""
    shown = [
        (who, address, any(EVENTS in sql for sql in answer.wrote))
        for (who, address), answer in first.answers.items()
        if canary.leaves_a_line(who) and canary.pattern.search(answer.content)
    ]
    assert [(who, address) for who, address, noted in shown if not noted] == []


def test_readings_that_leave_a_line_are_there(first):
    """The control: offices do read such values, and some leave lines."""
    read = {
        (canary.name, who)
        for (who, _), answer in first.answers.items()
        for canary in OPEN_TO_SOMEBODY
        if canary.leaves_a_line(who) and canary.pattern.search(answer.content)
    }
    assert {
        ("agreed volume", Role.CITY_STAFF),
        ("agreed volume", Role.FIELD_OFFICER),
        ("telephone", Role.VERIFIER),
        ("personal tax code", Role.ADMINISTRATOR),
    } <= read


def test_nobody_reads_keys_and_codes_as_they_are_kept(first, said):
    assert len(first.secrets) > 10
    everything = b"\n".join(words for _who, _where, words in said)
    assert [name for name, value in first.secrets.items() if value.encode() in everything] == []


def test_no_log_and_no_error_holds_a_sealed_value(first):
    log = "\n".join(first.log).encode()
    assert len(first.log) > 1_000
    assert [canary.name for canary in CANARIES if canary.pattern.search(log)] == []
    assert [name for name, value in first.secrets.items() if value.encode() in log] == []


def test_whole_reports_go_to_the_log_with_their_errors():
    with walk.logged() as lines:
        try:
            raise ValueError(DRAFT_NOTE)
        except ValueError:
            walk.logging.getLogger("django.request").exception("no")
    assert DRAFT_NOTE in "\n".join(lines)


def test_a_planted_leak_is_found(made):
    """The control: a note on a published offer is read by the other side and by offices."""
    type(made.offer).objects.filter(pk=made.offer.pk).update(note="ít nhất 513.787 đồng")
    at = {
        f"/market/offers/{made.offer.pk}/",
        f"/mine/{made.need.organisation_id}/search/offers/{made.offer.pk}/",
    }
    answers = walk.everything_read(made.readers, lambda who, address: address in at)
    floor = CANARIES[0]
    read = {who for (who, _), answer in answers.items() if floor.pattern.search(answer.content)}
    assert read == {COUNTERPART, *Role.values}
    assert not any(floor.allowed(who) for who in read)


def test_a_volume_of_beyond_the_area_is_found(made):
    """The control: an officer whose area reaches too far reads it, and may not."""
    (volume,) = [canary for canary in CANARIES if not canary.in_area]
    (deal,) = [one for one, sides in made.ties.sides.items() if sides <= made.ties.outside]
    RoleGrant.objects.get(role=Role.FIELD_OFFICER).communes.add(OUTSIDE)
    officer = {Role.FIELD_OFFICER: made.readers[Role.FIELD_OFFICER]}
    answers = walk.everything_read(officer, lambda who, address: address == f"/linkages/{deal}/")
    read = [who for (who, _), answer in answers.items() if volume.pattern.search(answer.content)]
    assert read == [Role.FIELD_OFFICER]
    assert not volume.allowed(Role.FIELD_OFFICER)


def test_a_planted_leak_in_a_message_is_found(made):
    notice = Notice.objects.filter(user__username=RIVAL).first()
    Notice.objects.filter(pk=notice.pk).update(data={"name": "513787"})
    leaks = [who for who, words in reading.letters() if CANARIES[0].pattern.search(words.encode())]
    assert leaks == [RIVAL]


@pytest.mark.parametrize("words", ["513.787", "513787", "513 787 đ", "513787000", '"513787.0"'])
def test_a_figure_is_known_however_it_is_written(words):
    assert Canary("floor", "513787", (Resource.LIMIT,)).pattern.search(words.encode())
