"""Figures: each takes a tidy table and settings and gives a matplotlib figure."""
