"""What ids mean: docs/entries.md of statements, docs/errata.md of misprints and omissions.

    python scripts/study/writing/entries.py

writes both, from the works' claims.yaml and errata.yaml and their configs alone, before anything is
run.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "scripts"))

from glassbox.claims.works import Claim, Work, read_work  # noqa: E402
from glassbox.report.errata import read_errata  # noqa: E402
from glassbox.report.prose import anchor_of  # noqa: E402
from study.arguments import take_none  # noqa: E402
from study.schema import Config, works  # noqa: E402
from study.schema.loading import load_study  # noqa: E402

SCALES = ("laptop", "published")
HEAD = """# The statements, and where each is tested

Every statement under its id. The first letter says the work: C for chen2017, L for lee2019, P for
pardo2019 and A for its abstract, R for rauber2017. The second says the kind: C for a claim, N for
a number or a setting, T for a row of a table. A name in brackets marks what is asked under the same
id in addition: another part of what the work says there, or what the project asks of its own, for
instance the same question of another network; the counts keep these apart. The last two columns say
whether the laptop scale and the published scale have what the test of the statement needs, and
otherwise what is missing there, or why the statement is not tested at all. Ids that begin with E
are in [errata.md](errata.md). Written from the claims and the configs, before anything is run, by
`python scripts/study/writing/entries.py`.
"""


ERRATA_HEAD = """# Errata: how misprints and omissions are read

Where one of the works misprints, contradicts or leaves out something that the study needs, this is
how the study reads it. The ids are those that the code, the config and the other pages use. Where a
statement has another sensible reading, its verdict under that reading stands beside it in the
report. Written from the works' errata.yaml by `python scripts/study/writing/entries.py`.
"""


def page() -> str:
    """Markdown with a table per work, and how many statements are tested at each scale."""
    names = works.names(ROOT / "config")
    configs = {scale: _config(names, scale) for scale in SCALES}
    return HEAD + "".join(_work(read_work(path), configs) for path in map(_claims, names))


def errata_page() -> str:
    """Markdown with a table of errata per work."""
    tables = []
    for path in map(_claims, works.names(ROOT / "config")):
        errata = read_errata(path.with_name("errata.yaml"))
        head = "| id | place | what stands there | how it is read | why |\n|---|---|---|---|---|\n"
        rows = (
            f'| <a id="{each["id"]}"></a>{each["id"]} | '
            + " | ".join(_cell(each[key]) for key in ("location", "found", "read", "why"))
            + " |\n"
            for each in errata.entries
        )
        tables.append(f"\n## {errata.work}\n\n{head}{''.join(rows)}")
    return ERRATA_HEAD + "".join(tables)


def _claims(work: str) -> Path:
    return ROOT / f"scripts/glassbox/claims/{work}/claims.yaml"


def _config(names: list[str], scale: str) -> Config:
    return load_study({"works": names, "scale": scale}, ROOT / "config")


def _work(work: Work, configs: dict[str, Config]) -> str:
    own, ours = (
        [claim for claim in work.claims if claim.asked_by == each] for each in ("work", "project")
    )
    rows = "".join(f"{row}\n" for claim in work.claims for row in _rows(claim, configs))
    return f"""
## {work.name}

{len(own)} statements of the work; tested are {_tested(own, configs)}. The project asks {len(ours)}
besides; tested are {_tested(ours, configs)}.

| id | statement | laptop | published |
|---|---|---|---|
{rows}"""


def _tested(claims: list[Claim], configs: dict[str, Config]) -> str:
    """How many of them each scale can test, in words."""
    return ", ".join(
        f"{sum(not each.untested and not missing(each, config) for each in claims)}"
        f" at the {scale} scale"
        for scale, config in configs.items()
    )


def _rows(claim: Claim, configs: dict[str, Config]) -> Iterator[str]:
    front = f'| <a id="{anchor_of(claim.id)}"></a>{claim.id} | {_cell(claim.statement)}'
    if claim.untested:
        yield f"{front} | not tested: {_cell(claim.untested)} | |"
        return
    lacking = [missing(claim, config) for config in configs.values()]
    cells = [f"needs {', '.join(each)}" if each else "tested" for each in lacking]
    if all(lacking) and "/published" not in claim.config:
        cells[-1] += f" (with {claim.config})"
    yield f"{front} | {' | '.join(cells)} |"


def _cell(text: str) -> str:
    """A text on one line of a table."""
    return " ".join(text.split()).replace("|", r"\|")


def missing(claim: Claim, config: Config) -> list[str]:
    """What a claim needs that a config has not."""
    sections = (config.datasets, config.models, config.detectors, config.experiments)
    known = {name for section in (*sections, config.analyses) for name in section}
    return [need for need in claim.needs if need.split("/")[0] not in known]


if __name__ == "__main__":
    take_none(__doc__)
    (ROOT / "docs/entries.md").write_text(page(), encoding="utf-8")
    (ROOT / "docs/errata.md").write_text(errata_page(), encoding="utf-8")
