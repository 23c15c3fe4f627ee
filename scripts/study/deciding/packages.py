"""Which installed packages, in which versions, stand behind the modules that code imports."""

from __future__ import annotations

import re
from functools import cache
from importlib import metadata

from packaging.requirements import Requirement

# What computes for others; of all else only what the code itself imports decides its results.
ARITHMETIC = {"numpy", "pillow", "scikit-learn", "scipy", "torch"}


@cache
def versions(modules: tuple[str, ...]) -> dict[str, str]:
    """The versions of the packages of modules, and of what computes among what these require."""
    imported = {normal(name) for module in modules for name in _packages().get(module, [])}
    found: dict[str, str] = {}
    pending = list(imported)
    while pending:
        name = pending.pop()
        if name not in found and (package := _installed().get(name)):
            found[name] = package.version
            pending += map(normal, _required(name))
    return {name: each for name, each in found.items() if name in imported | ARITHMETIC}


@cache
def normal(name: str) -> str:
    """A package's name in the one form in which two spellings of it are equal (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


@cache
def _packages() -> dict[str, list[str]]:
    found = metadata.packages_distributions()
    return {module: list(filter(None, names)) for module, names in found.items()}


@cache
def _installed() -> dict[str, metadata.Distribution]:
    found = {}
    for each in metadata.distributions():  # the first on the path is the one that is imported
        if name := each.metadata["Name"]:  # a folder that was left behind has none
            found.setdefault(normal(name), each)
    return found


@cache
def _required(name: str) -> list[str]:
    needs = map(Requirement, _installed()[name].requires or [])
    return [each.name for each in needs if not each.marker or each.marker.evaluate({"extra": ""})]
