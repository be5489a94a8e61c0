"""Solvers for the step's linear program."""
