"""Error measures of every method, replicate and set (chen2017 §3.2.3)."""

from argparse import Namespace

import pandas as pd

from glassbox.analyses.errors import absolute_errors, error_measures
from glassbox.tables import read_table, write_table
from study.command import Program, run


def main(arguments: Namespace) -> None:
    frame = pd.concat(measured(read_table(path)) for path in arguments.predictions)
    config = arguments.config
    counts = frame["method"].map(config["own"]).fillna(config["replicates"])
    frame = frame[frame["replicate"] < counts]
    write_table(arguments.output, frame, {"value": "samples; accuracy: share of examples"})


def measured(predictions: pd.DataFrame) -> pd.DataFrame:
    """One row per method, replicate, set and measure."""
    rows = []
    for identity, group in predictions.groupby(["method", "replicate", "set"]):
        errors = absolute_errors(group["predicted"].to_numpy(), group["label"].to_numpy())
        rows += [(*identity, name, value) for name, value in error_measures(errors).items()]
        if "probability" in group:
            rows.append((*identity, "confidence", float(group["probability"].mean())))
    return pd.DataFrame(rows, columns=["method", "replicate", "set", "measure", "value"])


if __name__ == "__main__":
    run(main, Program(__doc__).inputs(many=("predictions",)).outputs("output"))
