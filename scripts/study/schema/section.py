"""What every part of the config is made of."""

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Annotated, ClassVar, Literal, TypeVar, get_args, get_origin

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9.-]*$")]
AnalysisName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$")]
LayerName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$")]
Split = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]*$")]
Colour = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
SetName = Annotated[str, Field(pattern=r"^[^/]+/[^/]+$")]
Positive = Annotated[int, Field(ge=1)]
Count = Annotated[int, Field(ge=1, le=1000)]  # of replicates: each is a line of many tables


def at_epoch(name: str) -> tuple[str, int | None]:
    """The model that a name is of, and the epoch that it was kept at: "mlp@10"; None: the end."""
    model, _, epoch = name.partition("@")
    return model, int(epoch) if epoch.isdecimal() else None


T = TypeVar("T")


def _distinct(values: list[T]) -> list[T]:
    """The values, none of which is there twice."""
    for place, value in enumerate(values):
        if value in values[:place]:
            raise PydanticCustomError("twice", "{value} is there twice", {"value": str(value)})
    return values


Distinct = Annotated[
    list[T], AfterValidator(_distinct), Field(json_schema_extra={"uniqueItems": True})
]

# Values whose order says nothing: another order is the same setting.
Ascending = Annotated[Distinct[T], AfterValidator(sorted)]


USUAL = ("viridis", "turbo", "RdBu_r")  # colour maps that need no look at matplotlib, which is slow


def _colour_map(name: str) -> str:
    """The name of a colour map that matplotlib has."""
    if name not in USUAL:
        from matplotlib import colormaps

        if name not in colormaps:
            close = ", ".join(get_close_matches(name, colormaps)) or "viridis"
            raise PydanticCustomError("colour_map", "matplotlib has {close}", {"close": close})
    return name


ColourMap = Annotated[
    str, AfterValidator(_colour_map), Field(description="matplotlib's name of a colour map")
]


class Section(BaseModel):
    """A part of the config: unknown keys and silent conversions are refused."""

    # What a kind was called before, where sections are told apart by their kind.
    former: ClassVar[str | None] = None

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class File(Section):
    """One original file."""

    name: str = Field(pattern=r"^[^/\\]+$", description="file name inside the set's folder")
    sha256: Sha256


def kind_of(section: type[Section], key: str = "kind") -> str:
    """The kind that a section is of, as the config has it."""
    return get_args(section.model_fields[key].annotation)[0]


def kinds_of(base: type[Section], key: str = "kind") -> Iterator[type[Section]]:
    """The sections below one that a key tells apart, in the order in which they are written."""
    for each in base.__subclasses__():
        if get_origin(each.model_fields[key].annotation) is Literal:
            yield each
        yield from kinds_of(each, key)
