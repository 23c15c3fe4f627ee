"""Hidden activations over the time of training on one plane (pardo2019 §3.1, Fig. 2 a and e)."""

from argparse import Namespace
from collections.abc import Iterator

import numpy as np
import torch

from glassbox.analyses.hidden_vectors import hidden_vectors
from glassbox.analyses.introspection import Fitting, encoded, fit_autoencoders
from glassbox.analyses.introspection_trajectories import HIDDEN, MAP, separations, trajectories
from glassbox.analyses.points import choose_points
from glassbox.devices import choose_device
from glassbox.seeds import generator
from glassbox.tables import Examples, read_examples, write_table
from jobs.activations import series_of
from jobs.replicates import by_replicate, stacked
from study import unfinished
from study.command import Program, progress, run

Record = dict[int, np.ndarray]


def main(arguments: Namespace) -> None:
    config = arguments.config
    streams = [(config["seed"], *config["stream"], each) for each in arguments.replicates]
    shown = list(records_of(arguments, streams))
    whole = np.stack([np.concatenate(list(record.values())) for *_, record in shown])
    hidden = torch.from_numpy(whole).to(arguments.device())
    how = Fitting.told(config, "autoencoder")
    with unfinished.states(arguments) as kept:
        fitted = fit_autoencoders(hidden, how, streams, progress, kept("autoencoder"))
        write(arguments, shown, encoded(fitted.encoder, hidden).cpu().numpy())


def write(arguments: Namespace, shown: list[tuple[Examples, Record]], places: np.ndarray) -> None:
    """Both tables, of each replicate's records and their places (R, n, 2)."""
    tables, apart = [], []
    for (examples, record), own in zip(shown, places, strict=True):
        maps = dict(zip(record, np.split(own, len(record)), strict=True))
        tables.append(trajectories(maps, examples.ids, examples.labels))
        apart.append(
            separations(
                {MAP: maps, HIDDEN: record}, examples.labels, arguments.config["neighbours"]
            )
        )
    write_table(arguments.table, stacked(arguments, tables))
    write_table(arguments.separations, stacked(arguments, apart))


def records_of(arguments: Namespace, streams: list[tuple]) -> Iterator[tuple[Examples, Record]]:
    """The examples of each replicate that are followed, and their hidden vectors by epoch."""
    config = arguments.config
    for stream, (replicate, path) in zip(streams, by_replicate(arguments), strict=True):
        whole = read_examples(path)
        rng = generator(*stream, "examples")
        points = choose_points(rng, config["examples"], {"label": whole.labels})
        followed = whole.at(points.rows)
        record = {
            epoch: hidden_vectors(each, config["layers"])
            for epoch, each in series_of(arguments, replicate, followed)
        }
        yield followed, record


if __name__ == "__main__":
    run(main, Program(__doc__).on_set(choose_device).outputs("table", "separations").resumed())
