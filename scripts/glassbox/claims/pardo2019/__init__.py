"""The claims of pardo2019: a module per topic, each function the test of a claim of claims.yaml."""

from glassbox.claims.pardo2019 import (
    attacks,
    ensembles,
    errors,
    latent,
    layers,
    noise,
    training,
    units,
)
