"""Analyses of what layers make of a set of examples."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import Field

from study.schema.analyses.kind import (
    ON_SETS,
    OnSets,
    for_patterns,
    misnamed_layers,
    no_hidden,
    not_followed,
    with_input,
)
from study.schema.section import Ascending, Distinct, LayerName, Positive, SetName

if TYPE_CHECKING:
    from study.schema.config import Config


Several = Annotated[Ascending[Positive], Field(min_length=1)]


class Predictions(OnSets):
    """What a model answers, example by example."""

    on_attacks: ClassVar[bool] = True
    kind: Literal["predictions"]
    of: dict[str, Distinct[SetName]] = Field(
        {}, description="sets of examples, by the model or the detector that answers"
    )


class Averages(OnSets):
    """Averaged activations of every layer, the zeroth included (chen2017 Eq. 3.6)."""

    kind: Literal["averages"]


class Deviations(OnSets):
    """Deviation measures of every layer, exact over all pairs (chen2017 §6.4)."""

    on_device: ClassVar[bool] = True
    memory: ClassVar[int] = 4000
    minutes: ClassVar[int] = 30
    kind: Literal["deviations"]

    def implied(self, config: Config, model: str, wanted: str | None) -> dict[str, Any]:
        return {"ordered": config.is_ordered(wanted)}


class UnitActivity(OnSets):
    """How often each hidden unit is active (chen2017 §4.2.2)."""

    former: ClassVar[str | None] = "units"
    kind: Literal["unit_activity"]

    def refused(self, config: Config, model: str) -> str | None:
        return no_hidden(config, model)


class Redundancy(OnSets):
    """What single units tell, and how a network does without some (chen2017 §3.3.3)."""

    kind: Literal["redundancy"]

    def refused(self, config: Config, model: str) -> str | None:
        section = config.model(model)
        is_perceptron = section.build == "mlp" and section.hidden
        return None if is_perceptron else "is no perceptron with hidden layers"


class Confidences(OnSets):
    """How sure a model is of hand-made signals (chen2017 §7.2)."""

    kind: Literal["confidences"]

    def refused_on(self, config: Config, model: str, wanted: str) -> str | None:
        kind = config.datasets[wanted.split("/")[0]].kind
        return None if kind == "shapes" else "is not of a set of kind shapes"


class OfSome(OnSets):
    """What looks at some examples of a set, the same ones in every model and layer."""

    enough: ClassVar[int] = 2000  # points, where nothing is said of them
    points: Positive | Literal["all"] = Field("all", description="examples, at random")
    layers: Distinct[str] | None = Field(
        None, min_length=1, description="by their names; input is the zeroth; left out: all"
    )

    @classmethod
    def defaults(cls, config: Config, model: str, wanted: str | None) -> dict[str, Any]:
        return {"points": cls.enough}

    def misfits(self, config: Config, model: str, wanted: str) -> Iterable[tuple[str, str]]:
        return misnamed_layers(self.layers, with_input(config, model))

    def implied(self, config: Config, model: str, wanted: str | None) -> dict[str, Any]:
        dataset, split = wanted.split("/")
        return {
            "points": None if self.points == "all" else self.points,
            "seed": config.seed,
            "stream": ["projection", config.labelled(dataset), split],
        }


class Points(OfSome):
    """What looks at the nearest neighbours of some examples."""

    needs_origins: ClassVar[bool] = True
    neighbours: Positive | Several = Field(
        6, description="nearest neighbours that count, one number or several"
    )

    def implied(self, config: Config, model: str, wanted: str | None) -> dict[str, Any]:
        several = [self.neighbours] if isinstance(self.neighbours, int) else self.neighbours
        return {**super().implied(config, model, wanted), "neighbours": several}


class Neighbourhoods(Points):
    """Neighbours in every layer, and whether they share a label (chen2017 §6.3)."""

    memory: ClassVar[int] = 4000
    minutes: ClassVar[int] = 30
    kind: Literal["neighbourhoods"]

    def megabytes(self, config: Config, model: str, layer: str | None) -> int:
        return max(self.memory, for_patterns(config, model, *config.layers(model).values()))


class Projections(Points):
    """Maps of every layer, the zeroth included, by t-SNE or metric scaling (chen2017 §6.3)."""

    # A job is about one replicate, in place of a block.
    about: ClassVar[str] = "{model}/{replicate}/{dataset}/{split}"
    paths: ClassVar[Mapping[str, str]] = {
        "table": "results/analyses/projections/{of}/{replicate}/{set}.parquet",
        "hits": "results/analyses/map_neighbourhoods/{of}/{replicate}/{set}.parquet",
    }
    memory: ClassVar[int] = 4000
    minutes: ClassVar[int] = 60
    kind: Literal["projections"]
    replicates: Positive = Field(1, description="replicates that get maps")
    methods: Distinct[Literal["t-sne", "mds"]] = Field(
        ["t-sne"],
        min_length=1,
        description="mds: metric scaling of Euclidean distances, which takes the square of the "
        "points in memory, 8 bytes each",
    )
    seeds: Positive = Field(1, description="maps of each layer, each with its own random state")
    draws: Positive = Field(1, description="draws of the points, each with maps of its own")
    perplexity: float = Field(30.0, ge=1, description="of t-SNE")

    def slice(
        self, config: Config, model: str, wanted: str | None, layer: str | None = None
    ) -> dict[str, Any]:
        whole = super().slice(config, model, wanted)
        return {key: value for key, value in whole.items() if key != "replicates"}


class ProjectionTrajectories(Points):
    """t-SNE maps that start each from the one before, over layers or checkpoints (rauber2017)."""

    needs_origins: ClassVar[bool] = False
    reads = "model"
    paths: ClassVar[Mapping[str, str]] = {
        "table": ON_SETS.format(name="projection_trajectories"),
        "measures": ON_SETS.format(name="projection_measures"),
    }
    on_device: ClassVar[bool] = True
    memory: ClassVar[int] = 4000
    minutes: ClassVar[int] = 60
    kind: Literal["projection_trajectories"]
    over: Distinct[Literal["layers", "checkpoints"]] = Field(
        ["layers"], min_length=1, description="what the maps are a series of"
    )
    neighbours: Positive = Field(6, description="nearest neighbours that count")
    layers: Distinct[str] | None = Field(
        None, min_length=2, description="of the series over layers; left out: all hidden ones"
    )
    layer: LayerName | None = Field(
        None, description="of the series over checkpoints; left out: the last hidden one"
    )
    perplexity: float = Field(30.0, ge=1, description="of t-SNE")

    def refused(self, config: Config, model: str) -> str | None:
        return no_hidden(config, model)

    def misfits(self, config: Config, model: str, wanted: str) -> Iterable[tuple[str, str]]:
        yield from super().misfits(config, model, wanted)
        if "checkpoints" in self.over and (why := not_followed(config, model)):
            yield "over", f"found checkpoints; {model} {why}"
        named = [self.layer] if self.layer else []
        yield from misnamed_layers(named, with_input(config, model), "layer")

    def implied(self, config: Config, model: str, wanted: str | None) -> dict[str, Any]:
        return super().implied(config, model, wanted) | {"neighbours": self.neighbours}

    @classmethod
    def defaults(cls, config: Config, model: str, wanted: str | None) -> dict[str, Any]:
        both = ["layers", "checkpoints"]
        return {"points": cls.enough, "over": both[:1] if not_followed(config, model) else both}


class Silhouettes(OnSets):
    """How clustered examples of one answer are in every layer (lee2019 §4)."""

    on_device: ClassVar[bool] = True
    memory: ClassVar[int] = 5000
    minutes: ClassVar[int] = 60
    kind: Literal["silhouettes"]
    layers: Distinct[str] | None = Field(
        None, min_length=1, description="left out: all but the input"
    )

    def misfits(self, config: Config, model: str, wanted: str) -> Iterable[tuple[str, str]]:
        return misnamed_layers(self.layers, with_input(config, model))

    def megabytes(self, config: Config, model: str, layer: str | None) -> int:
        return min(self.memory, for_patterns(config, model, *config.layers(model).values()))


class LearnedFilters(OnSets):
    """The filter of each class of a model, and what it is like (chen2017 §3.3)."""

    paths: ClassVar[Mapping[str, str]] = {
        "filters": ON_SETS.format(name="learned_filters"),
        "likeness": ON_SETS.format(name="likeness"),
    }
    reads = "model"
    kind: Literal["learned_filters"]

    def refused_on(self, config: Config, model: str, wanted: str) -> str | None:
        kind = config.datasets[wanted.split("/")[0]].kind
        return None if kind == "jumps" else "is not of a set of kind jumps"


class AdversarialDistances(OnSets):
    """How far examples are from another answer of a model, by DeepFool (chen2017 §5.1)."""

    reads = "model"
    on_device: ClassVar[bool] = True
    memory: ClassVar[int] = 4000
    minutes: ClassVar[int] = 30
    enough: ClassVar[int] = 100  # examples, where nothing is said of them
    kind: Literal["adversarial_distances"]
    examples: Positive = Field(400, description="examples, at random")
    steps: Positive = Field(50, description="steps after which one that keeps its answer is left")
    apart: Ascending[Positive] = Field(
        [1], min_length=1, description="least changes of the answer that count, in classes; 1: any"
    )

    @classmethod
    def defaults(cls, config: Config, model: str, wanted: str | None) -> dict[str, Any]:
        return {"examples": cls.enough}

    def misfits(self, config: Config, model: str, wanted: str) -> Iterable[tuple[str, str]]:
        farthest = config.origin_of(model).classes // 2 if config.is_ordered(wanted) else 1
        if (most := max(self.apart)) > farthest:
            yield "apart", f"found {most}; classes of {wanted} allow at most {farthest}"

    def implied(self, config: Config, model: str, wanted: str | None) -> dict[str, Any]:
        stream = ["adversarial_distances", *wanted.split("/")]
        return {"seed": config.seed, "stream": stream}


class DeviationTrajectories(OnSets):
    """Deviation measures of every layer at every checkpoint (chen2017 §7.3)."""

    reads = "model"
    on_device: ClassVar[bool] = True
    memory: ClassVar[int] = 4000
    minutes: ClassVar[int] = 30
    former: ClassVar[str | None] = "trajectories"
    kind: Literal["deviation_trajectories"]

    def refused(self, config: Config, model: str) -> str | None:
        return not_followed(config, model)

    def implied(self, config: Config, model: str, wanted: str | None) -> dict[str, Any]:
        return {"ordered": config.is_ordered(wanted)}
