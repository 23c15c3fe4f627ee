"""Images and other arrays, from files or embedded in scikit-learn."""

from __future__ import annotations

from collections.abc import Iterable
from math import prod
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field

from study.schema.datasets.section import OriginalSection, stream
from study.schema.section import File, Name, Positive, Section

if TYPE_CHECKING:
    from study.schema.config import Config

MANY = 60_000  # images to train on, of sets whose files alone tell how many there are
DIGITS = 1797


class Images(OriginalSection):
    """What every set of images has."""

    made_by: ClassVar[str | None] = "images"
    minutes: ClassVar[int] = 30

    validation: int = Field(ge=0, description="examples held out of training, at random")

    @property
    def training(self) -> int:
        return MANY

    @property
    def image_shape(self) -> list[int] | None:
        side = round(self.width**0.5)
        return [side, side]

    def splits(self, config: Config) -> list[str]:
        held_out = ["validation"] if self.validation else []
        return ["train", *held_out, "test"]

    def held_out(self, config: Config, name: str, split: str) -> dict[str, Any]:
        """What training examples depend on besides: which are held out of them for validation."""
        if split == "test":
            return {}
        return {"validation": self.validation, **stream(config, name)}


class Digits(Images):
    """scikit-learn's embedded 8 x 8 digits: 1,797 images, not MNIST."""

    kind: Literal["digits"]
    test: Positive = Field(360, description="examples held out for the test, at random")
    validation: int = Field(287, ge=0, description="examples held out of training, at random")

    @property
    def training(self) -> int:
        return DIGITS - self.test - self.validation

    @property
    def width(self) -> int:
        return 64

    @property
    def classes(self) -> int:
        return 10

    def problems(self, config: Config) -> Iterable[tuple[str, str]]:
        if self.training <= 0:
            yield "", f"validation and test leave nothing of the {DIGITS} images to train on"

    def slice(self, config: Config, name: str, draw: int = 0, split: str = "") -> dict[str, Any]:
        drawn = {"kind": self.kind, "split": split, "test": self.test, **stream(config, name)}
        return {**drawn, **self.held_out(config, name, split)}


class IdxPair(Section):
    """The images and the labels of one part of an idx set."""

    images: File
    labels: File


class IdxFiles(Section):
    """The four files of an idx set."""

    train: IdxPair | None = Field(None, description="none for a set that is only shown")
    test: IdxPair


class FromFiles(Images):
    """Images from original files below the data folder."""

    folder: Name = Field(description="folder below the data folder")

    def slice(self, config: Config, name: str, draw: int = 0, split: str = "") -> dict[str, Any]:
        keys = {"classes", "folder", "download", "size", "shape", "label"}
        files = self.files.test if split == "test" else self.files.train
        told = {"kind": self.kind, "split": split, "files": files}
        return {**told, **self.model_dump(include=keys), **self.held_out(config, name, split)}


class Idx(FromFiles):
    """MNIST and its kin from their four original files."""

    kind: Literal["idx"]
    folder: Name = Field(description="folder below the data folder")
    files: IdxFiles
    download: str | None = Field(None, description="torchvision's name, if it may download")
    size: int = Field(28, ge=1, description="height and width of an image")
    classes: Positive = 10

    @property
    def width(self) -> int:
        return self.size**2

    def splits(self, config: Config) -> list[str]:
        return super().splits(config) if self.files.train else ["test"]


class HubFiles(Section):
    """The Parquet files of a set on the Hugging Face hub."""

    train: list[File] = Field(min_length=1)
    test: list[File] = Field(min_length=1)


class Photos(OriginalSection):
    """Grey patches of scikit-learn's two embedded photographs: images from elsewhere."""

    made_by: ClassVar[str | None] = "images"
    minutes: ClassVar[int] = 30

    kind: Literal["photos"]
    size: Positive = Field(8, description="height and width of a patch")
    test: Positive = Field(500, description="patches of the test set, at random places")

    @property
    def training(self) -> int:
        return 0

    @property
    def width(self) -> int:
        return self.size**2

    @property
    def classes(self) -> int:
        return 2

    @property
    def image_shape(self) -> list[int]:
        return [self.size, self.size]

    def splits(self, config: Config) -> list[str]:
        return ["test"]

    def slice(self, config: Config, name: str, draw: int = 0, split: str = "") -> dict[str, Any]:
        told = {"kind": self.kind, "split": split, "classes": self.classes}
        return {**told, **self.model_dump(include={"test", "size"}), **stream(config, name)}


class Hub(FromFiles):
    """Any image set as Parquet in the layout of the Hugging Face hub."""

    kind: Literal["hub"]
    folder: Name = Field(description="folder below the data folder")
    files: HubFiles
    shape: list[Positive] = Field(
        min_length=2, max_length=3, description="height, width and, for colour, 3"
    )
    label: str = Field("label", description="the column of the labels, such as fine_label")
    classes: Positive = 10

    @property
    def width(self) -> int:
        return prod(self.shape)

    @property
    def image_shape(self) -> list[int]:
        return self.shape


class ArrayFiles(Section):
    """Files of arrays `x` and `y`."""

    train: File
    test: File | None = Field(None, description="none: some of the others are held out for it")


class Arrays(Images):
    """Images or signals of one's own: `x` and `y` in a file of NumPy's `.npz`."""

    kind: Literal["arrays"]
    folder: Name = Field(description="folder below the data folder")
    files: ArrayFiles
    shape: list[Positive] = Field(
        min_length=1,
        max_length=3,
        description="length, or height, width(, colours)",
    )
    classes: Positive = Field(description="labels are 0 to one less")
    validation: int = Field(0, ge=0, description="examples held out of training, at random")
    test: Positive = Field(500, description="examples held out, where there is no file of them")

    @property
    def width(self) -> int:
        return prod(self.shape)

    @property
    def image_shape(self) -> list[int] | None:
        return self.shape if len(self.shape) > 1 else None

    def slice(self, config: Config, name: str, draw: int = 0, split: str = "") -> dict[str, Any]:
        told = {"kind": self.kind, "split": split}
        told |= self.model_dump(include={"classes", "folder", "shape"})
        if self.files.test and split == "test":
            return {**told, "files": [self.files.test]}
        drawn = {} if self.files.test else {"test": self.test}
        drawn |= {**stream(config, name), **self.held_out(config, name, split)}
        return {**told, **drawn, "files": [self.files.train]}
