"""Figures of networks themselves: training, weights, filters, bottlenecks and gradient ascent.

Signals that gradient ascent finds are those of one network, so that these figures show replicate 0.
"""

from typing import Any, ClassVar, Literal, Self

from pydantic import Field

from study.paths import NotMade, Study
from study.schema.figures.kind import Data, FigureKind, Refused, is_made, label_at
from study.schema.models import Model
from study.schema.section import Colour, ColourMap, Distinct, Positive, SetName


class TrainingCurves(FigureKind):
    """Loss and error during training (chen2017 Fig. 3.9)."""

    former: ClassVar[str | None] = "curves"
    kind: Literal["training-curves"]
    caption: ClassVar[str] = (
        "Loss and classification error on the training and validation sets after each epoch. "
        "Bold lines are means over replicates, thin lines single replicates; ticks on top "
        "mark the epochs whose weights were kept."
    )
    model: str

    @classmethod
    def of(cls, study: Study, model: str, wanted: str) -> Self | None:
        if not is_made(study, "training.history", model):
            return None
        return cls.titled("Loss and error during training", model=model)

    def data(self, study: Study) -> Data:
        return {"histories": study.tables("training.history", self.model)}

    def derived(self, study: Study) -> dict[str, Any]:
        """The replicates that count, and what isn't epochs or the cross-entropy."""
        recipe = study.model(self.model).recipe
        period = {"period": "cycle"} if recipe.stop == "cycles" else {}
        loss = {"loss": recipe.loss} if recipe.loss != "cross-entropy" else {}
        return {"replicates": study.config.count(self.model), **period, **loss}


class WeightMatrices(FigureKind):
    """Weights and biases of replicate 0 (chen2017 Figs 3.11, 3.14)."""

    former: ClassVar[str | None] = "weights"
    kind: Literal["weight-matrices"]
    caption: ClassVar[str] = (
        "Weights of each layer as a heat map, inputs by units, and its biases as bars. "
        "Colours are symmetric about 0, and each panel has a scale of its own."
    )
    model: str
    colour_map: ColourMap = "RdBu_r"

    @classmethod
    def of(cls, study: Study, model: str, wanted: str) -> Self | None:
        if not is_made(study, "parameters", model):
            return None
        return cls.titled("Weights and biases", model=model)

    def data(self, study: Study) -> Data:
        return {"parameters": study.tables("parameters", self.model)[:1]}


class FilterShapes(FigureKind):
    """The filters of a convolutional network (chen2017 Figs 3.18, 3.19, 3.21, 3.23)."""

    kind: Literal["filter-shapes"]
    caption: ClassVar[str] = (
        "Weights of the convolutional filters of each layer, divided by the sum of their "
        "absolute values, one line per replicate; colours tell filters that smooth from those"
        " that differentiate."
    )
    model: str
    colours: list[Colour] = Field(["#0072b2", "#d55e00"], min_length=2)

    @classmethod
    def of(cls, study: Study, model: str, wanted: str) -> Self | None:
        if not is_made(study, "filters", model):
            return None
        return cls.titled("Filters", model=model)

    def data(self, study: Study) -> Data:
        return {"filters": study.tables("filters", self.model)}

    def derived(self, study: Study) -> dict[str, Any]:
        return {"replicates": study.config.count(self.model)}


class BottleneckWidths(FigureKind):
    """Errors against the width of a bottleneck (chen2017 Figs 4.3, 4.4)."""

    kind: Literal["bottleneck-widths"]
    caption: ClassVar[str] = (
        "Each error measure against the number of units in the bottleneck: bold the mean, "
        "thin the single replicates, and a level line for the method compared with."
    )
    models: Distinct[str] = Field(
        min_length=1, description="perceptrons; the least of their widths is the bottleneck's"
    )
    set: SetName
    reference: str | None = Field(None, description="a network or detector to compare with")
    colour: Colour = "#0072b2"

    def data(self, study: Study) -> Data:
        sizes = list(self.derived(study)["sizes"].values())
        if len(set(sizes)) < len(sizes):
            raise Refused("models", f"found bottlenecks of {sizes} units; must differ")
        methods = [*self.models, *([self.reference] if self.reference else [])]
        return {"errors": study.each("errors", [(method, self.set) for method in methods])}

    def derived(self, study: Study) -> dict[str, Any]:
        models = study.config.models.items()
        narrow = {name: min(each.hidden) for name, each in models if is_narrow(each)}
        for name in self.models:
            if name not in narrow:
                raise NotMade(name, narrow)
        return {"sizes": {name: narrow[name] for name in self.models}}


def is_narrow(model: Model) -> bool:
    """Whether a model can have a bottleneck."""
    return model.build == "mlp" and bool(model.hidden)


class EmbeddingSuccess(FigureKind):
    """Success of the Moore-Penrose embedding (chen2017 Figs 4.14, 4.15)."""

    former: ClassVar[str | None] = "successes"
    kind: Literal["embedding-success"]
    caption: ClassVar[str] = (
        "Probability that the Moore-Penrose inverse embeds random points as separate classes,"
        " against the number of points, one curve per dimension and distance, on a linear and"
        " on a logarithmic axis. Bars are 95 % intervals; an arrow marks the upper end where "
        "no draw succeeded."
    )
    experiment: str = Field(description="of kind moore-penrose-embeddings")
    colour_map: ColourMap = "viridis"

    def data(self, study: Study) -> Data:
        return {"embeddings": study.tables("moore_penrose_embeddings", self.experiment)}

    def derived(self, study: Study) -> dict[str, Any]:
        return {"replicates": study.config.replicates}


class AscentSignals(FigureKind):
    """Signals that gradient ascent finds, networks by jump locations (chen2017 Figs 5.1, 5.2)."""

    kind: Literal["ascent-signals"]
    caption: ClassVar[str] = (
        "Signals that gradient ascent finds for a class, one row per network and one column "
        "per location; a title gives the location aimed at and how clear the jump is."
    )
    models: Distinct[str] = Field(min_length=1)
    locations: Distinct[Positive] = Field([21, 40, 60, 80], min_length=1)

    def data(self, study: Study) -> Data:
        found = {
            "tables": [study.tables("gradient_ascents", model)[0] for model in self.models],
            "signals": [
                study.tables("gradient_ascents.signals", model)[0] for model in self.models
            ],
        }
        for model in self.models:
            for place, location in enumerate(self.locations):
                label_at(study, study.model(model).dataset, location, f"locations.{place}")
        return found

    def derived(self, study: Study) -> dict[str, Any]:
        shown = study.model(self.models[0]).dataset
        return {"labels": [label_at(study, shown, each, "locations") for each in self.locations]}


class AscentLayers(FigureKind):
    """Such a signal after each convolutional layer (chen2017 Figs 5.3 to 5.5)."""

    kind: Literal["ascent-layers"]
    caption: ClassVar[str] = (
        "A signal that gradient ascent has found for one location, as each convolutional "
        "layer passes it on. Shown is the first replicate whose signal reaches the level that"
        " was asked for."
    )
    model: str
    location: Positive = 50

    def data(self, study: Study) -> Data:
        found = {
            "tables": study.tables("gradient_ascents", self.model),
            "signals": study.tables("gradient_ascents.signals", self.model),
        }
        self.derived(study)
        return found

    def derived(self, study: Study) -> dict[str, Any]:
        shown = study.model(self.model).dataset
        label = label_at(study, shown, self.location, "location")
        return {"label": label, "replicates": study.config.count(self.model)}
