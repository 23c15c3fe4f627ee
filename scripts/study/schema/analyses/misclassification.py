"""What tells a network's mistakes, how good maps of it are, and ensembles (pardo2019)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, get_args

from pydantic import Field

from study.schema.analyses.introspection import Cycles, Introspection, introspected
from study.schema.analyses.kind import (
    ON_SETS,
    OnSets,
    for_patterns,
    misnamed_layers,
    no_hidden,
)
from study.schema.analyses.libraries import OfPatterns
from study.schema.section import Ascending, Distinct, Positive

if TYPE_CHECKING:
    from study.paths import Study
    from study.schema.config import Config

SpaceName = Literal["principal components", "t-SNE", "hidden"]  # as in glassbox.analyses.spaces
SIZES = [3, 5]  # of ensembles, where none are given


class OfMaps(OfPatterns):
    """What maps training examples by their hidden vectors, and puts others into the maps."""

    memory: ClassVar[int] = 4000
    layers: Distinct[str] | None = Field(
        None, description="hidden layers that make up the hidden vector; left out: all"
    )
    points: Positive = Field(2000, description="training examples of the t-SNE map, at random")
    perplexity: float = Field(30.0, ge=1, description="of t-SNE")

    def refused(self, config: Config, model: str) -> str | None:
        return no_hidden(config, model)

    def misfits(self, config: Config, model: str, wanted: str) -> Iterable[tuple[str, str]]:
        yield from misnamed_layers(self.layers, config.layers(model))
        mapped = min(self.points, config.origin_of(model).training)
        if mapped <= 3 * self.perplexity:
            yield (
                "points",
                f"found {mapped} training examples of {model}; t-SNE with perplexity "
                f"{self.perplexity:g} takes more than {3 * self.perplexity:g}",
            )

    def megabytes(self, config: Config, model: str, layer: str | None) -> int:
        units = config.layers(model)
        chosen = [units.get(each) or 0 for each in self.layers or units]
        return max(self.memory, for_patterns(config, model, sum(chosen)))

    def implied(self, config: Config, model: str, wanted: str | None) -> dict[str, Any]:
        return {"seed": config.seed, "stream": ["training_maps", config.model(model).dataset]}


class Misclassification(OfMaps):
    """How well scores tell which examples are answered wrongly (pardo2019 §3.6).

    Scores of an introspection are among them where one is made on the set.
    """

    paths: ClassVar[Mapping[str, str]] = {
        "table": ON_SETS.format(name="misclassification"),
        "curves": ON_SETS.format(name="risk_coverage"),
    }
    resumed: ClassVar[tuple[str, ...]] = ("misclassification",)
    kind: Literal["misclassification"]
    floor: float = Introspection.model_fields["floor"]
    hidden: list[Positive] = Introspection.model_fields["hidden"]
    estimator: Cycles = Introspection.model_fields["estimator"]
    held_out: float = Introspection.model_fields["held_out"]
    spaces: Distinct[SpaceName] = Field(
        list(get_args(SpaceName)),
        min_length=1,
        description="what else an estimator of the error is fitted on: two components, a t-SNE map,"
        " the hidden vector",
    )

    @classmethod
    def defaults(cls, config: Config, model: str, wanted: str | None) -> dict[str, Any]:
        return {"estimator": Introspection.defaults(config, model, wanted)["estimator"]}

    def besides(
        self, study: Study, model: str, wanted: str, replicates: list[int]
    ) -> dict[str, list[str]]:
        return introspected(study, model, replicates, {"introspection": wanted})


class MapQuality(OfMaps):
    """How far maps of hidden vectors keep classes apart and neighbours together (pardo2019 §3.1).

    The map of an introspection is among them where one is made on the set and on the training set.
    """

    kind: Literal["map_quality"]

    def refused_on(self, config: Config, model: str, wanted: str) -> str | None:
        is_own = wanted == Introspection.training_set(config, model)
        return "is what the maps are made of, which are asked of others" if is_own else None

    def besides(
        self, study: Study, model: str, wanted: str, replicates: list[int]
    ) -> dict[str, list[str]]:
        training = Introspection.training_set(study.config, model)
        sets = {"introspection": wanted, "training_introspection": training}
        return introspected(study, model, replicates, sets)


class Ensembles(OnSets):
    """How often ensembles of a block's replicates are right, by how members weigh (pardo2019 §4).

    They are weighted by confidence too where an introspection is made on the set.
    """

    kind: Literal["ensembles"]
    sizes: Ascending[Annotated[int, Field(ge=2)]] = Field(
        SIZES, min_length=1, description="replicates in one ensemble; all subsets are made"
    )

    @classmethod
    def defaults(cls, config: Config, model: str, wanted: str | None) -> dict[str, Any]:
        fitting = [size for size in SIZES if size <= _side_by_side(config, model)]
        return {"sizes": fitting or SIZES[:1]}

    def refused_on(self, config: Config, model: str, wanted: str) -> str | None:
        if config.draws(wanted.split("/")[0]):
            return "has a draw per replicate, where an ensemble is shown the same examples"
        return None

    def misfits(self, config: Config, model: str, wanted: str) -> Iterable[tuple[str, str]]:
        if (most := max(self.sizes)) > (there := _side_by_side(config, model)):
            yield "sizes", f"found {most}; blocks of {model} hold {there} replicates that count"

    def besides(
        self, study: Study, model: str, wanted: str, replicates: list[int]
    ) -> dict[str, list[str]]:
        return introspected(study, model, replicates, {"introspection": wanted})


def _side_by_side(config: Config, model: str) -> int:
    """How many replicates of the study a model's fullest block holds."""
    return min(config.side_by_side(model), config.count(model))
