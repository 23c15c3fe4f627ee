"""Spaces of hidden vectors and what is measured of them, against loops and scikit-learn."""

import numpy as np
import pytest
import torch
from scipy.spatial.distance import cdist
from sklearn.decomposition import PCA
from sklearn.manifold import trustworthiness

from glassbox.activations import Activations
from glassbox.analyses.hidden_vectors import hidden_vectors
from glassbox.analyses.map_quality import (
    NEIGHBOURS,
    VOTERS,
    kept_neighbours,
    labels_nearby,
    map_quality,
)
from glassbox.analyses.neighbourhoods import nearest_among
from glassbox.analyses.projections import project
from glassbox.analyses.spaces import Space, principal_plane, training_spaces, tsne_map
from glassbox.errors import GlassboxError
from glassbox.models.layers import Layer
from glassbox.tables import Examples

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def clouds():
    """Vectors of training and of other examples in three clouds, and their labels."""
    rng = np.random.default_rng(0)
    centres = 6 * rng.normal(size=(3, 12))
    labels = np.arange(240) % 3
    vectors = (centres[labels] + rng.normal(size=(240, 12))).astype(np.float32)
    return vectors[:180], vectors[180:], labels[:180], labels[180:]


def test_the_nearest_of_some_points_are_those_of_all_distances(clouds):
    training, shown, *_ = clouds
    for width in (2, 12):
        points, asked = training[:, :width], shown[:, :width]
        near = nearest_among(points, asked, 4)
        apart = cdist(asked.astype(float), points.astype(float))
        np.testing.assert_array_equal(near.indices, apart.argsort(axis=1)[:, :4])
        np.testing.assert_allclose(near.distances, np.sort(apart, axis=1)[:, :4])


def test_no_more_neighbours_than_points():
    with pytest.raises(GlassboxError, match="cannot find 7 neighbours among 6 points"):
        nearest_among(np.zeros((6, 2)), np.zeros((1, 2)), 7)


def test_hit_and_vote_are_those_of_a_loop():
    rng = np.random.default_rng(1)
    space = Space.of_all(rng.normal(size=(60, 2)), rng.normal(size=(40, 2)))
    known, asked = rng.integers(3, size=60), rng.integers(3, size=40)
    hits, right = [], []
    for place, label in zip(space.shown, asked, strict=True):
        order = np.linalg.norm(space.training - place, axis=1).argsort()
        hits.append(np.mean(known[order[:NEIGHBOURS]] == label))
        votes = [np.sum(known[order[:VOTERS]] == each) for each in range(3)]
        right.append(votes.index(max(votes)) == label)
    found = labels_nearby(space, known, asked)
    assert found == pytest.approx({"hit": np.mean(hits), "knn accuracy": np.mean(right)})


def test_trustworthiness_of_a_copy_is_one_and_takes_more_than_a_few_points():
    vectors = np.random.default_rng(0).normal(size=(30, 2))
    assert kept_neighbours(vectors, vectors) == 1
    with pytest.raises(GlassboxError, match="needs more than 12 examples; found 12"):
        kept_neighbours(vectors[:12], vectors[:12])


def test_the_principal_plane_is_that_of_scikit_learn(clouds):
    training, shown, *_ = clouds
    space = principal_plane(training, shown, CPU)
    known = PCA(2).fit(training.astype(float))
    for found, vectors in ((space.training, training), (space.shown, shown)):
        wanted = known.transform(vectors.astype(float))[:, ::-1]
        np.testing.assert_allclose(np.abs(found), np.abs(wanted), atol=1e-3)


def test_others_are_put_into_the_map_of_some_training_examples(clouds):
    training, shown, known, asked = clouds
    rows = np.arange(0, 180, 2)
    space = tsne_map(training, np.concatenate([training[rows], shown]), rows, 3, 5.0)
    start = project(training[rows], 3, 5.0)
    moved = space.training - start
    np.testing.assert_allclose(moved, np.broadcast_to(moved[0], moved.shape), atol=1e-3)
    own, others = space.shown[: len(rows)], space.shown[len(rows) :]
    spread = np.ptp(space.training, axis=0).min()
    assert np.median(np.linalg.norm(own - space.training, axis=1)) < 0.1 * spread
    placed = labels_nearby(Space(rows, space.training, others), known[rows], asked)
    assert placed["hit"] > 0.9
    again = tsne_map(training, np.concatenate([training[rows], shown]), rows, 3, 5.0)
    np.testing.assert_array_equal(again.shown, space.shown)


def test_spaces_are_compared_with_the_same_training_examples(clouds):
    training, shown, known, asked = clouds
    rows = np.arange(0, 180, 2)
    spaces = training_spaces(training, shown, rows, seed=1, perplexity=5.0, device=CPU)
    parts = {name: space.part(rows) for name, space in spaces.items()}
    for part in parts.values():
        np.testing.assert_array_equal(part.rows, rows)
        assert len(part.training) == len(rows) and len(part.shown) == len(shown)
    np.testing.assert_array_equal(parts["hidden"].training, training[rows])
    some = np.arange(0, 60, 3)
    table = map_quality(parts, known[rows], asked, shown, some)
    values = table.set_index(["space", "measure"])["value"]
    measures = ["hit", "knn accuracy", "trustworthiness"]
    mapped = [(name, each) for name in ("principal components", "t-SNE") for each in measures]
    assert list(values.index) == [*mapped, ("hidden", "hit"), ("hidden", "knn accuracy")]
    assert values["t-SNE", "hit"] == labels_nearby(parts["t-SNE"], known[rows], asked)["hit"]
    assert values["principal components", "trustworthiness"] == trustworthiness(
        shown[some], parts["principal components"].shown[some], n_neighbors=NEIGHBOURS
    )


class Given(Activations):
    """Layers whose values are their depth."""

    layers = tuple(
        Layer(name, depth, (units,), "after")
        for depth, (name, units) in enumerate({"input": 2, "one": 3, "two": 1, "out": 2}.items())
    )

    def __getitem__(self, name):
        layer = next(each for each in self.layers if each.name == name)
        return np.full((4, layer.units), layer.depth, np.float32)


def test_a_hidden_vector_is_the_hidden_layers_in_order_of_depth():
    examples = Examples(np.arange(4), np.zeros(4, int), np.zeros((4, 2), np.float32), {})
    given = Given(None, examples)
    assert hidden_vectors(given)[0].tolist() == [1, 1, 1, 2]
    assert hidden_vectors(given, ["two", "one"])[0].tolist() == [1, 1, 1, 2]
    assert hidden_vectors(given, ["two"])[0].tolist() == [2]
    with pytest.raises(GlassboxError, match="no hidden layers"):
        hidden_vectors(given, [])
