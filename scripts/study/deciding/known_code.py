"""The code of commands, known from an earlier run as long as no file below scripts/ differs."""

import hashlib
import json
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from glassbox.digests import file_sha256, write_json
from study.deciding.fingerprint import Code, digest_of_file, of_command, without_command
from study.deciding.told import told

FILE = Path(".snakemake/glassbox-code.json")


class KnownCode:
    """What `of_command` gives for commands, which takes a second for all of the workflow."""

    def __init__(self, root: Path, file: Path = FILE) -> None:
        """Take what a file keeps, if it was kept for the same content of scripts/."""
        self.root, self.file = root, file
        self.state = _state(root / "scripts")
        self.codes = self._kept()
        self.is_new = False

    def of(self, command: str, chosen: Sequence[str] = ()) -> Code:
        """The code of a command; chosen: as `of_command` takes it."""
        known = " ".join([command, *chosen])
        if known not in self.codes:
            self.codes[known] = of_command(command, self.root, self.root / "scripts", chosen)
            self.is_new = True
        return self.codes[known]

    def of_rule(self, command: str) -> Code:
        """The code of a rule's command; that of its program alone is known with it."""
        if program := told(command):
            self.of_program(program.program)
        return self.of(command)

    def of_program(self, name: str, chosen: Sequence[str] = ()) -> Code:
        """The code that scripts/<stage>/<program>.py reaches; name: both."""
        code = self.of(f"python scripts/{name}.py", chosen)
        return replace(code, definitions=without_command(code))

    @staticmethod
    def of_files(paths: Iterable[str]) -> dict[str, str]:
        """The digests of what files say, by path."""
        return {path: digest_of_file(Path(path)) for path in paths}

    def keep(self) -> None:
        """Write what is known, if some of it is new; failing to costs the next run's second."""
        if not self.is_new:
            return
        inside = {command: vars(code) for command, code in self.codes.items() if _is_inside(code)}
        with suppress(OSError):
            write_json(self.file, {"state": self.state, "codes": inside})

    def _kept(self) -> dict[str, Code]:
        try:
            kept = json.loads(self.file.read_text(encoding="utf-8"))
            codes = {command: Code(**code) for command, code in kept["codes"].items()}
            return codes if kept["state"] == self.state else {}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return {}


def _is_inside(code: Code) -> bool:
    """Whether all files that a command names lie below scripts/, whose state is compared."""
    named = (name for name in code.definitions if "/" in name)
    return all(name.startswith("scripts/") for name in named)


def _state(scripts: Path) -> str:
    """A digest of the content of all files below a folder, and of the Python that reads them."""
    files = (path for path in scripts.rglob("*") if path.is_file() and path.suffix != ".pyc")
    sums = {path.relative_to(scripts).as_posix(): file_sha256(path) for path in sorted(files)}
    return hashlib.sha256(json.dumps([sys.version, sums]).encode()).hexdigest()
