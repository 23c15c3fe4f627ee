"""t-SNE maps of every layer of one replicate's dump (chen2017 Figs 3.2, 6.5 and 6.6)."""

from argparse import Namespace

import pandas as pd
import torch

from glassbox.activations import layer_paths
from glassbox.analyses.neighbourhoods import neighbourhood_measures
from glassbox.analyses.projections import choose_points, project
from glassbox.replicates import by_replicate, stacked
from glassbox.seeds import generator, stream_seed
from glassbox.tables import read_examples, write_table
from study.command import Program, progress, run


def main(arguments: Namespace) -> None:
    torch.set_num_threads(1)
    config = arguments.config
    ((replicate, path),) = by_replicate(arguments)
    ((_, origin),) = by_replicate(arguments, "origins")
    examples, true = read_examples(path), read_examples(origin).labels
    rng = generator(config["seed"], *config["stream"], replicate)
    chosen = choose_points(rng, len(true), config["points"])
    labels = {"label": examples.labels[chosen], "origin_label": true[chosen]}
    paths = [path, *layer_paths(arguments.activations / str(replicate))]
    points, hits = [], []
    for layer in progress(range(len(paths))):
        seed = stream_seed(config["seed"], *config["stream"], replicate, layer) % 2**31
        values = read_examples(paths[layer]).values[chosen]
        places = project(values, seed, config["perplexity"])
        frame = {"layer": layer, "example_id": examples.ids[chosen], **labels}
        points.append(pd.DataFrame({**frame, "x": places[:, 0], "y": places[:, 1]}))
        measures = neighbourhood_measures(places, labels, config["neighbours"])
        hits.append(measures.assign(layer=layer, space="map"))
    write_table(arguments.output, stacked(arguments, [pd.concat(points)]))
    write_table(arguments.hits, stacked(arguments, [pd.concat(hits)]))


if __name__ == "__main__":
    program = Program(__doc__).inputs("activations", many=("examples", "origins"))
    run(main, program.outputs("output", "hits").identity())
