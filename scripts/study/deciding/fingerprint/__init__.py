"""A fingerprint of the code that a shell command runs, found out and not declared.

Snakemake sees neither the imports of a script nor what it uses of them. Here a command is searched
for the files that it names, and its scripts are followed, one definition after another, through the
packages of the study. What can be reached counts: functions, classes and variables that reached
code names, and what an import runs besides (side effects at the top of a module, definitions that a
decorator of the study may register). Comments, docstrings, formatting, the order of definitions and
code that no script of the command can reach don't count. Nor does what can't shape a job's bytes:
the machinery around every job (see MACHINERY), what is logged, and the words of a GlassboxError.

Code that chooses a module of a package, as import_module(f"package.{name}") does, reaches all of
the package's modules, or those that its job is told by their names (see `chosen` in
study.deciding.told).

In doubt more counts than need be: a module used in a way that can't be followed counts whole, and
where names are bound anew, what uses them counts in its order. What hides which code it reaches is
refused where it stands, with the way out (see HIDING). Neither is possible for a file that code
opens by a name of its own and no command names, for code that it runs from such a file, for a
method that only the name in a string tells, as in operator.methodcaller("name"), and for a class
that a base class of another library keeps where code finds it.
"""

import ast
import difflib
import json
import os
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from study.deciding.fingerprint.digests import digest, digest_of_file
from study.deciding.fingerprint.hiding import Untraceable
from study.deciding.fingerprint.modules import Module
from study.deciding.fingerprint.uses import FUNCTION
from study.deciding.fingerprint.walk import Walk
from study.deciding.told import ABOUT_THE_RUN

SHELLS = re.compile(r"(?:^|[;&|(]\s*)(cd|pushd|bash|sh|zsh|source|\.|eval|exec|xargs)\s")
REPORTING = re.compile(rf" --(?:{'|'.join(ABOUT_THE_RUN)}) \S+| > \{{log:q\}} 2>&1")
SEPARATORS = re.compile(r"[\s'\"=;<>|&()]+")
QUOTED = re.compile(r"'([^']+)'|\"([^\"]+)\"")
RUN_BY_NAME = re.compile(r" -m ?([\w.]+)")

__all__ = ["Code", "Untraceable", "digest_of_file", "files_of_definition", "no_class", "of_command"]
__all__ += ["of_definition", "of_program", "without_command"]


@dataclass(frozen=True)
class Code:
    """The code that a command runs: its fingerprint, and the hash of each part that counts.

    packages: the modules from elsewhere, Python's own apart, that this code imports.
    """

    fingerprint: str
    definitions: dict[str, str]
    packages: list[str] = field(default_factory=list)


def of_command(command: str, root: Path, packages: Path, chosen: Collection[str] = ()) -> Code:
    """The code of a command: its text, its scripts with all they reach, other files it names.

    chosen: which modules it chooses from packages by their names; of a package of which none is
    told, all count. Raises Untraceable for code, or a command, that hides what it runs.
    """
    text = " ".join(command.replace("\\\n", " ").split())
    if hides := SHELLS.search(text):
        instead = "name the program and its files in the command itself, from the study's folder"
        raise Untraceable(f"the command {text!r}", hides.start(1), f"'{hides[1]}'", instead)
    walk = Walk(Path(os.path.abspath(root)), Path(os.path.abspath(packages)), chosen)
    walk.definitions["command"] = digest(REPORTING.sub("", text))
    for path in _named_files(text, walk.root, walk.packages):
        if path.suffix == ".py":
            walk.program(path)
        else:
            walk.definitions[path.relative_to(walk.root).as_posix()] = digest_of_file(path)
    definitions = dict(sorted(walk.definitions.items()))
    return Code(digest(json.dumps(definitions)), definitions, sorted(walk.packages_used))


def of_program(name: str, root: Path, chosen: Collection[str] = ()) -> Code:
    """The code that scripts/<stage>/<program>.py reaches, whatever the command; name: both."""
    code = of_command(f"python scripts/{name}.py", root, root / "scripts", chosen)
    return replace(code, definitions=without_command(code))


def without_command(code: Code) -> dict[str, str]:
    """The definitions of a code but the text of its command."""
    return {key: digest for key, digest in code.definitions.items() if key != "command"}


def of_definition(file: Path, name: str) -> dict[str, str]:
    """The digests of the definitions that a name in a file reaches there and in files beside it."""
    return _walked(file, name).definitions


def files_of_definition(file: Path, name: str) -> list[Path]:
    """That file, and those beside it that hold such definitions."""
    modules = filter(None, _walked(file, name).modules.values())
    return [path for each in modules if (path := file.parent / each.file).is_file()]


def _walked(file: Path, name: str) -> Walk:
    folder = Path(os.path.abspath(file)).parent
    walk = Walk(folder, folder)
    module = walk.modules[file.stem] = walk.read(folder / file.name, file.stem)
    walk.load(file.stem)
    walk.attribute(module, (name,))
    walk.finish()
    walk.definitions = dict(sorted(walk.definitions.items()))
    return walk


def no_class(file: Path, name: str) -> str | None:
    """Why a name in a file can't be a class's, in words; None where it may be one's."""
    module = Module(file.stem, str(file), file.read_bytes(), "", is_program=False)
    bound = [part.node for part in module.bindings.get(name, [])]
    if any(not isinstance(node, FUNCTION) for node in bound) or (module.stars and not bound):
        return None
    classes = [part.node.name for part in module.statements if isinstance(part.node, ast.ClassDef)]
    near = difflib.get_close_matches(name, classes, 1, 0.5)
    hint = f"did you mean '{near[0]}'? " if near else ""
    what = "which is a function of" if bound else "which is no class of"
    return f"found '{name}', {what} {file}; {hint}its classes: {', '.join(classes) or 'none'}"


def _named_files(command: str, root: Path, packages: Path) -> Iterator[Path]:
    quoted = [single or double for single, double in QUOTED.findall(command)]
    words = [root / word for word in [*SEPARATORS.split(command), *quoted]]
    modules = [packages / name.replace(".", "/") for name in RUN_BY_NAME.findall(command)]
    for module in modules:
        words += [module / "__main__.py", Path(f"{module}.py")]
    for path in dict.fromkeys(Path(os.path.abspath(word)) for word in words):
        if os.path.isfile(path) and path.is_relative_to(root):
            yield path
