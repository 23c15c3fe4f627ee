"""How good introspections of a model are that are fitted in several ways (pardo2019 §2.4)."""

from argparse import Namespace
from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd
import torch

from glassbox.analyses.introspection import Fitted, Fitting
from glassbox.analyses.introspection_variants import (
    Learning,
    Seen,
    fit_apart,
    fit_together,
    measures,
    seen_together,
    shown_by,
)
from glassbox.analyses.points import choose_points
from glassbox.devices import choose_device
from glassbox.models.build import architecture, read_description
from glassbox.models.losses import LOSSES
from glassbox.models.recipe import Recipe
from glassbox.models.training import Data
from glassbox.models.unfinished import Kept, Unfinished
from glassbox.seeds import generator
from glassbox.tables import read_examples, write_table
from jobs.activations import activations_of, training_of
from jobs.replicates import by_replicate, stacked
from study import unfinished
from study.command import Program, progress, run


def main(arguments: Namespace) -> None:
    with unfinished.states(arguments) as kept:
        found = {name: measured(arguments, *each) for name, *each in fitted_of(arguments, kept)}
        write_table(arguments.table, stacked(arguments, tables(arguments, found)))


def tables(arguments: Namespace, found: Mapping[str, list[dict[str, float]]]) -> list[pd.DataFrame]:
    """Each replicate's measures of all variants, in the order of the config slice."""
    return [
        pd.DataFrame(
            [
                (name, measure, value)
                for name in arguments.config["variants"]
                for own in found[name][place : place + 1]
                for measure, value in own.items()
            ],
            columns=["variant", "measure", "value"],
        )
        for place in range(len(arguments.replicates))
    ]


def measured(
    arguments: Namespace, fitted: Fitted, training: Seen, shown: Seen
) -> list[dict[str, float]]:
    """The measures of a variant, replicate by replicate."""
    config, places = arguments.config, shown_by(fitted, training, shown)
    every = []
    for place, labels in enumerate(shown.labels):
        replicate = arguments.replicates[place]
        rng = generator(config["seed"], *config["stream"], "shown", arguments.set, replicate)
        rows = choose_points(rng, config["points"], {"label": labels}).rows
        every.append(measures(places, training, shown, rows, place))
    return every


def fitted_of(arguments: Namespace, kept: Kept) -> Iterator[tuple[str, Fitted, Seen, Seen]]:
    """Each variant as it was fitted, with what its networks make of training and shown examples."""
    config, layers = arguments.config, arguments.config["layers"]
    read = (training_of(arguments, layers), activations_of(arguments, layers))
    training, shown = (Seen.of(list(each), layers) for each in read)
    streams = [(config["seed"], *config["stream"], each) for each in arguments.replicates]
    apart: dict[int | None, dict[str, tuple[Fitting, float]]] = {}
    for name, own in config["variants"].items():
        if own["together"]:
            first = slice(own["replicates"])
            state = kept(name)
            yield name, *together(arguments, first, *fitting(config, own), streams[first], state)
        else:
            apart.setdefault(own["replicates"], {})[name] = fitting(config, own)
    for count, fittings in apart.items():
        known, others = training.first(count), shown.first(count)
        device = arguments.device()
        of_all = known, fittings, streams[:count], device, progress, kept
        for name, fitted in fit_apart(*of_all):
            yield name, fitted, known, others


def fitting(config: dict, own: dict) -> tuple[Fitting, float]:
    """How a variant is fitted, and its floor: as the config slice says, but for its own."""
    told = {**config, **{key: value for key, value in own.items() if value is not None}}
    return Fitting.told(told, "autoencoder", "estimator"), told["floor"]


def together(
    arguments: Namespace,
    first: slice,
    how: Fitting,
    floor: float,
    streams: list[tuple],
    state: Unfinished | None,
) -> tuple[Fitted, Seen, Seen]:
    """One that is trained with its network, and what such networks make of both sets.

    first: the replicates that it is made for.
    """
    config = arguments.config
    learning = learning_of(arguments, first)
    training, validation, shown = (
        data_of(arguments, role, learning, first) for role in ("training", "validation", "examples")
    )
    model = fit_together(
        learning, training, validation, how, floor, config["layers"], streams, progress, state
    )
    seen = (seen_together(model, each) for each in (training, shown))
    return Fitted(model.autoencoders, model.estimators), *seen


def learning_of(arguments: Namespace, first: slice) -> Learning:
    """How the model itself was trained, for as long as it was."""
    told = arguments.config["learning"]
    recipe = {key: value for key, value in told["recipe"].items() if key != "loss"}
    if arguments.checkpoint is not None:
        recipe |= {"checkpoints": [arguments.checkpoint]}
        recipe |= {told["limit"]: arguments.checkpoint}
    return Learning(
        architecture(read_description(arguments.model)),
        Recipe(**recipe),
        LOSSES[told["recipe"].get("loss", "cross-entropy")],
        [(*told["stream"], each) for each in arguments.replicates[first]],
    )


def data_of(arguments: Namespace, role: str, learning: Learning, first: slice) -> Data:
    """The examples of each replicate as the networks take them, on the device."""
    sets = [read_examples(path) for _, path in list(by_replicate(arguments, role))[first]]
    inputs = [learning.network.inputs(torch.from_numpy(each.values)) for each in sets]
    labels = torch.from_numpy(np.stack([each.labels for each in sets]))
    device = arguments.device()
    return Data(torch.stack(inputs).to(device), labels.to(device))


if __name__ == "__main__":
    program = Program(__doc__).activations(choose_device).fitted()
    run(main, program.inputs(optional=("validation",)).outputs("table").resumed())
