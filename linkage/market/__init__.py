"""Offers and needs: what an organisation can supply now and what it wants; and the search in them.

A price limit is sealed: it lies in a table of its own, and only its owner and the matching engine
read it. Imports registry and what lies under it, and the pure matching for sums of quantities."""
