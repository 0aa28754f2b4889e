"""All that comes in from files: the office's workbook, the reference data; and the workbook back.

Imports the domain packages under it."""
