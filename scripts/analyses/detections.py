"""What one detector of signal processing answers on a set, in each draw of a block."""

from argparse import Namespace

import pandas as pd

from glassbox.analyses.detectors import (
    blind_step_likelihood,
    gaussian_derivative,
    step_likelihood,
)
from glassbox.analyses.predictions import detector_predictions
from glassbox.replicates import by_replicate, stacked
from glassbox.tables import Examples, read_examples, write_table
from study.command import Program, run

DETECTORS = {
    "gaussian-derivative": gaussian_derivative,
    "step-likelihood": step_likelihood,
    "blind-step-likelihood": blind_step_likelihood,
}


def main(arguments: Namespace) -> None:
    frames = (detect(arguments.config, read_examples(path)) for _, path in by_replicate(arguments))
    write_table(arguments.output, stacked(arguments, frames))


def detect(config: dict, examples: Examples) -> pd.DataFrame:
    """The answers of the detector that the config names."""
    settings = {key: value for key, value in config.items() if key != "kind"}
    locations = DETECTORS[config["kind"]](examples.values, **settings)
    return detector_predictions(examples, locations)


if __name__ == "__main__":
    run(main, Program(__doc__).inputs(many=("examples",)).outputs("output").identity())
