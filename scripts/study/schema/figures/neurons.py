"""Figures of a layer's neurons as points, and of single ones over observations (rauber2017).

Neurons of different networks have nothing in common, so that these figures show replicate 0.
"""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field

from study.paths import NotMade, Study
from study.schema.figures.class_colours import COLOURS, ClassColours, colour_all, has_colours
from study.schema.figures.introspection import Titled
from study.schema.figures.kind import (
    Data,
    Explored,
    FigureKind,
    Refused,
    inputs,
    is_made,
    pictures,
)
from study.schema.section import ColourMap, Distinct, LayerName, SetName

Networks = Annotated[
    Distinct[Titled],
    Field(min_length=1, description="a row each, such as one before training and after"),
]
MappedLayer = Annotated[
    LayerName | None, Field(description="left out: the deepest whose neurons are mapped")
]
Score = Annotated[
    Literal["trees", "auroc"],
    Field(
        description="how well a neuron tells a class: importance for extremely randomised trees, "
        "or how far their AUROC is from 0.5, from 0 to 1"
    ),
]
Class = Annotated[int, Field(ge=0, description="0-based")]


class ObservationAndNeuronMaps(FigureKind):
    """Maps of observations and of neurons, by how well these tell a class (rauber2017 Fig. 12)."""

    kind: Literal["observation-and-neuron-maps"]
    caption: ClassVar[str] = (
        "One row per network: at the left the map of observations in the colours of their "
        "classes, at the right the map of neurons, darker the better a neuron tells one class"
        " from the rest."
    )
    models: Networks
    set: SetName
    layer: MappedLayer = None
    label: Class
    score: Score = "trees"
    colours: ClassColours = COLOURS
    colour_map: ColourMap = "YlGnBu"

    def data(self, study: Study) -> Data:
        colour_all(study, self.set, self.colours)
        check_class(study, self.set, self.label)
        models = [each.model for each in self.models]
        return {
            **observation_maps(study, models, self.set, self.layer),
            **neuron_tables(study, models, self.set, self.layer, "scores"),
        }

    def explored(self, study: Study) -> Explored | None:
        return side_by_side(study, self)


class DiscriminativeNeuronMap(FigureKind):
    """Neurons in the colour of the class that they tell best (rauber2017 Fig. 13)."""

    kind: Literal["discriminative-neuron-map"]
    caption: ClassVar[str] = (
        "Map of the neurons of one layer, each in the colour of the class that it tells best,"
        " stronger the better it does so."
    )
    models: Networks
    set: SetName
    layer: MappedLayer = None
    score: Score = "trees"
    colours: ClassColours = COLOURS

    @classmethod
    def of(cls, study: Study, model: str, wanted: str) -> Self | None:
        if not is_made(study, "neuron_maps", model, wanted) or not has_colours(study, wanted):
            return None
        models = [Titled(title=model, model=model)]
        return cls.titled("Neurons and the class that they tell", models=models, set=wanted)

    def data(self, study: Study) -> Data:
        colour_all(study, self.set, self.colours)
        models = [each.model for each in self.models]
        return neuron_tables(study, models, self.set, self.layer)

    def explored(self, study: Study) -> Explored | None:
        """None, too, where a figure of observations and neurons has the same page."""
        same = (each for each in study.config.figures.values() if is_same(each, self))
        return None if any(same) else side_by_side(study, self)


class NeuronActivationMap(FigureKind):
    """The activation of a neuron that tells a class, over observations (rauber2017 Fig. 14)."""

    kind: Literal["neuron-activation-map"]
    caption: ClassVar[str] = (
        "The map of observations by class, and the same map by the activation of one neuron "
        "that was chosen, on the other half of the observations, for how well it tells a "
        "class. A box holds four fifths of its class along each axis."
    )
    model: str
    set: SetName
    layer: MappedLayer = None
    label: Class
    colours: ClassColours = COLOURS
    colour_map: ColourMap = "viridis"

    def data(self, study: Study) -> Data:
        colour_all(study, self.set, self.colours)
        check_class(study, self.set, self.label)
        found = neuron_tables(study, [self.model], self.set, self.layer, "chosen", "responses")
        kept = {role: found[role] for role in ("chosen", "responses")}
        return {**observation_maps(study, [self.model], self.set, self.layer), **kept}


Neurons = ObservationAndNeuronMaps | DiscriminativeNeuronMap


def is_same(figure: FigureKind, shown: Neurons) -> bool:
    """Whether a figure is of observations and neurons, and of the same ones."""
    if not isinstance(figure, ObservationAndNeuronMaps):
        return False
    return all(getattr(figure, key) == getattr(shown, key) for key in ("models", "set", "layer"))


def side_by_side(study: Study, shown: Neurons) -> Explored | None:
    """The page of observations beside neurons; None where either, or a layer's values, is missing.

    Layers that no dump holds, since they are too wide, are in no page either.
    """
    models = [each.model for each in shown.models]
    for model in models:
        hidden = dict(list(study.config.layers(model).items())[:-1])
        layer = shown.layer or next(reversed(hidden), None)
        units = hidden.get(layer)
        if (
            units is None
            or units > study.config.widest
            or not _is_mapped(study, model, shown.set, layer)
        ):
            return None
    data = {
        **observation_maps(study, models, shown.set, shown.layer),
        **neuron_tables(study, models, shown.set, shown.layer),
        "activations": [study.activations(model, shown.set) for model in models],
        "examples": inputs(study, [shown.set]),
    }
    del data["measures"]
    keys = shown.model_dump(include={"models", "set", "layer", "score", "colours"})
    return Explored("neurons_beside_observations", data, {**keys, **pictures(study, [shown.set])})


def _is_mapped(study: Study, model: str, wanted: str, layer: str) -> bool:
    """Whether there is a t-SNE map of the observations in a layer."""
    if not is_made(study, "projections", model, wanted):
        return False
    entry = study.config.analysis("projections", model, wanted)
    return "t-sne" in entry.methods and (entry.layers is None or layer in entry.layers)


def observation_maps(study: Study, models: list[str], wanted: str, layer: str | None) -> Data:
    """The maps of observations of replicate 0. Raises NotMade for a layer that has none."""
    found = [study.tables("projections", each, wanted)[0] for each in models]
    check_layer(study, "projections", models, wanted, layer)
    return {"maps": found}


def neuron_tables(
    study: Study, models: list[str], wanted: str, layer: str | None, *besides: str
) -> Data:
    """The tables of replicate 0 on a set by their roles, neurons and measures among them.

    Raises NotMade for a layer whose neurons are not mapped.
    """
    names = {"neurons": "neuron_maps", "measures": "neuron_maps.measures"}
    names |= {each: f"neuron_maps.{each}" for each in besides}
    found = {
        role: [study.tables(table, each, wanted)[0] for each in models]
        for role, table in names.items()
    }
    check_layer(study, "neuron_maps", models, wanted, layer)
    return found


def check_layer(study: Study, kind: str, models: list[str], wanted: str, layer: str | None) -> None:
    """Refuse a layer that an analysis is not made of; what takes all of them is not known."""
    for model in models:
        mapped = study.config.analysis(kind, model, wanted).layers
        if layer and mapped and layer not in mapped:
            raise NotMade(layer, mapped, model)


def check_class(study: Study, wanted: str, label: int) -> None:
    """Refuse a class that a set has not."""
    classes = study.config.origin(wanted.split("/")[0]).classes
    if label >= classes:
        raise Refused("label", f"found {label}; {wanted} has classes 0 to {classes - 1}")
