"""What an earlier run found of the code of commands counts while no file of the code differs."""

import os
from pathlib import Path

import pytest

from study.deciding import known_code
from study.deciding.fingerprint import of_command
from study.deciding.known_code import KnownCode

COMMAND = "python scripts/a.py --output {output:q}"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts/a.py").write_text("from b import f\nf()\n")
    (tmp_path / "scripts/b.py").write_text("def f():\n    return 1\n")
    return tmp_path


def known(root: Path, command: str = COMMAND) -> tuple[KnownCode, str]:
    """What is known of a command now; it is kept."""
    found = KnownCode(root, root / "kept.json")
    fingerprint = found.of(command).fingerprint
    assert fingerprint == of_command(command, root, root / "scripts").fingerprint
    found.keep()
    return found, fingerprint


def test_what_is_known_is_not_found_again(root: Path, monkeypatch) -> None:
    first, before = known(root)
    assert first.is_new
    monkeypatch.setattr(known_code, "of_command", None)
    again = KnownCode(root, root / "kept.json")
    assert again.of(COMMAND).fingerprint == before and not again.is_new
    assert again.of(COMMAND).definitions == first.of(COMMAND).definitions


@pytest.mark.parametrize("change", ["an edit", "a new file", "a file that is gone", "a name"])
def test_a_change_of_the_code_is_seen(root: Path, change: str) -> None:
    _, before = known(root)
    path = root / "scripts/b.py"
    time = path.stat().st_mtime
    if change == "an edit":
        path.write_text("def f():\n    return 2\n")
    elif change == "a new file":
        (root / "scripts/c.py").write_text("")
    elif change == "a file that is gone":
        path.unlink()
    else:
        path.rename(root / "scripts/d.py")
    if path.exists():
        os.utime(path, (time, time))
    found, after = known(root)
    assert found.is_new and (after != before) == (change != "a new file")


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"state": 1, "codes": {"a": 1}}'])
def test_a_file_that_keeps_nothing_of_use_is_passed_over(root: Path, content: str) -> None:
    _, before = known(root)
    (root / "kept.json").write_text(content)
    assert known(root)[1] == before


def test_a_command_with_a_file_from_elsewhere_is_found_anew(root: Path) -> None:
    (root / "other").mkdir()
    (root / "other/table.txt").write_text("1")
    command = f"{COMMAND} --table other/table.txt"
    _, before = known(root, command)
    (root / "other/table.txt").write_text("2")
    assert known(root, command)[1] != before


def test_a_folder_that_cannot_be_written_costs_nothing(root: Path) -> None:
    found = KnownCode(root, Path("/proc/none/kept.json"))
    assert found.of(COMMAND)
    found.keep()
    assert not Path("/proc/none").exists()
