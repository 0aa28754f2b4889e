"""Benchmarks of pools and plans: invented data by a seed, ours beside its peers, answers first.

Each function takes a scale and a seed and gives what `manage.py bench` prints.
"""

from __future__ import annotations
