"""Maps of every layer of one replicate, and neighbourhoods in them (chen2017 §6.3, rauber2017)."""

from argparse import Namespace

from glassbox.analyses.projections import projections
from glassbox.devices import choose_device
from glassbox.seeds import stream_seed
from glassbox.tables import write_table
from jobs.activations import activations_of
from jobs.points import draws_of
from jobs.replicates import stacked
from study.command import Program, progress, run


def main(arguments: Namespace) -> None:
    config, (replicate,) = arguments.config, arguments.replicates

    def seed(depth: int, number: int, draw: int) -> int:
        further = [number, draw] if number or draw else []
        return stream_seed(config["seed"], *config["stream"], replicate, depth, *further) % 2**31

    settings = ("methods", "perplexity", "neighbours", "layers")
    maps, hits = projections(
        *activations_of(arguments, config["layers"]),
        draws_of(arguments),
        **{key: config[key] for key in settings},
        maps=config["seeds"],
        seed=seed,
        progress=progress,
    )
    write_table(arguments.table, stacked(arguments, [maps]))
    write_table(arguments.hits, stacked(arguments, [hits]))


if __name__ == "__main__":
    program = Program(__doc__).activations(choose_device).inputs(many=("origins",))
    run(main, program.outputs("table", "hits"))
