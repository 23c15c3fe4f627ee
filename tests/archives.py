"""Archives for tests: a look inside, and what an attacker might do to one."""

import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import workflow

from study.archiving import bag
from study.archiving.contents import FURTHER, REQUIRED
from study.archiving.dry_run import Chosen

CHOSEN = Chosen(config=["scale=smoke"])
TOP = "glassbox-0.3.0"


def complete(study: Path) -> Path:
    """Add to a study what a run doesn't need and an archive does."""
    for part in (*REQUIRED, *FURTHER):
        source, copy = workflow.ROOT / part, study / part
        if source.is_dir() and not copy.exists():
            shutil.copytree(source, copy, ignore=shutil.ignore_patterns("__pycache__", ".*"))
        elif source.is_file() and not copy.exists():
            shutil.copy(source, copy)
    return study


def names(archive: Path) -> list[str]:
    """The files of an archive below its top folder."""
    with tarfile.open(archive) as tar:
        return [entry.name.partition("/")[2] for entry in tar]


def read(archive: Path, name: str) -> bytes:
    with tarfile.open(archive) as tar:
        return tar.extractfile(f"{TOP}/{name}").read()


def place(archive: Path, name: str) -> tuple[int, int]:
    """Where the content of a file lies in an archive, and its size."""
    with tarfile.open(archive) as tar:
        entry = tar.getmember(f"{TOP}/{name}")
    return entry.offset_data, entry.size


def repacked(folder: Path, archive: Path) -> Path:
    """A bag whose manifests are made anew, as by someone who covers up what they changed."""
    payload = folder / "data"
    files = {
        path.relative_to(payload).as_posix(): path for path in payload.rglob("*") if path.is_file()
    }
    bag.write_bag(archive, TOP, files, {}, time=0)
    return archive


def isolated(program: Path | str, *arguments: Path | str) -> subprocess.CompletedProcess:
    """Run a program with Python's standard library alone."""
    command = [sys.executable, "-I", "-S", program, *arguments]
    return subprocess.run(command, capture_output=True, text=True)
