"""Trails of observations over layers or checkpoints, played (rauber2017 Figs 10, 11; pardo2019)."""

import numpy as np
import pandas as pd
from bokeh.models import CustomJS, Div

from glassbox.maps import playing, points
from glassbox.maps.page import Page

BETWEEN = 12  # positions of the slider from one map to the next
MOVE = """
const d = points.data, count = d.label.length, last = names.length - 1;
const at = slider.value / between, from = Math.min(Math.floor(at), last);
const rest = at - from, to = Math.min(from + 1, last);
for (let row = 0; row < count; row++) {
  d.x[row] = (1 - rest) * d.xs[row][from] + rest * d.xs[row][to];
  d.y[row] = (1 - rest) * d.ys[row][from] + rest * d.ys[row][to];
}
points.change.emit();
const said = rest ? `from ${names[from]} to ${names[to]}` : names[from];
if (div.text != said) div.text = said;
"""


def playing_trails(
    trails: pd.DataFrame, names: list[str], colours: list[str], axes: bool, picture: str
) -> Page:
    """A dot per example that moves from map to map, along its trail.

    trails: columns step, example_id, label, x and y, and px and py, where `picture` finds its
    input; every example at every step. names: of the steps. axes: whether places mean something.
    """
    ordered = trails.sort_values(["step", "example_id"])
    count = ordered["example_id"].nunique()
    first = ordered.iloc[:count].reset_index(drop=True)
    places = ordered[["x", "y"]].to_numpy(np.float32).reshape(-1, count, 2)
    moved = np.linalg.norm(np.diff(places, axis=0), axis=2).sum(axis=0)
    first = first.assign(moved=moved)
    source = points.source_of(first[["example_id", "label", "x", "y", "px", "py", "moved"]])
    for place, name in enumerate(("xs", "ys")):
        source.add([_short(each) for each in places[:, :, place].T], name)
    mapper, classes = points.colours_of(first["label"].to_numpy(), colours)
    made = points.plot("", ordered, "a dot per example, which moves; its class is in the table")
    colour = {"field": "label", "transform": mapper}
    made.multi_line(
        "xs",
        "ys",
        source=source,
        color=colour,
        line_alpha=0.16,
        selection_line_alpha=0.9,
        nonselection_line_alpha=0.03,
    )
    drawn = points.dots(made, source, "x", "y", colour, points.dot_size(count))
    card = points.card(picture, "example {example_id}", "class {label}")
    points.hover(made, [drawn], card)
    if not axes:
        points.without_axes(made)
    slider, controls = playing.player(len(names), BETWEEN, f"from {names[0]} to {names[-1]}")
    div = Div(text=names[0], stylesheets=[points.TEXT])
    args = {"points": source, "names": names, "div": div}
    move = CustomJS(args={**args, "slider": slider, "between": BETWEEN}, code=MOVE)
    slider.js_on_change("value", move)
    columns = {"example_id": "example", "label": "class", "moved": "trail length"}
    return Page(
        about=(
            f"Each dot is an example in the colour of its class; its line joins its places in "
            f"{len(names)} maps, {names[0]} to {names[-1]}. Play, or step from map to map; in "
            "between, dots move evenly, which no map says. Chosen examples keep their trails."
        ),
        maps=[made],
        controls=[*controls, div],
        told=[points.chosen(source, card)],
        tables={"The examples of the map": points.table(source, columns)},
        classes=classes,
    )


def _short(places: np.ndarray) -> list[float]:
    """Places in as few digits as a screen shows."""
    return [float(f"{each:.4g}") for each in places]
