"""Other sets, changed split by split: their labels, their inputs, or how many there are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import Field

from study.schema.datasets.section import (
    AllSplitsSection,
    ChangedSection,
    OriginalSection,
    OtherImagesSection,
    no_images,
    stream,
)
from study.schema.section import Positive

if TYPE_CHECKING:
    from study.schema.config import Config


class ShuffledLabels(ChangedSection):
    """Another set with its labels permuted (chen2017 §6.2.1)."""

    memory: ClassVar[int] = 1000
    kind: Literal["shuffled-labels"]
    of: str = Field(description="the data set whose labels are permuted")


class MovedPatches(OtherImagesSection):
    """Another set of images, each with its patches in another order (lee2019 §4.1)."""

    kind: Literal["moved-patches"]
    of: str = Field(description="the data set whose images are cut into patches")
    patch: Positive = Field(description="height and width of a patch")

    def problems(self, config: Config) -> Iterable[tuple[str, str]]:
        shape = config.image_shape(self.of)
        if shape is None:
            yield from super().problems(config)
            return
        size = f"{shape[0]} x {shape[1]} pixels"
        if shape[0] % self.patch or shape[1] % self.patch:
            yield "patch", f"found {self.patch}; {size} are not whole patches of that size"
        elif shape[0] == shape[1] == self.patch:
            yield "patch", f"found {self.patch}; {size} are one patch, with no other place"


class Occluded(OtherImagesSection):
    """Another set of images, each with a square at a random place: an artefact (pardo2019 §2.3)."""

    kind: Literal["occluded"]
    of: str = Field(description="the data set whose images get a square")
    patch: Positive = Field(description="height and width of the square")
    value: float = Field(0.0, ge=0, le=1, description="of its pixels: 0 is black, 1 white")

    def problems(self, config: Config) -> Iterable[tuple[str, str]]:
        shape = config.image_shape(self.of)
        yield from super().problems(config)
        if shape and self.patch > min(shape[:2]):
            yield "patch", f"found {self.patch}; at most {min(shape[:2])}, the images' side"


class Edges(ChangedSection):
    """The edges of another set of images, grey: blurred, then Sobel's gradient (rauber2017 H4).

    Grey is the mean of the channels; each image is divided by its largest value.
    """

    is_random: ClassVar[bool] = False
    kind: Literal["edges"]
    of: str = Field(description="the data set whose images are blurred")
    sigma: float = Field(
        1.0, ge=0, description="standard deviation of the Gaussian blur, in pixels; 0: none"
    )

    def origin(self, config: Config) -> OriginalSection:
        origin = super().origin(config)
        if len(origin.image_shape or ()) < 3:
            return origin
        return origin.model_copy(update={"shape": origin.shape[:2]})  # these are grey

    def problems(self, config: Config) -> Iterable[tuple[str, str]]:
        return no_images(config, self.of)


Share = Annotated[float, Field(gt=0, le=1)]


class Inverted(OtherImagesSection):
    """Another set of images, a share of which are inverted: light on dark (rauber2017 Fig. 6).

    Which ones, the column `inverted` says: 1 or 0. They are drawn at random of each class, for each
    draw of the other set.
    """

    kind: Literal["inverted"]
    of: str = Field(description="the data set some of whose images are inverted")
    share: Share = Field(0.5, description="of the examples of each class, how many are inverted")

    def problems(self, config: Config) -> Iterable[tuple[str, str]]:
        yield from super().problems(config)
        behind: str | None = self.of
        while behind:
            if config.datasets[behind].kind == "inverted":
                yield "of", f"images of {behind} are inverted already"
            behind = config.source(behind)


class Unbalanced(AllSplitsSection):
    """Another set with fewer training examples of some classes (pardo2019 §3.2).

    Those that stay are drawn at random, for each draw of the other set; its other splits stay as
    they are.
    """

    kind: Literal["unbalanced"]
    of: str = Field(description="the data set that is thinned out")
    shares: list[Share] = Field(
        min_length=1, description="of the training examples of each class, how many stay"
    )

    def problems(self, config: Config) -> Iterable[tuple[str, str]]:
        if "train" not in config.splits(self.of):
            yield "of", f"{self.of} has no train set to thin out"
        classes, found = config.origin(self.of).classes, len(self.shares)
        if found != classes:
            yield "shares", f"found {found} shares; {self.of} has {classes} classes"

    def slice(self, config: Config, name: str, draw: int = 0, split: str = "") -> dict[str, Any]:
        thinned = {**stream(config, name, draw, split), "shares": self.shares}
        return {"split": split, **(thinned if split == "train" else {})}
