"""From records to a plan: what an import would do to the register. Writes nothing.

words, values, corrections read one cell; parsing, *_rows one record into entries; duplicates merges
entries; facts, parties, *_plan compare them with register, a picture of the database; findings are
what a person is told, outcomes make it true of the result, choosing lets a person say who a party
is; plan is the whole. Only register, and the loading halves of plan and parsing,
read the database. Imports reading, the intake's models, and what lies under the intake.
"""
