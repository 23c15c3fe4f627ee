"""How well consistency tells attacks from normal images (lee2019 Fig. 5)."""

from argparse import Namespace

from glassbox.figures.aurocs import aurocs
from glassbox.figures.style import save
from jobs.replicates import counted
from study.command import Program, run


def main(arguments: Namespace) -> None:
    config = arguments.config
    detection = counted(arguments.detection, config["replicates"])
    scores = counted(arguments.scores, config["replicates"])
    figure = aurocs(detection, scores, config["detector"], config["shown"], config["colours"])
    save(figure, arguments.output)


if __name__ == "__main__":
    run(main, Program(__doc__).inputs(many=("detection", "scores")).outputs("output"))
