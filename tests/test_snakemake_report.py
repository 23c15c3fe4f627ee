"""Snakemake's own report of a finished study, and what its public catalogue asks of a workflow."""

import json
import re
from pathlib import Path

import pages
import workflow
import yaml

MARKED = re.compile(r"results/(?:figures/[\w.-]+|claims/(?:verdicts|parts)\.parquet)")


def test_the_report_holds_every_figure_table_and_verdict(study: Path) -> None:
    made = {name for name in workflow.results(study) if MARKED.fullmatch(name)}
    workflow.snakemake(study, "--report", "report.html")
    page = (study / "report.html").read_text(encoding="utf-8")
    shown = embedded(page, "results")
    assert shown.keys() == made
    assert all(each["caption"].strip() for each in shown.values())
    assert not [name for name, each in shown.items() if each["mime_type"] == "text/plain"]
    works = yaml.safe_load((study / "config.yaml").read_text())["works"]
    assert embedded(page, "categories").keys() == {*works, "all works"}


def embedded(page: str, name: str) -> dict:
    """What a page holds under a name."""
    return json.loads(re.search(rf"var {name} = (\{{.*\}});$", page, re.MULTILINE)[1])


def test_the_workflow_has_what_the_catalogue_asks_for() -> None:
    """A README in its words, a Snakefile, rules, a licence, and how it is used."""
    readme = (workflow.ROOT / "README.md").read_text(encoding="utf-8").lower()
    assert "snakemake" in readme and "workflow" in readme
    usage = yaml.safe_load((workflow.ROOT / ".snakemake-workflow-catalog.yml").read_text())["usage"]
    assert usage["software-stack-deployment"] == {"conda": True}
    assert usage["report"] is True
    config = (workflow.ROOT / "config/README.md").read_text(encoding="utf-8")
    for key in yaml.safe_load((workflow.ROOT / "config.yaml").read_text()):
        assert f"`{key}`" in config, key
    for link, _ in pages.LINK.findall(config):
        assert (workflow.ROOT / "config" / link).resolve().exists(), link
