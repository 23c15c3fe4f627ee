"""Every statement of the four works is an entry of their claims, and every claim can be tested."""

import copy
from functools import cache

import pytest
import workflow
import yaml

from glassbox.claims import registered  # noqa: F401, it registers the tests
from glassbox.claims.judging import TESTS
from glassbox.claims.settings import differences
from glassbox.claims.works import read_work
from study.writing.entries import missing

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
    for claim in read_work(CLAIMS / work / "claims.yaml").claims:
        config = workflow.configured(claim.config)
        assert not missing(claim, config), f"{claim.id}: {claim.config}"
        for dataset, slash, split in (need.partition("/") for need in claim.needs):
            assert not slash or split in config.splits(dataset), f"{claim.id}: {dataset}/{split}"


@pytest.mark.parametrize("work", WORKS)
def test_the_config_that_a_claim_names_has_the_settings_of_the_work(work):
    found = read_work(CLAIMS / work / "claims.yaml")
    for claim in found.claims:
        ours = settings(claim.config)
        assert not differences(claim.needs, ours, found.settings), f"{claim.id}: {claim.config}"


@pytest.mark.parametrize(
    ("claim", "name", "change"),
    [
        ("C-T03", "mlp-2", {"activation": "elu"}),
        ("C-T03", "mlp-2", {"keep": 0.5}),
        ("C-T03", "mlp-2", {"recipe": {"optimizer": "adam"}}),
        ("C-T03", "mlp-2", {"recipe": {"noise": 1.0}}),
        ("C-T03", "mlp-2", {"recipe": {"loss": "squared-error"}}),
        ("C-T06", "cnn-7", {"recipe": {"schedule": "triangular"}}),
        ("C-C33", "gradient_ascents", {"rate": 1.0}),
        ("L-C01", "lenet", {"recipe": {"optimizer": "adam"}}),
        ("L-N02", "resnet44", {"weights": None}),
        ("P-C13", "net1-no-dropout", {"recipe": {"cycle": 300}}),
        ("P-N02", "net2", {"recipe": {"noise": 1.0}}),
    ],
)
def test_no_verdict_on_a_work_rests_on_networks_that_are_trained_in_another_way(
    claim, name, change
):
    (work,) = (each for each in WORKS if each[0] == claim[0].lower())
    found = read_work(CLAIMS / work / "claims.yaml")
    (asked,) = (each for each in found.claims if each.id == claim)
    section = "models" if name in found.settings["models"] else "analyses"
    ours = copy.deepcopy(settings(asked.config))
    changed = ours[section][name]
    for key, value in change.items():
        changed[key] = {**changed[key], **value} if isinstance(value, dict) else value
    assert differences(asked.needs, ours, found.settings)


@cache
def settings(file):
    """A config as data, each once."""
    return workflow.configured(file).model_dump(mode="json")
