"""The config as a whole."""

from typing import Literal

from pydantic import Field

from study.schema.analyses import Analysis, AnyAnalysis
from study.schema.datasets import Dataset, OriginalSection
from study.schema.detectors import Detector
from study.schema.experiments import Experiment
from study.schema.figures import Figure, Table
from study.schema.models import Model
from study.schema.section import AnalysisName, Count, Name, Positive, Section, at_epoch

Scale = Literal["laptop", "published", "smoke"]


class Report(Section):
    """The report."""

    title: str = "Glassbox"


class Config(Section):
    """The whole study."""

    works: list[Name] = Field([], description="works to repeat, folders of config/, in this order")
    scale: Scale = Field("laptop", description="which of a work's files holds its content")
    seed: int = Field(2017, ge=0, description="every random draw depends on it")
    replicates: Count = Field(5, description="draws of data, start and order per model")
    together: Count = Field(
        5, description="replicates in one job; such a block is always made whole"
    )
    device: Literal["auto", "cpu", "cuda"] = Field(
        "auto", description="where models run; changing it redoes nothing"
    )
    save_every: int = Field(
        300,
        ge=0,
        description="seconds after which a training, or a fit of an introspection, keeps its "
        "state, to go on from there if it is ended; changing it redoes nothing",
    )
    widest: Positive = Field(
        1024, description="units of the widest layer that dumps of activations hold"
    )
    datasets: dict[Name, Dataset]
    models: dict[Name, Model]
    detectors: dict[Name, Detector] = Field({})
    experiments: dict[Name, Experiment] = Field({})
    analyses: dict[AnalysisName, AnyAnalysis] = Field(
        {}, description="by name, which is the kind where `kind` is left out"
    )
    figures: dict[Name, Figure] = Field({})
    tables: dict[Name, Table] = Field({})
    report: Report = Report()

    def asked(self, kind: str) -> dict[str, list[str | None]]:
        """The sets that analyses of a kind are asked for on, by model; None: on no set."""
        asked: dict[str, list[str | None]] = {}
        for entry in self.analyses.values():
            for model, sets in entry.asked().items() if entry.kind == kind else ():
                asked[model] = [*asked.get(model, []), *sets]
        return asked

    def analysis(self, kind: str, model: str, wanted: str | None) -> Analysis:
        """The entry that asks for an analysis of a model on a set."""
        return next(
            entry
            for entry in self.analyses.values()
            if entry.kind == kind and wanted in entry.asked().get(model, [])
        )

    def model(self, name: str) -> Model:
        """The section of a model, or of the model that a checkpoint is of."""
        return self.models[at_epoch(name)[0]]

    def is_model(self, name: str) -> bool:
        """Whether there is a model of this name, or a checkpoint, written model@epoch."""
        model, epoch = at_epoch(name)
        if name == model:
            return name in self.models
        return model in self.models and epoch in self.models[model].kept()

    def asked_models(self) -> list[str]:
        """The models, and the checkpoints that analyses are asked for of."""
        asked = (each for entry in self.analyses.values() for each in entry.asked())
        return list(dict.fromkeys([*self.models, *filter(self.is_model, asked)]))

    def origin_of(self, model: str) -> OriginalSection:
        """The data set that a model's own was made from."""
        return self.origin(self.model(model).dataset)

    def is_ordered(self, wanted: str) -> bool:
        """Whether the classes of a set, dataset/split, have an order, as locations have."""
        return self.datasets[wanted.split("/")[0]].is_ordered(self)

    def origin(self, dataset: str) -> OriginalSection:
        """The data set that a set was made from or is like: its sizes are those of the set."""
        return self.datasets[dataset].origin(self)

    def source(self, dataset: str) -> str | None:
        """The data set that another is made from, if it is."""
        return self.datasets[dataset].source

    def replicated_as(self, method: str) -> str:
        """Whose replicates a method has: the model's of a learned filter, else its own."""
        detector = self.detectors.get(method)
        return detector.replicated_as(method) if detector else method

    def count(self, method: str) -> int:
        """How many replicates of a model or a detector the study has."""
        model = self.replicated_as(method)
        return self.model(model).count(self.replicates) if self.is_model(model) else self.replicates

    def side_by_side(self, method: str) -> int:
        """How many replicates of a model or a detector one job makes."""
        model = self.replicated_as(method)
        is_model = self.is_model(model)
        return self.model(model).side_by_side(self.together) if is_model else self.together

    def made_of(self, method: str) -> int:
        """How many replicates of a model or a detector are made, since blocks are made whole."""
        together = self.side_by_side(method)
        return -(-self.count(method) // together) * together

    def own_counts(self) -> dict[str, int]:
        """The models, and filters of models, with a number of replicates of their own, and that."""
        names = [*self.asked_models(), *self.detectors]
        models = {name: self.replicated_as(name) for name in names}
        sections = {name: self.model(each) for name, each in models.items() if self.is_model(each)}
        own = (name for name, each in sections.items() if each.replicates or each.weights)
        return {name: self.count(name) for name in own}

    @property
    def trained(self) -> list[str]:
        """The models that are trained here, and don't take the weights of others."""
        return [name for name, each in self.models.items() if not each.weights]

    def image_shape(self, dataset: str) -> list[int] | None:
        """Height, width and, for colour, 3 of a set's images; None for what are no images."""
        return self.origin(dataset).image_shape

    def draws(self, dataset: str) -> bool:
        """Whether each replicate has a draw of its own, as generated sets and attacks have."""
        return self.datasets[dataset].has_draws(self)

    def most_draws(self, dataset: str) -> int | None:
        """How many draws of a set there are, where there are as many as of an attacked model."""
        return self.datasets[dataset].most_draws(self)

    def splits(self, dataset: str) -> list[str]:
        """The splits of a set."""
        return self.datasets[dataset].splits(self)

    def attacks_on(self, model: str, wanted: str) -> list[str]:
        """The sets of attacks on a model that are made of a set, dataset/split."""
        return [
            name
            for name, each in self.datasets.items()
            if each.kind == "attack" and (each.model, each.of) == (model, wanted)
        ]

    def labelled(self, dataset: str) -> str:
        """The set that has the same examples under the labels that they were made with."""
        return self.datasets[dataset].labelled(dataset, self)

    def unchanged(self, wanted: str) -> str | None:
        """The set, dataset/split, whose inputs were changed for that of another set, if any were.

        Both have the same examples in the same order, that of an attack only the first of them.
        """
        dataset, split = wanted.split("/")
        return self.datasets[dataset].unchanged(split)

    def layers(self, model: str) -> dict[str, int | None]:
        """The units, as far as known, of a model's layers whose names are known before it is."""
        section = self.model(model)
        return section.layers(self.origin_of(model), self.image_shape(section.dataset))
