"""Claims of rauber2017 on neurons, where what they say is so and where it is not."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from glassbox.analyses.neuron_tables import AREA, MAP, PAIRS, TREES, WITHIN
from glassbox.analyses.scores import ALL_CLASSES
from glassbox.claims.evidence import Evidence, Missing
from glassbox.claims.judging import TESTS, judged
from glassbox.claims.rauber2017 import neurons
from glassbox.claims.verdicts import INCONCLUSIVE, NOT_REPRODUCED, REPRODUCED, judge
from glassbox.claims.works import read_work

NETWORKS, CLASSES, LABEL = 5, 10, 3
WORK = read_work(Path(neurons.__file__).parent / "claims.yaml")
CNN, START, SET = "cnn", "cnn@0", "data/test"
OF = {"method": CNN, "data": "data"}
WIGGLE = 0.01 * np.linspace(-1, 1, NETWORKS)
EXPECTED = {"moran": -0.1, "purity": 0.1}  # by chance
# Moran's I and purity above chance, by space: in a world where all holds.
SPACES = {CNN: {MAP: 0.5, PAIRS: 0.6, WITHIN: 0.3}, START: {MAP: 0.1, PAIRS: 0.2, WITHIN: 0.05}}
CHOSEN = {"auroc_1": 0.97, "against_runner_up": 0.95, "runner_up_auroc": 0.6}


def measures(spaces=SPACES, scores=(TREES, AREA)):
    """The table of measures, of the last layer, beside one before it that has no groups."""
    rows = [
        (method, SET, replicate, depth, space, score, measure, label, value)
        for method, found in spaces.items()
        for replicate in range(NETWORKS)
        for depth in (1, 2)
        for space, excess in found.items()
        for score in scores
        for measure, label in (
            *(("moran", each) for each in range(CLASSES)),
            ("purity", ALL_CLASSES),
        )
        for value in [
            EXPECTED[measure]
            + (excess + WIGGLE[replicate] * (2 if method == CNN else 1) if depth == 2 else 0)
        ]
    ]
    names = ["method", "set", "replicate", "depth", "space", "score", "measure", "label", "value"]
    table = pd.DataFrame(rows, columns=names)
    return table.assign(expected=table["measure"].map(EXPECTED))


def chosen(worst=None, **changes):
    """The table of chosen neurons; worst: a class whose neuron tells it badly."""
    columns = {**CHOSEN, **changes}
    rows = [
        {"method": CNN, "set": SET, "replicate": replicate, "depth": 2, "label": label}
        | {name: value + WIGGLE[replicate] + 0.0001 * label for name, value in columns.items()}
        for replicate in range(NETWORKS)
        for label in range(CLASSES)
    ]
    table = pd.DataFrame(rows)
    table.loc[table["label"] == worst, "auroc_1"] -= 0.2
    return table


def evidence(measured=None, found=None, replicates=NETWORKS):
    tables = {
        "neuron_maps.measures": measures() if measured is None else measured,
        "neuron_maps.chosen": chosen() if found is None else found,
    }
    return Evidence(replicates, tables)


def outcome(name, given=None, **asked):
    of = {**OF, "label": LABEL, **asked} if name != "R-C13" else {**OF, **asked}
    return judge(TESTS[name](given or evidence(), **of))


def world(method, **spaces):
    """The spaces with others of one network in their place."""
    names = {"map": MAP, "pairs": PAIRS, "within": WITHIN}
    changed = {names[name]: value for name, value in spaces.items()}
    return evidence(measures({**SPACES, method: {**SPACES[method], **changed}}))


@pytest.mark.parametrize("name", ["R-C12", "R-C13", "R-N14", "R-C14"])
def test_claims_hold_where_what_they_say_is_so(name):
    assert outcome(name).verdict == REPRODUCED


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("R-C12", world(START, pairs=0.9)),  # grouped in the dissimilarities before
        ("R-C12", world(START, map=0.45)),  # to be seen before
        ("R-C12", world(CNN, map=0.2)),  # hardly to be seen after
        ("R-C12", world(CNN, map=0.05, pairs=0.1)),
        ("R-C13", world(START, within=0.5)),
        ("R-C13", world(CNN, within=0.06)),  # more than before, and little
        ("R-N14", evidence(found=chosen(auroc_1=0.8))),
        ("R-N14", evidence(found=chosen(worst=7))),  # one class has none
        ("R-C14", evidence(found=chosen(runner_up_auroc=0.8))),
        ("R-C14", evidence(found=chosen(against_runner_up=0.7))),
        ("R-C14", evidence(found=chosen(auroc_1=0.8))),
    ],
)
def test_claims_fail_where_it_is_not(name, given):
    assert outcome(name, given).verdict == NOT_REPRODUCED


def test_groups_that_follow_from_classes_alone_are_no_roles():
    given = world(CNN, map=0.9, pairs=0.9, within=0.05)
    assert outcome("R-C13", given).verdict == NOT_REPRODUCED


def test_effects_are_above_chance_and_paired():
    parts = {each.part: each for each in outcome("R-C12").parts}
    gained = parts[f"how well neurons tell class {LABEL}, map: trained minus untrained"]
    assert gained.effect == pytest.approx(0.4)
    assert parts[f"how well neurons tell class {LABEL}, map: untrained"].effect == pytest.approx(
        0.1
    )
    # What moves a network moves its start: of the difference there remains half of the network's.
    assert gained.high - gained.low < 0.05


def test_the_class_that_is_told_least_decides():
    part = outcome("R-N14", evidence(found=chosen(worst=7))).parts[1]
    assert part.effect == pytest.approx(1 - 0.77 - 0.0007)


def test_a_class_without_a_neuron_is_missing():
    with pytest.raises(Missing, match="neuron that was chosen for class 11"):
        outcome("R-C14", label=11)


def test_two_networks_decide_nothing():
    assert outcome("R-C12", evidence(replicates=2)).verdict == INCONCLUSIVE


@pytest.mark.parametrize("name", ["R-C12", "R-C13"])
def test_another_score_is_another_reading(name):
    claim = next(each for each in WORK.claims if each.id == name)
    table = measures().assign(
        method=lambda rows: rows["method"].str.replace("cnn", claim.of["method"])
    )
    table["set"] = f"{claim.of['data']}/test"
    flat = table["value"].where(table["score"] == TREES, table["expected"])
    found = judged(claim, evidence(table.assign(value=flat)))
    assert found.verdict.verdict == REPRODUCED
    (reading,) = found.robustness.readings.values()
    assert reading in (NOT_REPRODUCED, INCONCLUSIVE)
