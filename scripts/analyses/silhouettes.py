"""How clustered patterns of one answer are, in each layer of a block's classifiers (lee2019 §4)."""

from argparse import Namespace

import pandas as pd

from glassbox.analyses.silhouettes import silhouettes
from glassbox.devices import choose_device
from glassbox.models.classifier import layer_patterns
from glassbox.models.images import read_images, trained
from glassbox.tables import write_table
from study.command import Program, run


def main(arguments: Namespace) -> None:
    config, device, rows = arguments.config, arguments.device, []
    examples, images = read_images(arguments.examples)
    for replicate in arguments.replicates:
        model = trained(config["classifier"], arguments.weights, replicate, examples, device)
        patterns = layer_patterns(model, images, model.layers, device)
        answers = patterns[model.layers[-1]].argmax(axis=1)
        for layer in config["layers"]:
            mean = silhouettes(patterns[layer], answers).mean()
            rows.append({"replicate": replicate, "layer": layer, "silhouette": mean})
    table = pd.DataFrame(rows)
    table.insert(0, "method", config["name"])
    write_table(arguments.output, table)


if __name__ == "__main__":
    program = Program(__doc__).inputs("examples", "weights").outputs("output")
    run(main, program.replicates().device(choose_device))
