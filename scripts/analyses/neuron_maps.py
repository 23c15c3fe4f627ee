"""Maps of a layer's neurons, and which class each tells (rauber2017, Figs 12 to 14)."""

from argparse import Namespace
from collections.abc import Iterator

import pandas as pd

from glassbox.activations import Activations
from glassbox.analyses.hidden_vectors import hidden_layers
from glassbox.analyses.neuron_maps import Settings, neuron_maps
from glassbox.analyses.points import choose_points
from glassbox.devices import choose_device
from glassbox.seeds import generator, stream_seed
from glassbox.tables import write_table
from jobs.activations import activations_of
from jobs.replicates import stacked
from study.command import Program, run

TABLES = ("table", "scores", "measures", "chosen", "responses")


def main(arguments: Namespace) -> None:
    config = arguments.config
    shown = zip(arguments.replicates, activations_of(arguments, config["layers"]), strict=True)
    found = [dict(_layers(arguments, *each)) for each in shown]
    for name in TABLES:
        frames = [pd.concat([each[name] for each in layers.values()]) for layers in found]
        write_table(getattr(arguments, name), stacked(arguments, frames))


def _layers(
    arguments: Namespace, replicate: int, activations: Activations
) -> Iterator[tuple[str, dict[str, pd.DataFrame]]]:
    """The tables of each layer of one replicate, with the layer's name and depth in front."""
    config = arguments.config
    settings = Settings(**{key: config[key] for key in Settings.__annotations__})
    stream = config["seed"], *config["stream"], replicate
    labels = {"label": activations.examples.labels}
    points = choose_points(generator(*stream), config["points"], labels)
    layers = hidden_layers(activations, config["layers"])
    for layer in layers if config["layers"] else layers[-1:]:

        def seeds(what: str, depth: int = layer.depth) -> int:
            return stream_seed(*stream, "neurons", depth, what) % 2**32

        examples = activations.of(layer).at(points.rows)
        tables = neuron_maps(examples, settings, seeds, arguments.device())
        for frame in tables.values():
            frame.insert(0, "layer", layer.name)
            frame.insert(1, "depth", layer.depth)
        yield layer.name, tables


if __name__ == "__main__":
    run(main, Program(__doc__).activations(choose_device).outputs(*TABLES))
