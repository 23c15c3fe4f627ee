"""Self-introspection: hidden activations on a plane, and what is told from there (pardo2019)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field

from study.schema.analyses.kind import (
    ON_SETS,
    OnSets,
    misnamed_layers,
    no_hidden,
    not_followed,
)
from study.schema.section import Distinct, Positive, Section

if TYPE_CHECKING:
    from study.paths import Study
    from study.schema.config import Config

FITTED = (
    *("layers", "hidden", "autoencoder", "estimator"),
    *("weight", "kernel", "width", "held_out", "floor"),
)
SHOWN = ("layers", "floor", "neighbours", "grid")
KNOWN = 20_000  # hidden units of layers whose names the config does not know


class Cycles(Section):
    """A training by Adam in triangular cycles of the learning rate (pardo2019 §2.6)."""

    batch_size: Positive = Field(128, description="examples per step")
    learning_rate: float = Field(1e-3, gt=0, description="at the height of a cycle")
    cycle: Positive = Field(1000, description="steps")
    max_cycles: Positive = Field(10, description="the limit")
    decay: float = Field(1.0, gt=0, le=1, description="of the height, per cycle")
    patience: Positive = Field(
        5, description="cycles on end in which the error on what is held out rises"
    )


SHORT = Cycles(cycle=200, max_cycles=5)  # where nothing is said of it


class OfHidden(OnSets):
    """What is made of the concatenated hidden layers of a network."""

    on_device: ClassVar[bool] = True
    memory: ClassVar[int] = 3000
    minutes: ClassVar[int] = 240

    def refused(self, config: Config, model: str) -> str | None:
        return no_hidden(config, model)

    def read_from(self, config: Config, model: str) -> Introspection | IntrospectionTrajectories:
        """The entry that says which layers are concatenated."""
        return config.analysis("introspection", model, config.asked("introspection")[model][0])

    def layers_of(self, config: Config, model: str) -> dict[str, int | None]:
        """The layers that are concatenated, as far as their names are known, with their units."""
        known = dict(list(config.layers(model).items())[:-1])
        chosen = self.read_from(config, model).layers
        return known if chosen is None else {name: known.get(name) for name in chosen}

    def unknown_layers(self, config: Config, model: str) -> Iterable[tuple[str, str]]:
        """Layers that it names and a model has not among its hidden ones, where these are known."""
        known = list(config.layers(model))[:-1]
        return misnamed_layers(self.layers_of(config, model) if known else (), known)

    def megabytes(self, config: Config, model: str, layer: str | None) -> int:
        """The hidden vectors that a block is fitted on, and as much again for each copy."""
        units = sum(each or 0 for each in self.layers_of(config, model).values()) or KNOWN
        vectors = config.side_by_side(model) * self.vectors(config, model)
        return self.memory + 16 * vectors * units // 10**6

    def vectors(self, config: Config, model: str) -> int:
        """How many hidden vectors of a replicate are held at once, at most."""
        return config.origin_of(model).training

    def needs(self, config: Config, model: str, wanted: str) -> str | None:
        """Why it can't be made where there is no introspection of the set."""
        made = config.asked("introspection").get(model, [])
        return None if wanted in made else f"is not among those that {model} has introspection on"


class Introspection(OfHidden):
    """Where hidden activations lie on a plane, and the error that is estimated there."""

    paths: ClassVar[Mapping[str, str]] = {
        "table": ON_SETS.format(name="introspection"),
        "plane": ON_SETS.format(name="introspection_planes"),
    }
    fitted: ClassVar[bool] = True
    fitted_once: ClassVar[bool] = True
    resumed: ClassVar[tuple[str, ...]] = ("fit_introspection",)
    on_attacks: ClassVar[bool] = True
    kind: Literal["introspection"]
    layers: Distinct[str] | None = Field(
        None, min_length=1, description="hidden layers that are concatenated; left out: all"
    )
    hidden: list[Positive] = Field(
        [200, 200, 200],
        min_length=1,
        description="widths of the encoder, the estimator, and in reverse the decoder (Table 2)",
    )
    autoencoder: Cycles = Field(Cycles(), description="how the autoencoder is trained")
    estimator: Cycles = Field(
        Cycles(batch_size=32), description="how the estimator of the error is trained"
    )
    weight: float = Field(
        10.0,
        ge=0,
        description="of the maximum mean discrepancy, beside half the squared error per unit; "
        "pardo2019 does not say: with 1 the places of digits stayed far from a unit Gaussian",
    )
    kernel: Literal["gaussian", "inverse-multiquadratic"] = Field(
        "inverse-multiquadratic", description="of the discrepancy; pardo2019 does not say"
    )
    width: float = Field(
        1.0,
        gt=0,
        description="of that kernel, over the one that the method's authors have; pardo2019 does "
        "not say",
    )
    held_out: float = Field(
        0.1,
        gt=0,
        lt=1,
        description="share of the training examples that decide when training ends; pardo2019 "
        "does not say",
    )
    floor: float = Field(
        1e-8, gt=0, description="least error whose logarithm is taken; pardo2019 does not say"
    )
    neighbours: Positive = Field(6, description="nearest training examples that count")
    grid: int = Field(120, ge=2, description="places along each axis of the plane that is shown")

    def read_from(self, config: Config, model: str) -> Introspection:
        return self

    @classmethod
    def training_set(cls, config: Config, model: str) -> str:
        """What it is fitted on, dataset/split."""
        return f"{config.model(model).dataset}/train"

    def misfits(self, config: Config, model: str, wanted: str) -> Iterable[tuple[str, str]]:
        training = self.training_set(config, model)
        if training not in [*self.of[model], *config.asked("introspection").get(model, [])]:
            yield f"of.{model}", f"{training}, on which it is fitted, has to be among the sets"
        yield from self.unknown_layers(config, model)

    @classmethod
    def by_default(cls, config: Config, model: str, wanted: str | None) -> Introspection:
        made = config.asked("introspection").get(model, [])
        training = cls.training_set(config, model)
        entry = super().by_default(config, model, wanted)
        if made:  # what is fitted once for all sets has one entry's settings
            entry = config.analysis("introspection", model, made[0])
        sets = dict.fromkeys([*([] if training in made else [training]), wanted])
        return entry.model_copy(update={"of": {model: list(sets)}})

    @classmethod
    def defaults(cls, config: Config, model: str, wanted: str | None) -> dict[str, Any]:
        return {"autoencoder": SHORT, "estimator": SHORT.model_copy(update={"batch_size": 32})}

    def besides(
        self, study: Study, model: str, wanted: str, replicates: list[int]
    ) -> dict[str, list[str]]:
        training = self.training_set(study.config, model)
        if wanted == training:
            return {}
        block = study.block_of(model, replicates[0])
        return {"known": study.tables("introspection", model, training, block)}

    def slice(
        self, config: Config, model: str, wanted: str | None, layer: str | None = None
    ) -> dict[str, Any]:
        settings = super().slice(config, model, wanted)
        if wanted:
            return {key: settings[key] for key in SHOWN}
        drawn = {"seed": config.seed, "stream": ["introspection", model]}
        return {key: settings[key] for key in FITTED} | drawn


class OfIntrospection(OfHidden):
    """What is made with the maps of an introspection that is fitted already."""

    def refused(self, config: Config, model: str) -> str | None:
        return None if config.asked("introspection").get(model) else "has no introspection"

    def refused_on(self, config: Config, model: str, wanted: str) -> str | None:
        return self.needs(config, model, wanted)

    def implied(self, config: Config, model: str, wanted: str | None) -> dict[str, Any]:
        layers = self.read_from(config, model).layers
        return {"layers": layers, "seed": config.seed, "stream": [self.rule(), model, wanted]}


class ExpectedPatterns(OfIntrospection):
    """The pattern of hidden units that is expected of each class (pardo2019 §2.8)."""

    paths: ClassVar[Mapping[str, str]] = {
        "table": ON_SETS.format(name="expected_patterns"),
        "places": ON_SETS.format(name="expected_places"),
    }
    kind: Literal["expected_patterns"]
    grid: int = Field(
        400, ge=2, description="places along each axis of the square that is summed over (Eq. 8)"
    )

    @classmethod
    def by_default(cls, config: Config, model: str, wanted: str | None) -> ExpectedPatterns:
        """Of the training examples too, whose patterns those of examples are shown beside."""
        entry = super().by_default(config, model, wanted)
        training = Introspection.training_set(config, model)
        made = config.asked("expected_patterns").get(model, [])
        sets = dict.fromkeys([*([] if training in made else [training]), wanted])
        return entry.model_copy(update={"of": {model: list(sets)}})

    def besides(
        self, study: Study, model: str, wanted: str, replicates: list[int]
    ) -> dict[str, list[str]]:
        folder = study.fitted("introspection", model, replicates[0])
        files = {"fitted_model": "model.json", "fitted_weights": "weights.safetensors"}
        return {role: [f"{folder}/{file}"] for role, file in files.items()}


class ExamplePatterns(OfIntrospection):
    """The pattern of hidden units of single examples (pardo2019 §3.3)."""

    kind: Literal["example_patterns"]
    examples: Positive = Field(40, description="examples, half of them misclassified")

    def besides(
        self, study: Study, model: str, wanted: str, replicates: list[int]
    ) -> dict[str, list[str]]:
        return introspected(study, model, replicates, {"introspection": wanted})


class IntrospectionTrajectories(OfHidden):
    """Hidden activations on one plane at every checkpoint (pardo2019 §3.1)."""

    paths: ClassVar[Mapping[str, str]] = {
        "table": ON_SETS.format(name="introspection_trajectories"),
        "separations": ON_SETS.format(name="introspection_separations"),
    }
    reads = "model"
    resumed: ClassVar[tuple[str, ...]] = ("introspection_trajectories",)
    kind: Literal["introspection_trajectories"]
    layers: Distinct[str] | None = Introspection.model_fields["layers"]
    hidden: list[Positive] = Introspection.model_fields["hidden"]
    autoencoder: Cycles = Introspection.model_fields["autoencoder"]
    weight: float = Introspection.model_fields["weight"]
    kernel: Literal["gaussian", "inverse-multiquadratic"] = Introspection.model_fields["kernel"]
    width: float = Introspection.model_fields["width"]
    held_out: float = Introspection.model_fields["held_out"]
    examples: Positive = Field(1000, description="examples that are followed, at random")
    neighbours: Positive = Field(6, description="nearest neighbours that count")

    def read_from(self, config: Config, model: str) -> IntrospectionTrajectories:
        return self

    def vectors(self, config: Config, model: str) -> int:
        return self.examples * len(config.model(model).checkpoints)

    def refused(self, config: Config, model: str) -> str | None:
        if why := not_followed(config, model):
            return why
        return super().refused(config, model)

    def misfits(self, config: Config, model: str, wanted: str) -> Iterable[tuple[str, str]]:
        return self.unknown_layers(config, model)

    def implied(self, config: Config, model: str, wanted: str | None) -> dict[str, Any]:
        return {"seed": config.seed, "stream": ["introspection_trajectories", model, wanted]}


def introspected(
    study: Study, model: str, replicates: list[int], sets: Mapping[str, str]
) -> dict[str, list[str]]:
    """The table of a block's introspection on each of some sets, if all of these are made.

    sets: by the option of the program that reads the table.
    """
    made = study.config.asked("introspection").get(model, [])
    if not set(sets.values()) <= set(made):
        return {}
    block = study.block_of(model, replicates[0])
    return {role: study.tables("introspection", model, one, block) for role, one in sets.items()}
