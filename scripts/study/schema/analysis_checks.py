"""Analyses of models and sets that they can't be made of, and of layers that there are not."""

from collections.abc import Iterable

from study.schema.checks import absent_splits, set_problems, unknown
from study.schema.config import Config
from study.schema.libraries import Libraries
from study.schema.models import CNN1D, MLP, Model


def analysis_problems(config: Config) -> Iterable[str]:
    analyses = config.analyses
    for place, name in enumerate(analyses.parameters):
        yield from _refused(config, "parameters", f"analyses.parameters.{place}", name)
    for analysis, wanted in analyses.on_sets.items():
        for name, sets in wanted.items():
            where = f"analyses.{analysis}.{name}"
            problems = list(_refused(config, analysis, where, name))
            for one in sets:
                problems += set_problems(config, where, one)
            problems = problems or list(_kind_problems(config, where, analysis, sets))
            yield from problems or _fit_problems(config, where, name, sets)
    for name in analyses.filters:
        yield from _refused(config, "filters", "analyses.filters", name)
    for name in analyses.ascents.networks:
        yield from _refused(config, "ascents", "analyses.ascents.networks", name)


def _refused(config: Config, analysis: str, where: str, name: str) -> Iterable[str]:
    """Why an analysis can't be made of what has this name."""
    allowed = [each for each, model in config.models.items() if not _why(config, analysis, model)]
    if analysis == "predictions":
        allowed += config.detectors
    if name in config.models and name not in allowed:
        yield f"{where}: {name} {_why(config, analysis, config.models[name])}; {_list(allowed)}"
    else:
        yield from unknown(where, name, allowed)


def _why(config: Config, analysis: str, model: Model) -> str | None:
    """Why an analysis does not apply to a model; None if it does."""
    if not model.stacked:
        return f"is of build {model.build}, whose activations are not dumped so far"
    if analysis == "trajectories" and not model.checkpoints:
        return "has no checkpoints"
    if analysis == "redundancy" and not (isinstance(model, MLP) and model.hidden):
        return "is no perceptron with hidden layers"
    if analysis == "filters" and not isinstance(model, CNN1D):
        return "has no convolutions"
    if analysis in ("filters", "ascents") and config.origin(model.dataset).kind != "jumps":
        return "takes no signals with jumps"
    return None


def _list(allowed: Iterable[str]) -> str:
    return f"allowed: {', '.join(sorted(allowed)) or 'none'}"


def _kind_problems(config: Config, where: str, analysis: str, sets: list[str]) -> Iterable[str]:
    """Sets that an analysis can't be made of, for want of locations or of shapes."""
    allowed = {"learned_filters": ("jumps",), "confidences": ("shapes",)}.get(analysis)
    for one in sets:
        if allowed and config.datasets[one.split("/")[0]].kind not in allowed:
            yield f"{where}: {one} is not of a set of kind {allowed[0]}"


def _fit_problems(config: Config, where: str, name: str, sets: list[str]) -> Iterable[str]:
    """A model can only be shown inputs and classes of the size that it was made for."""
    methods = {**config.models, **config.detectors}
    trained = config.origin(methods[name].dataset)
    for one in sets:
        shown = config.origin(one.split("/")[0])
        if (shown.width, shown.classes) != (trained.width, trained.classes):
            yield (
                f"{where}: {one} has {shown.width} inputs and {shown.classes} classes, "
                f"{name} takes {trained.width} and {trained.classes}"
            )


def library_problems(config: Config) -> Iterable[str]:
    """Libraries of models whose patterns can't be read, or of layers that there are not."""
    for name, libraries in config.libraries.items():
        where = f"libraries.{name}"
        allowed = [each for each, model in config.models.items() if model.layers]
        model = config.models.get(name)
        if not model:
            yield from unknown(where, name, allowed)
        elif not model.layers:
            why = f"is of build {model.build}, whose patterns are not read so far"
            yield f"{where}: {name} {why}; {_list(allowed)}"
        else:
            if model.weights and (absent := absent_splits(config, model.dataset, "train")):
                yield f"{where}: {model.dataset} has {absent} set to build libraries of"
            yield from _layer_problems(where, model, libraries)
            yield from _outlier_problems(config, where, model, libraries)


def _layer_problems(where: str, model: Model, libraries: Libraries) -> Iterable[str]:
    for layer in libraries.thresholds:
        yield from unknown(f"{where}.thresholds", layer, model.layers)
    if libraries.mahalanobis:
        yield from unknown(f"{where}.mahalanobis", libraries.mahalanobis, model.layers)
    for name, chosen in libraries.sets.items():
        if len(chosen) < 2:
            yield f"{where}.sets.{name}: found {len(chosen)} layers; at least 2 are compared"
        for layer, threshold in chosen.items():
            at = f"{where}.sets.{name}.{layer}"
            built = libraries.thresholds.get(layer, [])
            if threshold not in built:
                yield f"{at}: found {threshold}; built: {', '.join(map(str, built)) or 'none'}"


def _outlier_problems(
    config: Config, where: str, model: Model, libraries: Libraries
) -> Iterable[str]:
    width = config.origin(model.dataset).width
    for one in libraries.outliers:
        problems = list(set_problems(config, f"{where}.outliers", one))
        yield from problems
        if not problems and config.origin(one.split("/")[0]).width != width:
            yield f"{where}.outliers: {one} has not the {width} inputs of {model.dataset}"
