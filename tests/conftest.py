"""Fixtures that tests of the workflow share."""

import fcntl
import os
import shutil
from pathlib import Path

import archives
import hypothesis
import pytest
import workflow

from study.archive import pack

# Programs that tests start by hand find the library so.
os.environ["PYTHONPATH"] = str(workflow.ROOT / "scripts")
# Under `make test`, a make of a test's own would print as one that make has started.
for name in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS"):
    os.environ.pop(name, None)
# A busy machine is no fault of what is tested.
hypothesis.settings.register_profile("busy", deadline=None)
hypothesis.settings.load_profile("busy")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Slurm's tests first, which mostly wait, so that another worker runs the rest meanwhile."""
    items.sort(key=lambda item: item.path.stem != "test_slurm")


@pytest.fixture(scope="session")
def finished_study(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A finished smoke study in a folder with a space in its path; not to be changed.

    The first worker that wants it makes it, for all.
    """
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "a study" / "with spaces"
    folder.parent.mkdir(exist_ok=True)
    with open(folder.with_name("lock"), "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "results/report/report.html").exists():
            workflow.snakemake(workflow.copy_checkout(folder), "--cores", "2")
    return folder


@pytest.fixture
def study(finished_study: Path, tmp_path: Path) -> Path:
    """A copy of the finished study with its time stamps and Snakemake's records."""
    folder = tmp_path / "study"
    shutil.copytree(finished_study, folder, symlinks=True)
    return folder


@pytest.fixture(scope="session")
def packed_study(finished_study: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished study with all that an archive needs; not to be changed."""
    folder = tmp_path_factory.mktemp("to pack") / "study"
    return archives.complete(Path(shutil.copytree(finished_study, folder, symlinks=True)))


@pytest.fixture(scope="session")
def packed(packed_study: Path) -> Path:
    """Its archive; not to be changed."""
    archive = packed_study.with_name("study.tar")
    pack(packed_study, archive, archives.CHOSEN)
    return archive
