"""The claims of lee2019 on library networks, each as comparisons over replicates.

`lee2019.yaml` says what is claimed and which test decides. A replicate is a trained network; of
ResNet44, which is one given network, it is an order of the data that libraries are built in. What
holds of given images or of one network without any draw is exact.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from scipy import stats

from glassbox.analyses.libraries import tolerance
from glassbox.claims.evidence import Missing
from glassbox.claims.table import Entry
from glassbox.claims.verdicts import (
    NOT_TESTABLE,
    REPORTED,
    Comparison,
    Verdict,
    above,
    below,
    inside,
    judge,
)
from glassbox.errors import GlassboxError

RESNET = "resnet44"
NETWORKS = {
    "lenet": ("CN1", "CN2", "FC1", "FC2"),
    "lenet-digits": ("CN1", "CN2", "FC1", "FC2"),
    RESNET: ("CN1", "CL1", "CL2", "CL3", "FC"),
}
DIGITS = " (digits)"

RELIABLE = 0.9  # agreement that counts as reliable on MNIST
SEPARATED = 0.9  # AUROC that counts as well separated
HALF = 0.5
ALIKE = 0.5  # correlation of two confusion matrices
HIGH_RANK = 0.9
FAR_LESS = 0.1
WIDELY = 0.2  # range of mean cosines over blocks
PURE = 0.9
POINT = 0.01
ATTACK = 0.3  # size, in units of the deviation, at which Fig. 5A is taken: it does not say
LOW, HIGH = 0.65, 0.75  # thresholds of Fig. 3
SHARE, AREA = "share of test examples", "AUROC"


@dataclass(frozen=True)
class Claim(Entry):
    """A published statement; the first that it needs is the classifier that is asked.

    sister: whether it is also asked of the small network on digits.
    """

    config: str = "config/lee2019.yaml"
    sister: bool = False

    @property
    def network(self) -> str:
        """The classifier that is asked."""
        return self.needs[0]

    def with_sister(self) -> list["Claim"]:
        """The claim, and the same asked of the digits where it has a sister."""
        if not self.sister:
            return [self]
        asked = (
            f"What {self.id} says of MNIST, asked of the 8 x 8 digits of scikit-learn, which are "
            "not MNIST, and of a LeNet with filters of 3 x 3."
        )
        digits = Claim(
            f"{self.id}{DIGITS}", self.location, asked, self.test, ["lenet-digits"], "config.yaml"
        )
        return [self, digits]


@dataclass(frozen=True)
class Evidence:
    """The study's tables; what they lack raises Missing.

    libraries: method, layer, replicate, variant, threshold, measure, value. confusion: method,
    layer, replicate, threshold, shown, other, value. detection and scores: as scripts/consistency
    writes them. silhouettes: method, replicate, layer, silhouette. replicates: how many count, by
    classifier; of ResNet44, which is given, one.
    """

    replicates: Mapping[str, int]
    libraries: pd.DataFrame | None = None
    confusion: pd.DataFrame | None = None
    detection: pd.DataFrame | None = None
    scores: pd.DataFrame | None = None
    silhouettes: pd.DataFrame | None = None

    def by_threshold(self, method: str, layer: str, measure: str) -> pd.DataFrame:
        """A measure of libraries: a row per replicate, a column per threshold, in order."""
        rows = _rows(self.libraries, f"libraries of {method}", method=method, layer=layer)
        rows = rows[rows["measure"] == measure]
        axis = "replicate"
        if method == RESNET:
            axis = "variant"
            rows = rows[(rows["variant"] == "library") | rows["variant"].str.startswith("order=")]
        else:
            rows = rows[rows["variant"] == "library"]
        table = rows.pivot_table(index=axis, columns="threshold", values="value")
        if table.shape[1] < 2:
            raise Missing(f"libraries of {method} of several thresholds")
        return table if axis == "variant" else table.reindex(range(self.replicates[method]))

    def highest(self, method: str, layer: str, measure: str) -> np.ndarray:
        """The same at the highest threshold: (replicates,)."""
        return self.by_threshold(method, layer, measure).iloc[:, -1].to_numpy()

    def variant(self, method: str, layer: str, variant: str, measure: str) -> np.ndarray:
        """Of another variant, at the highest threshold where it has some: (replicates,)."""
        what = f"{variant} of {method}"
        rows = _rows(
            self.libraries, what, method=method, layer=layer, variant=variant, measure=measure
        )
        last = rows.sort_values("threshold").groupby("replicate")["value"].last()
        return last.reindex(range(self.replicates[method])).to_numpy()

    def silhouette(self, method: str, layer: str) -> np.ndarray:
        """The mean silhouette of a layer's patterns by answer: (replicates,)."""
        rows = _rows(self.silhouettes, f"silhouettes of {method}", method=method, layer=layer)
        found = rows.set_index("replicate")["silhouette"]
        return found.reindex(range(self.replicates[method])).to_numpy()

    def confusion_at(self, method: str, layer: str, threshold: float) -> np.ndarray:
        """CI (replicates, classes, classes) at one threshold."""
        rows = _rows(self.confusion, f"confusion of {method}", method=method, layer=layer)
        rows = rows[np.isclose(rows["threshold"], threshold)]
        if rows.empty:
            raise Missing(f"confusion of {method} at {threshold}")
        classes = rows["shown"].max() + 1
        count = self.replicates[method]
        index = pd.MultiIndex.from_product([range(count), range(classes), range(classes)])
        values = rows.set_index(["replicate", "shown", "other"])["value"].reindex(index)
        return values.to_numpy().reshape(count, classes, classes)

    def detected(self, method: str, **wanted: str | float) -> pd.DataFrame:
        """Rows on how well odd inputs are told."""
        return _rows(self.detection, f"detection with {method}", method=method, **wanted)

    def auroc(self, method: str, **wanted: str | float) -> np.ndarray:
        """AUROC of one detector for one subject: (replicates,)."""
        rows = self.detected(method, **wanted).groupby("replicate")["auroc"].mean()
        return rows.reindex(range(self.replicates[method])).to_numpy()

    def consistency_of(self, method: str, kind: str, detector: str) -> np.ndarray:
        """Mean CPL of set 1 of the inputs of one kind: (replicates,)."""
        rows = _rows(
            self.scores,
            f"consistency of {method}",
            method=method,
            kind=kind,
            detector=detector,
            set="set1",
        )
        found = rows.groupby("replicate")["consistency"].mean()
        return found.reindex(range(self.replicates[method])).to_numpy()


def _rows(table: pd.DataFrame | None, what: str, **wanted: str | float) -> pd.DataFrame:
    """The rows of a table with these values in these columns; Missing if there are none."""
    found = pd.DataFrame() if table is None else table
    for column, value in wanted.items():
        found = found[found[column] == value] if len(found) else found
    if found.empty:
        raise Missing(what)
    return found


def verdict(claim: Claim, evidence: Evidence) -> Verdict:
    """The verdict on a claim; what the tables lack is not testable here.

    Raises GlassboxError for a claim without a test that does not say why.
    """
    if claim.untested:
        return Verdict(NOT_TESTABLE, claim.untested, [])
    test = TESTS.get(claim.id.removesuffix(DIGITS))
    if test is None:
        raise GlassboxError(f"{claim.id}: the table of claims names it, but it has no test")
    try:
        return judge(test(evidence, claim.network))
    except Missing as missing:
        needs = ", ".join(claim.needs)
        reason = f"no {missing}; the test needs {needs}, as {claim.config} has them"
        return Verdict(NOT_TESTABLE, reason, [])


def _exact(part: str, value: float, hypothesis: object, unit: str) -> Comparison:
    """What is without any draw."""
    return Comparison(part, np.array([value]), hypothesis, unit, _no_width, exact=True)


def _no_width(values: np.ndarray, alpha: float) -> tuple[float, float]:
    return float(values[0]), float(values[0])


def _count(evidence: Evidence, method: str, measure: str) -> float:
    layer = NETWORKS[method][0]
    return float(evidence.variant(method, layer, "patterns", measure)[0])


def mnist_sizes(evidence: Evidence, method: str) -> list[Comparison]:
    """L-N01: MNIST has 60,000 and 10,000 images."""
    return [
        _exact(f"{part} images minus {size}", count - size, inside(0, 0), "images")
        for part, size in (("training", 60_000), ("test", 10_000))
        for count in [_count(evidence, method, "train" if part == "training" else "test")]
    ]


def cifar_sizes(evidence: Evidence, method: str) -> list[Comparison]:
    """L-N02: 500 and 100 images per class, a misprint (E-L05)."""
    classes = _count(evidence, method, "classes")
    return [
        _exact(
            f"{part} images per class minus {size}",
            _count(evidence, method, part) / classes - size,
            inside(0, 0),
            "images",
        )
        for part, size in (("train", 500), ("test", 100))
    ]


def _mean_agreement(evidence: Evidence, method: str, variant: str) -> np.ndarray:
    """Over all layers, at the highest thresholds: (replicates,)."""
    layers = [evidence.variant(method, each, variant, "top1") for each in NETWORKS[method]]
    return np.mean(layers, axis=0)


def _near_best(
    evidence: Evidence, method: str, own: str, others: tuple[str, ...]
) -> list[Comparison]:
    chosen = _mean_agreement(evidence, method, own)
    gains = np.stack([_mean_agreement(evidence, method, each) - chosen for each in others], axis=1)
    part = f"largest gain of {', '.join(others)} over {own}"
    return [Comparison(part, gains, below(POINT), SHARE)]


def kernel_width(evidence: Evidence, method: str) -> list[Comparison]:
    """L-N03: the kernel of Eq. 2 is 0.01 wide."""
    others = ("kernel=0.001", "kernel=0.1", "kernel=1")
    return _near_best(evidence, method, "library", others)


def number_of_nodes(evidence: Evidence, method: str) -> list[Comparison]:
    """L-N04: three nodes predict, eight of ResNet44."""
    others = ("nodes=1", "nodes=3", "nodes=8", "nodes=20", "nodes=all")
    return _near_best(evidence, method, "library", others)


def higher_than(evidence: Evidence, method: str) -> list[Comparison]:
    """L-N10: the AUROC of ResNet44 can be higher than 0.8 (§3.4, Fig. 5C)."""
    rows = evidence.detected(method, space="normalised", kind="pgd")
    ours = rows[rows["detector"].str.startswith("CPL")]
    best = ours.loc[ours["auroc"].idxmax()]
    size = f"{best['size']:g}"
    where = f"{best['detector']}, {best['set']}, attack of {size}"
    controls = evidence.detected(
        method, space="normalised", size=best["size"], detector=best["detector"], set=best["set"]
    )
    clip = controls[controls["kind"] == "clip"]["auroc"].iloc[0]
    return [
        Comparison(
            f"largest AUROC as published: {where} (bootstrap over images)",
            np.array([best["auroc"]]),
            above(0.8),
            AREA,
            lambda values, alpha: (best["low"], best["high"]),
            exact=True,
        ),
        _exact(f"the same of clipping alone: {where}", clip, REPORTED, AREA),
        *_largest_in_pixels(evidence, method),
    ]


def _largest_in_pixels(evidence: Evidence, method: str) -> list[Comparison]:
    rows = evidence.detected(method, space="pixels", kind="pgd")
    ours = rows[rows["detector"].str.startswith("CPL")]["auroc"].max()
    return [_exact("largest AUROC of attacks in pixels", ours, REPORTED, AREA)]


def shown_again(evidence: Evidence, method: str) -> list[Comparison]:
    """L-N11: a stored pattern shown again gives 1 at its node, less at the others (§2.1)."""
    comparisons = []
    for layer in NETWORKS[method]:
        own = evidence.highest(method, layer, "own activation")
        other = evidence.highest(method, layer, "other activation")
        rounding = tolerance(int(evidence.variant(method, layer, "patterns", "units")[0]))
        near_one = inside(-rounding, rounding)
        comparisons += [
            Comparison(f"{layer}: least activation of the own node minus 1", own - 1, near_one, ""),
            Comparison(f"{layer}: largest of another node minus 1", other - 1, below(0), ""),
        ]
    return comparisons


def five_blocks(evidence: Evidence, method: str) -> list[Comparison]:
    """L-N12: five blocks of ResNet44."""
    rows = _rows(evidence.libraries, f"libraries of {method}", method=method)
    count = rows["layer"].nunique()
    return [_exact("blocks with libraries minus 5", count - 5, inside(0, 0), "blocks")]


def grows(evidence: Evidence, method: str) -> list[Comparison]:
    """L-C01: libraries grow with the threshold (Figs 2A, 4A)."""
    return [
        Comparison(
            f"{layer}: smallest step of the size from threshold to threshold",
            np.diff(evidence.by_threshold(method, layer, "size").to_numpy(), axis=1).min(axis=1),
            above(0),
            "nodes",
        )
        for layer in NETWORKS[method]
    ]


def shrink_with_depth(evidence: Evidence, method: str) -> list[Comparison]:
    """L-C02: at one threshold libraries of earlier layers are bigger (Fig. 2A; E-L06)."""
    comparisons = []
    for one, other in pairwise(NETWORKS[method]):
        earlier, later = (evidence.by_threshold(method, each, "size") for each in (one, other))
        common = sorted(set(earlier.columns) & set(later.columns))
        log_ratio = np.log2(earlier[common].to_numpy() / later[common].to_numpy())
        part = f"{one} over {other}: smallest ratio of sizes over thresholds {common[0]:g} to "
        comparisons.append(
            Comparison(f"{part}{common[-1]:g}", log_ratio.min(axis=1), above(0), "log2 of ratio")
        )
    return comparisons


def predicts(evidence: Evidence, method: str) -> list[Comparison]:
    """L-C03: libraries predict the answers reliably, better at higher thresholds (Fig. 2B)."""
    comparisons = []
    for layer in NETWORKS[method]:
        shares = evidence.by_threshold(method, layer, "top1").to_numpy()
        best = shares[:, -1]
        comparisons += [
            Comparison(f"{layer}: agreement, highest threshold", best, above(RELIABLE), SHARE),
            Comparison(
                f"{layer}: agreement, highest minus lowest threshold",
                best - shares[:, 0],
                above(0),
                SHARE,
            ),
            *_beside(evidence, method, layer, best),
        ]
    return comparisons


def _beside(evidence: Evidence, method: str, layer: str, ours: np.ndarray) -> list[Comparison]:
    """What plain neighbours and a linear probe do, to be reported."""
    names = {
        "prototypes": "neighbours among as many random patterns",
        "neighbours=1": "the nearest of all patterns",
        "probe": "a linear probe",
    }
    return [
        Comparison(
            f"{layer}: agreement minus that of {words}",
            ours - evidence.variant(method, layer, variant, "top1"),
            REPORTED,
            SHARE,
        )
        for variant, words in names.items()
    ]


def three_answers(evidence: Evidence, method: str) -> list[Comparison]:
    """L-C04: three best answers instead of one raise the agreement dramatically (Fig. 2C)."""
    comparisons = []
    for layer in NETWORKS[method]:
        one, three = (
            evidence.by_threshold(method, layer, name).to_numpy() for name in ("top1", "top3")
        )
        left = ((1 - three) - HALF * (1 - one)).mean(axis=1)
        part = f"{layer}: disagreement with three answers minus half of that with one, mean"
        comparisons.append(Comparison(f"{part} over thresholds", left, below(0), SHARE))
    return comparisons


def deeper_is_better(evidence: Evidence, method: str) -> list[Comparison]:
    """L-C05: at the highest thresholds later layers predict better (Fig. 2B)."""
    return [
        Comparison(
            f"agreement at the highest threshold, {other} minus {one}",
            evidence.highest(method, other, "top1") - evidence.highest(method, one, "top1"),
            above(0),
            SHARE,
        )
        for one, other in pairwise(NETWORKS[method])
    ]


def nine_confuses(evidence: Evidence, method: str) -> list[Comparison]:
    """L-C06: digit 9 confuses CN1 and CN2, and FC1 less (Fig. 3A to C)."""
    excess = {}
    for layer in ("CN1", "CN2", "FC1"):
        rows = _off_diagonal_means(evidence.confusion_at(method, layer, LOW))
        excess[layer] = rows[:, 9] - np.delete(rows, 9, axis=1).mean(axis=1)
    what = "mean CI of the row of 9 minus that of the other rows"
    return [
        Comparison(f"CN1: {what}", excess["CN1"], above(0), "CI"),
        Comparison(f"CN2: {what}", excess["CN2"], above(0), "CI"),
        Comparison(f"FC1 minus CN1: {what}", excess["FC1"] - excess["CN1"], below(0), "CI"),
    ]


def _off_diagonal_means(index: np.ndarray) -> np.ndarray:
    """Row means of CI (R, classes, classes) without the diagonal: (R, classes)."""
    classes = index.shape[1]
    return (index.sum(axis=2) - 1) / (classes - 1)


def _off_diagonal(index: np.ndarray) -> np.ndarray:
    return index[:, ~np.eye(index.shape[1], dtype=bool)]


def same_confusion(evidence: Evidence, method: str) -> list[Comparison]:
    """L-C07: the confusion is the same at a threshold of 0.75 (Fig. 3D to F)."""
    comparisons = []
    for layer in ("CN1", "CN2", "FC1"):
        low, high = (
            _off_diagonal(evidence.confusion_at(method, layer, each)) for each in (LOW, HIGH)
        )
        alike = np.array([stats.spearmanr(a, b).statistic for a, b in zip(low, high, strict=True)])
        part = f"{layer}: rank correlation of CI at {LOW} and {HIGH}"
        comparisons.append(Comparison(part, alike, above(ALIKE), "correlation"))
    return comparisons


def four_and_nine(evidence: Evidence, method: str) -> list[Comparison]:
    """L-C08: CI(4, 9) is high in all layers (§3.2)."""
    comparisons = []
    for layer in ("CN1", "CN2", "FC1"):
        index = evidence.confusion_at(method, layer, LOW)
        values, this = _off_diagonal(index), index[:, 4, 9]
        below_it = (values < this[:, None]).sum(axis=1) / (values.shape[1] - 1)
        share = np.where(np.isnan(this), np.nan, below_it)
        part = f"{layer}: share of other pairs whose CI is below that of (4, 9)"
        comparisons.append(Comparison(part, share, above(HIGH_RANK), "share of pairs"))
    return comparisons


def last_is_clear(evidence: Evidence, method: str) -> list[Comparison]:
    """L-C09: CI of FC2 is extremely low (§3.2)."""
    first, last = (
        _off_diagonal(evidence.confusion_at(method, layer, LOW)).mean(axis=1)
        for layer in ("FC1", "FC2")
    )
    difference = last - FAR_LESS * first
    return [Comparison("mean CI of FC2 minus a tenth of FC1's", difference, below(0), "CI")]


def _cosine(evidence: Evidence, layer: str, measure: str = "cosine") -> float:
    return float(evidence.variant(RESNET, layer, "patterns", measure)[0])


def heterogeneous(evidence: Evidence, method: str) -> list[Comparison]:
    """L-C11: blocks of ResNet44 differ much in how alike their patterns are (§3.3)."""
    cosines = [_cosine(evidence, layer) for layer in NETWORKS[method]]
    spread = max(cosines) - min(cosines)
    return [_exact("range of the mean cosine over blocks", spread, above(WIDELY), "cosine")]


def most_homogeneous(evidence: Evidence, method: str) -> list[Comparison]:
    """L-C12: patterns of CL1 are more alike than those of any other block (§3.3, Fig. 4A)."""
    comparisons = []
    for measure, hypothesis in (("cosine", above(0)), ("centred cosine", REPORTED)):
        own = _cosine(evidence, "CL1", measure)
        others = [_cosine(evidence, each, measure) for each in NETWORKS[method] if each != "CL1"]
        part = f"mean {measure} of CL1 minus the largest of the others"
        comparisons.append(_exact(part, own - max(others), hypothesis, "cosine"))
    return comparisons


def less_but_reliable(evidence: Evidence, method: str) -> list[Comparison]:
    """L-C13: ResNet44's libraries agree less than MNIST's, yet reliably (§3.3, Fig. 4)."""
    mnist = np.mean([evidence.highest("lenet", each, "top1") for each in NETWORKS["lenet"]])
    layers = {each: evidence.highest(method, each, "top1") for each in NETWORKS[method]}
    majority = evidence.variant(method, "FC", "network", "majority")[0]
    mean = np.mean(list(layers.values()), axis=0)
    return [
        Comparison("mean agreement minus that on MNIST", mean - mnist, below(0), SHARE),
        *(
            Comparison(
                f"{layer}: agreement minus twice the share of the most frequent answer",
                values - 2 * majority,
                above(0),
                SHARE,
            )
            for layer, values in layers.items()
        ),
    ]


def consistent(evidence: Evidence, method: str) -> list[Comparison]:
    """L-C14: predictions of the layers are largely consistent for normal inputs (§3.4)."""
    comparisons = []
    for detector in ("CPL, printed", "CPL, code"):
        normal = evidence.consistency_of(method, "normal", detector)
        null = evidence.consistency_of(method, "null", detector)
        comparisons += [
            Comparison(f"{detector}: mean of normal inputs", normal, above(HALF), "cosine"),
            Comparison(
                f"{detector}: the same minus that of layers shown different inputs",
                normal - null,
                above(0),
                "cosine",
            ),
        ]
    return comparisons


def separated(evidence: Evidence, method: str) -> list[Comparison]:
    """L-C15: CPL of normal and adversarial images is well separated, set 1 (Fig. 5A)."""
    comparisons = []
    where = {"set": "set1", "space": "normalised", "size": ATTACK}
    for detector in ("CPL, printed", "CPL, code"):
        attacked, clip, noise = (
            evidence.auroc(method, detector=detector, kind=kind, **where)
            for kind in ("pgd", "clip", "noise")
        )
        comparisons += [
            Comparison(f"{detector}: attack of {ATTACK}", attacked, above(SEPARATED), AREA),
            Comparison(f"{detector}: clipping alone", clip, REPORTED, AREA),
            Comparison(f"{detector}: attack minus clipping", attacked - clip, REPORTED, AREA),
            Comparison(f"{detector}: attack minus random ends", attacked - noise, REPORTED, AREA),
        ]
    return [*comparisons, *_pixels(evidence, method)]


def _pixels(evidence: Evidence, method: str) -> list[Comparison]:
    """Attacks in pixels, as they should have been: the largest size, to be reported."""
    rows = evidence.detected(method, space="pixels", kind="pgd", set="set1")
    size = rows["size"].max()
    return [
        Comparison(
            f"{detector}: attack of {size:g} in pixels",
            evidence.auroc(
                method, detector=detector, set="set1", space="pixels", kind="pgd", size=size
            ),
            REPORTED,
            AREA,
        )
        for detector in ("CPL, printed", "CPL, code")
    ]


def rises_with_size(evidence: Evidence, method: str) -> list[Comparison]:
    """L-C16: the AUROC depends on the size of the attack (Fig. 5B)."""
    comparisons = []
    for detector in ("CPL, printed", "CPL, code"):
        rows = evidence.detected(method, space="normalised", kind="pgd", detector=detector)
        table = rows.pivot_table(index="replicate", columns="size", values="auroc")
        table = table.reindex(range(evidence.replicates[method]))
        difference = table.iloc[:, -1] - table.iloc[:, 0]
        part = f"{detector}: mean over sets, largest attack minus smallest"
        comparisons.append(Comparison(part, difference.to_numpy(), above(0), AREA))
    return comparisons


def finds_outliers(evidence: Evidence, method: str) -> list[Comparison]:
    """L-C17: CPL detects out-of-training examples (§3.4, §4.2)."""
    rows = evidence.detected(method, kind="outlier")
    comparisons = []
    for space in sorted(rows["space"].unique()):
        where = {"kind": "outlier", "space": space}
        for detector in ("CPL, printed", "CPL, code"):
            found = evidence.auroc(method, detector=detector, set="set1", **where)
            part = f"{detector}, set 1: {space}"
            comparisons.append(Comparison(part, found, above(0.8), AREA))
        for detector in ("maximum softmax", "Mahalanobis", "probe consistency", "neighbours"):
            found = evidence.auroc(method, detector=detector, **where)
            comparisons.append(Comparison(f"{detector}: {space}", found, REPORTED, AREA))
    return comparisons


def clustered(evidence: Evidence, method: str) -> list[Comparison]:
    """L-C18: patterns of one class are clustered, in more clusters than classes (§1, §4)."""
    comparisons = []
    for layer in NETWORKS[method]:
        silhouette = evidence.silhouette(method, layer)
        nearest = evidence.variant(method, layer, "neighbours=1", "top1")
        extra = evidence.highest(method, layer, "size") - _count(evidence, method, "classes")
        purity = evidence.highest(method, layer, "purity")
        comparisons += [
            Comparison(f"{layer}: mean silhouette by answer", silhouette, above(0), "silhouette"),
            Comparison(f"{layer}: nearest pattern has its answer", nearest, above(PURE), SHARE),
            Comparison(f"{layer}: nodes minus classes", extra, above(0), "nodes"),
            Comparison(f"{layer}: purity of nodes", purity, REPORTED, "share of activity"),
        ]
    return comparisons


def separability_rises(evidence: Evidence, method: str) -> list[Comparison]:
    """L-C19: linear separability rises with depth (§1, after Alain and Bengio)."""
    return [
        Comparison(
            f"accuracy of a linear probe, {other} minus {one}",
            evidence.variant(method, other, "probe", "accuracy")
            - evidence.variant(method, one, "probe", "accuracy"),
            above(0),
            SHARE,
        )
        for one, other in pairwise(NETWORKS[method])
    ]


def homogenised_then_mapped(evidence: Evidence, method: str) -> list[Comparison]:
    """L-C21: CL1 makes patterns homogeneous, later blocks map them to classes (§3.3)."""
    rise = _cosine(evidence, "CL1") - _cosine(evidence, "CN1")
    return [
        _exact("mean cosine, CL1 minus CN1", rise, above(0), "cosine"),
        *(
            Comparison(
                f"agreement at the highest threshold, {other} minus {one}",
                evidence.highest(method, other, "top1") - evidence.highest(method, one, "top1"),
                above(0),
                SHARE,
            )
            for one, other in pairwise(("CL1", "CL2", "CL3", "FC"))
        ),
    ]


TESTS: dict[str, Callable[[Evidence, str], list[Comparison]]] = {
    "L-N01": mnist_sizes,
    "L-N02": cifar_sizes,
    "L-N03": kernel_width,
    "L-N04": number_of_nodes,
    "L-N10": higher_than,
    "L-N11": shown_again,
    "L-N12": five_blocks,
    "L-C01": grows,
    "L-C02": shrink_with_depth,
    "L-C03": predicts,
    "L-C04": three_answers,
    "L-C05": deeper_is_better,
    "L-C06": nine_confuses,
    "L-C07": same_confusion,
    "L-C08": four_and_nine,
    "L-C09": last_is_clear,
    "L-C11": heterogeneous,
    "L-C12": most_homogeneous,
    "L-C13": less_but_reliable,
    "L-C14": consistent,
    "L-C15": separated,
    "L-C16": rises_with_size,
    "L-C17": finds_outliers,
    "L-C18": clustered,
    "L-C19": separability_rises,
    "L-C21": homogenised_then_mapped,
}
