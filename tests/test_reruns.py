"""What a run would redo after an edit: exactly the jobs that depend on it."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import workflow
import yaml

WORKS = ("chen2017", "lee2019", "pardo2019", "rauber2017")
REPORT = {"report": {"results/report/report.html"}}
PAGE = {"report_page": {"results/report/chen2017"}}
LAST = {
    "claims": {"results/claims/verdicts.parquet"},
    "report_page": {f"results/report/{work}" for work in WORKS},
    **REPORT,
}
ERRORS = {"errors": {"results/analyses/errors.parquet"}}
TABLES = {
    "error_tables": {"results/figures/chen2017-3.3.parquet"},
    "bottleneck_widths": {"results/figures/chen2017-4.3.svg"},
}
FIGURES = "results/figures"
ANALYSES = "results/analyses"
BESIDE = ("history", "signals")
SECOND = (*(f"/{name}.parquet" for name in BESIDE), ".json")  # what a job makes besides


def replaced(jobs: dict[str, set[str]]) -> dict[str, set[str]]:
    """The jobs without the rule that only gathers."""
    return {rule: outputs for rule, outputs in jobs.items() if rule != "all"}


def expect(folder: Path, *jobs: dict[str, set[str]]) -> None:
    wanted: dict[str, set[str]] = {}
    for group in jobs:
        for rule, outputs in group.items():
            wanted.setdefault(rule, set()).update(outputs)
    assert replaced(workflow.would_run(folder)) == wanted


def test_a_finished_study_has_nothing_to_do(finished_study: Path) -> None:
    assert "Nothing to be done" in workflow.snakemake(finished_study)


def test_a_value_of_one_stage_redoes_what_is_made_of_it(study: Path) -> None:
    workflow.edit_config(study, {"detectors": {"gaussian-derivative": {"tau": 2.0}}})
    detections = {f"{ANALYSES}/predictions/gaussian-derivative/0-1/jumps/test.parquet"}
    histogram = {"error_histograms": {f"{FIGURES}/chen2017-3.7.svg"}}
    draws = {f"{ANALYSES}/detector_draws/chen2017-3.1-draws/0-1.parquet"}
    found = {"detections": detections, "detector_draws": draws}
    expect(study, found, ERRORS, histogram, TABLES, LAST)


def test_a_value_of_one_network_redoes_that_network(study: Path) -> None:
    workflow.edit_config(study, {"models": {"mlp-2": {"recipe": {"learning_rate": 0.02}}}})
    activations = "results/activations/mlp-2/0-1/jumps"
    at_the_start = "results/activations/mlp-2@0/0-1/jumps/averages"
    expect(
        study,
        {
            "training": {"results/models/mlp-2/0-1/weights.safetensors"},
            "activations": {f"{activations}/test", f"{activations}/averages", at_the_start},
            "predictions": {f"{ANALYSES}/predictions/mlp-2/0-1/jumps/test.parquet"},
            "averages": {
                f"{ANALYSES}/averages/{name}/0-1/jumps/averages.parquet"
                for name in ("mlp-2", "mlp-2@0")
            },
            "redundancy": {f"{ANALYSES}/redundancy/mlp-2/0-1/jumps/averages.parquet"},
            "activation_heatmaps": {f"{FIGURES}/chen2017-3.12.svg"},
            "activation_slices": {f"{FIGURES}/chen2017-3.12-14.svg"},
            "training_curves": {f"{FIGURES}/chen2017-3.9.svg"},
            "gradient_ascents": {f"{ANALYSES}/gradient_ascents/mlp-2/0-1/table.parquet"},
            "ascent_signals": {f"{FIGURES}/chen2017-5.1-5.2.svg"},
        },
        ERRORS,
        TABLES,
        LAST,
    )


def test_a_new_network_adds_its_jobs_alone(study: Path) -> None:
    workflow.edit_config(
        study,
        {
            "models": {"mlp-3": {"build": "mlp", "dataset": "jumps", "hidden": [8, 8]}},
            "analyses": {"predictions": {"of": {"mlp-3": ["jumps/test"]}}},
        },
    )
    expect(
        study,
        {
            "training": {"results/models/mlp-3/0-1/weights.safetensors"},
            "activations": {"results/activations/mlp-3/0-1/jumps/test"},
            "predictions": {f"{ANALYSES}/predictions/mlp-3/0-1/jumps/test.parquet"},
        },
        ERRORS,
        TABLES,
        LAST,
    )


def test_the_text_of_a_test_redoes_the_claims_and_a_printed_number_its_table_too(
    study: Path,
) -> None:
    path = study / "scripts/glassbox/claims/chen2017/claims.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("  test: None.", "  test: None at all.", 1), encoding="utf-8")
    said = workflow.snakemake(study, "--dry-run")
    assert set(own_reasons(said)) == {"claims"}
    assert text.count("0.7443") == 1
    path.write_text(text.replace("0.7443", "0.8443"), encoding="utf-8")
    said = workflow.snakemake(study, "--dry-run")
    assert set(own_reasons(said)) == {"claims", "error_tables"}
    assert "printed numbers: published.gaussian-derivative.L2_p99 0.7443 -> 0.8443" in said


def own_reasons(printed: str) -> list[str]:
    """The rules of the jobs that a dry run gives reasons of their own."""
    return re.findall(r"rule (\w+):(?:\n    .*)*?reason: Params have changed", printed)


def test_a_new_replicate_redoes_no_other(study: Path) -> None:
    before = set(workflow.results(study))
    workflow.edit_config(study, {"replicates": 3})
    jobs = replaced(workflow.would_run(study))
    gathered = {"errors", "claims", "report", "report_page", "error_tables"}
    gathered |= {
        "error_histograms",
        "activation_heatmaps",
        "activation_slices",
        "deviation_profiles",
        "detection_curves",
        "filter_search_errors",
        "learned_and_designed_filters",
    }
    gathered |= {
        "training_curves",
        "embedding_success",
        "tsne",
        "hand_made_signals",
        "confidence_curves",
    }
    gathered |= {"filter_shapes", "ascent_layers", "bottleneck_widths", "deviation_slopes"}
    gathered |= {"library_curves", "confusions", "aurocs", "error_violins", "risk_coverage_curves"}
    gathered |= {"hit_variation", "introspection_quality"}
    new = {output for rule in jobs.keys() - gathered for output in jobs[rule]}
    assert all(re.search(r"/(2-3|2|3)[/.]", output) for output in new)
    by_block = {path for path in before if re.search("/0-1[/.]", path) and "records" not in path}
    beside = "likeness|noise_gains|library_|/confusion/|consistency_scores|introspection_planes"
    beside += "|introspection_separations|expected_places|risk_coverage|projection_measures"
    beside += "|nearby_classes|class_cluster_members|class_cluster_images"
    beside += "|neuron_scores|neuron_groups|chosen_neurons|neuron_responses"
    second = {path for path in by_block if re.search(beside, path)}
    old_blocks = {path.replace("/0-1", "/2-3") for path in by_block - second}
    made_by_block = {output for output in new if "/2-3" in output}
    dumps = {re.sub(r"(/2-3/.*)/\d+/[^/]+$", r"\1", path) for path in old_blocks}
    first = {re.sub("(/fitted_.*/)weights.safetensors$", r"\1model.json", path) for path in dumps}
    fitted = {path for path in first if re.search("/fitted_.*/model.json$", path)}
    wanted = {path for path in first if not path.endswith(SECOND)} | fitted
    assert made_by_block == wanted


def test_a_colour_redoes_one_figure(study: Path) -> None:
    workflow.edit_config(study, {"figures": {"chen2017-3.7": {"colour": "#aa3377"}}})
    expect(study, {"error_histograms": {f"{FIGURES}/chen2017-3.7.svg"}}, REPORT, PAGE)


def test_a_title_redoes_the_report_alone(study: Path) -> None:
    workflow.edit_config(study, {"report": {"title": "Another title"}})
    expect(study, REPORT)


def test_where_it_runs_redoes_nothing(study: Path) -> None:
    workflow.edit_config(study, {"device": "cpu"})
    expect(study)


def test_reordered_keys_redo_what_shows_them_in_their_order(study: Path) -> None:
    for name in ("config.yaml", "config/chen2017/smoke.yaml", "config/lee2019/smoke.yaml"):
        path = study / name
        path.write_text(
            yaml.safe_dump(backwards(yaml.safe_load(path.read_text())), sort_keys=False)
        )
    said = workflow.snakemake(study, "--dry-run")
    own = set(own_reasons(said))
    assert own <= {"errors", "claims", "error_tables", "bottleneck_widths", "report"}
    assert own & {"errors"}, "its rows, as the figures in the report, are in the config's order"


def test_the_order_of_values_that_are_a_set_redoes_nothing(study: Path) -> None:
    path = study / "config/lee2019/smoke.yaml"
    text = path.read_text(encoding="utf-8")
    assert text.count("CN1: [0.797], FC2") == 1
    path.write_text(text.replace("CN1: [0.797], FC2", "CN1: [0.797, 0.5], FC2"), encoding="utf-8")
    two = workflow.snakemake(study, "--dry-run", "--printshellcmds")
    path.write_text(text.replace("CN1: [0.797], FC2", "CN1: [0.5, 0.797], FC2"), encoding="utf-8")
    backwards = workflow.snakemake(study, "--dry-run", "--printshellcmds")
    assert workflow.jobs(two) == workflow.jobs(backwards)
    assert slices(two) == slices(backwards) != []


def slices(printed: str) -> list[str]:
    """The slices of the jobs of libraries that a dry run would make."""
    return sorted(re.findall(r"libraries.py --config (\S+)", printed))


def backwards(section: object) -> object:
    """The same mapping with its keys in reverse, at every depth."""
    if isinstance(section, dict):
        return {key: backwards(section[key]) for key in reversed(section)}
    return section


def test_touched_files_redo_nothing(study: Path) -> None:
    for part in workflow.PARTS:
        for path in [study / part, *(study / part).rglob("*")]:
            os.utime(path)
    expect(study)


def test_comments_docstrings_and_formatting_redo_nothing(study: Path) -> None:
    for path in (study / "scripts").rglob("*.py"):
        text = path.read_text() + "\n\n# a remark at the end\n"
        path.write_text(re.sub(r'^"""', '"""A new first word. ', text, count=1))
    module = study / "scripts/glassbox/activations.py"
    module.write_text(
        module.read_text().replace(
            "(dump: Path, name: str)", "(\n    dump: Path,\n    name: str,\n)"
        )
    )
    expect(study)


def test_a_function_that_several_rules_use_redoes_these_and_what_follows(study: Path) -> None:
    module = study / "scripts/glassbox/activations.py"
    text = module.read_text()
    assert text.count("return self.layers[1:-1]") == 1
    module.write_text(text.replace("return self.layers[1:-1]", "return self.layers[1:][:-1]"))
    jobs = replaced(workflow.would_run(study))
    analyses = {"predictions", "averages", "deviations", "unit_activity", "silhouettes"}
    analyses |= {"neighbourhoods", "confidences", "redundancy", "deviation_trajectories"}
    analyses |= {"pattern_changes"}
    figures = {
        "activation_heatmaps",
        "activation_slices",
        "deviation_profiles",
        "error_tables",
        "bottleneck_widths",
        "bottleneck_representations",
    }
    figures |= {
        "tsne",
        "hand_made_signals",
        "confidence_curves",
        "deviation_slopes",
        "library_curves",
        "confusions",
        "aurocs",
    }
    figures |= {
        "discriminative_neuron_map",
        "hit_variation",
        "neuron_activation_map",
        "observation_and_neuron_maps",
        "observation_maps",
        "projection_trails",
        "introspection_maps",
        "introspection_quality",
        "trajectory_maps",
        "reordered_network",
        "patterns_of_examples",
        "constellations",
        "attack_trajectories",
        "error_violins",
        "risk_coverage_curves",
        "class_cluster_maps",
    }
    figures |= {
        "activation_map",
        "linked_maps",
        "neurons_beside_observations",
        "playing_trails",
    }
    untouched_figure = f"{FIGURES}/chen2017-3.7.svg"
    others = {"activations", "projections", "libraries", "consistency", "fit_introspection"}
    others |= {"introspection", "expected_patterns", "example_patterns", "misclassification"}
    others |= {"introspection_variants", "evading_paths_digits_attack_paths_evading_0_1"}
    others |= {"fit_probes", "probes"}
    others |= {"introspection_trajectories", "map_quality", "ensembles", "projection_trajectories"}
    others |= {"class_clusters", "misclassified_places", "neuron_maps"}
    assert set(jobs) == {*analyses, *others, "errors", "claims", "report", "report_page", *figures}
    assert untouched_figure not in set().union(*jobs.values())
    for analysis in analyses:
        made = {
            path for path in workflow.results(study) if path.startswith(f"{ANALYSES}/{analysis}/")
        }
        assert jobs[analysis] == {
            path for path in made if not re.search("gaussian|step-|-filter", path)
        }


def test_the_code_of_a_kind_of_network_redoes_what_has_such_a_network(study: Path) -> None:
    kinds = study / "scripts/glassbox/models/kinds"
    (kinds / "new.py").write_text("def architecture(): pass\n")
    expect(study)
    module = kinds / "lenet.py"
    module.write_text(module.read_text().replace("HIDDEN = 500", "HIDDEN = 400"))
    printed = workflow.snakemake(study, "--dry-run")
    own = re.findall(r"rule \w+:\n((?:    .*\n)*?)    reason: Params have changed", printed)
    assert own
    assert all("lenet" in each or "--kind" not in each for each in own)
    assert {"results/models/lenet-digits/0-1/weights.safetensors"} == workflow.would_run(study)[
        "training"
    ]


def test_a_function_of_one_rule_leaves_others_of_its_module_alone(study: Path) -> None:
    module = study / "scripts/glassbox/activations.py"
    text = module.read_text()
    assert text.count("layer.units <= widest") == 1
    module.write_text(text.replace("layer.units <= widest", "widest >= layer.units"))
    said = workflow.snakemake(study, "--dry-run")
    assert "averages" in workflow.jobs(said), "averages follow activations"
    assert set(own_reasons(said)) == {"activations"}


def test_a_clone_with_restored_results_redoes_nothing(study: Path, tmp_path: Path) -> None:
    git = ["git", "-c", "user.name=test", "-c", "user.email=test@example.org"]
    (study / ".gitignore").write_text(".snakemake\nresults\nlogs\n")
    for step in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "all"]):
        subprocess.run([*git, *step], cwd=study, check=True)
    clone = tmp_path / "a clone"
    subprocess.run(["git", "clone", "-q", study, clone], check=True)
    shutil.copytree(study / "results", clone / "results")
    shutil.copytree(study / ".snakemake/metadata", clone / ".snakemake/metadata")
    expect(clone)


def output_with(path: str) -> str:
    """The output that a dry run names for a job that wrote this: the first, or a page's folder."""
    folder = re.match(r"results/report/(\w+)/", path)
    if folder and folder[1] not in ("tables", "findings"):
        return folder[0].rstrip("/")
    return "results/report/report.html" if path.startswith("results/report/") else path


def test_what_would_run_is_what_runs(study: Path) -> None:
    workflow.edit_config(study, {"detectors": {"gaussian-derivative": {"tau": 2.0}}})
    wanted = workflow.would_run(study)
    before = {path: file.stat().st_mtime_ns for path, file in workflow.results(study).items()}
    workflow.snakemake(study)
    after = {path: file.stat().st_mtime_ns for path, file in workflow.results(study).items()}
    changed = {path for path in after if after[path] != before.get(path)}
    assert {output_with(path) for path in changed if "parts" not in path} == set().union(
        *(outputs for rule, outputs in wanted.items() if rule != "all")
    )
    assert workflow.would_run(study) == {}
