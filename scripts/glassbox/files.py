"""Whole or nothing: outputs appear under their name only once they are complete."""

import glob
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Yield a temporary path beside `path`; on success it becomes `path` in one rename.

    What is renamed is on the disk by then: a machine that fails leaves no empty file either.
    Works for a file or a folder. After an error neither the temporary nor a partial `path` is left;
    what a killed process left under a temporary name is removed by the next writer.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    for stale in path.parent.glob(f".{glob.escape(path.name)}.*.part"):
        if stale.name.removeprefix(f".{path.name}.").removesuffix(".part").isdigit():
            _remove(stale)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield part
        _flush(part)
        if path.is_dir():
            _remove(path)
        os.replace(part, path)
        _sync(path.parent)
    except BaseException:
        _remove(part)
        raise


def _flush(path: Path) -> None:
    for each in [*path.rglob("*"), path] if path.is_dir() else [path]:
        _sync(each)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
