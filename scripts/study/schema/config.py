"""The config as a whole."""

from typing import Literal

from pydantic import Field

from study.schema.analyses import Analyses, Projection
from study.schema.classifiers import (
    Classifier,
    Libraries,
)
from study.schema.datasets import MADE_OF_ANOTHER, Dataset, Digits, Hub, Idx, Jumps, Photos
from study.schema.detectors import Detector
from study.schema.experiments import Experiment
from study.schema.figures import Figure, Table
from study.schema.networks import Bottlenecks, Network
from study.schema.section import Name, Positive, Section


class Report(Section):
    """The report."""

    title: str = "Glassbox"


class Config(Section):
    """The whole study."""

    seed: int = Field(2017, ge=0, description="every random draw depends on it")
    replicates: Positive = Field(5, description="draws of data, start and order per network")
    together: Positive = Field(
        5, description="replicates in one job; such a block is always made whole"
    )
    device: Literal["auto", "cpu", "cuda"] = Field(
        "auto", description="where networks run; changing it redoes nothing"
    )
    datasets: dict[Name, Dataset]
    networks: dict[Name, Network]
    bottlenecks: dict[Name, Bottlenecks] = Field({})
    detectors: dict[Name, Detector] = Field({})
    experiments: dict[Name, Experiment] = Field({})
    projection: Projection = Projection()
    classifiers: dict[Name, Classifier] = Field({})
    libraries: dict[Name, Libraries] = Field({}, description="by the classifier's name")
    analyses: Analyses = Analyses()
    figures: dict[Name, Figure] = Field({})
    tables: dict[Name, Table] = Field({})
    report: Report = Report()

    def origin(self, dataset: str) -> Jumps | Digits | Idx | Hub | Photos:
        """The data set that a set was made from or is like: its sizes are those of the set."""
        section = self.datasets[dataset]
        return self.origin(section.of) if section.kind in MADE_OF_ANOTHER else section

    def count(self, method: str) -> int:
        """How many replicates of a network, a classifier or a detector the study has."""
        section = {**self.networks, **self.classifiers}.get(method)
        return getattr(section, "replicates", None) or self.replicates

    def own_counts(self) -> dict[str, int]:
        """The networks with a number of replicates of their own, and that number."""
        return {name: each.replicates for name, each in self.networks.items() if each.replicates}

    def image_shape(self, dataset: str) -> list[int] | None:
        """Height, width and, for colour, 3 of a set's images; None for what are no images."""
        section = self.origin(dataset)
        if section.kind in ("digits", "idx", "photos"):
            side = round(section.width**0.5)
            return [side, side]
        has_shape = section.kind in ("hub", "arrays") and len(section.shape) > 1
        return section.shape if has_shape else None

    def draws(self, dataset: str) -> bool:
        """Whether each replicate has a draw of its own, as generated sets have."""
        hand_made = self.datasets[dataset].kind == "shapes"
        return not hand_made and self.origin(dataset).kind == "jumps"

    def splits(self, dataset: str) -> list[str]:
        """The splits of a set."""
        hand_made = self.datasets[dataset].kind == "shapes"
        return ["all"] if hand_made else self.origin(dataset).splits

    def labelled(self, dataset: str) -> str:
        """The set that has the same examples under the labels that they were made with."""
        section = self.datasets[dataset]
        return self.labelled(section.of) if section.kind == "shuffled-labels" else dataset
