"""What no single section can tell: names that are not there, sets that do not fit."""

from collections.abc import Iterable

from study.schema.config import Config
from study.schema.refusals import no_set, not_among


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


def experiment_problems(config: Config) -> Iterable[str]:
    """What does not suit experiments."""
    for name, section in config.experiments.items():
        yield from _placed(f"experiments.{name}", section.misfits(config))


def detector_problems(config: Config) -> Iterable[str]:
    """What does not suit detectors."""
    for name, section in config.detectors.items():
        yield from _placed(f"detectors.{name}", section.misfits(config))


def set_problems(config: Config, where: str, wanted: str) -> Iterable[str]:
    yield from (f"{where}: {why}" for why in no_set(config, wanted))


def absent_splits(config: Config, dataset: str, *wanted: str) -> str:
    """The wanted splits that a set lacks, in words; empty if it has all."""
    absent = [f"no {split}" for split in wanted if split not in config.splits(dataset)]
    return " and ".join(absent)


def unknown(where: str, name: str, allowed: Iterable[str]) -> Iterable[str]:
    yield from (f"{where}: {why}" for why in not_among(name, allowed))
