"""A cache of what is expensive to make, shared between checkouts and users.

An entry lies below <cache>/<key>/, where the key is the SHA-256 of the job's whole identity: every
argument, the bytes of every input, the code, the environment and the device. It holds the outputs,
and entry.json with that identity and the outputs' sums. Both are compared before a hit counts, so a
damaged or forged entry is as good as none.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from glassbox.digests import file_sha256, write_json
from glassbox.files import whole

ENTRY = "entry.json"


@dataclass(frozen=True)
class Cache:
    """A folder of entries; it may be written by many at once."""

    folder: Path

    @classmethod
    def of_environment(cls) -> Cache | None:
        """The cache that GLASSBOX_CACHE names, if it is set."""
        folder = os.environ.get("GLASSBOX_CACHE")
        return cls(Path(folder).expanduser()) if folder else None

    def restore(self, identity: dict, outputs: dict[str, Path]) -> str | None:
        """Copy an entry to the outputs, by role, and return its key; None where there is none."""
        key = key_of(identity)
        entry = self.folder / key
        try:
            known = json.loads((entry / ENTRY).read_text())
            if known["identity"] != _plain(identity) or known["files"].keys() != outputs.keys():
                raise ValueError("it is of another job")
            for role, output in outputs.items():
                _copy(entry / role, output, known["files"][role])
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            logging.warning("cache entry %s is not used: %s", entry, error)
            return None
        return key

    def store(self, identity: dict, outputs: dict[str, Path]) -> None:
        """Add an entry; failing to costs the cache's benefit, and nothing else."""
        entry = self.folder / key_of(identity)
        try:
            with whole(entry) as part:
                part.mkdir()
                for role, output in outputs.items():
                    (shutil.copytree if output.is_dir() else shutil.copyfile)(output, part / role)
                files = {role: sums(part / role) for role in outputs}
                write_json(part / ENTRY, {"identity": identity, "files": files})
        except OSError as error:
            logging.warning("not added to the cache %s: %s", self.folder, error)


def key_of(identity: dict) -> str:
    """The name of the entry of a job."""
    return hashlib.sha256(json.dumps(_plain(identity), sort_keys=True).encode()).hexdigest()


def sums(output: Path) -> dict[str, str]:
    """SHA-256 of a file, or of each file of a folder, by its path from there ("." for a file)."""
    files = [output] if output.is_file() else (path for path in output.rglob("*") if path.is_file())
    return {path.relative_to(output).as_posix(): file_sha256(path) for path in sorted(files)}


def _copy(kept: Path, output: Path, wanted: dict[str, str]) -> None:
    """Copy a file or folder whose sums are as wanted, or raise ValueError."""
    with whole(output) as part:
        (shutil.copytree if kept.is_dir() else shutil.copyfile)(kept, part)
        if sums(part) != wanted:
            raise ValueError(f"{kept.name} is not as it was stored")


def _plain(identity: dict) -> dict:
    """As it is once it has been JSON."""
    return json.loads(json.dumps(identity))
