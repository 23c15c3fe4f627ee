"""The claims of rauber2017: a module per topic, each function the test of a claim."""

from glassbox.claims.rauber2017 import (
    accuracies,
    chance,
    clusters,
    hits,
    misclassified,
    trails,
    training_and_test,
)
from glassbox.claims.rauber2017 import chance, hits, neurons, trails
