"""Worlds that differ in one sealed price limit, and a walk that reads all of each.

`world` builds one, `walk` reads it for everybody at every address of the resolver, and the tests
compare what was read.
"""
