"""Clusters within classes that were planted, and polarity, against loops, scipy and known truth."""

import numpy as np
import pytest
from scipy.special import expit
from scipy.stats import multivariate_normal
from sklearn.mixture import GaussianMixture

from glassbox.activations import Activations
from glassbox.analyses.class_clusters import (
    FEWEST,
    LEAST,
    NONE,
    Mixtures,
    class_clusters,
    halves,
    held_out_auroc,
)
from glassbox.analyses.polarity import polarity
from glassbox.datasets.images import digits
from glassbox.errors import GlassboxError
from glassbox.models.layers import Layer
from glassbox.tables import Examples

CLASSES, EACH, WIDTH = 3, 80, 12


class Given(Activations):
    """Layers that are given as arrays by name, the input first."""

    def __init__(self, examples, values):
        super().__init__(None, examples)
        object.__setattr__(self, "values", values)

    @property
    def layers(self):
        shapes = {name: each.shape[1:] for name, each in self.values.items()}
        return tuple(
            Layer(name, depth, shape, "after") for depth, (name, shape) in enumerate(shapes.items())
        )

    def __getitem__(self, name):
        return self.values[name]


def planted(apart, rng=None, spread=None):
    """Examples of classes, halves of which lie `apart` from each other in one direction."""
    rng = np.random.default_rng(0) if rng is None else rng
    labels = np.repeat(np.arange(CLASSES), EACH)
    bright = rng.permutation(np.arange(CLASSES * EACH) % 2 == 0)
    way = rng.normal(size=WIDTH)
    noise = rng.normal(size=(len(labels), WIDTH))
    if spread is not None:
        noise *= spread(rng, len(labels))[:, None]
    hidden = noise + 9 * labels[:, None] + apart * bright[:, None] * way / np.linalg.norm(way)
    images = rng.random((len(labels), 4)).astype(np.float32)
    examples = Examples(np.arange(len(labels)) + 50, labels, images, {"classes": CLASSES})
    values = {"input": images, "one": hidden.astype(np.float32), "out": images[:, :3]}
    return Given(examples, values), bright


def tables(apart, rows=None, layers=None, **drawn):
    given, bright = planted(apart, **drawn)
    rows = np.arange(len(bright)) if rows is None else rows
    rng = np.random.default_rng(1)
    found = class_clusters(given, rows, {"pixels": bright[rows]}, layers=layers, rng=rng)
    return given, bright, *found


def test_planted_clusters_are_found_and_told_by_what_they_were_planted_by():
    given, bright, measures, members, images = tables(8.0)
    values = measures.pivot(index="label", columns="measure", values="value")
    assert set(measures["layer"]) == {"one"} and set(measures["depth"]) == {1}
    assert values["count"].tolist() == [EACH] * CLASSES
    assert (values["second"] > 0.5).all() and (values["third"] < 0.1).all()
    assert (values["separation"] > 4).all()
    assert (values["auroc-pixels"] > 0.99).all()
    assert (values["share"] > 0.3).all()
    np.testing.assert_array_equal(members["cluster"], bright.astype(int))
    np.testing.assert_array_equal(members["example_id"], given.examples.ids)
    for (label, cluster), own in images.groupby(["label", "cluster"]):
        part = (given.examples.labels == label) & (bright == cluster)
        assert own["count"].unique().tolist() == [part.sum()]
        means = [float(np.mean(column)) for column in given.examples.values[part].T]
        np.testing.assert_allclose(own["value"], means, rtol=1e-6)
    assert len(images) == CLASSES * 2 * 4


def test_one_cloud_is_not_taken_for_two():
    *_, measures, _, _ = tables(0.0)
    values = measures.pivot(index="label", columns="measure", values="value")
    assert (values["second"] < 0.05).all()
    assert values["auroc-pixels"].between(0.3, 0.7).all()


def test_another_spread_counts_less_than_where_each_gaussian_has_its_own():
    rng, tied, free = np.random.default_rng(4), [], []
    for seed in range(10):
        spread = np.where(rng.random((200, 1)) < 0.3, 3.0, 1.0)
        known, shown = (spread * rng.normal(size=(200, 3)) for _ in range(2))
        found = Mixtures.fit(known, (1, 2), seed)
        one = found.likelihood(shown, 1)
        tied.append(found.likelihood(shown, 2) - one)
        scale = known.std(axis=0).max()
        two, single = (
            GaussianMixture(count, random_state=seed).fit(known / scale).score(shown / scale)
            for count in (2, 1)
        )
        free.append(two - single)
    assert np.mean(tied) < 0.1 < np.mean(free)


def test_the_gain_of_a_second_gaussian_is_that_of_densities():
    rng = np.random.default_rng(2)
    known, shown = (rng.normal(size=(60, 3)) * [3, 2, 1] for _ in range(2))
    known, shown = (each + np.outer(np.arange(60) % 2, [9, 0, 0]) for each in (known, shown))
    found = Mixtures.fit(known, (1, 2), 0)
    one, two = (found.fitted[count] for count in (1, 2))
    middle = known.mean(axis=0)
    axes = np.linalg.svd(known - middle)[2]
    scale = np.sqrt(np.linalg.eigvalsh(np.cov(known.T))[-1])
    signs = np.sign((axes * found.components.components_).sum(axis=1))
    axes *= signs[:, None]
    ours, theirs = ((each - middle) @ axes.T / scale for each in (known, shown))
    covariance = np.cov(ours.T, bias=True) + LEAST * np.eye(3)
    single = multivariate_normal(ours.mean(axis=0), covariance).logpdf(theirs)
    assert found.likelihood(shown, 1) == pytest.approx(single.mean(), rel=1e-6)
    np.testing.assert_allclose(one.means_[0], 0, atol=1e-9)
    parts = np.stack(
        [
            weight * multivariate_normal(mean, two.covariances_).pdf(theirs)
            for weight, mean in zip(two.weights_, two.means_, strict=True)
        ]
    )
    assert found.likelihood(shown, 2) == pytest.approx(np.log(parts.sum(axis=0)).mean(), rel=1e-6)
    memberships = expit(found.log_odds(shown))
    np.testing.assert_allclose(memberships, parts[1] / parts.sum(axis=0), rtol=1e-6)
    far = known.mean(axis=0) + np.arange(1000, 1010)[:, None] * found.components.components_[0]
    odds = found.log_odds(far)
    assert len(np.unique(expit(odds))) < len(far) == len(np.unique(odds))
    way = np.linalg.solve(two.covariances_, two.means_[1] - two.means_[0])
    between = way @ (two.means_[1] - two.means_[0]) / np.sqrt(way @ two.covariances_ @ way)
    assert found.separation() == pytest.approx(between, rel=1e-6)


def test_each_class_is_split_once_and_evenly():
    labels = np.random.default_rng(0).integers(3, size=101)
    for label, parts in halves(np.random.default_rng(1), labels).items():
        rows = np.concatenate(parts)
        np.testing.assert_array_equal(np.sort(rows), np.flatnonzero(labels == label))
        assert abs(len(parts[0]) - len(parts[1])) <= 1


def test_a_name_that_is_found_on_one_half_is_kept_on_the_other():
    told = np.array([True, True, False, False])
    sure = np.array([0.9, 0.8, 0.1, 0.2])
    assert held_out_auroc(sure, told, sure, told) == 1
    assert held_out_auroc(1 - sure, told, 1 - sure, told) == 1
    assert held_out_auroc(sure, told, 1 - sure, told) == 0
    assert np.isnan(held_out_auroc(sure, np.ones(4, bool), sure, told))
    assert np.isnan(held_out_auroc(sure, told, sure, np.ones(4, bool)))


def test_memberships_that_tell_nothing_give_a_half_on_average():
    rng = np.random.default_rng(3)
    drawn = [
        held_out_auroc(*(each for _ in range(2) for each in (rng.random(12), np.arange(12) < 6)))
        for _ in range(2000)
    ]
    assert np.mean(drawn) == pytest.approx(0.5, abs=0.015)


def test_classes_of_few_examples_and_dead_layers_have_no_clusters():
    rows = np.concatenate([np.arange(FEWEST - 1), np.arange(EACH, 2 * EACH)])
    *_, measures, members, images = tables(8.0, rows=rows)
    values = measures.pivot(index="label", columns="measure", values="value")
    assert values.loc[0].drop("count").isna().all() and values.loc[1].notna().all()
    assert (members.loc[members["label"] == 0, "cluster"] == NONE).all()
    assert set(images["label"]) == {1}
    given, bright = planted(8.0)
    given.values["one"] = np.zeros((len(bright), WIDTH), np.float32)
    every = np.arange(len(bright))
    rng = np.random.default_rng(1)
    measures, members, images = class_clusters(
        given, every, {"pixels": bright}, layers=None, rng=rng
    )
    assert measures.loc[measures["measure"] != "count", "value"].isna().all()
    assert (members["cluster"] == NONE).all() and images.empty


def test_a_unit_that_is_active_once_is_no_cluster_and_costs_a_bounded_likelihood():
    rng = np.random.default_rng(6)
    known, shown = (np.zeros((40, 3)) for _ in range(2))
    known[:, 0], shown[:, 0] = rng.normal(size=(2, 40))
    known[0, 1] = shown[0, 1] = 10
    shown[1, 1] = 5
    found = Mixtures.fit(known, (1, 2), 0)
    assert -20 < found.likelihood(shown, 2) - found.likelihood(shown, 1) < 0


def test_layers_are_looked_at_by_name_and_the_input_may_be_one():
    *_, measures, _, _ = tables(0.0, layers=["one", "input"])
    assert measures["layer"].unique().tolist() == ["input", "one"]
    with pytest.raises(GlassboxError, match="two"):
        tables(0.0, layers=["two"])


def test_all_digits_are_bright_on_dark_and_inverted_ones_dark_on_bright():
    pixels, labels = digits()
    values = pixels.reshape(len(pixels), -1)
    told = {"shape": [8, 8]}
    shown = polarity(Examples(np.arange(len(labels)), labels, values, told))
    assert (shown > 0).all()
    inverted = polarity(Examples(np.arange(len(labels)), labels, 1 - values, told))
    np.testing.assert_allclose(inverted, -shown, atol=1e-6)


def test_polarity_of_colours_is_that_of_their_mean():
    rng = np.random.default_rng(0)
    images = rng.random((5, 4, 3, 3)).astype(np.float32)
    examples = Examples(np.arange(5), np.zeros(5, int), images.reshape(5, -1), {"shape": [4, 3, 3]})
    for found, image in zip(polarity(examples), images.astype(float), strict=True):
        grey = sorted(sum(pixel) / 3 for row in image for pixel in row)
        assert found == pytest.approx((grey[0] + grey[-1]) / 2 - (grey[5] + grey[6]) / 2)
