"""Put the files of the library that draws the maps to explore beside their pages."""

from argparse import Namespace

from glassbox.maps.library import copy_file
from study.command import Program, run


def main(arguments: Namespace) -> None:
    for path in arguments.files:
        copy_file(path)


if __name__ == "__main__":
    run(main, Program(__doc__).outputs(many=("files",)))
