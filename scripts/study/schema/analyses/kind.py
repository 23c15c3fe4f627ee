"""What every kind of analysis declares: its settings, what it reads and makes, what it applies to.

A kind is a class here, a function of glassbox.analyses and a program of its name. Its docstring is
that of its rule, and its settings, with what they imply, are the slice of the config that its jobs
get.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

from pydantic import Field

from study.schema.refusals import not_among
from study.schema.section import Distinct, Section, SetName, kind_of

if TYPE_CHECKING:
    from study.paths import Study
    from study.schema.config import Config

ON_SETS = "results/analyses/{name}/{{of}}/{{block}}/{{set}}.parquet"
OF_MODELS = "results/analyses/{name}/{{of}}/{{block}}.parquet"


class Analysis(Section):
    """An analysis of models."""

    # What its jobs are about, by the wildcards of its rule.
    about: ClassVar[str]
    # The path of each table by the option of the program that writes it; "table" has a default.
    paths: ClassVar[Mapping[str, str]] = {}
    # Dumps of activations, or the model alone; both come with the examples where it is on sets.
    reads: ClassVar[Literal["activations", "model"]] = "activations"
    # Whether it is fitted on the training set of the model's own data set, and its activations.
    fitted: ClassVar[bool] = False
    # Whether a job of its own fits it, once for all sets, and stores what it fitted as a model.
    fitted_once: ClassVar[bool] = False
    # Whether it looks at labels beside those that they were made from, by `origins`.
    needs_origins: ClassVar[bool] = False
    # Whether it is on sets of examples, and whether attacks on a model are among those it wants.
    on_sets: ClassVar[bool] = True
    on_attacks: ClassVar[bool] = False
    # Whether it runs networks or large products, on a GPU where there is one.
    on_device: ClassVar[bool] = False
    # Its programs that keep their state while they are at work, and go on from there.
    resumed: ClassVar[tuple[str, ...]] = ()
    memory: ClassVar[int] = 2000  # MB
    minutes: ClassVar[int] = 10

    kind: str
    of: Any

    @classmethod
    def rule(cls) -> str:
        """The name of its rule and of its program."""
        return kind_of(cls)

    @classmethod
    def fitting(cls) -> str:
        """The name of the rule, and of its program, that fits it once for all sets."""
        return f"fit_{cls.rule()}"

    @classmethod
    def by_default(cls, config: Config, model: str, wanted: str | None) -> Self:
        """The entry that asks for it of a model, on a set where it is on sets; it may not apply."""
        of = {model: [wanted]} if cls.on_sets else [model]
        return cls.model_construct(kind=cls.rule(), of=of, **cls.defaults(config, model, wanted))

    @classmethod
    def defaults(cls, config: Config, model: str, wanted: str | None) -> dict[str, Any]:
        """The settings where none are given, beside those that have a default."""
        return {}

    def asked(self) -> dict[str, list[str | None]]:
        """The sets that it is made on, by model; None where it is on no set."""
        raise NotImplementedError

    def refused(self, config: Config, model: str) -> str | None:
        """Why it can't be made of a model; None if it can."""
        return None

    def refused_on(self, config: Config, model: str, wanted: str) -> str | None:
        """Why it can't be made of a model on a set, dataset/split; None if it can."""
        return None

    def misfits(self, config: Config, model: str, wanted: str) -> Iterable[tuple[str, str]]:
        """Settings that don't suit a model on a set, by key, and why."""
        return ()

    def by_layer(self, config: Config, model: str) -> list[str]:
        """The layers of a model that have a job each, where `about` says that jobs are by layer."""
        raise NotImplementedError

    def beside(self, config: Config, wanted: str) -> str | None:
        """Another set, dataset/split, that the model is shown beside this one; None for most."""
        return None

    def besides(
        self, study: Study, model: str, wanted: str, replicates: list[int]
    ) -> dict[str, list[str]]:
        """What a job reads beside the model and examples, by the option of its program."""
        return {}

    def megabytes(self, config: Config, model: str, layer: str | None) -> int:
        """The memory that a job asks for; layer: where it is about one."""
        return self.memory

    def implied(self, config: Config, model: str, wanted: str | None) -> dict[str, Any]:
        """What its jobs depend on beside its settings and what they read."""
        return {}

    def slice(
        self, config: Config, model: str, wanted: str | None, layer: str | None = None
    ) -> dict[str, Any]:
        """What a job depends on, beside what it reads.

        wanted: the set, dataset/split, where it is on one; layer: where it is about one.
        """
        settings = self.model_dump(mode="json", exclude={"kind", "of"})
        return settings | self.implied(config, model, wanted)


class OfModels(Analysis):
    """An analysis of models by themselves."""

    on_sets: ClassVar[bool] = False
    about: ClassVar[str] = "{model}/{block}"
    reads = "model"
    of: Distinct[str] = Field([], description="models, or their checkpoints, written model@epoch")

    @classmethod
    def places(cls) -> dict[str, str]:
        """The path of each table, by option; {of} is the model."""
        return dict(cls.paths) or {"table": OF_MODELS.format(name=cls.rule())}

    def asked(self) -> dict[str, list[str | None]]:
        return {model: [None] for model in self.of}


class OnSets(Analysis):
    """An analysis of models on sets of examples."""

    about: ClassVar[str] = "{model}/{block}/{dataset}/{split}"
    of: dict[str, Distinct[SetName]] = Field(
        {},
        description="sets of examples, written dataset/split, by the model that is shown them, "
        "or by one of its checkpoints, written model@epoch",
    )

    @classmethod
    def places(cls) -> dict[str, str]:
        """The path of each table, by option; {of} is the model, {set} the set."""
        return dict(cls.paths) or {"table": ON_SETS.format(name=cls.rule())}

    def asked(self) -> dict[str, list[str | None]]:
        return dict(self.of)


def misnamed_layers(
    layers: Iterable[str] | None, known: Collection[str], key: str = "layers"
) -> Iterable[tuple[str, str]]:
    """Layers that are not among those of a model, as far as these are known, by key, and why."""
    for layer in layers or () if known else ():
        yield from ((key, why) for why in not_among(layer, known))


def with_input(config: Config, model: str) -> list[str]:
    """The layers of a model and its input, as far as they are known before it is made."""
    known = list(config.layers(model))
    return ["input", *known] if known else []


def no_hidden(config: Config, model: str) -> str | None:
    """Why nothing can be made of a model's hidden layers; None if it has some, or may have."""
    return "has no hidden layers" if len(config.layers(model)) == 1 else None


def for_patterns(config: Config, model: str, *units: int | None) -> int:
    """MB for the training patterns of layers of so many units, the widest at a time.

    A job of 60,000 patterns of 11,520 units was seen to take 12,000.
    """
    data = config.origin_of(model)
    widest = max((each for each in units if each), default=0)
    return 2500 + 4 * data.training * (4 * widest + 3 * data.width) // 10**6


def not_followed(config: Config, model: str) -> str | None:
    """Why a model can't be followed over its checkpoints; None if it can."""
    if model not in config.models:
        return "is one checkpoint, where all of a model's are followed"
    return None if config.model(model).checkpoints else "has no checkpoints"
