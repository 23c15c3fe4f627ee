"""Analyses: each reads activations, weights or examples and gives a tidy table."""
