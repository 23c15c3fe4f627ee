"""Single examples, their place in the map and their pattern, units sorted (pardo2019 Fig. 4)."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.patheffects import withStroke

from glassbox.figures import maps
from glassbox.figures.patterns import Layer, draw_picture, layers_in_order, picture
from glassbox.figures.style import WIDTH, look
from glassbox.tables import Examples

ACROSS = 10  # examples in a row
MOST = 40  # examples
RANGE = (-1, 4)  # of activations, as published
WRONG = "#f18500"


def patterns_of_examples(
    patterns: pd.DataFrame,
    examples: Examples,
    shape: list[int] | None,
    points: pd.DataFrame,
    expected: pd.DataFrame,
    column: str,
    colours: list[str],
    colour_map: str,
) -> Figure:
    """Three panels per example: its input, a cross in the map of the training set, its pattern.

    patterns: columns example_id, label, answer, z1, z2, layer, depth, unit and value. examples: the
    set that they are of, and shape: of its images. points: the map. expected: as of
    `reordered_network`; units are sorted by its column.
    """
    tints, background = maps.rgb(colours), maps.thinned(points)
    layers = layers_in_order(expected, column)
    shown = _some(patterns.drop_duplicates("example_id"))
    across = min(len(shown), ACROSS)
    blocks = -(-len(shown) // across)
    with look():
        figure = Figure(figsize=(WIDTH, 2.55 * blocks + 0.9))
        grid = figure.subplots(
            3 * blocks, across, squeeze=False, height_ratios=[1, 1, 1.5] * blocks
        )
        figure.get_layout_engine().set(w_pad=0.015, h_pad=0.02)
        for axes in grid.ravel():
            axes.set_axis_off()
        for place, row in enumerate(shown.itertuples(index=False)):
            block, at = divmod(place, across)
            above, middle, below = grid[3 * block : 3 * block + 3, at]
            draw_answered(above, maps.input_of(examples, row.example_id), shape, row)
            draw_place(middle, background, row, tints)
            own = patterns[patterns["example_id"] == row.example_id]
            below.set_axis_on()
            image = draw_pattern(below, own, layers, colour_map)
        maps.legend_of_classes(figure, sorted(points["label"].unique()), tints)
        label = "activation, a column per layer, a row per unit, sorted by preferred class"
        maps.bar_below(figure, grid, image, label)
        figure.supxlabel(
            "upper left: true class; lower right: answer; cross: place in the map of the "
            "training set ($z_1$, $z_2$)",
            size=9,
        )
    return figure


def _some(examples: pd.DataFrame) -> pd.DataFrame:
    """The first of them, half of them misclassified if there are as many."""
    is_wrong = examples["label"] != examples["answer"]
    few = max(MOST // 2, MOST - int((~is_wrong).sum()))
    wrong = examples[is_wrong].head(few)
    return pd.concat([wrong, examples[~is_wrong].head(MOST - len(wrong))]).sort_index()


def draw_pattern(
    axes: Axes, pattern: pd.DataFrame, layers: list[Layer], colour_map: str
) -> AxesImage:
    """The activations of one example, columns depth, unit and value, in the order of the units."""
    by_depth = {depth: rows.set_index("unit")["value"] for depth, rows in pattern.groupby("depth")}
    ordered = [
        by_depth[each.depth].loc[each.expected.index].to_numpy()[each.order] for each in layers
    ]
    depths = [each.depth for each in layers]
    low, high = RANGE
    image = draw_picture(axes, picture(ordered), depths, cmap=colour_map, vmin=low, vmax=high)
    axes.set_xticks([])
    return image


def draw_answered(axes: Axes, values, shape: list[int] | None, row) -> None:
    """An input with its class in the upper left corner and the answer in the lower right one."""
    axes.set_axis_on()
    maps.draw_input(axes, values, shape)
    wrong = row.label != row.answer
    drawn = {"size": 8, "weight": "bold", "transform": axes.transAxes}
    drawn["path_effects"] = [withStroke(linewidth=1.8, foreground="black")]
    axes.text(0.05, 0.95, str(row.label), color="white", va="top", **drawn)
    axes.text(0.95, 0.05, str(row.answer), color=WRONG if wrong else "white", ha="right", **drawn)


def draw_place(axes: Axes, background: pd.DataFrame, row, colours) -> None:
    """A black cross where an example lies in the map."""
    axes.set_axis_on()
    maps.draw_points(axes, background, colours, size=1.5)
    maps.draw_cross(axes, (row.z1, row.z2))
    maps.show_all(axes, background, pd.DataFrame([{"z1": row.z1, "z2": row.z2}]))
    maps.frame(axes)
