"""Every statement of the four works is an entry of their claims, and every claim can be tested."""

import pytest
import workflow
import yaml

from glassbox.claims import registered  # noqa: F401, it registers the tests
from glassbox.claims.judging import TESTS
from glassbox.claims.works import read_work
from study import schema

REFERENCE = workflow.ROOT.parent / "shared/reference/claims.yaml"
CLAIMS = workflow.ROOT / "scripts/glassbox/claims"
WORKS = sorted(path.parent.name for path in CLAIMS.glob("*/claims.yaml"))


@pytest.mark.skipif(not REFERENCE.exists(), reason=f"no {REFERENCE}, the list of all statements")
@pytest.mark.parametrize("work", WORKS)
def test_every_statement_is_an_entry(work):
    reference = yaml.safe_load(REFERENCE.read_text())
    wanted = {entry["id"] for entry in reference if entry["paper"].startswith(work)}
    assert wanted
    claims = read_work(CLAIMS / work / "claims.yaml").claims
    assert wanted == {claim.id for claim in claims if "(" not in claim.id}


@pytest.mark.parametrize("work", WORKS)
def test_every_claim_has_a_test_or_says_why_not(work):
    for claim in read_work(CLAIMS / work / "claims.yaml").claims:
        assert claim.tested_as in TESTS or claim.untested, claim.id


@pytest.mark.parametrize("work", WORKS)
def test_the_config_that_a_claim_names_has_what_it_needs(work):
    known = {}
    for claim in read_work(CLAIMS / work / "claims.yaml").claims:
        known.setdefault(claim.config, names(claim.config))
        needed = {need.partition("/")[0] for need in claim.needs}
        assert needed <= known[claim.config], f"{claim.id}: {claim.config}"


def names(file):
    """What a scale has by name, or the published scale with a file that is laid over it."""
    path = workflow.ROOT / file
    is_scale = path.stem in ("laptop", "published")
    over = {} if is_scale else yaml.safe_load(path.read_text(encoding="utf-8"))
    asked = {"works": [path.parent.name], "scale": path.stem if is_scale else "published", **over}
    config = schema.load_study(asked, workflow.ROOT / "config").model_dump(mode="json")
    return {name for section in config.values() if isinstance(section, dict) for name in section}
