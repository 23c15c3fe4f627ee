"""Colours of classes, which figures of maps and of units share."""

from typing import Annotated

from pydantic import Field

from study.paths import Study
from study.schema.figures.kind import Refused
from study.schema.section import Colour

# Any two differ by 0.14 or more in OKLab, for normal, protan, deutan and tritan eyes.
COLOURS = [
    "#3f17ff",
    "#f18500",
    "#22be9b",
    "#790000",
    "#a3e2ff",
    "#c23490",
    "#f0da33",
    "#560088",
    "#7c6500",
    "#b47fff",
]
ClassColours = Annotated[
    list[Colour], Field(min_length=2, description="of the classes, from class 0 on")
]


def has_colours(study: Study, wanted: str) -> bool:
    """Whether there are colours for all classes of a set."""
    return study.config.origin(wanted.split("/")[0]).classes <= len(COLOURS)


def colour_all(study: Study, wanted: str, colours: list[str]) -> None:
    """Refuse colours that are fewer than the classes of a set."""
    classes = study.config.origin(wanted.split("/")[0]).classes
    if classes > len(colours):
        raise Refused("colours", f"found {len(colours)}; {wanted} has {classes} classes")
