"""Models that their data, or the programs that make them, don't suit."""

from collections.abc import Iterable

from study.schema.checks import absent_splits, unknown
from study.schema.config import Config
from study.schema.models import KINDS, Model
from study.schema.models.section import UNTRAINED
from study.schema.section import kind_of


def model_problems(config: Config) -> Iterable[str]:
    """What is wrong with each model by itself, or on its data set."""
    for name, model in config.models.items():
        where = f"models.{name}"
        if model.weights:
            yield from (f"{where}.{key}: {why}" for key, why in _given_problems(model))
        else:
            yield from (f"{where}.recipe.{key}: {why}" for key, why in model.recipe.problems())
        learnable = {each for each, section in config.datasets.items() if section.is_learnable}
        problems = list(unknown(f"{where}.dataset", model.dataset, learnable))
        yield from problems or _misfits(config, where, model)
    both = sorted(set(config.models) & set(config.detectors))
    if both:
        yield f"detectors: {', '.join(both)} is also the name of a model"


def _misfits(config: Config, where: str, model: Model) -> Iterable[str]:
    splits = ("test",) if model.weights else ("train", model.recipe.held_out)
    purpose = "measure accuracy on" if model.weights else "train with"
    if absent := absent_splits(config, model.dataset, *splits):
        yield f"{where}.dataset: {model.dataset} has {absent} set to {purpose}"
        return
    data, shape = config.origin(model.dataset), config.image_shape(model.dataset)
    yield from (f"{where}.{key}: {why}" for key, why in model.misfits(data, shape))


def _given_problems(model: Model) -> Iterable[tuple[str, str]]:
    for key in UNTRAINED:
        if key in model.model_fields_set:
            yield key, "has no meaning beside weights, which take the place of training"
    if model.stacked:
        allowed = ", ".join(kind_of(each, "build") for each in KINDS if not each.stacked)
        yield "weights", f"not allowed for build {model.build}; allowed for {allowed}"
