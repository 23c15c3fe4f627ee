"""How sure a block's replicates of one network are of hand-made signals (chen2017 §7.2)."""

from argparse import Namespace

from glassbox.activations import layer_paths
from glassbox.analyses.confidences import confidences
from glassbox.replicates import by_replicate, stacked
from glassbox.tables import read_examples, write_table
from study.command import Program, run


def main(arguments: Namespace) -> None:
    frames = (
        confidences(
            read_examples(path),
            read_examples(layer_paths(arguments.activations / str(replicate))[-1]).values,
        )
        for replicate, path in by_replicate(arguments)
    )
    write_table(arguments.output, stacked(arguments, frames), {"location": "samples"})


if __name__ == "__main__":
    program = Program(__doc__).inputs("activations", many=("examples",))
    run(main, program.outputs("output").identity())
