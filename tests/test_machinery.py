"""An edit redoes the jobs whose bytes it can shape; one of the machinery around them, none."""

from pathlib import Path
from typing import NamedTuple, get_args

import pytest
import workflow

from glassbox.models.kinds import module_name
from study.deciding import fingerprint
from study.deciding.told import chosen
from study.schema import models

PROGRAMS = sorted(
    path.relative_to(workflow.ROOT / "scripts").with_suffix("").as_posix()
    for path in workflow.programs()
)


class Edit(NamedTuple):
    """A text in a file below scripts/, what it becomes, and whose code that changes."""

    file: str
    old: str
    new: str
    programs: set[str]


MACHINERY = {
    "a record's time": Edit("study/record.py", '"milliseconds"', '"seconds"', set()),
    "a record's field": Edit("study/record.py", '"from_cache": found', '"cached": found', set()),
    "the cache": Edit("study/cache.py", 'ENTRY = "entry.json"', 'ENTRY = "job.json"', set()),
    "the fingerprint": Edit(
        "study/deciding/fingerprint/hiding.py", "can't tell which", "it is open which", set()
    ),
    "the plan": Edit("study/plan.py", "NAMES, REASONS = 4, 8", "NAMES, REASONS = 5, 9", set()),
    "a reason": Edit("study/deciding/reasons.py", '"not there yet"', '"still to be made"', set()),
    "progress": Edit("study/command.py", "mininterval=15", "mininterval=30", set()),
    "a help text": Edit("study/command.py", "config slice, as JSON", "JSON of the slice", set()),
    "a log": Edit("glassbox/devices.py", "are in use: waiting", "are busy: waiting", set()),
    "a message": Edit(
        "glassbox/tables.py", "values have different lengths", "values differ in length", set()
    ),
}
DEVIATIONS = {"analyses/deviations", "analyses/deviation_trajectories"}
CLAIMS = {"claims/claims"}
PAGES = {"report/report", "report/report_page"}
JUMPS = {"datasets/jumps"} | {
    f"analyses/{name}" for name in ("detector_draws", "filter_widths", "mixed_filters")
}
STACKED = {
    f"analyses/{path.stem}"
    for path in workflow.ROOT.glob("scripts/analyses/*.py")
    if "stacked(" in path.read_text()
}
LIBRARY = {
    "a curve": Edit(
        "glassbox/figures/training_curves.py",
        "linewidth=1.8",
        "linewidth=2",
        {"figures/training_curves"},
    ),
    "bars": Edit(
        "glassbox/figures/error_histograms.py",
        "width=0.85",
        "width=1",
        {"figures/error_histograms"},
    ),
    "angles": Edit("glassbox/analyses/deviations.py", "count < 2", "count < 3", DEVIATIONS),
    "errors": Edit(
        "glassbox/analyses/errors.py",
        '"higher"',
        '"lower"',
        {"analyses/errors", "analyses/detector_draws"},
    ),
    "silhouettes": Edit(
        "glassbox/analyses/silhouettes.py", "1e-12", "1e-9", {"analyses/silhouettes"}
    ),
    "jumps": Edit(
        "glassbox/datasets/jumps.py", "np.arange(1, length", "np.arange(0, length", JUMPS
    ),
    "noise": Edit(
        "glassbox/datasets/attacks.py", "< 0.5, least", "< 0.4, least", {"datasets/attacks"}
    ),
    "verdicts": Edit("glassbox/claims/verdicts.py", "if deviation > 0", "if deviation", CLAIMS),
    "numbers": Edit("glassbox/report/page.py", "digits: int = 4", "digits: int = 5", PAGES),
    "joining": Edit("jobs/replicates.py", "insert(2, ", "insert(0, ", STACKED),
}


RUN = ("models/training", "datasets/attacks")
KINDS = ("mlp", "cnn-1d", "all-cnn", "cnn", "lenet", "resnet44", "own")
STACKS = {"mlp", "cnn-1d"}
OF_KINDS = {
    "a LeNet": Edit("glassbox/models/kinds/lenet.py", "HIDDEN = 500", "HIDDEN = 400", {"lenet"}),
    "a start": Edit("glassbox/models/glorot.py", "math.sqrt(6", "math.sqrt(3", {"all-cnn", "cnn"}),
    "a stack": Edit("glassbox/models/stack.py", "self.keep, default=1", "self.keep", STACKS),
    "what describes": Edit("glassbox/models/build.py", "tuple(desc", "list(desc", set(KINDS)),
}


@pytest.fixture(scope="module")
def before() -> dict[str, str]:
    return fingerprints(workflow.ROOT)


def fingerprints(root: Path) -> dict[str, str]:
    return {name: fingerprint.of_program(name, root).fingerprint for name in PROGRAMS}


@pytest.mark.parametrize("name", [*MACHINERY, *LIBRARY])
def test_an_edit_changes_exactly_the_code_of(
    name: str, before: dict[str, str], tmp_path: Path
) -> None:
    edit = {**MACHINERY, **LIBRARY}[name]
    folder = workflow.copy_checkout(tmp_path / "study")
    replace(folder, edit)
    after = fingerprints(folder)
    assert {each for each in PROGRAMS if after[each] != before[each]} == edit.programs


def by_kind(root: Path) -> dict[tuple[str, str], str]:
    """The code of programs that run networks, for networks of each kind."""
    found = {(name, kind): chosen({}, [kind]) for name in RUN for kind in KINDS}
    return {
        key: fingerprint.of_program(key[0], root, each).fingerprint for key, each in found.items()
    }


def test_an_edit_of_a_network_changes_the_code_of_its_kind_alone(tmp_path: Path) -> None:
    folder = workflow.copy_checkout(tmp_path / "study")
    last = by_kind(folder)
    (folder / "scripts/glassbox/models/kinds/new.py").write_text("def architecture(): pass\n")
    assert by_kind(folder) == last
    for name, edit in OF_KINDS.items():
        replace(folder, edit)
        now = by_kind(folder)
        changed = {key for key in last if now[key] != last[key]}
        assert changed == {(each, kind) for each in RUN for kind in edit.programs}, name
        last = now


def test_kinds_of_networks_are_those_of_the_schema_and_name_no_other() -> None:
    """A module of another kind that is imported besides would pass for one that is chosen."""
    assert {get_args(each.model_fields["build"].annotation)[0] for each in models.KINDS} == set(
        KINDS
    )
    folder = workflow.ROOT / "scripts/glassbox/models/kinds"
    modules = {path.stem: path.read_text() for path in folder.glob("*.py")}
    assert set(modules) == {"__init__", *map(module_name, KINDS)}
    assert not [name for name, text in modules.items() if "models.kinds" in text]


def replace(folder: Path, edit: Edit) -> None:
    path = folder / "scripts" / edit.file
    text = path.read_text()
    assert edit.old in text, f"{edit.file} has no {edit.old!r} to edit"
    path.write_text(text.replace(edit.old, edit.new, 1))


def test_no_edit_of_the_machinery_redoes_a_job(study: Path) -> None:
    for edit in MACHINERY.values():
        replace(study, edit)
    assert workflow.would_run(study) == {}
