"""Filters, embeddings, neighbourhoods, maps and hand-made signals, against independent oracles."""

from types import SimpleNamespace
from typing import get_args

import numpy as np
import pandas as pd
import pytest
import torch
from scipy.optimize import minimize_scalar
from scipy.spatial.distance import cdist
from scipy.stats import binomtest, norm
from threadpoolctl import threadpool_limits

from glassbox.analyses import learned_filters, neighbourhoods, points, projections, step_filters
from glassbox.analyses.confidences import confidences
from glassbox.analyses.detector_draws import errors_by_draw
from glassbox.analyses.detectors import (
    DETECTORS,
    blind_step_likelihood,
    gaussian_derivative,
    located,
    step_likelihood,
    step_posterior,
)
from glassbox.analyses.intervals import clopper_pearson
from glassbox.analyses.moore_penrose_embeddings import (
    Embedding,
    embedded,
    separated_points,
    successes,
)
from glassbox.analyses.weights import parameters
from glassbox.datasets.jumps import jump_signals
from glassbox.datasets.shapes import Shape, Sweep, hand_made
from glassbox.errors import GlassboxError
from glassbox.models.moore_penrose import start_output
from glassbox.models.stack import Feedforward, StackModel
from glassbox.models.stack import initialise as start_stack
from glassbox.tables import Examples
from study.schema import detectors
from study.schema.experiments import filters

DETECTOR_SECTIONS = get_args(get_args(detectors.Detector)[0])
RNG = np.random.default_rng


def initialise(widths, generators):
    """Perceptrons with layers of these widths, inputs first."""
    return start_stack(Feedforward(widths[0], widths[-1], widths[1:-1]), generators)


PLACE = {"length": 30, "first": 8, "last": 19}


def signals(per_class=3, noise=1.0, seed=0):
    return jump_signals(np.random.default_rng(seed), per_class, height=3.0, noise=noise, **PLACE)


# Detectors


def loop_blind(signal, first, last):
    """The location of the greatest likelihood over heights and noise levels, by search."""

    def likelihood(t):
        def loss(height):
            level = height * (np.arange(1, len(signal) + 1) >= t)
            return ((signal - level) ** 2).mean()

        noise = minimize_scalar(loss, bounds=(-20, 20), method="bounded").fun ** 0.5
        return -len(signal) * np.log(noise)

    return max(range(first, last + 1), key=likelihood)


def test_the_blind_likelihood_is_that_of_a_search_over_heights():
    drawn = signals(2, noise=1.5).values.astype(float)
    found = blind_step_likelihood(drawn, 8, 19)
    assert found.tolist() == [loop_blind(signal, 8, 19) for signal in drawn]
    assert blind_step_likelihood(-drawn, 8, 19).tolist() == found.tolist()
    assert blind_step_likelihood(5 * drawn, 8, 19).tolist() == found.tolist()


def test_the_posterior_is_that_of_bayes():
    drawn = signals(2).values.astype(float)
    found = step_posterior(drawn, 3.0, 0.8, 8, 19)
    time = np.arange(1, 31)
    for signal, posterior in zip(drawn, found, strict=True):
        logs = [norm.logpdf(signal, 3.0 * (time >= t), 0.8).sum() for t in range(8, 20)]
        wanted = np.exp(logs - np.max(logs))
        assert posterior == pytest.approx(wanted / wanted.sum(), abs=1e-12)
    assert (8 + found.argmax(1)).tolist() == step_likelihood(drawn, 3.0, 8, 19).tolist()


def test_the_errors_of_draws_are_those_of_a_plain_loop():
    draws = [signals(20, seed=seed) for seed in range(3)]
    found = errors_by_draw(draws, lambda each: gaussian_derivative(each, 9, 1.7, 2, 30))
    by_draw = found.pivot(index="draw", columns="measure", values="value")
    for draw, drawn in enumerate(draws):
        answers = [gaussian_derivative(each[None], 9, 1.7, 2, 30)[0] for each in drawn.values]
        errors = [
            abs(answer - label - 8) for answer, label in zip(answers, drawn.labels, strict=True)
        ]
        assert by_draw.loc[draw, "L1"] == pytest.approx(np.mean(errors))
        assert by_draw.loc[draw, "L2"] == pytest.approx(np.mean(np.square(errors)) ** 0.5)
        assert by_draw.loc[draw, "maximum"] == max(errors)
        assert by_draw.loc[draw, "maximum_p99"] == sorted(errors)[: int(0.99 * 240)][-1]
        assert by_draw.loc[draw, "accuracy"] == errors.count(0) / 240
    assert by_draw["L1"].nunique() == 3


def test_the_config_knows_all_detectors_in_closed_form():
    kinds = {get_args(each.model_fields["kind"].annotation)[0] for each in DETECTOR_SECTIONS}
    assert kinds - {"learned-filter"} == set(DETECTORS)
    drawn = signals(2).values
    settings = {"height": 3.0, "first": 8, "last": 19}
    found = located(drawn, "step-likelihood", **settings)
    assert found.tolist() == step_likelihood(drawn, **settings).tolist()


# Intervals


@pytest.mark.parametrize(("found", "trials"), [(0, 10), (10, 10), (3, 10), (1, 1000)])
def test_intervals_of_counts_are_those_of_scipy(found, trials):
    wanted = binomtest(found, trials).proportion_ci(0.95)
    assert clopper_pearson(found, trials) == pytest.approx(tuple(wanted))


def test_the_interval_of_nothing_is_everything():
    low, high = clopper_pearson(np.array([0]), np.array([0]))
    assert (low[0], high[0]) == (0, 1)


# Filters on a step


@pytest.mark.parametrize("taps", step_filters.FILTERS.values())
def test_a_filter_is_a_convolution(taps):
    drawn = np.random.default_rng(1).normal(size=(3, 40))
    for signal, filtered in zip(drawn, step_filters.convolved(drawn, taps), strict=True):
        assert filtered == pytest.approx(np.convolve(signal, taps)[:40])


def test_the_mixed_filter_is_the_sum_of_its_parts():
    table = step_filters.responses(signals().values[0])
    by_filter = table.pivot(index="location", columns="filter", values="value")
    parts = by_filter["smoothing"] + by_filter["differentiation"]
    assert by_filter["mixed"].to_numpy() == pytest.approx(parts.to_numpy(), abs=1e-6)


def test_the_noise_that_a_filter_lets_through_is_its_squared_norm():
    gains = step_filters.noise_gains(np.random.default_rng(2), 200_000, 0.3)
    assert gains["gain"].to_numpy() == pytest.approx(gains["squared_norm"].to_numpy(), rel=0.03)


def test_without_noise_every_jump_is_found():
    found = step_filters.detection_by_width(
        np.random.default_rng(3), [1e-9], [1.0, 2.0], per_class=2, **PLACE
    )
    assert (found["share"] == 1).all()
    assert found["detector"].nunique() == 3


def test_detections_are_counted_as_a_plain_loop_does():
    options = {"per_class": 4, **PLACE}
    found = step_filters.detection_by_width(np.random.default_rng(4), [0.4], [1.5], **options)
    rng = np.random.default_rng(4)
    unit = jump_signals(rng, 4, height=0.0, noise=1.0, **PLACE)
    near = 0
    for noise, label in zip(unit.values, unit.labels, strict=True):
        signal = (np.arange(1, 31) >= label + 8) + 0.4 * noise
        answer = gaussian_derivative(signal[None], 13, 1.5, 2, 30)[0]
        near += abs(answer - label - 8) <= 1
    row = found[found["detector"] == "gaussian-derivative"].iloc[0]
    assert (row["found"], row["signals"]) == (near, 48)


def test_a_window_is_odd_and_no_longer_than_the_signal():
    assert step_filters.smoother_window(2.9, 100) == 25
    assert step_filters.smoother_window(50, 100) == 99
    assert step_filters.smoother_window(50, 99) == 99


def test_the_errors_of_a_search_are_those_of_the_filter():
    drawn = signals(5)
    table = step_filters.filter_errors(drawn.values, drawn.labels + 8, [5, 9], [1.0, 2.0])
    answers = gaussian_derivative(drawn.values, 9, 2.0, 2, 30)
    row = table[(table["window"] == 9) & (table["tau"] == 2.0)]
    assert row["L1"].item() == np.abs(answers - drawn.labels - 8).mean()
    assert len(table) == 4


def test_the_config_knows_all_filters():
    assert tuple(step_filters.FILTERS) == filters.FILTERS


# Learned filters


def test_filters_of_one_layer_are_its_weights():
    model = initialise([30, 12], [np.random.default_rng(5)])
    filters = learned_filters.network_filters(StackModel(model, 30), signals())
    weights = model.layers[0].weight[0].detach().numpy().T
    assert filters["raw"] == pytest.approx(weights, abs=1e-6)
    assert filters["centred"] == pytest.approx(weights - weights.mean(0), abs=1e-6)


def test_filters_of_two_layers_are_mean_differences():
    model = initialise([30, 16, 12], [np.random.default_rng(6)])
    drawn = signals(2)
    filters = learned_filters.network_filters(StackModel(model, 30), drawn)
    for label in (0, 7):
        own = torch.from_numpy(drawn.values[drawn.labels == label]).double()
        double = initialise([30, 16, 12], [np.random.default_rng(6)]).double()
        for sample in (0, 20):
            moved = own.clone()
            moved[:, sample] += 1e-7
            change = (double(moved[None]) - double(own[None]))[0, :, label].mean() / 1e-7
            assert filters["raw"][label, sample] == pytest.approx(change.item(), abs=1e-4)


def test_the_reference_filters_are_the_detectors():
    drawn = signals(20)
    references = learned_filters.reference_filters(30, 8, 12, window=9, tau=1.7)
    answers = 8 + (drawn.values.astype(float) @ references["derivative"].T).argmax(1)
    assert answers.tolist() == gaussian_derivative(drawn.values, 9, 1.7, 8, 19).tolist()
    offset = 4.5 * (30 - np.arange(8, 20) + 1)
    scores = 3 * drawn.values.astype(float) @ references["step"].T - offset
    assert (8 + scores.argmax(1)).tolist() == step_likelihood(drawn.values, 3, 8, 19).tolist()


def test_a_filter_slides_as_the_detector_that_it_is():
    drawn = signals(20)
    references = learned_filters.reference_filters(30, 8, 12, window=9, tau=1.7)
    found = learned_filters.slide(drawn.values.astype(float), references["derivative"], 8)
    assert found.tolist() == gaussian_derivative(drawn.values, 9, 1.7, 8, 19).tolist()


def test_references_are_like_themselves():
    references = learned_filters.reference_filters(100, 21, 60)
    for name, own in references.items():
        table = learned_filters.likeness({"raw": own, "centred": own - own.mean(0)}, 21)
        found = table[table["measure"] == name]
        assert found["value"].to_numpy() == pytest.approx(1)
        assert set(found["label"]) == {learned_filters.ALIGNED, *range(60)}
    derivative = learned_filters.likeness({"raw": references["derivative"]}, 21)
    means = derivative.groupby("measure")["value"].mean()
    assert means["near"] == pytest.approx(1)
    assert means["others"] == pytest.approx(1)
    assert means["tau"] == pytest.approx(2.9, abs=0.11)


def loop_alike(own, other, label, samples):
    """The cosine of two filters over some samples from the jump, of the means for no label."""
    classes, length = own.shape
    dot, squares = 0.0, [0.0, 0.0]
    for each in range(classes) if label == learned_filters.ALIGNED else [label]:
        for place in range(length):
            offset = place + 1 - 8 - each
            if offset not in samples:
                continue
            pair = [one[each, place] for one in (own, other)]
            if label == learned_filters.ALIGNED:
                there = [row for row in range(classes) if 0 <= offset + row + 7 < length]
                pair = [one[there, [offset + r + 7 for r in there]].mean() for one in (own, other)]
            dot += pair[0] * pair[1]
            squares = [total + one**2 for total, one in zip(squares, pair, strict=True)]
    return dot / np.sqrt(squares[0] * squares[1])


@pytest.mark.parametrize("variant", ["raw", "centred"])
def test_filters_are_held_against_every_width_as_a_plain_loop_does(variant, monkeypatch):
    monkeypatch.setattr(learned_filters, "FREE_WIDTHS", np.array([0.5, 1.0, 2.0]))
    own = np.random.default_rng(9).normal(size=(12, 30))
    own += learned_filters.reference_filters(30, 8, 12, 9, 1.3)["derivative"]
    own -= own.mean(0) * (variant == "centred")
    table = learned_filters.likeness({variant: own}, 8).set_index(["measure", "label"])["value"]
    references = [
        learned_filters.reference_filters(30, 8, 12, window, tau)["derivative"]
        for window, tau in ((5, 0.5), (9, 1.0), (17, 2.0))
    ]
    step = learned_filters.reference_filters(30, 8, 12)["step"]
    for each in (*references, step):
        each -= each.mean(0) * (variant == "centred")
    near, every = range(-7, 12), range(-30, 30)
    best, best_of_all, step_of_all = (
        "derivative at its best width",
        "derivative at its best width, all samples",
        "step, all samples",
    )
    for label in (learned_filters.ALIGNED, 0, 5, 11):
        for measure, others, samples in (
            (best, references, near),
            (best_of_all, references, every),
            (step_of_all, [step], every),
        ):
            wanted = max(loop_alike(own, other, label, samples) for other in others)
            assert table[measure, label] == pytest.approx(wanted), (measure, label)


@pytest.mark.parametrize("tau", [0.41, 0.777, 1.73, 4.4, 7.9])
def test_the_width_does_not_decide_whether_a_derivative_is_one(tau):
    window = 2 * int(np.ceil(4 * tau)) + 1
    own = learned_filters.reference_filters(100, 21, 60, window, tau)
    for name, nearer in (("derivative", 1), ("step", -1)):
        filters = {"raw": own[name], "centred": own[name] - own[name].mean(0)}
        table = learned_filters.likeness(filters, 21)
        cosines = table.set_index(["variant", "measure", "label"])["value"].unstack("measure")
        best, step = (
            cosines[f"{each}, all samples"] for each in ("derivative at its best width", "step")
        )
        assert (nearer * (best - step) > 0).all()
        assert (best if name == "derivative" else step).to_numpy() == pytest.approx(1, abs=1e-3)
        if name == "derivative":
            near = cosines["derivative at its best width"]
            assert near.to_numpy() == pytest.approx(1, abs=1e-3)


def test_alignment_is_at_the_jump():
    filters = np.zeros((12, 30))
    filters[np.arange(12), 7 + np.arange(12)] = 1
    offsets, shapes = learned_filters.aligned(filters, 8)
    assert (offsets[0], offsets[-1]) == (-7, 11)
    assert (shapes == (offsets == 0)).all()


def test_the_table_of_filters_tells_sample_and_offset():
    filters = np.arange(12 * 30.0).reshape(12, 30)
    table = learned_filters.filter_table({"raw": filters, "centred": -filters}, 8)
    row = table[(table["label"] == 2) & (table["location"] == 10)].iloc[0]
    assert (row["offset"], row["raw"], row["centred"]) == (0, 69, -69)


def test_all_parameters_are_tabled():
    model = initialise([4, 3, 2], [np.random.default_rng(7)])
    table = parameters(model)
    assert len(table) == 4 * 3 + 3 + 3 * 2 + 2
    row = table.query("depth == 1 and parameter == 'weight' and input == 2 and unit == 1")
    assert row["value"].item() == model.layers[0].weight[0, 2, 1].item()
    assert (table.loc[table["parameter"] == "bias", "input"] == -1).all()


# Embeddings


def by_inverse(points, kind):
    """Success by the Moore-Penrose inverse of the map from unit vectors to the points."""
    columns = np.c_[points, np.ones(len(points))].T if kind == "affine" else points.T
    images = np.linalg.pinv(columns) @ columns
    return (images.argmax(axis=0) == np.arange(len(points))).all()


@pytest.mark.parametrize("kind", ["affine", "linear"])
@pytest.mark.parametrize(("width", "count"), [(1, 3), (2, 4), (2, 6), (4, 8), (10, 20)])
def test_embeddings_succeed_as_the_inverse_says(kind, width, count):
    points = np.random.default_rng(8).random((200, count, width))
    found = embedded(points, kind)
    assert found.tolist() == [by_inverse(each, kind) for each in points]


@pytest.mark.parametrize("width", [1, 2, 5])
def test_one_point_more_than_dimensions_always_succeeds(width):
    rng = np.random.default_rng(9)
    assert successes(rng, Embedding(width, width + 1), 300) == 300


def test_three_points_have_the_coefficients_of_the_errata():
    points = np.random.default_rng(10).random((3, 2))
    rows = np.c_[points, np.ones(3)]
    centred = points - points.mean(0)
    images = centred @ np.linalg.pinv(centred)
    assert images == pytest.approx(np.eye(3) - 1 / 3)
    assert rows @ np.linalg.pinv(rows) == pytest.approx(np.eye(3))


def test_points_lie_as_far_apart_as_is_said():
    points = separated_points(np.random.default_rng(11), Embedding(2, 5, 0.2), 50)
    assert points.shape == (50, 5, 2)
    for each in points:
        assert (cdist(each, each) + np.eye(5)).min() >= 0.2


def test_blocks_do_not_change_what_is_counted():
    cell = Embedding(4, 6)
    assert 0 < successes(np.random.default_rng(12), cell, 2000) < 2000


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (Embedding(3, 3), "3 points don't span 3 dimensions"),
        (Embedding(3, 2, map="linear"), "linear map"),
        (Embedding(1, 3, 0.9), "did not come up"),
    ],
)
def test_embeddings_that_can_not_be(cell, said):
    with pytest.raises(GlassboxError, match=said):
        successes(np.random.default_rng(13), cell, 3)


@pytest.mark.parametrize("units", [3, 15])
def test_the_start_of_an_output_layer_is_the_inverse_of_class_means(units):
    model = initialise([30, units, 12], [RNG(each) for each in (20, 21)])
    drawn = [signals(4, seed=seed) for seed in (0, 1)]
    inputs = torch.from_numpy(np.stack([each.values for each in drawn]))
    labels = torch.from_numpy(np.stack([each.labels for each in drawn]))
    before = model.layers[0].weight.detach().clone()
    start_output(model, inputs, labels)
    assert (model.layers[0].weight == before).all()
    for replicate, each in enumerate(drawn):
        hidden = model.activations(inputs)[0][replicate].detach().numpy()
        means = np.stack([hidden[each.labels == label].mean(0) for label in range(12)])
        wanted = np.linalg.pinv(np.c_[means, np.ones(12)])
        found = np.r_[
            model.layers[1].weight[replicate].detach(), model.layers[1].bias[replicate].detach()
        ]
        assert found == pytest.approx(wanted, abs=1e-3)
        if units > 11:
            assert means @ found[:-1] + found[-1] == pytest.approx(np.eye(12), abs=1e-3)


def test_a_class_without_examples_has_no_part_in_the_start():
    model = initialise([30, 5, 12], [RNG(22)])
    drawn = signals(4)
    kept = drawn.labels != 3
    inputs = torch.from_numpy(drawn.values[kept])[None]
    start_output(model, inputs, torch.from_numpy(drawn.labels[kept])[None])
    assert (model.layers[1].weight[0, :, 3] == 0).all()
    assert model.layers[1].weight.isfinite().all()


# Neighbourhoods and maps


def test_neighbours_are_those_of_a_plain_search():
    points = np.random.default_rng(14).normal(size=(57, 5)) + 1e3
    found = neighbourhoods.nearest_neighbours(points, 4, rows=10)
    distances = cdist(points, points)
    np.fill_diagonal(distances, np.inf)
    assert found.indices.tolist() == np.argsort(distances, axis=1)[:, :4].tolist()
    assert found.distances == pytest.approx(np.sort(distances, axis=1)[:, :4])


def test_hits_and_distances_by_hand():
    points = np.array([[0.0], [1.0], [3.0], [3.5]])
    labels = np.array([0, 0, 5, 1])
    found = neighbourhoods.nearest_neighbours(points, 1)
    assert neighbourhoods.label_hit(found, labels).tolist() == [1, 1, 0, 0]
    assert neighbourhoods.label_distance(found, labels).tolist() == [0, 0, 4, 4]


def test_chance_is_the_mean_over_all_pairs():
    labels = np.random.default_rng(15).integers(0, 6, 40)
    pairs = ~np.eye(40, dtype=bool)
    same = labels[:, None] == labels
    apart = np.abs(labels[:, None] - labels)
    assert neighbourhoods.chance_hit(labels) == pytest.approx(same[pairs].mean())
    assert neighbourhoods.chance_distance(labels) == pytest.approx(apart[pairs].mean())


@pytest.mark.parametrize("dimension", [1, 2, 5])
def test_the_intrinsic_dimension_is_that_of_a_flat_cloud(dimension):
    rng = np.random.default_rng(16)
    plane = np.linalg.qr(rng.normal(size=(20, dimension)))[0]
    cloud = rng.random((1500, dimension)) @ plane.T
    found = neighbourhoods.intrinsic_dimension(neighbourhoods.nearest_neighbours(cloud, 10))
    assert found == pytest.approx(dimension, rel=0.12)


def test_equal_points_have_no_dimension():
    same = neighbourhoods.nearest_neighbours(np.zeros((9, 3)), 4)
    assert np.isnan(neighbourhoods.intrinsic_dimension(same))
    with pytest.raises(GlassboxError, match="9 neighbours of each of 9 points"):
        neighbourhoods.nearest_neighbours(np.zeros((9, 3)), 9)


def test_measures_of_each_labelling():
    points = np.random.default_rng(17).normal(size=(60, 3))
    labels = {"label": np.arange(60) % 4, "origin_label": (points[:, 0] > 0).astype(int)}
    table = neighbourhoods.neighbourhood_measures(points, labels, [5]).set_index(
        ["labels", "measure"]
    )
    assert table.loc[("origin_label", "hit"), "value"] > 0.65
    assert table.loc[("origin_label", "hit"), "chance"] == pytest.approx(0.5, abs=0.06)
    assert table.loc[("label", "hit"), "value"] == pytest.approx(0.25, abs=0.12)
    assert np.isnan(table.loc[("", "dimension"), "chance"])


def test_maps_group_what_is_apart_and_are_the_same_again():
    rng = np.random.default_rng(18)
    labels = np.repeat([0, 1], 40)
    cloud = rng.normal(size=(80, 6)) + 20 * labels[:, None]
    first, again = (projections.project(cloud, 3, perplexity=10) for _ in range(2))
    assert first.dtype == np.float32
    assert (first == again).all()
    hit = neighbourhoods.label_hit(neighbourhoods.nearest_neighbours(first, 5), labels)
    assert hit.mean() > 0.95
    with pytest.raises(GlassboxError, match="30 points with perplexity 10"):
        projections.project(cloud[:30], 3, perplexity=10)


def test_maps_are_the_same_whatever_the_threads_of_products():
    values = np.random.default_rng(19).normal(size=(1200, 100))
    maps = []
    for threads in (1, 2):
        with threadpool_limits(threads):
            maps.append(projections.project(values, 0))
    assert (maps[0] == maps[1]).all()


def test_points_are_chosen_once_and_in_order():
    rng = np.random.default_rng(19)
    labels = {"label": np.arange(100) * 2, "origin_label": np.arange(100) * 3}
    chosen = points.choose_points(rng, 30, labels)
    assert (np.diff(chosen.rows) > 0).all()
    assert len(chosen.rows) == 30
    assert (chosen.labels["label"] == chosen.rows * 2).all()
    assert (chosen.labels["origin_label"] == chosen.rows * 3).all()
    for wanted in (100, 130, None):
        assert points.choose_points(rng, wanted, labels).rows.tolist() == list(range(100))


# Hand-made signals


def test_the_plain_step_is_a_signal_without_noise():
    drawn = jump_signals(np.random.default_rng(0), 1, height=3.0, noise=0.0, **PLACE)
    for label in (0, 11):
        assert Shape(3.0).signal(30, label + 8).tolist() == drawn.values[label].tolist()


@pytest.mark.parametrize(
    ("shape", "wanted"),
    [
        (Shape(2.0, rise=2), [0, 0, 0, 1, 2, 2, 2, 2]),
        (Shape(2.0, after=0.5), [0, 0, 0, 2, 1.5, 1, 0.5, 0]),
        (Shape(1.0, after=0.5), [0, 0, 0, 1, 0.5, 0, 0, 0]),
        (Shape(2.0, before=0.5), [1, 0.5, 0, 2, 2, 2, 2, 2]),
        (Shape(2.0, width=2), [0, 0, 0, 2, 2, 0, 0, 0]),
        (Shape(2.0, width=2, drop=0.5), [0, 0, 0, 2, 2, 1, 1, 1]),
        (Shape(2.0, spike=3.0, spike_at=2), [0, 3, 0, 2, 2, 2, 2, 2]),
    ],
)
def test_shapes_by_hand(shape, wanted):
    assert shape.signal(8, 4).tolist() == wanted


def family():
    return hand_made(
        {"step": {}, "ramp": {"after": 0.1}},
        {"rival": Sweep("spike", [1.0, 4.0], {"spike_at": 17})},
        location=12,
        height=3.0,
        noise=1.0,
        **PLACE,
    )


def test_a_family_holds_shapes_and_sweeps():
    made = family()
    assert made.values.shape == (4, 30)
    assert set(made.labels) == {4}
    entries = pd.DataFrame(made.metadata["shapes"])
    assert entries["name"].tolist() == ["step", "ramp", "rival", "rival"]
    assert entries["spike_at"].tolist() == [-1, -1, 17, 17]
    assert made.values[3, 16] == 7.0


def test_confidences_by_hand():
    made = family()
    output = np.full((4, 12), 0.01)
    output[:2, 4] = 0.89
    output[2:, 9] = 0.89
    table = confidences(SimpleNamespace(examples=made, probabilities=output))
    assert table["predicted"].tolist() == [12, 12, 17, 17]
    assert table["confidence"].tolist() == [0.89, 0.89, 0.01, 0.01]
    assert table["rival"].tolist() == [-1, -1, 17, 17]
    assert np.isnan(table["rival_confidence"][0])
    assert table["rival_confidence"][3] == 0.89
    assert table["parameter"].tolist() == ["", "", "spike", "spike"]
    assert (table["location"] == 12).all()
    assert table["blind"][0] == table["filter"][0] == 12
    assert table["ideal"][0] > 0.9


def test_confidences_of_a_rival_outside_the_classes_are_none():
    sweeps = {"rival": Sweep("spike", [4.0], {"spike_at": 3})}
    made = hand_made({}, sweeps, location=12, height=3.0, noise=1.0, **PLACE)
    even = np.full((1, 12), 1 / 12)
    table = confidences(SimpleNamespace(examples=made, probabilities=even))
    assert np.isnan(table["rival_confidence"][0])


def test_examples_keep_their_metadata_as_json(tmp_path):
    from glassbox.tables import read_examples, write_examples

    made = family()
    write_examples(tmp_path / "a.parquet", made)
    assert isinstance(made, Examples)
    assert read_examples(tmp_path / "a.parquet").metadata == made.metadata
