"""The kinds of figures, each declared by one class, and the tables of the report.

A class of a module below is a kind: its keys, its data, what its slice adds, and its rule.
"""

from importlib import import_module
from pkgutil import iter_modules
from typing import Annotated, Union

from pydantic import Field

from study.paths import Study
from study.schema.figures.kind import Exhibit, Explored, FigureKind, Refused
from study.schema.figures.tables import Table
from study.schema.section import kinds_of

for each in iter_modules(__path__, f"{__name__}."):
    import_module(each.name)

KINDS = tuple(kinds_of(FigureKind))
Figure = Annotated[Union[KINDS], Field(discriminator="kind")]  # noqa: UP007


def explored(study: Study) -> dict[str, Explored]:
    """The pages to explore that figures have, by the name of the figure."""
    pages = {name: each.explored(study) for name, each in study.config.figures.items()}
    return {name: page for name, page in pages.items() if page}


__all__ = ["KINDS", "Exhibit", "Explored", "Figure", "FigureKind", "Refused", "Table", "explored"]
