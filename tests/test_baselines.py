"""Detectors of odd inputs from patterns of one layer: one interface, against sklearn."""

import numpy as np
import pytest
import torch
from sklearn.covariance import EmpiricalCovariance
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import NearestNeighbors

from glassbox.analyses.baselines import (
    Mahalanobis,
    MaximumSoftmax,
    NearestPatterns,
    PrincipalComponents,
)
from glassbox.analyses.probes import Probe
from glassbox.analyses.scores import auroc_of
from glassbox.errors import GlassboxError

CPU = torch.device("cpu")
DETECTORS = [MaximumSoftmax, NearestPatterns, Mahalanobis, PrincipalComponents, Probe]


@pytest.fixture
def fitted_on():
    """Patterns of three classes in five units that depend on each other, and their classes."""
    rng = np.random.default_rng(0)
    answers = rng.integers(3, size=300)
    mixing = rng.normal(size=(5, 5))
    return (rng.normal(size=(300, 5)) @ mixing + 4 * answers[:, None]).astype(np.float32), answers


@pytest.fixture
def asked():
    return (10 * np.random.default_rng(1).normal(size=(20, 5))).astype(np.float32)


def clusters(rng, count):
    """Patterns about 8 on the axis of their class, of three classes in six units."""
    answers = rng.integers(3, size=count)
    return (8 * np.eye(6)[answers] + 0.3 * rng.normal(size=(count, 6))).astype(np.float32), answers


@pytest.mark.parametrize("detector", DETECTORS)
def test_what_lies_between_and_beside_the_classes_is_odd(detector):
    rng = np.random.default_rng(0)
    fitted = detector.fit(*clusters(rng, 200), CPU)
    normal, _ = clusters(rng, 30)
    beside = np.array([8, 8, 8, 0, 0, 12]) / 3 + 0.3 * rng.normal(size=(30, 6))
    found, odd = fitted.oddness(normal), fitted.oddness(beside.astype(np.float32))
    assert found.shape == odd.shape == (30,) and found.dtype == odd.dtype == np.float64
    assert auroc_of(found, odd) == 1


@pytest.mark.parametrize("detector", DETECTORS)
def test_oddness_does_not_depend_on_what_else_is_asked(detector, fitted_on, asked):
    fitted = detector.fit(*fitted_on, CPU)
    apart = np.concatenate([fitted.oddness(each[None]) for each in asked])
    np.testing.assert_allclose(fitted.oddness(asked), apart, rtol=1e-5, atol=1e-7)


def test_maximum_softmax_is_that_of_the_logits():
    logits = np.array([[0.0, 0.0], [0.0, np.log(3)]])
    np.testing.assert_allclose(MaximumSoftmax().oddness(logits), [0.5, 0.25])


@pytest.mark.parametrize("neighbours", [1, 4])
def test_nearest_patterns_are_those_of_sklearn(neighbours, fitted_on, asked):
    patterns, answers = fitted_on
    oracle = NearestNeighbors(n_neighbors=neighbours, metric="cosine").fit(patterns)
    fitted = NearestPatterns.fit(patterns, answers, CPU, neighbours)
    wanted = oracle.kneighbors(asked)[0].mean(axis=1)
    np.testing.assert_allclose(fitted.oddness(asked), wanted, atol=1e-6)
    with pytest.raises(GlassboxError, match="4 neighbours among 3 patterns"):
        NearestPatterns.fit(patterns[:3], answers[:3], CPU, 4)


def test_mahalanobis_is_that_of_sklearn(fitted_on, asked):
    patterns, answers = fitted_on
    means = np.stack([patterns[answers == label].mean(0) for label in range(3)])
    oracle = EmpiricalCovariance(assume_centered=True).fit(patterns - means[answers])
    wanted = np.sqrt(np.min([oracle.mahalanobis(asked - mean) for mean in means], axis=0))
    fitted = Mahalanobis.fit(patterns, answers, CPU, rows=64)
    np.testing.assert_allclose(fitted.oddness(asked), wanted, rtol=1e-4)


def test_mahalanobis_leaves_out_directions_that_do_not_vary():
    rng = np.random.default_rng(0)
    patterns = rng.normal(size=(200, 4)).astype(np.float32)
    wide = np.hstack([patterns, np.ones((200, 2), np.float32)])
    answers = np.zeros(200, np.int64)
    asked = rng.normal(size=(9, 4)).astype(np.float32)
    asked_wide = np.hstack([asked, np.full((9, 2), 7, np.float32)])
    np.testing.assert_allclose(
        Mahalanobis.fit(wide, answers, CPU).oddness(asked_wide),
        Mahalanobis.fit(patterns, answers, CPU).oddness(asked),
        rtol=1e-4,
    )


@pytest.mark.parametrize("components", [1, 2, 4])
def test_principal_components_leave_what_those_of_sklearn_leave(components, fitted_on, asked):
    oracle = PCA(components).fit(fitted_on[0])
    wanted = np.linalg.norm(asked - oracle.inverse_transform(oracle.transform(asked)), axis=1)
    fitted = PrincipalComponents.fit(*fitted_on, CPU, components, rows=64)
    np.testing.assert_allclose(fitted.oddness(asked), wanted, rtol=1e-4)


def test_all_components_leave_nothing_and_more_or_none_are_refused(fitted_on, asked):
    whole = PrincipalComponents.fit(*fitted_on, CPU, components=5)
    np.testing.assert_allclose(whole.oddness(asked), 0, atol=1e-10)
    for wrong in (0, 6):
        with pytest.raises(GlassboxError, match=f"{wrong} components of 5 units"):
            PrincipalComponents.fit(*fitted_on, CPU, components=wrong)


def test_probes_are_those_of_sklearn():
    rng = np.random.default_rng(0)
    patterns = rng.normal(size=(300, 6)).astype(np.float32)
    targets = (patterns @ rng.normal(size=(6, 3)) + rng.normal(size=(300, 3))).argmax(1)
    probe = Probe.fit(patterns, targets, CPU, penalty=1e-2, steps=400, rows=64)
    inputs = patterns - patterns.mean(0)
    inputs /= np.sqrt((inputs**2).mean())
    oracle = LogisticRegression(C=1 / (1e-2 * 300), tol=1e-8, max_iter=2000).fit(inputs, targets)
    probabilities = oracle.predict_proba(inputs)
    found = torch.from_numpy(probe.logits(patterns)).softmax(1)
    np.testing.assert_allclose(found, probabilities, atol=1e-3)
    np.testing.assert_allclose(probe.oddness(patterns), 1 - probabilities.max(1), atol=1e-3)


def test_probes_have_the_classes_they_are_given_and_are_read_again():
    patterns = np.random.default_rng(0).normal(size=(50, 6)).astype(np.float32)
    probe = Probe.fit(patterns, (patterns[:, 0] > 0).astype(int), CPU, classes=4)
    assert probe.logits(patterns).shape == (50, 4)
    assert (probe.logits(patterns).argmax(1) < 2).all()
    again = Probe.of_table(probe.table(), CPU)
    assert torch.equal(again.weight, probe.weight) and torch.equal(again.bias, probe.bias)
