"""The parts of the config for libraries of patterns and attacks on models (lee2019)."""

from typing import Annotated

from pydantic import Field

from study.schema.section import Name, Positive, Section, SetName

Cosine = Annotated[float, Field(gt=-1, le=1)]


class Libraries(Section):
    """Library networks of one model, and what they tell (lee2019)."""

    thresholds: dict[str, list[Cosine]] = Field(description="thresholds of each layer")
    nodes: Positive = Field(3, description="most active nodes that predict (Eq. 3)")
    orders: int = Field(1, ge=0, description="shuffled data orders beside the given one")
    shares: list[Annotated[float, Field(gt=0, lt=1)]] = Field(
        [0.1], description="shares of a layer's units, drawn at random (§4.3)"
    )
    sets: dict[Name, dict[str, Cosine]] = Field(
        {}, description="thresholds by layer whose predictions are compared (Table 1)"
    )
    attacks: list[str] = Field([], description="data sets of kind attack, of the test set")
    images: Positive = Field(200, description="the first ones of each set")
    outliers: list[SetName] = Field([], description="images from elsewhere (§4.2)")
    mahalanobis: str | None = Field(None, description="layer of the Mahalanobis distance")
