"""The smoke study on a Slurm of four nodes on this machine, against the same cores without it."""

import os
import subprocess
import tempfile
from itertools import count
from pathlib import Path

import rig
import workflow
from timing import ratio, report

LOCAL = ["--cores", str(len(os.sched_getaffinity(0)))]
SLURM = ["--workflow-profile", "profiles/slurm"]


def main(folder: Path) -> None:
    cluster = rig.Rig(folder / "slurm").start()
    turns = map(str, count())

    def study(*arguments: str) -> None:
        subprocess.run(
            workflow.command(*arguments),
            cwd=workflow.copy_checkout(folder / next(turns)),
            env=os.environ | cluster.environment,
            check=True,
            capture_output=True,
        )

    try:
        measured = ratio(lambda: study(*SLURM), lambda: study(*LOCAL), rounds=1, uncounted=0)
    finally:
        cluster.stop()
    report("the smoke study: Slurm / the same cores without", measured, 3)


if __name__ == "__main__":
    if rig.missing():
        print(f"the smoke study on Slurm: left out, {rig.missing()}")
    else:
        with tempfile.TemporaryDirectory() as folder:
            main(Path(folder))
