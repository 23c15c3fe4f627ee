"""Whether a study's settings are those of the work that a claim is from.

A work's claims.yaml holds, under `settings`, what the work used of each model, data set, detector,
experiment and analysis that its claims need, in the words of the config. A claim rests on the
settings of all that it needs, and on those of the sets that these are of.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

Settings = Mapping[str, Mapping[str, Mapping[str, Any]]]  # by section and name

OF_SPLITS = "per_class"  # the key of a data set that has a value for each split
TRAINED_ON = ("train", "validation")


class Setting(NamedTuple):
    """A setting that a claim rests on: the key's path, the study's value and the work's."""

    key: str
    ours: Any
    theirs: Any

    @property
    def differs(self) -> bool:
        """Whether the study's is not the work's."""
        return self.ours != self.theirs

    def __str__(self) -> str:
        ours = "nothing" if self.ours is None else self.ours
        return f"{self.key} is {ours}, and {self.theirs} in the work"


def differences(needs: Iterable[str], ours: Settings, theirs: Settings) -> list[Setting]:
    """The settings that a claim with such needs rests on, as far as they are not the work's."""
    return [each for each in settings(needs, ours, theirs) if each.differs]


def settings(needs: Iterable[str], ours: Settings, theirs: Settings) -> list[Setting]:
    """The settings that a claim with such needs rests on, as far as the work states them."""
    wanted: dict[tuple[str, str], dict[str, None]] = {}  # splits of each entry, in order
    for section, name, splits in (each for need in needs for each in _rested_on(need, theirs)):
        wanted.setdefault((section, name), {}).update(dict.fromkeys(splits))
    return [
        setting
        for (section, name), splits in wanted.items()
        for setting in _compared(
            f"{section}.{name}",
            ours.get(section, {}).get(name, {}),
            _of_splits(theirs[section][name], splits),
        )
    ]


def _rested_on(need: str, theirs: Settings) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Section and name of what a need is, and of what that is of, with the splits that count."""
    name, _, split = need.partition("/")
    for section, entries in theirs.items():
        if name in entries:
            yield section, name, (split,) if split else TRAINED_ON
            for key in ("dataset", "of", "set", "model", "detector"):
                if isinstance(source := entries[name].get(key), str):
                    yield from _rested_on(source, theirs)


def _of_splits(entry: Mapping[str, Any], splits: Iterable[str]) -> dict[str, Any]:
    """An entry without what is said of other splits."""
    if OF_SPLITS not in entry:
        return dict(entry)
    kept = {split: entry[OF_SPLITS][split] for split in splits if split in entry[OF_SPLITS]}
    return {**entry, OF_SPLITS: kept}


def _compared(key: str, ours: Any, theirs: Any) -> Iterator[Setting]:
    """All that is said of theirs, beside what ours is."""
    if isinstance(theirs, Mapping):
        for name, value in theirs.items():
            known = ours.get(name) if isinstance(ours, Mapping) else None
            yield from _compared(f"{key}.{name}", known, value)
    else:
        yield Setting(key, ours, theirs)


def asked_for(theirs: Settings, ours: Settings) -> dict[str, dict[str, dict[str, Any]]]:
    """What a study's config says of all that a work's settings name, and of nothing else."""
    return {
        section: {
            name: _same_keys(ours[section][name], entry)
            for name, entry in entries.items()
            if name in ours.get(section, {})
        }
        for section, entries in theirs.items()
    }


def _same_keys(ours: Any, theirs: Any) -> Any:
    if not (isinstance(ours, Mapping) and isinstance(theirs, Mapping)):
        return ours
    return {key: _same_keys(ours[key], value) for key, value in theirs.items() if key in ours}
