"""Closure: whether all that a study holds follows from config, code and inputs, by its records."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import unquote

from study.archiving.crate import METADATA
from study.archiving.dry_run import Job
from study.archiving.records import RECORDS, TIMESTAMP, producers
from study.deciding import fingerprint
from study.deciding.told import by_option, chosen, without_place
from study.fixity import Problem


def check(
    study: Path,
    jobs: Sequence[Job],
    records: Mapping[str, dict],
    digests: Mapping[str, str],
    held: Mapping[str, str],
) -> list[Problem]:
    """All that does not follow, named by the file it shows in.

    jobs: what the config asks for; digests: SHA-256 of the study's files by path; held: those of
    files that may not be handed on, which need not be there.
    """
    digests = {**held, **digests}
    return [
        *_of_jobs(jobs, records),
        *_of_code(study, records),
        *_of_outputs(records, digests),
        *_of_inputs(records, digests),
        *_unknown(records, digests),
    ]


def of_crate(study: Path, digests: Mapping[str, str]) -> list[Problem]:
    """Files that the crate's description has with another SHA-256, or that aren't there."""
    problems = []
    for entity in json.loads((study / METADATA).read_text())["@graph"]:
        path, stated = unquote(entity["@id"]), entity.get("sha256")
        if stated and entity["@type"] == "File" and digests.get(path) != stated:
            found = f"sha256 {digests.get(path)}, but {METADATA} says {stated}"
            problems.append(Problem("altered", path, found))
    return problems


def _of_jobs(jobs: Sequence[Job], records: Mapping[str, dict]) -> Iterator[Problem]:
    """Jobs of the config without a record, or with one of another command."""
    planned = {output: job for job in jobs for output in job.outputs if output.startswith(RECORDS)}
    for name, job in planned.items():
        record = records.get(name)
        if record is None:
            yield Problem(
                "missing", name, f"the record of a job that the config asks for: {job.rule}"
            )
            continue
        if record["program"] != job.program:
            yield Problem("other job", name, f"by {record['program']}, not {job.program}")
        for wanted, found in _unlike(job.arguments, record["arguments"]):
            yield Problem("config", name, f"made with {found}, where the config says {wanted}")
        yield from _of_names(name, job, record)
    for name in sorted(records.keys() - planned.keys()):
        yield Problem("extra", name, "the record of a job that the config does not ask for")


def _unlike(planned: list[str], recorded: list[str]) -> Iterator[tuple[str, str]]:
    """The arguments in which two commands differ; where one runs makes no difference."""
    one, two = without_place(planned), without_place(recorded)
    if len(one) != len(two):
        yield f"{len(one)} arguments", f"{len(two)}"
    for wanted, found in zip(one, two, strict=False):
        if wanted != found:
            yield wanted, found


def _of_names(name: str, job: Job, record: dict) -> Iterator[Problem]:
    """Files that a job's command names and its record doesn't."""
    known = [*record["inputs"], *record["outputs"], name]
    for word in [*job.arguments, *job.outputs]:
        if word.startswith("results/") and not any(
            each == word or each.startswith(f"{word}/") for each in known
        ):
            yield Problem("missing", name, f"it does not say what {word} was")


def _of_code(study: Path, records: Mapping[str, dict]) -> Iterator[Problem]:
    """Records whose code is not the code that lies beside them."""
    codes = {}
    for name, record in records.items():
        program = record["program"]
        if not (study / f"scripts/{program}.py").is_file():
            yield Problem("code", name, f"made by scripts/{program}.py, which is not there")
            continue
        modules = chosen(record["config"], by_option(record["arguments"]).get("--kind", ()))
        if (program, modules) not in codes:
            codes[program, modules] = fingerprint.of_program(program, study, modules)
        code = codes[program, modules]
        if code.fingerprint != record["fingerprint"]:
            found, recorded = code.definitions, record["code"]
            names = sorted(found.keys() | recorded.keys())
            unlike = [key for key in names if found.get(key) != recorded.get(key)]
            shown = ", ".join(unlike[:5]) or "its fingerprint"
            yield Problem("code", name, f"made with other code than lies here: {shown}")


def _of_outputs(records: Mapping[str, dict], digests: Mapping[str, str]) -> Iterator[Problem]:
    """Outputs that are not there, or not as their job made them."""
    owners: dict[str, str] = {}
    for name, record in records.items():
        for output, digest in record["outputs"].items():
            if output in owners:
                yield Problem("twice", output, f"made by {owners[output]} and by {name}")
            owners[output] = name
            found = digests.get(output)
            if found is None:
                yield Problem("missing", output, f"{name} says that it was made")
            elif found != digest:
                yield Problem("altered", output, f"sha256 {found}, but {name} made {digest}")


def _of_inputs(records: Mapping[str, dict], digests: Mapping[str, str]) -> Iterator[Problem]:
    """Outputs that were made from something else than what lies here."""
    made_by = producers(records)
    for name, record in records.items():
        for path, digest in record["inputs"].items():
            is_original = path.startswith("data:")
            path = f"data/{path.removeprefix('data:')}" if is_original else path
            maker = records.get(made_by.get(path, ""), {}).get("outputs", {}).get(path)
            found = maker or digests.get(path)
            if found is None and not is_original:
                yield Problem("missing", path, f"{name} says that it was read")
            elif found not in (digest, None):
                first = next(iter(record["outputs"]), name)
                was = f"sha256 {digest[:16]}..., here {found[:16]}..."
                yield Problem("older", first, f"made from another {path}: {was}")


def _unknown(records: Mapping[str, dict], digests: Mapping[str, str]) -> Iterator[Problem]:
    """Results that no job made."""
    made_by = producers(records)
    for path in sorted(digests):
        known = path in made_by or path in records or path.endswith(f"/{TIMESTAMP}")
        if path.startswith("results/") and not known:
            yield Problem("extra", path, "no record says how it was made")
