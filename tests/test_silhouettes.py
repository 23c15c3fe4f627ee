"""Silhouettes against scikit-learn's, which takes all pairs."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import silhouette_samples

from glassbox.analyses.silhouettes import cosine_silhouettes


@given(st.integers(0, 2**32 - 1), st.integers(2, 6), st.integers(1, 40))
def test_silhouettes_are_those_over_all_pairs(seed, clusters, width):
    rng = np.random.default_rng(seed)
    count = clusters + 30
    names = np.concatenate([np.arange(clusters), rng.integers(clusters, size=30)]) * 3 - 4
    vectors = rng.standard_normal((count, width)).astype(np.float32) + names[:, None] / 5
    vectors[rng.integers(count, size=2)] = 0
    wanted = silhouette_samples(vectors.astype(np.float64), names, metric="cosine")
    np.testing.assert_allclose(cosine_silhouettes(vectors, names), wanted, atol=1e-9)


def test_silhouettes_of_several_blocks_are_those_over_all_pairs():
    rng = np.random.default_rng(0)
    names = rng.integers(10, size=2500)
    vectors = rng.standard_normal((10, 50))[names] + 3 * rng.standard_normal((2500, 50))
    wanted = silhouette_samples(vectors, names, metric="cosine")
    np.testing.assert_allclose(cosine_silhouettes(vectors, names), wanted, atol=1e-12)


def test_vectors_that_are_all_parallel_have_none():
    vectors = np.outer([1.0, 2.0, 3.0, 4.0], [0.1, 0.7, 0.3])
    assert cosine_silhouettes(vectors, np.array([0, 0, 1, 1])).tolist() == [0, 0, 0, 0]


def test_clusters_that_lie_apart_have_one():
    vectors = np.repeat(np.eye(3, dtype=np.float32), 4, axis=0)
    assert cosine_silhouettes(vectors, np.repeat([5, 1, 7], 4)) == pytest.approx(np.ones(12))


def test_one_cluster_has_no_cosine_silhouettes():
    assert np.isnan(cosine_silhouettes(np.eye(3), np.zeros(3))).all()
