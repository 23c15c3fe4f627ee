"""Fixtures that tests of the workflow share."""

import shutil
from pathlib import Path

import pytest
import workflow


@pytest.fixture(scope="session")
def finished_study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished smoke study in a folder with a space in its path; not to be changed."""
    folder = workflow.copy_checkout(tmp_path_factory.mktemp("a study") / "with spaces")
    workflow.snakemake(folder, "--cores", "2")
    return folder


@pytest.fixture
def study(finished_study: Path, tmp_path: Path) -> Path:
    """A copy of the finished study with its time stamps and Snakemake's records."""
    folder = tmp_path / "study"
    shutil.copytree(finished_study, folder, symlinks=True)
    return folder
