"""Detectors of jumps: signal processing, and filters that networks learned.

A kind is a class here: its keys, its slice, and what does not suit it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Union

from pydantic import Field

from study.schema.refusals import no_jumps, not_among
from study.schema.section import Positive, Section, kinds_of

if TYPE_CHECKING:
    from study.schema.config import Config


class DetectorSection(Section):
    """What answers with a place in a jump signal."""

    # Whether it is a formula, rather than learned.
    is_closed: ClassVar[bool] = True

    kind: str
    dataset: str

    def replicated_as(self, name: str) -> str:
        """Whose replicates it has: its own name, or that of a model."""
        return name

    def misfits(self, config: Config) -> Iterable[tuple[str, str]]:
        """What does not suit it, by key, of its own keys, of its signals and of models."""
        problems = [("dataset", why) for why in no_jumps(config, self.dataset)]
        yield from problems or self.misfits_on_signals(config)

    def misfits_on_signals(self, config: Config) -> Iterable[tuple[str, str]]:
        """What does not suit it, by key, where its signals are there."""
        return ()

    def slice(self, config: Config) -> dict[str, Any]:
        """What its answers depend on, beside the signals."""
        signals = config.datasets[self.dataset]
        return {"kind": self.kind, "first": signals.first, "last": signals.last}


class GaussianDerivative(DetectorSection):
    """The smoothed first derivative (chen2017 §3.2)."""

    kind: Literal["gaussian-derivative"]
    window: Positive = Field(19, description="length of the smoother, in samples")
    tau: float = Field(2.9, gt=0, description="width of the Gaussian, in samples")
    search: Literal["signal", "classes"] = Field(
        "signal", description="the whole signal, as published, or where jumps can be"
    )

    def misfits_on_signals(self, config: Config) -> Iterable[tuple[str, str]]:
        length = config.datasets[self.dataset].length
        if self.window % 2 == 0:
            yield "window", f"found {self.window}; must be odd, to be centred"
        if self.window > length:
            yield "window", f"found {self.window}; at most the length ({length})"

    def slice(self, config: Config) -> dict[str, Any]:
        whole = {"first": 2, "last": config.datasets[self.dataset].length}
        searched = whole if self.search == "signal" else {}
        return {**super().slice(config), **searched, "window": self.window, "tau": self.tau}


class StepLikelihood(DetectorSection):
    """Maximum likelihood for a step of known height: the bound for every detector."""

    kind: Literal["step-likelihood"]

    def slice(self, config: Config) -> dict[str, Any]:
        return {**super().slice(config), "height": config.datasets[self.dataset].height}


class BlindStepLikelihood(DetectorSection):
    """Maximum likelihood for a step of unknown height in noise of unknown level."""

    kind: Literal["blind-step-likelihood"]


class LearnedFilter(DetectorSection):
    """A network's mean filter, slid over the signal (chen2017 §3.3.3)."""

    is_closed: ClassVar[bool] = False
    kind: Literal["learned-filter"]
    model: str = Field(description="a model")
    split: str = Field("test", description="signals over which its filters are averaged")

    @property
    def set(self) -> str:
        """The signals over which its filters are averaged, dataset/split."""
        return f"{self.dataset}/{self.split}"

    def replicated_as(self, name: str) -> str:
        return self.model

    def misfits_on_signals(self, config: Config) -> Iterable[tuple[str, str]]:
        made = config.asked("learned_filters")
        yield from (("model", why) for why in not_among(self.model, made))
        if self.model in made and self.set not in made[self.model]:
            yield "split", f"learned_filters are not made of {self.model} on {self.set}"

    def slice(self, config: Config) -> dict[str, Any]:
        """It depends on the filters that it reads, and on nothing of the config."""
        return {}


KINDS = tuple(kinds_of(DetectorSection))
Detector = Annotated[Union[KINDS], Field(discriminator="kind")]  # noqa: UP007
