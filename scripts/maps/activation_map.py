"""A page: the map of hidden activations over its estimated error; attacks play (pardo2019)."""

from argparse import Namespace

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.colors import to_hex

from glassbox.figures.maps import error_limits, rows_of
from glassbox.maps.activation_map import Attacks, activation_map
from glassbox.maps.inputs import on_a_sheet, thinned
from glassbox.maps.page import write_page, write_sheet
from jobs.replicates import counted
from study.command import Program, run

SHOWN = ["example_id", "label", "answer", "right", "z1", "z2", "estimate", "error"]
STEPS = ["origin_id", "target", "step"]
GREYS = 64


def main(arguments: Namespace) -> None:
    config = arguments.config
    table, plane = counted(arguments.maps, 1), counted(arguments.plane, 1)
    shown = {one: thinned(rows_of(table, config["model"], one)) for one in config["sets"]}
    ids = [each["example_id"].to_numpy() for each in shown.values()]
    paths = steps(config, table)
    wanted = [*ids, *([paths["example_id"].to_numpy()] if arguments.path_examples else [])]
    files = [*arguments.examples, *arguments.path_examples]
    sheet, places = on_a_sheet(files, wanted, config["shape"], arguments.pictures)
    page = activation_map(
        {
            one: each[SHOWN].merge(place, on="example_id")
            for (one, each), place in zip(shown.items(), places, strict=False)
        },
        plane,
        config["colours"],
        tints(config["colour_map"]),
        error_limits(plane, config["lowest"], config["highest"]),
        sheet.html(),
        Attacks(paths.merge(places[-1], on="example_id"), sheet.html()) if len(paths) else None,
    )
    write_sheet(arguments.pictures, sheet)
    write_page(arguments.output, arguments.template, config["title"], page, config["shown_on"])


def steps(config: dict, table: pd.DataFrame) -> pd.DataFrame:
    """The steps of the attacks that the page plays; none without a set of paths."""
    if "paths" not in config:
        return pd.DataFrame()
    paths = rows_of(table, config["model"], config["paths"])
    attacked = paths["origin_id"].unique()[: config["rows"]]
    shown = paths.loc[paths["origin_id"].isin(attacked), [*SHOWN, *STEPS]]
    return shown.astype(dict.fromkeys(STEPS, int))  # which other sets don't have


def tints(colour_map: str) -> list[str]:
    """Some colours of a map by its name, from the least to the largest."""
    return [to_hex(each) for each in matplotlib.colormaps[colour_map](np.linspace(0, 1, GREYS))]


if __name__ == "__main__":
    program = Program(__doc__).inputs("template", many=("maps", "plane", "examples"))
    run(main, program.inputs(optional=("path_examples",)).outputs("output", "pictures"))
