"""The options of Snakemake that a command line gives, as Snakemake itself reads them."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from functools import cache

from study.home import need_no_home


def chosen(options: Sequence[str]) -> Namespace:
    """What options say, by Snakemake's names for it; ends the process for what is no option."""
    return _chosen(tuple(options))


@cache
def _chosen(options: tuple[str, ...]) -> Namespace:
    need_no_home()
    from snakemake import cli

    return cli.get_argument_parser().parse_args(options)


def is_dry(options: Sequence[str]) -> bool:
    """Whether they ask what would run, and for no run."""
    return chosen(options).dryrun


def forces(options: Sequence[str]) -> bool:
    """Whether they have jobs run that nothing else gives a reason for."""
    said = chosen(options)
    return bool(said.force or said.forceall or said.forcerun)


def limits(options: Sequence[str]) -> bool:
    """Whether they have a part of the study made."""
    said = chosen(options)
    return bool(said.until or said.omit_from)


def presets(options: Sequence[str]) -> list[str]:
    """The files that they lay over the config."""
    return [path.as_posix() for path in chosen(options).configfile or []]


def settings(options: Sequence[str]) -> list[str]:
    """What follows --config, which is to be of the form name=value."""
    return list(chosen(options).config or [])
