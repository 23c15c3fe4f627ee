"""What one detector of signal processing answers on a set, in each draw of a block."""

from argparse import Namespace

import pandas as pd

from glassbox.analyses.detectors import located
from glassbox.analyses.predictions import detector_predictions
from glassbox.tables import Examples, read_examples, write_table
from jobs.replicates import by_replicate, stacked
from study.command import Program, run


def main(arguments: Namespace) -> None:
    frames = (detect(arguments.config, read_examples(path)) for _, path in by_replicate(arguments))
    write_table(arguments.output, stacked(arguments, frames))


def detect(config: dict, examples: Examples) -> pd.DataFrame:
    """The answers of the detector that the config names."""
    return detector_predictions(examples, located(examples.values, **config))


if __name__ == "__main__":
    run(main, Program(__doc__).inputs(many=("examples",)).outputs("output").identity())
