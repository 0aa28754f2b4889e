"""Telephone numbers: read however they are written, printed one way."""

from __future__ import annotations

import pytest

from linkage.registry import phones


@pytest.mark.parametrize(
    "written",
    ["0912345678", "0912.345.678", "+84 912 345 678", "84912345678", "0912 345 678", "912345678"],
)
def test_the_usual_spellings_are_one_number(written):
    assert phones.parse(written) == "+84912345678"


@pytest.mark.parametrize(
    "wrong", ["", "12", "0912345678 / 0988111222", "không có", "0912 ABC 678", "09123456789012"]
)
def test_what_cannot_be_called_is_refused(wrong):
    with pytest.raises(phones.PhoneInvalid) as refusal:
        phones.parse(wrong)
    assert refusal.value.code == "phone_invalid"


def test_a_number_prints_the_national_way():
    assert phones.national("+84912345678") == "0912 345 678"


def test_what_was_kept_as_written_prints_as_written():
    assert phones.national("máy lẻ 12") == "máy lẻ 12"
