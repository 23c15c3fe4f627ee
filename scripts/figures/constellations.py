"""Where noise moves the hidden activations of one example (pardo2019 Fig. 5)."""

from argparse import Namespace

from glassbox.figures.constellations import Constellation, constellations, noisy_copies
from glassbox.figures.maps import DOTS, input_of, rows_of
from glassbox.figures.style import save
from glassbox.tables import read_examples
from jobs.replicates import counted
from study.command import Program, run


def main(arguments: Namespace) -> None:
    config = arguments.config
    table = counted(arguments.maps, 1)
    clean, *noisy = map(read_examples, arguments.examples)
    example = config["example"]
    if example is None:
        example = int(noisy[0].origin["origin_id"][0])
    networks = []
    for each in config["models"]:
        copies = [
            noisy_copies(rows_of(table, each["model"], wanted), examples, example)
            for wanted, examples in zip(config["noisy"], noisy, strict=True)
        ]
        points = rows_of(table, each["model"], config["set"])
        shown = input_of(clean, example)
        networks.append(Constellation(each["title"], points, example, shown, copies))
    save(constellations(networks, config["shape"], config["colours"]), arguments.output, DOTS)


if __name__ == "__main__":
    run(main, Program(__doc__).inputs(many=("maps", "examples")).outputs("output"))
