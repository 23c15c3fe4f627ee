"""How far patterns stay as they were, against plain loops, and on layers that are known."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics.pairwise import cosine_similarity
from torch import nn

from glassbox.activations import Activations
from glassbox.analyses.pattern_changes import (
    changes,
    location_free,
    other_cosines,
    own_cosines,
    pattern_changes,
)
from glassbox.datasets.images import as_examples
from glassbox.datasets.moved_patches import move_patches
from glassbox.errors import GlassboxError
from glassbox.models.hooked import hooked
from glassbox.models.inputs import Inputs
from glassbox.tables import Examples

CPU = torch.device("cpu")
MEASURES = ["cosine", "cosine, other labels", "nearest", "nearest, unchanged"]


def patterns(rng, count, width, labels=4):
    values = rng.standard_normal((count, width)).astype(np.float32)
    return Examples(np.arange(count), rng.integers(labels, size=count), values, {})


@given(st.integers(0, 2**32 - 1), st.integers(1, 30), st.integers(1, 20))
def test_cosines_with_others_are_those_over_all_pairs(seed, count, width):
    rng = np.random.default_rng(seed)
    one, other = patterns(rng, count, width), patterns(rng, count + 40, width)
    one.values[0] = 0
    cosines = cosine_similarity(one.values.astype(np.float64), other.values.astype(np.float64))
    wanted = [
        row[other.labels != label].mean() for row, label in zip(cosines, one.labels, strict=True)
    ]
    np.testing.assert_allclose(other_cosines(one, other), wanted, atol=1e-9)
    own = own_cosines(one.values, other.values[:count])
    np.testing.assert_allclose(own, np.diag(cosines), atol=1e-9)


def test_labels_without_others_have_no_cosine_with_them():
    alike = patterns(np.random.default_rng(0), 5, 3, labels=1)
    assert np.isnan(other_cosines(alike, alike)).all()


def test_patterns_that_stay_are_told_and_labels_of_the_nearest_are_counted():
    rng = np.random.default_rng(0)
    training = patterns(rng, 40, 30)
    same = Examples(training.ids[:8], training.labels[:8], training.values[:8], {})
    lost = Examples(same.ids, same.labels, training.values[8:16], {})
    found = dict(changes(same, same, training, CPU))
    assert list(found) == MEASURES
    assert found["cosine"] == pytest.approx(1) and found["nearest"] == 1
    found = dict(changes(lost, same, training, CPU))
    assert found["nearest, unchanged"] == 1
    assert found["nearest"] == (training.labels[8:16] == same.labels).mean()


def test_location_free_patterns_are_means_of_what_is_active():
    values = np.array([[[1, -3], [2, 5]], [[-1, -1], [-1, 4]]], np.float32)
    free = location_free(values.reshape(1, -1), (2, 2, 2))
    np.testing.assert_allclose(free, [[2, 1]])
    assert free.dtype == np.float32


class Local(nn.Module):
    """A convolution of whole patches, and a dense layer, behind which all is zero."""

    def __init__(self):
        super().__init__()
        self.local = nn.Conv2d(1, 6, 4, stride=4)
        self.dense = nn.Linear(6 * 4, 5)
        self.last = nn.Linear(5, 3)

    def forward(self, images):
        return self.last(self.dense(self.local(images).flatten(1)))


def network():
    torch.manual_seed(0)
    return hooked(Local(), Inputs((8, 8)))


def shown(examples):
    return Activations(network, examples)


def test_a_layer_of_local_features_keeps_its_location_free_pattern():
    rng = np.random.default_rng(0)
    images = rng.standard_normal((60, 8, 8)).astype(np.float32)
    whole = as_examples(images, np.arange(60) % 3, np.arange(60), 3)
    given = whole.first(20)
    moved = move_patches(rng, given, 4)
    table = pattern_changes(*map(shown, (moved, whole, whole)), layers=None, device=CPU)
    assert list(table.columns) == ["layer", "depth", "pattern", "measure", "value"]
    found = table.set_index(["layer", "pattern", "measure"])["value"]
    assert found["local", "location-free", "cosine"] == pytest.approx(1)
    assert found["local", "location-free", "nearest"] == 1
    assert found["local", "whole", "cosine"] < 0.9 and found["dense", "whole", "cosine"] < 0.9
    assert found["dense", "whole", "nearest, unchanged"] == 1
    assert set(table["layer"]) == {"local", "dense", "last"} and len(table) == 4 * 4
    other = Activations(None, whole.first(3))
    with pytest.raises(GlassboxError, match="does not begin with the examples of the unchanged"):
        pattern_changes(shown(moved), other, shown(whole), device=CPU)
