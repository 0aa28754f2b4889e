"""Reference facts: places, commodities, units, certificates, forms of linkage, the plan's targets.

`data/` holds one CSV for each kind of fact; `data/SOURCES.csv` says of every file what it is, where
it comes from, when it was looked up, under which licence, how far it is to be trusted and what made
it. `files` reads them into the frozen dataclasses of `rows`. `make/` holds the scripts:
`make.communes` derives the files of places from a folder of raw inputs, `make.check` checks and
sorts the lists kept by hand.

Imports the standard library only; nothing here knows Django or a database.
"""
