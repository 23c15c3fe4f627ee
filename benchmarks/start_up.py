"""How much of a study's time its programs take to start: what they import, before and in between.

Of the study that lies in results/, if it was run with PYTHONPROFILEIMPORTTIME=1, by which Python
writes into the log of each job what every import took.
"""

import csv
import re
from pathlib import Path

from timing import report

LOGS = Path("logs")
IMPORTED = re.compile(r"^import time:\s+(\d+) \|", re.MULTILINE)  # microseconds of its own


def main() -> None:
    logs = [path.read_text(encoding="utf-8") for path in sorted(LOGS.rglob("*.log"))]
    imports = sum(int(each) for log in logs for each in IMPORTED.findall(log)) / 1e6
    if not imports:
        print("start-up: not measured; PYTHONPROFILEIMPORTTIME=1 make study comes before")
        return
    taken = sum(map(seconds, LOGS.rglob("*.tsv")))
    print(f"{len(logs)} jobs, {taken:.0f} s, of which {imports:.0f} s are imports")
    report("12 x start-up / all time of a study's jobs", 12 * imports / taken, 1)


def seconds(path: Path) -> float:
    """What a job took, by Snakemake's benchmark of it."""
    with path.open(encoding="utf-8") as file:
        return sum(float(row["s"]) for row in csv.DictReader(file, delimiter="\t"))


if __name__ == "__main__":
    main()
