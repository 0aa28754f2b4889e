"""What is traded: the commodity tree, units, certifications, sectors, the legal linkage forms.

Beside them what becomes what and at which yield, the months of harvest, and the OCOP products.

Imports reference and what lies under it."""
