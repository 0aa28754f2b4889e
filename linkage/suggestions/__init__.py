"""Gathers facts from below, calls the pure matching, remembers matches for their two sides.

Also the value chains, by the pure graph, as far as each reader may see them (`chains`).

The highest domain package beside intake: imports agreements, market, notices, matching, graph."""
