"""The claims of lee2019: a module per topic, each function the test of a claim of claims.yaml."""

from glassbox.claims.lee2019 import confusion, detection, libraries, patterns
