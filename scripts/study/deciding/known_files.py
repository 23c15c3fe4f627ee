"""SHA-256 of files, which are read again only where their state is not the one they were read in.

The state is what git's index looks at: size, times of modification and of change to the nanosecond,
and inode. A restored time stamp leaves the time of change, so an altered file is found whatever was
done to its time stamp. A copy has states of its own and is read once.
"""

from __future__ import annotations

import json
import time
from contextlib import suppress
from functools import cached_property
from pathlib import Path

from glassbox.digests import file_sha256, write_json

UNREADABLE = "can't be read"
FILE = Path(".snakemake/glassbox-files.json")
SETTLED = 2_000_000_000  # nanoseconds; a later change would show in the time of change

State = list[int]


class KnownFiles:
    """The digests of files as they are now, and the files that were read to tell them."""

    def __init__(self, file: Path = FILE) -> None:
        self.file = file
        self.read: dict[str, int] = {}
        self.is_new = False

    @cached_property
    def known(self) -> dict[str, tuple[State, str]]:
        """What the file keeps of earlier states; failing to tell costs reading."""
        with suppress(OSError, ValueError, TypeError, AttributeError):
            kept = json.loads(self.file.read_text(encoding="utf-8"))
            return {path: (state, digest) for path, (state, digest) in kept.items()}
        return {}

    def digest(self, path: str | Path) -> str | None:
        """SHA-256 of a file; None where there is none, and no SHA-256 of one that can't be read."""
        name = str(path)
        try:
            state = _state(Path(path))
            state_then, digest = self.known.get(name, (None, ""))
            return digest if state == state_then else self._read(name, state)
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            self.is_new |= self.known.pop(name, None) is not None
            return None
        except OSError:
            return UNREADABLE

    def _read(self, name: str, state: State) -> str:
        begun = time.time_ns()
        digest = file_sha256(Path(name))
        self.read[name] = state[0]
        self.known.pop(name, None)
        is_settled = max(state[1:3]) < begun - SETTLED and _state(Path(name)) == state
        if is_settled:
            self.known[name] = state, digest
        self.is_new = True
        return digest

    def keep(self) -> None:
        """Write what is known, if some of it is new; failing to costs the next plan's reading."""
        if self.is_new:
            with suppress(OSError):
                write_json(self.file, self.known)


def _state(path: Path) -> State:
    found = path.stat()
    return [found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino]
