"""Activation patterns of layers: how many, how alike, how clustered (§1, §3.1, §3.3, §4)."""

from itertools import pairwise

import numpy as np

from glassbox.claims.evidence import Evidence
from glassbox.claims.hypotheses import REPORTED, above, below, inside
from glassbox.claims.judging import claim
from glassbox.claims.lee2019.readings import (
    NETWORKS,
    SHARE,
    highest,
    of_patterns,
    silhouette,
    variant,
)
from glassbox.claims.verdicts import Comparison, exact

FREE, WHOLE = "location-free", "whole"  # patterns, as the table of their changes calls them
WIDELY = 0.2  # range of mean cosines over blocks
PURE = 0.9
LEFT = 0.5  # share of what a pattern has of its own, up to which it is another


@claim("L-N02")
def cifar_sizes(evidence: Evidence, method: str) -> list[Comparison]:
    """L-N02: 500 and 100 images per class, a misprint (E-L05)."""
    classes = _count(evidence, method, "classes")
    return [
        exact(
            f"{part} images per class minus {size}",
            _count(evidence, method, part) / classes - size,
            inside(0, 0),
            "images",
        )
        for part, size in (("train", 500), ("test", 100))
    ]


def _count(evidence: Evidence, method: str, measure: str) -> float:
    return of_patterns(evidence, method, NETWORKS[method][0], measure)


@claim("L-C10")
def features_and_their_places(evidence: Evidence, method: str) -> list[Comparison]:
    """L-C10: convolutional layers find local features, dense ones where these lie (§3.2, §4.1).

    Of images whose patches are moved: what is left of what a pattern has of its own, that is of its
    cosine with that of the unmoved image above that with those of other labels.
    """
    cn1, cn2, fc1, fc2 = (
        _left(evidence, method, layer, pattern)
        for layer, pattern in zip(NETWORKS[method], (FREE, FREE, WHOLE, WHOLE), strict=True)
    )
    words, unit = "of its own left in the pattern of an image with moved patches", "share"
    return [
        Comparison(f"CN1, each filter wherever: {words}", cn1, above(LEFT), unit),
        Comparison(f"CN2, each filter wherever: {words}", cn2, above(LEFT), unit),
        Comparison(f"FC1 minus CN2: {words}", fc1 - cn2, below(0), unit),
        Comparison(f"FC2 minus CN2: {words}", fc2 - cn2, below(0), unit),
    ]


def _left(evidence: Evidence, method: str, layer: str, pattern: str) -> np.ndarray:
    rows = evidence.rows(
        "pattern_changes", "changes of patterns", method=method, layer=layer, pattern=pattern
    )
    table = rows.pivot(index="replicate", columns="measure", values="value")
    others = table["cosine, other labels"]
    return evidence.per_replicate((table["cosine"] - others) / (1 - others), method)


@claim("L-C11")
def heterogeneous(evidence: Evidence, method: str) -> list[Comparison]:
    """L-C11: blocks of ResNet44 differ much in how alike their patterns are (§3.3)."""
    cosines = [of_patterns(evidence, method, layer, "cosine") for layer in NETWORKS[method]]
    spread = max(cosines) - min(cosines)
    return [exact("range of the mean cosine over blocks", spread, above(WIDELY), "cosine")]


@claim("L-C12")
def most_homogeneous(evidence: Evidence, method: str) -> list[Comparison]:
    """L-C12: patterns of CL1 are more alike than those of any other block (§3.3, Fig. 4A)."""
    comparisons = []
    for measure, hypothesis in (("cosine", above(0)), ("centred cosine", REPORTED)):
        others = [each for each in NETWORKS[method] if each != "CL1"]
        own, *rest = (of_patterns(evidence, method, each, measure) for each in ("CL1", *others))
        part = f"mean {measure} of CL1 minus the largest of the others"
        comparisons.append(exact(part, own - max(rest), hypothesis, "cosine"))
    return comparisons


@claim("L-C18")
def clustered(evidence: Evidence, method: str) -> list[Comparison]:
    """L-C18: patterns of one class are clustered, in more clusters than classes (§1, §4)."""
    comparisons = [
        Comparison(
            "nodes over classes, minus 1, up or down, in the layer where it is most",
            np.stack(
                [_unlike_classes(evidence, method, each) for each in NETWORKS[method]], axis=1
            ),
            REPORTED,
            "relative difference",
        )
    ]
    for layer in NETWORKS[method]:
        apart = silhouette(evidence, method, layer)
        nearest = variant(evidence, method, layer, "neighbours=1", "top1")
        purity = highest(evidence, method, layer, "purity")
        comparisons += [
            Comparison(f"{layer}: mean silhouette by answer", apart, above(0), "silhouette"),
            Comparison(f"{layer}: nearest pattern has its answer", nearest, above(PURE), SHARE),
            Comparison(f"{layer}: purity of nodes", purity, REPORTED, "share of activity"),
        ]
    return comparisons


def _unlike_classes(evidence: Evidence, method: str, layer: str) -> np.ndarray:
    """How far the number of nodes is from that of classes, relative to it: (replicates,)."""
    classes = _count(evidence, method, "classes")
    return np.abs(highest(evidence, method, layer, "size") / classes - 1)


@claim("L-C19")
def separability_rises(evidence: Evidence, method: str) -> list[Comparison]:
    """L-C19: linear separability rises with depth (§1, after Alain and Bengio)."""
    return [
        Comparison(
            f"accuracy of a linear probe, {other} minus {one}",
            variant(evidence, method, other, "probe", "accuracy")
            - variant(evidence, method, one, "probe", "accuracy"),
            above(0),
            SHARE,
        )
        for one, other in pairwise(NETWORKS[method])
    ]


@claim("L-C21")
def homogenised_then_mapped(evidence: Evidence, method: str) -> list[Comparison]:
    """L-C21: CL1 makes patterns homogeneous, later blocks map them to classes (§3.3)."""
    before, after = (of_patterns(evidence, method, each, "cosine") for each in ("CN1", "CL1"))
    return [
        exact("mean cosine, CL1 minus CN1", after - before, above(0), "cosine"),
        *(
            Comparison(
                f"agreement at the highest threshold, {other} minus {one}",
                highest(evidence, method, other, "top1") - highest(evidence, method, one, "top1"),
                above(0),
                SHARE,
            )
            for one, other in pairwise(("CL1", "CL2", "CL3", "FC"))
        ),
    ]
