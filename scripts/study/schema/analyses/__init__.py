"""Analyses: which models are looked at in which way, on which sets.

An entry of the config is a kind with settings of its own; without the key `kind` its name is the
kind. Two entries of a kind have other settings, for other models or sets. A class of a module below
is a kind. The entry `all` asks for every kind.
"""

from importlib import import_module
from pkgutil import iter_modules
from typing import Annotated, Literal, Union

from pydantic import Field

from study.schema.analyses.kind import Analysis, OnSets
from study.schema.section import kinds_of

for each in iter_modules(__path__, f"{__name__}."):
    import_module(each.name)

KINDS = tuple(kinds_of(Analysis))


class All(OnSets):
    """Every kind of analysis that applies, with its default settings."""

    kind: Literal["all"]


AnyAnalysis = Annotated[Union[(*KINDS, All)], Field(discriminator="kind")]

__all__ = ["KINDS", "All", "Analysis", "AnyAnalysis"]
