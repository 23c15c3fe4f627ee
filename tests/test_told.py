"""What a command tells its program."""

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from study.command import Program
from study.deciding.told import PLACE, by_option, files_named, told, without_place

COMMAND = "python scripts/models/training.py --config '{\"a\": [1]}' --train 'a b' c --device cpu"


def test_a_program_and_its_arguments() -> None:
    found = told(f"{COMMAND} > logs/a.log 2>&1")
    assert found.program == "models/training"
    assert by_option(found.arguments) == {
        "--config": ['{"a": [1]}'],
        "--train": ["a b", "c"],
        "--device": ["cpu"],
    }
    assert without_place(found.arguments) == ["--config", '{"a": [1]}', "--train", "a b", "c"]


@pytest.mark.parametrize(
    "command",
    [
        f"A=1 {COMMAND}",
        f"export A=1; {COMMAND}",
        "printf %s 'a b' | python scripts/x/y.py --config -",
    ],
)
def test_what_stands_in_front_is_no_argument(command: str) -> None:
    assert told(command).arguments[0] == "--config"
    assert told(command).arguments[1] in ('{"a": [1]}', "a b")


def test_a_command_of_no_program_tells_nothing() -> None:
    assert told("touch results/a > logs/b") is None


@given(st.lists(st.text(max_size=8), min_size=1))
def test_words_are_what_a_shell_makes_of_them(words: list[str]) -> None:
    arguments = [f"-{word}" for word in words if "\0" not in word]
    command = shlex.join(["python", "scripts/a/b.py", *arguments])
    if " > " not in command:
        assert told(command).arguments == arguments


def test_an_option_that_is_there_twice_counts_with_its_first_value() -> None:
    found = by_option(["--table", "errors", "a", "--table", "filters", "b", "c"])
    assert found == {"--table": ["errors", "a"], "--table filters": ["filters", "b", "c"]}


def test_files_of_the_project_are_named_and_results_are_not(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("extra.csv", "results.csv"):
        (tmp_path / name).touch()
    assert files_named(["--x", "extra.csv", "results/a.csv", "none.csv"]) == ["extra.csv"]


def test_what_a_program_takes_about_its_run_decides_nothing():
    program = Program("Says nothing.").device(lambda name: name).resumed()
    options = {each.option_strings[0] for each in program.about_the_run._group_actions}
    assert options == set(PLACE)
