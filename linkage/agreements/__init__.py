"""The Linkage: who supplies whom with what, in which legal form, on which days, how well proved.

Imports market, notices, registry and what lies under them."""
