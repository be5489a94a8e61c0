"""Runs: one walk of a case, its answers and its folder."""
