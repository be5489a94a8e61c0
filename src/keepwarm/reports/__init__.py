"""Reports: from text to attributed claims, the ledger that keeps them, and how they compare."""
