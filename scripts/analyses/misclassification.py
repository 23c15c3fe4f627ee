"""How well scores tell which examples of a set a model answers wrongly (pardo2019 §3.6)."""

import logging
from argparse import Namespace

import pandas as pd

from glassbox.activations import Activations
from glassbox.analyses.introspection import Fitting, estimator_of, log_errors
from glassbox.analyses.misclassification import (
    estimated_scores,
    introspected_scores,
    misclassification,
    output_scores,
)
from glassbox.analyses.spaces import HIDDEN, PLANE, TSNE
from glassbox.devices import choose_device
from glassbox.models.unfinished import Kept
from glassbox.seeds import generator
from glassbox.tables import write_table
from jobs.activations import activations_of, training_of
from jobs.introspections import introspected_of, refuse_others
from jobs.replicates import stacked
from jobs.spaces import spaces_of
from study import unfinished
from study.command import Program, run

TABLES = ("table", "curves")
NAMES = {
    PLANE: "estimate on principal components",
    TSNE: "estimate on t-SNE",
    HIDDEN: "estimate on hidden vector",
}


def main(arguments: Namespace) -> None:
    layers = arguments.config["layers"]
    both = training_of(arguments, layers), activations_of(arguments, layers)
    given = zip(arguments.replicates, *both, introspected_of(arguments), strict=True)
    with unfinished.states(arguments) as kept:
        found = [measured(arguments, kept, *each) for each in given]
        for place, name in enumerate(TABLES):
            frames = [tables[place] for tables in found]
            write_table(getattr(arguments, name), stacked(arguments, frames))


def measured(
    arguments: Namespace,
    kept: Kept,
    replicate: int,
    training: Activations,
    shown: Activations,
    introspected: pd.DataFrame | None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The tables of one replicate."""
    config, examples = arguments.config, shown.examples
    logging.info("replicate %d", replicate)
    stream = *config["stream"], "random", arguments.set, replicate
    scores = output_scores(shown.probabilities, generator(config["seed"], *stream))
    if introspected is not None:
        refuse_others(introspected, examples.ids)
        scores |= introspected_scores(introspected)
    spaces = spaces_of(arguments, replicate, training, shown, config["spaces"])
    own = config["seed"], *config["stream"], "estimator", replicate
    device = arguments.device()
    fit = estimator_of(fitting(config), own, device, lambda part: kept(f"{replicate}-{part}"))
    estimates = estimated_scores(spaces, log_errors(training, config["floor"]), fit)
    scores |= {NAMES[name]: estimate for name, estimate in estimates.items()}
    return misclassification(scores, shown.answers != examples.labels, examples.labels)


def fitting(config: dict) -> Fitting:
    """How, as the config slice says; no autoencoder is fitted."""
    settings = {key: config[key] for key in ("hidden", "held_out", "estimator")}
    return Fitting.in_cycles(**settings)


if __name__ == "__main__":
    program = Program(__doc__).activations(choose_device).fitted()
    run(main, program.inputs(optional=("introspection",)).outputs(*TABLES).resumed())
