"""The city's plan: which offers fill which needs, how much, and which co-ops it newly links.

`problem` what is asked, `answer` what comes out, `pieces` what can be solved by itself, `filling`
the greedy start and what makes any amounts whole, `relaxed` the linear model with its certified
bound and the way from there to lots, `searching` branch and bound where a gap is left, `planning`
the whole, `verify` its check, `reasons` why a co-op is left out, `posts` the way from columns.

Imports the matching engine and HiGHS; no Django, no database.
"""

from __future__ import annotations
