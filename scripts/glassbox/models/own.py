"""Networks of a user's own: a class in a file or in an installed package."""

import importlib.util
import inspect
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from torch import nn

from glassbox.errors import GlassboxError


def own_module(build: Mapping[str, Any]) -> nn.Module:
    """A module of the class that `build` names, with its arguments.

    build: `class` and `arguments`, and either `file`, a path, or `module`, a package's module.
    Raises GlassboxError, in words, when one of them is not there or does not fit.
    """
    where = build.get("file") or build["module"]
    named, arguments = build["class"], build.get("arguments") or {}
    loaded = _from_file(Path(build["file"])) if build.get("file") else _from_package(where)
    wanted = getattr(loaded, named, None)
    if not (inspect.isclass(wanted) and issubclass(wanted, nn.Module)):
        raise GlassboxError(f"{where}: {_no_class(loaded, named, wanted)}")
    try:
        inspect.signature(wanted).bind(**arguments)
        return wanted(**arguments)
    except Exception as error:
        raise GlassboxError(
            f"{where}: {named}{inspect.signature(wanted)} can't be made with "
            f"{_as_call(arguments)}: {type(error).__name__}: {error}\n"
            "  what to do: mend the model's `arguments` in the config"
        ) from error


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise GlassboxError(
            f"{path}: no such file\n"
            f"  what to do: put the network's code there; paths are taken from {Path.cwd()}"
        )
    return path


def _from_file(path: Path) -> ModuleType:
    """The module that a file is; as where Python runs it, files beside it can be imported."""
    if (folder := str(_existing(path).resolve().parent)) not in sys.path:
        sys.path.insert(0, folder)
    return _run(importlib.util.spec_from_file_location(f"own {path}", path), path)


def _from_package(name: str) -> ModuleType:
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError):
        spec = None
    if spec is None:
        raise GlassboxError(
            f"{name}: no such module is installed\n"
            "  what to do: install its package where the study runs, or name a file"
        )
    return sys.modules.get(name) or _run(spec, name)


def _run(spec: Any, where: str | Path) -> ModuleType:
    """A module, its code run; under its name among all, where some code looks itself up."""
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise GlassboxError(
            f"{where}: its code does not run: {type(error).__name__}: {error}"
        ) from error
    return module


def _no_class(loaded: ModuleType, named: str, found: object) -> str:
    """What is wrong with a name that is no module's class, and which names are."""
    classes = [
        name
        for name, each in vars(loaded).items()
        if inspect.isclass(each)
        and issubclass(each, nn.Module)
        and each.__module__ == loaded.__name__
    ]
    what = f"no class {named}" if found is None else f"{named} is no torch.nn.Module"
    others = f"name one of {', '.join(classes)}" if classes else "it has none; write one"
    return f"{what}\n  what to do: {others}"


def _as_call(arguments: Mapping[str, Any]) -> str:
    return f"({', '.join(f'{name}={value!r}' for name, value in arguments.items())})"
