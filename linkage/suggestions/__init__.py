"""Gathers facts from below, calls the pure matching, remembers matches for their two sides.

The highest domain package beside intake: imports agreements, market, notices, matching and, to
measure it, graph."""
