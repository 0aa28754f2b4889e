"""The matching engine: columns of offers and needs in, ranked and explained matches out. Pure.

`columns` holds what goes in, `rules` the hard rules and the eight soft factors with their
`weights`, `engine` the blocks and the best of each side, `matches` what comes out, `words` its
reasons in Vietnamese and English. `load` makes a process use the compiled engine (`packed`,
`kernel`, `fast`), which gives the same answers sooner; `live` keeps them right while posts change.
`near` says which pairs fail one condition alone, `near_words` what they lack. `python -m
linkage.matching` (`command`) matches two CSV files, which `csvfile` reads with the words of
`lookup`.

`pooling` finds the few offers that fill a need together, `allocation` the city's plan, both with
HiGHS behind `solver`, so they are imported by their own names; `fairness` measures whom
suggestions reach, `bench` times.

Imports numpy, the standard library and `linkage.text`, pools and plans also highspy and networkx;
no Django, no Celery, no database: the commodity tree comes as columns or as a file.

>>> from linkage.matching import TreeColumns
>>> TreeColumns.of_parents([-1, 0, 1]).depth.tolist()
[0, 1, 2]
"""

from __future__ import annotations

from linkage.matching.columns import (
    ONCE,
    PER_DAY,
    PER_MONTH,
    PER_WEEK,
    UNSET,
    AskedCertificates,
    ColumnsInvalid,
    HeldCertificates,
    NeedColumns,
    OfferColumns,
)
from linkage.matching.compiled import load
from linkage.matching.engine import best_needs, best_offers, best_rows
from linkage.matching.matches import Match, Matches
from linkage.matching.near import NearMiss, NearMisses, near_needs, near_offers
from linkage.matching.tables import Board, CertificateTable, TreeColumns
from linkage.matching.weights import FACTORS, WEIGHTS, Weights
from linkage.matching.words import explain, reasons

__all__ = [
    "FACTORS",
    "ONCE",
    "PER_DAY",
    "PER_MONTH",
    "PER_WEEK",
    "UNSET",
    "WEIGHTS",
    "AskedCertificates",
    "Board",
    "CertificateTable",
    "ColumnsInvalid",
    "HeldCertificates",
    "Match",
    "Matches",
    "NearMiss",
    "NearMisses",
    "NeedColumns",
    "OfferColumns",
    "TreeColumns",
    "Weights",
    "best_needs",
    "best_offers",
    "best_rows",
    "explain",
    "load",
    "near_needs",
    "near_offers",
    "reasons",
]
