"""Names in the tables of neurons, see `neuron_maps`, for what reads them."""

ALL_CLASSES = -1  # the label of what is measured over all classes
TREES, AREA = "trees", "auroc"  # scores
MAP, PAIRS, WITHIN = "map", "dissimilarities", "within classes"  # spaces
VARYING, CONSTANT, DEAD = "varying", "constant", "dead"  # states
