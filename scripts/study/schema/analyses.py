"""Which network is looked at on which sets."""

from pydantic import Field

from study.schema.section import Positive, Section, SetName


class Projection(Section):
    """How neighbourhoods and t-SNE maps are made."""

    replicates: Positive = Field(1, description="replicates that get maps")
    points: Positive | None = Field(None, description="examples shown, at random; null: all")
    perplexity: float = Field(30.0, ge=1, description="of t-SNE")
    neighbours: Positive = Field(6, description="nearest neighbours that count")


class Ascents(Section):
    """Gradient ascent from noise to an input of each class (chen2017 §5)."""

    networks: list[str] = Field([], description="the networks whose outputs are climbed")
    bound: float = Field(0.05, ge=0, description="a start is uniform within ± this")
    rate: float = Field(10.0, gt=0, description="learning rate")
    level: float = Field(0.999, gt=0, lt=1, description="output at which a signal is done")
    limit: Positive = Field(2000, description="steps after which one that is not is given up")


class Analyses(Section):
    """Which network is looked at on which sets; a set is written dataset/split."""

    predictions: dict[str, list[SetName]] = Field({}, description="answers, example by example")
    averages: dict[str, list[SetName]] = Field({}, description="averaged activations (Eq. 3.6)")
    deviations: dict[str, list[SetName]] = Field({}, description="deviation measures (§6.4)")
    learned_filters: dict[str, list[SetName]] = Field({}, description="filters of a network (§3.3)")
    neighbourhoods: dict[str, list[SetName]] = Field({}, description="neighbours in layers (§6.3)")
    projections: dict[str, list[SetName]] = Field({}, description="t-SNE of layers (§6.3)")
    confidences: dict[str, list[SetName]] = Field({}, description="on hand-made signals (§7.2)")
    parameters: list[str] = Field([], description="networks whose weights are tabled (§3.3.2)")
    units: dict[str, list[SetName]] = Field({}, description="how often units are active (§4.2)")
    redundancy: dict[str, list[SetName]] = Field(
        {}, description="what single units tell, and networks without some units (§3.3.3)"
    )
    trajectories: dict[str, list[SetName]] = Field(
        {}, description="deviation measures at every checkpoint"
    )
    filters: list[str] = Field([], description="networks whose filters are looked at (§3.4)")
    ascents: Ascents = Ascents()

    @property
    def on_sets(self) -> dict[str, dict[str, list[str]]]:
        """The analyses of a method on sets, by name."""
        return {name: wanted for name, wanted in self if isinstance(wanted, dict)}
