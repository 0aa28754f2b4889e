"""The quick post: a sentence as people type it in Zalo becomes drafts of offers and needs.

`read(text, today=...)` reads one message and gives a `Reading`: its normalised text, the text for
the public without telephone numbers, and one `Draft` for each product (none where it is no post).
A draft keeps for each field that was understood its spans in the normalised text, and names in
`missing` what was not, the most needed first. `read_many(text, today=...)` splits a pasted group
or a forwarded chat into messages and gives the readings of those that are posts. `of_reading`
writes a reading with the keys of the command. All of it is rules over the packaged reference files,
read once a process (`packaged`); nothing asks a database. Imports catalogue and registry for units
and telephone numbers.
"""

from __future__ import annotations

from linkage.market.quickpost.chats import LONGEST_CHAT, read_many
from linkage.market.quickpost.document import of_reading
from linkage.market.quickpost.drafts import (
    ASKED_FOR,
    Amount,
    Cost,
    Draft,
    Reading,
    Span,
    Whereabouts,
)
from linkage.market.quickpost.lexicon import Lexicon, packaged
from linkage.market.quickpost.reading import LONGEST, read

__all__ = [
    "ASKED_FOR",
    "LONGEST",
    "LONGEST_CHAT",
    "Amount",
    "Cost",
    "Draft",
    "Lexicon",
    "Reading",
    "Span",
    "Whereabouts",
    "of_reading",
    "packaged",
    "read",
    "read_many",
]
