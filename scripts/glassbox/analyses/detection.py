"""How well a score that is high for odd inputs tells them from normal ones (lee2019 §3.4)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

import numpy as np
import pandas as pd

from glassbox.analyses.scores import auroc_of
from glassbox.tables import Examples


@dataclass(frozen=True)
class Subject:
    """What inputs of one kind are, and their places among all that were shown.

    space and size: of the attack that made them; "none" or the set's name, and 0, where none did.
    paired: whether they were made from the normal inputs, in the same order.
    """

    kind: str
    space: str
    size: float
    places: slice
    paired: bool

    def columns(self) -> dict[str, str | float]:
        """How a table names the subject."""
        return {"space": self.space, "kind": self.kind, "size": self.size}


def one_after_another(counts: Iterable[int]) -> list[slice]:
    """The places of inputs of several subjects, so many of each, that are shown in this order."""
    return [slice(*ends) for ends in pairwise(accumulate(counts, initial=0))]


def subjects_of(sets: Sequence[Examples], odd: Sequence[str]) -> tuple[list[Subject], Examples]:
    """What some sets are, normal examples first, and all their examples in one.

    odd: the names of the others. A set that is an attack or a control says so in its metadata;
    others are from elsewhere.
    """
    places = one_after_another(len(each.ids) for each in sets)
    normal = Subject("normal", "none", 0.0, places[0], paired=True)
    others = map(_odd, odd, sets[1:], places[1:])
    columns = {
        name: np.concatenate([getattr(each, name) for each in sets])
        for name in ("ids", "labels", "values")
    }
    return [normal, *others], replace(sets[0], **columns)


def _odd(name: str, examples: Examples, places: slice) -> Subject:
    told = examples.metadata
    if "attack" in told:
        return Subject(told["attack"], told["space"], told["size"], places, paired=True)
    return Subject("outlier", name, 0.0, places, paired=False)


@dataclass(frozen=True)
class Score:
    """How odd a detector finds each input that was shown: values (n,), high for an odd one.

    chosen: the set of thresholds, layer: the layer that it looks at; empty where there is none.
    """

    detector: str
    chosen: str
    layer: str
    values: np.ndarray

    def columns(self) -> dict[str, str]:
        """How a table names the score."""
        return {"detector": self.detector, "thresholds": self.chosen, "layer": self.layer}


def detection_table(
    scores: Iterable[Score],
    subjects: Sequence[Subject],
    answers: np.ndarray,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """One row per score and odd subject, of which the first subject, the normal one, is told.

    answers: (n,) of the network to all inputs. Columns beside those that name score and subject:
    auroc with its interval's low and high, and changed, the share of paired inputs that are
    answered otherwise than the normal ones (NaN for others).
    """
    normal, rows = subjects[0], []
    for score in scores:
        for subject in subjects[1:]:
            ours, theirs = score.values[normal.places], score.values[subject.places]
            low, high = auroc_interval(ours, theirs, rng, subject.paired)
            area = {"auroc": auroc_of(ours, theirs), "low": low, "high": high}
            changed = _changed(answers, normal, subject)
            rows.append(score.columns() | subject.columns() | area | {"changed": changed})
    return pd.DataFrame(rows)


def _changed(answers: np.ndarray, normal: Subject, odd: Subject) -> float:
    if not odd.paired:
        return np.nan
    return (answers[normal.places] != answers[odd.places]).mean()


def auroc_interval(
    normal: np.ndarray,
    odd: np.ndarray,
    rng: np.random.Generator,
    paired: bool,
    resamples: int = 1000,
    confidence: float = 0.95,
) -> tuple[float, float]:
    """The bootstrap's percentile interval for the AUROC.

    paired: odd inputs were made from the normal ones in the same order, and images are drawn
    together with what became of them.
    """
    wins = _wins(normal, odd)
    ours = rng.multinomial(len(normal), np.full(len(normal), 1 / len(normal)), resamples)
    share = np.full(len(odd), 1 / len(odd))
    theirs = ours if paired else rng.multinomial(len(odd), share, resamples)
    drawn = ((ours @ wins) * theirs).sum(axis=1) / wins.size
    low, high = np.quantile(drawn, [(1 - confidence) / 2, (1 + confidence) / 2])
    return float(low), float(high)


def _wins(normal: np.ndarray, odd: np.ndarray) -> np.ndarray:
    """Whether each odd score is above each normal one, half for a tie: (normal, odd)."""
    above = odd > normal[:, None]
    return above + 0.5 * (odd == normal[:, None])
