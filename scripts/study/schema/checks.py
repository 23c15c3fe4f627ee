"""What no single section can tell: names that are not there, sets that do not fit."""

from collections.abc import Iterable

from study.schema.config import Config
from study.schema.detectors import Detector, LearnedFilter
from study.schema.experiments import DetectorDraws, Experiment
from study.schema.refusals import misfit, no_set, not_among


def rooted(config: Config, name: str) -> bool:
    seen = set()
    while source := config.source(name):
        seen.add(name)
        name = source
        if name in seen or name not in config.datasets:
            return False
    return True


def dataset_problems(config: Config) -> Iterable[str]:
    """What is wrong with each set by itself, or with what it is made of."""
    for name, section in config.datasets.items():
        where = f"datasets.{name}"
        source = section.source
        if source is not None:
            problems = list(unknown(f"{where}.of", source, set(config.datasets) - {name}))
            yield from problems
            if problems:
                continue
            if not rooted(config, name):
                yield f"{where}.of: {source} is itself made from {name}"
                continue
        yield from _placed(where, section.problems(config))


def dataset_misfits(config: Config) -> Iterable[str]:
    """Sets made of a split that there is not, or by a model that does not take such inputs."""
    for name, section in config.datasets.items():
        yield from _placed(f"datasets.{name}", section.misfits(config))


def _placed(where: str, problems: Iterable[tuple[str, str]]) -> Iterable[str]:
    """Problems, by key, behind the path of the section that they are in."""
    yield from (f"{where}.{key}: {why}" if key else f"{where}: {why}" for key, why in problems)


def experiment_problems(config: Config, where: str, experiment: Experiment) -> Iterable[str]:
    if experiment.kind == "filter-widths":
        problems = list(unknown(f"{where}.dataset", experiment.dataset, config.datasets))
        yield from problems
        if not problems and config.datasets[experiment.dataset].kind != "jumps":
            yield f"{where}.dataset: {experiment.dataset} is not a set of kind jumps"
    elif experiment.kind == "filter-search":
        problems = list(set_problems(config, f"{where}.set", experiment.set))
        yield from problems
        if not problems and config.datasets[experiment.set.split("/")[0]].kind != "jumps":
            yield f"{where}.set: {experiment.set} is not of a set of kind jumps"
        for window in experiment.windows:
            if window % 2 == 0:
                yield f"{where}.windows: found {window}; must be odd, to be centred"
    elif experiment.kind == "detector-draws":
        yield from _draw_problems(config, where, experiment)
    elif experiment.kind == "moore-penrose-embeddings":
        for place, cells in enumerate(experiment.cells):
            least = cells.width + ("affine" in experiment.maps)
            if min(cells.points) < least:
                yield (
                    f"{where}.cells.{place}.points: found {min(cells.points)}; at least {least} "
                    f"points span {cells.width} dimensions"
                )


def _draw_problems(config: Config, where: str, experiment: DetectorDraws) -> Iterable[str]:
    """Detectors that are not in closed form, and sets that are not drawn, or not for them."""
    name, wanted = experiment.detector, experiment.set
    closed = [each for each, one in config.detectors.items() if one.kind != "learned-filter"]
    problems = list(set_problems(config, f"{where}.set", wanted))
    if not problems and config.datasets[wanted.split("/")[0]].kind != "jumps":
        problems.append(f"{where}.set: {wanted} is not of a set of kind jumps")
    if name in config.detectors and name not in closed:
        allowed = ", ".join(sorted(closed)) or "none"
        problems.append(
            f"{where}.detector: {name} is a filter that a network learned, in no closed form; "
            f"allowed: {allowed}"
        )
    else:
        problems += unknown(f"{where}.detector", name, closed)
    yield from problems or (f"{where}.set: {why}" for why in misfit(config, name, wanted))


def detector_problems(config: Config, name: str, detector: Detector) -> Iterable[str]:
    where = f"detectors.{name}"
    problems = list(unknown(f"{where}.dataset", detector.dataset, config.datasets))
    yield from problems
    if problems:
        return
    if config.datasets[detector.dataset].kind != "jumps":
        yield f"{where}.dataset: {detector.dataset} is not a set of kind jumps"
    elif detector.kind == "learned-filter":
        yield from _learned_filter_problems(config, where, detector)
    elif detector.kind == "gaussian-derivative":
        signals = config.datasets[detector.dataset]
        if detector.window % 2 == 0:
            yield f"{where}.window: found {detector.window}; must be odd, to be centred"
        if detector.window > signals.length:
            yield f"{where}.window: found {detector.window}; at most the length ({signals.length})"


def _learned_filter_problems(config: Config, where: str, detector: LearnedFilter) -> Iterable[str]:
    made = config.asked("learned_filters")
    problems = list(unknown(f"{where}.model", detector.model, made))
    yield from problems
    if not problems and detector.set not in made[detector.model]:
        left_out = f"learned_filters are not made of {detector.model} on {detector.set}"
        yield f"{where}.split: {left_out}"


def set_problems(config: Config, where: str, wanted: str) -> Iterable[str]:
    yield from (f"{where}: {why}" for why in no_set(config, wanted))


def absent_splits(config: Config, dataset: str, *wanted: str) -> str:
    """The wanted splits that a set lacks, in words; empty if it has all."""
    absent = [f"no {split}" for split in wanted if split not in config.splits(dataset)]
    return " and ".join(absent)


def unknown(where: str, name: str, allowed: Iterable[str]) -> Iterable[str]:
    yield from (f"{where}: {why}" for why in not_among(name, allowed))
