"""What the workflow knows and the library must not: the config's layout, slices, fingerprints."""
