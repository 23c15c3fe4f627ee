"""Attacks on a model, which are data sets too: where they end, and the paths that they take."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import Field

from study.schema.datasets.section import (
    Ids,
    OneSplitSection,
    chosen_twice,
    named_twice,
    stream,
)
from study.schema.refusals import misfit, no_model
from study.schema.section import Ascending, Positive, Section, SetName

if TYPE_CHECKING:
    from study.schema.config import Config

WALKS = ("fgsm", "random-signs", "random-direction")

Size = Annotated[float, Field(gt=0)]


class OnModelSection(OneSplitSection):
    """An attack on a model; a draw is of the model's replicate."""

    is_attack: ClassVar[bool] = True
    # Whether one job makes all splits.
    made_at_once: ClassVar[bool] = False

    model: str = Field(description="the model that is attacked")

    @property
    def knows_introspection(self) -> bool:
        """Whether it needs the model's introspection."""
        return False

    def megabytes(self, config: Config) -> int:
        """The memory in MB that a job takes."""
        return self.memory

    def has_draws(self, config: Config) -> bool:
        return True

    def most_draws(self, config: Config) -> int:
        return config.made_of(self.model)

    def bounds(self, config: Config) -> tuple[int, int] | None:
        """The least and the largest value that inputs may have, if there are such."""
        return (0, 1) if config.image_shape(self.source) else None

    def misfits(self, config: Config) -> Iterable[tuple[str, str]]:
        problems = [("model", why) for why in no_model(config, self.model, config.models)]
        problems += super().misfits(config)
        yield from problems or (("of", why) for why in misfit(config, self.model, self.of))


class Attack(OnModelSection):
    """An attack on a model and its controls, a split of each per size (lee2019 §3.4).

    Splits are pgd-<size>; noise-<size>, where values go to random ends; and, for images, which are
    within 0 and 1, clip-<size>, where nothing is done but clipping. A draw is of the attacked
    model's replicate.
    """

    made_by: ClassVar[str | None] = "attacks"
    made_at_once: ClassVar[bool] = True
    kind: Literal["attack"]
    of: SetName = Field(description="the examples that are attacked, dataset/split")
    model: str = Field(description="the model that is attacked")
    method: Literal["pgd"] = Field("pgd", description="projected gradients of the cross-entropy")
    space: Literal["pixels", "normalised"] = Field(
        "pixels",
        description="of the set's values, as it should be; or of the inputs that the model "
        "normalises, clipped there, as published (E-L08)",
    )
    sizes: Ascending[Size] = Field(
        min_length=1, description="largest changes, in the unit of the space"
    )
    images: Positive = Field(200, description="the first examples, which are attacked")
    steps: Positive = Field(40, description="how many steps an attack takes")
    step: Size = Field(0.01, description="change per step")

    def splits(self, config: Config) -> list[str]:
        clip = ["clip"] if self.bounds(config) else []
        kinds = [self.method, "noise", *clip]
        return [f"{kind}-{size:g}" for size in self.sizes for kind in kinds]

    def unchanged(self, split: str) -> str:
        return self.of

    def misfits(self, config: Config) -> Iterable[tuple[str, str]]:
        yield from super().misfits(config)
        yield from named_twice("sizes", self.sizes)

    def slice(self, config: Config, name: str, draw: int = 0, split: str = "") -> dict[str, Any]:
        return {
            **self.model_dump(exclude={"kind", "of", "model", "method"}),
            "seed": config.seed,
            "stream": ["attacks", self.model, self.space],
            "bounds": self.bounds(config),
        }


class Evaded(Section):
    """How much signs of an introspection weigh that an attack makes small beside its own loss.

    Each counts as far as it is above the mean of the training examples, in their standard
    deviations; half the squared error, which the attack goes down, is at most about 1.
    """

    estimate: float = Field(0.0, ge=0, description="of the estimated log10 of the error")
    reconstruction: float = Field(0.0, ge=0, description="of the autoencoder's error")
    density: float = Field(
        0.0, ge=0, description="of minus the log of the density of training examples in the map"
    )

    @property
    def weights(self) -> dict[str, float]:
        """Those of the signs that weigh something."""
        return {name: weight for name, weight in self.model_dump().items() if weight}


class AttackPaths(OnModelSection):
    """Attacks on a model towards every class, step by step, with their paths (pardo2019 §3.5).

    Splits are fgsm, down the sign of the gradient of half the squared error to the wanted class;
    and its controls, of as many steps of the same size: random-signs, with signs drawn for every
    step, and random-direction, with signs drawn once. A draw is of the attacked model's replicate.
    The columns `origin_id`, `target` and `step` say of which example a row is, on the way to which
    class, and after how many steps.
    """

    kind: Literal["attack-paths"]
    of: SetName = Field(description="the examples that are attacked, dataset/split")
    model: str = Field(description="the model that is attacked")
    images: Positive | None = Field(None, description="the first examples, which are attacked")
    examples: Ids | None = Field(None, description="in their place, the ids of examples")
    steps: Positive = Field(100, description="how many steps a path has")
    step: Size = Field(
        0.01,
        description="change of each value per step; where ε is that of the whole path, ε / steps",
    )
    clip: bool = Field(
        True, description="after each step, to 0 and 1, which are the bounds of images alone"
    )
    evades: Evaded | None = Field(
        None,
        description="signs of the model's introspection that the attack knows and evades "
        "(pardo2019 §4); there is the split fgsm alone then",
    )
    every: Positive = Field(
        5,
        description="steps from one row to the next, of which steps is a multiple; a split has "
        "examples x classes x (steps / every + 1) rows, which are held in memory: 100 images of "
        "CIFAR-10 take 260 MB, and 1.2 GB with all 100 steps",
    )

    @property
    def program(self) -> str:
        return "evading_paths" if self.evades else self.rule()

    @property
    def knows_introspection(self) -> bool:
        return self.evades is not None

    def splits(self, config: Config) -> list[str]:
        return list(WALKS[:1] if self.evades else WALKS)

    def megabytes(self, config: Config) -> int:
        """A network, and all rows of a split."""
        origin = config.origin(self.source)
        return 3000 + 6 * self.rows(origin.classes) * origin.width // 10**6

    def rows(self, classes: int) -> int:
        """How many rows a split has at most."""
        attacked = len(self.examples) if self.examples else self.images
        return attacked * classes * (self.steps // self.every + 1)

    def misfits(self, config: Config) -> Iterable[tuple[str, str]]:
        yield from super().misfits(config)
        yield from chosen_twice(self.images, self.examples)
        if not self.images and not self.examples:
            yield "", "neither images nor examples are given; wanted: one of them"
        if self.steps % self.every:
            yield "every", f"found {self.every}; must divide steps ({self.steps})"
        if self.evades:
            yield from (("evades", why) for why in self._not_evaded(config, self.evades))

    def _not_evaded(self, config: Config, evades: Evaded) -> Iterable[str]:
        """Attacks that evade nothing, or an introspection that there is not."""
        if not evades.weights:
            yield "no sign weighs anything; allowed: one at least above 0"
        introspected = config.asked("introspection")
        if self.model not in introspected:
            allowed = ", ".join(sorted(introspected)) or "none"
            yield f"{self.model} has no introspection; allowed: {allowed}"

    def slice(self, config: Config, name: str, draw: int = 0, split: str = "") -> dict[str, Any]:
        shown = self.model_dump(include={"images", "examples", "steps", "step", "every"})
        shown["bounds"] = self.bounds(config) if self.clip else None
        if not self.evades:
            return {**shown, **stream(config, name), "walk": split}
        made = config.asked("introspection")[self.model]
        layers = config.analysis("introspection", self.model, made[0]).layers
        return {**shown, "layers": layers, "evades": self.evades.weights}
