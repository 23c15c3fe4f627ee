"""Networks, families of bottlenecks, and how they are trained."""

from typing import Annotated, Literal

from pydantic import Field

from study.schema.section import Positive, Section


class RecipeSection(Section):
    """How a network is trained (chen2017 §3.3.1)."""

    batch_size: Positive = Field(100, description="examples per step")
    learning_rate: float = Field(0.01, gt=0, description="of plain gradient descent")
    stop: Literal["validation-loss", "train-accuracy", "epochs"] = Field(
        "validation-loss",
        description="keep the least validation loss; train to 100 %; or train max_epochs",
    )
    patience: Positive = Field(
        100, description="epochs without a lesser validation loss, where that is the criterion"
    )
    max_epochs: Positive = Field(3000, description="the limit, whatever the criterion")


class Network(Section):
    """One architecture with its data and its recipe."""

    dataset: str = Field(description="the data set it is trained on")
    convolutions: list[Positive] = Field(
        [], description="taps of the one filter of each convolutional layer, before the dense ones"
    )
    rectified: bool = Field(
        True, description="whether what the filters give is rectified; chen2017 does not say"
    )
    hidden: list[Positive] = Field([], description="widths of the hidden dense layers")
    recipe: RecipeSection = RecipeSection()
    start: Literal["glorot", "moore-penrose"] = Field(
        "glorot", description="of the output layer: at random, or as §4.3.5 proposes"
    )
    checkpoints: list[Annotated[int, Field(ge=0)]] = Field(
        [], description="epochs after which to keep the weights besides; 0 is the start"
    )
    replicates: Positive | None = Field(None, description="its own value of `replicates`")
    together: Positive | None = Field(None, description="its own value of the study's `together`")


class Bottlenecks(Section):
    """Perceptrons <name>-<width> with hidden layers around, width, around reversed (§4.2)."""

    dataset: str = Field(description="the data set they are trained on")
    widths: list[Positive] = Field(min_length=1, description="units in the bottleneck, one each")
    around: list[Positive] = Field([], description="widths of the hidden layers before it")
    recipe: RecipeSection = RecipeSection()

    def members(self, name: str) -> dict[str, Network]:
        """The networks of the family, by their names."""
        return {
            f"{name}-{width}": Network(
                dataset=self.dataset,
                hidden=[*self.around, width, *reversed(self.around)],
                recipe=self.recipe,
            )
            for width in self.widths
        }
