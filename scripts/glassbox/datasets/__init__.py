"""Sets of inputs with labels, whatever made them, in one format."""
