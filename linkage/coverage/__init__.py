"""The figure: programmes, indicators, targets, the rule, snapshots.

Imports agreements and what lies under it."""
