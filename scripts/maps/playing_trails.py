"""A page: trails of observations over layers or checkpoints, played (rauber2017; pardo2019)."""

from argparse import Namespace

import pandas as pd

from glassbox.maps.inputs import on_a_sheet
from glassbox.maps.page import write_page, write_sheet
from glassbox.maps.playing_trails import playing_trails
from jobs.replicates import counted
from study.command import Program, run


def main(arguments: Namespace) -> None:
    config, table = arguments.config, counted(arguments.places, 1)
    is_plane = "z1" in table  # of an introspection, whose axes mean something
    trails = table if is_plane else table[table["over"] == config["over"]]
    trails = trails.rename(columns={"z1": "x", "z2": "y"})
    if is_plane:
        trails = trails.assign(step=trails["epoch"].rank(method="dense").astype(int) - 1)
    ids = trails.loc[trails["step"] == 0, "example_id"].to_numpy()
    sheet, places = on_a_sheet(arguments.examples, [ids], config["shape"], arguments.pictures)
    shown = trails[["step", "example_id", "label", "x", "y"]].merge(places[0], on="example_id")
    names = names_of(trails, config["over"], config["period"])
    page = playing_trails(shown, names, config["colours"], is_plane, sheet.html())
    write_sheet(arguments.pictures, sheet)
    write_page(arguments.output, arguments.template, config["title"], page, config["shown_on"])


def names_of(trails: pd.DataFrame, over: str, period: str) -> list[str]:
    """What each step is called: the layer, or the epoch of training."""
    steps = trails.drop_duplicates("step").sort_values("step")
    if over == "layers":
        return [f"layer {each}" for each in steps["layer"]]
    return [f"{period} {each}" for each in steps["epoch"]]


if __name__ == "__main__":
    program = Program(__doc__).inputs("template", many=("places", "examples"))
    run(main, program.outputs("output", "pictures"))
