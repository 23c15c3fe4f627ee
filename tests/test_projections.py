"""Maps by t-SNE and metric scaling, series of maps, and how much their hits vary by chance."""

from argparse import Namespace
from functools import partial

import numpy as np
import pandas as pd
import pytest
from scipy.spatial import procrustes
from scipy.spatial.distance import pdist, squareform
from sklearn.manifold import smacof

from analyses import projection_trajectories as program
from glassbox.activations import Activations
from glassbox.analyses import (
    hit_variation,
    mapped,
    neighbourhoods,
    projection_trajectories,
    projections,
    scaling,
)
from glassbox.analyses.points import Points, choose_points
from glassbox.errors import GlassboxError
from glassbox.models.build import describe, write_description
from glassbox.models.layers import Layer
from glassbox.models.stack import Feedforward, initialise
from glassbox.models.weights import CPU, states, write_weights
from glassbox.seeds import generator
from glassbox.tables import Examples, read_table, write_examples

RNG = np.random.default_rng


# Metric scaling


def test_scaling_finds_points_of_a_plane_again():
    points = RNG(1).normal(size=(50, 2))
    found = scaling.metric_scaling(scaling.euclidean_distances(points), seed=0)
    assert procrustes(points, found.places)[2] < 1e-4
    assert found.stress < 1e-3 * np.square(pdist(points)).sum()


def test_scaling_has_no_more_stress_than_scikit_learns():
    distances = squareform(pdist(RNG(2).normal(size=(60, 12))))
    found = scaling.metric_scaling(distances, seed=0)
    start = RNG(3).normal(size=(60, 2))
    _, stress = smacof(distances, init=start, n_init=1, normalized_stress=False, eps=1e-9)
    assert found.stress <= 1.02 * stress
    assert found.stress == pytest.approx(
        np.square(pdist(found.places) - squareform(distances)).sum()
    )


def test_a_transform_is_that_of_a_plain_loop_whatever_the_blocks(monkeypatch):
    rng = RNG(4)
    wanted = squareform(pdist(rng.normal(size=(11, 5))))
    places = rng.normal(size=(11, 2))
    places[3] = places[7]  # two at one place do not pull
    expected, stress = np.zeros_like(places), 0.0
    for i in range(11):
        for j in range(11):
            apart = np.linalg.norm(places[i] - places[j])
            stress += (apart - wanted[i, j]) ** 2 / 2
            if apart > 0:
                expected[i] += wanted[i, j] / apart * (places[i] - places[j]) / 11
    for cells in (1, 30, 1000):
        monkeypatch.setattr(scaling, "CELLS", cells)
        found, its_stress = scaling._transform(wanted, places)
        np.testing.assert_allclose(found, expected)
        assert its_stress == pytest.approx(stress)


def test_distances_are_those_of_scipy():
    points = RNG(5).normal(size=(30, 7)).astype(np.float32) + 100
    found = scaling.euclidean_distances(points)
    np.testing.assert_allclose(found, squareform(pdist(points.astype(np.float64))), atol=1e-6)


@pytest.mark.parametrize(
    ("dissimilarities", "said"),
    [
        (np.zeros((3, 4)), "shape"),
        (np.zeros((2, 2)), "shape"),
        (-np.ones((4, 4)), "negative"),
        (np.full((4, 4), np.nan), "NaN"),
    ],
)
def test_dissimilarities_that_are_none_are_refused(dissimilarities, said):
    with pytest.raises(GlassboxError, match=said):
        scaling.metric_scaling(dissimilarities, seed=0)


# Neighbourhoods


def test_several_numbers_of_neighbours_are_each_as_by_itself():
    points = RNG(6).normal(size=(70, 3))
    labels = {"label": RNG(7).integers(0, 4, 70)}
    together = neighbourhoods.neighbourhood_measures(points, labels, [3, 6, 30])
    alone = [neighbourhoods.neighbourhood_measures(points, labels, [k]) for k in (3, 6, 30)]
    pd.testing.assert_frame_equal(together, pd.concat(alone, ignore_index=True))


def test_neighbours_are_the_same_in_parts_of_any_size(monkeypatch):
    points = RNG(6).normal(size=(40, 9)).astype(np.float32)
    whole = neighbourhoods.nearest_neighbours(points, 4)
    before = points.copy()
    monkeypatch.setattr(neighbourhoods, "AT_ONCE", {"cpu": 100})
    parts = neighbourhoods.nearest_neighbours(points, 4)
    np.testing.assert_array_equal(parts.indices, whole.indices)
    np.testing.assert_array_equal(parts.distances, whole.distances)
    np.testing.assert_array_equal(points, before)


def test_six_neighbours_are_usual_where_they_are_counted():
    table = pd.DataFrame({"neighbours": [3, 6, 30, 3]})
    assert mapped.usual(table)["neighbours"].tolist() == [6]
    assert mapped.usual(table[table["neighbours"] != 6])["neighbours"].tolist() == [3, 3]


# Maps of layers


COUNT = 50


def activations():
    labels = np.arange(COUNT) % 2
    values = (RNG(8).normal(size=(COUNT, 4)) + 8 * labels[:, None]).astype(np.float32)
    told = {"shape": [4], "classes": 2}
    examples = Examples(np.arange(COUNT) + 100, labels, values, told)

    class Two(Activations):
        layers = (Layer("input", 0, (4,), "after"), Layer("hidden-1", 1, (4,), "after"))

        def __getitem__(self, name):
            return values if name == "input" else np.maximum(values - 4, 0)

    return Two(None, examples)


def maps_and_hits(**changes):
    given = activations()
    rows = np.arange(0, COUNT)
    draws = [Points(rows, {"label": given.examples.labels, "origin_label": given.examples.labels})]
    settings = {"methods": ["t-sne"], "perplexity": 5.0, "neighbours": [3, 6], "layers": None}
    settings |= {"maps": 1, "seed": lambda depth, number, draw: 10 * depth + number + 100 * draw}
    return projections.projections(given, **{"draws": draws, **settings, **changes})


def test_the_first_map_of_each_layer_is_that_of_its_seed():
    maps, hits = maps_and_hits(layers=["hidden-1"], maps=2)
    wanted = projections.project(np.maximum(activations()["input"] - 4, 0), 10, 5.0)
    first = mapped.first_maps(maps)
    np.testing.assert_array_equal(first[["x", "y"]].to_numpy(), wanted)
    assert first["example_id"].tolist() == list(range(100, 150))
    assert (first["depth"] == 1).all()
    other = maps[maps["seed"] == 1][["x", "y"]].to_numpy()
    assert not np.allclose(other, wanted)
    near = neighbourhoods.nearest_neighbours(wanted, 3)
    hit = neighbourhoods.label_hit(near, activations().examples.labels).mean()
    row = mapped.first_maps(hits).query(
        "neighbours == 3 and labels == 'label' and measure == 'hit'"
    )
    assert row["value"].tolist() == [hit]


def test_maps_are_of_every_draw_method_and_layer():
    given = activations().examples
    draws = [
        Points(rows, {"label": given.labels[rows], "origin_label": given.labels[rows]})
        for rows in (np.arange(30), np.arange(20, 50))
    ]
    maps, hits = maps_and_hits(draws=draws, methods=["mds"], maps=2)
    sizes = maps.groupby(["depth", "projection", "draw", "seed"]).size()
    assert sizes.index.tolist() == [
        (d, "mds", r, s) for d in (0, 1) for r in (0, 1) for s in (0, 1)
    ]
    assert (sizes == 30).all()
    assert maps[maps["draw"] == 1]["example_id"].min() == 120
    assert hits.query("measure == 'hit' and labels == 'label'").groupby("draw").size().tolist() == [
        8,
        8,
    ]


def test_a_layer_that_there_is_not_is_refused():
    with pytest.raises(GlassboxError, match="no layer hidden-2"):
        maps_and_hits(layers=["hidden-2"])


# Series of maps


def slow(step):
    """Five clusters of twelve, which move a little at each step."""
    centres = 6 * RNG(9).normal(size=(5, 5))
    still, moving = RNG(10).normal(size=(2, 60, 5))
    return np.repeat(centres, 12, axis=0) + still + 0.02 * step * moving


def test_a_map_stays_near_the_one_that_it_starts_from():
    first, second = projections.aligned_maps(map(slow, range(2)), seed=0, perplexity=5)
    np.testing.assert_array_equal(first.places, projections.project(slow(0), 0, 5))
    assert procrustes(first.places, second.places)[2] < 0.1
    # A turned start gives a turned map.
    turned = np.stack([-first.places[:, 1], first.places[:, 0]], axis=1)
    other = np.asarray(projections._next(slow(1), turned, 0, 5))
    after = np.stack([other[:, 1], -other[:, 0]], axis=1)
    assert np.abs(after - second.places).mean() < 0.3 * second.places.std()


def test_a_map_of_few_points_that_starts_from_another_is_as_good_as_one_of_its_own():
    def layer(step):
        groups = np.repeat(5 * RNG(11).normal(size=(10, 20)), 24, axis=0)
        return groups + RNG(12).normal(size=(240, 20)) + 0.3 * step * RNG(13).normal(size=(240, 20))

    found = list(projections.aligned_maps(map(layer, range(4)), seed=0))
    own = [next(projections.aligned_maps([layer(step)], seed=0)) for step in range(4)]
    assert sum(each.divergence for each in found) < 1.05 * sum(each.divergence for each in own)
    assert max(each.places.std() for each in found) < 1.5 * own[0].places.std()


def test_the_divergence_is_that_of_its_definition():
    from openTSNE.affinity import PerplexityBasedNN

    (found,) = projections.aligned_maps([slow(0)], seed=0, perplexity=5)
    wanted = PerplexityBasedNN(slow(0), perplexity=5, random_state=0).P.toarray()
    kernel = 1 / (1 + squareform(pdist(found.places.astype(np.float64), "sqeuclidean")))
    np.fill_diagonal(kernel, 0)
    shown, here = kernel / kernel.sum(), wanted > 0
    exact = (wanted[here] * np.log(wanted[here] / shown[here])).sum()
    assert found.divergence == pytest.approx(exact, rel=0.1)


def test_distances_of_classes_are_those_of_all_pairs(monkeypatch):
    points, labels = RNG(12).normal(size=(41, 6)), RNG(13).integers(0, 3, 41)
    apart = pdist(points)
    same = squareform(labels[:, None] == labels, checks=False)
    scale = np.sqrt(np.square(apart).mean())
    wanted = apart[same].mean() / scale, apart[~same].mean() / scale
    for rows in (7, 1024):
        monkeypatch.setattr(projection_trajectories, "ROWS", rows)
        assert projection_trajectories.class_distances(points, labels) == pytest.approx(wanted)
        moved = projection_trajectories.class_distances(1e3 * points + 5, labels)
        assert moved == pytest.approx(wanted)
    at_one_place = projection_trajectories.class_distances(np.ones((5, 2)), np.arange(5) % 2)
    assert np.isnan(at_one_place).all()


def test_a_trail_has_every_example_at_every_step():
    asked = []

    def values(step):
        asked.append(step)
        return slow(step)

    steps = [
        projection_trajectories.Step("hidden-1", 1, 10 * step, partial(values, step))
        for step in range(2)
    ]
    labels = np.arange(60) % 3
    places, measures = projection_trajectories.projection_trajectories(
        steps, np.arange(60), labels, seed=0, perplexity=5, neighbours=6
    )
    assert asked == [0, 1]
    told = ["step", "layer", "depth", "epoch", "example_id", "label", "x", "y"]
    assert list(places.columns) == told
    assert places.groupby(["step", "epoch"]).size().to_dict() == {(0, 0): 60, (1, 10): 60}
    values = measures[measures["step"] == 1].set_index(["space", "measure"])["value"]
    assert set(values.loc["layer"].index) == {"within", "between", "ratio", "hit"}
    assert set(values.loc["map"].index) == {"within", "between", "ratio", "hit", "divergence"}
    ratio = values["layer", "within"] / values["layer", "between"]
    assert values["layer", "ratio"] == ratio
    near = neighbourhoods.nearest_neighbours(slow(1), 6)
    assert values["layer", "hit"] == neighbourhoods.label_hit(near, labels).mean()


# Chance


def drawn(rng, networks, draws, seeds, deviations=(0.03, 0.02, 0.01)):
    network, draw, seed = deviations
    return (
        0.9
        + network * rng.normal(size=(networks, 1, 1))
        + draw * rng.normal(size=(networks, draws, 1))
        + seed * rng.normal(size=(networks, draws, seeds))
    )


def test_variance_is_parted_as_it_was_put_together():
    found = hit_variation.variation(drawn(RNG(14), 2000, 4, 3))
    assert found.deviations == pytest.approx(
        {"network": 0.03, "draw": 0.02, "seed": 0.01}, rel=0.05
    )
    assert found.total == pytest.approx(np.sqrt(14) / 100, rel=0.05)
    assert found.of_seed == 2000 * 4 * 2


def test_variance_is_that_of_plain_sums():
    hits = drawn(RNG(15), 3, 4, 5)
    found = hit_variation.variation(hits)
    of_seed = hits.var(axis=2, ddof=1).mean()
    of_draw = 5 * hits.mean(axis=2).var(axis=1, ddof=1).mean()
    of_network = 20 * hits.mean(axis=(1, 2)).var(ddof=1)
    parts = of_seed, (of_draw - of_seed) / 5, max(0, (of_network - of_draw) / 20)
    assert found.deviations["seed"] == pytest.approx(np.sqrt(parts[0]))
    assert found.deviations["draw"] == pytest.approx(np.sqrt(max(0, parts[1])))
    assert found.deviations["network"] == pytest.approx(np.sqrt(parts[2]))
    whole = of_seed + (of_draw - of_seed) / 5 + (of_network - of_draw) / 20
    assert found.total == pytest.approx(np.sqrt(whole))


def test_a_level_of_one_value_is_told_by_the_level_above():
    hits = drawn(RNG(16), 6, 1, 1)
    found = hit_variation.variation(hits)
    assert found.deviations["network"] == pytest.approx(hits.std(ddof=1))
    assert np.isnan([found.deviations["draw"], found.deviations["seed"]]).all()
    assert found.total == pytest.approx(hits.std(ddof=1))
    assert found.freedom == pytest.approx(5)
    assert np.isnan(found.smallest_of_seeds())
    nothing = hit_variation.variation(np.full((1, 1, 1), 0.5))
    assert np.isnan([nothing.total, nothing.smallest_difference()]).all()


def test_the_least_difference_is_passed_by_chance_as_often_as_it_says():
    rng, passed = RNG(17), []
    for _ in range(2000):
        least = hit_variation.variation(drawn(rng, 4, 3, 2)).smallest_difference()
        one, other = drawn(rng, 2, 1, 1).ravel()
        passed.append(abs(one - other) > least)
    assert 0.03 < np.mean(passed) < 0.08


def test_hits_are_put_in_order_by_map():
    rows = [(r, d, s, r + 10 * d + 100 * s) for s in (1, 0) for d in (0, 1) for r in (1, 0, 2)]
    table = pd.DataFrame(rows, columns=["replicate", "draw", "seed", "value"])
    found = hit_variation.by_map(table)
    assert found.shape == (3, 2, 2)
    assert found[2, 1, 0] == 12
    assert np.isnan(hit_variation.by_map(table.iloc[1:])).sum() == 1


# Programs


@pytest.fixture
def given(tmp_path):
    """A perceptron of six inputs at two checkpoints, and examples, as a program is given them."""
    rng = RNG(18)
    labels = np.arange(40) % 4
    values = (rng.normal(size=(40, 6)) + labels[:, None]).astype(np.float32)
    write_examples(
        tmp_path / "examples", Examples(np.arange(40), labels, values, {"shape": [6], "classes": 4})
    )
    build = {"hidden": [5, 3]}
    started, learned = (
        initialise(Feedforward(6, 4, **build), [generator(each)]) for each in (1, 2)
    )
    tensors = states(learned, [7]) | states(started, [7], 0) | states(learned, [7], 4)
    write_weights(tmp_path / "weights", tmp_path / "digest", tensors, learned.metadata)
    write_description(tmp_path / "model", describe({"kind": "mlp", **build}, [6], 4))
    return {
        "config": {"seed": 1, "stream": ["projection", "some", "test"], "points": 30}
        | {"perplexity": 5.0, "neighbours": 3, "over": ["layers", "checkpoints"]}
        | {"layers": None, "layer": None},
        "replicates": [7],
        "method": "net",
        "set": "some/test",
        "examples": [tmp_path / "examples"],
        "model": tmp_path / "model",
        "weights": tmp_path / "weights",
        "checkpoint": None,
        "device": lambda: CPU,
        "table": tmp_path / "table",
        "measures": tmp_path / "measures",
    }


def test_trails_are_over_hidden_layers_and_over_checkpoints_of_the_last(given):
    program.main(Namespace(**given))
    places, measures = read_table(given["table"]), read_table(given["measures"])
    steps = places.groupby("over")[["step", "layer", "depth", "epoch"]].apply(
        lambda own: [tuple(row) for row in own.drop_duplicates().to_numpy()]
    )
    assert steps["layers"] == [(0, "hidden-1", 1, -1), (1, "hidden-2", 2, -1)]
    assert steps["checkpoints"] == [(0, "hidden-2", 2, 0), (1, "hidden-2", 2, 4)]
    chosen = choose_points(
        generator(1, "projection", "some", "test", 7), 30, {"label": np.arange(40)}
    )
    for _, own in places.groupby(["over", "step"]):
        assert own["example_id"].tolist() == chosen.rows.tolist()
    # What is kept in the end is the last checkpoint, so that the layer is one in both series.
    last = measures[(measures["space"] == "layer") & (measures["step"] == 1)]
    one, other = (own.set_index("measure")["value"] for _, own in last.groupby("over"))
    pd.testing.assert_series_equal(one, other)
    assert set(places["replicate"]) == {7}


def test_trails_are_of_layers_that_are_named(given):
    named = {"layers": ["input", "hidden-2"], "layer": "hidden-1", "over": ["layers"]}
    program.main(Namespace(**given | {"config": given["config"] | named, "checkpoint": 4}))
    steps = read_table(given["table"])[["depth", "epoch"]].drop_duplicates().to_numpy().tolist()
    assert steps == [[0, 4], [2, 4]]
    unknown = given["config"] | {"layer": "hidden-9", "over": ["checkpoints"]}
    with pytest.raises(GlassboxError, match="no layer hidden-9"):
        program.main(Namespace(**given | {"config": unknown}))
