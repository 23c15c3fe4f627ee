"""Analyses of models by themselves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field

from study.schema.analyses.kind import OfModels
from study.schema.section import Positive

if TYPE_CHECKING:
    from study.schema.config import Config


class Parameters(OfModels):
    """The weights and biases of a perceptron (chen2017 §3.3.2)."""

    kind: Literal["parameters"]

    def refused(self, config: Config, model: str) -> str | None:
        return None if config.model(model).build == "mlp" else "is no perceptron"


class Filters(OfModels):
    """The filters of a convolutional network on signals, and what they do (chen2017 §3.4)."""

    paths: ClassVar[Mapping[str, str]] = {
        "table": "results/analyses/filters/{of}/{block}/table.parquet"
    }
    kind: Literal["filters"]

    def refused(self, config: Config, model: str) -> str | None:
        if config.model(model).build != "cnn-1d":
            return "has no convolutions of signals"
        return without_jumps(config, model)

    def implied(self, config: Config, model: str, wanted: str | None) -> dict[str, Any]:
        return {"first": config.origin_of(model).first}


class GradientAscents(OfModels):
    """Gradient ascent from noise to an input of each class (chen2017 §5)."""

    paths: ClassVar[Mapping[str, str]] = {
        "table": "results/analyses/gradient_ascents/{of}/{block}/table.parquet",
        "signals": "results/analyses/gradient_ascents/{of}/{block}/signals.parquet",
    }
    on_device: ClassVar[bool] = True
    minutes: ClassVar[int] = 30
    former: ClassVar[str | None] = "ascents"
    kind: Literal["gradient_ascents"]
    bound: float = Field(0.05, ge=0, description="a start is uniform within ± this")
    rate: float = Field(10.0, gt=0, description="learning rate")
    level: float = Field(0.999, gt=0, lt=1, description="output at which a signal is done")
    limit: Positive = Field(2000, description="steps after which one that is not is given up")

    def refused(self, config: Config, model: str) -> str | None:
        if not config.model(model).stacked:
            return "is no perceptron or CNN on signals"
        return without_jumps(config, model)

    def implied(self, config: Config, model: str, wanted: str | None) -> dict[str, Any]:
        signals = config.origin_of(model)
        sizes = {"inputs": signals.width, "classes": signals.classes, "first": signals.first}
        return {"seed": config.seed, **sizes}


def without_jumps(config: Config, model: str) -> str | None:
    """What is wrong with a model of signals whose classes are no locations of a jump."""
    is_jumps = config.origin_of(model).kind == "jumps"
    return None if is_jumps else "takes no signals with jumps"
