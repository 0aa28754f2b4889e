"""Tests of the figure."""
