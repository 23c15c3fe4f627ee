"""From merged YAML to a config that holds together, or to all that is wrong with it."""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from study.schema.checks import (
    analysis_problems,
    classifier_problems,
    dataset_problems,
    detector_problems,
    experiment_problems,
    network_problems,
    rooted,
    training_problems,
)
from study.schema.config import Config
from study.schema.figure_checks import figure_problems
from study.schema.messages import describe


class ConfigError(Exception):
    """All that is wrong with a config, one problem per line."""


def load(merged: Mapping[str, Any]) -> Config:
    """Validate a merged config; entries set to null are left out, families are spelled out.

    Raises ConfigError with one line per problem.
    """
    try:
        config = Config.model_validate(_without_nulls(merged))
    except ValidationError as error:
        problems = [describe(detail, merged) for detail in error.errors()]
        raise ConfigError("\n".join(problems)) from None
    problems = list(_family_problems(config))
    if not problems:
        config = _spelled_out(config)
        problems = list(_inconsistencies(config))
    if problems:
        raise ConfigError("\n".join(problems))
    return config


def _family_problems(config: Config) -> Iterable[str]:
    """Families of networks whose members have the name of another network, or one name."""
    taken = set(config.networks)
    for name, family in config.bottlenecks.items():
        if len(set(family.widths)) < len(family.widths):
            yield f"bottlenecks.{name}.widths: found {family.widths}; must differ"
        members = set(family.members(name))
        if taken & members:
            both = ", ".join(sorted(taken & members))
            yield f"bottlenecks.{name}: {both} is also the name of another network"
        taken |= members


def _spelled_out(config: Config) -> Config:
    """The config with each family's members among the networks, and in place of its name."""
    families = {name: family.members(name) for name, family in config.bottlenecks.items()}
    networks = dict(config.networks)
    for members in families.values():
        networks |= members

    def spread(names: Iterable[str]) -> list[str]:
        return [member for name in names for member in families.get(name, [name])]

    analyses = {
        analysis: {member: sets for name, sets in wanted.items() for member in spread([name])}
        for analysis, wanted in config.analyses.on_sets.items()
    }
    tables = {
        name: table.model_copy(update={"methods": spread(table.methods)})
        for name, table in config.tables.items()
    }
    changed = {"analyses": config.analyses.model_copy(update=analyses), "tables": tables}
    return config.model_copy(update={"networks": networks, **changed})


def _without_nulls(section: Any) -> Any:
    if isinstance(section, Mapping):
        return {key: _without_nulls(value) for key, value in section.items() if value is not None}
    return section


def _inconsistencies(config: Config) -> Iterable[str]:
    """Names that do not exist and combinations that cannot work."""
    yield from dataset_problems(config)
    known = {name for name in config.datasets if rooted(config, name)}
    if known != set(config.datasets):
        return
    for name, network in config.networks.items():
        yield from network_problems(config, name, network)
    for name, detector in config.detectors.items():
        yield from detector_problems(config, name, detector)
    if set(config.networks) & set(config.detectors):
        both = sorted(set(config.networks) & set(config.detectors))
        yield f"detectors: {', '.join(both)} is also the name of a network"
    methods = (*config.networks.values(), *config.detectors.values())
    if any(method.dataset not in config.datasets for method in methods):
        return
    for name, experiment in config.experiments.items():
        yield from experiment_problems(config, f"experiments.{name}", experiment)
    for name, network in config.networks.items():
        yield from training_problems(config, f"networks.{name}", network.dataset, "validation")
    yield from classifier_problems(config)
    yield from analysis_problems(config)
    yield from figure_problems(config)
