"""Hand-written inputs (CSV) and the arithmetic that turns them into examples/country."""
