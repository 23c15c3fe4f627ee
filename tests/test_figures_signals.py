"""Figures of filters, embeddings, maps and hand-made signals: what they show, and stable bytes."""

from argparse import Namespace
from dataclasses import fields
from types import SimpleNamespace

import matplotlib
import numpy as np
import pandas as pd
import pytest

from figures import (
    activation_slices,
    confidence_curves,
    detection_curves,
    embedding_success,
    filter_responses,
    filter_search_errors,
    hand_made_signals,
    learned_and_designed_filters,
    training_curves,
    tsne,
    weight_matrices,
)
from glassbox.analyses import learned_filters, step_filters
from glassbox.analyses.confidences import confidences
from glassbox.analyses.learned_filters import filter_table, reference_filters
from glassbox.analyses.weights import parameters
from glassbox.datasets.jumps import jump_signals
from glassbox.datasets.shapes import Shape, Sweep, hand_made
from glassbox.figures.activation_slices import activation_slices as draw_slices
from glassbox.figures.confidence_curves import MEANINGS
from glassbox.figures.detection_curves import detection_curves as draw_detection
from glassbox.figures.embedding_success import pooled
from glassbox.figures.learned_and_designed_filters import (
    learned_and_designed_filters as draw_filters,
)
from glassbox.figures.tsne import Column
from glassbox.figures.tsne import tsne as draw_maps
from glassbox.models.stack import Feedforward, StackModel, initialise
from glassbox.tables import write_examples, write_table

PLACE = {"length": 30, "first": 8, "last": 19}
RNG = np.random.default_rng


def stacked(make, **more):
    frames = [make(replicate).assign(replicate=replicate, **more) for replicate in range(2)]
    return pd.concat(frames, ignore_index=True)


def filters(replicate):
    model = initialise(Feedforward(30, 12), [RNG(replicate)])
    drawn = jump_signals(RNG(replicate), 2, height=3.0, noise=1.0, **PLACE)
    return learned_filters.network_filters(StackModel(model, 30), drawn)


def widths(replicate):
    return step_filters.detection_by_width(
        RNG(replicate), [0.2, 0.5], [1.0, 2.0], per_class=2, **PLACE
    )


def search(replicate):
    drawn = jump_signals(RNG(replicate), 2, height=3.0, noise=1.0, **PLACE)
    return step_filters.filter_errors(drawn.values, drawn.labels + 8, [5, 9], [1.0, 2.0])


def history(replicate):
    epochs = np.arange(1, 9 + replicate)
    columns = {f"{split}_loss": 1 / epochs for split in ("train", "validation")}
    columns |= {f"{split}_accuracy": 1 - 0.5 / epochs for split in ("train", "validation")}
    return pd.DataFrame({"epoch": epochs, "kept": epochs == 5, **columns})


def cells(replicate):
    rows = [
        {"width": width, "points": width * factor, "successes": 900 // factor**6 // width}
        for width in (2, 4)
        for factor in (2, 3, 4)
    ]
    return pd.DataFrame(rows).assign(map="affine", distance=0.0, trials=1000)


NAMES = ("input", "hidden-1", "output")


FIRST = {"projection": "t-sne", "draw": 0, "seed": 0}


def points(replicate):
    labels = np.arange(40) % 12
    frames = [
        pd.DataFrame({"layer": name, "depth": depth, "example_id": np.arange(40), "label": labels})
        for depth, name in enumerate(NAMES)
    ]
    frame = pd.concat(frames)
    places = RNG(replicate).random((2, len(frame)))
    frame = frame.assign(origin_label=frame["label"], x=places[0], y=places[1])
    return frame.assign(**FIRST)


def hits(space):
    def make(replicate):
        rows = [
            {"layer": name, "labels": labels, "measure": "hit", "value": 0.1 * (depth + 1)}
            for depth, name in enumerate(NAMES)
            for labels in ("label", "origin_label")
        ]
        first = FIRST if space == "map" else {}
        return pd.DataFrame(rows).assign(space=space, neighbours=6, **first)

    return make


def means(replicate):
    units = {"input": 30, "conv-1": 30, "output": 12}
    return pd.DataFrame(
        [
            {"layer": name, "depth": depth, "label": label, "unit": unit, "mean": unit + replicate}
            for depth, (name, count) in enumerate(units.items())
            for label in range(12)
            for unit in range(count)
        ]
    )


SHAPES = hand_made(
    {"step": {}, "ramp": {"after": 0.1}},
    {"rival": Sweep("spike", [1.0, 4.0], {"spike_at": 17})},
    location=12,
    height=3.0,
    noise=1.0,
    **PLACE,
)


def said(replicate):
    output = RNG(replicate).random((4, 12))
    shown = SimpleNamespace(examples=SHAPES, probabilities=output / output.sum(1, keepdims=True))
    return confidences(shown)


OF = {"method": "net", "set": "jumps/train"}
KINDS = {
    "filter_responses": (
        filter_responses,
        {"filters": ["mixed", "smoothing"]},
        {"responses": stacked(lambda r: step_filters.responses(RNG(r).normal(size=30)))},
    ),
    "detection_curves": (
        detection_curves,
        {"colour_map": "viridis", "replicates": 2},
        {"widths": [stacked(widths)]},
    ),
    "filter_search_errors": (
        filter_search_errors,
        {"colour_map": "viridis", "replicates": 2},
        {"searches": [stacked(search)]},
    ),
    "learned_and_designed_filters": (
        learned_and_designed_filters,
        {"label": 3, "replicates": 2},
        {
            "filters": stacked(lambda r: learned_filters.filter_table(filters(r), 8)),
            "likeness": [stacked(lambda r: learned_filters.likeness(filters(r), 8))],
        },
    ),
    "weight_matrices": (
        weight_matrices,
        {"colour_map": "RdBu_r"},
        {"parameters": stacked(lambda r: parameters(initialise(Feedforward(6, 3, [4]), [RNG(r)])))},
    ),
    "training_curves": (
        training_curves,
        {"replicates": 2, "period": "cycle", "loss": "squared-error"},
        {"histories": [stacked(history)]},
    ),
    "embedding_success": (
        embedding_success,
        {"colour_map": "viridis", "replicates": 2},
        {"embeddings": [stacked(cells)]},
    ),
    "activation_slices": (
        activation_slices,
        {"label": 3, "first": 8, "colours": ["#222222", "#56b4e9"], "replicates": 2},
        {"averages": [stacked(means)]},
    ),
    "tsne": (
        tsne,
        {
            "columns": [
                {"title": title, "model": "net", "set": "jumps/train", "labels": labels}
                for title, labels in (("own", "label"), ("true", "origin_label"))
            ],
            "layers": ["input", "output"],
            "colour_map": "turbo",
            "first": 8,
        },
        {
            "projections": [stacked(points, **OF)],
            "hits": [stacked(hits("map"), **OF)],
            "layers": [stacked(hits("layer"), **OF)],
        },
    ),
    "hand_made_signals": (
        hand_made_signals,
        {"replicates": 2},
        {"examples": SHAPES, "confidences": [stacked(said, method="net")]},
    ),
    "confidence_curves": (
        confidence_curves,
        {"replicates": 2},
        {"confidences": [stacked(said, method="net")]},
    ),
}


def written(kind, folder):
    """What the program of a kind of figure writes for its tables."""
    program, config, roles = KINDS[kind]
    paths = {"output": folder / "figure.svg"}
    for role, tables in roles.items():
        path = folder / f"{role}.parquet"
        if tables is SHAPES:
            write_examples(path, tables)
        else:
            write_table(path, tables[0] if isinstance(tables, list) else tables)
        paths[role] = [path] if isinstance(tables, list) else path
    program.main(Namespace(config=config, **paths))
    return paths["output"].read_bytes()


@pytest.mark.parametrize("kind", KINDS)
def test_a_figure_has_the_same_bytes_again(kind, tmp_path):
    first = written(kind, tmp_path)
    with matplotlib.rc_context({"font.size": 20, "axes.grid": True}):
        assert written(kind, tmp_path) == first
    assert b"<dc:date>" not in first
    assert b"<text" not in first


def test_counts_are_pooled_over_replicates():
    found = pooled(stacked(cells)).set_index(["width", "points"])
    assert found.loc[(2, 4), "trials"] == 2000
    assert found.loc[(2, 4), "share"] == 14 / 2000
    assert (found["low"] <= found["share"]).all() and (found["share"] <= found["high"]).all()


def test_maps_say_the_hits_of_layer_and_map():
    table = points(0)
    table["x"] = table["example_id"]
    numbers = pd.concat([hits("map")(0), hits("layer")(0)])
    figure = draw_maps([Column("net", "label", table, numbers)], ["input", "output"], "turbo", 8)
    *maps, bar = figure.axes
    assert bar.get_xlim() == (8, 19) and bar.get_xlabel() == "location"
    assert [axes.get_title("left") for axes in maps] == [
        "(a) net, input\nhit 0.10 | 0.10",
        "(b) net, output\nhit 0.30 | 0.30",
    ]
    assert not figure.axes[0].texts, "scattered classes have no place for a number"
    assert len(figure.axes[0].collections[0].get_offsets()) == 40


def test_every_parameter_of_a_shape_is_named_with_its_unit():
    assert set(MEANINGS) == {each.name for each in fields(Shape)}


@pytest.mark.parametrize(("most", "dots"), [(0.9, 1), (1.0, 0)])
def test_of_widths_that_find_as_much_the_geometric_mean_is_the_best_if_none_finds_all(most, dots):
    index = pd.MultiIndex.from_product([[0, 1], [1.0, 2.0, 8.0]], names=["replicate", "tau"])
    share = pd.DataFrame({"share": [0.5, most, most] * 2}, index).reset_index()
    found = share.assign(noise=0.1, detector="gaussian-derivative")
    _, *drawn = draw_detection(found, "viridis").axes[0].get_lines()
    best = [line for line in drawn if np.ravel(line.get_xdata()) == pytest.approx(4)]
    assert len(best) == dots and all(line.get_ydata() == most for line in best)


def test_the_cosines_of_a_legend_are_those_of_its_curves():
    first, length = 8, 30
    matrix = reference_filters(length, first, 12)["step"]
    likeness = pd.DataFrame(
        {
            "replicate": 0,
            "variant": "centred",
            "label": 0,
            "value": 0.25,
            "measure": ["derivative", "step"],
        }
    )
    table = filter_table({"raw": matrix, "centred": matrix - matrix.mean(0)}, first)
    figure = draw_filters(table.assign(replicate=0), likeness, 3)
    *_, step = (text.get_text() for text in figure.axes[3].get_legend().texts)
    assert step == "step: cosine 1.00" and "step 0.25" in figure.get_supxlabel()


def test_classes_that_lie_together_get_their_number():
    table = points(0)
    table[["x", "y"]] = table[["label"]].to_numpy() + np.zeros(2)
    numbers = pd.concat([hits("map")(0), hits("layer")(0)])
    figure = draw_maps([Column("net", "label", table, numbers)], ["hidden-1"], "turbo", 8)
    shown = {text.get_text() for text in figure.axes[0].texts}
    assert shown == {str(label + 8) for label in range(12)}


def test_slices_count_samples_and_locations_as_the_signals_do():
    figure = draw_slices(stacked(means), label=3, first=8, colours=["#222222", "#56b4e9"])
    names = [axes.get_xlabel() for axes in figure.axes]
    assert names == ["sample", "sample", "location"]
    for axes, start, units in zip(figure.axes, (1, 1, 8), (30, 30, 12), strict=True):
        other, alone, jump = axes.get_lines()
        assert list(alone.get_xdata()) == list(range(start, start + units))
        assert list(alone.get_ydata()) == list(range(units))
        assert list(other.get_ydata()) == list(range(1, units + 1))
        assert jump.get_xdata() == [11, 11]
    plain = draw_slices(stacked(means), label=3, first=None, colours=["#222222", "#56b4e9"])
    assert {axes.get_xlabel() for axes in plain.axes} == {"unit"}
