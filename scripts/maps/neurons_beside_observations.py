"""A page: maps of observations and of neurons, a choice in one shown in the other (rauber2017)."""

from argparse import Namespace
from pathlib import Path

import numpy as np
import pandas as pd

from glassbox.activations import layer_path
from glassbox.analyses.neuron_tables import VARYING
from glassbox.errors import GlassboxError
from glassbox.figures.maps import rows_of
from glassbox.figures.neurons import NAMES, observations, one_layer
from glassbox.maps.inputs import on_a_sheet, thinned
from glassbox.maps.neurons_beside_observations import Network, neurons_beside_observations
from glassbox.maps.page import write_page, write_sheet
from glassbox.tables import read_examples
from jobs.replicates import counted
from study.command import Program, run


def main(arguments: Namespace) -> None:
    config = arguments.config
    points, neurons = counted(arguments.maps, 1), counted(arguments.neurons, 1)
    networks = []
    for each, dump in zip(config["models"], arguments.activations, strict=True):
        of = each["model"], config["set"]
        own = one_layer(rows_of(neurons, *of), config["layer"])
        layer = own["layer"].iloc[0]
        shown = thinned(observations(rows_of(points, *of), layer).sort_values("example_id"))
        units = drawn(own, config["score"])
        networks.append(network(each["title"], shown, units, layer_path(dump / "0", layer)))
    ids = networks[0].observations["example_id"].to_numpy()
    if any(list(each.observations["example_id"]) != list(ids) for each in networks):
        titles = ", ".join(each.title for each in networks)
        raise GlassboxError(f"{titles}: their maps are not of the same observations")
    sheet, places = on_a_sheet(arguments.examples, [ids], config["shape"], arguments.pictures)
    score = NAMES[config["score"]]
    page = neurons_beside_observations(networks, places[0], config["colours"], score, sheet.html())
    write_sheet(arguments.pictures, sheet)
    write_page(arguments.output, arguments.template, config["title"], page, config["shown_on"])


def drawn(neurons: pd.DataFrame, score: str) -> pd.DataFrame:
    """The neurons that have a place, with the class that each tells best."""
    own = neurons[neurons["state"] == VARYING]
    return own[["unit", "x", "y"]].assign(label=own[f"class_{score}"], score=own[f"score_{score}"])


def network(title: str, shown: pd.DataFrame, neurons: pd.DataFrame, layer: Path) -> Network:
    """One network, with the activations of the neurons that are drawn on what is shown."""
    values = read_examples(layer).with_ids(shown["example_id"].tolist()).values
    places = shown.rename(columns={"z1": "x", "z2": "y"})[["example_id", "label", "x", "y"]]
    return Network(title, places, neurons, values[:, np.asarray(neurons["unit"])])


if __name__ == "__main__":
    files = ("maps", "neurons", "activations", "examples")
    program = Program(__doc__).inputs("template", many=files)
    run(main, program.outputs("output", "pictures"))
