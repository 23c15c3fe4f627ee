"""How many files somebody touches to add a thing, tests and config entries apart.

What is added is what docs/extend.md adds.
"""

from pathlib import Path

import pages
import pytest
import workflow

from glassbox.tables import read_examples, read_table
from study.schema import Config
from study.schema.analyses import KINDS as ANALYSES
from study.schema.datasets import KINDS as DATASETS
from study.schema.detectors import KINDS as DETECTORS
from study.schema.experiments import KINDS as EXPERIMENTS
from study.schema.figures import KINDS, FigureKind
from study.schema.section import Section, kind_of

SCHEMA = "scripts/study/schema/figures"


def test_a_new_analysis_takes_a_class_a_function_and_a_program(study: Path) -> None:
    assert len(pages.carry_out(study, "extend.md", "An analysis")) == 3
    asked = pages.config("extend.md", "An analysis")["analyses"]["largest_values"]["of"]
    at = "results/analyses/largest_values/{}/0-1/{}.parquet"
    made = [at.format(model, of) for model, (of,) in asked.items()]
    workflow.snakemake(study, "--cores", "1", *made)
    layers = [list(read_table(study / path)["layer"].unique()) for path in made]
    assert layers == [["input", "output"], ["input", "CN1", "CN2", "FC1", "FC2"]]


def test_a_new_architecture_takes_a_class_and_a_module(study: Path) -> None:
    assert len(pages.carry_out(study, "extend.md", "A network that the project builds")) == 2
    made = "results/analyses/averages/new/0-1/digits/test.parquet"
    workflow.snakemake(study, "--cores", "1", made)
    assert list(read_table(study / made)["layer"].unique()) == ["input", "narrow", "classes"]


def test_a_new_kind_of_data_set_takes_a_class_and_a_program(study: Path) -> None:
    assert len(pages.carry_out(study, "extend.md", "A kind of data set")) == 2
    made = "results/datasets/digits-mirrored/0/test.parquet"
    workflow.snakemake(study, "--cores", "1", made)
    images, mirrored = (
        read_examples(study / path).values.reshape(-1, 8, 8)
        for path in (made.replace("-mirrored", ""), made)
    )
    assert (mirrored == images[:, :, ::-1]).all()


def test_a_new_kind_of_experiment_takes_a_class_and_a_program(study: Path) -> None:
    assert len(pages.carry_out(study, "extend.md", "A kind of experiment")) == 2
    made = "results/analyses/constant_guesses/middle/0-1.parquet"
    workflow.snakemake(study, "--cores", "1", made)
    test = read_examples(study / "results/datasets/jumps/0/test.parquet")
    table = read_table(study / made)
    assert list(table["replicate"]) == [0, 1]
    assert table["L1"][0] == abs(test.labels - 4).mean()


def test_a_new_kind_of_figure_takes_a_class_a_drawing_function_and_a_program(
    study: Path,
) -> None:
    assert len(pages.carry_out(study, "extend.md", "A kind of figure")) == 3
    workflow.snakemake(study, "--cores", "1", "results/figures/new.svg")
    assert (study / "results/figures/new.svg").read_text().startswith("<?xml")
    assert (study / "results/records/mean_signals/new.json").exists()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.rule())
def test_a_kind_is_declared_in_one_module_and_drawn_in_one(kind: type[FigureKind]) -> None:
    name = kind.rule()
    quoted = f'"{name.replace("_", "-")}"'
    module = workflow.ROOT / "scripts" / f"{kind.__module__.replace('.', '/')}.py"
    sources = (workflow.ROOT / SCHEMA).rglob("*.py")
    assert [path for path in sources if f"Literal[{quoted}]" in path.read_text()] == [module]
    for folder in ("scripts/figures", "scripts/glassbox/figures"):
        assert (workflow.ROOT / folder / f"{name}.py").exists()
    program = (workflow.ROOT / f"scripts/figures/{name}.py").read_text()
    assert f"from glassbox.figures.{name} import " in program


@pytest.mark.parametrize("kind", [*KINDS, *ANALYSES, *DATASETS, *EXPERIMENTS, *DETECTORS])
def test_a_class_has_the_name_of_its_kind(kind: type[Section]) -> None:
    words = kind_of(kind).replace("_", "-").split("-")
    assert kind.__name__ == "".join(word[:1].upper() + word[1:] for word in words)


def test_no_program_draws_what_is_no_kind() -> None:
    programs = {path.stem for path in (workflow.ROOT / "scripts/figures").glob("*.py")}
    assert programs == {kind.rule() for kind in KINDS} | {"error_tables"}


def test_no_other_file_of_the_workflow_names_a_kind() -> None:
    """Kinds of one word are words of the workflow too; those of several are nothing else."""
    files = [workflow.ROOT / "Snakefile", *(workflow.ROOT / "rules").glob("*.smk")]
    files += [path for path in (workflow.ROOT / "profiles").rglob("*") if path.is_file()]
    files += [path for path in (workflow.ROOT / "scripts/study").rglob("*.py")]
    files = [path for path in files if not path.is_relative_to(workflow.ROOT / SCHEMA)]
    names = [kind.rule() for kind in KINDS if "_" in kind.rule()]
    assert len(names) > 5
    for path in files:
        text = path.read_text().replace("-", "_")
        assert not [name for name in names if name in text], path


FAMILIES = {"networks", "classifiers", "bottlenecks", "momentum", "library_claims"}


def test_there_is_one_of_each_for_all_works():
    scripts = workflow.ROOT / "scripts"
    files = [*scripts.rglob("*.py"), *(workflow.ROOT / "rules").glob("*.smk")]
    library = [path for path in files if "claims" not in path.parts]
    assert not FAMILIES & {path.stem for path in library}
    assert not FAMILIES & set(Config.model_fields)
    training = "".join(path.read_text() for path in (scripts / "glassbox").rglob("*.py"))
    assert training.count(".step(") == 1, "one training loop"
    for stage in ("activations", "claims"):
        assert [path.stem for path in (scripts / stage).glob("*.py")] == [stage]
    assert {path.stem for path in (scripts / "report").glob("*.py")} == {"report", "report_page"}
