"""Checksums of one's own data, as the config has them."""

import subprocess
import sys
from pathlib import Path

import pytest
import workflow
import yaml

from glassbox.datasets.images import check_file
from glassbox.digests import file_sha256
from glassbox.errors import GlassboxError

PROGRAM = [sys.executable, str(workflow.ROOT / "scripts/study/checksums.py")]


def test_they_are_printed_in_the_form_of_the_config(tmp_path: Path) -> None:
    file = tmp_path / "my: file.npz"
    file.write_bytes(b"one")
    said = subprocess.run([*PROGRAM, file], capture_output=True, text=True, check=True).stdout
    assert yaml.safe_load(said) == {"name": file.name, "sha256": file_sha256(file)}


def test_a_file_that_is_not_there_is_named() -> None:
    ended = subprocess.run([*PROGRAM, "none.npz"], capture_output=True, text=True)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == "error: none.npz: No such file or directory\n"


def test_a_sum_that_differs_says_how_to_state_the_new_one(tmp_path: Path) -> None:
    file = tmp_path / "a.npz"
    file.write_bytes(b"two")
    with pytest.raises(GlassboxError, match=f"in the config, sha256: {file_sha256(file)}"):
        check_file(file, "0" * 64)
