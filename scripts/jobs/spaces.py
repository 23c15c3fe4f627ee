"""The spaces of hidden vectors that a program compares.

The config slice has the layers of a hidden vector, the points and the perplexity of t-SNE, and the
names of a random stream.
"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence

from glassbox.activations import Activations
from glassbox.analyses.hidden_vectors import hidden_vectors
from glassbox.analyses.points import choose_points
from glassbox.analyses.spaces import SPACES, Space, training_spaces
from glassbox.seeds import generator, stream_seed


def spaces_of(
    arguments: Namespace,
    replicate: int,
    training: Activations,
    shown: Activations,
    names: Sequence[str] = SPACES,
) -> dict[str, Space]:
    """The spaces of one replicate's hidden vectors: see `training_spaces`."""
    config = arguments.config
    stream = config["seed"], *config["stream"]
    labels = {"label": training.examples.labels}
    points = choose_points(generator(*stream, "points", replicate), config["points"], labels)
    return training_spaces(
        *(hidden_vectors(each, config["layers"]) for each in (training, shown)),
        points.rows,
        seed=stream_seed(*stream, "t-SNE", replicate) % 2**31,
        perplexity=config["perplexity"],
        device=arguments.device(),
        names=names,
    )
