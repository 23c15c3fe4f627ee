"""Fit autoencoders of hidden activations and estimators of errors (pardo2019 §2.4 to §2.7)."""

from argparse import Namespace

import numpy as np
import torch

from glassbox.activations import Activations
from glassbox.analyses.hidden_vectors import hidden_vectors
from glassbox.analyses.introspection import (
    Fitting,
    descriptions,
    fit_introspection,
    log_errors,
)
from glassbox.devices import choose_device
from glassbox.models.parts import write_parts
from jobs.activations import training_of
from study import unfinished
from study.command import Program, progress, run


def main(arguments: Namespace) -> None:
    config = arguments.config
    shown = [look(each, config) for each in training_of(arguments, config["layers"])]
    hidden, errors = (
        torch.from_numpy(np.stack(each)).to(arguments.device()) for each in zip(*shown, strict=True)
    )
    streams = [(config["seed"], *config["stream"], each) for each in arguments.replicates]
    how = Fitting.told(config, "autoencoder", "estimator")
    with unfinished.states(arguments) as kept:
        fitted = fit_introspection(hidden, errors, how, streams, progress, kept)
        states = dict(zip(arguments.replicates, fitted.states(), strict=True))
        told = descriptions(hidden.shape[2], config["hidden"])
        files = arguments.fitted_model, arguments.fitted_weights, arguments.digest
        write_parts(*files, told, states)


def look(training: Activations, config: dict) -> tuple[np.ndarray, np.ndarray]:
    """What is fitted of one network's training examples: hidden vectors, and log errors."""
    errors = log_errors(training, config["floor"])
    return hidden_vectors(training, config["layers"]), errors.astype(np.float32)


if __name__ == "__main__":
    program = Program(__doc__).of_model(choose_device).fitted()
    run(main, program.outputs("fitted_model", "fitted_weights", "digest").resumed().shared())
