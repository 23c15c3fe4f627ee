"""The claims of chen2017: a module per topic, each function the test of a claim of claims.yaml."""

from glassbox.claims.chen2017 import (
    ascents,
    bottlenecks,
    convolutions,
    deviations,
    embeddings,
    errors,
    filters,
    maps,
    memorising,
    shapes,
    training,
    units,
)
