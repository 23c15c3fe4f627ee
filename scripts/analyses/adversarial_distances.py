"""How far some examples of one set are from another answer of one model (chen2017 §5.1)."""

from argparse import Namespace
from dataclasses import replace

from glassbox.analyses.adversarial_distances import adversarial_distances
from glassbox.analyses.points import choose_points
from glassbox.devices import choose_device
from glassbox.seeds import generator
from glassbox.tables import Examples, write_table
from jobs.models import shown_of
from jobs.replicates import stacked
from study.command import Program, run


def main(arguments: Namespace) -> None:
    config = arguments.config
    tables = []
    for replicate, (model, shown) in zip(arguments.replicates, shown_of(arguments), strict=True):
        examples = some_of(shown, config, replicate)
        tables.append(adversarial_distances(model, examples, config["apart"], config["steps"]))
    write_table(arguments.table, stacked(arguments, tables), {"apart": "classes"})


def some_of(examples: Examples, config: dict, replicate: int) -> Examples:
    """Some examples at random, the same ones for every model that a replicate's set is shown to."""
    rng = generator(config["seed"], *config["stream"], replicate)
    rows = choose_points(rng, config["examples"], {"label": examples.labels}).rows
    ids, labels, values = (each[rows] for each in (examples.ids, examples.labels, examples.values))
    return replace(examples, ids=ids, labels=labels, values=values)


if __name__ == "__main__":
    run(main, Program(__doc__).on_set(choose_device).outputs("table"))
