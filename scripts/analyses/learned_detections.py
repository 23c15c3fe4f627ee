"""What a network's mean filter answers, slid over the signals (chen2017 §3.3.3)."""

from argparse import Namespace

import pandas as pd

from glassbox.analyses.learned_filters import slide
from glassbox.analyses.predictions import detector_predictions
from glassbox.tables import Examples, read_examples, read_table, write_table
from jobs.replicates import by_replicate, stacked
from study.command import Program, run


def main(arguments: Namespace) -> None:
    filters = read_table(arguments.filters)
    frames = (
        detect(filters[filters["replicate"] == replicate], read_examples(path))
        for replicate, path in by_replicate(arguments)
    )
    write_table(arguments.output, stacked(arguments, frames))


def detect(filters: pd.DataFrame, examples: Examples) -> pd.DataFrame:
    """The answers of one replicate's filter."""
    matrix = filters.pivot(index="label", columns="location", values="raw").to_numpy()
    return detector_predictions(
        examples, slide(examples.values, matrix, examples.metadata["first_class"])
    )


if __name__ == "__main__":
    program = Program(__doc__).inputs("filters", many=("examples",))
    run(main, program.outputs("output").identity())
