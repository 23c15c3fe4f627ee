"""Analyses of a layer's neurons as points (rauber2017)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field

from study.schema.analyses.kind import (
    ON_SETS,
    OnSets,
    for_patterns,
    misnamed_layers,
    no_hidden,
)
from study.schema.section import Distinct, Positive

if TYPE_CHECKING:
    from study.schema.config import Config

MATRICES = 8  # of all pairs of neurons, in float64, that are held at once


class NeuronMaps(OnSets):
    """Maps of neurons by their correlations, and which class each tells (rauber2017 Figs 12-14)."""

    paths: ClassVar[Mapping[str, str]] = {
        "table": ON_SETS.format(name="neuron_maps"),
        "scores": ON_SETS.format(name="neuron_scores"),
        "measures": ON_SETS.format(name="neuron_groups"),
        "chosen": ON_SETS.format(name="chosen_neurons"),
        "responses": ON_SETS.format(name="neuron_responses"),
    }
    on_device: ClassVar[bool] = True
    minutes: ClassVar[int] = 120
    enough: ClassVar[int] = 2000  # observations, where nothing is said of them
    kind: Literal["neuron_maps"]
    layers: Distinct[str] | None = Field(
        None, min_length=1, description="hidden layers; left out: the last one"
    )
    points: Positive | Literal["all"] = Field(
        "all", description="observations, at random: those of projections of as many"
    )
    trees: Positive = Field(
        100, description="extremely randomised trees per class; rauber2017's slides do not say"
    )
    neighbours: Positive = Field(6, description="nearest neurons that count")
    permutations: Positive = Field(999, description="of neurons, for what chance gives")

    @classmethod
    def defaults(cls, config: Config, model: str, wanted: str | None) -> dict[str, Any]:
        return {"points": cls.enough}

    def refused(self, config: Config, model: str) -> str | None:
        return no_hidden(config, model)

    def misfits(self, config: Config, model: str, wanted: str) -> Iterable[tuple[str, str]]:
        return misnamed_layers(self.layers, list(config.layers(model))[:-1])

    def megabytes(self, config: Config, model: str, layer: str | None) -> int:
        units = config.layers(model)
        widest = max(
            (units.get(each) or 0 for each in self.layers or list(units)[-2:-1]), default=0
        )
        return for_patterns(config, model, widest) + 8 * MATRICES * widest**2 // 10**6

    def implied(self, config: Config, model: str, wanted: str | None) -> dict[str, Any]:
        dataset, split = wanted.split("/")
        points = None if self.points == "all" else self.points
        stream = ["projection", config.labelled(dataset), split]
        return {"points": points, "seed": config.seed, "stream": stream}
