"""The pieces of work of a study."""

from hypothesis import given
from hypothesis import strategies as st

from keepwarm.ensemble.works import chunk_size, works


@given(st.integers(1, 20_000), st.integers(1, 4), st.integers(24, 4096))
def test_every_sample_is_walked_once_under_every_portfolio(samples, portfolios, most):
    found = list(works(samples, portfolios, chunk_size(samples, most)))
    walked = sorted((work.portfolio, s) for work in found for s in work.samples.tolist())
    assert walked == [(p, s) for p in range(portfolios) for s in range(samples)]
    assert max(work.count for work in found) <= most


def test_two_workers_share_a_small_study():
    assert [work.count for work in works(128, 1, chunk_size(128, 128))] == [32] * 4
    assert [work.count for work in works(10, 1, chunk_size(10, 128))] == [10]
    assert chunk_size(10_000, 128) == 128
