"""How a model is trained."""

from typing import Literal

from pydantic import Field

from study.schema.section import Positive, Section


class Recipe(Section):
    """Stochastic gradient descent on the cross-entropy (chen2017 §3.3.1, lee2019 §3.1)."""

    batch_size: Positive = Field(100, description="examples per step")
    learning_rate: float = Field(0.01, gt=0)
    momentum: float = Field(0.0, ge=0, lt=1, description="0: plain gradient descent")
    stop: Literal["validation-loss", "train-accuracy", "epochs"] = Field(
        "validation-loss",
        description="keep the least validation loss; train to 100 %; or train max_epochs",
    )
    patience: Positive = Field(
        100, description="epochs without a lesser validation loss, where that is the criterion"
    )
    max_epochs: Positive = Field(3000, description="the limit, whatever the criterion")
    held_out: Literal["validation", "test"] = Field(
        "validation",
        description="the split whose loss is told, and decides where the stop is validation-loss",
    )
