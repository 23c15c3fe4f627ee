"""Consistency of the layers' predictions, and attacks and outliers told by it (§3.4, Fig. 5).

Tests take both readings of CPL, as printed and as in the published code (E-L04), unless one of them
is asked alone, and the thresholds of set 1 as printed, unless those of the code are (E-L07).
"""

from collections.abc import Sequence

import numpy as np

from glassbox.claims.evidence import Evidence
from glassbox.claims.hypotheses import REPORTED, above, outside
from glassbox.claims.judging import claim
from glassbox.claims.lee2019.readings import AREA, HALF, auroc, consistency_of, detected
from glassbox.claims.verdicts import Comparison, exact

DEPENDS = 0.01  # difference of areas from which they differ
SEPARATED = 0.9  # AUROC that counts as well separated
READINGS = ("CPL, printed", "CPL, code")
PRINTED_SET = "set1"
ATTACK = 0.3  # size, in units of the deviation, at which Fig. 5A is taken: it does not say


@claim("L-N10")
def higher_than(evidence: Evidence, method: str) -> list[Comparison]:
    """L-N10: the AUROC of ResNet44 can be higher than 0.8 (§3.4, Fig. 5C)."""
    rows = detected(evidence, method, space="normalised", kind="pgd")
    ours = rows[rows["detector"].str.startswith("CPL")]
    best = ours.loc[ours["auroc"].idxmax()]
    size = f"{best['size']:g}"
    where = f"{best['detector']}, {best['thresholds']}, attack of {size}"
    controls = detected(
        evidence,
        method,
        space="normalised",
        size=best["size"],
        detector=best["detector"],
        thresholds=best["thresholds"],
    )
    clip = controls[controls["kind"] == "clip"]["auroc"].iloc[0]
    return [
        Comparison(
            f"largest AUROC as published: {where} (bootstrap over images)",
            np.array([best["auroc"]]),
            above(0.8),
            AREA,
            lambda values, alpha: (best["low"], best["high"]),
            exact=True,
        ),
        exact(f"the same of clipping alone: {where}", clip, REPORTED, AREA),
        *_largest_in_pixels(evidence, method),
    ]


def _largest_in_pixels(evidence: Evidence, method: str) -> list[Comparison]:
    rows = detected(evidence, method, space="pixels", kind="pgd")
    ours = rows[rows["detector"].str.startswith("CPL")]["auroc"].max()
    return [exact("largest AUROC of attacks in pixels", ours, REPORTED, AREA)]


@claim("L-C14")
def consistent(
    evidence: Evidence,
    method: str,
    readings: Sequence[str] = READINGS,
    thresholds: str = PRINTED_SET,
) -> list[Comparison]:
    """L-C14: predictions of the layers are largely consistent for normal inputs (§3.4)."""
    comparisons = []
    for detector in readings:
        normal, null = (
            consistency_of(evidence, method, kind, detector, thresholds)
            for kind in ("normal", "null")
        )
        comparisons += [
            Comparison(f"{detector}: mean of normal inputs", normal, above(HALF), "cosine"),
            Comparison(
                f"{detector}: the same minus that of layers shown different inputs",
                normal - null,
                above(0),
                "cosine",
            ),
        ]
    return comparisons


@claim("L-C15")
def separated(
    evidence: Evidence,
    method: str,
    readings: Sequence[str] = READINGS,
    thresholds: str = PRINTED_SET,
) -> list[Comparison]:
    """L-C15: CPL of normal and adversarial images is well separated, set 1 (Fig. 5A)."""
    comparisons = []
    where = {"thresholds": thresholds, "space": "normalised", "size": ATTACK}
    for detector in readings:
        attacked, clip, noise = (
            auroc(evidence, method, detector=detector, kind=kind, **where)
            for kind in ("pgd", "clip", "noise")
        )
        comparisons += [
            Comparison(f"{detector}: attack of {ATTACK}", attacked, above(SEPARATED), AREA),
            Comparison(f"{detector}: clipping alone", clip, REPORTED, AREA),
            Comparison(f"{detector}: attack minus clipping", attacked - clip, REPORTED, AREA),
            Comparison(f"{detector}: attack minus random ends", attacked - noise, REPORTED, AREA),
        ]
    return [*comparisons, *_pixels(evidence, method, readings, thresholds)]


def _pixels(
    evidence: Evidence, method: str, readings: Sequence[str], thresholds: str
) -> list[Comparison]:
    """Attacks in pixels, as they should have been: the largest size, to be reported."""
    where = {"space": "pixels", "kind": "pgd", "thresholds": thresholds}
    size = detected(evidence, method, **where)["size"].max()
    return [
        Comparison(
            f"{detector}: attack of {size:g} in pixels",
            auroc(evidence, method, detector=detector, size=size, **where),
            REPORTED,
            AREA,
        )
        for detector in readings
    ]


@claim("L-C16")
def depends_on_size(
    evidence: Evidence, method: str, readings: Sequence[str] = READINGS
) -> list[Comparison]:
    """L-C16: the AUROC depends on the size of the attack (Fig. 5B)."""
    comparisons = []
    for detector in readings:
        rows = detected(evidence, method, space="normalised", kind="pgd", detector=detector)
        table = rows.pivot_table(index="replicate", columns="size", values="auroc")
        table = table.reindex(range(evidence.count(method)))
        difference = table.iloc[:, -1] - table.iloc[:, 0]
        part = f"{detector}: mean over sets, largest attack minus smallest"
        comparisons.append(
            Comparison(part, difference.to_numpy(), outside(-DEPENDS, DEPENDS), AREA)
        )
    return comparisons


@claim("L-C17")
def finds_outliers(
    evidence: Evidence,
    method: str,
    readings: Sequence[str] = READINGS,
    thresholds: str = PRINTED_SET,
) -> list[Comparison]:
    """L-C17: CPL detects out-of-training examples (§3.4, §4.2)."""
    rows = detected(evidence, method, kind="outlier")
    comparisons = []
    for space in sorted(rows["space"].unique()):
        where = {"kind": "outlier", "space": space}
        for detector in readings:
            found = auroc(evidence, method, detector=detector, thresholds=thresholds, **where)
            part = f"{detector}, set 1: {space}"
            comparisons.append(Comparison(part, found, above(0.8), AREA))
        for detector in ("maximum softmax", "Mahalanobis", "probe consistency", "neighbours"):
            found = auroc(evidence, method, detector=detector, **where)
            comparisons.append(Comparison(f"{detector}: {space}", found, REPORTED, AREA))
    return comparisons
