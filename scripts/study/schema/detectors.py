"""Detectors of jumps: signal processing, and filters that networks learned."""

from typing import Annotated, Literal

from pydantic import Field

from study.schema.section import Positive, Section


class GaussianDerivative(Section):
    """The smoothed first derivative (chen2017 §3.2)."""

    kind: Literal["gaussian-derivative"]
    dataset: str
    window: Positive = Field(19, description="length of the smoother, in samples")
    tau: float = Field(2.9, gt=0, description="width of the Gaussian, in samples")
    search: Literal["signal", "classes"] = Field(
        "signal", description="the whole signal, as published, or where jumps can be"
    )


class StepLikelihood(Section):
    """Maximum likelihood for a step of known height: the bound for every detector."""

    kind: Literal["step-likelihood"]
    dataset: str


class BlindStepLikelihood(Section):
    """Maximum likelihood for a step of unknown height in noise of unknown level."""

    kind: Literal["blind-step-likelihood"]
    dataset: str


class LearnedFilter(Section):
    """A network's mean filter, slid over the signal (chen2017 §3.3.3)."""

    kind: Literal["learned-filter"]
    dataset: str
    model: str = Field(description="a model")
    split: str = Field("test", description="signals over which its filters are averaged")

    @property
    def set(self) -> str:
        """The signals over which its filters are averaged, dataset/split."""
        return f"{self.dataset}/{self.split}"


Detector = Annotated[
    GaussianDerivative | StepLikelihood | BlindStepLikelihood | LearnedFilter,
    Field(discriminator="kind"),
]
