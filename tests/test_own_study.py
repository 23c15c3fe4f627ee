"""Networks and data of one's own through the whole study: two files and a config entry each."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import own_study
import pytest
import workflow

from glassbox.tables import read_table

# What all analyses of a network are, no fewer than these: tables and those of each layer.
SHARED = {
    "predictions",
    "averages",
    "deviations",
    "neighbourhoods",
    "projections",
    "map_neighbourhoods",
    "projection_trajectories",
    "projection_measures",
    "silhouettes",
    "unit_activity",
    "probes",
    "libraries",
    "library_nodes",
    "library_probes",
    "confusion",
    "consistency",
    "consistency_scores",
    "adversarial_distances",
    "introspection",
    "introspection_planes",
    "expected_patterns",
    "expected_places",
    "example_patterns",
    "misclassification",
    "risk_coverage",
    "map_quality",
    "misclassified_places",
    "nearby_classes",
    "neuron_maps",
    "neuron_scores",
    "neuron_groups",
    "chosen_neurons",
    "neuron_responses",
}
OF_IMAGES = {"class_clusters", "class_cluster_members", "class_cluster_images"}
FOLLOWED = {
    "deviation_trajectories",
    "introspection_trajectories",
    "introspection_separations",
}
MADE = {"mobile": {*SHARED, *FOLLOWED, *OF_IMAGES}, "bumps-net": SHARED}
FIGURES = {
    "activation-heatmaps",
    "deviation-profiles",
    "tsne",
    "library-curves",
    "confusions",
    "aurocs",
    "discriminative-neuron-map",
    "introspection-maps",
    "observation-maps",
    "projection-trails",
    "reordered-network",
    "patterns-of-examples",
    "error-violins",
    "risk-coverage-curves",
}
LEARNING = {"deviation-slopes", "training-curves", "trajectory-maps"}
DRAWN = {"mobile": {*FIGURES, *LEARNING, "class-cluster-maps"}, "bumps-net": FIGURES}
LAYERS = {"mobile": ["first", "second", "last"], "bumps-net": ["conv", "last"]}
SETS = {"mobile": "digits/test", "bumps-net": "bumps/test"}


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """The user's files, which programs find."""
    folder = tmp_path_factory.mktemp("data")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GLASSBOX_DATA", str(folder))
        yield folder


@pytest.fixture(scope="module")
def finished(data, tmp_path_factory):
    """The finished study; not to be changed."""
    folder = own_study.write(tmp_path_factory.mktemp("own") / "study", data)
    workflow.snakemake(folder, "--cores", "2")
    return folder


@pytest.fixture
def study(finished, tmp_path):
    return Path(shutil.copytree(finished, tmp_path / "study", symlinks=True))


def table(folder, kind, model, layer=None):
    path = folder / f"results/analyses/{kind}/{model}/0-0/{SETS[model]}"
    return read_table(path / f"{layer}.parquet" if layer else path.with_suffix(".parquet"))


@pytest.mark.parametrize("model", MADE)
def test_every_analysis_that_applies_is_made(finished, model):
    made = {
        kind.name
        for kind in (finished / "results/analyses").iterdir()
        for path in kind.glob(f"{model}/**/*.parquet")
        if SETS[model] in str(path)
    }
    assert made == MADE[model]


@pytest.mark.parametrize("model", MADE)
def test_layers_are_those_that_the_config_names(finished, model):
    for kind in ("averages", "deviations", "neighbourhoods"):
        found = table(finished, kind, model)["layer"].unique()
        assert list(found) == ["input", *LAYERS[model]]
    for layer in LAYERS[model]:
        assert len(table(finished, "libraries", model, layer))


@pytest.mark.parametrize("model", MADE)
def test_it_is_right_and_less_so_under_attack(finished, model):
    errors = read_table(finished / "results/analyses/errors.parquet")
    right = errors[(errors["method"] == model) & (errors["measure"] == "accuracy")]
    by_set = right.set_index("set")["value"]
    assert by_set[SETS[model]] > 0.9
    attacks = by_set.filter(like="-attacks-")
    assert len(attacks) == 3
    if model == "mobile":  # bumps four times as high as the largest attack stand it
        assert attacks.iloc[-1] < by_set[SETS[model]]


@pytest.mark.parametrize("model", MADE)
def test_the_report_has_a_section_with_its_figures(finished, model):
    page = (finished / "results/report/own/index.html").read_text()
    section = page[page.index(f'<h2 id="model-{model}">') :]
    section = section[: section.index("<h2", 4)]
    assert set(re.findall(rf'<h3 id="{model}-([\w-]+)">', section)) == DRAWN[model]
    assert f'<th scope="row">{SETS[model]}</th>' in section
    assert len(re.findall(rf'<h3 id="{model}-', page)) == len(DRAWN[model])


def test_what_was_taken_off_the_weights_is_said(finished):
    log = (finished / "logs/pretrained/bumps-net/0-0.log").read_text()
    assert "the weights are what the checkpoint holds as state_dict" in log
    assert "the tensors' names are taken without module." in log


def test_the_plan_says_what_is_not_made_and_why(finished):
    command = [sys.executable, "scripts/study/plan.py", *workflow.SMOKE]
    said = subprocess.run(command, cwd=finished, capture_output=True, text=True, check=True).stdout
    assert "no redundancy of mobile: it is no perceptron with hidden layers\n" in said
    assert "no confidences of mobile: digits/test is not of a set of kind shapes\n" in said
    assert "no deviation_trajectories of bumps-net: it has no checkpoints\n" in said
    assert said.endswith("Results match the request: nothing would run.\n")


def test_words_of_the_file_redo_nothing(study):
    code = study / "my_nets.py"
    text = code.read_text().replace('"""Two of them', '"""Some of them')
    code.write_text(f"{text}\n\n# A remark.\nUNUSED = 1\n")
    assert workflow.would_run(study) == {}


def test_a_line_redoes_the_network_and_what_is_behind_it(study):
    code = study / "my_nets.py"
    code.write_text(code.read_text().replace("GroupNorm(4", "GroupNorm(2"))
    jobs = workflow.would_run(study)
    outputs = set().union(*jobs.values())
    assert jobs["training"] == {"results/models/mobile/0-0/weights.safetensors"}
    assert not [path for path in outputs if "bumps-net" in path]
    behind = {re.split("[/.]", path)[2] for path in outputs if "/mobile/" in path}
    assert behind - {"mobile"} >= MADE["mobile"] - {
        *("map_neighbourhoods", "projection_measures"),
        *("neuron_scores", "neuron_groups", "chosen_neurons", "neuron_responses"),
        *("library_nodes", "library_probes", "confusion", "consistency_scores"),  # made besides
        *("introspection_planes", "introspection_separations", "expected_places", "risk_coverage"),
        *("nearby_classes", "class_cluster_members", "class_cluster_images"),
    }
    assert {"report", "report_page", "errors", "tsne"} <= set(jobs)
    images = {path for path in outputs if path.startswith("results/datasets/digits")}
    assert not images


def test_a_function_is_refused_as_a_layer_with_the_way_out(data, finished, tmp_path):
    folder = Path(shutil.copytree(finished, tmp_path / "study", symlinks=True))
    workflow.edit_config(folder, {"models": {"mobile": {"places": {"second": "flat"}}}})
    model = "results/models/mobile/0-0/model.json"
    said = workflow.snakemake(folder, "--cores", "1", model, check=False)
    assert "layer second: flat is a function of Mobile, not a module, so it can't be read" in said
    assert "what to do: make what it does a torch.nn.Module of its own" in said


def test_the_checkpoint_is_the_one_that_was_named(finished):
    record = json.loads((finished / "results/records/pretrained/bumps-net/0-0.json").read_text())
    net = Path(os.environ["GLASSBOX_DATA"]) / "bumps/net.pt"
    assert record["inputs"]["data:bumps/net.pt"] == own_study.described(net)["sha256"]
