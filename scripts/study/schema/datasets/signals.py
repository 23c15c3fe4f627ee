"""Signals: jumps in noise, and hand-made shapes (chen2017)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import Field

from study.schema.datasets.section import OfAnotherSection, OriginalSection, stream
from study.schema.section import Ascending, Name, Positive, Section, Split

if TYPE_CHECKING:
    from study.schema.config import Config

WHOLE = ("rise", "width", "spike_at", "spike_width")  # parameters that are counts of samples
OF_SIGNALS = ("length", "first", "last", "height", "noise")


class Jumps(OriginalSection):
    """Signals with one jump in Gaussian noise (chen2017 §3.1)."""

    memory: ClassVar[int] = 1000
    kind: Literal["jumps"]
    length: int = Field(100, ge=4, description="samples per signal")
    first: int = Field(21, ge=2, description="first jump location, 1-based")
    last: int = Field(80, ge=3, description="last jump location; one class per location")
    height: float = Field(3.0, gt=0, description="height of the jump")
    noise: float = Field(1.0, ge=0, description="standard deviation of the noise (errata E-C02)")
    per_class: dict[Split, Positive] = Field(
        {"train": 200, "validation": 100, "test": 100, "averages": 1000},
        description="signals per class of each split",
    )

    @property
    def training(self) -> int:
        return self.per_class["train"] * self.classes

    @property
    def width(self) -> int:
        return self.length

    @property
    def classes(self) -> int:
        return self.last - self.first + 1

    def splits(self, config: Config) -> list[str]:
        return list(self.per_class)

    def has_draws(self, config: Config) -> bool:
        return True

    def is_ordered(self, config: Config) -> bool:
        return True

    def problems(self, config: Config) -> Iterable[tuple[str, str]]:
        if not self.first <= self.last - 1:
            yield "last", f"found {self.last}; must be above first ({self.first})"
        if self.last > self.length:
            yield "last", f"found {self.last}; at most the length ({self.length})"
        if missing := {"train", "validation"} - set(self.per_class):
            yield "per_class", f"{', '.join(sorted(missing))} is missing"

    def signals(self, split: str) -> dict[str, Any]:
        """What the signals of a split are like, whichever are drawn."""
        return {**self.model_dump(include=set(OF_SIGNALS)), "per_class": self.per_class[split]}

    def slice(self, config: Config, name: str, draw: int = 0, split: str = "") -> dict[str, Any]:
        return {**stream(config, name, draw, split), **self.signals(split)}


Sample = Annotated[int, Field(ge=1, description="location, 1-based")]


class ShapeSection(Section):
    """One hand-made signal; what it leaves out is as in the plain step."""

    height: float | None = Field(None, gt=0, description="of the rise; null: that of the signals")
    rise: Positive = Field(1, description="samples that the rise takes")
    before: float = Field(0.0, ge=0, description="fall per sample before the rise, down to 0")
    after: float = Field(0.0, ge=0, description="fall per sample after the rise, 0 at the least")
    width: int = Field(0, ge=0, description="samples after which it drops; 0: never")
    drop: float = Field(1.0, description="share of the height that it drops by")
    spike: float = Field(0.0, description="height of another rise")
    spike_at: Sample | None = Field(None, description="where that other rise is")
    spike_width: Positive = Field(1, description="samples after which it drops again")

    def slice(self) -> dict[str, Any]:
        """What is not as in the plain step."""
        return self.model_dump(exclude_none=True, exclude_defaults=True)

    def problems(self, length: int) -> Iterable[tuple[str, str]]:
        """A spike that is nowhere; length: of the signals."""
        if self.spike and self.spike_at is None:
            yield "spike_at", "required, but missing"
        if (self.spike_at or 1) > length:
            yield "spike_at", f"found {self.spike_at}; at most the length ({length})"


class SweepSection(Section):
    """Hand-made signals that differ in one parameter."""

    parameter: Literal[
        "height", "rise", "before", "after", "width", "drop", "spike", "spike_at", "spike_width"
    ]
    values: Ascending[int | float] = Field(min_length=1)
    fixed: ShapeSection = Field(ShapeSection(), description="what all of them have besides")

    def problems(self) -> Iterable[tuple[str, str]]:
        """Values that the parameter can't take."""
        if self.parameter in WHOLE and not all(isinstance(each, int) for each in self.values):
            yield "values", f"{self.parameter} takes whole numbers"
        if self.parameter == "spike" and self.fixed.spike_at is None:
            yield "fixed.spike_at", "required, but missing"


class Shapes(OfAnotherSection):
    """Noise-free signals that share only the principal subpattern of a jump (chen2017 §7.2)."""

    is_learnable: ClassVar[bool] = False

    made_by: ClassVar[str | None] = "hand_made"
    memory: ClassVar[int] = 1000
    kind: Literal["shapes"]
    of: str = Field(description="the jump signals whose length, locations and height they take")
    location: Sample = Field(50, description="where all of them rise")
    shapes: dict[Name, ShapeSection] = Field({}, description="signals by name")
    sweeps: dict[Name, SweepSection] = Field({})

    def splits(self, config: Config) -> list[str]:
        return ["all"]

    def is_ordered(self, config: Config) -> bool:
        return False

    def problems(self, config: Config) -> Iterable[tuple[str, str]]:
        signals = config.datasets[self.of]
        if signals.kind != "jumps":
            yield "of", f"{self.of} is not a set of kind jumps"
            return
        if not signals.first <= self.location <= signals.last:
            allowed = f"must be from {signals.first} to {signals.last}"
            yield "location", f"found {self.location}; {allowed}"
        if not self.shapes and not self.sweeps:
            yield "", "neither shapes nor sweeps are given"
        for name, sweep in self.sweeps.items():
            yield from ((f"sweeps.{name}.{key}", why) for key, why in sweep.problems())
        shapes = {f"shapes.{name}": shape for name, shape in self.shapes.items()}
        shapes |= {f"sweeps.{name}.fixed": sweep.fixed for name, sweep in self.sweeps.items()}
        for name, shape in shapes.items():
            yield from ((f"{name}.{key}", why) for key, why in shape.problems(signals.length))

    def slice(self, config: Config, name: str, draw: int = 0, split: str = "") -> dict[str, Any]:
        return {
            **config.datasets[self.of].model_dump(include=set(OF_SIGNALS)),
            "location": self.location,
            "shapes": {name: shape.slice() for name, shape in self.shapes.items()},
            "sweeps": {
                name: {
                    "parameter": sweep.parameter,
                    "values": sweep.values,
                    "fixed": sweep.fixed.slice(),
                }
                for name, sweep in self.sweeps.items()
            },
        }
