"""A thousand tamperings by an administrator of the database: each is found, its first row named."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from linkage.jobs import chain
from linkage.jobs.chain import BadRow, Fault, Head
from linkage.jobs.models import Event, Seal
from tests.jobs import forger
from tests.jobs.conftest import NOW

pytestmark = pytest.mark.django_db

LENGTH, ROUNDS = 50, 60
# Heads as nights keep them.
KEPT = (10, 20, 30, 40, 49, 50)


def seen_by_a_head(k):
    """Row k is whole in itself: the next kept head shows it, as one of those since the last."""
    first = max((at + 1 for at in KEPT if at < k), default=1)
    until = min(at for at in KEPT if at >= k)
    event_id = Seal.objects.get(seq=first).event_id
    return BadRow(Fault.REWRITTEN, first, event_id, None if first == until else until)


def a_column_changed(chance, ids):
    k = chance.randint(1, LENGTH)
    column, value = chance.choice(
        [
            ("subject_kind", "offer"),
            ("subject_id", "999"),
            ("kind", "removed"),
            ("at", NOW + timedelta(microseconds=chance.randint(200_000, 10**9))),
            ("actor_id", 24),
            ("data", {"n": -1}),
        ]
    )
    Event.objects.filter(pk=ids[k - 1]).update(**{column: value})
    return BadRow(Fault.CHANGED, k, ids[k - 1])


def a_seal_changed(chance, ids):
    k = chance.randint(1, LENGTH)
    column = chance.choice(["previous", "hash"])
    Seal.objects.filter(seq=k).update(**{column: f"{chance.getrandbits(256):064x}"})
    return BadRow(Fault.CHANGED, k, ids[k - 1])


def a_row_moved_into_its_neighbour(chance, ids):
    """A letter goes from the end of one column to the start of the next."""
    k = chance.randint(1, LENGTH)
    event = Event.objects.get(pk=ids[k - 1])
    Event.objects.filter(pk=event.pk).update(
        subject_kind=event.subject_kind[:-1], subject_id=event.subject_kind[-1] + event.subject_id
    )
    return BadRow(Fault.CHANGED, k, ids[k - 1])


def an_event_deleted(chance, ids):
    k = chance.randint(1, LENGTH)
    Event.objects.filter(pk=ids[k - 1]).delete()
    return BadRow(Fault.MISSING, k, ids[k - 1])


def an_event_given_another_id(chance, ids):
    k = chance.randint(1, LENGTH)
    Event.objects.filter(pk=ids[k - 1]).update(id=ids[-1] + 7)
    return BadRow(Fault.MISSING, k, ids[k - 1])


def a_row_deleted(chance, ids):
    k = chance.randint(1, LENGTH - 1)
    Event.objects.filter(pk=ids[k - 1]).delete()
    Seal.objects.filter(seq=k).delete()
    return BadRow(Fault.MISSING, k, None)


def a_seal_deleted(chance, ids):
    k = chance.randint(1, LENGTH - 1)
    Seal.objects.filter(seq=k).delete()
    return BadRow(Fault.MISSING, k, None)


def rows_deleted_and_the_rest_moved_up(chance, ids):
    k = chance.randint(1, LENGTH - 5)
    many = chance.randint(1, 4)
    rest = forger.take_off(k)
    Event.objects.filter(pk__in=ids[k - 1 : k - 1 + many]).delete()
    forger.put_back(rest[many:], moved=-many)
    return BadRow(Fault.MISSING, k, None)


def two_contents_swapped(chance, ids):
    i, j = sorted(chance.sample(range(1, LENGTH + 1), 2))
    one, other = (Event.objects.get(pk=ids[at - 1]) for at in (i, j))
    one.pk, other.pk = other.pk, one.pk
    for event in (one, other):
        event.save()
    return BadRow(Fault.CHANGED, i, ids[i - 1])


def two_seals_of_each_others_event(chance, ids):
    i, j = sorted(chance.sample(range(1, LENGTH + 1), 2))
    Seal.objects.filter(seq=i).update(event=-1)
    Seal.objects.filter(seq=j).update(event=ids[i - 1])
    Seal.objects.filter(seq=i).update(event=ids[j - 1])
    return BadRow(Fault.CHANGED, i, ids[j - 1])


def two_numbers_swapped(chance, ids):
    i, j = sorted(chance.sample(range(1, LENGTH + 1), 2))
    Seal.objects.filter(seq=i).update(seq=-1)
    Seal.objects.filter(seq=j).update(seq=i)
    Seal.objects.filter(seq=-1).update(seq=j)
    return BadRow(Fault.REORDERED, i, ids[j - 1])


def an_event_inserted(chance, ids):
    event = forger.an_event(at=NOW - timedelta(days=chance.randint(0, 9)))
    return BadRow(Fault.INSERTED, None, event.pk)


def a_row_inserted_and_the_rest_moved_down(chance, ids):
    k = chance.randint(1, LENGTH)
    rest = forger.take_off(k)
    event = forger.an_event()
    forger.seal(event.pk)
    forger.put_back(rest, moved=1)
    return seen_by_a_head(k) if k in KEPT else BadRow(Fault.INSERTED, k, event.pk)


def a_row_appended_with_a_hash_of_its_own(chance, ids):
    event = forger.an_event()
    last = Seal.objects.get(seq=LENGTH)
    forged = f"{chance.getrandbits(256):064x}"
    Seal.objects.create(seq=LENGTH + 1, event=event, previous=last.hash, hash=forged)
    return BadRow(Fault.CHANGED, LENGTH + 1, event.pk)


def a_row_before_the_first(chance, ids):
    event = forger.an_event()
    Seal.objects.create(
        seq=-chance.randint(0, 9), event=event, previous=chain.GENESIS, hash="0" * 64
    )
    return BadRow(Fault.INSERTED, Seal.objects.order_by("seq").first().seq, event.pk)


def the_tail_cut(chance, ids):
    k = chance.randint(1, LENGTH)
    forger.take_off(k)
    Event.objects.filter(pk__in=ids[k - 1 :]).delete()
    return BadRow(Fault.CUT, k, None)


def one_rows_hashes_written_anew(chance, ids):
    k = chance.randint(1, LENGTH - 1)
    rest = forger.take_off(k)
    Event.objects.filter(pk=ids[k - 1]).update(kind="removed")
    forger.seal(ids[k - 1])
    forger.put_back(rest[1:])
    return seen_by_a_head(k) if k in KEPT else BadRow(Fault.CHANGED, k, ids[k - 1])


def all_hashes_to_the_end_written_anew(chance, ids):
    k = chance.randint(1, LENGTH)
    forger.take_off(k)
    Event.objects.filter(pk=ids[k - 1]).update(kind="removed")
    for event_id in ids[k - 1 :]:
        forger.seal(event_id)
    return seen_by_a_head(k)


TAMPERINGS = (
    a_column_changed,
    a_seal_changed,
    a_row_moved_into_its_neighbour,
    an_event_deleted,
    an_event_given_another_id,
    a_row_deleted,
    a_seal_deleted,
    rows_deleted_and_the_rest_moved_up,
    two_contents_swapped,
    two_seals_of_each_others_event,
    two_numbers_swapped,
    an_event_inserted,
    a_row_inserted_and_the_rest_moved_down,
    a_row_appended_with_a_hash_of_its_own,
    a_row_before_the_first,
    the_tail_cut,
    one_rows_hashes_written_anew,
    all_hashes_to_the_end_written_anew,
)


def test_a_thousand_are_tried():
    assert len(TAMPERINGS) * ROUNDS >= 1_000


@pytest.mark.parametrize("tamper", TAMPERINGS, ids=lambda tamper: tamper.__name__)
def test_it_is_found_and_the_first_bad_row_named(tamper):
    ids = forger.write_a_chain(LENGTH)
    hashes = dict(Seal.objects.values_list("seq", "hash"))
    heads = [Head(seq, hashes[seq]) for seq in KEPT]
    assert chain.verify(heads=heads).ok
    for round_ in range(ROUNDS):
        chance = random.Random(f"{tamper.__name__} {round_}")
        with forger.past_the_triggers():
            expected = tamper(chance, ids)
            assert chain.verify(heads=heads).bad == expected, round_
    assert chain.verify(heads=heads).ok
