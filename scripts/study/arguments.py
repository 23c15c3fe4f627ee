"""What programs of the workflow say of themselves, before they do anything."""

import argparse
from collections.abc import Sequence
from typing import get_origin

from study.schema.config import Config


def take_none(about: str | None) -> None:
    """Show what a program is about for --help; at that and at any argument the process ends."""
    form = argparse.RawDescriptionHelpFormatter
    argparse.ArgumentParser(description=about, formatter_class=form).parse_args()


def tells_of_itself(about: str | None, arguments: Sequence[str]) -> bool:
    """Whether --help is asked for, which then shows a program that has Snakemake's options."""
    if not {"-h", "--help"} & set(arguments):
        return False
    told = "".join(
        f"  {name:<11} {field.description}\n"
        for name, field in Config.model_fields.items()
        if field.description and get_origin(field.annotation) is not dict
    )
    print(
        f"{about}\n"
        "Options are Snakemake's: `python -m snakemake --help` has them all.\n"
        "  --cores N      as many jobs at once as fit N cores\n"
        "  --configfile F lays a file of YAML over config.yaml\n"
        "  --config K=V   sets keys of config.yaml:\n\n"
        f"{told}\n"
        "docs/config.md has every key. An example: --config scale=smoke 'works=[lee2019]'"
    )
    return True
