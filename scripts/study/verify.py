"""Verify an archive step by step.

    python scripts/study/verify.py study.tar [--closure] [--replay 'results/figures/*.svg' ...]
                                   [--unpack FOLDER]

1. fixity, always: every file is as the manifests say. Python's standard library is enough
   (`python3 -I scripts/study/fixity.py study.tar` does this alone).
2. --closure: all that the archive holds follows from its config, code and inputs, by its records.
3. --replay: the jobs that make the named outputs are done again in a clean folder, and compared.

4. --unpack: a tar without a fault is unpacked into a new folder.

The archive is a tar or the folder that was unpacked from one, which is not changed. The first two
steps run no program of the archive, but the second has Snakemake read its rules, as the third does.
The exit code is 0 if all is well, 1 if something is not as it should be, and 2 if the archive can't
be read or isn't safe.
"""

import argparse
import json
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from study import fixity


def main(arguments: list[str]) -> int:
    form = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=form)
    parser.add_argument("archive", type=Path)
    parser.add_argument("--closure", action="store_true", help="also check what follows from what")
    parser.add_argument(
        "--replay", nargs="+", default=[], metavar="OUTPUT", help="make these again"
    )
    parser.add_argument("--unpack", type=Path, metavar="FOLDER", help="a new folder, for the tar")
    given = parser.parse_args(arguments)
    try:
        found = fixity.check(given.archive)
    except (fixity.Refused, OSError) as error:
        print(f"refused   {error}", file=sys.stderr)
        return 2
    print(fixity.report(given.archive, found))
    sound = not found.problems
    if given.closure or given.replay:
        sound &= further_steps(given, found)
    if given.unpack and sound:
        return unpacked(given.archive, given.unpack)
    return 0 if sound else 1


def unpacked(archive: Path, folder: Path) -> int:
    """Unpack a tar; the exit code."""
    from glassbox.errors import GlassboxError
    from study.archiving.unpack import unpack

    try:
        print(f"unpacked  {unpack(archive, folder)}")
    except (GlassboxError, OSError) as error:
        print(f"error     {error}")
        return 1
    return 0


def further_steps(given: argparse.Namespace, found: fixity.Fixity) -> bool:
    """Closure and replay, on a copy of the payload; whether all is well."""
    from glassbox.errors import GlassboxError

    try:
        with tempfile.TemporaryDirectory(prefix="verify-") as scratch:
            study = payload(given.archive, Path(scratch))
            about = json.loads((study / "study.json").read_text())
            sound = not given.closure or check_closure(study, about, found)
            return (not given.replay or check_replay(study, about, given.replay)) and sound
    except (GlassboxError, OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        print(f"error     {error}")
        return False


def payload(archive: Path, scratch: Path) -> Path:
    """A copy of an archive's payload that may be changed."""
    from study.archiving.unpack import unpack

    if not archive.is_dir():
        return unpack(archive, scratch / "bag") / "data"
    return Path(shutil.copytree(archive / "data", scratch / "data", symlinks=True))


def check_closure(study: Path, about: dict, found: fixity.Fixity) -> bool:
    from study.archiving import closure
    from study.archiving.contents import not_handed_on
    from study.archiving.dry_run import Chosen, all_jobs
    from study.archiving.records import read_records

    records = read_records(study)
    digests = {
        path.removeprefix("data/"): digest
        for path, digest in found.digests.items()
        if path.startswith("data/")
    }
    jobs = all_jobs(study, Chosen(**about["chosen"]))
    problems = closure.check(study, jobs, records, digests, not_handed_on(records))
    problems += closure.of_crate(study, digests)
    count = f"{len(jobs)} jobs, {len(records)} records"
    lines = "".join(f"\n  {problem}" for problem in problems)
    ending = f"{len(problems)} do not follow{lines}" if problems else "all follows"
    print(f"closure   {count}: {ending}")
    return not problems


def check_replay(study: Path, about: dict, targets: list[str]) -> bool:
    from study.archiving import replay
    from study.archiving.dry_run import Chosen
    from study.archiving.records import read_records

    chosen = Chosen(**about["chosen"])
    outcomes = replay.replay(study, read_records(study), targets, chosen)
    print(replay.table(outcomes))
    return all(outcome.same != "different" for outcome in outcomes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
