"""A history says what happened in words: no key of a column, no code of a service."""

from __future__ import annotations

import pytest

from linkage.jobs.models import Event
from web.happenings import told, without_words


def test_an_event_without_words_is_found():
    assert without_words("limit_changed", {"root": "crops"}) == []
    assert without_words("post_edited", {"after": {"grade": "1", "colour": "red"}, "hue": 3}) == [
        "colour",
        "hue",
    ]
    assert without_words("painted", {}) == ["painted"]


@pytest.mark.django_db
def test_no_test_passes_in_which_a_service_writes_one():
    with pytest.raises(AssertionError, match="colour"):
        Event(subject_kind="offer", kind="post_edited", data={"after": {"colour": "red"}})


@pytest.mark.django_db
def test_what_a_limit_is_counted_by_is_not_told():
    event = Event(subject_kind="offer", kind="limit_changed", data={"root": "crops"})
    (line,) = told([event])
    assert line.lines == []


@pytest.mark.django_db
def test_a_posts_quantity_is_in_its_own_unit_and_written_the_vietnamese_way():
    changed = {"before": {"quantity": "1000"}, "after": {"quantity": "1000.25"}}
    (line,) = told([Event(subject_kind="offer", kind="post_edited", data=changed)])
    assert line.lines == ["Số lượng: 1.000 → 1.000,25"]


@pytest.mark.django_db
def test_a_delivery_has_its_day_as_people_write_it():
    data = {"on": "2026-11-26", "quantity": 5_000_000}
    (line,) = told([Event(subject_kind="linkage", kind="delivery_entered", data=data)])
    assert line.lines == ["Ngày: 26/11/2026", "Khối lượng theo đơn vị gốc: 5.000.000"]
