"""The matching engine: columns of offers and needs in, ranked and explained matches out. Pure.

`columns` holds what goes in, `rules` the hard rules and the eight soft factors with their
`weights`, `engine` the blocks and the best of each side, `matches` what comes out, `words` its
reasons in Vietnamese and English. `load` makes a process use the compiled engine (`packed`,
`kernel`, `fast`), which gives the same answers sooner; `live` keeps them right while posts change.
`python -m linkage.matching` (`command`) matches two CSV files, which `csvfile` reads with the words
of `lookup`.

Imports numpy, the standard library and `linkage.text`; no Django, no Celery, no database: the
commodity tree comes as columns or as a file.

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
from linkage.matching.tables import CertificateTable, TreeColumns
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
    "CertificateTable",
    "ColumnsInvalid",
    "HeldCertificates",
    "Match",
    "Matches",
    "NeedColumns",
    "OfferColumns",
    "TreeColumns",
    "Weights",
    "best_needs",
    "best_offers",
    "best_rows",
    "explain",
    "load",
    "reasons",
]
