"""How training goes: epochs, starts, and what is reached (§3.3.1, §4.3.5, §7.2)."""

import numpy as np
import pandas as pd

from glassbox.claims.chen2017.readings import (
    ALL_RIGHT,
    FITTED,
    HALF,
    MEMORISING,
    MLP,
    SHUFFLED,
    TEST,
    epochs_to,
    error,
    kept,
)
from glassbox.claims.evidence import Evidence, paired
from glassbox.claims.hypotheses import REPORTED, above, below
from glassbox.claims.intervals import share_interval
from glassbox.claims.judging import claim
from glassbox.claims.verdicts import Comparison, against_published

NEARLY = 0.05  # above the least validation loss: as good as there
TWO_PERCENT = 0.02
LEARNED = 0.99  # training accuracy that counts as converged
MANY_TIMES = 2.0
TWICE, LOCATIONS = 2, 60  # what chance gives, of the jump's locations


@claim("C-N04")
def best_epoch(evidence: Evidence) -> list[Comparison]:
    """C-N04: the epoch of least validation loss of the 2-layer MLP (§3.3.1, Fig. 3.9)."""
    epochs = kept(evidence, MLP, "epoch")
    return [against_published("epoch of least validation loss", epochs, 131, "epochs")]


@claim("C-N04 (zero)")
def all_learned(evidence: Evidence) -> list[Comparison]:
    """C-N04 (zero): when the training error of the 2-layer MLP is zero (§3.3.1, Fig. 3.9)."""
    epochs = kept(evidence, "mlp-2-fitted", "epoch")
    return [against_published("epoch with every training signal right", epochs, 1400, "epochs")]


@claim("C-C32")
def moore_penrose_starts_well(evidence: Evidence, method: str) -> list[Comparison]:
    """C-C32: Moore-Penrose as a start for the output layer (§4.3.5), which the thesis leaves out.

    The goal is the validation loss that comes within 5 % of the least from the usual start. Where
    it is never reached the ratio is a bound.
    """
    pair = (method, f"{method}-moore-penrose")
    usual, start = (
        evidence.rows("training.history", "history", method=each).set_index(["replicate", "epoch"])
        for each in pair
    )
    losses = [each["validation_loss"] for each in (usual, start)]
    least = [each.groupby("replicate").min() for each in losses]
    epochs = [_first_below(each, (1 + NEARLY) * least[0]) for each in losses]
    there = evidence.per_replicate(epochs[1].isna().reindex(least[1].index), *pair) == 0
    last = pd.Series(losses[1].index.get_level_values("epoch"), losses[1].index).groupby(
        "replicate"
    )
    ratio = np.log2(epochs[1].fillna(last.max()) / epochs[0])
    errors, others = paired(*(error(evidence, each, TEST, "L1") for each in pair))
    return [
        Comparison(
            f"epochs to nearly the least validation loss, {method}, Moore-Penrose over usual",
            evidence.per_replicate(ratio, *pair),
            below(0),
            "log2 of the ratio",
            open_above=not there.all(),
        ),
        Comparison(
            f"least validation loss, {method}, Moore-Penrose over usual, minus 1",
            evidence.per_replicate(least[1] / least[0] - 1, *pair),
            below(TWO_PERCENT),
            "relative difference",
        ),
        Comparison(
            f"L1 error, {method}, Moore-Penrose minus usual",
            others - errors,
            REPORTED,
            "samples",
        ),
    ]


def _first_below(losses: pd.Series, goal: pd.Series) -> pd.Series:
    """The first epoch at which each replicate's loss is at its goal; NaN for none."""
    reached = losses[losses.le(goal.reindex(losses.index.get_level_values(0)).to_numpy())]
    epochs = pd.Series(reached.index.get_level_values("epoch"), reached.index, dtype=float)
    return epochs.groupby("replicate").min().reindex(goal.index)


@claim("C-N08")
def memorises_all(evidence: Evidence) -> list[Comparison]:
    """C-N08: 100 % training accuracy on shuffled labels (§6.2.2).

    Training ends there, or at its limit of epochs, where some examples are still answered wrong.
    """
    accuracy = error(evidence, MEMORISING, SHUFFLED, "accuracy")
    right = np.where(np.isnan(accuracy), np.nan, accuracy == 1)
    part = "networks that answer every training example right"
    return [Comparison(part, right, above(HALF), "share of replicates", share_interval)]


@claim("C-C53")
def nothing_to_learn(evidence: Evidence) -> list[Comparison]:
    """C-C53: shuffled labels are fitted, and tell nothing of others (§2.3.2, §6.2.1)."""
    accuracy = kept(evidence, MEMORISING, "validation_accuracy")
    limit = below(TWICE / LOCATIONS)
    fitted = error(evidence, MEMORISING, SHUFFLED, "accuracy")
    return [
        Comparison("training accuracy", fitted, above(ALL_RIGHT), "share of examples"),
        Comparison("validation accuracy", accuracy, limit, "share of examples"),
    ]


@claim("C-C51")
def memorising_takes_longer(evidence: Evidence) -> list[Comparison]:
    """C-C51: memorising takes many more steps to converge (§7.2).

    A network that was stopped before it got there took more epochs than it was given: the ratio is
    then a bound, and the interval has no end on that side.
    """
    slow, slow_there, fast, fast_there = paired(
        *epochs_to(evidence, MEMORISING, LEARNED), *epochs_to(evidence, FITTED, LEARNED)
    )
    what = f"epochs to {LEARNED:.0%} training accuracy"
    return [
        Comparison(
            f"{what}, {MEMORISING} over {FITTED}",
            np.log2(slow / fast),
            above(np.log2(MANY_TIMES)),
            "log2 of the ratio",
            open_below=not fast_there.all(),
            open_above=not slow_there.all(),
        ),
        _epochs(f"{what}, {MEMORISING}", slow, slow_there),
        _epochs(f"{what}, {FITTED}", fast, fast_there),
    ]


def _epochs(part: str, epochs: np.ndarray, there: np.ndarray) -> Comparison:
    """The number of epochs, to be reported."""
    return Comparison(part, epochs, REPORTED, "epochs", open_above=not there.all())
