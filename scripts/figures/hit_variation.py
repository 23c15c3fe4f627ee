"""By how much neighbourhood hits of maps vary by chance."""

from argparse import Namespace

from glassbox.analyses.mapped import usual
from glassbox.figures.hit_variation import hit_variation
from glassbox.figures.style import save
from jobs.replicates import counted
from study.command import Program, run


def main(arguments: Namespace) -> None:
    config = arguments.config
    rows = usual(counted(arguments.hits, config["replicates"]))
    rows = rows[(rows["labels"] == "label") & (rows["measure"] == "hit")]
    rows = rows[rows["projection"] == config["method"]]
    save(hit_variation(rows, config["colours"]), arguments.output)


if __name__ == "__main__":
    run(main, Program(__doc__).inputs(many=("hits",)).outputs("output"))
