"""Deviations over 60 classes of 1,000 vectors of 100 units, against scipy's pdist by class."""

import numpy as np
import torch
from scipy.spatial.distance import pdist
from timing import ratio, report

from glassbox.analyses import deviations

WANTED = {"euclidean": 3, "cosine": 50, "correlation": 50}


def main() -> None:
    rng = np.random.default_rng(0)
    classes = np.maximum(rng.standard_normal((60, 1000, 100), np.float32), 0)
    tensors = torch.from_numpy(classes)
    for name, wanted in WANTED.items():
        ours = getattr(deviations, f"mean_{name}")
        agreement(name, ours, classes[0])
        slower = 1 / ratio(
            lambda ours=ours: [ours(each) for each in tensors],
            lambda name=name: [pdist(each, name).mean() for each in classes],
            rounds=3,
        )
        report(f"{name}: pdist / ours", slower, wanted, more_is_better=True)


def agreement(name: str, ours: object, vectors: np.ndarray) -> None:
    """Stop when the two do not give the same mean within 1e-5."""
    found = ours(torch.from_numpy(vectors))
    mean = found if isinstance(found, float) else found[0]
    np.testing.assert_allclose(mean, pdist(vectors.astype(np.float64), name).mean(), rtol=1e-5)


if __name__ == "__main__":
    main()
