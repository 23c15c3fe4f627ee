"""Trained networks: architectures, recipes, weights and histories."""
