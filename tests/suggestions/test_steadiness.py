"""What is said of a post's pairs stays to the letter through as many changes as it is steady."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from linkage.matching.weights import WEIGHTS
from linkage.suggestions.best import FOREVER, MOST, comes_among, judged
from tests.examples import examples

FACTORS = len(WEIGHTS.as_tuple())
FULL = 10_000


def pairs(r: Random, many: int) -> list[list[int]]:
    """Factors of pairs; of each factor few values or any."""
    values = [
        r.choice(([5_000], [0, FULL], [2_000, 6_000, 9_000], range(FULL))) for _ in range(FACTORS)
    ]
    return [[r.choice(of) for of in values] for _ in range(many)]


def best_first(found):
    """By score alone: equal ones stay as they came."""
    return sorted(found, key=lambda pair: -np.dot(WEIGHTS.as_tuple(), pair))


def change(r: Random, best, others, push):
    """One of the others goes, comes or becomes another, and none comes among the ten best.

    `push`: a factor in which it goes to one end, as far as that lets it stay behind.
    """
    last = np.dot(WEIGHTS.as_tuple(), best[-1])
    what = r.choice(("goes", "comes", "becomes"))
    if what != "comes" and others:
        factor, up = push
        going = sorted(others, key=lambda pair: pair[factor], reverse=not up)
        others.remove(going[0])
    if what != "goes":
        new = [r.randrange(FULL) for _ in range(FACTORS)]
        new[push[0]] = FULL if push[1] else 0
        while np.dot(WEIGHTS.as_tuple(), new) >= last:
            new = [value // 2 for value in new]
        others.append(new)


@pytest.mark.parametrize("seed", range(examples(300)))
def test_so_many_changes_behind_the_ten_best_change_no_word(seed):
    r = Random(seed)
    found = best_first(pairs(r, r.choice((10, 11, 40, 200, 800))))
    best, others = found[:MOST], found[MOST:]
    said, steady = judged(np.array(found), WEIGHTS)
    push = r.randrange(FACTORS), r.random() < 0.5
    for _ in range(min(steady, 40)):
        change(r, best, others, push)
        assert judged(np.array(best + others), WEIGHTS)[0] == said


def test_it_is_steady_for_a_while_and_not_for_long():
    r = Random(1)
    of_many = [judged(np.array(best_first(pairs(r, 800))), WEIGHTS)[1] for _ in range(40)]
    assert sum(0 < steady < 400 for steady in of_many) > 20
    assert judged(np.array(pairs(r, 9)), WEIGHTS)[1] == FOREVER


def test_the_last_of_ten_is_ahead_of_who_has_less_or_as_much_and_came_later():
    top = (4, 8, 15)
    assert comes_among(top, 700, 8, None)
    assert not comes_among(top, 700, 3, None)
    assert comes_among(top, 700, 16, 701)
    assert comes_among(top, 700, 14, 700)
    assert not comes_among(top, 700, 16, 700)
    assert comes_among(top, None, 16, 1)
