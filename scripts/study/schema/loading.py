"""From merged YAML to a config that holds together, or to all that is wrong with it."""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from study.schema.analysis_checks import analysis_problems, library_problems
from study.schema.checks import dataset_problems, detector_problems, experiment_problems, rooted
from study.schema.config import Config
from study.schema.figure_checks import figure_problems
from study.schema.messages import describe
from study.schema.model_checks import model_problems


class ConfigError(Exception):
    """All that is wrong with a config, one problem per line."""


def load(merged: Mapping[str, Any]) -> Config:
    """Validate a merged config; entries set to null are left out.

    An analysis that names no kind is of the kind that its name is.

    Raises ConfigError with one line per problem.
    """
    try:
        merged = _with_kinds(_without_nulls(merged))
        config = Config.model_validate(merged)
    except ValidationError as error:
        problems = [describe(detail, merged) for detail in error.errors()]
        raise ConfigError("\n".join(problems)) from None
    if problems := list(_inconsistencies(config)):
        raise ConfigError("\n".join(problems))
    return config


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


def _inconsistencies(config: Config) -> Iterable[str]:
    """Names that do not exist and combinations that cannot work."""
    yield from dataset_problems(config)
    known = {name for name in config.datasets if rooted(config, name)}
    if known != set(config.datasets):
        return
    yield from model_problems(config)
    for name, detector in config.detectors.items():
        yield from detector_problems(config, name, detector)
    methods = (*config.models.values(), *config.detectors.values())
    if any(method.dataset not in config.datasets for method in methods):
        return
    for name, experiment in config.experiments.items():
        yield from experiment_problems(config, f"experiments.{name}", experiment)
    yield from library_problems(config)
    yield from analysis_problems(config)
    yield from figure_problems(config)
