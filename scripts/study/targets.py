"""Which results a run is for: names and patterns, as a command line gives them behind `--`."""

import difflib
import fnmatch
from collections.abc import Sequence
from pathlib import Path

from study.deciding.jobs import CannotPlan, Plan, planned
from study.options import presets, settings

WILD = set("*?[")


def split(arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    """Snakemake's options, and the targets, which stand before all options or after `--`."""
    place = arguments.index("--") if "--" in arguments else len(arguments)
    options, targets = list(arguments[:place]), list(arguments[place + 1 :])
    first = next((at for at, each in enumerate(options) if each.startswith("-")), len(options))
    return options[first:], [*options[:first], *targets]


def asked(targets: Sequence[str]) -> list[str]:
    """Targets as arguments of Snakemake."""
    return ["--", *targets] if targets else []


def expanded(options: Sequence[str], targets: Sequence[str]) -> list[str]:
    """The targets, with all results that a pattern fits in its place; `*` goes across folders.

    Raises CannotPlan for a pattern that fits none, with the nearest name that there is.
    """
    if not any(WILD & set(target) for target in targets):
        return list(targets)
    made = everything(options)
    found = {target: fnmatch.filter(made, target) or [target] for target in targets}
    for target, names in found.items():
        if names == [target] and WILD & set(target):
            raise CannotPlan(f"no result of this study fits {target}{_nearest(target, made)}")
    return list(dict.fromkeys(name for names in found.values() for name in names))


def plan_of(options: Sequence[str], targets: Sequence[str]) -> Plan:
    """What a run for some targets, or for the whole study, would make.

    Raises CannotPlan; for a target that nothing makes, and for a preset that is not there, with the
    nearest name that there is.
    """
    _refuse_missing_presets(options)
    _refuse_no_settings(options)
    try:
        return planned([*options, *asked(targets)])
    except CannotPlan as refused:
        if not targets or str(refused):
            raise
        made = everything(options)
        unknown = [target for target in targets if target not in made]
        lines = [f"{target}: no such result{_nearest(target, made)}" for target in unknown]
        raise CannotPlan("\n".join(lines)) from None


def _refuse_missing_presets(options: Sequence[str]) -> None:
    missing = [name for name in presets(options) if not Path(name).is_file()]
    known = sorted(path.as_posix() for path in Path("config").rglob("*.yaml"))
    if missing:
        lines = [f"{name}: {_no_preset(name, known)}" for name in missing]
        raise CannotPlan("\n".join(lines))


def _refuse_no_settings(options: Sequence[str]) -> None:
    wrong = [each for each in settings(options) if "=" not in each]
    if wrong:
        said = "--config takes name=value; put results first, or behind --"
        raise CannotPlan("\n".join(f"{each}: {said}" for each in wrong))


def _no_preset(name: str, known: Sequence[str]) -> str:
    if name.startswith("results/"):
        return "a result, where a preset is expected; put results first, or behind --"
    return f"no such preset{_nearest(name, known)}"


def everything(options: Sequence[str]) -> list[str]:
    """All results of the study that the options choose."""
    jobs = planned([*options, "--forceall"]).jobs
    return sorted({output for job in jobs for output in job.outputs})


def _nearest(target: str, made: Sequence[str]) -> str:
    close = difflib.get_close_matches(target, made, n=1, cutoff=0)
    return f"; did you mean {close[0]}?" if close else ""
