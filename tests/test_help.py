"""Programs by hand: --help says what they take, read and write, and what a slice lacks is named."""

import ast
import io
import json
import runpy
import shlex
import subprocess
import sys
from argparse import Namespace
from pathlib import Path

import pandas as pd
import pytest
import workflow

from glassbox.errors import GlassboxError
from study import command
from study.command import Program, Slice, explained, known, refused

SCRIPTS = workflow.ROOT / "scripts"
PATHS = workflow.programs()
NAMES = [path.relative_to(SCRIPTS).with_suffix("").as_posix() for path in PATHS]


@pytest.fixture(scope="module")
def programs() -> dict[str, Program]:
    """The parser of every program."""
    found: list[Program] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(command, "run", lambda main, program: found.append(program))
        for path in PATHS:
            runpy.run_path(str(path), run_name="__main__")
    return dict(zip(NAMES, found, strict=True))


@pytest.mark.parametrize("name", NAMES)
def test_help_says_what_each_option_is_and_which_keys_the_config_has(programs, name, monkeypatch):
    monkeypatch.setattr(sys, "argv", [str(SCRIPTS / f"{name}.py")])
    monkeypatch.setenv("COLUMNS", "100")
    text = programs[name].format_help()
    found = known(name)
    files = {action.dest for action in programs[name]._actions if action.type is Path}
    for action in programs[name]._actions:
        assert action.help, action.dest
        if action.dest in files - {"record", "unfinished"}:
            assert action.help.split(";")[0] in (*found["options"].values(), "a file")
            is_known = action.option_strings[0] in found["options"]
            assert is_known or not action.required, f"what is --{action.dest}?"
    assert "what is read:" in text or not programs[name].roles["inputs"]
    assert "what is written:" in text and programs[name].roles["outputs"]
    for key, meaning in found["keys"].items():
        assert meaning and f"  {key} " in text, key


@pytest.mark.parametrize("name", NAMES)
def test_the_example_has_all_that_a_program_requires(programs, name, monkeypatch):
    example = known(name)["example"]
    words = [each for each in shlex.split(example.removesuffix(" < slice.json")) if each != "..."]
    assert words[:2] == ["python", f"scripts/{name}.py"]
    monkeypatch.setattr(sys, "stdin", io.StringIO("{}"))
    arguments = programs[name].parse_args(words[2:])
    assert set(arguments.config) <= set(known(name)["keys"])


def test_the_keys_are_those_of_a_study(finished_study):
    for path in (finished_study / "results/records").rglob("*.json"):
        record = json.loads(path.read_text(encoding="utf-8"))
        found = known(record["program"])
        lacking = set(found["keys"]) - set(found["sometimes"]) - set(record["config"])
        assert set(record["config"]) <= set(found["keys"]) and not lacking, record["program"]


def test_a_key_that_a_slice_lacks_is_named_at_any_depth():
    parser = Program("A test.")
    config = parser.parse_args(["--config", '{"a": {"b": 1}, "c": [{"d": 2}]}']).config
    assert config["a"]["b"] == 1 and config.get("x") is None and "x" not in config
    for part, has in ((config, "a, c"), (config["a"], "b"), (config["c"][0], "d")):
        with pytest.raises(GlassboxError, match=f"no 'x' where it has {has}; --help"):
            part["x"]
    assert pd.Series(["b", "x"]).map(config["a"]).fillna(0).tolist() == [1, 0]
    with pytest.raises(GlassboxError, match="has nothing"):
        parser.parse_args([]).config["x"]


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"rate": 1}, "--config has no steps, width; --help says what it takes"),
        (
            {"rate": 1, "steps": 2, "width": 3, "with": 4},
            "has the key with, and takes: rate, steps",
        ),
    ],
)
def test_what_a_call_with_a_slice_lacks_or_has_too_many_is_named(config, message):
    def function(*, rate, steps, width):
        raise AssertionError

    with pytest.raises(TypeError) as caught:
        function(**config)
    said = refused(caught.value, config, ["rate", "steps", "width"])
    assert message in str(said)


def test_a_fault_in_the_code_is_not_taken_for_one_of_the_slice():
    def function(needed):
        raise AssertionError

    for call in (lambda: function(), lambda: 1 + "a", lambda: function(1, other=2)):
        with pytest.raises(TypeError) as caught:
            call()
        assert refused(caught.value, {"rate": 1}, ["rate", "steps"]) is None


def ends(monkeypatch, main, *words) -> str:
    """What a program says that ends with an error."""
    path = SCRIPTS / "analyses/filter_search.py"
    monkeypatch.setattr(sys, "argv", [str(path), *map(str, words)])
    with pytest.raises(SystemExit) as ended:
        command.run(main, Program("A test.").inputs("examples").outputs("output"))
    return str(ended.value)


def test_an_error_says_of_which_model_and_set(monkeypatch, tmp_path):
    def fails(arguments: Namespace) -> None:
        raise GlassboxError("observations of a single class")

    path = SCRIPTS / "analyses/filter_search.py"
    words = [str(path), "--method", "mlp-2", "--set", "jumps/test", "--replicates", "0"]
    words += ["--table", str(tmp_path / "out")]
    monkeypatch.setattr(sys, "argv", words)
    with pytest.raises(SystemExit, match="error: mlp-2 on jumps/test: observations of a single"):
        command.run(fails, Program("A test.").identity().outputs("table"))


def test_a_program_ends_in_words(monkeypatch, tmp_path, capsys):
    (there := tmp_path / "there").write_text("")
    files = ["--examples", there, "--output", tmp_path / "out"]

    def asks(arguments: Namespace) -> None:
        arguments.config["taus"]

    def calls(arguments: Namespace) -> None:
        (lambda *, taus: taus)(**arguments.config)

    assert ends(monkeypatch, asks, *files).startswith("error: --config has no 'taus'")
    assert ends(monkeypatch, calls, *files).startswith("error: --config has no taus")
    absent = ["--examples", tmp_path / "absent", "--output", tmp_path / "out"]
    assert ends(monkeypatch, asks, *absent) == f"error: --examples: there is no {absent[1]}"
    for wrong, why in (("{", "this is no JSON: "), ("[1]", "this is no JSON object")):
        assert ends(monkeypatch, asks, *files, "--config", wrong) == "2"
        assert why in capsys.readouterr().err


def test_a_program_that_the_study_does_not_run_has_help_too():
    parser = Program("A test.").inputs("some", optional=("more",))
    explained(parser, known("analyses/none"))
    assert {"a file", "a file; several files, or none"} <= {each.help for each in parser._actions}
    assert isinstance(parser.parse_args(["--some", "x"]).config, Slice)


@pytest.mark.parametrize("name", ["run", "plan", "leftovers"])
def test_a_program_that_takes_snakemakes_options_says_what_it_is_and_sets(name, tmp_path):
    program = SCRIPTS / f"study/{name}.py"
    command = [sys.executable, str(program), "--config", "scale=smoke", "--help"]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.startswith(ast.get_docstring(ast.parse(program.read_text()))[:60])
    for key in ("works", "scale", "seed", "replicates", "together", "device"):
        assert f"\n  {key} " in ended.stdout
    assert not list(tmp_path.iterdir()), "nothing was done"
