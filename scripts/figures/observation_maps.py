"""Maps of observations in layers, neighbourhood hits below (rauber2017 Figs 1 to 8)."""

from argparse import Namespace
from pathlib import Path

import pandas as pd

from glassbox.analyses.mapped import first_maps, usual
from glassbox.figures.maps import DOTS, rows_of
from glassbox.figures.observation_maps import Shown, observation_maps
from glassbox.figures.style import save
from jobs.replicates import counted
from study.command import Program, run

NEEDED, BESIDE = ("projections", "hits"), ("layers", "predictions")
ROLES = (*NEEDED, *BESIDE)


def main(arguments: Namespace) -> None:
    config = arguments.config
    made = {role: _read(getattr(arguments, role)) for role in ROLES}
    panels = [shown(made, each) for each in config["panels"]]
    save(observation_maps(panels, config["colours"]), arguments.output, DOTS)


def _read(tables: list[Path]) -> pd.DataFrame:
    return counted(tables, 1) if tables else pd.DataFrame(columns=["method", "set"])


def shown(made: dict[str, pd.DataFrame], panel: dict) -> Shown:
    """What one panel shows of the tables by role."""
    own = {role: rows_of(table, panel["model"], panel["set"]) for role, table in made.items()}
    points = _of_layer(first_maps(own["projections"], panel["method"]), panel)
    points = points.rename(columns={"x": "z1", "y": "z2"}).assign(right=True)
    accuracy = None
    if panel["answers"]:
        answers = own["predictions"].set_index("example_id")["predicted"]
        points["right"] = points["label"] == points["example_id"].map(answers)
        accuracy = float(points["right"].mean())
    hits = usual(_hits(first_maps(own["hits"], panel["method"]), panel))
    by_space = {"map": float(hits["value"].iloc[0])}
    if len(own["layers"]):
        by_space["layer"] = float(usual(_hits(own["layers"], panel))["value"].iloc[0])
    return Shown(panel["title"], points, by_space, int(hits["neighbours"].iloc[0]), accuracy)


def _of_layer(table: pd.DataFrame, panel: dict) -> pd.DataFrame:
    return table[table["layer"] == panel["layer"]]


def _hits(table: pd.DataFrame, panel: dict) -> pd.DataFrame:
    rows = _of_layer(table, panel)
    return rows[(rows["labels"] == "label") & (rows["measure"] == "hit")]


if __name__ == "__main__":
    program = Program(__doc__).inputs(many=NEEDED, optional=BESIDE)
    run(main, program.outputs("output"))
