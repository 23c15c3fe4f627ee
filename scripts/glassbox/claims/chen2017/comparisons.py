"""Comparisons of error measures of two methods."""

from collections.abc import Iterable

import numpy as np

from glassbox.claims.chen2017.readings import TEST, error, errors_of
from glassbox.claims.evidence import Evidence, paired
from glassbox.claims.hypotheses import Hypothesis
from glassbox.claims.verdicts import Comparison

ERRORS = {  # Table 3.1, and the tail
    "L1": "L1 error",
    "L2": "L2 error (RMSE)",
    "L1_p99": "L1 error, lowest 99 %",
    "L2_p99": "L2 error (RMSE), lowest 99 %",
    "q999": "99.9 % quantile of the error",
    "maximum": "maximum error",
}
RELIABLE = ("L1", "L1_p99", "L2_p99")  # all that are printed but for L2, §4.2.2


def difference(
    evidence: Evidence, method: str, other: str, name: str, hypothesis: Hypothesis
) -> Comparison:
    """The paired difference of an error measure on the test signals, method minus other."""
    both = (error(evidence, each, TEST, name) for each in (method, other))
    values = np.subtract(*paired(*both))
    return Comparison(f"{ERRORS[name]}: {method} minus {other}", values, hypothesis, "samples")


def differences(
    evidence: Evidence, one: str, other: str, measures: Iterable[str], hypothesis: Hypothesis
) -> list[Comparison]:
    """Paired differences of error measures, one minus other, of replicates that both learned in."""
    comparisons = []
    for measure in measures:
        values = errors_of(evidence, [one, other], TEST, measure)
        part = f"{measure}: {one} minus {other}"
        comparisons.append(Comparison(part, values[:, 0] - values[:, 1], hypothesis, "samples"))
    return comparisons


def relative(
    evidence: Evidence, one: str, other: str, measure: str, hypothesis: Hypothesis
) -> Comparison:
    """The paired quotient of an error measure, one over other, minus 1."""
    values = errors_of(evidence, [one, other], TEST, measure)
    part = f"{measure}: {one} over {other}, minus 1"
    return Comparison(part, values[:, 0] / values[:, 1] - 1, hypothesis, "relative difference")
