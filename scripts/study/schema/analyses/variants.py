"""Introspections that are fitted in several ways, to see what hangs on the way (pardo2019)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field

from study.schema.analyses.introspection import Cycles, Introspection, OfHidden
from study.schema.section import Distinct, Name, Positive, Section, at_epoch

if TYPE_CHECKING:
    from study.paths import Study
    from study.schema.config import Config

Kernel = Literal["gaussian", "inverse-multiquadratic"]


class Variant(Section):
    """What one introspection has of its own, in place of what all have."""

    weight: float | None = Field(None, ge=0, description="of the discrepancy")
    kernel: Kernel | None = Field(None, description="of the discrepancy")
    width: float | None = Field(None, gt=0, description="of that kernel")
    floor: float | None = Field(None, gt=0, description="least error whose logarithm is taken")
    replicates: Positive | None = Field(
        None, description="that it is made for, the first of each block; left out: all"
    )
    together: bool = Field(
        False,
        description="whether network, autoencoder and estimator are trained in one loop, by the "
        "network's recipe, with gradients stopped between them; of a checkpoint, until then",
    )


class IntrospectionVariants(OfHidden):
    """How good introspections are that are fitted in other ways (pardo2019 §2.4, §2.6, §2.7).

    They are measured on what they were not fitted on: see glassbox.analyses.introspection_variants.
    """

    fitted: ClassVar[bool] = True
    minutes: ClassVar[int] = 480
    resumed: ClassVar[tuple[str, ...]] = ("introspection_variants",)
    kind: Literal["introspection_variants"]
    layers: Distinct[str] | None = Introspection.model_fields["layers"]
    hidden: list[Positive] = Introspection.model_fields["hidden"]
    autoencoder: Cycles = Introspection.model_fields["autoencoder"]
    estimator: Cycles = Introspection.model_fields["estimator"]
    weight: float = Introspection.model_fields["weight"]
    kernel: Kernel = Introspection.model_fields["kernel"]
    width: float = Introspection.model_fields["width"]
    held_out: float = Introspection.model_fields["held_out"]
    floor: float = Introspection.model_fields["floor"]
    points: Positive = Field(2000, description="examples that trustworthiness compares, at random")
    variants: dict[Name, Variant] = Field(
        {}, description="by name, what each has of its own; one without keys is as all else says"
    )

    def read_from(self, config: Config, model: str) -> IntrospectionVariants:
        return self

    def refused_on(self, config: Config, model: str, wanted: str) -> str | None:
        is_own = wanted == Introspection.training_set(config, model)
        return "is what they are fitted on, and are asked of others" if is_own else None

    def misfits(self, config: Config, model: str, wanted: str) -> Iterable[tuple[str, str]]:
        if not self.variants:
            yield "variants", "none are given"
        section = config.model(model)
        for name, each in self.variants.items():
            if each.together and (section.build, section.start) != ("mlp", "glorot"):
                why = (
                    f"{model} is no perceptron that starts at random, which alone can be trained so"
                )
                yield f"variants.{name}.together", why
        yield from self.unknown_layers(config, model)

    def besides(
        self, study: Study, model: str, wanted: str, replicates: list[int]
    ) -> dict[str, list[str]]:
        if not self.has_together:
            return {}
        section = study.model(model)
        return {"validation": study.drawn(section.dataset, section.recipe.held_out, replicates)}

    @property
    def has_together(self) -> bool:
        return any(each.together for each in self.variants.values())

    def slice(
        self, config: Config, model: str, wanted: str | None, layer: str | None = None
    ) -> dict[str, Any]:
        settings = super().slice(config, model, wanted)
        drawn = {"seed": config.seed, "stream": ["introspection", model]}
        return (
            settings | drawn | ({"learning": _learning(config, model)} if self.has_together else {})
        )


def _learning(config: Config, model: str) -> dict[str, Any]:
    """A model's recipe, with the key of its limit, and what names its draws."""
    section = config.model(model)
    limit = "max_cycles" if section.recipe.stop == "cycles" else "max_epochs"
    stream = [config.seed, section.stream, at_epoch(model)[0]]
    return {"recipe": section.recipe.slice(), "stream": stream, "limit": limit}
