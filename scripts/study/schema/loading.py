"""From merged YAML to a config that holds together, or to all that is wrong with it."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from study.schema.analysis_checks import analysis_problems
from study.schema.checks import (
    dataset_misfits,
    dataset_problems,
    detector_problems,
    experiment_problems,
    rooted,
)
from study.schema.config import Config
from study.schema.every import expanded
from study.schema.figure_checks import figure_problems
from study.schema.messages import ConfigError, describe
from study.schema.model_checks import model_problems
from study.schema.reading import refuse_twice
from study.schema.works import Layer, file_of, layers, merged


def load_study(asked: Mapping[str, Any], folder: Path, files: Iterable[Path] = ()) -> Config:
    """The config of the study that a user asks for, with the content of its works.

    asked: config.yaml and what the command line lays over it; folder: config/; files: those that
    `asked` was read from, by Snakemake, which takes the last of two keys in silence.

    Raises ConfigError with one line per problem, which names the work's file that it is in.
    """
    refuse_twice(files)
    laid = layers(asked, folder)
    return load(merged(laid), laid)


def load(content: Mapping[str, Any], laid: Sequence[Layer] = ()) -> Config:
    """Validate a merged config; entries set to null are left out.

    An analysis that names no kind is of the kind that its name is.

    laid: the layers that it was merged from, for the names of their files.

    Raises ConfigError with one line per problem.
    """
    try:
        content = _with_kinds(_without_nulls(content))
        config = Config.model_validate(content)
    except ValidationError as error:
        problems = [describe(detail, content) for detail in error.errors()]
    else:
        (problems, founded), whole = _foundations(config), config
        if founded:
            whole = expanded(config)
            problems += [*_inconsistencies(config), *figure_problems(whole)]
    if problems:
        raise ConfigError("\n".join(_with_file(each, laid) for each in dict.fromkeys(problems)))
    return whole


def _with_file(problem: str, laid: Sequence[Layer]) -> str:
    """A problem behind the work's file that it is in, if it is in one."""
    file = file_of(problem.partition(": ")[0], laid)
    return f"{file}: {problem}" if file else problem


def _without_nulls(section: Any) -> Any:
    if isinstance(section, Mapping):
        return {key: _without_nulls(value) for key, value in section.items() if value is not None}
    return section


def _with_kinds(merged: Mapping[str, Any]) -> dict[str, Any]:
    analyses = merged.get("analyses", {})
    if not isinstance(analyses, Mapping):
        return dict(merged)
    filled = {
        name: {"kind": name, **entry} if isinstance(entry, Mapping) else entry
        for name, entry in analyses.items()
    }
    return {**merged, "analyses": filled}


def _foundations(config: Config) -> tuple[list[str], bool]:
    """What is wrong with sets, models and detectors, and whether the rest can be looked at."""
    problems = list(dataset_problems(config))
    if not all(rooted(config, name) for name in config.datasets):
        return problems, False
    problems += model_problems(config)
    problems += detector_problems(config)
    methods = (*config.models.values(), *config.detectors.values())
    if any(method.dataset not in config.datasets for method in methods):
        return problems, False
    misplaced = list(dataset_misfits(config))
    return problems + misplaced, not misplaced


def _inconsistencies(config: Config) -> Iterable[str]:
    """Names that do not exist and combinations that cannot work."""
    yield from experiment_problems(config)
    yield from analysis_problems(config)
