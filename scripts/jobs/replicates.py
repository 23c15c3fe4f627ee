"""What belongs to several replicates: one table of all, and each one's files."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from glassbox.tables import read_table

if TYPE_CHECKING:
    import pandas as pd


def stacked(arguments: argparse.Namespace, frames: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """One table per replicate in one, with the columns method, replicate and set in front.

    Without a set where the arguments name none.
    """
    whole = numbered(arguments, frames)
    whole.insert(0, "method", arguments.method)
    if "set" in arguments:
        whole.insert(2, "set", arguments.set)
    return whole


def numbered(arguments: argparse.Namespace, frames: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """One table per replicate in one, with the column replicate in front."""
    import pandas as pd

    whole = pd.concat(dict(zip(arguments.replicates, frames, strict=True)), names=["replicate"])
    return whole.reset_index("replicate").reset_index(drop=True)


def counted(tables: list[Path], replicates: int, own: dict[str, int] | None = None) -> pd.DataFrame:
    """Some tables in one, without the replicates of a block beyond those of the study.

    own: other numbers of replicates, by the method that has one.
    """
    import pandas as pd

    whole = pd.concat(map(read_table, tables), ignore_index=True)
    if "method" not in whole:
        return whole[whole["replicate"] < replicates]
    return whole[whole["replicate"] < whole["method"].map(own or {}).fillna(replicates)]


def by_replicate(
    arguments: argparse.Namespace, role: str = "examples"
) -> Iterator[tuple[int, Path]]:
    """Each replicate with its file of examples, or of another role; one file may serve all."""
    files = getattr(arguments, role)
    files = files * len(arguments.replicates) if len(files) == 1 else files
    return zip(arguments.replicates, files, strict=True)


def several_by_replicate(arguments: argparse.Namespace, role: str) -> Iterator[list[Path]]:
    """Each replicate's files of several sets, where one set's files come after another's."""
    count = len(arguments.replicates)
    return (getattr(arguments, role)[place::count] for place in range(count))
