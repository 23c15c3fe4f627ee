"""What is fitted on the patterns of a model's training examples, and shown others (lee2019)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import Field

from study.schema.analyses.kind import (
    ON_SETS,
    OnSets,
    for_patterns,
    misnamed_layers,
    with_input,
)
from study.schema.refusals import no_set, not_among, too_few_draws
from study.schema.section import Ascending, Distinct, Name, Positive, SetName

if TYPE_CHECKING:
    from study.paths import Study
    from study.schema.config import Config

OF_LAYERS = "results/analyses/{name}/{{of}}/{{block}}/{{set}}/{{layer}}.parquet"
THRESHOLDS = [0.5, 0.6, 0.7, 0.8, 0.9]  # where none are given
Cosine = Annotated[float, Field(gt=-1, le=1)]


class OfPatterns(OnSets):
    """What is fitted on training examples, and needs layers whose names are known before."""

    fitted: ClassVar[bool] = True
    on_device: ClassVar[bool] = True
    minutes: ClassVar[int] = 180

    def refused(self, config: Config, model: str) -> str | None:
        if config.layers(model):
            return None
        return f"is of build {config.model(model).build}, whose layers the config does not name"


class Libraries(OfPatterns):
    """Libraries of one layer for all thresholds, their predictions and the baselines'."""

    about: ClassVar[str] = "{model}/{block}/{dataset}/{split}/{layer}"
    paths: ClassVar[Mapping[str, str]] = {
        "table": OF_LAYERS.format(name="libraries"),
        "nodes": OF_LAYERS.format(name="library_nodes"),
        "confusion": OF_LAYERS.format(name="confusion"),
        "probe": OF_LAYERS.format(name="library_probes"),
    }
    kind: Literal["libraries"]
    thresholds: dict[str, Ascending[Cosine]] = Field(
        min_length=1, description="least cosines of one node, by layer"
    )
    nodes: Positive = Field(3, description="most active nodes that predict (Eq. 3)")
    orders: int = Field(1, ge=0, description="shuffled data orders beside the given one")
    shares: Ascending[Annotated[float, Field(gt=0, lt=1)]] = Field(
        [0.1], description="shares of a layer's units, drawn at random (§4.3)"
    )

    @classmethod
    def defaults(cls, config: Config, model: str, wanted: str | None) -> dict[str, Any]:
        return {"thresholds": dict.fromkeys(config.layers(model), THRESHOLDS)}

    def by_layer(self, config: Config, model: str) -> list[str]:
        return [layer for layer in config.layers(model) if layer in self.thresholds]

    def misfits(self, config: Config, model: str, wanted: str) -> Iterable[tuple[str, str]]:
        for layer in self.thresholds:
            yield from (("thresholds", why) for why in not_among(layer, config.layers(model)))

    def megabytes(self, config: Config, model: str, layer: str | None) -> int:
        return for_patterns(config, model, config.layers(model)[layer])

    def slice(
        self, config: Config, model: str, wanted: str | None, layer: str | None = None
    ) -> dict[str, Any]:
        drawn = {"seed": config.seed, "stream": ["libraries", model, layer]}
        of_layer = {"layer": layer, "thresholds": self.thresholds[layer]}
        return super().slice(config, model, wanted) | drawn | of_layer


class Consistency(OfPatterns):
    """How well consistency and the detectors beside it tell attacks and images from elsewhere.

    The examples of the set are the normal ones.
    """

    paths: ClassVar[Mapping[str, str]] = {
        "table": ON_SETS.format(name="consistency"),
        "scores": ON_SETS.format(name="consistency_scores"),
    }
    reads = "model"
    kind: Literal["consistency"]
    sets: dict[Name, dict[str, Cosine]] = Field(
        min_length=1, description="thresholds by layer whose predictions are compared (Table 1)"
    )
    nodes: Positive = Field(3, description="most active nodes that predict (Eq. 3)")
    attacks: Distinct[str] = Field([], description="data sets of kind attack, of the same examples")
    outliers: Distinct[SetName] = Field([], description="examples from elsewhere (§4.2)")
    images: Positive = Field(200, description="the first ones of each set, which are shown")
    mahalanobis: str | None = Field(None, description="layer of the Mahalanobis distance")

    @classmethod
    def defaults(cls, config: Config, model: str, wanted: str | None) -> dict[str, Any]:
        libraries = [each for each in config.analyses.values() if each.kind == "libraries"]
        built = next((x.thresholds for x in libraries if wanted in x.asked().get(model, [])), {})
        chosen = {layer: each[len(each) // 2] for layer, each in built.items()}
        attacks = config.attacks_on(model, wanted)
        return {"sets": {"set1": chosen}, "attacks": attacks}

    def libraries(self, config: Config, model: str, wanted: str) -> Libraries:
        """The entry whose libraries predict."""
        return config.analysis("libraries", model, wanted)

    def odd(self, config: Config) -> list[str]:
        """What is shown beside normal examples, dataset/split: attacks, then outliers."""
        attacks = [f"{each}/{split}" for each in self.attacks for split in config.splits(each)]
        return [*attacks, *self.outliers]

    def sizes(self, config: Config, space: str) -> list[float]:
        """The sizes of the attacks in a space."""
        attacks = (config.datasets.get(each) for each in self.attacks)
        ours = (each for each in attacks if each and each.kind == "attack" and each.space == space)
        return [size for each in ours for size in each.sizes]

    def refused_on(self, config: Config, model: str, wanted: str) -> str | None:
        made = config.asked("libraries").get(model, [])
        return None if wanted in made else f"is not among those that {model} has libraries on"

    def misfits(self, config: Config, model: str, wanted: str) -> Iterable[tuple[str, str]]:
        thresholds = self.libraries(config, model, wanted).thresholds
        for layer in [self.mahalanobis] if self.mahalanobis else []:
            yield from (("mahalanobis", why) for why in not_among(layer, thresholds))
        for name, chosen in self.sets.items():
            if len(chosen) < 2:
                yield f"sets.{name}", f"found {len(chosen)} layers; at least 2 are compared"
            for layer, threshold in chosen.items():
                built = thresholds.get(layer, [])
                if threshold not in built:
                    known = ", ".join(map(str, built)) or "none"
                    yield f"sets.{name}.{layer}", f"found {threshold}; built: {known}"
        if not self.attacks and not self.outliers:
            yield "attacks", "neither attacks nor outliers are given"
        for attack in self.attacks:
            yield from (("attacks", why) for why in self._no_attack(config, model, wanted, attack))
        for one in self.outliers:
            yield from (("outliers", why) for why in _no_outliers(config, model, one))

    def _no_attack(self, config: Config, model: str, wanted: str, attack: str) -> Iterable[str]:
        attacks = [each for each, section in config.datasets.items() if section.kind == "attack"]
        if attack not in attacks:
            yield from not_among(attack, attacks)
            return
        section = config.datasets[attack]
        if section.of != wanted:
            yield f"{attack} is made of {section.of}, and not of {wanted}"
        elif section.images < self.images:
            yield f"{attack} has {section.images} images, and {self.images} are shown"
        else:
            yield from too_few_draws(config, model, attack)

    def besides(
        self, study: Study, model: str, wanted: str, replicates: list[int]
    ) -> dict[str, list[str]]:
        of_block = model, wanted, study.block_of(model, replicates[0])
        return {
            "nodes": study.tables("libraries.nodes", *of_block),
            "probes": study.tables("libraries.probe", *of_block),
            "odd": study.by_replicate(self.odd(study.config), replicates),
        }

    def megabytes(self, config: Config, model: str, layer: str | None) -> int:
        return for_patterns(config, model, *config.layers(model).values())

    def slice(
        self, config: Config, model: str, wanted: str | None, layer: str | None = None
    ) -> dict[str, Any]:
        drawn = {"seed": config.seed, "stream": ["consistency", model]}
        layers = self.libraries(config, model, wanted).by_layer(config, model)
        shown = {"layers": layers, "odd": self.odd(config)}
        settings = super().slice(config, model, wanted)
        kept = {key: settings[key] for key in ("sets", "nodes", "images", "mahalanobis")}
        return kept | drawn | shown


class Probes(OfPatterns):
    """A linear probe of every layer: how far it is right, and answers as the model does."""

    fitted_once: ClassVar[bool] = True
    minutes: ClassVar[int] = 60
    kind: Literal["probes"]
    layers: Distinct[str] | None = Field(
        None, min_length=1, description="left out: all but the input"
    )

    def refused(self, config: Config, model: str) -> str | None:
        return None

    def misfits(self, config: Config, model: str, wanted: str) -> Iterable[tuple[str, str]]:
        return misnamed_layers(self.layers, with_input(config, model))

    def megabytes(self, config: Config, model: str, layer: str | None) -> int:
        return for_patterns(config, model, *config.layers(model).values())


class PatternChanges(OfPatterns):
    """How far the patterns of every layer stay as they were when inputs change (lee2019 §4.1)."""

    minutes: ClassVar[int] = 60
    kind: Literal["pattern_changes"]
    layers: Distinct[str] | None = Field(
        None, min_length=1, description="left out: all but the input"
    )

    def refused(self, config: Config, model: str) -> str | None:
        return None

    def misfits(self, config: Config, model: str, wanted: str) -> Iterable[tuple[str, str]]:
        return misnamed_layers(self.layers, with_input(config, model))

    def refused_on(self, config: Config, model: str, wanted: str) -> str | None:
        is_changed = config.unchanged(wanted) is not None
        return None if is_changed else "is not of a set of kind moved-patches or attack"

    def beside(self, config: Config, wanted: str) -> str | None:
        return config.unchanged(wanted)

    def megabytes(self, config: Config, model: str, layer: str | None) -> int:
        return for_patterns(config, model, *config.layers(model).values())


def _no_outliers(config: Config, model: str, one: str) -> Iterable[str]:
    """Why examples can't be shown beside those of a model, if they can't."""
    problems = list(no_set(config, one))
    yield from problems
    if problems:
        return
    dataset, width = one.split("/")[0], config.origin_of(model).width
    if config.origin(dataset).width != width:
        yield f"{one} has not the {width} inputs of {config.model(model).dataset}"
    yield from too_few_draws(config, model, dataset)
