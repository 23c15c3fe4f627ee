"""The claims on CNNs, bottlenecks and gradient ascent, on a world where each can go either way."""

import numpy as np
import pandas as pd
import pytest
import test_claims
from scipy import stats

from glassbox.claims.chen2017.readings import (
    CNNS,
    DEEP,
    MLPS,
    SHALLOW,
    TEST,
    TRAIN,
    WIDTHS,
    errors_of,
    learned,
)
from glassbox.claims.judging import TESTS, verdict
from glassbox.claims.verdicts import (
    INCONCLUSIVE,
    NOT_REPRODUCED,
    NOT_TESTABLE,
    REPRODUCED,
    share_interval,
)

HERE = (  # claims on CNNs, bottlenecks and gradient ascent
    *(f"C-T{number:02}" for number in range(6, 15)),
    *(f"C-T{number:02} (linear)" for number in range(6, 9)),
    *(f"C-C{number}" for number in (*range(15, 28), 31, *range(33, 38), 52)),
    *(f"C-C{number} (linear)" for number in (15, 17, 18, 19)),
    *("C-N11", "C-N12"),
)
CLAIMS = {name: test_claims.EVERY[name] for name in HERE}
MEASURES = ("L1", "L2", "L1_p99", "L2_p99")
MANY, FEW = 14, 5  # replicates: of shares and of correlations over replicates, and of the rest
LABELS, LENGTH, FIRST = 60, 100, 21
PRINTED = {
    "gaussian-derivative": (0.5532, 1.4946, 0.4917, 0.7443),
    "nn-1": (0.3065, 0.8043, 0.2606, 0.6304),
    "mlp-2": (0.3083, 0.7722, 0.2675, 0.6222),
    "mlp-3": (0.3583, 0.8132, 0.3169, 0.6667),
    "mlp-4": (0.3913, 0.8428, 0.3531, 0.7075),
} | {
    claim.of["method"]: tuple(claim.published.values())
    for claim in CLAIMS.values()
    if claim.published
}
SHALLOW_L1 = (1.5486, 1.3, 1.1626, 0.86, 0.85, 0.84, 0.83, 0.81, 0.798)
DEEP_L1 = (0.983, 0.8, 0.7, 0.66, 0.665, 0.655, 0.65, 0.64, 0.6478)
ACTIVE = (2, 3, 4, 5, 5, 6, 7, 8, 8)
FILTERS = {  # weights that smooth, or differentiate, by network and layer
    "cnn-3": [[1, 1, 1]],
    "cnn-5": [[1, 1, 1, 1, 1]],
    "cnn-7": [[-1, -1, -1, 0, 1, 1, 2]],
    "cnn-9": [[-1, -1, -1, 0, 1, 1, 2, 0, 0]],
    "cnn-5-9": [[1, 1, 1, 1, 1], [-1, -1, -1, 0, 1, 1, 2, 0, 0]],
}
FILTERS |= {f"{cnn}-linear": FILTERS[cnn] for cnn in CNNS[:2]}
WIDER = {f"{SHALLOW}-2", f"{DEEP}-2", *FILTERS}


def jitter(replicate):
    return np.linspace(-1, 1, MANY)[replicate]


def noise(method, replicate):
    """What differs between replicates in an order of the method's own."""
    order = np.random.default_rng(len(method) + ord(method[-1])).permutation(FEW)
    return jitter(order[replicate] if replicate < FEW else replicate)


def all_errors():
    values = dict(PRINTED)
    for family, errors in ((SHALLOW, SHALLOW_L1), (DEEP, DEEP_L1)):
        for width, error in zip(WIDTHS, errors, strict=True):
            values.setdefault(
                f"{family}-{width}", (error, 1.2 + error / 4, error * 0.93, error * 1.3)
            )
    values |= dict.fromkeys(("cnn-3", "cnn-5", "cnn-9"), PRINTED["cnn-7"])
    rows = []
    for method, printed in values.items():
        for replicate in range(MANY if method in WIDER else FEW):
            rows.append((method, replicate, TEST, "accuracy", 0.8))
            for measure, value in zip(MEASURES, printed, strict=True):
                spread = 0.005 * noise(method, replicate)
                factor = 1 + (spread if measure == "L2" else 0.0002 * jitter(replicate))
                rows.append((method, replicate, TEST, measure, value * factor))
    return pd.DataFrame(rows, columns=["method", "replicate", "set", "measure", "value"])


def all_filters():
    rows = []
    for network, layers in FILTERS.items():
        for replicate in range(MANY):
            for layer, weights in enumerate(layers, start=1):
                for tap, weight in enumerate(weights, start=1):
                    rows.append((network, replicate, layer, "weight", tap, weight))
                balance = abs(sum(weights)) / np.abs(weights).sum()
                rows.append((network, replicate, layer, "balance", 0, balance))
            rows.append((network, replicate, len(layers) + 1, "diagonal", 0, 0.7))
    return pd.DataFrame(rows, columns=["method", "replicate", "depth", "measure", "tap", "value"])


def bump(place, width):
    return np.exp(-0.5 * ((np.arange(1, LENGTH + 1) - place) / width) ** 2)


def averaged(method, shown, layers):
    """Rows of averaged activations: layers are functions of the replicate to (labels, units)."""
    frames = []
    for replicate in range(MANY if method in WIDER else FEW):
        for layer, of in enumerate(layers):
            means = of(replicate)
            labels, units = np.indices(means.shape)
            frame = pd.DataFrame({"label": labels.ravel(), "unit": units.ravel()})
            frame = frame.assign(mean=means.ravel(), depth=layer, replicate=replicate)
            frames.append(frame.assign(method=method, set=shown))
    return pd.concat(frames)


def curve(replicate):
    """Class means in the plane; unit 1 is off from class 50 on."""
    label = np.arange(LABELS)
    stretch = 1 + 0.01 * replicate
    return np.stack([stretch * np.maximum(50 - label, 0), label + 1.0], axis=1)


def output(_):
    right = np.where(np.arange(LABELS) < 50, 0.5, 0.2)
    return np.diag(right)


def all_averages():
    peaks = np.stack([bump(FIRST + label, 2) for label in range(LABELS)])
    flat = np.zeros((LABELS, 1))
    moved = np.roll(peaks, 3, axis=1)
    plane = [lambda _: flat, curve, output]
    deep = [lambda _: flat, lambda _: flat, curve, lambda _: flat, output]
    return pd.concat(
        [
            averaged("cnn-7", TEST, [lambda _: flat, lambda _: peaks, output]),
            averaged("cnn-7-linear", TEST, [lambda _: flat, lambda _: -peaks, output]),
            *(averaged(network, TEST, [lambda _, shown=each: shown
                                       for each in (flat, peaks, peaks, moved, flat)])
              for network in ("cnn-5-7-9", "cnn-5-7-9-linear")),
            averaged(f"{SHALLOW}-2", TRAIN, plane),
            averaged(f"{DEEP}-2", TRAIN, deep),
        ]
    )  # fmt: skip


def all_units():
    rows = []
    for width, active in zip(WIDTHS, ACTIVE, strict=True):
        layers = {
            f"{SHALLOW}-{width}": [(width, 0)],
            f"{DEEP}-{width}": [(25, 1), (width, width - active), (25, 2)],
        }
        for network, shapes in layers.items():
            for replicate in range(FEW):
                for layer, (units, dead) in enumerate(shapes, start=1):
                    shares = [0.0] * dead + [0.5] * (units - dead)
                    rows += [(network, replicate, TRAIN, layer, u, s) for u, s in enumerate(shares)]
    return pd.DataFrame(rows, columns=["method", "replicate", "set", "depth", "unit", "active"])


def all_ascents():
    rows = []
    clarities = dict(zip((*MLPS, "cnn-7"), (16, 10, 8, 5, 4), strict=True))
    linear = {f"{cnn}-linear": 4 for cnn in CNNS}
    for network, clarity in {**clarities, **linear}.items():
        for replicate in range(FEW):
            factor = 1 + 0.01 * jitter(replicate)
            for label in range(LABELS):
                rows.append(
                    {
                        "method": network,
                        "replicate": replicate,
                        "label": label,
                        "location": FIRST + label,
                        "reached": True,
                        "clarity": clarity * factor,
                        "distance": (4 + clarity / 4) * factor,
                        "offset": 7 if network == "mlp-4" and label == 0 else 0,
                        "before": 0.0 if label == 0 else 0.2,
                        "after": 0.0 if label == LABELS - 1 else 0.2,
                    }
                )
    return pd.DataFrame(rows)


def all_signals():
    frames = []
    widths = {"cnn-5-9-linear": (4, 3.8, 1.5), "cnn-5-7-9-linear": (4, 3.8, 1.6, 1.5)}
    for network, layers in widths.items():
        for replicate in range(FEW):
            for layer, width in enumerate(layers):
                frame = pd.DataFrame({"sample": np.arange(1, LENGTH + 1), "value": bump(50, width)})
                names = {"method": network, "replicate": replicate, "depth": layer, "label": 29}
                frames.append(frame.assign(**names))
    return pd.concat(frames)


WORLD = {
    "errors": all_errors(),
    "filters": all_filters(),
    "averages": all_averages(),
    "unit_activity": all_units(),
    "gradient_ascents": all_ascents(),
    "gradient_ascents.signals": all_signals(),
}


def verdict_on(name, **changed):
    return verdict(CLAIMS[name], test_claims.evidence_of({**WORLD, **changed}, FEW))


def test_every_claim_has_a_test_or_printed_numbers():
    for name, claim in CLAIMS.items():
        assert (claim.tested_as == "C-T01") == bool(claim.published), name
        assert claim.tested_as in TESTS, name
    assert not set(CLAIMS) & set(test_claims.CLAIMS)


@pytest.mark.parametrize("name", CLAIMS)
def test_every_claim_can_be_reproduced(name):
    found = verdict_on(name)
    assert found.verdict == REPRODUCED, found.reason


@pytest.mark.parametrize("name", CLAIMS)
def test_without_any_table_nothing_is_testable(name):
    assert verdict(CLAIMS[name], test_claims.evidence_of({}, FEW)).verdict == NOT_TESTABLE


@pytest.mark.parametrize("name", CLAIMS)
def test_two_replicates_decide_nothing(name):
    few = {key: table[table["replicate"] < 2] for key, table in WORLD.items()}
    found = verdict(CLAIMS[name], test_claims.evidence_of(few, 2))
    assert found.verdict == INCONCLUSIVE


def scaled(method, factor, *measures):
    """The errors with those of one method multiplied."""

    def change():
        errors = WORLD["errors"].copy()
        rows = (errors["method"] == method) & errors["measure"].isin(measures or MEASURES)
        errors.loc[rows, "value"] *= factor
        return {"errors": errors}

    return change


def replaced(table, column, value, **where):
    """A table with one column set to a value in some rows."""

    def change():
        frame = WORLD[table].copy()
        rows = np.ones(len(frame), dtype=bool)
        for name, wanted in where.items():
            rows &= frame[name].isin(wanted if isinstance(wanted, list) else [wanted]).to_numpy()
        assert rows.any()
        frame.loc[rows, column] = value
        return {table: frame}

    return change


def mirrored(table, column, **where):
    """A table with a column of one group in reverse order."""

    def change():
        frame = WORLD[table].copy()
        rows = np.ones(len(frame), dtype=bool)
        for name, wanted in where.items():
            rows &= (frame[name] == wanted).to_numpy()
        frame.loc[rows, column] = frame.loc[rows, column].to_numpy()[::-1]
        return {table: frame}

    return change


REFUTATIONS = [
    *((name, scaled(claim.of["method"], 1.3)) for name, claim in CLAIMS.items() if claim.published),
    ("C-C15", replaced("filters", "value", 1.0, method="cnn-7", measure="balance")),
    ("C-C15", replaced("filters", "value", 0.1, method="cnn-7", measure="diagonal")),
    ("C-C15", replaced("averages", "mean", 0.0, method="cnn-7", depth=1)),
    ("C-C16", replaced("filters", "value", 0.1, method="cnn-5", measure="balance")),
    ("C-C16", replaced("filters", "value", 1.0, method="cnn-9", measure="balance")),
    ("C-C17", replaced("filters", "value", 0.1, method="cnn-5-9", measure="weight", depth=1)),
    ("C-C17", replaced("filters", "value", 0.9, method="cnn-5-9", measure="balance", depth=2)),
    ("C-C15 (linear)", replaced("averages", "mean", 0.0, method="cnn-7-linear", depth=1)),
    ("C-C17 (linear)", replaced("filters", "value", 0.9, method="cnn-5-9-linear", depth=2)),
    ("C-C18 (linear)", scaled("cnn-5-7-9-linear", 0.8)),
    ("C-C19 (linear)", scaled("cnn-5-9-linear", 1.05)),
    ("C-C18", replaced("averages", "mean", 0.0, method="cnn-5-7-9", depth=3)),
    ("C-C18", scaled("cnn-5-7-9", 0.8)),
    ("C-C19", scaled("cnn-5-9", 1.05)),
    ("C-C19", scaled("mlp-2", 1.2)),
    ("C-C20", scaled("nn-1", 0.9, "L2")),
    ("C-C21", scaled("bottleneck-4", 0.4, "L1")),
    ("C-C21", scaled("mlp-4", 0.7, "L1")),
    ("C-C22", scaled("bottleneck-2", 0.3, "L1_p99")),
    ("C-C23", replaced("unit_activity", "active", 0.5, depth=2)),
    ("C-C24", replaced("unit_activity", "active", 0.5, depth=3)),
    ("C-C24", replaced("unit_activity", "active", 0.0, method="bottleneck-7", unit=0)),
    ("C-C31", scaled("bottleneck-10", 0.8)),
    ("C-C31", replaced("unit_activity", "active", 0.5, method="deep-bottleneck-10")),
    ("C-C33", replaced("gradient_ascents", "before", 0.2, method="nn-1", label=0)),
    ("C-C33", replaced("gradient_ascents", "after", 0.0, method="nn-1", label=19)),
    ("C-C34", replaced("gradient_ascents", "clarity", 20.0, method="mlp-4")),
    ("C-C34", replaced("gradient_ascents", "offset", 1, method="mlp-4")),
    ("C-C34", replaced("gradient_ascents", "reached", False, method="mlp-4", label=[1, 2])),
    ("C-C35", replaced("gradient_ascents", "distance", 9.0, method="mlp-4")),
    ("C-C36", replaced("gradient_ascents", "clarity", 1.0, method=["nn-1", "mlp-2"])),
    ("C-C37", mirrored("gradient_ascents.signals", "depth", method="cnn-5-9-linear")),
    ("C-C52", scaled("cnn-5-9", 0.9)),
    ("C-N11", replaced("unit_activity", "active", 0.5, method="deep-bottleneck-6")),
    ("C-N12", mirrored("averages", "mean", method="bottleneck-2", depth=2)),
]


@pytest.mark.parametrize(("name", "change"), REFUTATIONS)
def test_a_claim_can_be_refuted(name, change):
    assert verdict_on(name, **change()).verdict == NOT_REPRODUCED


def test_error_and_separation_that_go_together_refute_their_claim():
    errors = WORLD["errors"].copy()
    two = errors["method"].isin([f"{SHALLOW}-2", f"{DEEP}-2"]) & (errors["measure"] == "L1")
    errors.loc[two, "value"] *= -1
    assert verdict_on("C-C27", errors=errors).verdict == NOT_REPRODUCED


def test_classes_in_a_random_order_refute_continuity():
    averages = WORLD["averages"].copy()
    order = np.random.default_rng(1).permutation(LABELS)
    plane = (averages["method"] == f"{SHALLOW}-2") & (averages["depth"] == 1)
    averages.loc[plane, "label"] = order[averages.loc[plane, "label"]]
    assert verdict_on("C-C26", averages=averages).verdict == NOT_REPRODUCED


def test_a_measure_that_varies_more_refutes_that_l2_is_least_reliable():
    errors = WORLD["errors"].copy()
    first = errors["measure"] == "L1"
    subjects = errors.loc[first, ["method", "replicate"]].itertuples(index=False)
    errors.loc[first, "value"] *= [1 + 0.1 * noise(*subject) for subject in subjects]
    assert verdict_on("C-C25", errors=errors).verdict == NOT_REPRODUCED


def test_replicates_at_chance_are_left_out():
    errors = WORLD["errors"].copy()
    lost = (errors["method"] == "cnn-7") & (errors["replicate"] == 2)
    errors.loc[lost, "value"] = 15.0
    errors.loc[lost & (errors["measure"] == "accuracy"), "value"] = 0.016
    found = verdict_on("C-T06", errors=errors)
    assert found.verdict == REPRODUCED
    assert {part.replicates for part in found.parts} == {MANY - 1}
    evidence = test_claims.evidence_of({"errors": errors}, FEW)
    pairs = errors_of(evidence, ["cnn-7", "nn-1"], TEST, "L1")
    assert pairs.shape == (FEW - 1, 2)
    assert learned(evidence, "cnn-7").tolist() == [0, 1, *range(3, MANY)]


@pytest.mark.parametrize(("hits", "count"), [(0, 6), (6, 6), (3, 7), (19, 20)])
def test_the_interval_of_a_share_is_the_exact_one(hits, count):
    values = np.array([1.0] * hits + [0.0] * (count - hits))
    wanted = stats.binomtest(hits, count).proportion_ci(0.95, method="exact")
    assert share_interval(values, 0.05) == pytest.approx((wanted.low, wanted.high))


@pytest.mark.parametrize("name", CLAIMS)
def test_the_config_that_an_entry_names_has_what_it_needs(name):
    claim = CLAIMS[name]
    config = test_claims.config_of(claim.config)
    for need in claim.needs:
        if "/" in need:
            dataset, split = need.split("/")
            assert split in config.origin(dataset).splits
        else:
            known = {**config.models, **config.detectors}
            assert need in known or all(f"{need}-{width}" in known for width in WIDTHS)
