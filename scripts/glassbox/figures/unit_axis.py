"""What the units of a layer are counted as, where classes are locations in a signal."""

CONVOLUTION = "conv"  # what names of layers begin with whose units are one to each sample


def unit_axis(
    layer: str, last: bool, first: int | None, others: tuple[str, int]
) -> tuple[str, int]:
    """The name of an axis of a layer's units, and the number of the first of them.

    last: whether it is the output. first: the location that label 0 stands for, None where classes
    are no locations. others: what units are that are neither samples nor locations.
    """
    if first is None:
        return others
    if last:
        return "location", first
    return ("sample", 1) if layer.startswith(CONVOLUTION) or layer == "input" else others
