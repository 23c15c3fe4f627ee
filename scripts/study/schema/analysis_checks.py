"""Analyses of models and sets that they can't be made of, and of layers that there are not."""

from collections.abc import Iterable

from study.schema.analyses import Analysis
from study.schema.checks import absent_splits, fit_problems, set_problems, unknown
from study.schema.config import Config


def analysis_problems(config: Config) -> Iterable[str]:
    """What analyses are asked of and can't be made of, or are asked for twice."""
    for name, entry in config.analyses.items():
        where = f"analyses.{name}.of"
        for model, sets in entry.asked().items():
            here = where if sets == [None] else f"{where}.{model}"
            problems = list(_refused(config, here, entry, model))
            yield from problems
            for one in [] if problems else sets:
                refused = list(_refused_on(config, here, entry, model, one))
                misfits = [] if refused or one is None else entry.misfits(config, model, one)
                yield from refused
                yield from (f"analyses.{name}.{key}: {why}" for key, why in misfits)
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
        if entry.fitted and model in config.models and (why := nothing_to_fit_on(config, model)):
            yield f"{where}: {why}"


def nothing_to_fit_on(config: Config, model: str) -> str | None:
    """Why nothing can be fitted on a model's training examples; None if it can."""
    dataset = config.models[model].dataset
    absent = absent_splits(config, dataset, "train")
    return f"{dataset}, the set of {model}, has {absent} set to fit on" if absent else None


def _refused_on(
    config: Config, where: str, entry: Analysis, model: str, wanted: str | None
) -> Iterable[str]:
    """Why an analysis of a model can't be made on a set."""
    if wanted is None:
        return
    problems = list(set_problems(config, where, wanted))
    if not problems and (why := entry.refused_on(config, model, wanted)):
        problems.append(f"{where}: {wanted} {why}")
    yield from problems or fit_problems(config, where, model, wanted)


def fits(config: Config, model: str, wanted: str) -> bool:
    """Whether there are such a model and set, and it can be shown that."""
    if model not in config.models or list(set_problems(config, "", wanted)):
        return False
    return not list(fit_problems(config, "", model, wanted))


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
