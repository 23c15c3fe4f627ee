"""The two-dimensional representation in one bottleneck, of replicate 0 (chen2017 Figs 4.7, 4.8)."""

from argparse import Namespace

from glassbox.activations import layer_path
from glassbox.figures.bottleneck_representations import bottleneck_representations
from glassbox.figures.style import save
from glassbox.tables import read_examples
from study.command import Program, run


def main(arguments: Namespace) -> None:
    config = arguments.config
    examples = read_examples(layer_path(arguments.activations / "0", config["layer"]))
    save(
        bottleneck_representations(examples, config["colour_map"], config["first"]),
        arguments.output,
    )


if __name__ == "__main__":
    run(main, Program(__doc__).inputs("activations").outputs("output"))
