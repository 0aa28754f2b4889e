"""The value-chain graph: columns of organisations and linkages in, graphs and findings out. Pure.

`columns` and `tables` hold what goes in; `onday` is the rule of the figure on columns, `stages` the
one of layers; `building` makes the graph of a day and a level.

Imports networkx, numpy and the standard library; no Django, no Celery, no database: the commodity
tree and everything else come as columns.
"""
