"""Maps of the same observations in several layers, linked: a choice in one is shown in all."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from bokeh.models import ColumnDataSource

from glassbox.maps import points
from glassbox.maps.page import Page, Scale


@dataclass(frozen=True)
class Panel:
    """One map.

    shown: columns example_id, label, x and y; and answer, of a network, where it is known.
    """

    title: str
    set: str
    shown: pd.DataFrame


def linked_maps(
    panels: list[Panel],
    pictures: dict[str, pd.DataFrame],
    palette: list[str],
    picture: str,
    across: int,
) -> Page:
    """A map per panel, `across` in a row; those of one set share their examples.

    pictures: by set, columns example_id, px and py, where `picture` finds inputs. palette: the
    colours of classes, from class 0 on.
    """
    sources = {name: _source(panels, name, pictures[name]) for name in pictures}
    labels = np.concatenate([each.shown["label"] for each in panels])
    mapper, classes = points.colours_of(labels, palette)
    maps = []
    for place, panel in enumerate(panels):
        source = sources[panel.set]
        made = points.without_axes(points.plot(panel.title, panel.shown, "a dot per example"))
        colour = {"field": f"label{place}", "transform": mapper}
        look = {"line_color": "white", "line_width": 0.3}
        if "answer" in panel.shown:
            look["marker"] = f"mark{place}"
        size = points.dot_size(len(panel.shown))
        drawn = points.dots(made, source, f"x{place}", f"y{place}", colour, size, **look)
        if classes:
            points.number_classes(made, panel.shown)
        points.hover(made, [drawn], points.card(picture, *_lines(place, panel)))
        maps.append(made)
    return Page(
        about=_about(panels),
        maps=maps,
        across=across,
        scales=[] if classes else [_classes(labels, palette)],
        told=[
            points.chosen(source, _card(panels, name, picture), f"examples of {name}")
            for name, source in sources.items()
        ],
        tables={
            f"The examples of {name}": _table(panels, name, source)
            for name, source in sources.items()
        },
        classes=classes,
    )


def _classes(labels: np.ndarray, palette: list[str]) -> Scale:
    return Scale("class", palette, str(labels.min()), str(labels.max()))


def _about(panels: list[Panel]) -> str:
    words = (
        "Each dot is an example in the colour of its class. Choose some in one map, and the same "
        "examples stand out in all maps of the set."
    )
    if any("answer" in each.shown for each in panels):
        words += " Triangles are misclassified."
    return words


def _of_set(panels: list[Panel], name: str) -> list[tuple[int, Panel]]:
    return [(place, each) for place, each in enumerate(panels) if each.set == name]


def _source(panels: list[Panel], name: str, pictures: pd.DataFrame) -> ColumnDataSource:
    """A row per example of a set that a panel shows; it has no place where one does not show it."""
    every = pictures.set_index("example_id")
    for place, panel in _of_set(panels, name):
        own = panel.shown.set_index("example_id")
        columns = {"x": own["x"], "y": own["y"], "label": own["label"]}
        if "answer" in own:
            columns["answer"], is_right = own["answer"], own["answer"] == own["label"]
            columns["mark"] = is_right.map({True: "circle", False: points.WRONG})
        every = every.join(pd.DataFrame(columns).add_suffix(str(place)))
    marks = [column for column in every if column.startswith("mark")]
    every = every.fillna(dict.fromkeys(marks, "circle"))
    whole = [column for column in every if column.startswith(("label", "answer"))]
    every[whole] = every[whole].fillna(-1).astype(int)
    return points.source_of(every.reset_index())


def _lines(place: int, panel: Panel) -> list[str]:
    answer = f", answer {{answer{place}}}" if "answer" in panel.shown else ""
    return ["example {example_id}", f"class {{label{place}}}{answer}"]


def _told(panels: list[Panel], name: str) -> tuple[int, Panel]:
    """The panel that says most of an example: one with answers where there is one."""
    own = _of_set(panels, name)
    return next((each for each in own if "answer" in each[1].shown), own[0])


def _card(panels: list[Panel], name: str, picture: str) -> str:
    return points.card(picture, *_lines(*_told(panels, name)))


def _table(panels: list[Panel], name: str, source: ColumnDataSource):
    place, panel = _told(panels, name)
    columns = {"example_id": "example", f"label{place}": "class"}
    if "answer" in panel.shown:
        columns[f"answer{place}"] = "answer"
    return points.table(source, columns)
