"""Whether the examples of a class form clusters in a layer (Rauber et al. 2017, Figs 6 and 8).

Each class is split at random into halves. On one half its leading principal components are found,
and mixtures of one to three Gaussians there; the other half says how well these describe it, and
then the halves change places. All Gaussians of a mixture have one covariance, so that a further one
tells of another place and not of another spread; a skewed class can still be taken for two.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd
from scipy.special import expit
from sklearn.decomposition import PCA
from sklearn.mixture import GaussianMixture
from threadpoolctl import threadpool_limits

from glassbox.activations import Activations
from glassbox.analyses.scores import auroc_by
from glassbox.models.layers import Layer
from glassbox.tables import Examples

AXES = 3  # a plane is what the maps show; a third for what differs more than clusters do
GAUSSIANS = (1, 2, 3)
LEAST = 0.01  # added to variances, of that along the first axis: dead units decide nothing
STARTS = 5  # by k-means, of which the likeliest mixture is taken
FEWEST = 10  # examples of a half: of two Gaussians and their covariance 13 numbers are fitted
IMAGES = {"label": int, "cluster": int, "count": int, "pixel": int, "value": float}
NONE = -1  # the cluster of examples of a class that has too few

Halves = Mapping[int, tuple[np.ndarray, np.ndarray]]


@dataclass(frozen=True)
class Mixtures:
    """Mixtures of Gaussians in the leading principal components of some vectors.

    scale: the deviation along the first, which is the unit there. fitted: by how many they are of.
    """

    components: PCA
    scale: float
    fitted: Mapping[int, GaussianMixture]

    @classmethod
    def fit(cls, vectors: np.ndarray, counts: Iterable[int], seed: int) -> Self | None:
        """Of vectors (n, d); None where these are fewer than FEWEST, or all the same."""
        if len(vectors) < FEWEST or (vectors == vectors[0]).all():
            return None
        given = vectors.astype(np.float64)
        components = PCA(min(AXES, given.shape[1]), svd_solver="full").fit(given)
        scale = float(np.sqrt(components.explained_variance_[0]))
        places = components.transform(given) / scale
        fitted = {count: _mixture(count, seed).fit(places) for count in counts}
        return cls(components, scale, fitted)

    def likelihood(self, vectors: np.ndarray, count: int) -> float:
        """The mean log-likelihood of vectors (m, d) by so many Gaussians, in nats."""
        return float(self.fitted[count].score(self._placed(vectors)))

    def log_odds(self, vectors: np.ndarray) -> np.ndarray:
        """How likely each of vectors (m, d) is of the second Gaussian of two, as log-odds: (m,).

        Unlike probabilities they rank those, too, that are all but sure. They are linear in the
        vectors, since the two have one covariance.
        """
        two = self.fitted[2]
        way = two.precisions_ @ (two.means_[1] - two.means_[0])
        middle = two.means_.mean(axis=0) @ way - np.log(two.weights_[1] / two.weights_[0])
        return self._placed(vectors) @ way - middle

    def separation(self) -> float:
        """How far the two are apart by their covariance (Mahalanobis), in standard deviations.

        Two equally frequent ones have two peaks where it is above 2 (Ashman, Bird and Zepf 1994).
        """
        apart = self.fitted[2].means_[1] - self.fitted[2].means_[0]
        return float(np.sqrt(apart @ self.fitted[2].precisions_ @ apart))

    def _placed(self, vectors: np.ndarray) -> np.ndarray:
        return self.components.transform(vectors.astype(np.float64)) / self.scale


def _mixture(count: int, seed: int) -> GaussianMixture:
    """One that has not been fitted; a single Gaussian is the same from every start."""
    starts = STARTS if count > 1 else 1
    settings = {"covariance_type": "tied", "reg_covar": LEAST, "max_iter": 500}
    return GaussianMixture(count, n_init=starts, random_state=seed, **settings)


def halves(rng: np.random.Generator, labels: np.ndarray) -> Halves:
    """The rows of each class of labels (n,), split at random in two."""
    found = {}
    for label in np.unique(labels).tolist():
        rows = rng.permutation(np.flatnonzero(labels == label))
        found[label] = rows[: len(rows) // 2], rows[len(rows) // 2 :]
    return found


def held_out_auroc(
    known: np.ndarray, known_bright: np.ndarray, shown: np.ndarray, bright: np.ndarray
) -> float:
    """How well memberships tell bright from dark: the AUROC on one half, named on the other.

    known, shown: memberships or their log-odds, (n,) and (m,), of two clusters without names.
    known_bright, bright: (n,) and (m,) bool. The cluster that holds more of the bright ones of the
    first half is called bright, so that of memberships that have nothing to do with it 0.5 is
    expected. NaN where a half has one of the two alone.
    """
    if any(each.all() or not each.any() for each in (known_bright, bright)):
        return float("nan")
    area = auroc_by(shown, bright)
    return 1 - area if auroc_by(known, known_bright) < 0.5 else area


def class_clusters(
    activations: Activations,
    rows: np.ndarray,
    bright: Mapping[str, np.ndarray],
    *,
    layers: Collection[str] | None,
    rng: np.random.Generator,
    progress: Callable[[Sequence[Layer]], Iterable[Layer]] = iter,
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Clusters of each class among some rows (m,) of the examples, in some layers or all hidden.

    bright: whether each of these rows is bright on dark, (m,) bool, by what says so; members are
    named by the first of these. Three tables, with layer and depth: measures (label, measure,
    value, see `_measures`), members (example_id, label, cluster) and mean images of the clusters
    (label, cluster, count, pixel, value). Cluster 1 has the larger share of bright examples, by the
    mixture of two that is fitted to the whole class; NONE where a class has too few examples.
    """
    examples = activations.examples.at(rows)
    split = halves(rng, examples.labels)
    seeds = {label: int(rng.integers(2**31)) for label in split}
    chosen = activations.hidden if layers is None else activations.among(layers)
    measures, members, images = [], [], []
    for layer in progress(chosen):
        of = {"layer": layer.name, "depth": layer.depth}
        vectors = activations[layer.name][rows]
        with threadpool_limits(1):  # the last digits depend on it
            measured = [
                row
                for label, parts in split.items()
                for row in _measures(vectors, parts, bright, seeds[label], label)
            ]
            clusters = _clusters(vectors, split, next(iter(bright.values())), seeds)
        told = pd.DataFrame(measured, columns=["label", "measure", "value"])
        measures.append(told.assign(**of))
        columns = {"example_id": examples.ids, "label": examples.labels, "cluster": clusters}
        members.append(pd.DataFrame(columns).assign(**of))
        images.append(_mean_images(examples, clusters).assign(**of))
    return tuple(_in_front(each) for each in (measures, members, images))


def _measures(
    vectors: np.ndarray,
    parts: tuple[np.ndarray, np.ndarray],
    bright: Mapping[str, np.ndarray],
    seed: int,
    label: int,
) -> list[tuple[int, str, float]]:
    """Measures of one class, each the mean of both halves held out; NaN where there are too few.

    count: of its examples. second, third: what one more Gaussian adds to the mean log-likelihood
    per example, in nats. separation: of the two Gaussians. share: of the lesser of two. auroc-<by>:
    of membership against bright and dark, by each of `bright`.
    """
    found: dict[str, list[float]] = {}
    for known, shown in (parts, parts[::-1]):
        mixtures = Mixtures.fit(vectors[known], GAUSSIANS, seed)
        if mixtures is None:
            continue
        one, two, three = (mixtures.likelihood(vectors[shown], each) for each in GAUSSIANS)
        ours, theirs = (mixtures.log_odds(vectors[each]) for each in (known, shown))
        share = float(expit(theirs).mean())
        values = {"second": two - one, "third": three - two}
        values |= {"separation": mixtures.separation(), "share": min(share, 1 - share)}
        for by, told in bright.items():
            values[f"auroc-{by}"] = held_out_auroc(ours, told[known], theirs, told[shown])
        for name, value in values.items():
            found.setdefault(name, []).append(value)
    names = ["second", "third", "separation", "share", *(f"auroc-{by}" for by in bright)]
    count = float(sum(map(len, parts)))
    return [(label, "count", count), *((label, each, _mean(found.get(each, []))) for each in names)]


def _mean(values: list[float]) -> float:
    """The mean of those that there are; NaN of none."""
    known = [each for each in values if not np.isnan(each)]
    return float(np.mean(known)) if known else float("nan")


def _clusters(
    vectors: np.ndarray, split: Halves, bright: np.ndarray, seeds: Mapping[int, int]
) -> np.ndarray:
    """The cluster (m,) of each of vectors (m, d), by the mixture of two of its class."""
    clusters = np.full(len(vectors), NONE)
    for label, parts in split.items():
        rows = np.concatenate(parts)
        mixtures = Mixtures.fit(vectors[rows], [2], seeds[label])
        if mixtures is None:
            continue
        second = mixtures.log_odds(vectors[rows]) > 0
        shares = [bright[rows[each]].mean() if each.any() else 0 for each in (~second, second)]
        clusters[rows] = second if shares[1] >= shares[0] else ~second
    return clusters


def _mean_images(examples: Examples, clusters: np.ndarray) -> pd.DataFrame:
    """The mean of the examples of each class and cluster, pixel by pixel."""
    frames = [pd.DataFrame({name: [] for name in IMAGES})]
    for label in np.unique(examples.labels).tolist():
        for cluster in (0, 1):
            own = examples.values[(examples.labels == label) & (clusters == cluster)]
            if len(own):
                mean = own.mean(axis=0, dtype=np.float64)
                of = {"label": label, "cluster": cluster, "count": len(own)}
                frames.append(pd.DataFrame({**of, "pixel": np.arange(len(mean)), "value": mean}))
    return pd.concat(frames, ignore_index=True).astype(IMAGES)


def _in_front(frames: list[pd.DataFrame]) -> pd.DataFrame:
    """The frames in one, with layer and depth in front."""
    whole = pd.concat(frames, ignore_index=True)
    return whole[["layer", "depth", *whole.columns.drop(["layer", "depth"])]]
