"""How classes lie in layers: their misclassified examples, and clusters within (rauber2017)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from study.schema.analyses.activations import OfSome
from study.schema.analyses.kind import ON_SETS, no_hidden
from study.schema.section import Distinct, Positive

if TYPE_CHECKING:
    from study.paths import Study
    from study.schema.config import Config


class MisclassifiedPlaces(OfSome):
    """With which class misclassified examples lie, in layers and in maps (rauber2017 Fig. 3).

    Maps are those by t-SNE of `projections`, as far as they are made on the set.
    """

    paths: ClassVar[Mapping[str, str]] = {
        "table": ON_SETS.format(name="misclassified_places"),
        "nearby": ON_SETS.format(name="nearby_classes"),
    }
    memory: ClassVar[int] = 4000
    minutes: ClassVar[int] = 30
    kind: Literal["misclassified_places"]
    neighbours: Positive = Field(6, description="nearest neighbours that count")

    def besides(
        self, study: Study, model: str, wanted: str, replicates: list[int]
    ) -> dict[str, list[str]]:
        if wanted not in study.made("projections").get(model, []):
            return {}
        maps = study.tables("projections", model, wanted)
        return {"maps": [maps[each] for each in replicates if each < len(maps)]}


class ClassClusters(OfSome):
    """Clusters of each class in layers, and whether they tell dark from bright (rauber2017 Fig. 6).

    What is dark on a bright ground is told from the pixels, those from which edges were taken.
    """

    paths: ClassVar[Mapping[str, str]] = {
        "table": ON_SETS.format(name="class_clusters"),
        "members": ON_SETS.format(name="class_cluster_members"),
        "images": ON_SETS.format(name="class_cluster_images"),
    }
    memory: ClassVar[int] = 4000
    minutes: ClassVar[int] = 30
    kind: Literal["class_clusters"]
    layers: Distinct[str] | None = Field(
        None,
        min_length=1,
        description="by their names; input is the zeroth; left out: all hidden ones",
    )

    def refused(self, config: Config, model: str) -> str | None:
        return no_hidden(config, model)

    def refused_on(self, config: Config, model: str, wanted: str) -> str | None:
        return None if config.image_shape(wanted.split("/")[0]) else "has no images"

    def besides(
        self, study: Study, model: str, wanted: str, replicates: list[int]
    ) -> dict[str, list[str]]:
        dataset, split = wanted.split("/")
        return {"pixels": study.drawn(before_edges(study.config, dataset), split, replicates)}


def before_edges(config: Config, dataset: str) -> str:
    """The set whose edges a set shows; another set itself."""
    section = config.datasets[dataset]
    return before_edges(config, section.of) if section.kind == "edges" else dataset
