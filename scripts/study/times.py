"""What a run took, by its records and logs, for the report's page on how it was made.

Times and hardware are no part of what a job makes, since the same config has to give the same
bytes. `make study` writes them into logs/ when it ends, and the page reads them from there.
"""

import csv
import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

import pandas as pd

from glassbox.files import whole
from glassbox.processors import mixture
from glassbox.report.tables import save
from study.archiving.records import RECORDS, read_records

LOGS = Path("logs")
COLUMNS = ["rule", "jobs", "minutes", "longest (min)", "core minutes", "memory (MB)"]


def write(folder: Path) -> None:
    """Write logs/times.js, .csv and .parquet of the study in a folder; each job counts once."""
    jobs = [_job(folder, path, told) for path, told in read_records(folder).items()]
    table = by_rule(jobs)
    save(table, folder / LOGS, "times")
    rows = table.astype(object).where(table.notna(), "–").values.tolist()
    told = {"said": list(said(jobs)), "columns": COLUMNS, "rows": rows}
    with whole(folder / LOGS / "times.js") as part:
        part.write_text(f"showTimes({json.dumps(told, ensure_ascii=False)});\n", encoding="utf-8")


def _job(folder: Path, record: str, told: dict) -> dict[str, Any]:
    """A job's rule, its seconds by its record, and what its benchmark says where there is one."""
    place = PurePosixPath(record.removeprefix(RECORDS)).with_suffix("")
    ends = [datetime.fromisoformat(told[key]) for key in ("started", "finished")]
    return {
        "rule": place.parts[0],
        "ran": ends,
        "seconds": (ends[1] - ends[0]).total_seconds(),
        "record": told,
        **_measured(folder / LOGS / f"{place}.tsv"),
    }


def _measured(benchmark: Path) -> dict[str, float]:
    """Core seconds and memory (MB) as Snakemake measured them; what it could not is left out."""
    if not benchmark.exists():
        return {}
    with benchmark.open(encoding="utf-8", newline="") as file:
        row = next(csv.DictReader(file, delimiter="\t"), {})
    found = {"core": row.get("cpu_time"), "memory": row.get("max_rss")}
    return {key: float(value) for key, value in found.items() if value not in (None, "-", "NA")}


def by_rule(jobs: Iterable[dict[str, Any]]) -> pd.DataFrame:
    """A row per rule, that which took longest first; times in minutes."""
    columns = ["rule", "seconds", "core", "memory"]
    frame = pd.DataFrame([{key: job.get(key) for key in columns} for job in jobs], columns=columns)
    frame = frame.astype(dict.fromkeys(columns[1:], "float64"))
    found = frame.groupby("rule").agg(
        jobs=("seconds", "size"),
        minutes=("seconds", "sum"),
        longest=("seconds", "max"),
        core=("core", "sum"),
        memory=("memory", "max"),
    )
    for name in ("minutes", "longest", "core"):
        found[name] = (found[name] / 60).round(2)
    found["memory"] = found["memory"].round()
    found = found.sort_values(["minutes", "jobs"], ascending=False).reset_index()
    return found.set_axis(COLUMNS, axis="columns")


def together(spans: Iterable[list[datetime]]) -> tuple[float, int]:
    """For how many seconds at least one of the spans of time goes on, and how many do at most."""
    ends = [(end, change) for begun, done in spans for end, change in ((begun, 1), (done, -1))]
    seconds, running, most, last = 0.0, 0, 0, None
    for now, change in sorted(ends):
        if running:
            seconds += (now - last).total_seconds()
        running, last = running + change, now
        most = max(most, running)
    return seconds, most


def said(jobs: list[dict[str, Any]]) -> Iterable[str]:
    """The run as a whole, in sentences."""
    records = [job["record"] for job in jobs]
    busy, at_once = together([job["ran"] for job in jobs])
    hours = sum(job["seconds"] for job in jobs) / 3600
    cores = sum(job.get("core", 0) for job in jobs) / 3600
    yield (
        f"{len(jobs)} jobs ran for {busy / 3600:.2f} hours by the clock, with at most {at_once} at "
        f"once. Their times add up to {hours:.2f} hours, in which they used {cores:.2f} core hours."
    )
    if memory := max((job.get("memory", 0) for job in jobs), default=0):
        yield f"The largest job took {memory:.0f} MB of memory."
    if kept := sum(bool(each["from_cache"]) for each in records):
        yield f"{kept} of them were taken from a cache; their times are those of taking them."
    devices = sorted({each["device"] for each in records if each["device"]})
    with_gpu = any(not each.startswith("cpu") for each in devices)
    yield f"Networks ran on: {'; '.join(devices) or 'nothing that a record names'}."
    yield "A GPU was used." if with_gpu else "No GPU was used."
    if mixed := mixture(records):
        yield f"Made on a mixture of processors, which round differently: {mixed}."
