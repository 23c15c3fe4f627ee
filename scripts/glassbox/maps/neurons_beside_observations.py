"""Maps of observations and of neurons side by side: a choice in one is shown in the other."""

from dataclasses import dataclass

import matplotlib
import numpy as np
import pandas as pd
from bokeh.models import ColumnDataSource, CustomJS, GlyphRenderer, LinearColorMapper
from bokeh.plotting import figure
from matplotlib.colors import to_hex

from glassbox.maps import points
from glassbox.maps.page import Page, Scale

LEVELS = 255  # that an activation is told by, from a neuron's least to its largest
SCALE = [to_hex(each) for each in matplotlib.colormaps["viridis"](np.arange(256))]
# values holds a row of all neurons per observation; `of` is what is coloured, `by` what was chosen.
COLOUR_BY = """
const chosen = by.selected.indices, count = of.data[level].length;
const v = values.data.value, of_neurons = which == "neurons";
for (let row = 0; row < count; row++) {
  let sum = 0;
  for (const other of chosen) sum += of_neurons ? v[other * count + row] : v[row * neurons + other];
  of.data[level][row] = sum / Math.max(chosen.length, 1);
}
plain.visible = chosen.length == 0;
told.visible = chosen.length > 0;
of.change.emit();
"""


@dataclass(frozen=True)
class Network:
    """One layer of a network.

    observations: columns example_id, label, x and y. neurons: unit, x, y, label (of the class that
    a neuron tells best) and score. values: activations (observations, neurons) in their orders.
    """

    title: str
    observations: pd.DataFrame
    neurons: pd.DataFrame
    values: np.ndarray


def neurons_beside_observations(
    networks: list[Network], pictures: pd.DataFrame, colours: list[str], score: str, picture: str
) -> Page:
    """Two maps per network. All show the same observations, in the same order.

    pictures: columns example_id, px and py, in that order, where `picture` finds inputs. score:
    what tells how well a neuron tells a class.
    """
    labels = networks[0].observations["label"].to_numpy()
    columns = pictures.reset_index(drop=True).assign(label=labels)
    for place, each in enumerate(networks):
        own = each.observations[["x", "y"]].reset_index(drop=True)
        columns = columns.join(own.add_suffix(str(place))).assign(**{f"level{place}": 0.0})
    source = points.source_of(columns)
    mapper, classes = points.colours_of(labels, colours)
    maps, tables = [], {"The observations": _observations(source)}
    for place, each in enumerate(networks):
        neurons = points.source_of(each.neurons.assign(level=0.0))
        left, right = _pair(place, each, source, neurons, mapper, picture, score)
        maps += [left, right]
        words = {"unit": "neuron", "label": "best class", "score": score}
        tables[f"The neurons: {each.title}"] = points.table(neurons, words)
    return Page(
        about=(
            "Left: a dot per observation in the colour of its class. Right: a dot per neuron in "
            "the colour of the class that it tells best. Choose observations, and neurons take "
            "the colour of their mean activation on these; choose neurons, and observations take "
            "that of the mean activation of these, each neuron from the least to the largest that "
            "it gives on any observation."
        ),
        maps=maps,
        across=2,
        scales=[Scale("mean activation on what is chosen", SCALE[::16], "least", "largest")],
        told=[points.chosen(source, _card(picture), "observations")],
        tables=tables,
        classes=classes,
    )


def _card(picture: str) -> str:
    return points.card(picture, "example {example_id}", "class {label}")


def _observations(source: ColumnDataSource):
    return points.table(source, {"example_id": "example", "label": "class"})


def _pair(
    place: int,
    network: Network,
    source: ColumnDataSource,
    neurons: ColumnDataSource,
    mapper: LinearColorMapper,
    picture: str,
    score: str,
) -> tuple[figure, figure]:
    said = "a dot per observation; the table below says the same"
    left = points.plot(f"{network.title}: observations", network.observations, said)
    said = "a dot per neuron; the table below says the same"
    right = points.plot(f"{network.title}: neurons", network.neurons, said)
    x, y, level = f"x{place}", f"y{place}", f"level{place}"
    shown = _twice(left, source, x, y, level, mapper, len(network.observations))
    units = _twice(right, neurons, "x", "y", "level", mapper, len(network.neurons) // 4)
    points.number_classes(left, network.observations)
    points.hover(left, shown, _card(picture))
    told = ("neuron {unit}", "tells class {label} best", f"{score} {{score}}")
    points.hover(right, units, points.card("", *told))
    values = points.source_of({"value": _scaled(network.values).ravel()})
    values.data["value"] = values.data["value"].astype(np.uint8)
    args = {"values": values, "neurons": len(network.neurons)}
    for of, by, renderers, name, which in (
        (neurons, source, units, "level", "neurons"),
        (source, neurons, shown, level, "observations"),
    ):
        plain, coloured = renderers
        more = {"of": of, "by": by, "plain": plain, "told": coloured, "level": name, "which": which}
        by.selected.js_on_change("indices", CustomJS(args={**args, **more}, code=COLOUR_BY))
    for each in (left, right):
        points.without_axes(each)
    return left, right


def _twice(
    made: figure,
    source: ColumnDataSource,
    x: str,
    y: str,
    level: str,
    mapper: LinearColorMapper,
    count: int,
) -> list[GlyphRenderer]:
    """Dots in the colours of classes, and the same dots by level, of which one is shown."""
    size, edge = points.dot_size(count), {"line_color": "gray", "line_width": 0.4}
    plain = points.dots(made, source, x, y, {"field": "label", "transform": mapper}, size, **edge)
    scale = LinearColorMapper(palette=SCALE, low=0, high=LEVELS)
    edge |= {"nonselection_alpha": 0.85, "visible": False}
    told = points.dots(made, source, x, y, {"field": level, "transform": scale}, size, **edge)
    return [plain, told]


def _scaled(values: np.ndarray) -> np.ndarray:
    """Each neuron's activations (observations, neurons) from its least, 0, to its largest."""
    low, span = values.min(axis=0), np.ptp(values, axis=0)
    return np.rint(LEVELS * (values - low) / np.where(span > 0, span, 1)).astype(np.int64)
