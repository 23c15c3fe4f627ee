"""Claims of rauber2017 on hits and on trails, where what they say is so and where it is not."""

from itertools import product

import numpy as np
import pandas as pd
import pytest

from glassbox.claims.evidence import Evidence, Missing
from glassbox.claims.judging import TESTS
from glassbox.claims.rauber2017 import chance, hits, trails
from glassbox.claims.verdicts import INCONCLUSIVE, NOT_REPRODUCED, REPRODUCED, judge

NETWORKS = 5
MLP, START, SET = "mlp-mnist", "mlp-mnist@0", "mnist/test"
LAYERS = ("input", "hidden-1", "hidden-2", "output")
WIGGLE = 0.004 * np.linspace(-1, 1, NETWORKS)
# The hits in the layers of the network and of its start, in a world where all holds.
HITS = {MLP: (0.89, 0.93, 0.98, 0.99), START: (0.89, 0.86, 0.84, 0.3)}


def wiggle(method, depth, replicate):
    """What a replicate's hit is off, which differs from layer to layer and from model to model."""
    return WIGGLE[replicate] * depth * (2 if method == MLP else 1)


def near(table=HITS):
    """The table of neighbourhoods in the layers themselves."""
    rows = [
        (
            method,
            SET,
            replicate,
            LAYERS[depth],
            depth,
            value + wiggle(method, depth, replicate),
            0.1,
        )
        for method, values in table.items()
        for depth, value in enumerate(values)
        for replicate in range(NETWORKS)
    ]
    names = ["method", "set", "replicate", "layer", "depth", "value", "chance"]
    told = {"space": "layer", "labels": "label", "measure": "hit", "neighbours": 6}
    return pd.DataFrame(rows, columns=names).assign(**told)


def mapped(table=HITS, draws=2, seeds=3, spread=0.002):
    """The table of hits in maps of the layers but the output."""
    rng, rows = np.random.default_rng(0), []
    for (method, values), replicate in product(table.items(), range(NETWORKS)):
        for depth, draw, seed in product(range(3), range(draws), range(seeds)):
            value = values[depth] + wiggle(method, depth, replicate) + spread * rng.normal()
            rows.append((method, SET, replicate, LAYERS[depth], depth, draw, seed, value, 0.1))
    names = ["method", "set", "replicate", "layer", "depth", "draw", "seed", "value", "chance"]
    told = {"labels": "label", "measure": "hit", "neighbours": 6, "projection": "t-sne"}
    return pd.DataFrame(rows, columns=names).assign(space="map", **told)


def measures(within=(0.9, 0.8, 0.6), hit=(0.2, 0.9, 0.95, 0.97)):
    """The table of measures of trails: over layers distances, over epochs hits."""
    rows = []
    for replicate, space in product(range(NETWORKS), ("layer", "map")):
        at = (MLP, SET, replicate, space)
        off = np.random.default_rng(replicate).normal(size=4)
        for step, value in enumerate(within):
            rows.append((*at, "layers", step, -1, "within", value + 0.001 * off[step]))
            rows.append((*at, "layers", step, -1, "between", 1.8 - value + 0.001 * off[step]))
        for step, value in enumerate(hit):
            for measure in ("hit", "ratio"):
                shown = value + 0.001 * off[step]
                rows.append((*at, "checkpoints", step, 20 * step, measure, shown))
    names = ["method", "set", "replicate", "space", "over", "step", "epoch", "measure", "value"]
    return pd.DataFrame(rows, columns=names)


def probed(first=0.9, last=0.97):
    """The table of linear probes of the layers."""
    accuracies = (0.85, first, last, 0.98)
    rows = [
        (MLP, SET, replicate, LAYERS[depth], depth, value + wiggle(MLP, depth, replicate))
        for depth, value in enumerate(accuracies)
        for replicate in range(NETWORKS)
    ]
    return pd.DataFrame(rows, columns=["method", "set", "replicate", "layer", "depth", "accuracy"])


def evidence(**changes):
    tables = {"neighbourhoods": near(), "projections.hits": mapped()}
    tables |= {"projection_trajectories.measures": measures(), "probes": probed()}
    return Evidence(
        NETWORKS, {**tables, **{key.replace("__", "."): t for key, t in changes.items()}}
    )


def verdict_on(name, given=None, **asked):
    asked = asked or {"method": MLP, "data": "mnist"}
    return judge(TESTS[name](given or evidence(), **asked)).verdict


@pytest.mark.parametrize("name", ["R-C01", "R-C03", "R-C05", "R-C10", "R-C11", "R-N11 (chance)"])
def test_claims_hold_where_what_they_say_is_so(name):
    assert verdict_on(name) == REPRODUCED


@pytest.mark.parametrize(
    ("name", "world"),
    [
        ("R-C01", {START: (0.89, 0.8, 0.7, 0.3)}),  # far less than the input
        ("R-C01", {MLP: (0.45, 0.93, 0.98, 0.99), START: (0.45, 0.45, 0.45, 0.3)}),  # near chance
        ("R-C03", {START: (0.89, 0.9, 0.99, 0.3)}),
        ("R-C05", {MLP: (0.89, 0.98, 0.93, 0.99)}),
    ],
)
def test_claims_on_hits_fail_where_it_is_not(name, world):
    world = {**HITS, **world}
    given = evidence(neighbourhoods=near(world), projections__hits=mapped(world))
    assert verdict_on(name, given) == NOT_REPRODUCED


@pytest.mark.parametrize("where", ["neighbourhoods", "projections__hits"])
def test_a_claim_on_hits_has_to_hold_in_map_and_layer(where):
    other = {**HITS, MLP: (0.89, 0.98, 0.93, 0.99)}
    made = near(other) if where == "neighbourhoods" else mapped(other)
    assert verdict_on("R-C05", evidence(**{where: made})) == NOT_REPRODUCED


def test_probes_are_asked_of_hidden_layers():
    assert verdict_on("R-C05 (probes)") == REPRODUCED
    assert verdict_on("R-C05 (probes)", evidence(probes=probed(0.97, 0.9))) == NOT_REPRODUCED
    few = probed()
    with pytest.raises(Missing, match="two hidden layers"):
        hits.probes_separate(evidence(probes=few[few["depth"] != 2]), MLP, "mnist")


def test_poor_separation_is_near_chance():
    poor = {MLP: (0.2, 0.5, 0.7, 0.8), START: (0.2, 0.18, 0.15, 0.1)}
    given = evidence(neighbourhoods=near(poor), projections__hits=mapped(poor))
    assert verdict_on("R-C02", given) == REPRODUCED
    assert verdict_on("R-C02") == NOT_REPRODUCED


def test_trails_fail_where_classes_do_not_part():
    apart = evidence(projection_trajectories__measures=measures(within=(0.6, 0.8, 0.9)))
    assert verdict_on("R-C10", apart) == NOT_REPRODUCED
    # What the start alone has less of is no growth.
    worse = evidence(projection_trajectories__measures=measures(hit=(0.2, 0.97, 0.95, 0.9)))
    assert verdict_on("R-C11", worse) == NOT_REPRODUCED


PRINTED = {"method": MLP, "wanted": SET, "place": "input"}


def test_a_printed_hit_is_one_further_map_of_many_draws():
    given = evidence(projections__hits=mapped(draws=5))
    here = {**PRINTED, "of_draws": True}
    assert verdict_on("R-N01", given, **here, published={"hit": 0.891}) == REPRODUCED
    assert verdict_on("R-N01", given, **here, published={"hit": 0.8}) == NOT_REPRODUCED
    few = {**PRINTED, "published": {"hit": 0.891}}
    assert verdict_on("R-N01", given, **few) == INCONCLUSIVE  # of five networks alone
    last = {**PRINTED, "place": "last", "untrained": True, "of_draws": True}
    assert verdict_on("R-N01", given, **last, published={"hit": 0.84}) == REPRODUCED


def test_a_map_without_spread_is_no_chance():
    still = evidence(projections__hits=mapped(spread=0.00001))
    assert verdict_on("R-N11 (chance)", still) == NOT_REPRODUCED
    with pytest.raises(Missing, match="several random states"):
        chance.chance_in_hits(evidence(projections__hits=mapped(seeds=1)), MLP, "mnist")


def test_what_is_reported_of_chance_is_the_variation():
    found = chance.chance_in_hits(evidence(), MLP, "mnist")
    told = {each.part: each.values[0] for each in found}
    at = "input: standard deviation, what random states of t-SNE add"
    assert told[at] == pytest.approx(0.002, rel=0.4)
    least = [value for part, value in told.items() if "least difference" in part]
    assert len(least) == 4
    assert min(least) > 0.002


def test_the_last_layer_is_the_last_hidden_one_that_has_maps():
    rows = mapped()
    output = rows[rows["depth"] == 2].assign(layer="output", depth=3)
    given = evidence(projections__hits=pd.concat([rows, output]))
    assert (hits.maps_of(given, MLP, SET, "last")["depth"] == 2).all()
    assert (hits.maps_of(given, MLP, SET, "first")["depth"] == 1).all()
    without = evidence(projections__hits=rows[rows["depth"] == 0])
    with pytest.raises(Missing, match="hidden layers"):
        hits.maps_of(without, MLP, SET, "last")
    with pytest.raises(Missing, match="input layer"):
        hits.maps_of(evidence(projections__hits=rows[rows["depth"] > 0]), MLP, SET, "input")


def test_trends_leave_out_the_start():
    found = trails.trend_of(evidence(), MLP, "mnist", "checkpoints", "map", "hit")
    assert found.shape == (NETWORKS,)
    assert (found > 0.9).all()
