"""The map of hidden activations over its estimated error, where attacks play (pardo2019)."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from bokeh.models import (
    CDSView,
    ColumnDataSource,
    CustomJS,
    Div,
    GroupFilter,
    LinearColorMapper,
    Select,
)
from bokeh.plotting import figure

from glassbox.figures.maps import ERROR
from glassbox.maps import playing, points
from glassbox.maps.page import Page, Scale

PATH, WHOLE = "#d55e00", "#f0a878"
SHOW_SET = "filter.group = select.value; source.selected.indices = [];"
SHOW_STEP = (
    points.FILL
    + """
const d = paths.data, rows = [];
for (let row = 0; row < d.step.length; row++)
  if (d.origin_id[row] == example.value && d.target[row] == target.value) rows.push(row);
const to = Math.min(slider.value, rows.length - 1), at = rows[to], past = rows.slice(0, to + 1);
const places = (chosen) => ({x: chosen.map((row) => d.z1[row]), y: chosen.map((row) => d.z2[row])});
whole.data = places(rows);
line.data = places(past);
head.data = places([at]);
div.text = fill(card, d, at);
"""
)
ANSWERS = (
    "class {label}, answer {answer}",
    "log10 of the error {error}",
    "log10 of the estimate {estimate}",
)


@dataclass(frozen=True)
class Attacks:
    """Paths over the map: columns of `activation_map`'s points, and origin_id, target and step."""

    paths: pd.DataFrame
    picture: str


def activation_map(
    shown: dict[str, pd.DataFrame],
    plane: pd.DataFrame,
    colours: list[str],
    greys: list[str],
    limits: tuple[float, float],
    picture: str,
    attacks: Attacks | None = None,
) -> Page:
    """The examples of each set over the plane of estimates, and attacks that play.

    shown: by set, a row per example, columns example_id, label, answer, right, z1, z2, estimate,
    error (both log10) and px and py, where `picture` finds its input. plane: z1, z2 and estimate
    over a grid; greys: the colours of the estimates from the least of `limits` to the largest.
    """
    every = pd.concat([each.assign(set=name) for name, each in shown.items()], ignore_index=True)
    every = every.assign(mark=np.where(every["right"], "circle", points.WRONG))
    places = pd.concat([every[["z1", "z2"]], plane[["z1", "z2"]]])
    source = points.source_of(every.drop(columns="right"))
    picked = GroupFilter(column_name="set", group=next(iter(shown)))
    view = CDSView(filter=picked)
    mapper, classes = points.colours_of(every["label"].to_numpy(), colours)
    made = points.plot("", _as_xy(places), "a dot per example; the table below says the same")
    _draw_plane(made, plane, greys, limits)
    size = points.dot_size(max(map(len, shown.values())))
    look = {"marker": "mark", "view": view, "line_color": "white", "line_width": 0.4}
    colour = {"field": "label", "transform": mapper}
    drawn = points.dots(made, source, "z1", "z2", colour, size, **look)
    first = next(iter(shown.values()))
    points.number_classes(made, _as_xy(first))
    made.grid.visible = False
    made.xaxis.axis_label, made.yaxis.axis_label = "z1", "z2"
    card = points.card(picture, "example {example_id}", *ANSWERS)
    points.hover(made, [drawn], card)
    controls, told = _choice_of_sets(list(shown), picked, source), []
    if attacks is not None:
        played, said = _attacks(made, attacks)
        controls, told = [*controls, *played], [said]
    columns = {
        "example_id": "example",
        "label": "class",
        "answer": "answer",
        "error": "error",
        "estimate": "estimate",
    }
    return Page(
        about=_about(attacks),
        maps=[made],
        controls=controls,
        told=[*told, points.chosen(source, card)],
        tables={
            "The examples of the map, errors as log10": points.table(source, columns, view=view)
        },
        classes=classes,
        scales=[Scale(ERROR, greys, *(f"{each:.1f}" for each in limits))],
    )


def _about(attacks: Attacks | None) -> str:
    words = (
        "Each dot is an example where its hidden activations lie on the plane of the autoencoder, "
        "in the colour of its class; triangles are misclassified. Behind them is the error that "
        "is estimated at each place: the darker, the larger."
    )
    if attacks is not None:
        words += (
            " Choose an example that was attacked and the class that the attack aims at, and play: "
            "the orange path goes from its input, which changes below, to where the attack ends."
        )
    return words


def _as_xy(places: pd.DataFrame) -> pd.DataFrame:
    return places.rename(columns={"z1": "x", "z2": "y"})


def _draw_plane(
    made: figure, plane: pd.DataFrame, greys: list[str], limits: tuple[float, float]
) -> None:
    grid = plane.pivot(index="z2", columns="z1", values="estimate")
    across, up = (np.diff(each).mean() for each in (grid.columns, grid.index))
    shares = (grid.to_numpy() - limits[0]) / (limits[1] - limits[0] or 1)
    levels = np.clip(shares * len(greys), 0, len(greys) - 1).astype(np.uint8)
    mapper = LinearColorMapper(palette=greys, low=0, high=len(greys))
    made.image(
        [levels],
        x=float(grid.columns[0] - across / 2),
        y=float(grid.index[0] - up / 2),
        dw=float(across * len(grid.columns)),
        dh=float(up * len(grid.index)),
        color_mapper=mapper,
        level="image",
    )


def _choice_of_sets(names: list[str], picked: GroupFilter, source: ColumnDataSource) -> list:
    if len(names) == 1:
        return []
    select = Select(
        title="Examples", options=names, value=names[0], stylesheets=[playing.FIELD], width=200
    )
    args = {"filter": picked, "select": select, "source": source}
    select.js_on_change("value", CustomJS(args=args, code=SHOW_SET))
    return [select]


def _attacks(made: figure, attacks: Attacks) -> tuple[list, Div]:
    """The controls that play a path, and what is told of where it is."""
    paths = attacks.paths.sort_values(["origin_id", "target", "step"])
    steps = int(paths.groupby(["origin_id", "target"]).size().max())
    ids = paths.drop_duplicates("origin_id")
    targets = sorted(paths["target"].unique())
    other = next((each for each in targets if each != ids["label"].iloc[0]), targets[0])
    is_first = (paths["origin_id"] == ids["origin_id"].iloc[0]) & (paths["target"] == other)
    first = _as_xy(paths[is_first])
    places = (each[["x", "y"]] for each in (first, first.iloc[:1], first.iloc[:1]))
    whole, line, head = map(points.source_of, places)
    made.line("x", "y", source=whole, color=WHOLE, line_width=1.5, level="annotation")
    made.line("x", "y", source=line, color=PATH, line_width=3, level="annotation")
    look = {"fill_color": PATH, "line_color": "white", "line_width": 1.5, "level": "annotation"}
    made.scatter("x", "y", source=head, size=13, **look)
    slider, controls = playing.player(steps, 1, "step of the attack")
    named = [
        (str(each.origin_id), f"{each.origin_id}, class {each.label}") for each in ids.itertuples()
    ]
    look = {"stylesheets": [playing.FIELD], "width": 160}
    example = Select(title="Attacked example", options=named, value=named[0][0], **look)
    options = [str(each) for each in targets]
    target = Select(title="Class aimed at", options=options, value=str(other), **look)
    shown = points.card(attacks.picture, "step {step}, aimed at {target}", *ANSWERS)
    div = Div(text=points.filled(shown, first.iloc[0]), stylesheets=[points.TEXT])
    div.sizing_mode = "stretch_width"
    args = {"paths": points.source_of(paths.drop(columns="right")), "card": shown, "div": div}
    args |= {"whole": whole, "line": line, "head": head}
    args |= {"example": example, "target": target, "slider": slider}
    show = CustomJS(args=args, code=SHOW_STEP)
    for each in (example, target, slider):
        each.js_on_change("value", show)
    return [example, target, *controls], div
