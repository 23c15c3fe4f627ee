"""How many files somebody touches to add a thing, tests and config entries apart."""

from pathlib import Path

import pytest
import workflow

from glassbox.tables import read_table
from study.schema import Config
from study.schema.figures import KINDS, FigureKind

SCHEMA = "scripts/study/schema/figures"
CLASS = '''

class TotalFigure(FigureKind):
    """The mean of all signals of a set."""

    kind: Literal["mean-signals"]
    set: SetName

    def data(self, study: Study) -> Data:
        return {"examples": study.examples(*self.set.split("/"))[:1]}
'''
DRAWING = '''"""The mean of all signals of a set."""

from matplotlib.figure import Figure

from glassbox.figures.style import look, panels
from glassbox.tables import Examples


def mean_signals(examples: Examples) -> Figure:
    """One line: the mean of all examples, input by input."""
    with look():
        figure, (axes,) = panels(1, height=2.5)
        axes.plot(examples.values.mean(axis=0))
    return figure
'''
PROGRAM = '''"""The mean of all signals of a set."""

from argparse import Namespace

from glassbox.figures.mean_signals import mean_signals
from glassbox.figures.style import save
from glassbox.tables import read_examples
from study.command import Program, run


def main(arguments: Namespace) -> None:
    save(mean_signals(read_examples(arguments.examples)), arguments.output)


if __name__ == "__main__":
    run(main, Program(__doc__).inputs("examples").outputs("output"))
'''


ANALYSIS_CLASS = '''

class LargestValues(OnSets):
    """The largest value of every layer."""

    kind: Literal["largest_values"]
'''
ANALYSIS = '''"""The largest value of every layer."""

import pandas as pd

from glassbox.activations import Activations


def largest_values(activations: Activations) -> pd.DataFrame:
    """A row per layer: layer, and the largest of all its values."""
    rows = [(layer.name, activations[layer.name].max()) for layer in activations.layers]
    return pd.DataFrame(rows, columns=["layer", "largest"])
'''
ANALYSIS_PROGRAM = '''"""The largest value of every layer of a model on a set."""

from argparse import Namespace

from glassbox.analyses.largest_values import largest_values
from glassbox.analyses.reading import activations_of
from glassbox.devices import choose_device
from glassbox.replicates import stacked
from glassbox.tables import write_table
from study.command import Program, run


def main(arguments: Namespace) -> None:
    frames = map(largest_values, activations_of(arguments))
    write_table(arguments.table, stacked(arguments, frames))


if __name__ == "__main__":
    run(main, Program(__doc__).activations(choose_device).outputs("table"))
'''


def test_a_new_analysis_takes_a_class_a_function_and_a_program(tmp_path: Path) -> None:
    folder = workflow.copy_checkout(tmp_path / "study")
    with open(
        folder / "scripts/study/schema/analyses/activations.py", "a", encoding="utf-8"
    ) as module:
        module.write(ANALYSIS_CLASS)
    (folder / "scripts/glassbox/analyses/largest_values.py").write_text(ANALYSIS)
    (folder / "scripts/analyses/largest_values.py").write_text(ANALYSIS_PROGRAM)
    of = {"nn-1": ["jumps/test"], "lenet-digits": ["digits/test"]}
    workflow.edit_config(folder, {"analyses": {"largest_values": {"of": of}}})
    made = [f"results/analyses/largest_values/{model}/0-1/{of[model][0]}.parquet" for model in of]
    workflow.snakemake(folder, "--cores", "1", *made)
    layers = [list(read_table(folder / path)["layer"].unique()) for path in made]
    assert layers == [["input", "output"], ["input", "CN1", "CN2", "FC1", "FC2"]]


ARCHITECTURE_CLASS = '''"""A linear network on images."""

from typing import Literal

from study.schema.models.section import ModelSection
from study.schema.section import Positive


class Narrow(ModelSection):
    """A network with one linear layer of few units before its classes."""

    build: Literal["narrow"]
    units: Positive
    start: Literal["uniform"] = "uniform"
'''
ARCHITECTURE = '''"""A network with one linear layer of few units before its classes."""

from torch import nn

from glassbox.models.inputs import Inputs
from glassbox.models.modules import Plain


def architecture(shape: tuple[int, ...], classes: int, units: int) -> Plain:
    """The network for examples of a shape."""

    def make() -> nn.Module:
        width = shape[0] * shape[1]
        return nn.Sequential(nn.Flatten(), nn.Linear(width, units), nn.Linear(units, classes))

    return Plain(make, classes, Inputs(shape), {"narrow": "1", "classes": "2"})
'''


def test_a_new_architecture_takes_a_class_and_a_module(tmp_path: Path) -> None:
    folder = workflow.copy_checkout(tmp_path / "study")
    (folder / "scripts/study/schema/models/narrow.py").write_text(ARCHITECTURE_CLASS)
    (folder / "scripts/glassbox/models/kinds/narrow.py").write_text(ARCHITECTURE)
    model = {"build": "narrow", "dataset": "digits", "units": 3, "recipe": {"max_epochs": 2}}
    change = {"models": {"new": model}, "analyses": {"averages": {"of": {"new": ["digits/test"]}}}}
    workflow.edit_config(folder, change)
    made = "results/analyses/averages/new/0-1/digits/test.parquet"
    workflow.snakemake(folder, "--cores", "1", made)
    assert list(read_table(folder / made)["layer"].unique()) == ["input", "narrow", "classes"]


def test_a_new_kind_of_figure_takes_a_class_a_drawing_function_and_a_program(
    tmp_path: Path,
) -> None:
    folder = workflow.copy_checkout(tmp_path / "study")
    with open(folder / SCHEMA / "detection.py", "a", encoding="utf-8") as module:
        module.write(CLASS)
    (folder / "scripts/glassbox/figures/mean_signals.py").write_text(DRAWING)
    (folder / "scripts/figures/mean_signals.py").write_text(PROGRAM)
    entry = {"kind": "mean-signals", "title": "Mean", "set": "jumps/test"}
    workflow.edit_config(folder, {"figures": {"new": entry}})
    workflow.snakemake(folder, "--cores", "1", "results/figures/new.svg")
    assert (folder / "results/figures/new.svg").read_text().startswith("<?xml")
    assert (folder / "results/records/mean_signals/new.json").exists()


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


def test_no_program_draws_what_is_no_kind() -> None:
    programs = {path.stem for path in (workflow.ROOT / "scripts/figures").glob("*.py")}
    assert programs == {kind.rule() for kind in KINDS} | {"error_tables"}


def test_no_other_file_of_the_workflow_names_a_kind() -> None:
    """Kinds of one word are words of the workflow too; those of several are nothing else."""
    files = [workflow.ROOT / "Snakefile", *(workflow.ROOT / "rules").iterdir()]
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
    for stage in ("activations", "claims", "report"):
        assert [path.stem for path in (scripts / stage).glob("*.py")] == [stage]
