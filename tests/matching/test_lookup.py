"""The words of the files are those of the catalogue, though the engine may not import it."""

from __future__ import annotations

import shutil
from fractions import Fraction
from pathlib import Path

import pytest

from linkage.catalogue.queries import CommodityIndex, UnitIndex
from linkage.catalogue.units import Measure
from linkage.matching import lookup
from linkage.matching.lookup import MEASURES, Certificates, Commodities, Units
from linkage.reference.files import read_certifications, read_commodities, read_units


def test_every_word_of_the_tree_finds_what_the_catalogue_finds() -> None:
    rows = read_commodities()
    here = Commodities()
    there = CommodityIndex(
        [(row.name_vi, row.code) for row in rows],
        [(word, row.code) for row in rows for word in (row.code, row.name_en, *row.synonyms)],
    )
    words = [
        w for row in rows for w in (row.name_vi, row.name_en, *row.synonyms, row.name_vi.upper())
    ]
    for word in (*words, "Cà-chua", "bắp", "không có gì", ""):
        place, code = here.find(word), there.find(word)
        assert code is None or place is not None, word
        assert place is None or code in (None, rows[place].code), word


def test_every_code_finds_its_own_node() -> None:
    here = Commodities()
    names = {row.name_vi.casefold() for row in read_commodities()}
    for place, row in enumerate(read_commodities()):
        assert row.code in names or here.find(row.code) == place
        assert here.tree.depth[place] == row.level - 1


def test_every_unit_measures_what_the_catalogue_says() -> None:
    rows = read_units()
    there = UnitIndex(
        (
            Measure(row.code, row.dimension, row.base_units),
            (row.name_vi, row.name_en, *row.synonyms),
        )
        for row in rows
    )
    words = [word for row in rows for word in (row.code, row.name_vi, *row.synonyms)]
    sized = [
        "bao 50 kg",
        "bao (50 kg)",
        "thùng 20kg",
        "chai 500 ml",
        "bao 0 kg",
        "bao 5 bao",
        "kg 5 kg",
    ]
    for word in (*words, *sized, "giạ", "bao", ""):
        here, catalogue = Units().find(word), there.find(word)
        if catalogue is None or catalogue.base_units is None:
            assert here is None, word
        else:
            assert here is not None, word
            assert here.measure == MEASURES[catalogue.dimension]
            assert here.base_units == Fraction(catalogue.base_units)


def test_every_certificate_is_known_by_all_its_words() -> None:
    certificates = Certificates()
    for row in read_certifications():
        numbers = {certificates.number(w) for w in (row.code, row.name_vi, *row.synonyms)}
        assert len(numbers) == 1, row.code


def test_stars_and_the_references_table_say_who_satisfies_whom(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(lookup.REFERENCE, tmp_path / "data")
    with (tmp_path / "data" / "certification_satisfies.csv").open("a", encoding="utf-8") as file:
        file.write("GLOBALGAP,VIETGAP,a test,2026-11-23\n")
    monkeypatch.setattr(lookup, "REFERENCE", tmp_path / "data")
    certificates = Certificates()
    words = ("VietGAP", "GlobalGAP", "OCOP 1 sao", "OCOP 3 sao", "OCOP 5 sao", "Sạch Quê")
    vietgap, globalgap, one, three, five, own = (certificates.number(word) for word in words)
    satisfies = certificates.table().satisfies
    beyond = {(held, asked) for held in range(6) for asked in range(6) if satisfies[held, asked]}
    assert beyond == {
        *((number, number) for number in (vietgap, globalgap, one, three, five, own)),
        *((globalgap, vietgap), (three, one), (five, one), (five, three)),
    }
