"""What every model has, whatever is built."""

from collections.abc import Iterable
from typing import Annotated, ClassVar

from pydantic import Field

from study.schema.datasets import OriginalSection
from study.schema.models.recipe import Recipe
from study.schema.section import Ascending, Count, File, Name, Section

UNTRAINED = ("recipe", "start", "checkpoints", "replicates", "together")


class Weights(Section):
    """Weights of others, in place of training: one replicate."""

    folder: Name = Field("weights", description="folder below the data folder")
    file: File = Field(description="the checkpoint, loaded without running its code")
    key: str | None = Field(
        None, description="under which the checkpoint holds its tensors; left out: the usual ones"
    )
    accuracy: float | None = Field(
        None, ge=0, le=1, description="known accuracy on the test set, which is then checked"
    )
    within: float = Field(0.005, ge=0, description="how far off it may be found")


class ModelSection(Section):
    """A network with its data, and its recipe or its weights."""

    # The first name of the model's random streams.
    stream: ClassVar[str] = "models"
    # Keys of the architecture that need not be said at their defaults.
    unsaid: ClassVar[tuple[str, ...]] = ()
    # Whether its replicates are one stack of matrices, trained side by side.
    stacked: ClassVar[bool] = False

    build: str
    dataset: str = Field(description="the data set it is trained on")
    recipe: Recipe = Recipe()
    checkpoints: Ascending[Annotated[int, Field(ge=0)]] = Field(
        [],
        description="epochs, or cycles where the recipe's stop is, after which to keep the weights "
        "besides; 0 is the start",
    )
    replicates: Count | None = Field(None, description="its own value of `replicates`")
    together: Count | None = Field(None, description="its own value of the study's `together`")
    weights: Weights | None = Field(None, description="weights of others, in place of a recipe")

    def architecture(self) -> dict:
        """What is built: the kind, the keys that it alone has, and outputs that are no softmax."""
        fields = type(self).model_fields
        usual = {key for key in self.unsaid if getattr(self, key) == fields[key].default}
        own = set(fields) - set(ModelSection.model_fields) - {"start"} - usual
        sigmoid = {"output": "sigmoid"} if self.recipe.loss == "squared-error" else {}
        return {"kind": self.build, **self.model_dump(include=own), **sigmoid}

    def code(self) -> dict[str, str]:
        """What of a user's code it is made with, by name; none where the project has it."""
        return {}

    def count(self, replicates: int) -> int:
        """How many replicates of it there are in a study of so many."""
        return 1 if self.weights else self.replicates or replicates

    def side_by_side(self, together: int) -> int:
        """How many replicates one job makes, where others make so many."""
        return 1 if self.weights else self.together or together

    def kept(self) -> list[int]:
        """The epochs or cycles at which it is kept, unless training ends before."""
        return [epoch for epoch in self.checkpoints if epoch <= self.recipe.max_periods]

    def layers(self, data: OriginalSection, shape: list[int] | None) -> dict[str, int | None]:
        """The units, as far as they are known, of the layers that have names before it is built.

        From the inputs on, as glassbox.models names them. data and shape: as `misfits` takes them.
        """
        return {}

    def misfits(self, data: OriginalSection, shape: list[int] | None) -> Iterable[tuple[str, str]]:
        """Keys of the architecture that its data do not suit, and why.

        data: what its set was made from; shape: of the images in it, if it holds images.
        """
        return ()
