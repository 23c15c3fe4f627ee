"""Where a long job keeps its state, so that the next try goes on from there."""

from __future__ import annotations

import shutil
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager

from glassbox.models.unfinished import Kept, Unfinished, nothing_kept


@contextmanager
def states(arguments: Namespace) -> Iterator[Kept]:
    """What keeps the state of each part of a job, by its name; None where none is to be kept.

    They are found by all that tells the job from others: its slice, inputs, code, versions and
    device. What other jobs left in the folder is removed, and so is the folder once the job is
    through; Snakemake, which removes what a job has begun to make, knows nothing of it.
    """
    folder = arguments.unfinished
    if folder is None:
        yield nothing_kept
        return
    own = folder / arguments.identity
    for other in folder.glob("*"):
        if other != own:
            shutil.rmtree(other)
    yield lambda part: Unfinished(own / f"{part}.pt", arguments.save_every)
    shutil.rmtree(folder, ignore_errors=True)
