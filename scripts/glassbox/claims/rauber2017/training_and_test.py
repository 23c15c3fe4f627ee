"""Whether training examples lie better apart than test examples (slide H5, Fig. 8)."""

import numpy as np

from glassbox.claims.evidence import Evidence, paired
from glassbox.claims.hypotheses import REPORTED, above
from glassbox.claims.judging import claim
from glassbox.claims.layers import hits
from glassbox.claims.rauber2017.accuracies import SHARE, accuracy
from glassbox.claims.rauber2017.misclassified import NEIGHBOURS, TEST, TRAIN
from glassbox.claims.verdicts import Comparison, Correlation


@claim("R-C09")
def separated_better_in_training(evidence: Evidence, method: str, data: str) -> list[Comparison]:
    """R-C09: training examples separate better than test examples (slide H5)."""
    shown = [split.format(data) for split in (TRAIN, TEST)]
    last = [hits(evidence, method, one, "label")[:, -2] for one in shown]
    told = [accuracy(evidence, method, one) for one in shown]
    train, test, right, right_test = paired(*last, *told)
    gap, accuracies = train - test, right - right_test
    return [
        Comparison("hit in the last hidden layer, training minus test", gap, above(0), NEIGHBOURS),
        Comparison("accuracy, training minus test", accuracies, REPORTED, SHARE),
        Correlation(
            "gap of the hit with gap of the accuracy, over networks",
            np.stack([gap, accuracies], axis=1),
            REPORTED,
            "rank correlation",
        ),
    ]
