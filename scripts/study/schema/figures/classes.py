"""Figures of how classes lie in layers (rauber2017)."""

from typing import Any, ClassVar, Literal, Self

from pydantic import Field

from study.paths import Study
from study.schema.figures.class_colours import COLOURS, ClassColours, colour_all, has_colours
from study.schema.figures.kind import Data, FigureKind, Refused, image_shape, is_made
from study.schema.section import Colour, LayerName, SetName


class ClassClusterMaps(FigureKind):
    """Clusters within classes in the map of a layer, with their mean images (rauber2017 Fig. 6)."""

    kind: Literal["class-cluster-maps"]
    caption: ClassVar[str] = (
        "The map of one layer three times: coloured by class, by cluster within the class, "
        "and by polarity (dark on bright or bright on dark). Below, the mean image of each "
        "cluster with the number of its examples."
    )
    model: str
    set: SetName
    layer: LayerName | None = Field(
        None, description="left out: the deepest in which clusters are looked for"
    )
    colours: ClassColours = COLOURS
    marks: list[Colour] = Field(
        ["#0072b2", "#d55e00"],
        min_length=2,
        max_length=2,
        description="of clusters 0 and 1, and of dark on bright and bright on dark",
    )

    @classmethod
    def of(cls, study: Study, model: str, wanted: str) -> Self | None:
        needed = ("projections", "class_clusters")
        if not all(is_made(study, table, model, wanted) for table in needed):
            return None
        if not has_colours(study, wanted):
            return None
        return cls.titled("Clusters within classes", model=model, set=wanted)

    def data(self, study: Study) -> Data:
        tables = {"maps": "projections"}
        tables |= {role: f"class_clusters.{role}" for role in ("members", "images")}
        found = {
            role: study.tables(table, self.model, self.set)[:1] for role, table in tables.items()
        }
        colour_all(study, self.set, self.colours)
        self._refuse_layer(study)
        return found

    def derived(self, study: Study) -> dict[str, Any]:
        return {"shape": image_shape(study, self.set)}

    def _refuse_layer(self, study: Study) -> None:
        """Refuse a layer in which no clusters are looked for, as far as names are known."""
        chosen = study.config.analysis("class_clusters", self.model, self.set).layers
        known = list(study.config.layers(self.model))
        looked_at = chosen or known[:-1]
        if self.layer and looked_at and self.layer not in looked_at:
            raise Refused("layer", f"found '{self.layer}'; clusters are looked for in {looked_at}")
