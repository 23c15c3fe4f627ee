"""What `analyses: all` stands for: every kind of analysis that applies to a model, and its figures.

Kinds are asked whether they apply, with the settings that they have by default. What the config
asks for by name stays as it is.
"""

from collections.abc import Iterator
from typing import Any

from study.paths import Study
from study.schema.analyses import KINDS, Analysis
from study.schema.analysis_checks import fits, nothing_to_fit_on
from study.schema.config import Config
from study.schema.datasets import Attack
from study.schema.figures import KINDS as FIGURES
from study.schema.figures import Figure

SIZES = [0.1, 0.3, 0.5]  # of attacks, in the units of what a model normalises (lee2019 §3.4)
NOT_ATTACKED = ("shapes", "attack")


def expanded(config: Config) -> Config:
    """The config with entries for all that applies to the models of which all is asked."""
    config = _with(config, "datasets", _attacks(config))
    for kind, model, one in _asked(config):
        entry = kind.by_default(config, model, one)
        if not _is_made(config, kind, model, one) and not _refusal(config, entry, model, one):
            config = _with(config, "analyses", {_named(model, kind.rule(), one): entry})
    shown = figures(config)
    return _with(config, "figures", {name: each for of in shown.values() for name, each in of})


def left_out(config: Config) -> Iterator[str]:
    """What an expanded config has not of all, and why: a line per kind of analysis and model."""
    found: dict[tuple[str, str], list[str]] = {}
    for kind, model, one in _asked(config):
        if not _is_made(config, kind, model, one):
            why = _refusal(config, kind.by_default(config, model, one), model, one)
            found.setdefault((kind.rule(), model), []).append(why)
    for (kind, model), whys in found.items():
        yield f"no {kind} of {model}: {'; '.join(dict.fromkeys(whys))}"


def figures(config: Config) -> dict[str, list[tuple[str, Figure]]]:
    """The figures of what is made of each model of which all is asked, with their names."""
    return {model: list(_figures_of(config, model, sets)) for model, sets in shown(config).items()}


def shown(config: Config) -> dict[str, list[str]]:
    """The sets that all analyses are wanted on, by model, as far as these fit together."""
    found: dict[str, list[str]] = {}
    for entry in config.analyses.values():
        for model, sets in entry.of.items() if entry.kind == "all" else ():
            fitting = [one for one in sets if fits(config, model, one)]
            found[model] = list(dict.fromkeys([*found.get(model, []), *fitting]))
    return {model: sets for model, sets in found.items() if model in config.models}


def _with(config: Config, key: str, entries: dict[str, Any]) -> Config:
    """The config with entries of a section besides; one that it has by such a name stays."""
    there = getattr(config, key)
    new = {name: each for name, each in entries.items() if name not in there}
    return config.model_copy(update={key: {**there, **new}})


def _named(model: str, what: str, one: str | None) -> str:
    return "-".join([model, what, *(one or "").split("/")]).rstrip("-")


def _attacks(config: Config) -> dict[str, Attack]:
    """Attacks on each model, on sets that none are on."""
    return {
        _named(model, "attacks", one): Attack(
            kind="attack", of=one, model=model, space="normalised", sizes=SIZES
        )
        for model, sets in shown(config).items()
        for one in sets
        if config.datasets[one.split("/")[0]].kind not in NOT_ATTACKED
        and not config.attacks_on(model, one)
    }


def _asked(config: Config) -> Iterator[tuple[type[Analysis], str, str | None]]:
    """Each kind with each model and set that it is wanted on; None: on no set."""
    for model, sets in shown(config).items():
        for kind in KINDS:
            every = [*sets, *_attacked(config, model, sets)] if kind.on_attacks else sets
            yield from ((kind, model, one) for one in (every if kind.on_sets else [None]))


def _attacked(config: Config, model: str, sets: list[str]) -> Iterator[str]:
    """The examples of sets as attacks on a model have changed them, dataset/split."""
    for attack in [each for one in sets for each in config.attacks_on(model, one)]:
        method = config.datasets[attack].method
        yield from (f"{attack}/{each}" for each in config.splits(attack) if method in each)


def _is_made(config: Config, kind: type[Analysis], model: str, one: str | None) -> bool:
    return one in config.asked(kind.rule()).get(model, [])


def _refusal(config: Config, entry: Analysis, model: str, one: str | None) -> str | None:
    """Why an entry can't be made of a model on a set; None if it can."""
    if why := entry.refused(config, model):
        return f"it {why}"
    if entry.fitted and (why := nothing_to_fit_on(config, model)):
        return why
    if one is None:
        return None
    if why := entry.refused_on(config, model, one):
        return f"{one} {why}"
    return next((f"{key}: {why}" for key, why in entry.misfits(config, model, one)), None)


def _figures_of(config: Config, model: str, sets: list[str]) -> Iterator[tuple[str, Figure]]:
    """A name with its set where there are several sets, and a figure of its kind is of one."""
    study = Study(config)
    for kind in FIGURES:
        found = {one: kind.of(study, model, one) for one in sets}
        made = {one: each for one, each in found.items() if each}
        several = any(each != next(iter(made.values())) for each in made.values())
        name = kind.rule().replace("_", "-")
        for one, each in made.items() if several else list(made.items())[:1]:
            yield _named(model, name, one if several else None), each
