"""Pack a finished study, so that somebody else can verify it and go on with it.

    python scripts/study/archive.py archive/glassbox.tar [--configfile mine.yaml ...]
                                    [--config scale=smoke ...]

The options are those that the study was run with; files that they lay over the config may lie
anywhere, and go inside. The tar holds a BagIt bag whose payload is a whole checkout with its
results, described by ro-crate-metadata.json (Provenance Run Crate 0.5). Its bytes depend on its
contents only. A study that isn't finished, or whose files don't follow from its records, is
refused, and what is wrong is named.
"""

import argparse
import json
import sys
from datetime import datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

from glassbox.datasets.images import data_folder  # noqa: E402
from glassbox.errors import GlassboxError  # noqa: E402
from glassbox.files import whole  # noqa: E402
from study.archiving import bag, closure, contents, crate  # noqa: E402
from study.archiving.dry_run import Chosen, all_jobs, due_jobs  # noqa: E402
from study.archiving.records import finished, read_records  # noqa: E402
from study.schema.works import layers  # noqa: E402
from study.writing import citation as citations  # noqa: E402

STUDY_FILE = "study.json"
REPORT = "results/records/report.json"
SHOWN = 20


def pack(study: Path, tar_file: Path, chosen: Chosen) -> dict[str, str]:
    """Pack the study that is chosen; SHA-256 of all files by path.

    Raises GlassboxError naming the jobs that are due, or the files that don't match their records.
    """
    code = contents.code(study)
    laid_over = contents.laid_over(study, chosen.configfile, code)
    due = due_jobs(study, chosen)
    if due:
        lines = [f"{job.outputs[0]}: {job.reason}" for job in due]
        raise GlassboxError(
            f"the study is not finished: {_listed(lines)}\n  run it first; `make plan` tells more"
        )
    jobs = all_jobs(study, chosen)
    wanted = {output for job in jobs for output in job.outputs}
    records = {name: each for name, each in read_records(study).items() if name in wanted}
    code |= contents.own_code(study, records)
    held = contents.not_handed_on(records)
    data = study / data_folder()
    inside, known = contents.original_files(records, data)
    files = code | laid_over | contents.made(study, jobs) | inside
    chosen = chosen._replace(configfile=list(laid_over))
    payload: dict[str, bag.Content] = {
        path: file for path, file in files.items() if path not in held
    }
    about = {"chosen": chosen._asdict(), "original_data": known, "held_back": held}
    payload[STUDY_FILE] = (json.dumps(about, indent=1, sort_keys=True) + "\n").encode()
    citation = citations.read(study)
    run = crate.Run(_configs(study, records, chosen), chosen.options())
    payload[crate.METADATA] = _described(payload, records, citation, run, known)
    end = datetime.fromisoformat(finished(records))
    name = f"{citation['title'].lower()}-{citation['version']}"
    with whole(tar_file) as part:
        info = _info(citation, end)
        digests = bag.write_bag(part, name, payload, info, int(end.timestamp()))
        problems = closure.check(study, jobs, records, digests, held)
        if problems:
            raise GlassboxError(f"not packed: {_listed(map(str, problems))}")
    return digests


def _configs(study: Path, records: dict[str, dict], chosen: Chosen) -> list[str]:
    """The files that the config was read from; the report's record has the whole config."""
    whole = json.loads(records[REPORT]["config"]["whole"])
    of_works = [file for file, _ in layers(whole, study / "config") if file]
    return ["config.yaml", *of_works, *chosen.configfile]


def _described(
    payload: dict[str, bag.Content],
    records: dict[str, dict],
    citation: dict,
    run: crate.Run,
    known: dict[str, dict],
) -> bytes:
    sizes = {
        path: len(content) if isinstance(content, bytes) else content.stat().st_size
        for path, content in payload.items()
    }
    outside = {path: each for path, each in known.items() if not each["inside"]}
    return crate.describe(sizes, records, citation, run, outside)


def _info(citation: dict, end: datetime) -> dict[str, str]:
    """The entries of bag-info.txt."""
    title = f"{citation['title']} {citation['version']}"
    return {
        "Bagging-Date": end.date().isoformat(),
        "Contact-Name": citations.name_of(citation["authors"][0]),
        "External-Description": citation["abstract"],
        "External-Identifier": title,
        "Source-Organization": citations.name_of(citation["authors"][0]),
    }


def _listed(lines) -> str:
    lines = list(lines)
    more = [f"and {len(lines) - SHOWN} more"] if len(lines) > SHOWN else []
    return "".join(f"\n  {line}" for line in [*lines[:SHOWN], *more])


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("archive", type=Path, help="the tar to write")
    for name in Chosen._fields:
        parser.add_argument(f"--{name}", nargs="+", default=[], help="as the study was run with it")
    parser.add_argument("--study", type=Path, default=ROOT, help="the checkout with its results")
    given = parser.parse_args(arguments)
    try:
        digests = pack(given.study, given.archive, Chosen(given.configfile, given.config))
    except GlassboxError as error:
        sys.exit(f"error: {error}")
    print(f"{given.archive}: {len(digests)} files, {given.archive.stat().st_size} bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
