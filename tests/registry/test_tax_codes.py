"""Tax codes: what is accepted, restored, masked, and who is the same party."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.vn import mst

from linkage.registry import tax_codes
from linkage.registry.tax_codes import TaxCodeInvalid


@st.composite
def ten_digits(draw, first="0123456789"):
    """A code of 10 digits with its right check digit."""
    head = draw(st.sampled_from(first)) + draw(st.from_regex(r"[0-9]{8}", fullmatch=True))
    check = mst.calc_check_digit(head)
    if len(check) > 1 or head[2:] == "0000000":
        head = "020123456"
        check = mst.calc_check_digit(head)
    return head + check


personal = st.builds(
    "{:03d}{}{:02d}{:06d}".format,
    st.integers(1, 96),
    st.integers(0, 1),
    st.integers(0, 99),
    st.integers(0, 999_999),
)


@given(ten_digits(), st.sampled_from([" ", ".", "-"]))
def test_separators_are_cleaned(code, mark):
    assert tax_codes.parse(f" {code[:4]}{mark}{code[4:7]}{mark}{code[7:]} ") == code


@given(ten_digits(), st.integers(1, 999))
def test_a_branch_is_written_with_a_dash(code, branch):
    assert tax_codes.parse(f"{code}{branch:03d}") == f"{code}-{branch:03d}"


@given(ten_digits(first="0"))
def test_a_lost_leading_zero_is_found_again(code):
    assert tax_codes.restore_leading_zero(str(int(code)) if code[1] != "0" else code[1:]) == (
        code if code[1] != "0" else None
    )


@given(ten_digits(first="0"), st.integers(1, 999))
def test_a_lost_leading_zero_of_a_branch_is_found_again(code, branch):
    if code[1] != "0":
        assert tax_codes.restore_leading_zero(f"{code[1:]}{branch:03d}") == f"{code}-{branch:03d}"


@given(personal)
def test_a_lost_zero_of_a_citizen_id_is_never_proved(code):
    assert tax_codes.restore_leading_zero(code[1:]) is None


@given(ten_digits(), st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_is_refused(code, place, shift):
    wrong = code[:place] + str((int(code[place]) + shift) % 10) + code[place + 1 :]
    with pytest.raises(TaxCodeInvalid):
        tax_codes.parse(wrong)


@given(st.text(max_size=20))
def test_any_text_is_a_canonical_code_or_refused(text):
    try:
        code = tax_codes.parse(text)
    except TaxCodeInvalid:
        return
    assert tax_codes.parse(code) == code
    assert len(code) in (10, 12, 14)


@given(personal)
def test_a_citizen_id_is_accepted_and_masked(code):
    assert tax_codes.parse(code) == code
    assert tax_codes.is_personal(code)
    assert tax_codes.masked(code) == "•" * 9 + code[-3:]


@pytest.mark.parametrize(
    "wrong",
    [
        "000188012345",  # no province 000
        "097188012345",  # no province 097
        "031288012345",  # a man born in 2088
        "031588012345",  # a woman born in 2188
        "201234567001",  # a branch without its zero: restored, never accepted
        "0201234567-000",
        "0200000001",
        "020123456",
        "02012345678",
        "",
        "MST 0100112437",
        "٠١٠٠١١٢٤٣٧",
    ],
)
def test_what_cannot_be_is_refused(wrong):
    with pytest.raises(TaxCodeInvalid) as refusal:
        tax_codes.parse(wrong)
    assert refusal.value.code == "tax_code_invalid"


def test_a_branch_and_its_parent_are_one_party():
    assert tax_codes.same_party("0314409058-001", "0314409058-002")


def test_two_persons_in_one_province_are_two_parties():
    assert not tax_codes.same_party("031188012345", "031188012346")


def test_the_code_of_an_organisation_is_not_masked():
    assert tax_codes.masked("0314409058-002") == "0314409058-002"
