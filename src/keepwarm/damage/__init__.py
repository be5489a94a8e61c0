"""Layer 1: what is out and until when, as the availability of every asset over time."""
