"""Names in the tables of neurons, see `neuron_maps`, for what reads them."""

TREES, AREA = "trees", "auroc"  # scores
MAP, PAIRS, WITHIN = "map", "dissimilarities", "within classes"  # spaces
VARYING, CONSTANT, DEAD = "varying", "constant", "dead"  # states
