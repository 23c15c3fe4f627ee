"""The pages of the report: which there are, which figures each shows, and in which order."""

import re

from study.paths import Study
from study.schema import Config
from study.schema.every import figures
from study.schema.figures import Exhibit

OWN = "own"  # the page of the user's own models, and of figures that are of no work


def names(config: Config) -> list[str]:
    """The works, and OWN where there is something to show there."""
    return [*config.works, *([OWN] if exhibits(config, OWN) or figures(config) else [])]


def navigation(config: Config) -> list[tuple[str, str]]:
    """What each page is called, and its file below the folder of the report."""
    labels = {OWN: "Models of your own"}
    pages = [(labels.get(name, name), f"{name}/index.html") for name in names(config)]
    last = [
        ("Findings", "findings/index.html"),
        ("Errata", "errata.html"),
        ("How it was made", "made.html"),
    ]
    return [("Overview", "report.html"), *pages, *last]


def exhibits(config: Config, page: str) -> dict[str, Exhibit]:
    """The figures and tables of a page by name: of a work in the order of its numbers."""
    every = {**config.tables, **config.figures}
    if page in config.works:
        mine = [name for name in every if name.startswith(f"{page}-")]
        return {name: every[name] for name in sorted(mine, key=_in_order)}
    starts = tuple(f"{work}-" for work in config.works)
    return {name: each for name, each in every.items() if not name.startswith(starts)}


def page_of(config: Config, name: str) -> str:
    """The page that shows a figure or a table."""
    return next((page for page in config.works if name in exhibits(config, page)), OWN)


def _in_order(name: str) -> list[tuple[int, int | str]]:
    """A key that sorts 3.9 before 3.10, and words behind numbers."""
    pieces = re.findall(r"\d+|[^\d.-]+", name.partition("-")[2])
    return [(0, int(each)) if each.isdigit() else (1, each) for each in pieces]


def over(study: Study, shown: Exhibit) -> str:
    """How many replicates a figure or table shows, in a sentence."""
    count = shown.derived(study).get("replicates")
    if count is None and "errors" in shown.data(study):
        count = study.config.replicates
    if count is None:
        return "Of replicate 0, since what it shows can't be averaged over networks."
    return f"Over {count} replicate{'s' if count > 1 else ''}."
