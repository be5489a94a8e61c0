"""Many winters: what they come to, how sure that is, and what a measure changes."""
