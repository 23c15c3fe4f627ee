"""What the config says of a model of one's own, and how it is refused."""

import json
import subprocess
import sys

import pytest

from glassbox.errors import GlassboxError
from study import schema, slices
from study.archiving import contents
from study.deciding import reasons
from study.deciding.jobs import Job
from study.schema.works import laid_over

CODE = '''
"""Two networks, and what makes a third."""
from torch import nn

WIDTH = 8
UNUSED = 1


class Narrow(nn.Module):
    """A layer."""

    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(64, WIDTH)  # logits


class Wide(nn.Module):
    pass


def broad():
    return Wide()
'''


@pytest.fixture
def mine(tmp_path, monkeypatch):
    """A config with such a model, in the study's folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my_nets.py").write_text(CODE)
    own = {"build": "own", "file": "my_nets.py", "class": "Narrow", "dataset": "digits"}
    return {"datasets": {"digits": {"kind": "digits"}}, "models": {"mine": own}}


def refusal(config, **changes):
    config = laid_over(config, {"models": {"mine": changes}})
    with pytest.raises(schema.ConfigError) as refused:
        schema.load(config)
    return str(refused.value)


def code_of(config):
    return json.loads(slices.model(schema.load(config), "mine", [0])).get("code")


def test_it_is_taken_with_its_recipe_and_checkpoints(mine):
    recipe = {"momentum": 0.9, "stop": "validation-loss", "patience": 3}
    mine = laid_over(mine, {"models": {"mine": {"recipe": recipe, "checkpoints": [0, 2]}}})
    slice_ = json.loads(slices.model(schema.load(mine), "mine", [0, 1]))
    assert slice_["build"]["file"] == "my_nets.py"
    assert slice_["build"]["class"] == "Narrow"
    assert slice_["checkpoints"] == [0, 2]
    assert slice_["recipe"]["momentum"] == 0.9


def test_its_weights_need_no_known_accuracy(mine):
    weights = {"file": {"name": "net.pt", "sha256": "0" * 64}}
    mine = laid_over(mine, {"models": {"mine": {"weights": weights}}})
    assert json.loads(slices.model(schema.load(mine), "mine", [0]))["weights"]["accuracy"] is None


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"file": "absent.py"}, "models.mine.file: found 'absent.py'; no such file in "),
        (
            {"class": "Narow"},
            "models.mine.class: found 'Narow', which is no class of my_nets.py; did you mean "
            "'Narrow'? its classes: Narrow, Wide",
        ),
        ({"class": "broad"}, "found 'broad', which is a function of my_nets.py"),
        ({"class": None}, "models.mine.class: required, but missing"),
        ({"clas": "Wide"}, "models.mine.clas: unknown key; did you mean 'class'?"),
        ({"module": "torch.nn"}, "models.mine.file: both are given; name a file, or a module"),
        ({"file": None}, "models.mine.file: neither is given"),
        ({"file": None, "module": "no_such.nets"}, "models.mine.module: found 'no_such.nets'; no"),
        (
            {"places": {"last": "fc"}, "after": ["first"]},
            "models.mine.after: found 'first'; layers that places name: last",
        ),
        ({"mean": [0.5]}, "models.mine.deviation: found 0, and 1 of mean"),
    ],
)
def test_what_can_be_seen_without_running_it_is_refused(mine, changes, said):
    assert said in refusal(mine, **changes)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("class Narrow(:", "models.mine.file: my_nets.py:1: invalid syntax"),
        (
            "import importlib\nhelp = importlib.import_module(NAME)\nclass Narrow: x = help",
            "models.mine.file: my_nets.py:2: can't tell which code this import reaches",
        ),
    ],
)
def test_code_that_can_not_be_read_is_refused(mine, tmp_path, code, said):
    (tmp_path / "my_nets.py").write_text(code)
    assert said in refusal(mine)


def test_a_class_from_elsewhere_is_left_to_the_job(mine, tmp_path):
    (tmp_path / "my_nets.py").write_text("from layers import Narrow")
    (tmp_path / "layers.py").write_text("class Narrow:\n    pass")
    assert "layers.Narrow" in code_of(mine)
    (tmp_path / "my_nets.py").write_text("from layers import *")
    assert "layers.Narrow" in code_of(mine)


def test_the_slice_holds_what_the_class_reaches(mine, tmp_path):
    file, before = tmp_path / "my_nets.py", code_of(mine)
    assert {"my_nets.Narrow", "my_nets.WIDTH"} <= set(before)
    assert "my_nets.UNUSED" not in before
    file.write_text(CODE.replace('"""A layer."""', '"""Another word."""').replace("# logits", ""))
    assert code_of(mine) == before
    file.write_text(CODE.replace("UNUSED = 1", "UNUSED = 2"))
    assert code_of(mine) == before
    file.write_text(CODE.replace("WIDTH = 8", "WIDTH = 9"))
    changed = {name for name, digest in code_of(mine).items() if before[name] != digest}
    assert changed == {"my_nets.WIDTH"}


def test_the_version_of_a_package_counts(mine):
    package = {"file": None, "module": "torch.nn", "class": "Linear"}
    mine = laid_over(mine, {"models": {"mine": package}})
    assert set(code_of(mine)) == {"torch"}


def test_the_plan_names_the_definition(mine, tmp_path):
    config = json.loads(slices.model(schema.load(mine), "mine", [0]))
    (tmp_path / "my_nets.py").write_text(CODE.replace("WIDTH = 8", "WIDTH = 9"))
    now = slices.model(schema.load(mine), "mine", [0])
    job = Job(
        "training", {"model": "mine"}, (), (), f"python scripts/models/training.py --config '{now}'"
    )
    assert list(reasons.of_config(job, {"config": config}, ())) == ["code: my_nets.WIDTH changed"]


def test_planning_imports_neither_torch_nor_the_code(mine, tmp_path):
    (tmp_path / "my_nets.py").write_text(CODE + "\nraise SystemExit('run')\n")
    said = (
        f"import sys, json; from study import schema; schema.load(json.loads('{json.dumps(mine)}'))"
        "; assert not {'torch', 'pandas', 'numpy', 'my_nets'} & set(sys.modules)"
    )
    ended = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True)
    assert (ended.returncode, ended.stderr) == (0, "")


def test_the_archive_takes_the_code_along(tmp_path):
    study = tmp_path / "study"
    (study / "code").mkdir(parents=True)
    (study / "code/nets.py").write_text("from parts import Part\n\nclass Net(Part):\n    pass\n")
    (study / "code/parts.py").write_text("class Part:\n    pass\n")
    (study / "code/others.py").write_text("")
    (tmp_path / "far.py").write_text("class Net:\n    pass\n")

    def record(file):
        return {"config": {"build": {"kind": "own", "file": file, "class": "Net"}}}

    records = {"a": record("code/nets.py"), "b": {"config": {"build": {"kind": "mlp"}}}}
    found = contents.own_code(study, records)
    assert {name: path.read_text() for name, path in found.items()} == {
        f"code/{name}": (study / "code" / name).read_text() for name in ("nets.py", "parts.py")
    }
    with pytest.raises(GlassboxError, match=r"far\.py: not in the checkout"):
        contents.own_code(study, {"c": record(str(tmp_path / "far.py"))})
