"""Analyses of models and sets that they can't be made of, and of layers that there are not."""

from collections.abc import Iterable

from study.schema.analyses import Analysis
from study.schema.checks import absent_splits, fit_problems, set_problems, unknown
from study.schema.config import Config
from study.schema.libraries import Libraries
from study.schema.models import Model


def analysis_problems(config: Config) -> Iterable[str]:
    """What analyses are asked of and can't be made of, or are asked for twice."""
    for name, entry in config.analyses.items():
        where = f"analyses.{name}.of"
        for model, sets in entry.asked().items():
            here = where if sets == [None] else f"{where}.{model}"
            problems = list(_refused(config, here, entry, model))
            yield from problems
            for one in [] if problems else sets:
                yield from _refused_on(config, here, entry, model, one)
    yield from _twice(config)


def _refused(config: Config, where: str, entry: Analysis, model: str) -> Iterable[str]:
    """Why an analysis can't be made of what has this name."""
    allowed = [each for each in config.models if entry.refused(config, each) is None]
    if entry.kind == "predictions":
        allowed += config.detectors
    if model in config.models and (why := entry.refused(config, model)):
        yield f"{where}: {model} {why}; allowed: {', '.join(sorted(allowed)) or 'none'}"
    else:
        yield from unknown(where, model, allowed)


def _refused_on(
    config: Config, where: str, entry: Analysis, model: str, wanted: str | None
) -> Iterable[str]:
    """Why an analysis of a model can't be made on a set."""
    if wanted is None:
        return
    problems = list(set_problems(config, where, wanted))
    if not problems and (why := entry.refused_on(config, wanted)):
        problems.append(f"{where}: {wanted} {why}")
    yield from problems or fit_problems(config, where, model, wanted)


def _twice(config: Config) -> Iterable[str]:
    """Two entries of a kind whose tables would have one name."""
    made: dict[tuple[str, str, str | None], str] = {}
    for name, entry in config.analyses.items():
        for model, sets in entry.asked().items():
            for one in sets:
                before = made.setdefault((entry.kind, model, one), name)
                if before != name:
                    on = f" on {one}" if one else ""
                    yield f"analyses.{name}: {before} has the {entry.kind} of {model}{on} already"


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
            yield f"{where}: {name} {why}; allowed: {', '.join(sorted(allowed)) or 'none'}"
        else:
            if model.weights and (absent := absent_splits(config, model.dataset, "train")):
                yield f"{where}: {model.dataset} has {absent} set to build libraries of"
            yield from _layer_problems(where, model, libraries)
            yield from _outlier_problems(config, where, model, libraries)
            yield from _attack_problems(config, where, name, libraries)


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


def _attack_problems(config: Config, where: str, name: str, libraries: Libraries) -> Iterable[str]:
    """Attacks that are not of the test images, or of too few of them."""
    attacks = [each for each, section in config.datasets.items() if section.kind == "attack"]
    for each in libraries.attacks:
        problems = list(unknown(f"{where}.attacks", each, attacks))
        yield from problems or _unfit_attack(config, f"{where}.attacks", name, libraries, each)


def _unfit_attack(
    config: Config, where: str, name: str, libraries: Libraries, attack: str
) -> Iterable[str]:
    section, own = config.datasets[attack], f"{config.models[name].dataset}/test"
    if section.of != own:
        yield f"{where}: {attack} is made of {section.of}, and not of {own}"
    elif section.images < libraries.images:
        yield f"{where}: {attack} has {section.images} images; {libraries.images} are shown"
    else:
        yield from fit_problems(config, where, name, f"{attack}/{config.splits(attack)[0]}")


def _outlier_problems(
    config: Config, where: str, model: Model, libraries: Libraries
) -> Iterable[str]:
    width = config.origin(model.dataset).width
    for one in libraries.outliers:
        problems = list(set_problems(config, f"{where}.outliers", one))
        yield from problems
        if not problems and config.origin(one.split("/")[0]).width != width:
            yield f"{where}.outliers: {one} has not the {width} inputs of {model.dataset}"
