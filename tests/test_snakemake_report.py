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
    shown = json.loads(re.search(r"var results = (\{.*?\});?\n", page, re.DOTALL)[1])
    assert {Path(each["name"]).name for each in shown.values()} == {Path(m).name for m in made}
    for each in shown.values():
        assert each["caption"].strip(), each["name"]
    categories = json.loads(re.search(r"var categories = (\{.*?\});?\n", page, re.DOTALL)[1])
    assert categories.keys() == {*yaml.safe_load((study / "config.yaml").read_text())["works"]} | {
        "all works"
    }


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
