"""Figures of self-introspection (pardo2019): maps of hidden activations, and units by class.

Maps and units of different networks have nothing in common, so that these figures show replicate
0, but for distributions and curves, which are of all.
"""

from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field

from study.paths import NotMade, Study
from study.schema.figures.activations import Shown
from study.schema.figures.class_colours import COLOURS, ClassColours, colour_all, has_colours
from study.schema.figures.kind import (
    Data,
    Explored,
    FigureKind,
    Refused,
    image_shape,
    inputs,
    is_made,
    period,
    pictures,
)
from study.schema.section import Colour, ColourMap, Distinct, Positive, Section, SetName

Column = Annotated[
    Literal["decoded", "decoded_first", "mean"],
    Field(
        description="how expectations are taken: decoded from the mean place in the map (Eq. 9), "
        "decoded place by place and then averaged (E-P10), or without the map"
    ),
]
TrainingSet = Annotated[
    SetName, Field(description="the set whose map is shown, and what is expected")
]
Low = Annotated[
    float | None,
    Field(description="log10 of an estimated error; what is less looks the same; null: the least"),
]
High = Annotated[float | None, Field(description="the same of what is more; null: the largest")]


class IntrospectionMaps(FigureKind):
    """Maps of hidden activations, and the estimated error over them (pardo2019 Fig. 2 b-d, f-h)."""

    kind: Literal["introspection-maps"]
    caption: ClassVar[str] = (
        "Hidden activations of all layers on the plane of the autoencoder, one row per set: "
        "examples in the colour of their class, the estimated error over the plane (log10, "
        "dark is large), and misclassified examples as triangles."
    )
    model: str
    sets: Distinct[SetName] = Field(min_length=1, description="a row each")
    colours: ClassColours = COLOURS
    colour_map: ColourMap = "Greys"
    lowest: Low = None
    highest: High = None

    @classmethod
    def of(cls, study: Study, model: str, wanted: str) -> Self | None:
        training = training_set(study, model)
        if not is_mapped(study, model, wanted) or not is_mapped(study, model, training):
            return None
        sets = list(dict.fromkeys([training, wanted]))
        return cls.titled("Maps of hidden activations", model=model, sets=sets)

    def data(self, study: Study) -> Data:
        maps = [study.tables("introspection", self.model, each)[0] for each in self.sets]
        for each in self.sets:
            colour_all(study, each, self.colours)
        check_range(self.lowest, self.highest)
        plane = study.tables("introspection.plane", self.model, self.sets[0])[:1]
        return {"maps": maps, "plane": plane}

    def explored(self, study: Study) -> Explored | None:
        shape = pictures(study, self.sets)
        data = {**self.data(study), "examples": inputs(study, self.sets)}
        return shape and Explored("activation_map", data, {**self.slice(study), **shape})


class TrajectoryMaps(FigureKind):
    """How hidden activations move while a network learns (pardo2019 Fig. 2 a, e)."""

    kind: Literal["trajectory-maps"]
    caption: ClassVar[str] = (
        "The path of each example over the plane while the network learns: a line that goes "
        "from grey to the colour of its class."
    )
    model: str
    set: SetName
    colours: ClassColours = COLOURS

    @classmethod
    def of(cls, study: Study, model: str, wanted: str) -> Self | None:
        is_shown = is_made(study, "introspection_trajectories", model, wanted)
        if not is_shown or not has_colours(study, wanted):
            return None
        return cls.titled("Hidden activations in learning", model=model, set=wanted)

    def data(self, study: Study) -> Data:
        tables = study.tables("introspection_trajectories", self.model, self.set)
        colour_all(study, self.set, self.colours)
        return {"trajectories": tables[:1]}

    def derived(self, study: Study) -> dict[str, Any]:
        return {"period": period(study, self.model)}

    def explored(self, study: Study) -> Explored:
        data = {"places": self.data(study)["trajectories"], "examples": inputs(study, [self.set])}
        more = {"over": "checkpoints", **self.derived(study), **pictures(study, [self.set])}
        return Explored("playing_trails", data, {"colours": self.colours, **more})


class ReorderedNetwork(FigureKind):
    """A network whose units are sorted by the class that they prefer (pardo2019 Fig. 3)."""

    kind: Literal["reordered-network"]
    caption: ClassVar[str] = (
        "All units of all layers, first in their own order, then sorted by the class that "
        "they prefer, each in the mixed colour of the classes that it is active for; below, "
        "the activation that is expected of the sorted units for each class."
    )
    model: str
    set: SetName
    column: Column = "decoded"
    colours: ClassColours = COLOURS
    colour_map: ColourMap = "viridis"

    @classmethod
    def of(cls, study: Study, model: str, wanted: str) -> Self | None:
        is_shown = is_made(study, "expected_patterns", model, wanted)
        if not is_shown or not has_colours(study, wanted):
            return None
        return cls.titled("Units sorted by class", model=model, set=wanted)

    def data(self, study: Study) -> Data:
        tables = study.tables("expected_patterns", self.model, self.set)
        colour_all(study, self.set, self.colours)
        return {"expected": tables[:1]}


class PatternsOfExamples(FigureKind):
    """Single examples, their place in the map and their pattern (pardo2019 Fig. 4)."""

    kind: Literal["patterns-of-examples"]
    caption: ClassVar[str] = (
        "Single examples: the input with its class (upper left) and the answer (lower right),"
        " its place in the map of the training set (cross), and the activations of all units,"
        " sorted by the class that they prefer."
    )
    model: str
    set: SetName
    training: TrainingSet
    column: Column = "decoded"
    colours: ClassColours = COLOURS
    colour_map: ColourMap = "viridis"

    @classmethod
    def of(cls, study: Study, model: str, wanted: str) -> Self | None:
        training = training_set(study, model)
        is_shown = (
            is_made(study, "example_patterns", model, wanted)
            and is_made(study, "expected_patterns", model, training)
            and is_mapped(study, model, training)
        )
        if not is_shown:
            return None
        title = "Examples, their places and their patterns"
        return cls.titled(title, model=model, set=wanted, training=training)

    def data(self, study: Study) -> Data:
        patterns = study.tables("example_patterns", self.model, self.set)[:1]
        colour_all(study, self.training, self.colours)
        return {
            "patterns": patterns,
            "maps": study.tables("introspection", self.model, self.training)[:1],
            "expected": study.tables("expected_patterns", self.model, self.training)[:1],
            "examples": study.examples(*self.set.split("/")),
        }

    def derived(self, study: Study) -> dict[str, Any]:
        return {"shape": image_shape(study, self.set)}


class Titled(Section):
    """A network."""

    title: str
    model: str


class Constellations(FigureKind):
    """Where noise moves the hidden activations of one example (pardo2019 Fig. 5)."""

    kind: Literal["constellations"]
    caption: ClassVar[str] = (
        "Copies of one example with increasing noise, on the planes of two networks, one row "
        "each: a line leads from the place of the clean example to that of each copy, a dot "
        "has the colour of the answer there."
    )
    models: Distinct[Titled] = Field(min_length=1, description="a row each")
    noise: str = Field(description="the set of noisy copies, a column per level of noise")
    example: int | None = Field(
        None, ge=0, description="the id of the example that is shown; left out: the first one"
    )
    colours: ClassColours = COLOURS

    def data(self, study: Study) -> Data:
        sets = self.sets(study)
        colour_all(study, sets[0], self.colours)
        shown = [(each.model, one) for each in self.models for one in sets]
        return {
            "maps": [study.tables("introspection", *each)[0] for each in shown],
            "examples": [study.examples(*one.split("/"))[0] for one in sets],
        }

    def derived(self, study: Study) -> dict[str, Any]:
        sets = self.sets(study)
        return {"set": sets[0], "noisy": sets[1:], "shape": image_shape(study, sets[0])}

    def sets(self, study: Study) -> list[str]:
        """The set that was copied, and the noisy sets from the least noise on."""
        section = section_of(study, self.noise, "noise", "noise")
        if section.examples and self.example not in [None, *section.examples]:
            raise Refused("example", f"found {self.example}; copied: {section.examples}")
        return [section.of, *(f"{self.noise}/{split}" for split in study.config.splits(self.noise))]


class AttackTrajectories(FigureKind):
    """The paths that attacks take over the map of hidden activations (pardo2019 Fig. 6)."""

    kind: Literal["attack-trajectories"]
    caption: ClassVar[str] = (
        "Paths of attacks over the plane, one row per attacked example and one column per "
        "class aimed at: from the start (cross) to the end, over the estimated error. A panel"
        " says whether the attack reached its class."
    )
    model: str
    set: SetName = Field(description="of attack paths")
    training: TrainingSet
    rows: Positive = Field(6, description="attacked examples, the first ones")
    colour_map: ColourMap = "Greys"
    lowest: Low = None
    highest: High = None

    def data(self, study: Study) -> Data:
        tables = [
            study.tables("introspection", self.model, each)[0] for each in (self.set, self.training)
        ]
        check_range(self.lowest, self.highest)
        attacked = section_of(study, self.set.split("/")[0], "attack-paths", "set").of
        return {
            "maps": tables,
            "plane": study.tables("introspection.plane", self.model, self.training)[:1],
            "examples": study.examples(*attacked.split("/")),
        }

    def derived(self, study: Study) -> dict[str, Any]:
        return {"shape": image_shape(study, self.set)}

    def explored(self, study: Study) -> Explored | None:
        if not has_colours(study, self.training) or not pictures(study, [self.training, self.set]):
            return None
        data = self.data(study)
        data["examples"] = inputs(study, [self.training])
        data["path_examples"] = inputs(study, [self.set])
        more = {"sets": [self.training], "paths": self.set, "colours": COLOURS}
        return Explored("activation_map", data, {**self.slice(study), **more})


class TitledShown(Shown):
    """A network on a set, with a title."""

    title: str


class ErrorViolins(FigureKind):
    """The estimated error of right and of misclassified examples, by class (pardo2019 Fig. 7)."""

    kind: Literal["error-violins"]
    caption: ClassVar[str] = (
        "Distribution of the estimated error (log10) for right and for misclassified examples"
        " of each class; the number above each pair is the network's sensitivity, the share of "
        "the class's examples that it answers right."
    )
    shown: Distinct[TitledShown] = Field(min_length=1, description="a panel each")
    colours: list[Colour] = Field(
        ["#009e73", "#d55e00"], min_length=2, description="of right ones, of misclassified ones"
    )

    @classmethod
    def of(cls, study: Study, model: str, wanted: str) -> Self | None:
        if not is_made(study, "introspection", model, wanted):
            return None
        shown = TitledShown(title=f"{model} on {wanted}", model=model, set=wanted)
        return cls.titled("Estimated errors, class by class", shown=[shown])

    def data(self, study: Study) -> Data:
        return {
            "maps": study.each("introspection", [(each.model, each.set) for each in self.shown])
        }

    def derived(self, study: Study) -> dict[str, Any]:
        return {"replicates": min(study.config.count(each.model) for each in self.shown)}


class RiskCoverageCurves(FigureKind):
    """The risk of the answers that are kept, against how many are kept (pardo2019 §3.1)."""

    kind: Literal["risk-coverage-curves"]
    caption: ClassVar[str] = (
        "Share of wrong answers among those that are kept (risk) against the share of answers"
        " that is kept (coverage), one curve per score by which they are dropped, the score "
        "of least area first in the legend. Lower is better. Bold lines are means over "
        "replicates."
    )
    model: str
    set: SetName
    colours: list[Colour] = Field(COLOURS, min_length=8)

    @classmethod
    def of(cls, study: Study, model: str, wanted: str) -> Self | None:
        if not is_made(study, "misclassification", model, wanted):
            return None
        return cls.titled("Risk of the answers that are kept", model=model, set=wanted)

    def data(self, study: Study) -> Data:
        return {
            "measures": study.tables("misclassification", self.model, self.set),
            "curves": study.tables("misclassification.curves", self.model, self.set),
        }

    def derived(self, study: Study) -> dict[str, Any]:
        return {"replicates": study.config.count(self.model)}


class IntrospectionQuality(FigureKind):
    """How good introspections are that are fitted in other ways (pardo2019 §2.4, §2.6, §2.7)."""

    caption: ClassVar[str] = (
        "Introspections of the same networks, fitted in other ways: how well the estimated error "
        "detects misclassification, and how well the plane preserves neighbours and classes. A "
        "dot per replicate, of which some ways have fewer, a stroke at their mean; the dotted line "
        "is at the first way's mean."
    )
    kind: Literal["introspection-quality"]
    model: str
    set: SetName
    variants: Distinct[str] = Field(
        min_length=1, description="those that are shown, the one to compare with first"
    )
    colours: list[Colour] = Field(COLOURS, min_length=1, description="of replicates")

    def data(self, study: Study) -> Data:
        tables = study.tables("introspection_variants", self.model, self.set)
        made = study.config.analysis("introspection_variants", self.model, self.set).variants
        if unknown := [each for each in self.variants if each not in made]:
            allowed = ", ".join(made)
            raise Refused("variants", f"found '{unknown[0]}'; allowed: {allowed}")
        return {"measures": tables}

    def derived(self, study: Study) -> dict[str, Any]:
        return {"replicates": study.config.count(self.model)}


def training_set(study: Study, model: str) -> str:
    """The set, dataset/split, that a model was trained on."""
    return f"{study.model(model).dataset}/train"


def is_mapped(study: Study, model: str, wanted: str) -> bool:
    """Whether there is a map of a set whose classes can be coloured."""
    return is_made(study, "introspection", model, wanted) and has_colours(study, wanted)


def check_range(lowest: float | None, highest: float | None) -> None:
    """Refuse a range that has nothing in it."""
    if lowest is not None and highest is not None and lowest >= highest:
        raise Refused("highest", f"found {highest}; allowed: above lowest, which is {lowest}")


def section_of(study: Study, dataset: str, kind: str, key: str) -> Section:
    """The section of a data set that has to be of a kind; key: of the figure, that names it."""
    datasets = study.config.datasets
    if dataset not in datasets:
        raise NotMade(dataset, datasets)
    if datasets[dataset].kind != kind:
        allowed = [name for name, each in datasets.items() if each.kind == kind]
        said = ", ".join(allowed) or "none"
        raise Refused(key, f"found '{dataset}', which is not of kind {kind}; allowed: {said}")
    return datasets[dataset]
