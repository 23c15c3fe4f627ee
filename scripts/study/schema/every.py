"""What `analyses: all` stands for: every kind of analysis that applies to a model, and its figures.

Kinds are asked whether they apply, with their default settings. What the config asks for by name
stays as it is.
"""

from collections.abc import Iterable, Iterator

from study.schema.analyses import KINDS, Analysis
from study.schema.analysis_checks import fits
from study.schema.config import Config


def expanded(config: Config) -> Config:
    """The config with an entry for each kind that applies to a model of which all is asked."""
    entries = dict(config.analyses)
    for model, sets in shown(config).items():
        for kind in KINDS:
            made = _made(config, kind.by_default(config, model, sets), model)
            if made:
                entries[f"{model}-{kind.rule()}"] = kind.by_default(config, model, made)
    return config.model_copy(update={"analyses": entries})


def shown(config: Config) -> dict[str, list[str]]:
    """The sets that all analyses are wanted on, by model, as far as these fit together."""
    found: dict[str, list[str]] = {}
    for entry in config.analyses.values():
        for model, sets in entry.of.items() if entry.kind == "all" else ():
            fitting = [one for one in sets if fits(config, model, one)]
            found[model] = list(dict.fromkeys([*found.get(model, []), *fitting]))
    return {model: sets for model, sets in found.items() if model in config.models}


def left_out(config: Config) -> Iterator[str]:
    """What `all` can't give, and why: a line per kind of analysis and model."""
    for model, sets in shown(config).items():
        for kind in KINDS:
            entry = kind.by_default(config, model, sets)
            if why := entry.refused(config, model):
                yield f"no {kind.rule()} of {model}: it {why}"
            elif refused := dict(_refusals(config, entry, model, sets)):
                whys = "; ".join(f"{one} {why}" for one, why in refused.items())
                yield f"no {kind.rule()} of {model}: {whys}"


def _made(config: Config, entry: Analysis, model: str) -> list[str | None]:
    """The sets that an entry can be made on and is not asked for on yet; None: on no set."""
    if entry.refused(config, model):
        return []
    sets = entry.asked()[model]
    refused = dict(_refusals(config, entry, model, sets))
    known = config.asked(entry.kind).get(model, [])
    return [one for one in sets if one not in refused and one not in known]


def _refusals(
    config: Config, entry: Analysis, model: str, sets: Iterable[str | None]
) -> Iterator[tuple[str, str]]:
    """The sets that an entry can't be made on, and why."""
    for one in sets:
        if one and (why := entry.refused_on(config, model, one)):
            yield one, why
