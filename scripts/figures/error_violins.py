"""The estimated error of right and of misclassified examples, class by class (pardo2019 Fig. 7)."""

from argparse import Namespace

from glassbox.figures.error_violins import error_violins
from glassbox.figures.maps import rows_of
from glassbox.figures.style import save
from jobs.replicates import counted
from study.command import Program, run


def main(arguments: Namespace) -> None:
    config = arguments.config
    table = counted(arguments.maps, config["replicates"])
    shown = {each["title"]: rows_of(table, each["model"], each["set"]) for each in config["shown"]}
    save(error_violins(shown, config["colours"]), arguments.output)


if __name__ == "__main__":
    run(main, Program(__doc__).inputs(many=("maps",)).outputs("output"))
