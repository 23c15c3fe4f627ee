"""The Moore-Penrose embedding of points in a narrow layer (§4.3)."""

import pandas as pd

from glassbox.claims.evidence import Evidence, Missing
from glassbox.claims.hypotheses import Hypothesis, above, below, inside
from glassbox.claims.judging import claim
from glassbox.claims.verdicts import Comparison, counted, exact

WIDTHS = (2, 4, 6, 8, 10)
RARE, OFTEN = 1e-5, 0.1  # success of 10 points in the plane, of 50 in ten dimensions


@claim("C-N10")
def rare_and_often(evidence: Evidence, by: str = "affine") -> list[Comparison]:
    """C-N10: the probabilities that are printed, with maps of a kind (§4.3.4, Fig. 4.14)."""
    rare, often = _shares(evidence, 2, 10, by=by), _shares(evidence, 10, 50, by=by)
    return [
        _counted("10 points in 2 dimensions", evidence, rare, below(RARE)),
        _counted("50 points in 10 dimensions", evidence, often, above(OFTEN)),
    ]


@claim("C-C28")
def always_with_one_more(evidence: Evidence) -> list[Comparison]:
    """C-C28: p + 1 points of R^p are always embedded right (§4.3.2, E-C08)."""
    rows = evidence.rows("moore_penrose_embeddings", "embeddings", map="affine", distance=0.0)
    widths = sorted(rows.loc[rows["points"] == rows["width"] + 1, "width"].unique())
    if not widths:
        raise Missing("embeddings of p + 1 points")
    failures = {}
    for width in widths:
        counts = _shares(evidence, width, width + 1)
        failures[width] = int((counts["trials"] - counts["successes"]).sum())
    return [
        exact(f"{width + 1} points in {width} dimensions", each, inside(0, 0), "failures")
        for width, each in failures.items()
    ]


@claim("C-C29")
def success_falls(evidence: Evidence, by: str = "affine") -> list[Comparison]:
    """C-C29: success falls with n for each p, and wide bottlenecks scale better (Fig. 4.14)."""
    rows = evidence.rows("moore_penrose_embeddings", "embeddings", map=by, distance=0.0)
    rows = rows[rows["points"] % rows["width"] == 0]
    share = {
        (width, points): evidence.per_replicate(each["successes"] / each["trials"])
        for width, points in sorted(set(zip(rows["width"], rows["points"], strict=True)))
        for each in [_shares(evidence, width, points, by=by)]
    }
    falls = [
        Comparison(
            f"{width} dimensions: {points} points minus {points - width}",
            each - share[width, points - width],
            below(0),
            "probability",
        )
        for (width, points), each in share.items()
        if (width, points - width) in share and width in WIDTHS
    ]
    five = {width: share[width, 5 * width] for width in WIDTHS if (width, 5 * width) in share}
    if not falls or set(five) != set(WIDTHS):
        raise Missing("embeddings of 2 p to 5 p points for p = 2, 4, 6, 8, 10")
    easier = [
        Comparison(
            f"5 p points, {wide} minus {narrow} dimensions",
            five[wide] - five[narrow],
            above(0),
            "probability",
        )
        for wide in (8, 10)
        for narrow in (2, 4)
    ]
    return [*falls, *easier]


@claim("C-C30")
def distance_helps(evidence: Evidence) -> list[Comparison]:
    """C-C30: points that lie apart are embedded more often (§4.3.4, Fig. 4.15)."""
    comparisons = []
    for points in (5, 6, 7, 8):
        share = [
            evidence.per_replicate(counts["successes"] / counts["trials"])
            for counts in (_shares(evidence, 2, points, each) for each in (0.0, 0.1, 0.2))
        ]
        for place, words in enumerate(("0.1 apart minus any", "0.2 apart minus 0.1")):
            difference = share[place + 1] - share[place]
            part = f"{points} points, {words}"
            comparisons.append(Comparison(part, difference, above(0), "probability"))
    return comparisons


def _shares(
    evidence: Evidence, width: int, points: int, distance: float = 0.0, by: str = "affine"
) -> pd.DataFrame:
    """Trials and successes of one cell by replicate, over all experiments with it."""
    rows = evidence.rows(
        "moore_penrose_embeddings",
        "embeddings",
        map=by,
        width=width,
        points=points,
        distance=distance,
    )
    return rows.groupby("replicate")[["trials", "successes"]].sum()


def _counted(
    part: str, evidence: Evidence, counts: pd.DataFrame, hypothesis: Hypothesis
) -> Comparison:
    """A probability that is counted: its interval is that of all replicates' draws together."""
    shares = evidence.per_replicate(counts["successes"] / counts["trials"])
    unit = f"probability, {int(counts['trials'].sum()):,} draws"
    return counted(part, shares, int(counts["trials"].iloc[0]), hypothesis, unit)
