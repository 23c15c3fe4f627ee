"""t-SNE maps of every layer of one replicate, and neighbourhoods in them (chen2017 §6.3)."""

from argparse import Namespace

from glassbox.analyses.projections import projections
from glassbox.analyses.reading import activations_of, points_of
from glassbox.devices import choose_device
from glassbox.replicates import stacked
from glassbox.seeds import stream_seed
from glassbox.tables import write_table
from study.command import Program, progress, run


def main(arguments: Namespace) -> None:
    config, (replicate,) = arguments.config, arguments.replicates
    stream = config["seed"], *config["stream"], replicate
    maps, hits = projections(
        *activations_of(arguments),
        *points_of(arguments),
        perplexity=config["perplexity"],
        neighbours=config["neighbours"],
        seeds=lambda depth: stream_seed(*stream, depth) % 2**31,
        progress=progress,
    )
    write_table(arguments.table, stacked(arguments, [maps]))
    write_table(arguments.hits, stacked(arguments, [hits]))


if __name__ == "__main__":
    program = Program(__doc__).activations(choose_device).inputs(many=("origins",))
    run(main, program.outputs("table", "hits"))
