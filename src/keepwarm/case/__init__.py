"""Layer 0: the nouns, and the readers that turn a case folder into them."""
