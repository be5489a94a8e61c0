"""Streams: a sample draws the same whoever else is drawn, and sources do not disturb each other."""

import numpy as np

from keepwarm.streams import Source, stream


def test_a_stream_depends_on_seed_sample_and_source_alone():
    draws = stream(7, 4711, Source.WAVES).random(5)
    stream(7, 4710, Source.WAVES).random(100_000)
    assert (stream(7, 4711, Source.WAVES).random(5) == draws).all()
    others = [
        stream(8, 4711, Source.WAVES),
        stream(7, 4712, Source.WAVES),
        stream(7, 4711, Source.COLD),
    ]
    assert not np.isin([other.random(5) for other in others], draws).any()


def test_streams_of_neighbouring_samples_are_not_correlated():
    draws = np.array([stream(1, sample, Source.FAILURES).random(2000) for sample in range(20)])
    # The largest of 190 correlations of 2,000 pairs: 4 standard errors is about one in 80 tries.
    correlation = np.corrcoef(draws)[np.triu_indices(20, 1)]
    assert np.abs(correlation).max() < 4 / np.sqrt(2000)


def test_numpy_still_draws_what_it_drew():
    """Committed once, from numpy's Philox: a run of last year can be repeated."""
    assert stream(1, 2, Source.WEATHER).integers(0, 1000, 4).tolist() == EXPECTED


EXPECTED = [356, 570, 535, 994]
