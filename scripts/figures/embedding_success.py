"""How often points are embedded as classes, with intervals (chen2017 Figs 4.14 and 4.15)."""

from argparse import Namespace

from glassbox.figures.embedding_success import embedding_success
from glassbox.figures.style import save
from jobs.replicates import counted
from study.command import Program, run


def main(arguments: Namespace) -> None:
    config = arguments.config
    frame = counted(arguments.embeddings, config["replicates"])
    save(embedding_success(frame, config["colour_map"]), arguments.output)


if __name__ == "__main__":
    run(main, Program(__doc__).inputs(many=("embeddings",)).outputs("output"))
