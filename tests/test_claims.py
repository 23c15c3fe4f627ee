"""The verdicts on the claims: each test on worlds where it goes either way, and the program."""

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
from glassbox.claims.layers import UNTRAINED
from glassbox.claims.table import LEDGER
from glassbox.claims.verdicts import (
    INCONCLUSIVE,
    NOT_REPRODUCED,
    NOT_TESTABLE,
    OTHER_SETTINGS,
    REPRODUCED,
)
from glassbox.claims.works import read_work
from glassbox.errors import GlassboxError
from glassbox.tables import read_table, write_table
from study import schema, slices

ROOT = Path(__file__).parent.parent
FILE = ROOT / "scripts/glassbox/claims/chen2017/claims.yaml"
WORK = read_work(FILE)
EVERY = {claim.id: claim for claim in WORK.claims}
HERE = (  # claims on errors, averaged activations, deviations and histories
    *("C-C53", "C-T01", "C-T02", "C-T03", "C-T04", "C-T05", "C-C07", "C-C11", "C-N08", "C-C39"),
    *("C-C40", "C-C43", "C-C44", "C-C45", "C-C46", "C-C47", "C-C47 (digits)", "C-N09", "C-C48"),
    *("C-C49", "C-C50", "C-C51"),
)
CLAIMS = {name: claim for name, claim in EVERY.items() if name in HERE}
REPLICATES = 20
DRAWS, DRAWS_OF = 400, "chen2017-3.1-draws"
PER_CLASS = {TRUE_LABELS: 100, SHUFFLED: 20}


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
STARTS = (
    (UNTRAINED.format(LEARNING), TRUE_LABELS),
    (UNTRAINED.format(MEMORISING), TRUE_LABELS),
    (UNTRAINED.format(MEMORISING), SHUFFLED),
)
JITTER = np.array([-1.0, 0.5, 0.2, 0.8, -0.4])
RANKS = np.random.default_rng(10).permutation(np.linspace(-1, 1, DRAWS))


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
        self.validation = 1 / 60
        self.draws = dict(CLAIMS["C-T01"].published)
        self._deviations()
        self.averages[LEARNING, TRUE_LABELS] = stripes()
        self.averages[MEMORISING, TRUE_LABELS] = stripes()
        self.averages[MEMORISING, SHUFFLED] = speckle(0.02)
        self.averages[UNTRAINED.format(MEMORISING), TRUE_LABELS] = speckle(0.02)
        self.epochs = {MEMORISING: (1000, True), FITTED: (200, True)}

    def _deviations(self) -> None:
        learning = (LEARNING, TRUE_LABELS)
        self.set(learning, "level", [60, 80, 100, 130])
        self.set(learning, "inner", [14, 13, 15, 18], "euclidean")
        self.set(learning, "inter", [3.5, 4, 5, 6], "euclidean")
        self.set(learning, "inner", [0.3, 0.25, 0.2, 0.15], *INSENSITIVE)
        self.set(learning, "inter", [0.10, 0.06, 0.05, 0.07], *INSENSITIVE)
        for start, shown in STARTS:
            self.set((start, shown), "inner", [0.3, 0.31, 0.3, 0.31], *INSENSITIVE)
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
            averaged(method, shown, layer, values, self.replicates, self.jitter)
            for (method, shown), layers in self.averages.items()
            for layer, values in enumerate([np.ones((12, 4)), *layers, np.eye(12)])
        ]
        histories = [
            (network, replicate, epoch, done, epoch == last, *self.accuracies(done, epoch == last))
            for network, (count, done) in self.epochs.items()
            for replicate, last in enumerate(np.rint(self.varied((network,), count)).astype(int))
            for epoch in (1, last // 2, last)
        ]
        draws = [
            ("gaussian-derivative", number % 2, TEST, measure, number // 2, value)
            for measure, mean in self.draws.items()
            for number, value in enumerate(mean * (1 + 3 * self.jitter * RANKS))
        ]
        identity = ["method", "replicate", "set"]
        return {
            "errors": frame(errors, [*identity, "measure", "value"]),
            "detector_draws": frame(draws, [*identity, "measure", "draw", "value"]),
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
        return 1.0 if done else 0.9, self.validation

    def evidence(self, **tables) -> Evidence:
        return evidence_of({**self.tables(), **tables}, self.replicates, per_class=PER_CLASS)


def evidence_of(tables, replicates=REPLICATES, **more) -> Evidence:
    """Evidence with these tables, and without the others that the work lists."""
    assert tables.keys() <= WORK.tables.keys()
    return Evidence(replicates, {**dict.fromkeys(WORK.tables), **tables}, **more)


def frame(rows, columns) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=columns)


def averaged(method, shown, layer, values, replicates, jitter) -> pd.DataFrame:
    """The table of one layer's averages; replicates differ by noise about as large as jitter."""
    labels, units = values.shape
    noise = [np.random.default_rng([one, layer]).normal(size=(labels, units))
             for one in range(replicates)]  # fmt: skip
    index = pd.MultiIndex.from_product(
        [range(replicates), range(labels), range(units)], names=["replicate", "label", "unit"]
    )
    means = values * (1 + jitter * np.array(noise))
    table = pd.DataFrame({"mean": means.ravel(), "variance": 1.0}, index).reset_index()
    return table.assign(method=method, set=shown, depth=layer)


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


def check_drawn(world):
    for measure in PRINTED:
        world.draws[measure] *= 1.3


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
    "C-T01": [check_drawn],
    "C-C07": [
        changed("errors", ("mlp-2", TEST, "maximum"), 60),
        changed("errors", ("mlp-2", TEST, "q999"), 13),
    ],
    "C-C11": [
        all_of(*(changed("errors", (network, TEST, measure), 2) for measure in PRINTED))
        for network in ("nn-1", "mlp-2", "mlp-3", "mlp-4")
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
    "C-C45": [
        profile(SHOWN, "inner", [0.2, 0.25, 0.2, 0.3], *INSENSITIVE),
        profile(STARTS[0], "inner", [0.3, 0.1, 0.05, 0.02], *INSENSITIVE),
    ],
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
        profile(STARTS[0], "inner", [0.3, 0.1, 0.05, 0.02], *INSENSITIVE),
        *(profile(shown, "inner", [0.3, 0.9, 2, 4], *INSENSITIVE) for shown in STARTS[1:]),
    ],
    "C-C51": [changed("epochs", MEMORISING, (300, True))],
    "C-C53": [
        changed("errors", (*FALSE, "accuracy"), 0.99),
        lambda world: setattr(world, "validation", 0.05),
    ],
    "C-N08": [changed("errors", (*FALSE, "accuracy"), 0.999)],
    "C-N09": [changed("errors", ("mnist-5", "mnist/test", "accuracy"), 0.97)],
}  # fmt: skip


def test_the_table_and_the_tests_are_of_the_same_claims():
    printed = {name for name, claim in CLAIMS.items() if claim.published}
    assert printed == {"C-T01", "C-T02", "C-T03", "C-T04", "C-T05"}
    assert set(CLAIMS) == set(HERE) == set(REFUTATIONS)
    assert {CLAIMS[name].tested_as for name in CLAIMS} <= set(TESTS)
    assert {CLAIMS[name].tested_as for name in printed} == {"C-T01", "C-T02"}
    assert all(tuple(CLAIMS[name].published) == PRINTED for name in printed)


@pytest.mark.parametrize("jitter", [0.0, 0.01])
@pytest.mark.parametrize("name", CLAIMS)
def test_every_claim_can_be_reproduced(name, jitter):
    found = verdict_on(name, World(jitter).evidence())
    assert found.verdict == REPRODUCED, found
    assert {part.replicates for part in found.parts} == {DRAWS if name == "C-T01" else REPLICATES}


@pytest.mark.parametrize(
    ("name", "jitter"),
    [
        (name, jitter)
        for name, claim in CLAIMS.items()
        for jitter in (0.0, 0.005)
        if jitter or claim.tested_as != "C-T02"  # twenty equal values can't refute four numbers
    ],
)
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


BOUNDED = {"C-C39", "C-C40", "C-C53", "C-N08"}  # shares and correlations
NUMBERS = {"C-T01", "C-T02", "C-T03", "C-T04", "C-T05", "C-N09"}


@pytest.mark.parametrize("name", sorted(set(CLAIMS) - BOUNDED - NUMBERS))
def test_replicates_that_differ_wildly_decide_nothing(name):
    """But for printed numbers, any of which may be one of them."""
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
@pytest.mark.parametrize("name", [name for name in CLAIMS if name != "C-T01"])
def test_a_claim_takes_three_replicates(name, replicates):
    found = verdict_on(name, World(replicates=replicates).evidence())
    assert found.verdict == INCONCLUSIVE
    assert f"{replicates} replicates" in found.reason


@pytest.mark.parametrize("name", sorted(NUMBERS - {"C-T01"}))
def test_a_printed_number_takes_nineteen_replicates(name):
    found = {count: verdict_on(name, World(replicates=count).evidence()) for count in (18, 19)}
    assert [each.verdict for each in found.values()] == [INCONCLUSIVE, REPRODUCED]


def test_a_printed_number_takes_draws_enough_for_a_rank():
    draws = World().tables()["detector_draws"]
    for few, wanted in ((draws["draw"] < 20, REPRODUCED), (draws["draw"] < 19, INCONCLUSIVE)):
        evidence = World().evidence(detector_draws=draws[few])
        assert verdict_on("C-T01", evidence).verdict == wanted


@pytest.mark.parametrize(
    ("name", "need"), [(name, need) for name, claim in CLAIMS.items() for need in claim.needs]
)
def test_a_claim_is_not_testable_without_what_it_needs(name, need):
    found = verdict_on(name, World().evidence(**without(World().tables(), {need})))
    assert found.verdict == NOT_TESTABLE
    assert found.parts == []
    wanted = f"this study has no .+; the test needs what {CLAIMS[name].config} asks for"
    assert re.fullmatch(wanted, found.reason)


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
    """The tables without the rows of these methods, before training too, sets and experiments."""
    kept = {}
    for key, table in tables.items():
        method = table["method"].str.removesuffix(UNTRAINED.format(""))
        shown = table.get("set", method)
        kept[key] = table[~method.isin(names) & ~shown.isin(names)]
    if DRAWS_OF in names:
        kept["detector_draws"] = None
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


READ = {
    "errors": NUMBERS - {"C-T01"} | {"C-C07", "C-C11", *BOUNDED},
    "deviations": {name for name in CLAIMS if "C-C43" <= name < "C-C51"},
    "averages": {"C-C39", "C-C40"},
    "training.history": {"C-C51", "C-C53"},
}


@pytest.mark.parametrize("table", READ)
def test_a_replicate_that_is_absent_leaves_its_claims_open(table):
    whole = World().tables()[table]
    evidence = World().evidence(**{table: whole[whole["replicate"] != 2]})
    found = {name: verdict_on(name, evidence).verdict for name in CLAIMS}
    open_to = {name for name, each in found.items() if each == INCONCLUSIVE}
    assert open_to == READ[table]
    assert set(found.values()) == {REPRODUCED, INCONCLUSIVE}


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


def test_the_slice_holds_replicates_examples_per_class_scale_and_settings():
    config = schema.load(workflow.content())
    found = json.loads(slices.claims(config, [WORK]))
    assert found["per_class"] == {TRUE_LABELS: 1000, SHUFFLED: 200, TEST: 100}
    assert (found["replicates"], found["scale"]) == (config.replicates, "laptop")
    own = {name: each.replicates or config.replicates for name, each in config.models.items()}
    assert {name: found["own"].get(name, config.replicates) for name in own} == own
    jumps = found["settings"][WORK.name]["datasets"]["jumps"]
    assert jumps.keys() == WORK.settings["datasets"]["jumps"].keys()
    other = config.model_copy(update={"seed": 1})
    assert slices.claims(other, [WORK]) == slices.claims(config, [WORK])


def test_the_slice_changes_with_a_setting_that_claims_rest_on_and_with_no_other():
    whole = slices.claims(schema.load(workflow.content()), [WORK])
    for jumps in ({"noise": 2.0}, {"per_class": {"validation": 50}}):
        config = schema.load(workflow.content({"datasets": {"jumps": jumps}}))
        assert slices.claims(config, [WORK]) != whole
    config = schema.load(workflow.content({"models": {"mlp-2": {"recipe": {"max_epochs": 9999}}}}))
    assert slices.claims(config, [WORK]) == whole


def test_the_slice_leaves_out_sets_of_unequal_classes():
    config = schema.load(workflow.content())
    of = {"digits-5": ["digits/test"], "mlp-2": [TEST]}
    averages = config.analyses["averages"].model_copy(update={"of": of})
    analyses = {"averages": averages}
    found = json.loads(slices.claims(config.model_copy(update={"analyses": analyses}), [WORK]))
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


def program(
    folder, claims, files, recorded=(), settings=WORK.settings
) -> subprocess.CompletedProcess:
    config = {"replicates": REPLICATES, "own": {}, "per_class": PER_CLASS, "scale": "laptop"}
    config |= {"settings": {WORK.name: settings}, "shown": {}}
    options = ["--config", json.dumps(config), "--claims", *claims]
    options += ["--recorded", *recorded] if recorded else []
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
    assert list(verdicts_table) == list(LEDGER)
    assert verdicts_table["id"].tolist() == list(HERE)
    assert set(verdicts_table["verdict"]) == {REPRODUCED}
    for row in verdicts_table.itertuples():
        numbers = CLAIMS[row.id].published
        assert pd.isna(row.published) if numbers is None else json.loads(row.published) == numbers
    parts = read_table(folder / "parts.parquet")
    assert list(parts["id"].unique()) == list(HERE)
    assert set(parts["replicates"][parts["id"] != "C-T01"]) == {REPLICATES}
    assert (verdicts_table["twice"] > 0.8).all()
    assert verdicts_table[["needed", "other_readings", "other_scale"]].isna().all(axis=None)
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
    files, claims, recorded = files_of(folder), claims_file(folder, ["C-C44"]), folder / "r.yaml"
    recorded.write_text("{}")
    assert program(folder, [claims], files, [recorded]).returncode == 0
    record = json.loads((folder / "record.json").read_text())
    read = [str(path) for paths in files.values() for path in paths]
    assert len(read) == 4 * (REPLICATES + 1) + 2
    assert set(record["inputs"]) == {str(claims), str(recorded), *read}
    roles = {"claims": [str(claims)], "recorded": [str(recorded)], "table": read}
    assert record["roles"] == roles
    assert record["options"] == {}


def test_the_program_without_deviations_averages_and_histories(folder):
    files = {"errors": files_of(folder)["errors"]}
    assert program(folder, [claims_file(folder)], files).returncode == 0
    found = read_table(folder / "verdicts.parquet").set_index("id")["verdict"]
    reproduced = {"C-T02", "C-T03", "C-T04", "C-T05", "C-C07", "C-C11", "C-N08", "C-N09"}
    assert set(found[found == REPRODUCED].index) == reproduced
    assert set(found[found != REPRODUCED]) == {NOT_TESTABLE}
    assert set(read_table(folder / "parts.parquet")["id"]) == reproduced


def test_the_program_under_other_settings_gives_values_without_verdicts(folder):
    """Of the claims that rest on them: C-C47 is of other images."""
    jumps = {**WORK.settings["datasets"]["jumps"], "noise": 2.0}
    settings = {**WORK.settings, "datasets": {**WORK.settings["datasets"], "jumps": jumps}}
    claims = [claims_file(folder, ["C-C44", "C-C47", "C-C51"])]
    assert program(folder, claims, files_of(folder), settings=settings).returncode == 0
    found = read_table(folder / "verdicts.parquet").set_index("id")
    verdicts_found = dict.fromkeys(["C-C44", "C-C51"], OTHER_SETTINGS) | {"C-C47": REPRODUCED}
    assert found["verdict"].to_dict() == verdicts_found
    assert found["reason"]["C-C51"] == "datasets.jumps.noise is 2.0, and 1.0 in the work"
    assert found["twice"].notna().to_dict() == {"C-C44": False, "C-C47": True, "C-C51": False}
    parts = read_table(folder / "parts.parquet").set_index("id")
    assert set(parts.loc[["C-C44", "C-C51"], "outcome"]) == {"not tested"}
    assert parts[["effect", "low", "high"]].notna().all(axis=None)


def test_the_program_tells_the_verdict_of_the_other_scale(folder):
    recorded = folder / "recorded.yaml"
    recorded.write_text(
        "published: {seed: 1, verdicts: {C-C44: not reproduced}}\n"
        "laptop: {seed: 1, verdicts: {C-C51: inconclusive}}\n"
    )
    claims = [claims_file(folder, ["C-C44", "C-C51"])]
    assert program(folder, claims, files_of(folder), [recorded]).returncode == 0
    found = read_table(folder / "verdicts.parquet").set_index("id")["other_scale"]
    assert found["C-C44"] == NOT_REPRODUCED and pd.isna(found["C-C51"])


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
    claims = claims_file(folder, ["C-T02"], tables={"deviations": "all"})
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
