"""Faults injected into real processes: workers killed, frozen, flooded; brokers emptied."""
