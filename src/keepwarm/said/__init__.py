"""Sentences that know what they are made of, so that every language can say them."""
