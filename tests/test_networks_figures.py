"""Figures of filters, bottlenecks, gradient ascent and trajectories show what they are given."""

import numpy as np
import pandas as pd
import pytest

from glassbox.errors import GlassboxError
from glassbox.figures.ascent_layers import ascent_layers
from glassbox.figures.ascent_signals import ascent_signals
from glassbox.figures.bottleneck_representations import bottleneck_representations
from glassbox.figures.bottleneck_widths import bottleneck_widths
from glassbox.figures.deviation_slopes import deviation_slopes
from glassbox.figures.filter_shapes import filter_shapes
from glassbox.figures.style import save
from glassbox.tables import Examples

COLOURS = ["#0072b2", "#d55e00", "#009e73"]


def lines(axes):
    return [line.get_ydata() for line in axes.get_lines()]


def test_filters_are_drawn_over_their_norm_in_the_colour_of_what_they_do():
    rows = []
    for replicate, weights in enumerate(([1.0, 2.0, 1.0], [-2.0, 0.0, 2.0])):
        rows += [(replicate, 1, "weight", tap, w) for tap, w in enumerate(weights, start=1)]
        rows.append((replicate, 1, "balance", 0, abs(sum(weights)) / 4))
    table = pd.DataFrame(rows, columns=["replicate", "depth", "measure", "tap", "value"])
    table["layer"] = "conv-1"
    axes = filter_shapes(table, COLOURS).axes[0]
    smooth, derivative, _ = axes.get_lines()
    np.testing.assert_allclose(smooth.get_ydata(), [0.25, 0.5, 0.25])
    np.testing.assert_allclose(derivative.get_ydata(), [-0.5, 0, 0.5])
    assert (smooth.get_color(), derivative.get_color()) == tuple(COLOURS[:2])
    assert "conv-1: 1 of 2 smooth" in axes.get_title(loc="left")


def plane(units=2):
    rng = np.random.default_rng(1)
    values = rng.normal(size=(30, units)).astype(np.float32)
    return Examples(np.arange(30), np.arange(30) % 6, values, {"classes": 6})


def test_a_plane_shows_every_example_and_the_means_of_the_classes():
    shown = plane()
    left, right, *_ = bottleneck_representations(shown, "viridis", 21).axes
    np.testing.assert_allclose(left.collections[0].get_offsets(), shown.values)
    means = [shown.values[shown.labels == label].mean(axis=0) for label in range(6)]
    np.testing.assert_allclose(right.collections[0].get_offsets(), means, rtol=1e-6)
    assert [text.get_text() for text in right.texts] == ["21", "26"]


def test_a_plane_needs_two_units():
    with pytest.raises(GlassboxError, match="this one has 3"):
        bottleneck_representations(plane(3), "viridis", 21)


def test_errors_are_drawn_against_the_width_with_the_reference_as_a_level():
    rows = [
        (method, replicate, measure, value + replicate)
        for method, value in (("b-2", 5.0), ("b-10", 3.0), ("filter", 1.0))
        for replicate in range(2)
        for measure in ("L1", "L2", "L1_p99", "L2_p99")
    ]
    errors = pd.DataFrame(rows, columns=["method", "replicate", "measure", "value"])
    figure = bottleneck_widths(errors, {"b-2": 2, "b-10": 10}, "filter", COLOURS[0])
    assert len(figure.axes) == 4
    *_, mean, level = figure.axes[0].get_lines()
    assert mean.get_xdata().tolist() == [2, 10]
    assert mean.get_ydata().tolist() == [5.5, 3.5]
    assert set(level.get_ydata()) == {1.5}


def ascent(reached):
    table = pd.DataFrame(
        [
            ("net", replicate, label, 18 + label, got, 4.5)
            for replicate, got in enumerate(reached)
            for label in (0, 1)
        ],
        columns=["method", "replicate", "label", "location", "reached", "clarity"],
    )
    signals = pd.DataFrame(
        [
            (replicate, label, name, layer, sample, 100 * replicate + 10 * label + layer)
            for replicate in range(len(reached))
            for label in (0, 1)
            for layer, name in enumerate(("input", "conv-1"))
            for sample in range(1, 9)
        ],
        columns=["replicate", "label", "layer", "depth", "sample", "value"],
    )
    return table, signals


def test_ascents_have_a_row_per_network_and_a_column_per_class():
    table, signals = ascent([True, True])
    missed, _ = ascent([False, True])
    figure = ascent_signals([table, missed], [signals, signals], [1, 0])
    first, second, third, fourth = figure.axes
    assert [set(lines(axes)[1]) for axes in (first, second)] == [{10}, {0}]
    assert set(lines(first)[0]) == {0, 1}
    assert first.get_title(loc="left") == "19: clarity 4.5"
    assert [axes.get_title(loc="left") for axes in (third, fourth)] == [
        "19: clarity 4.5, not reached",
        "18: clarity 4.5, not reached",
    ]
    assert first.get_ylabel() == "net"


@pytest.mark.parametrize(("reached", "shown"), [([False, True], 1), ([False, False], 0)])
def test_layers_are_those_of_the_first_replicate_that_got_there(reached, shown):
    figure = ascent_layers(*ascent(reached), 1)
    assert [set(lines(axes)[1]) for axes in figure.axes] == [
        {100 * shown + 10 + layer} for layer in (0, 1)
    ]
    titles = [axes.get_title(loc="left") for axes in figure.axes]
    assert titles == ["(a) input", "(b) after conv-1"]
    said = f"{sum(reached)} of 2 replicates become sure of the class; shown: replicate {shown}"
    assert said in figure.get_supxlabel()


def test_trajectories_mark_where_networks_part_and_have_the_same_bytes_again(tmp_path):
    rng = np.random.default_rng(2)

    def table(*slopes):
        rows = [
            (epoch, replicate, layer, "inner", measure, 1 + value * layer)
            for epoch, slope in zip((0, 10, 100), slopes, strict=True)
            for replicate in range(4)
            for value in [slope + 0.01 * rng.normal()]
            for layer in range(4)
            for measure in ("cosine", "normalised")
        ]
        columns = ["epoch", "replicate", "depth", "scope", "measure", "value"]
        return pd.DataFrame(rows, columns=columns)

    tables = {"one": table(0, 0, 0), "other": table(0, 0.5, 0.6)}
    figure = deviation_slopes(tables, "one", ["cosine", "normalised"], COLOURS)
    for axes in figure.axes:
        assert [text.get_text().strip() for text in axes.texts] == ["10"]
        dotted = [line for line in axes.get_lines() if line.get_linestyle() == ":"]
        assert [set(line.get_xdata()) for line in dotted] == [{10}]
    save(figure, tmp_path / "one.svg")
    again = deviation_slopes(tables, "one", ["cosine", "normalised"], COLOURS)
    save(again, tmp_path / "two.svg")
    assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "two.svg").read_bytes()


def test_a_plane_has_the_same_bytes_again(tmp_path):
    for name in ("one", "two"):
        save(bottleneck_representations(plane(), "viridis", 21), tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
