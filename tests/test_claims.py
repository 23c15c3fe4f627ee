"""The verdicts on the claims: the arithmetic, and each test on worlds where it goes either way."""

import itertools
import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import workflow
import yaml
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

import glassbox.claims.chen2017
from glassbox.analyses.errors import PRINTED
from glassbox.claims import verdicts
from glassbox.claims.chen2017 import heat_maps
from glassbox.claims.chen2017.deviations import INSENSITIVE
from glassbox.claims.chen2017.readings import (
    FITTED,
    LEARNING,
    LONG,
    MEMORISING,
    SHUFFLED,
    TEST,
    TRUE_LABELS,
    Layer,
    epochs_to,
)
from glassbox.claims.evidence import Evidence
from glassbox.claims.judging import TESTS, verdict
from glassbox.claims.verdicts import (
    INCONCLUSIVE,
    NOT_REPRODUCED,
    NOT_TESTABLE,
    REPORTED,
    REPRODUCED,
    Comparison,
    above,
    against_published,
    below,
    inside,
    judge,
    mean_interval,
    prediction_interval,
)
from glassbox.claims.works import read_work
from glassbox.errors import GlassboxError
from glassbox.tables import read_table, write_table
from study import schema, slices
from study.schema.works import SCALES

ROOT = Path(__file__).parent.parent
FILE = ROOT / "scripts/glassbox/claims/chen2017/claims.yaml"
REFERENCE = ROOT.parent / "shared/reference/claims.yaml"
WORK = read_work(FILE)
EVERY = {claim.id: claim for claim in WORK.claims}
HERE = (  # claims on errors, averaged activations, deviations and histories
    *("C-C53", "C-T01", "C-T02", "C-T03", "C-T04", "C-T05", "C-C07", "C-C11", "C-N08", "C-C39"),
    *("C-C40", "C-C43", "C-C44", "C-C45", "C-C46", "C-C47", "C-C47 (digits)", "C-N09", "C-C48"),
    *("C-C49", "C-C50", "C-C51"),
)
CLAIMS = {name: claim for name, claim in EVERY.items() if name in HERE}
REPLICATES = 5
PER_CLASS = {TRUE_LABELS: 100, SHUFFLED: 20}

few_values = arrays(float, st.integers(2, 12), elements=st.floats(-1e3, 1e3, width=32))


def compared(values, hypothesis, **more) -> Comparison:
    return Comparison("what", np.asarray(values, float), hypothesis, "unit", **more)


# The arithmetic of verdicts


@given(few_values, st.floats(0.001, 0.5))
def test_the_interval_of_a_mean_is_that_of_scipy(values, alpha):
    if np.ptp(values) == 0:
        assert mean_interval(values, alpha) == (values[0], values[0])
    else:
        wanted = stats.ttest_1samp(values, 0).confidence_interval(1 - alpha)
        assert mean_interval(values, alpha) == pytest.approx(wanted, rel=1e-6, abs=1e-9)


def test_a_further_value_falls_into_the_prediction_interval_as_often_as_said():
    rng = np.random.default_rng(1)
    draws = rng.normal(3, 2, (4000, 6))
    hits = [low <= last <= high for *seen, last in draws
            for low, high in [prediction_interval(np.array(seen), 0.1)]]  # fmt: skip
    assert np.mean(hits) == pytest.approx(0.9, abs=4 * np.sqrt(0.9 * 0.1 / 4000))


def test_a_mean_of_noise_is_outside_its_family_of_intervals_in_five_percent_at_most():
    rng = np.random.default_rng(2)
    wrong = 0
    for _ in range(1500):
        parts = [compared(rng.normal(size=5), below(0)) for _ in range(4)]
        wrong += any(part.outcome != "undecided" for part in judge(parts).parts)
    assert wrong / 1500 == pytest.approx(0.05, abs=0.02)


def test_intervals_are_family_wise_over_the_parts_that_are_tested():
    rng = np.random.default_rng(3)
    first, second, told, steps = rng.normal(size=(4, 5)) + 0.5
    comparisons = [
        compared(first, above(0)),
        compared(second, below(0)),
        compared(told, REPORTED),
        compared(np.stack([steps, first], axis=1), above(0)),
    ]
    family = 4
    for part, values in zip(judge(comparisons).parts, (first, second, told), strict=False):
        wanted = stats.ttest_1samp(values, 0).confidence_interval(1 - 0.05 / family)
        assert (part.low, part.high) == pytest.approx(tuple(wanted))
        assert part.effect == pytest.approx(values.mean())
        assert part.size == pytest.approx(values.mean() / values.std(ddof=1))


@pytest.mark.parametrize(
    ("hypothesis", "low", "high", "outcome"),
    [
        (below(0), -2, -1, "true"),
        (below(0), -1, 0, "undecided"),
        (below(0), 0, 1, "false"),
        (above(2), 2.5, 3, "true"),
        (above(2), 1, 2.5, "undecided"),
        (above(2), 1, 2, "false"),
        (inside(-1, 1), -1, 1, "true"),
        (inside(-1, 1), -1.5, 0, "undecided"),
        (inside(-1, 1), -3, 3, "undecided"),
        (inside(-1, 1), 1.1, 2, "false"),
        (inside(-1, 1), -3, -1.1, "false"),
    ],
)
def test_outcomes(hypothesis, low, high, outcome):
    assert hypothesis.outcome(low, high) == outcome


@pytest.mark.parametrize(
    ("offsets", "verdict"),
    [
        ([-1, -1], REPRODUCED),
        ([-1, 0], INCONCLUSIVE),
        ([-1, 1], NOT_REPRODUCED),
        ([0, 1], NOT_REPRODUCED),
    ],
)
def test_a_claim_is_all_of_its_parts(offsets, verdict):
    noise = np.array([-0.01, 0.02, 0, -0.02, 0.01])
    found = judge([compared(noise + offset, below(0)) for offset in offsets])
    assert found.verdict == verdict
    assert found.reason


@pytest.mark.parametrize(
    ("value", "hypothesis", "verdict"),
    [
        (-0.1, below(0), REPRODUCED),
        (0.0, below(0), NOT_REPRODUCED),
        (0.1, below(0), NOT_REPRODUCED),
        (0.1, inside(0.1, 0.2), REPRODUCED),
    ],
)
def test_replicates_without_spread(value, hypothesis, verdict):
    found = judge([compared([value] * 7, hypothesis)])
    assert found.verdict == verdict
    part = found.parts[0]
    assert (part.effect, part.low, part.high, part.size) == (value, value, value, None)


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize("value", [-1.0, 1.0])
def test_two_replicates_decide_nothing(count, value):
    found = judge([compared([value] * count, below(0)), compared([value] * 5, below(0))])
    assert found.verdict == INCONCLUSIVE
    assert found.parts[0].outcome == "undecided"
    assert f"{count} replicates" in found.reason


def test_a_replicate_without_a_value_decides_nothing():
    found = judge([compared([-1, -1, np.nan, -1, -1], below(0))])
    part = found.parts[0]
    assert (found.verdict, part.outcome, part.replicates) == (INCONCLUSIVE, "undecided", 4)
    assert part.effect is part.low is part.high is part.size is None


def test_the_largest_mean_lies_between_the_largest_ends():
    noise = np.array([-0.1, 0.1, 0.2, -0.2, 0])
    wide, narrow = noise * 10 + 1, noise + 0.5
    part = judge([compared(np.stack([wide, narrow], axis=1), above(0))]).parts[0]
    ends = [stats.ttest_1samp(v, 0).confidence_interval(1 - 0.05 / 2) for v in (wide, narrow)]
    assert part.effect == pytest.approx(1)
    assert (part.low, part.high) == pytest.approx((ends[1].low, ends[0].high))
    assert part.outcome == "true"


def test_bounds_open_the_interval():
    values = [3, 3.1, 2.9, 3, 3]
    lower = judge([compared(values, above(2), open_above=True)]).parts[0]
    assert (lower.outcome, lower.high) == ("true", None)
    assert judge([compared(values, above(4), open_below=True)]).verdict == NOT_REPRODUCED
    assert judge([compared(values, below(2), open_above=True)]).verdict == NOT_REPRODUCED
    assert judge([compared(values, below(2), open_below=True)]).verdict == INCONCLUSIVE
    for hypothesis in (above(2), above(4), below(2), below(4)):
        found = judge([compared(values, hypothesis, open_below=True, open_above=True)])
        assert found.verdict == INCONCLUSIVE


@pytest.mark.parametrize(
    ("published", "spread", "outcome"),
    [
        (1.0, 0.01, "true"),
        (1.02, 0.01, "true"),
        (1.2, 0.01, "false"),
        (0.8, 0.01, "false"),
        (1.0, 0.2, "undecided"),
        (5.0, 2.0, "undecided"),
        (5.0, 1.0, "false"),
        (1.0, 0.0, "true"),
        (1.0001, 0.0, "false"),
    ],
)
def test_a_printed_number(published, spread, outcome):
    values = 1 + spread * np.array([-1, 1, 0.5, -0.5, 0])
    part = judge([against_published("error", values, published)]).parts[0]
    assert part.outcome == outcome
    assert part.effect == pytest.approx(1 / published - 1)
    margin = stats.t.ppf(0.975, 4) * values.std(ddof=1) * np.sqrt(1 + 1 / 5)
    ends = ((1 - margin) / published - 1, (1 + margin) / published - 1)
    assert (part.low, part.high) == pytest.approx(ends)


# What is measured on averaged activations


def test_the_share_between_labels_is_epsilon_squared():
    """From the F of a one-way analysis of variance."""
    rng = np.random.default_rng(4)
    classes, count = 6, 9
    data = rng.normal(size=(classes, count)) + np.arange(classes)[:, None] / 3
    layer = Layer(data.mean(1)[None, :, None], data.var(1)[None, :, None], count)
    f = stats.f_oneway(*data).statistic
    wanted = (f - 1) * (classes - 1) / (f * (classes - 1) + classes * (count - 1))
    assert heat_maps.share_between_labels(layer) == pytest.approx([wanted])


def test_labels_without_meaning_share_no_variance():
    data = np.random.default_rng(5).normal(size=(400, 8, 10, 20))  # draws, labels, examples, units
    layer = Layer(data.mean(2), data.var(2), 10)
    assert heat_maps.share_between_labels(layer).mean() == pytest.approx(0, abs=2e-3)


def test_the_autocorrelation_is_that_of_a_plain_loop():
    means = np.random.default_rng(6).normal(size=(2, 7, 4))
    means[:, :, 2] = 0
    layer = Layer(means, means, 1)
    for replicate, found in enumerate(heat_maps.autocorrelation(layer)):
        correlations = []
        for unit in (0, 1, 3):
            x = means[replicate, :, unit] - means[replicate, :, unit].mean()
            pairs = itertools.pairwise(x)
            correlations.append(sum(a * b for a, b in pairs) / sum(a * a for a in x))
        assert found == pytest.approx(np.mean(correlations))


def test_units_that_are_never_active():
    means = np.ones((2, 3, 4))
    means[0, :, 1] = 0
    means[1, 0, 2] = 0
    layer = Layer(means, means, 1)
    assert heat_maps.never_active([layer, layer]) == pytest.approx([1 / 4, 0])
    means[1] = np.nan
    assert np.isnan(heat_maps.never_active([layer])).tolist() == [False, True]


# A world in which every claim holds, and how each comes not to hold

HISTORY = ["train_accuracy", "validation_accuracy"]
JITTER = np.array([-1.0, 0.5, 0.2, 0.8, -0.4])


class World:
    """Tables in which every claim holds: each value with a small jitter over replicates."""

    def __init__(self, jitter: float = 0.01, replicates: int = REPLICATES):
        self.jitter, self.replicates = jitter, replicates
        self.errors, self.deviations, self.averages, self.epochs = {}, {}, {}, {}
        for claim in CLAIMS.values():
            for measure, value in (claim.published or {}).items():
                self.errors[claim.of["method"], TEST, measure] = value
        for method in ("gaussian-derivative", "nn-1", "mlp-2", "mlp-4"):
            outlying = method == "gaussian-derivative"
            self.errors[method, TEST, "q999"] = 12 if outlying else 4
            self.errors[method, TEST, "maximum"] = 58 if outlying else 12
        self.errors[MEMORISING, SHUFFLED, "accuracy"] = 1.0
        self.errors[MEMORISING, TRUE_LABELS, "accuracy"] = 1 / 12
        self.errors["mnist-5", "mnist/test", "accuracy"] = 0.9807
        self.kept = {"train": 1.0, "validation": 1 / 60}
        self._deviations()
        self.averages[LEARNING, TRUE_LABELS] = stripes()
        self.averages[MEMORISING, TRUE_LABELS] = stripes()
        self.averages[MEMORISING, SHUFFLED] = speckle(0.02)
        self.epochs = {MEMORISING: (1000, True), FITTED: (200, True)}

    def _deviations(self) -> None:
        learning = (LEARNING, TRUE_LABELS)
        self.set(learning, "level", [60, 80, 100, 130])
        self.set(learning, "inner", [14, 13, 15, 18], "euclidean")
        self.set(learning, "inter", [3.5, 4, 5, 6], "euclidean")
        self.set(learning, "inner", [0.3, 0.25, 0.2, 0.15], *INSENSITIVE)
        self.set(learning, "inter", [0.10, 0.06, 0.05, 0.07], *INSENSITIVE)
        for control in (FITTED, LONG):
            self.set((control, TRUE_LABELS), "inner", [0.3, 0.2, 0.15, 0.12], *INSENSITIVE)
        self.set((MEMORISING, SHUFFLED), "level", [60, 120, 200, 300])
        self.set((MEMORISING, SHUFFLED), "inner", [0.3, 0.6, 0.61, 0.6], *INSENSITIVE)
        self.set((MEMORISING, SHUFFLED), "inter", [0.01, 0.05, 0.1, 0.2], *INSENSITIVE)
        self.set((MEMORISING, TRUE_LABELS), "inner", [0.3, 0.6, 0.65, 0.7], *INSENSITIVE)
        self.set((MEMORISING, TRUE_LABELS), "inter", [0.1, 0.11, 0.12, 0.13], *INSENSITIVE)
        for shown in (("mnist-5", "mnist/test"), ("digits-5", "digits/test")):
            self.set(shown, "level", [20, 40, 60, 80, 90])
            self.set(shown, "inner", [8, 4, 4.5, 5, 6], "euclidean")
            self.set(shown, "inter", [0.3, 0.2, 0.25, 0.4, 0.6], *INSENSITIVE)

    def set(self, shown, scope, values, *measures) -> None:
        """Values of the input and the hidden layers; an output that fits none of it is added."""
        for measure in measures or ("mean_l1",):
            output = 0.0 if values[-1] > values[0] else 1e3
            self.deviations[*shown, scope, measure] = [*values, output]

    def varied(self, key, value):
        """The replicates of a value; each key has an order of its own."""
        value = np.asarray(value, float)
        jitter = np.resize(np.roll(JITTER, sum(map(ord, str(key)))), self.replicates)
        moved = 1 + self.jitter * jitter.reshape(-1, *[1] * value.ndim)
        fixed = key[-1] == "accuracy"
        return np.broadcast_to(value, (self.replicates, *value.shape)) * (1 if fixed else moved)

    def tables(self) -> dict[str, pd.DataFrame]:
        """All tables as the analyses write them."""
        errors = [
            (method, replicate, shown, measure, value)
            for (method, shown, measure), mean in self.errors.items()
            for replicate, value in enumerate(self.varied((method, shown, measure), mean))
        ]
        deviations = [
            (method, replicate, shown, layer, scope, measure, value, 0)
            for (method, shown, scope, measure), mean in self.deviations.items()
            for layer, one in enumerate(mean)
            for replicate, value in enumerate(self.varied((method, shown, scope, layer), one))
        ]
        averages = [
            averaged(method, replicate, shown, layer, values, self.jitter)
            for (method, shown), layers in self.averages.items()
            for layer, values in enumerate([np.ones((12, 4)), *layers, np.eye(12)])
            for replicate in range(self.replicates)
        ]
        histories = [
            (network, replicate, epoch, done, epoch == last, *self.accuracies(done, epoch == last))
            for network, (count, done) in self.epochs.items()
            for replicate, last in enumerate(np.rint(self.varied((network,), count)).astype(int))
            for epoch in (1, last // 2, last)
        ]
        identity = ["method", "replicate", "set"]
        return {
            "errors": frame(errors, [*identity, "measure", "value"]),
            "deviations": frame(
                deviations, [*identity, "depth", "scope", "measure", "value", "undefined"]
            ),
            "averages": pd.concat(averages) if averages else None,
            "training.history": frame(
                histories,
                ["method", "replicate", "epoch", "done", "kept", *HISTORY],
            ),
        }

    def accuracies(self, done: bool, is_last: bool) -> tuple[float, float]:
        """In training and validation; before the last epoch such that no claim holds."""
        if not is_last:
            return 0.5, 1.0
        return self.kept["train"] if done else 0.9, self.kept["validation"]

    def evidence(self, **tables) -> Evidence:
        return evidence_of({**self.tables(), **tables}, self.replicates, per_class=PER_CLASS)


def evidence_of(tables, replicates=REPLICATES, **more) -> Evidence:
    """Evidence with these tables, and without the others that the work lists."""
    assert tables.keys() <= WORK.tables.keys()
    return Evidence(replicates, {**dict.fromkeys(WORK.tables), **tables}, **more)


def frame(rows, columns) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=columns)


def averaged(method, replicate, shown, layer, values, jitter) -> pd.DataFrame:
    """The table of one layer's averages; replicates differ by noise about as large as jitter."""
    labels, units = values.shape
    noise = np.random.default_rng([replicate, layer]).normal(size=values.shape)
    means = values * (1 + jitter * noise)
    return pd.DataFrame(
        {
            "method": method,
            "replicate": replicate,
            "set": shown,
            "depth": layer,
            "label": np.repeat(np.arange(labels), units),
            "unit": np.tile(np.arange(units), labels),
            "mean": means.ravel(),
            "variance": 1.0,
        }
    )


def stripes(height: float = 2.0) -> list[np.ndarray]:
    """Three layers (labels, units) of class means that vary gradually; unit 0 is dead."""
    labels, units = np.arange(12)[:, None], np.arange(15)[None]
    means = height * np.exp(-(((labels - units) / 4.0) ** 2))
    means[:, 0] = 0
    return [means] * 3


def speckle(height: float, level: float = 1.0) -> list[np.ndarray]:
    """Three layers of class means that differ between units, hardly between labels."""
    rng = np.random.default_rng(7)
    layers = [level * np.arange(15) / 5 + height * rng.random((12, 15)) for _ in range(3)]
    for layer in layers:
        layer[:, 0] = 0
    return layers


def verdict_on(name: str, evidence: Evidence) -> verdicts.Verdict:
    return verdict(CLAIMS[name], evidence)


def check_printed(name):
    def change(world):
        for measure in PRINTED:
            world.errors[CLAIMS[name].of["method"], TEST, measure] *= 1.3

    return change


def changed(attribute, key, value):
    return lambda world: getattr(world, attribute).__setitem__(key, value)


def profile(shown, scope, values, *measures):
    return lambda world: world.set(shown, scope, values, *measures)


def all_of(*changes):
    return lambda world: [change(world) for change in changes]


def images(*shown):
    return [
        profile(shown, "level", [90, 80, 60, 40, 20]),
        profile(shown, "inner", [4, 8, 4.5, 5, 6], "euclidean"),
        profile(shown, "inter", [0.3, 0.4, 0.25, 0.5, 0.6], *INSENSITIVE),
        profile(shown, "inter", [0.3, 0.2, 0.25, 0.2, 0.1], *INSENSITIVE),
    ]


SHOWN = (LEARNING, TRUE_LABELS)
FALSE, TRUE = (MEMORISING, SHUFFLED), (MEMORISING, TRUE_LABELS)

ALTERNATING = [np.where(np.arange(12)[:, None] % 2, 3.0, 1.0) * np.ones((12, 15))] * 3
NO_DEAD = [layer + 0.1 for layer in speckle(0.02)]

REFUTATIONS = {
    **{name: [check_printed(name)] for name, claim in CLAIMS.items() if claim.published},
    "C-C07": [
        changed("errors", ("mlp-2", TEST, "maximum"), 60),
        changed("errors", ("mlp-2", TEST, "q999"), 13),
    ],
    "C-C11": [
        all_of(*(changed("errors", (network, TEST, measure), 2) for measure in PRINTED))
        for network in ("nn-1", "mlp-2", "mlp-4")
    ],
    "C-C39": [
        changed("averages", FALSE, stripes()),
        changed("averages", SHOWN, ALTERNATING),
        changed("averages", FALSE, speckle(5.0)),
        changed("averages", FALSE, speckle(1.0, level=0.0)),
        changed("averages", FALSE, NO_DEAD),
        changed("errors", (*FALSE, "accuracy"), 0.99),
    ],
    "C-C40": [
        changed("averages", TRUE, speckle(0.02)),
        changed("errors", (*TRUE, "accuracy"), 1 / 12 + 0.02),
    ],
    "C-C43": [
        profile(SHOWN, "inner", [13, 14, 15, 18], "euclidean"),
        profile(SHOWN, "inner", [14, 13, 12, 11], "euclidean"),
        profile(SHOWN, "inter", [6, 5, 4, 3], "euclidean"),
    ],
    "C-C44": [profile(SHOWN, "level", [130, 100, 80, 60])],
    "C-C45": [profile(SHOWN, "inner", [0.2, 0.25, 0.2, 0.3], *INSENSITIVE)],
    "C-C46": [
        profile(SHOWN, "inter", [0.1, 0.06, 0.05, 0.2], *INSENSITIVE),
        profile(SHOWN, "inter", [0.1, 0.08, 0.06, 0.05], *INSENSITIVE),
    ],
    "C-C47": images("mnist-5", "mnist/test"),
    "C-C47 (digits)": images("digits-5", "digits/test"),
    "C-C48": [
        profile(FALSE, "level", [60, 70, 90, 120]),
        profile(FALSE, "inner", [0.6, 0.5, 0.5, 0.5], *INSENSITIVE),
        profile(FALSE, "inner", [0.3, 0.6, 0.7, 0.8], *INSENSITIVE),
        profile(FALSE, "inter", [0.2, 0.1, 0.1, 0.1], *INSENSITIVE),
    ],
    "C-C49": [
        profile(TRUE, "inner", [0.6, 0.5, 0.7, 0.8], *INSENSITIVE),
        profile(TRUE, "inner", [0.3, 0.4, 0.2, 0.1], *INSENSITIVE),
        profile(TRUE, "inter", [0.2, 0.1, 0.1, 0.1], *INSENSITIVE),
        profile(TRUE, "inter", [0.01, 0.1, 0.2, 0.4], *INSENSITIVE),
    ],
    "C-C50": [
        *(
            profile((network, TRUE_LABELS), "inner", [0.3, 0.4, 0.5, 0.6], *INSENSITIVE)
            for network in (LEARNING, FITTED, LONG)
        ),
        *(profile(shown, "inner", [0.6, 0.5, 0.4, 0.3], *INSENSITIVE) for shown in (FALSE, TRUE)),
    ],
    "C-C51": [changed("epochs", MEMORISING, (300, True))],
    "C-C53": [changed("kept", "train", 0.99), changed("kept", "validation", 0.05)],
    "C-N08": [changed("kept", "train", 0.99)],
    "C-N09": [changed("errors", ("mnist-5", "mnist/test", "accuracy"), 0.97)],
}  # fmt: skip


def test_the_table_and_the_tests_are_of_the_same_claims():
    printed = {name for name, claim in CLAIMS.items() if claim.published}
    assert printed == {"C-T01", "C-T02", "C-T03", "C-T04", "C-T05"}
    assert set(CLAIMS) == set(HERE) == set(REFUTATIONS)
    assert {CLAIMS[name].tested_as for name in CLAIMS} <= set(TESTS)
    assert {CLAIMS[name].tested_as for name in printed} == {"C-T01"}
    assert all(tuple(CLAIMS[name].published) == PRINTED for name in printed)


@pytest.mark.parametrize("jitter", [0.0, 0.01])
@pytest.mark.parametrize("name", CLAIMS)
def test_every_claim_can_be_reproduced(name, jitter):
    found = verdict_on(name, World(jitter).evidence())
    assert found.verdict == REPRODUCED, found
    assert {part.replicates for part in found.parts} == {REPLICATES}


@pytest.mark.parametrize("jitter", [0.0, 0.005])
@pytest.mark.parametrize("name", CLAIMS)
def test_every_comparison_of_every_claim_can_refute_it(name, jitter):
    refuted = set()
    for change in REFUTATIONS[name]:
        world = World(jitter)
        change(world)
        found = verdict_on(name, world.evidence())
        assert found.verdict == NOT_REPRODUCED, (change, found)
        assert found.reason.startswith("contradicted: ")
        refuted |= {part.part for part in found.parts if part.outcome == "false"}
    assert refuted == {part.part for part in found.parts if part.outcome != "not tested"}


@pytest.mark.parametrize("name", sorted(set(CLAIMS) - {"C-C39", "C-C40", "C-C53", "C-N08"}))
def test_replicates_that_differ_wildly_decide_nothing(name):
    """The claims left out rest on shares and correlations, which are bounded."""
    tables = World().tables()
    for key, column in (
        ("errors", "value"),
        ("deviations", "value"),
        ("training.history", "epoch"),
    ):
        rng = np.random.default_rng(9)
        tables[key][column] = tables[key][column] * np.exp(3 * rng.normal(size=len(tables[key])))
    assert verdict_on(name, World().evidence(**tables)).verdict == INCONCLUSIVE


@pytest.mark.parametrize("replicates", [1, 2])
@pytest.mark.parametrize("name", CLAIMS)
def test_a_claim_takes_three_replicates(name, replicates):
    found = verdict_on(name, World(replicates=replicates).evidence())
    assert found.verdict == INCONCLUSIVE
    assert f"{replicates} replicates" in found.reason


@pytest.mark.parametrize(
    ("name", "need"), [(name, need) for name, claim in CLAIMS.items() for need in claim.needs]
)
def test_a_claim_is_not_testable_without_what_it_needs(name, need):
    found = verdict_on(name, World().evidence(**without(World().tables(), {need})))
    assert found.verdict == NOT_TESTABLE
    assert found.parts == []
    assert need in found.reason
    assert CLAIMS[name].config in found.reason


@pytest.mark.parametrize("name", CLAIMS)
def test_a_claim_takes_no_more_than_what_it_needs(name):
    tables = World().tables()
    every = set().union(*(claim.needs for claim in CLAIMS.values()))
    unneeded = every - set(CLAIMS[name].needs)
    sets = {one for one in unneeded if "/" in one}
    unneeded -= sets if any("/" in need for need in CLAIMS[name].needs) else set()
    found = verdict_on(name, World().evidence(**without(tables, unneeded)))
    assert found == verdict_on(name, World().evidence())


def without(tables, names) -> dict:
    """The tables without the rows of these methods and sets."""
    kept = {}
    for key, table in tables.items():
        columns = [column for column in ("method", "set") if column in table]
        kept[key] = table[~table[columns].isin(names).any(axis=1)]
    return kept


@pytest.mark.parametrize("name", CLAIMS)
def test_without_any_table_nothing_is_testable(name):
    assert verdict_on(name, evidence_of({})).verdict == NOT_TESTABLE


def test_an_unknown_number_of_examples_is_missing():
    evidence = replace(World().evidence(), per_class={TRUE_LABELS: 100})
    found = verdict_on("C-C39", evidence)
    assert found.verdict == NOT_TESTABLE
    assert f"examples per class of {SHUFFLED}" in found.reason


@pytest.mark.parametrize("name", ["C-C39", "C-C48"])
def test_networks_of_unlike_depth_are_not_compared(name):
    world = World()
    world.set(SHOWN, "level", [60, 80])
    world.averages[SHOWN] = stripes()[:2]
    found = verdict_on(name, world.evidence())
    assert found.verdict == NOT_TESTABLE
    assert "depth" in found.reason


@pytest.mark.parametrize("name", ["C-C40", "C-C43", "C-C46"])
def test_networks_without_hidden_layers_are_not_testable(name):
    world = World()
    world.averages[TRUE] = []
    for scope in ("inner", "inter"):
        world.set(SHOWN, scope, [1], "euclidean", *INSENSITIVE)
    found = verdict_on(name, world.evidence())
    assert found.verdict == NOT_TESTABLE
    assert "hidden layers" in found.reason


@pytest.mark.parametrize("table", ["errors", "deviations", "averages", "training.history"])
def test_a_replicate_that_is_absent_leaves_its_claims_open(table):
    whole = World().tables()[table]
    evidence = World().evidence(**{table: whole[whole["replicate"] != 2]})
    found = {name: verdict_on(name, evidence).verdict for name in CLAIMS}
    touched = {"errors": "C-C11", "deviations": "C-C50", "averages": "C-C40"}
    assert found[touched.get(table, "C-C51")] == INCONCLUSIVE
    assert set(found.values()) <= {REPRODUCED, INCONCLUSIVE}


def test_the_order_of_rows_does_not_count():
    tables = {key: table.sample(frac=1, random_state=8) for key, table in World().tables().items()}
    shuffled, ordered = World().evidence(**tables), World().evidence()
    for name in CLAIMS:
        assert verdict_on(name, shuffled) == verdict_on(name, ordered)


@pytest.mark.parametrize(
    ("memorising", "fitted", "verdict"),
    [
        ((1000, False), (200, True), REPRODUCED),
        ((300, False), (200, True), INCONCLUSIVE),
        ((100, False), (200, True), INCONCLUSIVE),
        ((1000, True), (200, False), INCONCLUSIVE),
        ((300, True), (200, False), NOT_REPRODUCED),
        ((1000, False), (200, False), INCONCLUSIVE),
    ],
)
def test_a_network_that_never_got_there_gives_a_bound(memorising, fitted, verdict):
    world = World()
    world.epochs = {MEMORISING: memorising, FITTED: fitted}
    assert verdict_on("C-C51", world.evidence()).verdict == verdict


def test_epochs_are_counted_to_the_first_that_is_accurate_enough():
    rows = [(0, 1, 0.5), (0, 2, 0.99), (0, 3, 0.4), (0, 4, 1.0), (1, 1, 0.1), (1, 2, 0.98)]
    history = frame(rows, ["replicate", "epoch", "train_accuracy"]).assign(method=FITTED)
    epochs, there = epochs_to(evidence_of({"training.history": history}, 2), FITTED, 0.99)
    assert epochs.tolist() == [2, 2]
    assert there.tolist() == [True, False]


def test_methods_are_compared_on_the_same_draw():
    """Draws that differ much more than the methods do decide, because they are paired."""
    tables = World(jitter=0.0).tables()
    errors = tables["errors"]
    mlp = errors["method"] == "mlp-2"
    errors["value"] = 1e3 * errors["replicate"] - 0.5 * mlp
    assert verdict_on("C-C07", World().evidence(**tables)).verdict == REPRODUCED
    errors.loc[mlp, "replicate"] = (errors["replicate"][mlp] + 1) % REPLICATES
    assert verdict_on("C-C07", World().evidence(**tables)).verdict == INCONCLUSIVE


def test_digits_never_pass_for_mnist():
    digits, mnist = CLAIMS["C-C47 (digits)"], CLAIMS["C-C47"]
    assert digits.needs == ["digits-5", "digits/test"]
    assert mnist.needs == ["mnist-5", "mnist/test"]
    tables = without(World().tables(), {"mnist-5"})
    assert verdict_on("C-C47", World().evidence(**tables)).verdict == NOT_TESTABLE
    parts = verdict_on("C-C47 (digits)", World().evidence(**tables)).parts
    assert all("digits-5 on digits/test" in part.part for part in parts)


@pytest.mark.skipif(not REFERENCE.exists(), reason=f"no {REFERENCE}, the list of all statements")
def test_every_statement_of_the_thesis_is_in_the_table():
    wanted = {entry["id"] for entry in yaml.safe_load(REFERENCE.read_text())}
    assert {name for name in wanted if name.startswith("C-")} <= set(EVERY)


def test_claims_come_in_the_order_of_the_thesis():
    numbers = [re.search(r"\d+(\.\d+)*", claim.location)[0] for claim in WORK.claims]
    places = [tuple(map(int, number.split("."))) for number in numbers]
    assert places == sorted(places) and (6, 2, 4) in places


def test_every_claim_of_the_thesis_has_a_test_or_says_why_not():
    for name, claim in EVERY.items():
        assert (claim.tested_as in TESTS) == (claim.untested is None), name
    tested = {claim.tested_as for claim in WORK.claims}
    assert {name for name in TESTS if name.startswith("C-")} <= tested
    assert glassbox.claims.chen2017.__name__ == f"glassbox.claims.{WORK.name}"


def test_a_claim_without_a_test_is_an_error():
    with pytest.raises(GlassboxError, match="C-C99"):
        verdict(replace(CLAIMS["C-C44"], id="C-C99"), World().evidence())


# The table, the slice and the program


@pytest.mark.parametrize("name", CLAIMS)
def test_the_config_that_an_entry_names_has_what_it_needs(name):
    claim = CLAIMS[name]
    config = config_of(claim.config)
    for need in claim.needs:
        if "/" in need:
            dataset, split = need.split("/")
            assert split in config.origin(dataset).splits
        else:
            assert need in {**config.models, **config.detectors}


def config_of(file) -> schema.Config:
    """A work alone: at the scale that the file is of, or with the file laid over it."""
    _, work, name = Path(file).parts
    if (scale := Path(name).stem) in SCALES:
        return schema.load(workflow.content(works=[work], scale=scale))
    return schema.load(workflow.content(workflow.preset(f"{work}/{name}"), works=[work]))


def test_the_slice_holds_replicates_and_examples_per_class():
    config = schema.load(workflow.content())
    per_class = {TRUE_LABELS: 1000, SHUFFLED: 200, TEST: 100, "jumps/train": 200}
    wanted = {"replicates": 5, "own": {}, "per_class": per_class}
    assert json.loads(slices.claims(config)) == wanted
    other = config.model_copy(update={"seed": 1, "figures": {}, "tables": {}})
    assert slices.claims(other) == slices.claims(config)


def test_the_slice_leaves_out_sets_of_unequal_classes():
    config = schema.load(workflow.content())
    of = {"digits-5": ["digits/test"], "mlp-2": [TEST]}
    averages = config.analyses["averages"].model_copy(update={"of": of})
    analyses = {"averages": averages}
    found = json.loads(slices.claims(config.model_copy(update={"analyses": analyses})))
    assert found["per_class"] == {TEST: 100}


@pytest.fixture
def folder(tmp_path):
    """Tables of one more replicate than the study counts, in a file per replicate."""
    for key, table in World(replicates=REPLICATES + 1).tables().items():
        for replicate, part in table.groupby("replicate"):
            write_table(tmp_path / f"{key}-{replicate}.parquet", part)
    return tmp_path


def files_of(folder) -> dict[str, list[Path]]:
    """The files of each table in a folder."""
    return {key: sorted(folder.glob(f"{key}-*.parquet")) for key in World().tables()}


def claims_file(folder, names=HERE, **head) -> Path:
    """The work's claims.yaml with these claims alone, in their order."""
    content = yaml.safe_load(FILE.read_text())
    entries = [entry for name in names for entry in content["claims"] if entry["id"] == name]
    path = folder / WORK.name / "claims.yaml"
    path.parent.mkdir(exist_ok=True)
    text = yaml.safe_dump({**content, "claims": entries, **head}, sort_keys=False)
    path.write_text(text)
    return path


def program(folder, claims, files) -> subprocess.CompletedProcess:
    config = {"replicates": REPLICATES, "own": {}, "per_class": PER_CLASS}
    options = ["--config", json.dumps(config), "--claims", *claims]
    for name, paths in files.items():
        options += ["--table", name, *paths]
    options += ["--verdicts", folder / "verdicts.parquet", "--parts", folder / "parts.parquet"]
    options += ["--record", folder / "record.json"]
    command = [sys.executable, ROOT / "scripts/claims/claims.py", *options]
    return subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)


def test_the_program(folder):
    files, claims = files_of(folder), [claims_file(folder)]
    done = program(folder, claims, files)
    assert (done.returncode, done.stderr) == (0, "")
    verdicts_table = read_table(folder / "verdicts.parquet")
    columns = ["work", "id", "asked_by", "location", "statement", "test"]
    assert list(verdicts_table) == [*columns, "verdict", "reason", "published"]
    assert verdicts_table["id"].tolist() == list(HERE)
    assert set(verdicts_table["verdict"]) == {REPRODUCED}
    for row in verdicts_table.itertuples():
        numbers = CLAIMS[row.id].published
        assert pd.isna(row.published) if numbers is None else json.loads(row.published) == numbers
    parts = read_table(folder / "parts.parquet")
    assert list(parts["id"].unique()) == list(HERE)
    assert (parts["replicates"] == REPLICATES).all()
    assert set(parts["work"]) == set(verdicts_table["work"]) == {"chen2017"}
    evidence = World().evidence()
    assert parts["part"].tolist() == [
        part.part for name in HERE for part in verdict_on(name, evidence).parts
    ]

    first = [(folder / f"{name}.parquet").read_bytes() for name in ("verdicts", "parts")]
    program(folder, claims, {key: reversed(paths) for key, paths in files.items()})
    again = [(folder / f"{name}.parquet").read_bytes() for name in ("verdicts", "parts")]
    assert again == first


def test_the_record_of_the_program_lists_every_file_that_it_read(folder):
    files, claims = files_of(folder), claims_file(folder)
    assert program(folder, [claims], files).returncode == 0
    record = json.loads((folder / "record.json").read_text())
    read = [str(path) for paths in files.values() for path in paths]
    assert len(read) == 4 * (REPLICATES + 1)
    assert set(record["inputs"]) == {str(claims), *read}
    assert record["roles"] == {"claims": [str(claims)], "table": read}
    assert record["options"] == {}


def test_the_program_without_deviations_averages_and_histories(folder):
    files = {"errors": files_of(folder)["errors"]}
    assert program(folder, [claims_file(folder)], files).returncode == 0
    found = read_table(folder / "verdicts.parquet").set_index("id")["verdict"]
    reproduced = {"C-T01", "C-T02", "C-T03", "C-T04", "C-T05", "C-C07", "C-C11", "C-N09"}
    assert set(found[found == REPRODUCED].index) == reproduced
    assert set(found[found != REPRODUCED]) == {NOT_TESTABLE}
    assert set(read_table(folder / "parts.parquet")["id"]) == reproduced


def test_the_program_with_nothing_to_test_keeps_its_columns(folder):
    assert program(folder, [claims_file(folder, ["C-C47"])], {}).returncode == 0
    parts = read_table(folder / "parts.parquet")
    assert len(parts) == 0
    assert parts["effect"].dtype == "float64"


def test_the_program_refuses_two_entries_of_one_id(folder):
    for name in ("twice", "one", "two"):
        (folder / name).mkdir()
    within = [claims_file(folder / "twice", ["C-C44", "C-C44"])]
    across = [claims_file(folder / name, ["C-C44"]) for name in ("one", "two")]
    for claims in (within, across):
        done = program(folder, claims, {})
        assert done.returncode == 1
        assert "more than one entry has the id C-C44" in done.stderr
        assert "Traceback" not in done.stderr


def test_the_program_refuses_a_test_of_a_table_that_its_work_does_not_list(folder):
    claims = claims_file(folder, ["C-T01"], tables={"deviations": "all"})
    done = program(folder, [claims], files_of(folder))
    assert done.returncode == 1
    assert "a test reads the table errors, which claims.yaml does not list" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("tables", "said"),
    [(["errors"], "errors comes without a file"), (["errors", "a", "--table", "errors", "b"],
      "errors is there twice")],
)  # fmt: skip
def test_the_program_refuses_a_table_without_files_or_given_twice(tables, said):
    command = [sys.executable, ROOT / "scripts/claims/claims.py", "--claims", FILE]
    command += ["--verdicts", "v", "--parts", "p", "--table", *tables]
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert said in done.stderr
