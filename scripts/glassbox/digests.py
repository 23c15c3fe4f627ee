"""Digests of large artefacts: of their bytes, and of their content whatever the encoding."""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from glassbox.files import whole


def file_sha256(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def content_sha256(arrays: Iterable[tuple[str, np.ndarray]]) -> str:
    """SHA-256 over names, dtypes, shapes and values, in the order given."""
    digest = hashlib.sha256()
    for name, array in arrays:
        digest.update(f"{name}\0{array.dtype.str}\0{array.shape}\0".encode())
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()


def write_digest(path: Path, file: Path, arrays: Iterable[tuple[str, np.ndarray]]) -> None:
    """Write the digest of `file`, which holds `arrays`, as JSON to `path`."""
    write_json(path, {file.name: describe(file, arrays)})


def describe(file: Path, arrays: Iterable[tuple[str, np.ndarray]]) -> dict:
    """The digest of one file: its size in bytes, and both its sums."""
    return {
        "bytes": file.stat().st_size,
        "sha256": file_sha256(file),
        "content_sha256": content_sha256(arrays),
    }


def write_json(path: Path, content: dict) -> None:
    """Write `content` with sorted keys, whole or not at all."""
    with whole(path) as part:
        part.write_text(json.dumps(content, indent=1, sort_keys=True) + "\n")
