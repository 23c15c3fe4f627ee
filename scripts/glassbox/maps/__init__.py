"""Pages with maps to explore."""
