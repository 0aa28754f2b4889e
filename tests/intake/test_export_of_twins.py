"""Two of one name go out of the register and come back as two, each with its own contracts."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from linkage.agreements.models import Linkage
from linkage.intake.export import export_register
from linkage.intake.models import ImportBatch, PairDecision, RegisterKey
from linkage.intake.planning import register as registers
from linkage.intake.planning.register import Register
from linkage.registry.models import Organisation
from tests.intake.workbooks import CODES, NOW, applied, coop, firm, link, previewed, workbook

pytestmark = pytest.mark.usefixtures("reference")


def told(register: Register) -> tuple[list[Any], list[Any]]:
    """All that the register says, without its numbers."""
    said = {}
    for id_, one in register.organisations.items():
        facts = {
            name: [(fact.since, fact.value) for fact in facts]
            for name, facts in sorted(one.facts.items())
        }
        said[id_] = repr((one.name_key, one.tax_code, one.founded_on, one.members, facts))
    linkages = [
        (one.contract_number, said[one.seller], said[one.buyer], one.starts)
        for one in register.linkages.values()
    ]
    return sorted(said.values()), sorted(linkages)


def twins(seed: int) -> tuple[list[Any], list[Any]]:
    """Cooperatives of few names and communes, most without a tax code, and their contracts."""
    chance = random.Random(seed)
    coops = []
    for number in range(7):
        more: dict[str, Any] = {"members": 10 + number, "founded": date(2010 + number, 1, 1)}
        if chance.random() < 0.4:
            more |= {"status": "Ngừng hoạt động", "changed": date(2024, 2, 1 + number)}
        place = chance.choice(["Xã Vĩnh Bảo", "Xã An Lão"])
        coops.append(coop(chance.choice(["HTX Một", "HTX Hai"]), commune=place, **more))
    return coops, [firm()]


def decided(path: Path) -> None:
    """A person says of every pair that waits that it is two."""
    while any(one["held"] for one in previewed(path)["likely_duplicates"]):
        for one in previewed(path)["likely_duplicates"]:
            keys = sorted((one["first_key"], one["second_key"]))
            said = {"verdict": "different", "decided_at": NOW}
            PairDecision.objects.update_or_create(
                first_key=keys[0], second_key=keys[1], defaults=said
            )


def emptied() -> None:
    for model in (Linkage, RegisterKey, PairDecision, ImportBatch, Organisation):
        model.objects.all().delete()


@pytest.mark.parametrize("seed", range(4))
def test_twins_come_back_as_they_were(book: Path, tmp_path: Path, seed: int) -> None:
    coops, firms = twins(seed)
    workbook(book, coops, firms)
    decided(book)
    assert applied(book)["created"]["organisations"] == 8
    buyer = Organisation.objects.get(tax_code=CODES[1])
    for number, seller in enumerate(Organisation.objects.exclude(pk=buyer.pk)):
        Linkage.objects.create(
            seller=seller, buyer=buyer, contract_number=f"{number}/HĐ", starts=date(2024, 1, 1),
            state="in_force", origin="register",
        )  # fmt: skip
    before = told(registers.load())
    export_register(tmp_path / "out.xlsx")

    again = previewed(tmp_path / "out.xlsx")
    assert (again["created"], again["updated"]) == (
        {"organisations": 0, "linkages": 0},
        {"organisations": 0, "linkages": 0},
    )
    emptied()
    report = applied(tmp_path / "out.xlsx")
    assert (report["refused"], report["likely_duplicates"]) == ([], [])
    assert told(registers.load()) == before


def test_who_shares_no_name_has_no_number_in_the_form(book: Path, tmp_path: Path) -> None:
    applied(workbook(book, [coop()], [firm()], [link()]))
    export_register(tmp_path / "out.xlsx")
    report = applied(tmp_path / "out.xlsx")
    assert report["unmapped_columns"] == []
    headers = {cell.value for sheet in load_workbook(tmp_path / "out.xlsx") for cell in sheet[5]}
    assert not any("Số hiệu" in str(header) for header in headers)
