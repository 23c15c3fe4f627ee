"""Jobs that are at work though the run that started them is gone."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from study.deciding.told import by_option

PROCESSES = Path("/proc")  # Linux alone has it; elsewhere none is found


def at_work(folder: Path) -> dict[int, str]:
    """The jobs that run in a folder, named by their records, by the numbers of their processes.

    Asked before a run starts jobs of its own, these are of an earlier one.
    """
    found = {}
    for process in PROCESSES.glob("[0-9]*"):
        with suppress(OSError):  # it ended meanwhile, or is another user's
            words = (process / "cmdline").read_bytes().decode(errors="replace").split("\0")
            record = by_option(words).get("--record")
            if record and Path(os.readlink(process / "cwd")) == folder:
                found[int(process.name)] = record[0].removeprefix("results/records/")
    return dict(sorted(found.items()))
