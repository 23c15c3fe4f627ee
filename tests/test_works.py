"""The works of a study: their files, what is laid over them, and each of them alone."""

import json
from pathlib import Path

import pytest
import workflow
import yaml
from hypothesis import given
from hypothesis import strategies as st
from snakemake.utils import update_config

from glassbox.tables import read_table
from study import schema
from study.schema import works

CONFIG = workflow.ROOT / "config"
WORKS = works.names(CONFIG)
FILES = [workflow.ROOT / "config.yaml", *sorted(CONFIG.glob("*/*.yaml"))]
# What is left of a published scale, with a model of it.
PARTS = {CONFIG / "pardo2019/net1.yaml": "net1", CONFIG / "rauber2017/mlp.yaml": "mlp-mnist"}
PRESETS = [path for path in FILES[1:] if path.stem not in works.SCALES and path not in PARTS]
DIGITS = {"datasets": {"digits": {"kind": "digits"}}}


def near(points: int, model: str) -> dict:
    """An analysis of a model, with a setting."""
    return {"analyses": {"neighbourhoods": {"points": points, "of": {model: ["digits/test"]}}}}


# The project's own files


def test_a_work_has_a_folder_of_config_and_a_package_of_claims():
    claims = (workflow.ROOT / "scripts/glassbox/claims").glob("*/claims.yaml")
    assert sorted(path.parent.name for path in claims) == WORKS
    assert yaml.safe_load(FILES[0].read_text())["works"] == WORKS


def test_config_yaml_fits_on_a_screen_and_holds_nothing_of_a_works_content():
    text = FILES[0].read_text()
    assert len(text.splitlines()) < 40
    assert set(yaml.safe_load(text)) == {"seed", "device", "works", "scale"}


def test_what_config_yaml_shows_in_comments_is_right():
    lines = FILES[0].read_text().split("For example:\n")[1].splitlines()
    shown = yaml.safe_load("\n".join(line.removeprefix("# ") for line in lines))
    before, config = schema.load(workflow.content()), schema.load(workflow.content(shown))
    assert set(config.models) - set(before.models) == {"mine"}
    assert set(before.figures) - set(config.figures) == {"chen2017-3.18a"}
    assert config.models["mlp-2"].recipe.learning_rate == 0.02


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_no_file_of_the_project_sets_anything_to_null_but_one_that_is_a_part(path):
    assert bool(list(nulls(yaml.safe_load(path.read_text())))) == (path in PARTS)


@pytest.mark.parametrize("path", PARTS, ids=lambda path: path.stem)
def test_a_part_of_a_scale_is_what_it_leaves(path):
    part, work = yaml.safe_load(path.read_text()), path.parent.name
    whole, left = (
        schema.load(workflow.content(*beside, scale="published", works=[work]))
        for beside in ((), (workflow.preset(f"{work}/{path.name}"),))
    )
    for section in ("datasets", "models", "analyses", "figures"):
        gone = {name for name, content in part[section].items() if content is None}
        assert gone and gone <= set(getattr(whole, section))
        assert set(getattr(left, section)) == set(getattr(whole, section)) - gone
    assert left.side_by_side(PARTS[path]) == 1 and left.count(PARTS[path]) == 3


def nulls(content):
    """All that is null in a file."""
    inside = content.values() if isinstance(content, dict) else content
    if content is None:
        yield content
    elif isinstance(content, dict | list):
        for each in inside:
            yield from nulls(each)


@pytest.mark.parametrize("scale", works.SCALES)
@pytest.mark.parametrize("names", [*([work] for work in WORKS), WORKS], ids="+".join)
def test_every_work_is_valid_at_every_scale_alone_and_with_the_others(names, scale):
    config = schema.load(workflow.content(works=names, scale=scale))
    counts = {"smoke": (2, 2), "laptop": (20, 10), "published": (20, 5)}[scale]
    assert (config.replicates, config.together) == counts
    files = [CONFIG / work / f"{scale}.yaml" for work in names]
    assert {*config.models} >= {
        name for file in files for name in yaml.safe_load(file.read_text())["models"]
    }


@pytest.mark.parametrize("scale", ["laptop", "smoke"])
def test_the_files_for_two_cores_stand_alone(scale):
    for work in WORKS:
        laid = works.layers({"works": [work], "scale": scale}, CONFIG)
        assert [file for file, _ in laid] == [f"config/{work}/{scale}.yaml", ""]


@pytest.mark.parametrize("scale", works.SCALES)
@pytest.mark.parametrize("path", PRESETS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_file_that_is_no_scale_is_laid_over_any(path, scale):
    preset = workflow.preset(f"{path.parent.name}/{path.name}")
    config = schema.load(workflow.content(preset, works=[path.parent.name], scale=scale))
    assert set(preset["models"]) <= set(config.models)


# What is laid over what

SNAKEFILE = """
include: "Snakefile"
Path("config.json").write_text(CONFIG.model_dump_json())
"""


def test_the_works_are_below_config_yaml_and_the_command_line_is_on_top(tmp_path):
    folder = workflow.copy_checkout(tmp_path / "study")
    (folder / "config.smk").write_text(SNAKEFILE)
    workflow.edit_config(folder, {"seed": 1, "replicates": 9, "report": {"title": "Mine"}})
    (folder / "mine.yaml").write_text("{seed: 2, replicates: 7, models: {mlp-2: {hidden: [8]}}}")
    lain = ["--configfile", "mine.yaml", "--config", "scale=smoke", "seed=3"]
    workflow.snakemake(folder, "--snakefile", "config.smk", "--dry-run", *lain)
    found = json.loads((folder / "config.json").read_text())
    keys = ("works", "scale", "together", "replicates", "seed", "report")
    assert [found[key] for key in keys] == [WORKS, "smoke", 2, 7, 3, {"title": "Mine"}]
    below = workflow.preset("chen2017/smoke.yaml")["models"]["mlp-2"]["recipe"]
    assert found["models"]["mlp-2"]["hidden"] == [8]
    assert found["models"]["mlp-2"]["recipe"].items() >= below.items()


LEAVES = st.none() | st.integers() | st.lists(st.integers(), max_size=2)
SECTIONS = st.recursive(
    st.dictionaries(st.sampled_from("abc"), LEAVES, min_size=1),
    lambda inner: st.dictionaries(st.sampled_from("abc"), LEAVES | inner, min_size=1),
    max_leaves=9,
)


@given(SECTIONS, SECTIONS)
def test_files_are_laid_over_each_other_as_snakemake_does(below, above):
    before = json.dumps(below)
    found = works.laid_over(below, above)
    assert json.dumps(below) == before, "what lies below is not changed"
    update_config(below, above)
    assert json.dumps(found) == json.dumps(below), "values and the order of keys"


def test_a_change_reaches_one_entry_of_those_that_share_an_anchor():
    change = {"models": {"lenet-digits-cn1": {"recipe": {"max_epochs": 7}}}}
    before, after = (workflow.content(*changes)["models"] for changes in ((), (change,)))
    assert {name for name in before if before[name] != after[name]} == {"lenet-digits-cn1"}


# A work alone


def test_the_jobs_of_a_work_alone_are_those_that_it_has_in_the_study(tmp_path):
    folder = workflow.copy_checkout(tmp_path / "study")
    both, chen, lee = (
        workflow.would_run(folder, "--config", "scale=smoke", f"works=[{names}]")
        for names in ("chen2017, lee2019", "chen2017", "lee2019")
    )
    shared = {
        "images": {
            f"results/datasets/digits/0/{part}.parquet" for part in ("train", "validation", "test")
        },
        "claims": {"results/claims/verdicts.parquet"},
        "report": {"results/report/report.html"},
    }
    for rule in both:
        one, other = chen.get(rule, set()), lee.get(rule, set())
        assert one | other == both[rule]
        assert one & other <= shared.get(rule, set()), rule
    assert not {"libraries", "attacks", "consistency", "aurocs"} & chen.keys()
    assert not {"jumps", "errors", "deviations", "activation_heatmaps", "error_tables"} & lee.keys()


def test_a_work_less_redoes_claims_and_report_which_say_nothing_of_it(study):
    alone = ["--config", "scale=smoke", "works=[lee2019]"]
    assert workflow.would_run(study, *alone).keys() == {"claims", "report", "report_page"}
    workflow.snakemake(study, *alone)
    for table in ("verdicts", "parts"):
        assert set(read_table(study / f"results/claims/{table}.parquet")["work"]) == {"lee2019"}
    page = (study / "results/report/report.html").read_text()
    assert "lee2019" in page and "chen2017" not in page
    assert "lee2019-2-digits" in (study / "results/report/lee2019/index.html").read_text()


# What is refused


@pytest.fixture
def folder(tmp_path) -> Path:
    """Two works, one of which goes on from its laptop file."""
    for name, content in {
        "a1999/laptop.yaml": DIGITS,
        "a1999/published.yaml": {"extends": "laptop", **near(9, "a")},
        "b2001/laptop.yaml": DIGITS,
        "b2001/published.yaml": near(9, "b"),
    }.items():
        (tmp_path / "config" / name).parent.mkdir(parents=True, exist_ok=True)
        write(tmp_path / "config", name, content)
    return tmp_path / "config"


def refused(folder: Path, **asked: object) -> list[str]:
    with pytest.raises(schema.ConfigError) as error:
        schema.load_study({"works": ["a1999", "b2001"], **asked}, folder)
    return str(error.value).splitlines()


def write(folder: Path, name: str, content: object) -> None:
    (folder / name).write_text(yaml.safe_dump(content))


WRONG = {
    "a work that there is not": (
        {"works": ["a1999", "b2000"]},
        "works.1: found 'b2000'; did you mean 'b2001'? allowed: a1999, b2001",
    ),
    "a work twice": (
        {"works": ["a1999", "a1999"]},
        "works.1: found 'a1999', which is there already",
    ),
    "a name in place of a list": (
        {"works": "a1999"},
        "works: found 'a1999'; must be a list, such as [a1999]; did you mean 'a1999'? allowed: ",
    ),
    "no works": ({"works": None}, "works: found None; must be a list, such as [a1999]; "),
    "a scale that there is not": (
        {"scale": "publish"},
        "scale: found 'publish'; did you mean 'published'? allowed: laptop, published, smoke",
    ),
    "a scale that a work has not": (
        {"scale": "smoke"},
        "scale: found 'smoke'; allowed: laptop, published (for a1999)",
    ),
}


@pytest.mark.parametrize(("asked", "begins"), WRONG.values(), ids=WRONG)
def test_wrong_works_and_scales_are_refused_with_what_there_is(folder, asked, begins):
    (problem,) = refused(folder, **asked)
    assert problem.startswith(begins)


WRONG_FILES = {
    "a work's file that says which works": (
        {"works": ["b2001"]},
        "config/a1999/published.yaml: works: not a key of a work's file; set it in config.yaml",
    ),
    "a list": ([1], "config/a1999/published.yaml: found [1]; must be a section of keys"),
    "a scale that goes on from itself": (
        {"extends": "published"},
        "config/a1999/published.yaml: extends: found 'published'; allowed: laptop (for a1999)",
    ),
}


@pytest.mark.parametrize(("content", "wanted"), WRONG_FILES.values(), ids=WRONG_FILES)
def test_wrong_files_of_works_are_refused_by_name(folder, content, wanted):
    write(folder, "a1999/published.yaml", content)
    assert refused(folder, scale="published") == [wanted]


def test_scales_that_go_on_from_each_other_are_refused(folder):
    write(folder, "a1999/laptop.yaml", {"extends": "published"})
    (problem,) = refused(folder, scale="published")
    assert problem.startswith("config/a1999/laptop.yaml: extends: found 'published'; allowed: none")


def test_a_file_that_is_no_yaml_is_named(folder):
    (folder / "b2001/laptop.yaml").write_text("a: {b")
    assert refused(folder)[0].startswith("config/b2001/laptop.yaml: while parsing")


def test_what_works_state_differently_is_refused_with_both_places(folder):
    ending = "; what two works state, both state in the same way"
    write(folder, "b2001/laptop.yaml", {"datasets": {"digits": {"kind": "digits", "test": 300}}})
    assert refused(folder) == [
        "datasets.digits.test: config/a1999/laptop.yaml has no such key, "
        "config/b2001/laptop.yaml has 300" + ending
    ], "a default is not what another work states"
    write(folder, "a1999/published.yaml", {"extends": "laptop", **near(8, "a")})
    assert refused(folder, scale="published") == [
        "analyses.neighbourhoods.points: config/a1999/published.yaml has 8, "
        "config/b2001/published.yaml has 9" + ending
    ]


def test_each_work_adds_its_own_models_to_an_analysis(folder):
    laid = works.layers({"works": ["a1999", "b2001"], "scale": "published"}, folder)
    of = {"a": ["digits/test"], "b": ["digits/test"]}
    found = works.merged(laid)
    assert found["analyses"]["neighbourhoods"] == {"points": 9, "of": of}
    assert found["datasets"] == DIGITS["datasets"]


def test_what_is_wrong_in_a_works_file_is_said_with_its_name(folder):
    wrong = {**DIGITS, "models": {"a.b": {"build": "mlp", "datset": "x", "hidden": [0]}}}
    write(folder, "b2001/laptop.yaml", wrong)
    own = {"models": {"a.b": {"dataset": "digits", "hidden": [3, 0]}, "a": {"hidden": []}}}
    found = sorted(refused(folder, **own))
    assert [problem.split(";")[0] for problem in found] == [
        "config/b2001/laptop.yaml: models.a.b.datset: unknown key",
        "models.a.b.hidden.1: found 0",
        "models.a.build: required, but missing",
    ]


def test_what_a_users_null_leaves_without_its_ground_is_said_with_its_file():
    asked = yaml.safe_load(FILES[0].read_text())
    with pytest.raises(schema.ConfigError) as error:
        schema.load_study({**asked, "models": {"fitted": None}}, CONFIG)
    (problem,) = str(error.value).splitlines()
    where = "config/chen2017/laptop.yaml: analyses.deviations"
    assert problem.startswith(where) and "fitted" in problem


MINE = """
works: []
datasets: {jumps: {kind: jumps, per_class: {train: 5, validation: 5, test: 5}}}
models: {mine: {build: mlp, dataset: jumps, hidden: [4], recipe: {max_epochs: 2}}}
analyses: {predictions: {of: {mine: [jumps/test]}}}
"""


def test_a_study_may_hold_no_work_and_only_ones_own(tmp_path):
    folder = workflow.copy_checkout(tmp_path / "study")
    (folder / "mine.yaml").write_text(MINE)
    options = ["--cores", "2", "--configfile", "mine.yaml", "--config", "replicates=2"]
    workflow.snakemake(folder, *options, "together=2")
    assert "mine" in (folder / "results/report/made.html").read_text()
    assert read_table(folder / "results/claims/verdicts.parquet").empty
