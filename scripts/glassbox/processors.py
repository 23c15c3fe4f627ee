"""Which processors a study was made on, as far as that can decide how results are rounded."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any


def mixture(records: Iterable[Mapping[str, Any]]) -> str | None:
    """What the jobs of some records ran on, in words, where that is not the same for all.

    A record has the `device` that its networks ran on, if it had some, and `instructions`, the set
    that each library chose on its processor, such as "openblas Haswell".
    """
    counts: dict[str, Counter[str]] = {}
    for record in records:
        if device := record.get("device"):
            counts.setdefault("networks", Counter())[device] += 1
        for chosen in record.get("instructions", []):
            library, _, name = chosen.partition(" ")
            counts.setdefault(library, Counter())[name] += 1
    mixed = (f"{what} {_listed(each)}" for what, each in sorted(counts.items()) if len(each) > 1)
    return "; ".join(mixed) or None


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"on {name} ({count} jobs)" for name, count in counts.most_common())
