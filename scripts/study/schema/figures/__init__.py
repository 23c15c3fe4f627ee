"""The kinds of figures, each declared by one class, and the tables of the report.

A class of a module below is a kind: its keys, its data, what its slice adds, and its rule.
"""

from typing import Annotated, Union

from pydantic import Field

from study.paths import Study
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
from study.schema.figures.kind import Exhibit, Explored, FigureKind, Refused
from study.schema.figures.tables import Table

KINDS = tuple(FigureKind.__subclasses__())
Figure = Annotated[Union[KINDS], Field(discriminator="kind")]  # noqa: UP007


def explored(study: Study) -> dict[str, Explored]:
    """The pages to explore that figures have, by the name of the figure."""
    pages = {name: each.explored(study) for name, each in study.config.figures.items()}
    return {name: page for name, page in pages.items() if page}


__all__ = ["KINDS", "Exhibit", "Explored", "Figure", "FigureKind", "Refused", "Table", "explored"]
__all__ += ["activations", "classes", "detection", "introspection", "libraries", "models"]
__all__ += ["neurons", "projections"]
