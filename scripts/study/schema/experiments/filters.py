"""Filters and other detectors of jumps, on signals that are drawn for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field

from study.schema.experiments.section import OF_EXPERIMENTS, ExperimentSection
from study.schema.refusals import misfit, no_jumps, no_jumps_set, not_among
from study.schema.section import Ascending, Positive, SetName

if TYPE_CHECKING:
    from study.schema.config import Config

FILTERS = (
    "mixed",
    "smoothing",
    "differentiation",
    "first derivative",
    "second derivative",
    "moving average",
)


class MixedFilters(ExperimentSection):
    """Filters on a noisy step, and the noise that they let through (chen2017 Figs 3.3, 3.4)."""

    paths: ClassVar[Mapping[str, str]] = {
        "responses": OF_EXPERIMENTS.format(name="mixed_filters"),
        "gains": OF_EXPERIMENTS.format(name="noise_gains"),
    }
    kind: Literal["mixed-filters"]
    length: int = Field(60, ge=8, description="samples; the jump is in the middle")
    height: float = Field(1.0, gt=0)
    noise: float = Field(0.1, gt=0, description="standard deviation")
    samples: Positive = Field(100_000, description="of noise, to measure the gain with")


class FilterWidths(ExperimentSection):
    """Accuracy of detection against the width of the filter (chen2017 Fig. 3.5)."""

    minutes: ClassVar[int] = 30
    kind: Literal["filter-widths"]
    dataset: str = Field(description="the jump signals whose length and locations are taken")
    noises: Ascending[float] = Field([0.1, 0.2, 0.3, 0.4, 0.5, 0.6], description="over the height")
    taus: Ascending[float] = Field(min_length=1, description="widths of the Gaussian, in samples")
    per_class: Positive = Field(100, description="signals per location")

    def misfits(self, config: Config) -> Iterable[tuple[str, str]]:
        yield from (("dataset", why) for why in no_jumps(config, self.dataset))

    def implied(self, config: Config) -> dict[str, Any]:
        signals = config.datasets[self.dataset]
        return {key: getattr(signals, key) for key in ("length", "first", "last")}


class FilterSearch(ExperimentSection):
    """The window and the width of least error on a set (chen2017 §3.2.3)."""

    minutes: ClassVar[int] = 30
    kind: Literal["filter-search"]
    set: SetName
    windows: Ascending[Positive] = Field(min_length=1, description="lengths of the smoother, odd")
    taus: Ascending[float] = Field(min_length=1, description="widths of the Gaussian, in samples")

    @property
    def reads(self) -> str:
        return self.set

    def misfits(self, config: Config) -> Iterable[tuple[str, str]]:
        yield from (("set", why) for why in no_jumps_set(config, self.set))
        for window in self.windows:
            if window % 2 == 0:
                yield "windows", f"found {window}; must be odd, to be centred"

    def slice(self, config: Config, name: str) -> dict[str, Any]:
        """Chance has no part in it."""
        return self.model_dump(exclude={"kind", "set"})


class DetectorDraws(ExperimentSection):
    """The errors of a detector on many draws of a set (chen2017 §3.2.3, Table 3.1)."""

    minutes: ClassVar[int] = 30
    kind: Literal["detector-draws"]
    detector: str = Field(description="of signal processing, in closed form")
    set: SetName = Field(description="the jump signals that are drawn anew, as many of each class")
    draws: Positive = Field(description="per replicate")

    @property
    def about(self) -> list[str]:
        return ["--method", self.detector, "--set", self.set]

    def misfits(self, config: Config) -> Iterable[tuple[str, str]]:
        """Detectors that are not in closed form, and sets that are not drawn, or not for them."""
        name, detectors = self.detector, config.detectors
        closed = [each for each, section in detectors.items() if section.is_closed]
        problems = [("set", why) for why in no_jumps_set(config, self.set)]
        if name in detectors and name not in closed:
            allowed = ", ".join(sorted(closed)) or "none"
            why = f"{name} is a filter that a network learned, in no closed form"
            problems.append(("detector", f"{why}; allowed: {allowed}"))
        else:
            problems += [("detector", why) for why in not_among(name, closed)]
        yield from problems or (("set", why) for why in misfit(config, name, self.set))

    def implied(self, config: Config) -> dict[str, Any]:
        dataset, split = self.set.split("/")
        return {
            "detector": config.detectors[self.detector].slice(config),
            "signals": config.datasets[dataset].signals(split),
        }
