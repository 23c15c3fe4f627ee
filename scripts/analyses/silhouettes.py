"""How clustered patterns of one answer are, in each layer of a block's models (lee2019 §4)."""

from argparse import Namespace

import pandas as pd

from glassbox.analyses.silhouettes import silhouettes
from glassbox.devices import choose_device
from glassbox.models.model import read_layers
from glassbox.models.weights import read_model
from glassbox.tables import read_examples, write_table
from study.command import Program, run


def main(arguments: Namespace) -> None:
    config, rows = arguments.config, []
    values = read_examples(arguments.examples).values
    for replicate in arguments.replicates:
        model = read_model(arguments.model, arguments.weights, replicate, device=arguments.device)
        patterns = read_layers(model, values)
        answers = patterns[model.layers[-1].name].argmax(axis=1)
        for layer in config["layers"]:
            mean = silhouettes(patterns[layer], answers).mean()
            rows.append({"replicate": replicate, "layer": layer, "silhouette": mean})
    table = pd.DataFrame(rows)
    table.insert(0, "method", config["name"])
    write_table(arguments.output, table)


if __name__ == "__main__":
    program = Program(__doc__).inputs("examples", "model", "weights").outputs("output")
    run(main, program.replicates().device(choose_device))
