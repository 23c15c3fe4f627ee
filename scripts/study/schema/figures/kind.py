"""What the report shows, and what each kind of figure says of itself."""

from dataclasses import dataclass
from typing import Any, ClassVar, Self

from study.paths import Study
from study.schema.section import Section, kind_of

Data = dict[str, list[str]]  # the files of each role


class Refused(Exception):
    """A value that can't be shown, beside what the config has not made; key: where it stands."""

    def __init__(self, key: str, why: str) -> None:
        super().__init__(why)
        self.key = key


class Exhibit(Section):
    """A figure or table of the report: its keys, what it is drawn from, and what it depends on.

    caption: what is shown, and how to read it.
    """

    caption: ClassVar[str]

    title: str

    @classmethod
    def rule(cls) -> str:
        """The name of the rule that makes it, and of the program that this runs."""
        raise NotImplementedError

    def data(self, study: Study) -> Data:
        """The files that it is drawn from, by their roles: the options of its program.

        Raises NotMade for what the config does not make, Refused for what can't be shown of it.
        """
        raise NotImplementedError

    def derived(self, study: Study) -> dict[str, Any]:
        """What its program has to know of the config besides its own keys."""
        return {}

    def slice(self, study: Study) -> dict[str, Any]:
        """What it depends on, beside its data; the title is the report's."""
        return self.model_dump(exclude={"kind", "title"}) | self.derived(study)


@dataclass(frozen=True)
class Explored:
    """A page to explore what a figure shows: the program that makes it, its files, its settings.

    data: files by role, which are options of the program, one of scripts/maps. settings: its slice,
    beside the title.
    """

    program: str
    data: Data
    settings: dict[str, Any]


class FigureKind(Exhibit):
    """A kind of figure, told by the key `kind`; its docstring is that of the rule that draws it."""

    @classmethod
    def rule(cls) -> str:
        return kind_of(cls).replace("-", "_")

    @classmethod
    def of(cls, study: Study, model: str, wanted: str) -> Self | None:
        """What it shows of a model on a set, dataset/split, where nothing more is said.

        None if that needs more to be said, or is not made.
        """
        return None

    def explored(self, study: Study) -> Explored | None:
        """The page to explore what it shows; None for what has none."""
        return None

    @classmethod
    def titled(cls, title: str, **keys: Any) -> Self:
        """An entry of this kind."""
        return cls(kind=kind_of(cls), title=title, **keys)


def is_made(study: Study, table: str, of: str, wanted: str | None = None) -> bool:
    """Whether the config has tables of this name made of a model, on a set or on none."""
    return wanted in study.made(table).get(of, [])


def pictures(study: Study, sets: list[str]) -> dict[str, Any] | None:
    """The shape of the pictures of some sets' inputs, None for signals; of colour if any has it.

    None where these can't be on one sheet, whose pictures are of one size.
    """
    found = [study.config.image_shape(one.split("/")[0]) for one in sets]
    sizes = [shape and shape[:2] for shape in found]
    if any(size != sizes[0] for size in sizes):
        return None
    return {"shape": max(found, key=lambda shape: len(shape or ()))}


def inputs(study: Study, sets: list[str]) -> list[str]:
    """The examples of each set that replicate 0 is shown."""
    return [study.examples(*one.split("/"))[0] for one in sets]


def period(study: Study, model: str) -> str:
    """What a model's checkpoints are counted in."""
    return "cycle" if study.model(model).recipe.stop == "cycles" else "epoch"


def first_class(study: Study, wanted: str) -> int | None:
    """The location that class 0 of a set stands for; None where classes are no locations."""
    shown = study.config.origin(wanted.split("/")[0])
    return shown.first if shown.kind == "jumps" else None


def label_at(study: Study, dataset: str, location: int, key: str) -> int:
    """The class that a location is in a set of signals; key: of the figure, where it stands."""
    signals = study.config.origin(dataset)
    if signals.kind != "jumps":
        raise Refused(key, f"{dataset} has no signals with jumps")
    if not signals.first <= location <= signals.last:
        where = f"jumps of the set {dataset} are at {signals.first} to {signals.last}"
        raise Refused(key, f"found {location}; {where}")
    return location - signals.first


def image_shape(study: Study, wanted: str) -> list[int] | None:
    """Height, width and, for colour, 3 of a set's images; None for what are no images."""
    return study.config.image_shape(wanted.split("/")[0])
