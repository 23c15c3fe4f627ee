"""What every kind of data set declares: its splits and draws, its slice, and what does not suit it.

A kind is a class; rules/datasets.smk makes its rule, whose program makes its files.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field

from study.schema.refusals import no_set
from study.schema.section import Distinct, Section, SetName, kind_of

if TYPE_CHECKING:
    from study.schema.config import Config

Ids = Annotated[Distinct[Annotated[int, Field(ge=0)]], Field(min_length=1)]


class DatasetSection(Section):
    """A data set."""

    # Whether a model can be trained on it.
    is_learnable: ClassVar[bool] = True
    # Whether its program makes a split of it from one split of another set.
    by_split: ClassVar[bool] = False
    # The rule and the program that make it, where they have another name than its kind.
    made_by: ClassVar[str | None] = None
    memory: ClassVar[int] = 4000  # MB
    minutes: ClassVar[int] = 10
    # Whether it is an attack on a model, which is made for a block of its replicates.
    is_attack: ClassVar[bool] = False

    kind: str

    @classmethod
    def rule(cls) -> str:
        """The name of its rule and of its program."""
        return cls.made_by or kind_of(cls).replace("-", "_")

    @property
    def program(self) -> str:
        """The program that makes it, where its keys decide which."""
        return self.rule()

    @property
    def source(self) -> str | None:
        """The data set that it is made from, if it is."""
        return None

    def splits(self, config: Config) -> list[str]:
        """The splits that it has."""
        raise NotImplementedError

    def has_draws(self, config: Config) -> bool:
        """Whether each replicate has a draw of its own, as generated sets and attacks have."""
        return False

    def most_draws(self, config: Config) -> int | None:
        """How many draws there are, where there are as many as of an attacked model."""
        return None

    def is_ordered(self, config: Config) -> bool:
        """Whether its classes have an order, as locations have."""
        return False

    def origin(self, config: Config) -> OriginalSection:
        """The data set that it was made from or is like: its sizes are those of this one."""
        raise NotImplementedError

    def labelled(self, name: str, config: Config) -> str:
        """The set, this one's own name or another's, with its examples under their first labels."""
        return name

    def unchanged(self, split: str) -> str | None:
        """The set, dataset/split, whose inputs were changed for a split of this one, if any were.

        Both have the same examples in the same order, an attack only the first of them.
        """
        return None

    def problems(self, config: Config) -> Iterable[tuple[str, str]]:
        """What does not suit it, by key, "" for the whole; what it is made of is there."""
        return ()

    def misfits(self, config: Config) -> Iterable[tuple[str, str]]:
        """What does not suit it, by key, of other sets and models, which are sound themselves."""
        return ()

    def slice(self, config: Config, name: str, draw: int = 0, split: str = "") -> dict[str, Any]:
        """What one split of one draw depends on, beside the set and the model that it is made of.

        name: of the set in the config.
        """
        raise NotImplementedError


class OriginalSection(DatasetSection):
    """A data set that is made of no other: it has a size of its own.

    classes: how many there are; labels are 0 to one less.
    """

    @property
    def training(self) -> int:
        """How many examples there may be to train on."""
        raise NotImplementedError

    @property
    def width(self) -> int:
        """How many values an example has."""
        raise NotImplementedError

    @property
    def image_shape(self) -> list[int] | None:
        """Height, width and, for colour, 3 of its images; None for what are no images."""
        return None

    def origin(self, config: Config) -> OriginalSection:
        return self


class OfAnotherSection(DatasetSection):
    """A data set that is made of another one, or of one split of it, `dataset/split`."""

    of: str

    @property
    def source(self) -> str:
        return self.of.split("/")[0]

    def is_ordered(self, config: Config) -> bool:
        return config.datasets[self.source].is_ordered(config)

    def origin(self, config: Config) -> OriginalSection:
        return config.origin(self.source)


class AllSplitsSection(OfAnotherSection):
    """Another set, split by split, in the draws that the other has."""

    by_split: ClassVar[bool] = True

    def splits(self, config: Config) -> list[str]:
        return config.splits(self.of)

    def has_draws(self, config: Config) -> bool:
        return config.draws(self.of)

    def most_draws(self, config: Config) -> int | None:
        return config.most_draws(self.of)


class ChangedSection(AllSplitsSection):
    """Another set in its order, with other inputs or other labels, as its own keys say."""

    # Whether chance has a part in it.
    is_random: ClassVar[bool] = True

    def labelled(self, name: str, config: Config) -> str:
        return config.labelled(self.of)

    def slice(self, config: Config, name: str, draw: int = 0, split: str = "") -> dict[str, Any]:
        settings = self.model_dump(exclude={"kind", "of"})
        return {**stream(config, name, draw, split), **settings} if self.is_random else settings


class OtherImagesSection(ChangedSection):
    """Another set of images, with the inputs changed and nothing else."""

    def unchanged(self, split: str) -> str:
        return f"{self.of}/{split}"

    def problems(self, config: Config) -> Iterable[tuple[str, str]]:
        return no_images(config, self.of)


class OneSplitSection(OfAnotherSection):
    """Examples made of one split of another set."""

    is_learnable: ClassVar[bool] = False

    of: SetName

    def misfits(self, config: Config) -> Iterable[tuple[str, str]]:
        yield from (("of", why) for why in no_set(config, self.of))


def stream(config: Config, *names: str | int) -> dict[str, Any]:
    """What names a random stream: see glassbox.seeds."""
    return {"seed": config.seed, "stream": ["datasets", *names]}


def no_images(config: Config, dataset: str) -> Iterable[tuple[str, str]]:
    """Why a set of images can't be made of a set, if it can't."""
    if config.image_shape(dataset) is None:
        yield "of", f"{dataset} has no images"


def named_twice(key: str, values: Iterable[float]) -> Iterable[tuple[str, str]]:
    """Values that would give splits of one name."""
    named = [f"{value:g}" for value in values]
    for value in sorted({each for each in named if named.count(each) > 1}):
        yield key, f"{value} is there twice"


def chosen_twice(images: int | None, examples: list[int] | None) -> Iterable[tuple[str, str]]:
    """Examples that are chosen by their number and by their ids."""
    if images and examples:
        yield "", "images and examples are given; allowed: one of them"
