"""Replay: some jobs of an archive done again in a clean folder, and what came out."""

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from glassbox.errors import GlassboxError
from study.archiving.compare import Outcome, compare
from study.archiving.dry_run import Chosen, quietly, snakemake


def chosen(targets: Sequence[str], records: Mapping[str, dict]) -> dict[str, dict]:
    """The records of the jobs that make what is asked for, by paths that may hold `*`.

    Raises GlassboxError for a target that no job makes.
    """
    found = {}
    for target in targets:
        matching = {
            name: record
            for name, record in records.items()
            if any(fnmatchcase(output, target) for output in record["outputs"])
        }
        if not matching:
            raise GlassboxError(
                f"{target}: no job of the archive makes it; `*` stands for any text"
            )
        found |= matching
    return found


def replay(
    study: Path, records: Mapping[str, dict], targets: Sequence[str], choice: Chosen
) -> list[Outcome]:
    """Do the jobs that make the targets again in `study`, a copy that may be changed, and compare.

    Their outputs are taken away first. What Snakemake made anew because of that is compared too.

    Raises GlassboxError with Snakemake's last words when a job fails.
    """
    jobs = chosen(targets, records)
    asked = {output for record in jobs.values() for output in record["outputs"]} | set(jobs)
    aside = study.with_name(f"{study.name}.archived")
    # Jobs put new files in place of old ones, so the old ones live on under a second name.
    shutil.copytree(study / "results", aside / "results", copy_function=os.link)
    for output in asked:
        (study / output).unlink(missing_ok=True)
    command = snakemake(choice, "--cores", "1", "--", *sorted(jobs))
    run = subprocess.run(
        command,
        cwd=study,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=quietly(),
    )
    if run.returncode:
        raise GlassboxError("replay failed:\n" + "\n".join(run.stdout.splitlines()[-30:]))
    made = {output for record in records.values() for output in record["outputs"]} - asked
    also = {output for output in made if _is_new(study / output, aside / output)}
    outcomes = [compare(output, aside / output, study / output) for output in sorted(asked | also)]
    return [
        outcome._replace(detail=f"{outcome.detail} (followed)".strip())
        if outcome.path in also
        else outcome
        for outcome in outcomes
    ]


def _is_new(path: Path, archived: Path) -> bool:
    return path.is_file() and not (archived.is_file() and path.samefile(archived))


def table(outcomes: Sequence[Outcome]) -> str:
    """What came out, file by file, what differs first."""
    order = ["different", "within", "content", "bytes"]
    rows = sorted(outcomes, key=lambda each: (order.index(each.same), each.path))
    counts = ", ".join(
        f"{sum(each.same == kind for each in rows)} {kind}" for kind in reversed(order)
    )
    lines = "".join(f"\n  {each.same:9} {each.path}  {each.detail}".rstrip() for each in rows)
    return f"replay    {len(rows)} files made again: {counts}{lines}"
