"""A page: maps of the same observations in several layers, linked (chen2017; rauber2017)."""

from argparse import Namespace
from collections.abc import Iterator

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.colors import to_hex

from glassbox.analyses.mapped import T_SNE, first_maps
from glassbox.figures.maps import rows_of
from glassbox.figures.style import layers_of
from glassbox.maps.inputs import on_a_sheet, thinned
from glassbox.maps.linked_maps import Panel, linked_maps
from glassbox.maps.page import write_page, write_sheet
from jobs.replicates import counted
from study.command import Program, run

WIDEST = 3  # maps in a row


def main(arguments: Namespace) -> None:
    config, table = arguments.config, counted(arguments.projections, 1)
    answers = counted(arguments.predictions, 1) if arguments.predictions else None
    panels = list(panels_of(config, table, answers))
    ids = [shown_of(panels, one) for one in config["sets"]]
    sheet, places = on_a_sheet(arguments.examples, ids, config["shape"], arguments.pictures)
    pictures = dict(zip(config["sets"], places, strict=True))
    page = linked_maps(panels, pictures, palette(config), sheet.html(), across(config))
    write_sheet(arguments.pictures, sheet)
    write_page(arguments.output, arguments.template, config["title"], page, config["shown_on"])


def panels_of(config: dict, table: pd.DataFrame, answers: pd.DataFrame | None) -> Iterator[Panel]:
    """The maps of a page: as they are asked for, or of each column in each layer."""
    for each in config.get("panels", []):
        points = first_maps(rows_of(table, each["model"], each["set"]), each["method"])
        own = rows_of(answers, each["model"], each["set"]) if each["answers"] else None
        yield panel(each["title"], each["set"], points, each["layer"], "label", own)
    columns = config.get("columns", [])
    for layer in config.get("layers") or list(layers_of(table).values()) if columns else ():
        for each in columns:
            points = first_maps(rows_of(table, each["model"], each["set"]), T_SNE)
            title = f"{each['title']}, {layer}"
            yield panel(title, each["set"], points, layer, each["labels"], None)


def panel(
    title: str,
    wanted: str,
    points: pd.DataFrame,
    layer: str,
    labels: str,
    answers: pd.DataFrame | None,
) -> Panel:
    """One map of one layer."""
    own = thinned(points[points["layer"] == layer])
    shown = own[["example_id", "x", "y"]].assign(label=own[labels])
    if answers is not None:
        by_example = answers.set_index("example_id")["predicted"]
        shown["answer"] = shown["example_id"].map(by_example)
    return Panel(title, wanted, shown)


def shown_of(panels: list[Panel], wanted: str) -> np.ndarray:
    """The examples of a set that some panel shows."""
    every = [each.shown["example_id"] for each in panels if each.set == wanted]
    return np.unique(np.concatenate(every))


def across(config: dict) -> int:
    """How many maps stand in a row: a row per layer where there are two or three columns."""
    columns = len(config.get("columns", []))
    return columns if 1 < columns <= WIDEST else 2


def palette(config: dict) -> list[str]:
    """The colours of classes: as given, or evenly spaced over a map of colours."""
    if "colours" in config:
        return config["colours"]
    shades = np.linspace(0, 1, config["classes"])
    return [to_hex(each) for each in matplotlib.colormaps[config["colour_map"]](shades)]


if __name__ == "__main__":
    program = Program(__doc__).inputs("template", many=("projections", "examples"))
    run(main, program.inputs(optional=("predictions",)).outputs("output", "pictures"))
