"""The activation of a neuron that tells a class, over observations (rauber2017 Fig. 14)."""

from argparse import Namespace

from glassbox.errors import GlassboxError
from glassbox.figures.maps import DOTS
from glassbox.figures.neuron_activation_map import neuron_activation_map
from glassbox.figures.neurons import observations, one_layer
from glassbox.figures.style import save
from jobs.replicates import counted
from study.command import Program, run


def main(arguments: Namespace) -> None:
    config = arguments.config
    chosen, responses = (
        one_layer(counted(each, 1), config["layer"])
        for each in (arguments.chosen, arguments.responses)
    )
    chosen = chosen[chosen["label"] == config["label"]]
    if chosen.empty:
        raise GlassboxError(f"no neuron was chosen for class {config['label']}")
    (neuron,) = chosen.to_dict("records")
    points = observations(counted(arguments.maps, 1), neuron["layer"])
    own = responses[responses["chosen_for"] == config["label"]]
    figure = neuron_activation_map(points, own, neuron, config["colours"], config["colour_map"])
    save(figure, arguments.output, DOTS)


if __name__ == "__main__":
    run(main, Program(__doc__).inputs(many=("maps", "chosen", "responses")).outputs("output"))
