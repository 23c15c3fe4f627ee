"""Analyses of models and sets that they can't be made of, and of layers that there are not."""

from collections.abc import Iterable

from study.schema.analyses import Analysis
from study.schema.checks import absent_splits, set_problems
from study.schema.config import Config
from study.schema.refusals import misfit, no_model


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
    yield from _fitted_twice(config)


def _refused(config: Config, where: str, entry: Analysis, model: str) -> Iterable[str]:
    """Why an analysis can't be made of what has this name."""
    allowed = [each for each in config.models if entry.refused(config, each) is None]
    if entry.kind == "predictions":
        allowed += config.detectors
    if not config.is_model(model):
        yield from (f"{where}: {why}" for why in no_model(config, model, allowed))
    elif why := entry.refused(config, model):
        yield f"{where}: {model} {why}; allowed: {', '.join(sorted(allowed)) or 'none'}"
    elif entry.fitted and (why := nothing_to_fit_on(config, model)):
        yield f"{where}: {why}"


def nothing_to_fit_on(config: Config, model: str) -> str | None:
    """Why nothing can be fitted on a model's training examples; None if it can."""
    dataset = config.model(model).dataset
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
    yield from problems or (f"{where}: {why}" for why in misfit(config, model, wanted))


def fits(config: Config, model: str, wanted: str) -> bool:
    """Whether there are such a model and set, and it can be shown that."""
    if not config.is_model(model) or list(set_problems(config, "", wanted)):
        return False
    return not list(misfit(config, model, wanted))


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


def _fitted_twice(config: Config) -> Iterable[str]:
    """Two entries that want other settings of what is fitted once for all sets of a model."""
    fitted: dict[tuple[str, str], str] = {}
    for name, entry in config.analyses.items():
        for model in entry.asked() if entry.fitted_once else ():
            before = fitted.setdefault((entry.kind, model), name)
            told = (config.analyses[each].model_dump(exclude={"of"}) for each in (before, name))
            if len({str(each) for each in told}) > 1:
                made = f"{before} fits the {entry.kind} of {model}"
                yield f"analyses.{name}: {made} with other settings"
