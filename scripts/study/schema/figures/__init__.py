"""The kinds of figures, each declared by one class, and the tables of the report.

A class of a module below is a kind: its keys, its data, what its slice adds, and its rule.
"""

from typing import Annotated, Union

from pydantic import Field

from study.schema.figures import (
    activations,
    classes,
    detection,
    introspection,
    libraries,
    models,
    neurons,
    projections,
)
from study.schema.figures.kind import Exhibit, FigureKind, Refused
from study.schema.figures.tables import Table

KINDS = tuple(FigureKind.__subclasses__())
Figure = Annotated[Union[KINDS], Field(discriminator="kind")]  # noqa: UP007

__all__ = ["KINDS", "Exhibit", "Figure", "FigureKind", "Refused", "Table"]
__all__ += ["activations", "classes", "detection", "introspection", "libraries", "models"]
__all__ += ["neurons", "projections"]
