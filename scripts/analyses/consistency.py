"""How well the consistency of libraries' predictions, and what is beside it, tells odd inputs.

Of each replicate of a block: normal images are the first of the test set; odd ones are attacks on
them, the controls of the attacks, and images from elsewhere (lee2019 §3.4, §4.2).
"""

import logging
from argparse import Namespace
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from glassbox.analyses.detection import Subject, one_after_another
from glassbox.analyses.library_detection import FittedLayer, library_detection
from glassbox.analyses.library_network import LibraryNetwork
from glassbox.analyses.probes import Probe
from glassbox.devices import choose_device
from glassbox.models.model import Model, read_layers
from glassbox.models.weights import read_model
from glassbox.seeds import generator
from glassbox.tables import Examples, read_examples, read_table, write_table
from study.command import Program, run


def main(arguments: Namespace) -> None:
    found = [detected(arguments, replicate) for replicate in arguments.replicates]
    for place, path in enumerate((arguments.output, arguments.scores)):
        write_table(path, pd.concat([tables[place] for tables in found], ignore_index=True))


def detected(arguments: Namespace, replicate: int) -> list[pd.DataFrame]:
    """The tables of detection and of scores of one replicate."""
    config, device = arguments.config, arguments.device
    logging.info("replicate %d", replicate)
    model = read_model(arguments.model, arguments.weights, replicate, device=device)
    subjects, images = read_subjects(arguments, replicate)
    training = LayersOf(model, read_examples(arguments.train).values)
    shown, last = LayersOf(model, images), model.layers[-1].name
    tables = library_detection(
        training,
        shown,
        training[last].argmax(axis=1),
        shown[last],
        subjects,
        read_fitted(arguments, replicate),
        **{name: config[name] for name in ("sets", "nodes", "mahalanobis")},
        rng=generator(config["seed"], *config["stream"], replicate),
        device=device,
    )
    return [frame.assign(method=config["name"], replicate=replicate) for frame in tables]


@dataclass(frozen=True)
class LayersOf:
    """Patterns of examples (n, d) by layer, made when they are asked for."""

    model: Model
    values: np.ndarray

    def __getitem__(self, layer: str) -> np.ndarray:
        return read_layers(self.model, self.values, [layer])[layer]


def read_subjects(arguments: Namespace, replicate: int) -> tuple[list[Subject], np.ndarray]:
    """What is shown, normal images first, and all their images."""
    config, place = arguments.config, arguments.replicates.index(replicate)
    files = [arguments.test, *arguments.odd[place :: len(arguments.replicates)]]
    sets = [read_examples(path).first(config["images"]) for path in files]
    places = one_after_another(len(each.values) for each in sets)
    subjects = list(map(subject, [None, *config["odd"]], sets, places))
    return subjects, np.concatenate([each.values for each in sets])


def subject(name: str | None, examples: Examples, places: slice) -> Subject:
    """What a set is: normal without a name, an attack by what it says of itself, or outliers."""
    told = examples.metadata
    if "attack" in told:
        return Subject(told["attack"], told["space"], told["size"], places, paired=True)
    kind = "outlier" if name else "normal"
    return Subject(kind, name or "none", 0.0, places, paired=not name)


def read_fitted(arguments: Namespace, replicate: int) -> dict[str, FittedLayer]:
    """What the libraries' job fitted, by layer, with the thresholds that a set takes."""
    config, fitted = arguments.config, {}
    files = zip(config["layers"], arguments.nodes, arguments.probes, strict=True)
    for layer, nodes, probe in files:
        wanted = sorted({each[layer] for each in config["sets"].values() if layer in each})
        fitted[layer] = FittedLayer(
            LibraryNetwork.of_table(of_replicate(nodes, replicate), wanted),
            Probe.of_table(of_replicate(probe, replicate), arguments.device),
        )
    return fitted


def of_replicate(path: Path, replicate: int) -> pd.DataFrame:
    """The rows of one replicate in a table of a block."""
    table = read_table(path)
    return table[table["replicate"] == replicate]


if __name__ == "__main__":
    program = Program(__doc__).inputs(
        "train",
        "test",
        "model",
        "weights",
        many=("nodes", "probes"),
        optional=("odd",),
    )
    run(main, program.outputs("output", "scores").replicates().device(choose_device))
