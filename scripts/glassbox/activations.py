"""Files of the values of every layer of one network on one set of examples (chen2017 Eq. 1.3)."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from glassbox.digests import describe
from glassbox.files import whole
from glassbox.tables import Examples, write_examples


def layer_path(dump: Path, layer: int) -> Path:
    """Where a dump keeps layer `layer`; the zeroth layer is the set of examples itself."""
    return dump / f"layer-{layer}.parquet"


def layer_paths(dump: Path) -> list[Path]:
    """The files of a dump's layers, a^(1) first."""
    return [layer_path(dump, layer) for layer in range(1, len(list(dump.glob("layer-*"))) + 1)]


def write_dump(dump: Path, examples: Examples, layers: Iterable[np.ndarray]) -> dict[str, dict]:
    """Write one Parquet file per layer, as one folder or not at all; the digest of each by name."""
    with whole(dump) as part:
        part.mkdir()
        digests = {}
        for layer, values in enumerate(layers, start=1):
            metadata = {**examples.metadata, "values": "activation", "layer": layer}
            metadata |= {"shape": [values.shape[1]], "unit": "none"}
            path = layer_path(part, layer)
            activations = Examples(examples.ids, examples.labels, values, metadata)
            write_examples(path, activations)
            digests[path.name] = describe(path, activations.content())
    return digests
