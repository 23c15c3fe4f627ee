"""A signal from gradient ascent after each convolutional layer (chen2017 Figs 5.3 to 5.5)."""

from argparse import Namespace

from glassbox.figures.ascent_layers import ascent_layers
from glassbox.figures.style import save
from jobs.replicates import counted
from study.command import Program, run


def main(arguments: Namespace) -> None:
    config = arguments.config
    frames = (counted(each, config["replicates"]) for each in (arguments.tables, arguments.signals))
    save(ascent_layers(*frames, config["label"]), arguments.output)


if __name__ == "__main__":
    run(main, Program(__doc__).inputs(many=("tables", "signals")).outputs("output"))
