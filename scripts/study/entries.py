"""Which statements are tested at which scale, and why others are not: docs/entries.md.

    python scripts/study/entries.py

writes it, from the works' claims.yaml and their configs alone, before anything is run.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

from glassbox.claims.works import Claim, Work, read_work  # noqa: E402
from study.schema import Config, works  # noqa: E402
from study.schema.loading import load_study  # noqa: E402

SCALES = ("laptop", "published")
HEAD = """# Which statements are tested

Of every statement, whether the laptop scale and the published scale have what its test needs; where
one has not, what is missing there, and for a statement that is not tested at all why. Names in
brackets behind an id are those of what the project asks besides. Written from the claims and the
configs, before anything is run, by `python scripts/study/entries.py`.
"""


def page() -> str:
    """Markdown with a table per work, and how many statements are tested at each scale."""
    names = works.names(ROOT / "config")
    configs = {scale: _config(names, scale) for scale in SCALES}
    return HEAD + "".join(_work(read_work(path), configs) for path in map(_claims, names))


def _claims(work: str) -> Path:
    return ROOT / f"scripts/glassbox/claims/{work}/claims.yaml"


def _config(names: list[str], scale: str) -> Config:
    return load_study({"works": names, "scale": scale}, ROOT / "config")


def _work(work: Work, configs: dict[str, Config]) -> str:
    tested = {
        scale: sum(not claim.untested and not missing(claim, config) for claim in work.claims)
        for scale, config in configs.items()
    }
    counts = ", ".join(f"{count} at the {scale} scale" for scale, count in tested.items())
    rows = "".join(f"{row}\n" for claim in work.claims for row in _rows(claim, configs))
    return f"""
## {work.name}

{len(work.claims)} entries; tested are {counts}.

| id | laptop | published |
|---|---|---|
{rows}"""


def _rows(claim: Claim, configs: dict[str, Config]) -> Iterator[str]:
    if claim.untested:
        yield f"| {claim.id} | not tested: {' '.join(claim.untested.split())} | |"
        return
    lacking = [missing(claim, config) for config in configs.values()]
    cells = [f"needs {', '.join(each)}" if each else "tested" for each in lacking]
    if all(lacking) and "/published" not in claim.config:
        cells[-1] += f" (with {claim.config})"
    yield f"| {claim.id} | {' | '.join(cells)} |"


def missing(claim: Claim, config: Config) -> list[str]:
    """What a claim needs that a config has not."""
    sections = (config.datasets, config.models, config.detectors, config.experiments)
    known = {name for section in (*sections, config.analyses) for name in section}
    return [need for need in claim.needs if need.split("/")[0] not in known]


if __name__ == "__main__":
    (ROOT / "docs/entries.md").write_text(page(), encoding="utf-8")
