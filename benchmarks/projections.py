"""t-SNE of 12,000 jump signals on one thread: openTSNE, which the study takes, and scikit-learn.

One round, as scikit-learn takes minutes.
"""

import numpy as np
from sklearn.manifold import TSNE
from threadpoolctl import threadpool_limits
from timing import ratio, report

from glassbox.analyses.neighbourhoods import label_hit, nearest_neighbours
from glassbox.analyses.projections import PERPLEXITY, project
from glassbox.datasets.jumps import jump_signals


def main() -> None:
    rng = np.random.default_rng(0)
    signals = jump_signals(rng, 200, length=100, first=21, last=80, height=3.0, noise=1.0)
    maps = {}

    def ours() -> None:
        maps["openTSNE"] = project(signals.values, seed=0)

    def theirs() -> None:
        method = TSNE(perplexity=PERPLEXITY, init="pca", random_state=0, n_jobs=1)
        maps["scikit-learn"] = method.fit_transform(signals.values)

    faster = 1 / ratio(ours, theirs, rounds=1, uncounted=0)
    report("t-SNE: scikit-learn / openTSNE", faster, 2, more_is_better=True)
    for name, points in maps.items():
        hit = label_hit(nearest_neighbours(points, 6), signals.labels).mean()
        print(f"neighbourhood hit in the map of {name}: {hit:.3f}")


if __name__ == "__main__":
    with threadpool_limits(1):
        main()
