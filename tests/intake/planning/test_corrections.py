"""Every correction has its proof, and no proof is claimed that was not there."""

from __future__ import annotations

import pytest

from linkage.intake.planning import values
from linkage.intake.planning.corrections import PROOFS, RULES, apply


def test_every_rule_has_a_proof() -> None:
    assert PROOFS.keys() == RULES.keys()
    assert all(PROOFS.values())


def test_the_proofs_that_others_rely_on_keep_their_codes() -> None:
    (zero,) = values.read_tax_code(205198368).steps
    assert (zero.rule, zero.proof) == ("leading_zero", "check digit")
    (zero,) = values.read_phone(976604557).steps
    assert (zero.rule, zero.proof) == ("leading_zero", "length")


def test_a_rule_that_changes_nothing_is_no_correction() -> None:
    steps: list = []
    assert apply("HTX", "nfc", steps) == "HTX"
    assert steps == []


@pytest.mark.parametrize("digits", ["0205198367001", "0205198367-001", "205198367001"])
def test_a_code_that_its_check_digit_refutes_is_not_said_to_be_proved(digits: str) -> None:
    found = values.read_tax_code(digits)
    assert found.problem == "tax_code_invalid"
    assert "check digit" not in {step.proof for step in found.steps}
