"""Loss and classification error of one network during training (chen2017 Fig. 3.9)."""

from argparse import Namespace

from glassbox.figures.style import save
from glassbox.figures.training_curves import training_curves
from jobs.replicates import counted
from study.command import Program, run


def main(arguments: Namespace) -> None:
    config = arguments.config
    histories = counted(arguments.histories, config["replicates"])
    told = {key: config[key] for key in ("period", "loss") if key in config}
    save(training_curves(histories, **told), arguments.output)


if __name__ == "__main__":
    run(main, Program(__doc__).inputs(many=("histories",)).outputs("output"))
