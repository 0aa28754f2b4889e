"""What the demonstration invents beside the sample register: a market that works, for two years.

`goods` says of each product how much of it, when, where and at what price; `town` who trades it,
`contracts` and `market` what happens: pure, from a seed, a day and what the database holds. `carry`
carries it out through the ordinary services; only the deliveries of two years go in by bulk.

Every organisation that is made here says in its name that it is invented (`MARK`), and none is of a
kind that the figures count (producers are farms): on no day does a figure of the sample move.
"""

from __future__ import annotations
