"""Single examples, their place in the map and their pattern, units sorted (pardo2019 Fig. 4)."""

from argparse import Namespace

from glassbox.figures.maps import DOTS
from glassbox.figures.patterns_of_examples import patterns_of_examples
from glassbox.figures.style import save
from glassbox.tables import read_examples
from jobs.replicates import counted
from study.command import Program, run


def main(arguments: Namespace) -> None:
    config = arguments.config
    patterns, points, expected = (
        counted(each, 1) for each in (arguments.patterns, arguments.maps, arguments.expected)
    )
    figure = patterns_of_examples(
        patterns,
        read_examples(arguments.examples),
        config["shape"],
        points,
        expected,
        config["column"],
        config["colours"],
        config["colour_map"],
    )
    save(figure, arguments.output, DOTS)


if __name__ == "__main__":
    run(
        main,
        Program(__doc__)
        .inputs("examples", many=("patterns", "maps", "expected"))
        .outputs("output"),
    )
