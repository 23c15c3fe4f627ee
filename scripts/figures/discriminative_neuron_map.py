"""Neurons in the colour of the class that they tell best (rauber2017 Fig. 13)."""

from argparse import Namespace

from glassbox.figures.discriminative_neuron_map import NeuronMap, discriminative_neuron_map
from glassbox.figures.maps import DOTS, rows_of
from glassbox.figures.neurons import one_layer
from glassbox.figures.style import save
from jobs.replicates import counted
from study.command import Program, run


def main(arguments: Namespace) -> None:
    config = arguments.config
    tables = [counted(each, 1) for each in (arguments.neurons, arguments.measures)]
    shown = [
        NeuronMap(
            each["title"],
            *(
                one_layer(rows_of(table, each["model"], config["set"]), config["layer"])
                for table in tables
            ),
        )
        for each in config["models"]
    ]
    figure = discriminative_neuron_map(shown, config["score"], config["colours"])
    save(figure, arguments.output, DOTS)


if __name__ == "__main__":
    run(main, Program(__doc__).inputs(many=("neurons", "measures")).outputs("output"))
