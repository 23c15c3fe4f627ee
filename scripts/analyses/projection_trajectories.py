"""Maps that start each from the one before, over layers or checkpoints (rauber2017 Figs 10, 11)."""

from argparse import Namespace
from collections.abc import Iterator
from functools import partial

import pandas as pd

from glassbox.activations import Activations
from glassbox.analyses.points import choose_points
from glassbox.analyses.projection_trajectories import AS_KEPT, Step, projection_trajectories
from glassbox.devices import choose_device
from glassbox.models.weights import kept_epochs
from glassbox.seeds import generator, stream_seed
from glassbox.tables import Examples, read_examples, write_table
from jobs.models import model_of
from jobs.replicates import by_replicate, stacked
from study.command import Program, progress, run


def main(arguments: Namespace) -> None:
    config = arguments.config
    settings = {key: config[key] for key in ("perplexity", "neighbours")}
    tables, measures = [], []
    for replicate, path in by_replicate(arguments):
        stream = config["seed"], *config["stream"], replicate
        whole = read_examples(path)
        # The same rows as those of `projections`, where these are as many.
        points = choose_points(generator(*stream), config["points"], {"label": whole.labels})
        examples = whole.at(points.rows)
        made = {
            over: projection_trajectories(
                list(SERIES[over](arguments, replicate, examples)),
                examples.ids,
                examples.labels,
                seed=stream_seed(*stream, over) % 2**31,
                progress=progress,
                **settings,
            )
            for over in config["over"]
        }
        for frames, place in ((tables, 0), (measures, 1)):
            frames.append(pd.concat([each[place].assign(over=over) for over, each in made.items()]))
    write_table(arguments.table, stacked(arguments, tables))
    write_table(arguments.measures, stacked(arguments, measures))


def over_layers(arguments: Namespace, replicate: int, examples: Examples) -> Iterator[Step]:
    """The layers of a network as training kept it, or of its checkpoint."""
    network = partial(model_of, arguments, replicate)
    layers, epoch = arguments.config["layers"], arguments.checkpoint
    activations = Activations(network, examples, only=layers)
    for layer in activations.among(layers) if layers else activations.hidden:
        values = partial(activations.__getitem__, layer.name)
        yield Step(layer.name, layer.depth, AS_KEPT if epoch is None else epoch, values)


def over_checkpoints(arguments: Namespace, replicate: int, examples: Examples) -> Iterator[Step]:
    """One layer at each checkpoint."""
    name = arguments.config["layer"]
    networks = {
        epoch: partial(model_of, arguments, replicate, epoch)
        for epoch in kept_epochs(arguments.weights, replicate)
    }
    first = Activations(next(iter(networks.values())), examples)
    layer = first.among([name])[0] if name else first.hidden[-1]
    for epoch, network in networks.items():
        activations = Activations(network, examples, only=[layer.name])
        yield Step(layer.name, layer.depth, epoch, partial(activations.__getitem__, layer.name))


SERIES = {"layers": over_layers, "checkpoints": over_checkpoints}


if __name__ == "__main__":
    run(main, Program(__doc__).on_set(choose_device).outputs("table", "measures"))
