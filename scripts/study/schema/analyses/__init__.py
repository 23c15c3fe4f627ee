"""Analyses: which models are looked at in which way, on which sets.

An entry of the config is a kind with settings of its own; without the key `kind` its name is the
kind. Two entries of a kind have other settings, for other models or sets. A class of a module below
is a kind. The entry `all` asks for every kind.
"""

from collections.abc import Iterator
from typing import Annotated, Literal, Union, get_origin

from pydantic import Field

from study.schema.analyses import activations, libraries, weights
from study.schema.analyses.kind import Analysis, OnSets


def _kinds(base: type[Analysis]) -> Iterator[type[Analysis]]:
    """The classes below one that are kinds, in the order in which they are written."""
    for each in base.__subclasses__():
        if get_origin(each.model_fields["kind"].annotation) is Literal:
            yield each
        yield from _kinds(each)


KINDS = tuple(_kinds(Analysis))


class All(OnSets):
    """Every kind of analysis that applies, with its default settings."""

    kind: Literal["all"]


AnyAnalysis = Annotated[Union[(*KINDS, All)], Field(discriminator="kind")]

__all__ = ["KINDS", "All", "Analysis", "AnyAnalysis", "activations", "libraries", "weights"]
