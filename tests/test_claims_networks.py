"""The claims on CNNs, bottlenecks and gradient ascent, on a world where each can go either way."""

from functools import cache
from itertools import permutations

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
from glassbox.claims.hypotheses import above, below
from glassbox.claims.intervals import share_interval
from glassbox.claims.judging import TESTS, verdict
from glassbox.claims.verdicts import (
    INCONCLUSIVE,
    NOT_REPRODUCED,
    NOT_TESTABLE,
    RANKED,
    REPRODUCED,
    Correlation,
    judge,
)

HERE = (  # claims on CNNs, bottlenecks and gradient ascent
    *(f"C-T{number:02}" for number in range(6, 15)),
    *(f"C-C{number}" for number in (*range(15, 28), 31, *range(33, 38), 52)),
    *("C-N11", "C-N12"),
)
CLAIMS = {name: test_claims.EVERY[name] for name in HERE}
READ_OTHERWISE = sorted(name for name, claim in CLAIMS.items() if claim.readings)
SETTINGS = {name for section in test_claims.WORK.settings.values() for name in section}
MEASURES = ("L1", "L2", "L1_p99", "L2_p99")
MANY, FEW = 24, 20  # replicates: of networks with a number of their own, and of the rest
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
DEEP_L1 = (0.983, 0.8, 0.7, 0.71, 0.67, 0.715, 0.675, 0.65, 0.6478)
ACTIVE = (2, 3, 4, 4, 5, 4, 5, 8, 8)
FILTERS = {  # weights that smooth, or differentiate, by network and layer
    "cnn-3": [[1, 1, 1]],
    "cnn-5": [[1, 1, 1, 1, 1]],
    "cnn-7": [[-1, -1, -1, 0, 1, 1, 2]],
    "cnn-9": [[-1, -1, -1, 0, 1, 1, 2, 0, 0]],
    "cnn-5-9": [[1, 1, 1, 1, 1], [-1, -1, -1, 0, 1, 1, 2, 0, 0]],
}
RECTIFIED = "{}-rectified"
FILTERS |= {RECTIFIED.format(cnn): FILTERS[cnn] for cnn in CNNS[:2]}
WIDER = {f"{SHALLOW}-2", f"{DEEP}-2", *FILTERS}
OWN = dict.fromkeys(WIDER, MANY)


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
    values |= {RECTIFIED.format(cnn): PRINTED[cnn] for cnn in CNNS}
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
            averaged("cnn-7", TEST, [lambda _: flat, lambda _: -peaks, output]),
            averaged(RECTIFIED.format("cnn-7"), TEST, [lambda _: flat, lambda _: peaks, output]),
            *(averaged(network, TEST, [lambda _, shown=each: shown
                                       for each in (flat, peaks, peaks, moved, flat)])
              for network in ("cnn-5-7-9", RECTIFIED.format("cnn-5-7-9"))),
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
    clarities = dict(zip(MLPS, (16, 10, 8, 5), strict=True))
    clarities |= dict.fromkeys((*CNNS, *map(RECTIFIED.format, CNNS)), 4)
    for network, clarity in clarities.items():
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
                        "offset": 7 if network == "mlp-4" and label < 3 else 0,
                        "before": 0.0 if label == 0 else 0.2,
                        "after": 0.0 if label == LABELS - 1 else 0.2,
                    }
                )
    return pd.DataFrame(rows)


def all_signals():
    frames = []
    widths = {"cnn-5-9": (4, 3.8, 1.5), "cnn-5-7-9": (4, 3.8, 1.6, 1.5)}
    for network, layers in widths.items():
        for replicate in range(FEW):
            for layer, width in enumerate(layers):
                frame = pd.DataFrame({"sample": np.arange(1, LENGTH + 1), "value": bump(50, width)})
                names = {"method": network, "replicate": replicate, "depth": layer, "label": 29}
                frames.append(frame.assign(**names))
    return pd.concat(frames)


def all_attacks():
    """Distances that fall with depth, but where one network is wrong, and to answers far away."""
    rows = []
    for depth, network in enumerate(MLPS):
        for replicate in range(FEW):
            for example in range(7):
                right = example < 3 or depth != example % 4
                factor = 1 + 0.01 * example + 0.02 * jitter(replicate)
                falls, rises = factor * 0.8**depth, factor * 1.2**depth
                for apart, distance in ((1, falls if example < 3 else rises), (10, rises)):
                    rows.append((network, replicate, TEST, apart, 3 * example, right, distance))
    columns = ["method", "replicate", "set", "apart", "example_id", "right", "distance"]
    return pd.DataFrame(rows, columns=columns)


WORLD = {
    "errors": all_errors(),
    "filters": all_filters(),
    "averages": all_averages(),
    "unit_activity": all_units(),
    "gradient_ascents": all_ascents(),
    "gradient_ascents.signals": all_signals(),
    "adversarial_distances": all_attacks(),
}


def evidence(tables, count=FEW, **own):
    return test_claims.evidence_of(tables, count, own=own or OWN)


def verdict_on(name, **changed):
    return verdict(CLAIMS[name], evidence({**WORLD, **changed}))


def test_every_claim_has_a_test_or_printed_numbers():
    for name, claim in CLAIMS.items():
        assert (claim.tested_as == "C-T02") == bool(claim.published), name
        assert claim.tested_as in TESTS, name
    assert not set(CLAIMS) & set(test_claims.CLAIMS)


@pytest.mark.parametrize("name", CLAIMS)
def test_every_claim_can_be_reproduced(name):
    found = verdict_on(name)
    assert found.verdict == REPRODUCED, found.reason


@pytest.mark.parametrize("name", CLAIMS)
def test_without_any_table_nothing_is_testable(name):
    assert verdict(CLAIMS[name], evidence({})).verdict == NOT_TESTABLE


@cache
def needed(name):
    """The tables of what a claim needs."""
    needs = CLAIMS[name].needs
    tables = {key: table[table["method"].isin(needs)] for key, table in WORLD.items()}
    return {key: table for key, table in tables.items() if len(table)}


@pytest.mark.parametrize("name", CLAIMS)
def test_a_claim_takes_no_more_than_what_it_needs(name):
    assert verdict(CLAIMS[name], evidence(needed(name))) == verdict_on(name)


def with_one_or_two_active(units):
    """The activity of units with one active in every other replicate, and two in the rest."""
    return units.assign(active=(units["unit"] <= units["replicate"] % 2).astype(float))


def of_first(count):
    """The tables of so many replicates."""
    return {key: table[table["replicate"] < count] for key, table in WORLD.items()}


@pytest.mark.parametrize("name", CLAIMS)
def test_two_replicates_decide_nothing(name):
    found = verdict(CLAIMS[name], evidence(of_first(2), 2, **dict.fromkeys(WIDER, 2)))
    assert found.verdict == INCONCLUSIVE


@pytest.mark.parametrize(
    ("name", "model"),
    [(name, need) for name, claim in CLAIMS.items() for need in claim.needs
     if need.startswith(("nn", "mlp", "cnn", "bottle", "deep"))],
)  # fmt: skip
def test_models_are_compared_on_the_replicates_that_all_have(name, model):
    own = OWN | {model: FEW - 5}
    tables = {
        key: table[table["replicate"] < table["method"].map(own).fillna(FEW)]
        for key, table in needed(name).items()
    }
    found = verdict(CLAIMS[name], evidence(tables, **own))
    is_ranked = "further replicate" in CLAIMS[name].test
    assert found.verdict == (INCONCLUSIVE if is_ranked else REPRODUCED), found
    assert min(part.replicates for part in found.parts) == FEW - 5


@pytest.mark.parametrize(("count", "wanted"), [(RANKED - 1, INCONCLUSIVE), (RANKED, REPRODUCED)])
@pytest.mark.parametrize("name", [*(f"C-T{number:02}" for number in range(6, 15)), "C-N11"])
def test_a_printed_number_takes_nineteen_replicates(name, count, wanted):
    tables, own = of_first(count), dict.fromkeys(WIDER, count)
    assert verdict(CLAIMS[name], evidence(tables, count, **own)).verdict == wanted
    tables["errors"] = tables["errors"].assign(value=tables["errors"]["value"] * 1.3)
    tables["unit_activity"] = with_one_or_two_active(tables["unit_activity"])
    assert verdict(CLAIMS[name], evidence(tables, count, **own)).verdict == NOT_REPRODUCED


@pytest.mark.parametrize("name", READ_OTHERWISE)
def test_filters_that_are_rectified_are_another_reading(name):
    (reading,) = CLAIMS[name].readings
    asked = CLAIMS[name].read_as(reading)
    assert reading.words == "filters are rectified"
    assert verdict(asked, evidence(WORLD)).verdict == REPRODUCED
    for rectified in (True, False):
        tables = {
            key: table[table["method"].str.endswith("-rectified") == rectified]
            if key in ("filters", "averages")
            else table
            for key, table in WORLD.items()
        }
        errors = tables["errors"].copy()
        other = errors["method"].str.startswith("cnn")
        other &= errors["method"].str.endswith("-rectified") != rectified
        errors.loc[other & (errors["measure"] != "accuracy"), "value"] *= 2
        found = [verdict(each, evidence({**tables, "errors": errors})).verdict
                 for each in (asked, CLAIMS[name])]  # fmt: skip
        assert found[rectified] in (NOT_REPRODUCED, NOT_TESTABLE)
        assert found[not rectified] == REPRODUCED


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


def ordered(family, order):
    """The errors with those of a family's widths as this order says."""

    def change():
        errors = WORLD["errors"].copy()
        for width, value in zip(WIDTHS, order, strict=True):
            rows = (errors["method"] == f"{family}-{width}") & (errors["measure"] == "L1")
            errors.loc[rows, "value"] = value
        return {"errors": errors}

    return change


def less_reliable(measure):
    """The errors with a measure that varies more than the others."""

    def change():
        errors = WORLD["errors"].copy()
        rows = errors["measure"] == measure
        subjects = errors.loc[rows, ["method", "replicate"]].itertuples(index=False)
        errors.loc[rows, "value"] *= [1 + 0.1 * noise(*subject) for subject in subjects]
        return {"errors": errors}

    return change


def in_a_random_order(network, depth):
    """The averages with the classes of one layer mixed up."""

    def change():
        averages = WORLD["averages"].copy()
        order = np.random.default_rng(1).permutation(LABELS)
        plane = (averages["method"] == network) & (averages["depth"] == depth)
        averages.loc[plane, "label"] = order[averages.loc[plane, "label"]]
        return {"averages": averages}

    return change


def active(value, **where):
    return replaced("unit_activity", "active", value, **where)


def ascents(column, value, **where):
    return replaced("gradient_ascents", column, value, **where)


DEEPER = [f"{DEEP}-{width}" for width in WIDTHS]
REFUTATIONS = {
    **{
        name: [scaled(claim.of["method"], 1.3)]
        for name, claim in CLAIMS.items()
        if claim.published
    },
    "C-C15": [
        replaced("filters", "value", 1.0, method="cnn-7", measure="balance"),
        replaced("filters", "value", 0.1, method="cnn-7", measure="diagonal"),
        replaced("averages", "mean", 0.0, method="cnn-7", depth=1),
    ],
    "C-C16": [
        replaced("filters", "value", 0.1, method=["cnn-3", "cnn-5"], measure="balance"),
        replaced("filters", "value", 1.0, method=["cnn-7", "cnn-9"], measure="balance"),
    ],
    "C-C17": [
        replaced("filters", "value", 0.1, method="cnn-5-9", measure="balance", depth=1),
        replaced("filters", "value", 0.1, method="cnn-5-9", measure="weight", depth=1),
        replaced("filters", "value", 0.9, method="cnn-5-9", measure="balance", depth=2),
    ],
    "C-C18": [
        replaced("averages", "mean", 0.0, method="cnn-5-7-9", depth=3),
        scaled("cnn-5-7-9", 0.8),
    ],
    "C-C19": [
        *(scaled(cnn, 2.0) for cnn in CNNS),
        scaled("cnn-7", 1.1),
        scaled("mlp-2", 1.2),
    ],
    "C-C20": [scaled("nn-1", 0.9, "L2"), scaled("nn-1", 1.3, "L1", "L1_p99")],
    "C-C21": [
        *(scaled(f"{family}-{width}", 0.1) for family in (SHALLOW, DEEP) for width in (4, 10)),
        *(scaled(f"{DEEP}-{width}", 10.0) for width in (4, 10)),
        scaled("mlp-4", 0.7, "L1"),
    ],
    "C-C22": [scaled("bottleneck-2", 0.3)],
    "C-C23": [
        ordered(DEEP, range(9, 0, -1)),
        ordered(SHALLOW, range(9)),
        active(0.5, depth=2),
    ],
    "C-C24": [
        *(active(0.5, method=DEEPER, depth=layer) for layer in (1, 2, 3)),
        active(0.0, method="bottleneck-7", unit=0),
    ],
    "C-C25": [less_reliable(measure) for measure in ("L1", "L1_p99", "L2_p99")],
    "C-C26": [in_a_random_order(f"{SHALLOW}-2", 1), in_a_random_order(f"{DEEP}-2", 2)],
    "C-C27": [scaled(f"{family}-2", -1, "L1") for family in (SHALLOW, DEEP)],
    "C-C31": [
        *(scaled(f"{family}-10", 0.8) for family in (SHALLOW, DEEP)),
        active(0.5, method="deep-bottleneck-10"),
        active(0.5, method="deep-bottleneck-10", unit=[8, 0, 1, 2, 3, 4, 5, 6, 7]),
    ],
    "C-C33": [
        ascents("before", 0.2, method="nn-1", label=0),
        ascents("after", 0.2, method="nn-1", label=LABELS - 1),
        *(ascents(side, 0.0, method="nn-1", label=[19, 39]) for side in ("before", "after")),
    ],
    "C-C34": [
        ascents("clarity", 20.0, method="mlp-4"),
        ascents("offset", 1, method="mlp-4"),
        ascents("offset", 0, method="mlp-4", label=2),
        ascents("reached", False, method="mlp-4", label=[1, 2]),
    ],
    "C-C35": [
        replaced("adversarial_distances", "distance", 9.0, method="mlp-4", apart=1),
        replaced("adversarial_distances", "right", True),
    ],
    "C-C36": [ascents("clarity", 1.0, method=["nn-1", "mlp-2"])],
    "C-C37": [
        *(mirrored("gradient_ascents.signals", "depth", method=cnn) for cnn in CNNS[1:]),
        *(replaced("gradient_ascents.signals", "value", 0.0, depth=layer) for layer in (1, 2)),
    ],
    "C-C52": [
        scaled(network, 0.3)
        for network in ("mlp-3", "mlp-4", *CNNS, f"{SHALLOW}-10", f"{DEEP}-10")
    ],
    "C-N11": [lambda: {"unit_activity": with_one_or_two_active(WORLD["unit_activity"])}],
    "C-N12": [mirrored("averages", "mean", method="bottleneck-2", depth=2)],
}  # fmt: skip


@pytest.mark.parametrize("name", CLAIMS)
def test_every_comparison_can_refute_it(name):
    refuted = set()
    for change in REFUTATIONS[name]:
        found = verdict_on(name, **change())
        assert found.verdict == NOT_REPRODUCED, found
        refuted |= {part.part for part in found.parts if part.outcome == "false"}
    assert refuted == {part.part for part in found.parts if part.outcome != "not tested"}


def test_attacks_are_compared_on_the_signals_that_all_networks_answer_right():
    rng = np.random.default_rng(3)
    attacks = WORLD["adversarial_distances"].copy()
    attacks["distance"] = rng.lognormal(size=len(attacks))
    attacks["right"] = attacks["example_id"].isin([3, 9, 12]) | (rng.random(len(attacks)) < 0.5)
    attacks = attacks.sample(frac=1, random_state=4)
    for part, apart in zip(
        verdict_on("C-C35", adversarial_distances=attacks).parts, (1, 10), strict=True
    ):
        slopes = []
        for replicate in range(FEW):
            rows = attacks[(attacks["replicate"] == replicate) & (attacks["apart"] == apart)]
            right = [
                example
                for example, each in rows.groupby("example_id")
                if all(each.loc[each["method"] == network, "right"].item() for network in MLPS)
            ]
            rows = rows[rows["example_id"].isin(right)]
            medians = [np.median(rows.loc[rows["method"] == each, "distance"]) for each in MLPS]
            slopes.append(stats.linregress(range(1, 5), np.log(medians)).slope)
        assert part.effect == pytest.approx(np.mean(slopes))


def test_a_correlation_is_judged_by_the_permutations_that_are_as_high():
    ranks = np.arange(7)
    every = np.array([stats.spearmanr(ranks, each).statistic for each in permutations(ranks)])
    for order in np.random.default_rng(5).permuted(np.tile(ranks, (100, 1)), axis=1):
        found = stats.spearmanr(ranks, order).statistic
        low, high = Correlation("it", np.stack([ranks, order], axis=1), below(0), "1").ends(0.05)
        as_high, as_low = np.mean(every >= found - 1e-9), np.mean(every <= found + 1e-9)
        assert abs(as_high - 0.025) < 0.003 or (low > 0) == (as_high < 0.025)
        assert abs(as_low - 0.025) < 0.003 or (high < 0) == (as_low < 0.025)


def test_correlations_of_noise_are_told_from_0_in_five_percent():
    pairs = np.random.default_rng(6).normal(size=(2000, FEW, 2))
    ends = [Correlation("it", each, below(0), "1").ends(0.05) for each in pairs]
    assert np.mean([not low <= 0 <= high for low, high in ends]) == pytest.approx(0.05, abs=0.02)


@pytest.mark.parametrize("hypothesis", [below(0), above(0)])
@pytest.mark.parametrize("count", [3, 4])
def test_so_few_replicates_have_no_correlation_that_decides(count, hypothesis):
    for sign in (1, -1):
        pairs = np.stack([np.arange(count), sign * np.arange(count)], axis=1).astype(float)
        found = judge([Correlation("it", pairs, hypothesis, "1")])
        assert found.verdict == INCONCLUSIVE
        assert found.parts[0].effect == pytest.approx(sign)


def test_errors_that_are_all_equal_correlate_with_nothing():
    errors = replaced("errors", "value", 1.0, method=f"{DEEP}-2", measure="L1")()
    found = verdict_on("C-C27", **errors)
    assert found.verdict == INCONCLUSIVE
    assert [part.outcome for part in found.parts] == ["true", "undecided"]
    assert found.parts[1].effect is None


def test_replicates_at_chance_are_left_out():
    errors = WORLD["errors"].copy()
    lost = (errors["method"] == "cnn-7") & (errors["replicate"] == 2)
    errors.loc[lost, "value"] = 15.0
    errors.loc[lost & (errors["measure"] == "accuracy"), "value"] = 0.016
    found = verdict_on("C-T06", errors=errors)
    assert found.verdict == REPRODUCED
    assert {part.replicates for part in found.parts} == {MANY - 1}
    errors = evidence({"errors": errors})
    pairs = errors_of(errors, ["cnn-7", "nn-1"], TEST, "L1")
    assert pairs.shape == (FEW - 1, 2)
    assert learned(errors, "cnn-7").tolist() == [0, 1, *range(3, MANY)]


@pytest.mark.parametrize(("name", "method"), [("C-C23", f"{SHALLOW}-3"), ("C-C36", "mlp-3")])
def test_what_is_paired_with_errors_leaves_out_the_same_replicates(name, method):
    errors = WORLD["errors"].copy()
    lost = (errors["method"] == method) & (errors["replicate"] == 0)
    errors.loc[lost & (errors["measure"] == "L1"), "value"] = 15.0
    errors.loc[lost & (errors["measure"] == "accuracy"), "value"] = 0.016
    whole, found = verdict_on(name), verdict_on(name, errors=errors)
    assert found.verdict == whole.verdict
    assert {part.replicates for part in found.parts} == {
        part.replicates - 1 for part in whole.parts
    }


@pytest.mark.parametrize(("hits", "count"), [(0, 6), (6, 6), (3, 7), (19, 20)])
def test_the_interval_of_a_share_is_the_exact_one(hits, count):
    values = np.array([1.0] * hits + [0.0] * (count - hits))
    wanted = stats.binomtest(hits, count).proportion_ci(0.95, method="exact")
    assert share_interval(values, 0.05) == pytest.approx((wanted.low, wanted.high))


@pytest.mark.parametrize("name", CLAIMS)
def test_a_claim_rests_on_settings_of_the_work_for_all_that_it_needs(name):
    assert {need.split("/")[0] for need in CLAIMS[name].needs} <= SETTINGS
