"""How a model is trained."""

import math
from collections.abc import Iterable
from typing import Any, Literal

from pydantic import Field

from study.schema.section import Positive, Section

# Keys that say nothing at their defaults, so that older recipes are told as they were before.
LATER = ("optimizer", "schedule", "cycle", "decay", "max_cycles", "loss", "noise")


class Recipe(Section):
    """Descent of a loss in small batches (chen2017 §3.3.1, lee2019 §3.1, pardo2019 §2.6)."""

    batch_size: Positive = Field(100, description="examples per step")
    learning_rate: float = Field(0.01, gt=0, description="or its peak, where the schedule has some")
    momentum: float = Field(0.0, ge=0, lt=1, description="0: plain gradient descent")
    optimizer: Literal["sgd", "adam"] = Field(
        "sgd", description="gradient descent; or Adam, which has no momentum to set"
    )
    schedule: Literal["constant", "triangular", "sawtooth"] = Field(
        "constant",
        description="of the learning rate, over a cycle: the same; up from 0 and back; or up",
    )
    cycle: Positive | None = Field(
        None, description="steps of a cycle, of the schedule or the stop"
    )
    decay: float = Field(1.0, gt=0, le=1, description="of the peak, from each cycle to the next")
    loss: Literal["cross-entropy", "squared-error"] = Field(
        "cross-entropy",
        description="of softmax outputs; or half the squared distance of sigmoid outputs "
        "from the label's unit vector",
    )
    noise: float = Field(
        0.0,
        ge=0,
        description="largest standard deviation of noise on the inputs in training, "
        "uniform from 0 for each batch",
    )
    stop: Literal["validation-loss", "train-accuracy", "epochs", "cycles"] = Field(
        "validation-loss",
        description="keep the least validation loss; train to 100 %; train max_epochs; "
        "or look at every cycle, and keep the least validation loss",
    )
    patience: Positive = Field(
        100,
        description="epochs without a lesser validation loss, or cycles of ever larger ones, "
        "where that is the criterion",
    )
    max_epochs: Positive = Field(3000, description="the limit, whatever the criterion in epochs")
    max_cycles: Positive | None = Field(None, description="the limit where the stop is cycles")
    held_out: Literal["validation", "test"] = Field(
        "validation",
        description="the split whose loss is told, and decides where that is the criterion",
    )

    @property
    def max_periods(self) -> float:
        """The most cycles or epochs that it may last; inf where it lacks that of cycles."""
        return (self.max_cycles or math.inf) if self.stop == "cycles" else self.max_epochs

    def slice(self) -> dict[str, Any]:
        """What training is told: not which data are read, and nothing that has no effect."""
        unused = {"held_out", "max_epochs" if self.stop == "cycles" else "max_cycles"}
        unused |= {"momentum"} if self.optimizer == "adam" else set()
        unused |= set() if self.looks_at_loss else {"patience"}
        fields = type(self).model_fields
        unused |= {key for key in LATER if getattr(self, key) == fields[key].default}
        return self.model_dump(exclude=unused)

    @property
    def looks_at_loss(self) -> bool:
        """Whether the validation loss decides when it ends."""
        return self.stop in ("validation-loss", "cycles")

    def problems(self) -> Iterable[tuple[str, str]]:
        """Keys that don't go together, and why."""
        cycles, rises = self.stop == "cycles", self.schedule != "constant"
        if self.looks_at_loss and self.held_out == "test":
            yield "stop", f"found '{self.stop}'; the test set must decide nothing"
        if (cycles or rises) and self.cycle is None:
            what = "schedule" if rises else "stop"
            yield "cycle", f"required with {what}: {getattr(self, what)}, but missing"
        if self.cycle and not (cycles or rises):
            yield "cycle", f"found {self.cycle}; neither schedule nor stop goes by cycles"
        if self.decay != 1 and not rises:
            yield "decay", f"found {self.decay}; a constant schedule has no peak to decay"
        if cycles != (self.max_cycles is not None):
            found = "required with stop: cycles, but missing"
            yield "max_cycles", found if cycles else f"found {self.max_cycles}; is for stop: cycles"
        if self.momentum and self.optimizer == "adam":
            yield "momentum", f"found {self.momentum}; allowed with optimizer: adam is 0"
