"""Maps of observations and of neurons, by how well these tell a class (rauber2017 Fig. 12)."""

from argparse import Namespace

from glassbox.figures.maps import DOTS, rows_of
from glassbox.figures.neurons import observations, one_layer
from glassbox.figures.observation_and_neuron_maps import Pair, observation_and_neuron_maps
from glassbox.figures.style import save
from jobs.replicates import counted
from study.command import Program, run


def main(arguments: Namespace) -> None:
    config = arguments.config
    points, *tables = (
        counted(each, 1)
        for each in (arguments.maps, arguments.neurons, arguments.scores, arguments.measures)
    )
    pairs = []
    for each in config["models"]:
        of = each["model"], config["set"]
        own = [one_layer(rows_of(table, *of), config["layer"]) for table in tables]
        shown = observations(rows_of(points, *of), own[0]["layer"].iloc[0])
        pairs.append(Pair(each["title"], shown, *own))
    settings = (config[key] for key in ("label", "score", "colours", "colour_map"))
    save(observation_and_neuron_maps(pairs, *settings), arguments.output, DOTS)


if __name__ == "__main__":
    files = ("maps", "neurons", "scores", "measures")
    run(main, Program(__doc__).inputs(many=files).outputs("output"))
