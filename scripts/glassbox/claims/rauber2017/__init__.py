"""The claims of rauber2017: a module per topic, each function the test of a claim."""

from glassbox.claims.rauber2017 import (
    accuracies,
    chance,
    clusters,
    hits,
    misclassified,
    neurons,
    trails,
    training_and_test,
)
