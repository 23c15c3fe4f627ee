"""Experiments without networks.

A kind is a class in a module here: its keys, the tables that it makes, its slice, and what does not
suit it. A rule is made for it, which runs the program of its name in scripts/analyses.
"""

from importlib import import_module
from pkgutil import iter_modules
from typing import Annotated, Union

from pydantic import Field

from study.schema.experiments.section import ExperimentSection
from study.schema.section import kinds_of

for each in iter_modules(__path__, f"{__name__}."):
    import_module(each.name)

KINDS = tuple(kinds_of(ExperimentSection))
Experiment = Annotated[Union[KINDS], Field(discriminator="kind")]  # noqa: UP007
__all__ = ["KINDS", "Experiment"]
