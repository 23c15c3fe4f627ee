"""How well scores tell odd inputs from normal ones."""

import numpy as np
import pytest
from scipy.stats import mannwhitneyu

from glassbox.analyses.detection import auroc, auroc_interval


def test_auroc_is_the_u_statistic():
    rng = np.random.default_rng(0)
    normal, odd = rng.integers(6, size=40), rng.integers(2, 9, size=30)
    wanted = mannwhitneyu(odd, normal).statistic / (40 * 30)
    assert auroc(normal, odd) == pytest.approx(wanted)
    assert auroc(np.array([0, 1]), np.array([2, 3])) == 1
    assert auroc(np.array([5.0]), np.array([5.0])) == 0.5


@pytest.mark.parametrize("paired", [True, False])
def test_auroc_intervals_are_those_of_a_loop_of_resamples(paired):
    rng = np.random.default_rng(0)
    normal = rng.normal(size=60)
    odd = normal + rng.normal(0.5, 1, size=60)
    draws = []
    for _ in range(1500):
        ours = rng.integers(60, size=60)
        theirs = ours if paired else rng.integers(60, size=60)
        draws.append(auroc(normal[ours], odd[theirs]))
    found = auroc_interval(normal, odd, np.random.default_rng(1), paired, 1500)
    np.testing.assert_allclose(found, np.quantile(draws, [0.025, 0.975]), atol=0.012)
