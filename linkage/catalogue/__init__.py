"""What is traded: the commodity tree, units, certifications, sectors, the legal linkage forms.

Imports reference and what lies under it."""
