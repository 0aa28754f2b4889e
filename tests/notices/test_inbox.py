"""An inbox is its owner's alone; what is read, and of what a message comes, is theirs to say."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.utils import translation
from django.utils.formats import date_format
from hypothesis import example, given
from hypothesis import strategies as st

from linkage.errors import NotFound
from linkage.jobs.models import Event
from linkage.notices import queries
from linkage.notices.models import Kind, MessageChoice, Notice
from linkage.notices.services import News, choose_messages, mark_read, tell_people
from linkage.notices.words import DAYS, SENTENCES, sentence_of
from linkage.registry.access import Actor
from linkage.registry.models import User
from linkage.registry.values import ValueUnknown
from tests.notices.test_telling import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def lan():
    return Actor(User.objects.create(username="lan", full_name="Lan").pk, frozenset())


@pytest.fixture
def minh():
    return Actor(User.objects.create(username="minh").pk, frozenset())


def tell(*people, what="joined", key="1", data=None, kind=Kind.MEMBERS):
    news = News(kind, what, "organisation", 1, key, data or {})
    tell_people(user_ids=[person.user_id for person in people], news=news, now=NOW)


def test_the_newest_stands_first_and_only_ones_own(lan, minh):
    tell(lan, key="1")
    tell(minh, key="2")
    tell(lan, key="3")
    assert [told.dedupe_key for told in queries.inbox(actor=lan)] == ["3", "1"]


def test_reading_counts_down_and_leaves_others_alone(lan, minh):
    tell(lan, minh, key="1")
    tell(lan, key="2")
    ids = list(Notice.objects.values_list("pk", flat=True))
    assert mark_read(actor=lan, notice_ids=ids[:1], now=NOW) == 1
    assert queries.unread_count(actor=lan) == 1
    assert [told.dedupe_key for told in queries.inbox(actor=lan, unread=True)] == ["2"]
    assert mark_read(actor=lan, now=NOW) == 1
    assert (queries.unread_count(actor=lan), queries.unread_count(actor=minh)) == (0, 1)


def test_another_persons_notice_is_not_there(lan, minh):
    tell(lan)
    told = Notice.objects.get()
    assert mark_read(actor=minh, notice_ids=[told.pk], now=NOW) == 0
    with pytest.raises(NotFound):
        queries.notice(actor=minh, notice_id=told.pk)


def test_messages_are_chosen_by_kind_and_unchosen(lan):
    choose_messages(actor=lan, kinds=["match", "proposal"], now=NOW)
    choose_messages(actor=lan, kinds=["match", "delivery"], now=NOW)
    assert queries.chosen_kinds(actor=lan) == {"match", "delivery"}
    line = Event.objects.filter(kind="messages_chosen").latest("pk")
    assert line.data == {"before": ["match", "proposal"], "after": ["delivery", "match"]}


def test_a_kind_that_is_none_is_refused(lan):
    with pytest.raises(ValueUnknown):
        choose_messages(actor=lan, kinds=["gossip"], now=NOW)
    assert not MessageChoice.objects.exists()


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_sentence_is_filled_by_its_data(lan, language):
    data = {"organisation": "HTX A", "person": "Lan", "reason": "vì", "other": "HTX B"}
    with translation.override(language):
        for number, (kind, what) in enumerate(SENTENCES):
            if kind == Kind.MEMBERS:
                tell(lan, what=what, key=str(number), data=data)
                words = sentence_of(Notice.objects.latest("pk"))
                assert "HTX A" in words
                assert "%" not in words


def test_what_has_no_sentence_or_lacks_its_data_says_its_kind(lan):
    tell(lan, what="from_the_future", key="1")
    tell(lan, what="joined", key="2", data={"person": "Lan"})
    with translation.override("en"):
        assert {sentence_of(told) for told in Notice.objects.all()} == {
            "There is news: People and access."
        }


def test_numbers_and_days_stand_in_the_readers_way(lan, monkeypatch):
    monkeypatch.setitem(SENTENCES, (Kind.DELIVERY, "test"), "%(kg)s, %(on)s")
    tell(lan, what="test", kind=Kind.DELIVERY, data={"kg": 12000, "on": "2026-11-23"})
    with translation.override("vi"):
        assert sentence_of(Notice.objects.get()) == "12.000, 23/11/2026"


@pytest.mark.parametrize("written", ["2026-02-30", "2026-02-28", "9999-99-99"])
def test_what_people_wrote_is_text_though_it_looks_like_a_day(written):
    told = Notice(kind=Kind.ANSWER, what="declined", data={**filled("x"), "reason": written})
    assert sentence_of(told).endswith(f": {written}")


def holes(words):
    return re.findall(r"%\((\w+)\)s", str(words))


def filled(text, on=date(2026, 6, 15)):
    """A value for every hole of every sentence: the same text, or the day."""
    every = {hole for words in SENTENCES.values() for hole in holes(words)}
    return {hole: on.isoformat() if hole in DAYS else text for hole in every}


VALUES = st.text() | st.integers() | st.none() | st.dates().map(date.isoformat)


@given(
    told=st.sampled_from(sorted(SENTENCES)), on=st.dates(), language=st.sampled_from(["vi", "en"]),
    texts=st.fixed_dictionaries({hole: VALUES for hole in filled("") if hole not in DAYS}),
)  # fmt: skip
@example(("answer", "declined"), date.min, "vi", {**filled("x"), "reason": "2026-02-30"})
def test_no_value_breaks_the_sentence_of_any_notice(told, on, language, texts):
    kind, what = told
    data = {**filled("x", on), **texts}
    with translation.override(language):
        said = sentence_of(Notice(kind=kind, what=what, data=data))
    for hole in holes(SENTENCES[told]):
        value = data[hole]
        with translation.override(language):
            day = date_format(on, "SHORT_DATE_FORMAT")
        if hole in DAYS:
            assert day in said
        elif isinstance(value, str):
            assert value in said
