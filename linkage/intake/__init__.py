"""All that comes in from files: the office's workbook, the reference data; and the workbook back.

reading makes records of a file, planning compares them with the register, services write; export
is the way back. Imports the domain packages under it."""
