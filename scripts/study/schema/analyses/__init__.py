"""Analyses: which models are looked at in which way, on which sets.

An entry of the config is a kind with settings of its own; without the key `kind` its name is the
kind. Two entries of a kind have other settings, for other models or sets. A class of a module below
is a kind.
"""

from collections.abc import Iterator
from typing import Annotated, Literal, Union, get_origin

from pydantic import Field

from study.schema.analyses import activations, libraries, weights
from study.schema.analyses.kind import Analysis


def _kinds(base: type[Analysis]) -> Iterator[type[Analysis]]:
    """The classes below one that are kinds, in the order in which they are written."""
    for each in base.__subclasses__():
        if get_origin(each.model_fields["kind"].annotation) is Literal:
            yield each
        yield from _kinds(each)


KINDS = tuple(_kinds(Analysis))
AnyAnalysis = Annotated[Union[KINDS], Field(discriminator="kind")]  # noqa: UP007

__all__ = ["KINDS", "Analysis", "AnyAnalysis", "activations", "libraries", "weights"]
