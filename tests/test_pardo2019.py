"""The claims of pardo2019 on made-up tables where each goes either way."""

import re
from functools import cache
from itertools import combinations, product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import glassbox.claims.pardo2019
from glassbox.analyses.scores import auroc_by
from glassbox.claims.evidence import Evidence
from glassbox.claims.hypotheses import FALSE
from glassbox.claims.judging import TESTS, verdict
from glassbox.claims.layers import UNTRAINED, trend
from glassbox.claims.pardo2019.attacks import CAR, EASY, HARD, between
from glassbox.claims.pardo2019.ensembles import pseudo_values
from glassbox.claims.pardo2019.errors import _on_the_way
from glassbox.claims.pardo2019.latent import CAT, DOG, mixing
from glassbox.claims.pardo2019.readings import mean_distance
from glassbox.claims.verdicts import INCONCLUSIVE, NOT_REPRODUCED, NOT_TESTABLE, REPRODUCED
from glassbox.claims.works import read_work, with_names

ROOT = Path(__file__).parents[1]
WORK = read_work(ROOT / "scripts/glassbox/claims/pardo2019/claims.yaml")
EVERY = {claim.id: claim for claim in WORK.claims}
SISTERS = tuple(f" ({name})" for name in WORK.sisters)
CLAIMS = {name: claim for name, claim in EVERY.items() if not name.endswith(SISTERS)}
TESTED = [name for name, claim in CLAIMS.items() if claim.untested is None]
REPLICATES, CLASSES, DEPTH, UNITS, EPOCHS = 20, 10, 4, 100, 6
ON_MNIST = ("net1", "net1-noise", "net1-no-dropout", "net1-unbalanced")
ORDER = (0, 1, 2, 4, 6, 7, 8, 9, 3, 5)  # of classes around the map, cats beside dogs
SYSTEMATIC = (2, 3, 5)
RADIUS = 1.25
CORRECT = np.sqrt(-2 * np.log(1 - (np.arange(8) + 0.5) / 8))  # radii of a unit Gaussian
OF = ["method", "replicate", "set"]


def wiggle(replicate):
    """A spread over replicates, small against all effects."""
    return 1e-3 * np.sin(7.0 * np.asarray(replicate))


def middle(label):
    """The middle of a class in the map."""
    angle = 2 * np.pi * (ORDER.index(label) + 0.5) / CLASSES
    return RADIUS * np.array([np.cos(angle), np.sin(angle)])


def beside(label):
    """The class that wrong examples of a class are taken for, and lie half on the way to."""
    return ORDER[(ORDER.index(label) - 1 if label == DOG else ORDER.index(label) + 1) % CLASSES]


def wrong_ones(label):
    return 12 if label in SYSTEMATIC else 4


# Introspection of examples: classes are sectors of a unit Gaussian


def examples(method, wanted):
    """Right examples all over each sector, and wrong ones between two."""
    rows = []
    is_systematic = method.startswith("net2")
    for replicate, label in product(range(REPLICATES), range(CLASSES)):
        noise = wiggle(replicate + 0.1 * label)
        low = -2.5 if is_systematic and label in SYSTEMATIC else -4.5
        for share, radius in product((np.arange(8) + 0.5) / 8, CORRECT):
            angle = 2 * np.pi * (ORDER.index(label) + share) / CLASSES
            place = radius * np.array([np.cos(angle), np.sin(angle)])
            away = radius * np.sin(2 * np.pi / CLASSES * min(share, 1 - share))
            estimate = low + noise - 0.1 * away
            rows.append((replicate, label, label, *place, estimate, 10 + away, 0.1 + noise / 9))
        for number in range(wrong_ones(label)):
            place = (middle(label) + middle(beside(label))) / 2 + 0.02 * np.sin(
                [number, 2 * number]
            )
            is_low = label == 3 and number < 4
            estimate = -6 if is_low else -2.0 - 0.01 * number + noise
            rows.append((replicate, label, beside(label), *place, estimate, 10, 0.01 + noise / 9))
    names = ["replicate", "label", "answer", "z1", "z2", "estimate", "norm", "density"]
    table = pd.DataFrame(rows, columns=names).assign(method=method, set=wanted, hit=1.0)
    table["example_id"] = table.groupby("replicate").cumcount()
    error = table["estimate"] + 0.05 * np.sin(table["example_id"])
    return finished(table).assign(error=error)


def finished(table):
    table["right"] = table["label"] == table["answer"]
    table["reconstruction"] = 0.1 + 0.01 * np.sin(5.0 * np.arange(len(table)))
    return table.astype({"z1": float, "z2": float})


def noisy(method, noise):
    """Copies that go one way, the farther the more noise there is, and are taken for 2 or 4."""
    rows = []
    far = 0.8 if method.endswith("-noise") else 5.0
    for replicate, sigma, label, copy in product(
        range(REPLICATES), (0, 0.1, 0.2, 0.3), (1, 1, 3), range(10)
    ):
        angle = 1.0 + 0.3 * np.sin(copy + replicate)
        way = sigma * far * (1 + wiggle(replicate))
        place = middle(label) + way * np.array([np.cos(angle), np.sin(angle)])
        is_right = sigma == 0 or method.endswith("-noise") or copy < 3
        taken_for = (2, 4, 2, 4, 2, 4, 7)[copy - 3] if label == CAR else 8
        answer = label if is_right else taken_for
        rows.append((replicate, f"{noise}/noise-{sigma:g}", label, answer, copy, *place))
    names = ["replicate", "set", "label", "answer", "copy", "z1", "z2"]
    table = pd.DataFrame(rows, columns=names).assign(method=method, hit=0.0, norm=10.0)
    table = table.assign(origin_id=table["label"], density=0.001, estimate=-2.0, error=-2.0)
    return finished(table)


def unusual(method, wanted):
    """Examples far from those of training."""
    table = examples(method, wanted)
    return table.assign(density=0.002 + wiggle(table["example_id"]) / 9)


IMAGES = [(label, number) for label in (CAR, 0, 3, 5) for number in range(3)]
STEPS = range(0, 101, 10)


def succeeds(label, number, target):
    return target in EASY or (label != CAR and number == 0)


def paths(method, attack, walk):
    """Attacks that go to the target where they succeed, and walks that stay about the start."""
    rows, shows = [], 0 if attack.endswith("-evading") else 1
    for replicate, (place, (label, number)), target, step in product(
        range(REPLICATES), enumerate(IMAGES), range(CLASSES), STEPS
    ):
        start = middle(label) + 0.03 * np.array([np.cos(number), np.sin(number)])
        is_attack, share = walk == "fgsm", step / 100
        success = is_attack and succeeds(label, number, target)
        far = share if success else 0.1 * share * np.sin(place + target + replicate)
        way = (middle(target) - middle(label)) if is_attack else np.array([1.0, -1.0])
        z = start + far * way
        is_inside, is_end = 0 < share < 1, share == 1
        estimate = -2.0 if is_inside and success else -4.5
        answer = target if success and share > 0.5 else label
        odd = shows * 0.3 if success and is_end else 0
        estimate += wiggle(replicate + target) + (0.01 * share if shows else -0.001 * share)
        rebuilt = 0.1 + odd + 0.01 * np.sin(place + step)
        density = 0.1 - odd / 4 + wiggle(place + target)
        told = (replicate, place, label, target, step, answer)
        rows.append((*told, *z, estimate, rebuilt, density))
    names = ["replicate", "origin_id", "label", "target", "step", "answer", "z1", "z2"]
    names += ["estimate", "rebuilt", "density"]
    table = pd.DataFrame(rows, columns=names).assign(method=method, set=f"{attack}/{walk}")
    return finished(table).assign(reconstruction=table["rebuilt"]).drop(columns="rebuilt")


def thinned():
    """Training examples of unequal classes."""
    rows = [
        (replicate, label)
        for replicate, label in product(range(REPLICATES), range(CLASSES))
        for _ in range(2 + 2 * label)
    ]
    table = pd.DataFrame(rows, columns=["replicate", "label"])
    return table.assign(
        method="net1-unbalanced", set="mnist-unbalanced/train", answer=0, right=True
    )


def introspection():
    return pd.concat(
        [
            *(examples("net1", f"mnist/{split}") for split in ("train", "test")),
            *(examples("net2", f"cifar10-validated/{split}") for split in ("train", "test")),
            examples("net1-noise", "mnist/test"),
            *(unusual("net1", f"{name}/test") for name in ("mnist-occluded", "notmnist")),
            *(
                noisy(method, noise)
                for method in ON_MNIST[:2]
                for noise in ("mnist-noise", "mnist-noise-many")
            ),
            *(
                paths("net2", attack, walk)
                for attack in (
                    f"cifar10-attack-paths{more}" for more in ("", "-total", "-unclipped")
                )
                for walk in ("fgsm", "random-signs")
            ),
            paths("net2", "cifar10-attack-paths", "random-direction"),
            paths("net2", "cifar10-attack-paths-evading", "fgsm"),
            thinned(),
        ],
        ignore_index=True,
    )


# Expected patterns: a column of units for each class, the sharper the deeper


def pattern(method, replicate, depth):
    """Expected activations of a layer (labels, units)."""
    rng = np.random.default_rng([len(method), replicate, depth])
    if method.endswith("@0"):
        return 0.3 + 0.1 * rng.standard_normal((CLASSES, UNITS)) + rng.standard_normal(UNITS)
    preferred = np.arange(UNITS) % CLASSES
    if method == "net1-unbalanced":
        preferred = np.repeat(np.arange(CLASSES), np.arange(1, 20, 2))
    strength = 0.6 + 0.4 * (np.arange(UNITS) // CLASSES) / (UNITS // CLASSES - 1)
    values = np.full((CLASSES, UNITS), 0.09 - 0.02 * depth) + 0.001 * rng.random((CLASSES, UNITS))
    values[:, strength == strength[0]] = 0.2
    values[(preferred + 5) % CLASSES, np.arange(UNITS)] = -0.3
    if method != "net1-no-dropout":
        shared = np.arange(UNITS) // CLASSES == 8
        values[(preferred[shared] + 1) % CLASSES, np.flatnonzero(shared)] = 0.9
    values[preferred, np.arange(UNITS)] = strength
    return values[:, rng.permutation(UNITS)]


SHORT = "net1@10"  # trained for as long as the variants
MNIST_NETWORKS = ("net1", UNTRAINED.format("net1"), SHORT, "net1-no-dropout", "net1-unbalanced")


def expected_patterns():
    frames = []
    for method, replicate, depth in product(MNIST_NETWORKS, range(REPLICATES), range(DEPTH)):
        mean = pattern(method, replicate, depth)
        labels, units = np.indices(mean.shape)
        tiny = 1e-3 * np.sin(3.0 * np.arange(mean.size))
        frame = {"label": labels.ravel(), "unit": units.ravel(), "mean": mean.ravel()}
        frame |= {"mean_0": mean.ravel() + tiny, "mean_1": mean.ravel() - tiny}
        frame |= {"decoded": mean.ravel() + 9 * tiny, "decoded_first": mean.ravel() + 20 * tiny}
        told = {"method": method, "replicate": replicate, "depth": depth + 1}
        frames.append(pd.DataFrame(frame).assign(**told, layer=f"hidden-{depth + 1}"))
    table = pd.concat(frames, ignore_index=True)
    data = table["method"].map({"net1-unbalanced": "mnist-unbalanced"}).fillna("mnist")
    return table.assign(set=data + "/train")


def class_places():
    """Sums over the square that are next to the means."""
    rows = [
        (replicate, label, *(each * middle(label)[axis] for axis in (0, 1) for each in (1, loss)))
        for replicate, label in product(range(REPLICATES), range(CLASSES))
        for loss in (1 - 1e-4 * (1.5 + np.sin(replicate)),)
    ]
    names = ["replicate", "label", "mean_1", "expected_1", "mean_2", "expected_2"]
    table = pd.DataFrame(rows, columns=names).assign(deviation_1=0.4, deviation_2=0.4)
    return table.assign(outside=1e-4, mass=0.9999, method="net1", set="mnist/train")


def example_patterns():
    """Right examples with their class's pattern, and wrong ones with a weak or a divided one."""
    frames = []
    for replicate, depth, number in product(range(REPLICATES), range(DEPTH), range(12)):
        means = pattern("net1", replicate, depth)
        label, is_wrong = number % CLASSES, number % 2
        answer = (label + 3) % CLASSES if is_wrong else label
        divided = 0.2 * means[label] if number % 4 == 1 else (means[label] + means[answer]) / 2
        values = divided if is_wrong else means[label]
        told = {"replicate": replicate, "example_id": number, "label": label, "answer": answer}
        told |= {"layer": f"hidden-{depth + 1}", "depth": depth + 1}
        frames.append(pd.DataFrame({"unit": np.arange(UNITS), "value": values}).assign(**told))
    return pd.concat(frames, ignore_index=True).assign(method="net1", set="mnist/test")


# Tables of layers, cycles, scores and maps

BOTH = (("net1", "mnist/test"), ("net2", "cifar10-validated/test"))


def of_both(rows, names):
    """Rows (replicate, ...) of both networks: rows is a function of the method."""
    frames = [
        pd.DataFrame(rows(method), columns=names).assign(method=method, set=wanted)
        for method, wanted in BOTH
    ]
    return pd.concat(frames, ignore_index=True)


def of_starts(rows, names):
    """The same of their starts, too."""
    frames = [
        pd.DataFrame(rows(name), columns=names).assign(method=name, set=wanted)
        for method, wanted in BOTH
        for name in (method, UNTRAINED.format(method))
    ]
    return pd.concat(frames, ignore_index=True)


def deviations():
    def rows(method):
        is_start = method.endswith("@0")
        for replicate, depth in product(range(REPLICATES), range(DEPTH + 2)):
            inner = 0.5 if is_start else 0.4 - 0.05 * depth
            noise = wiggle(replicate + depth) / 10
            yield replicate, depth, "inner", "cosine", inner + noise
            yield replicate, depth, "inter", "cosine", 0.5 + 3 * noise

    return of_starts(rows, ["replicate", "depth", "scope", "measure", "value"])


def neighbourhoods():
    def rows(method):
        is_start = method.endswith("@0")
        for replicate, depth in product(range(REPLICATES), range(DEPTH + 2)):
            hit = (0.5 if is_start else 0.9) + wiggle(replicate)
            yield replicate, depth, "label", "hit", hit, 0.1
            yield replicate, depth, "", "dimension", 8 - 0.5 * depth + wiggle(replicate), np.nan

    names = ["replicate", "depth", "labels", "measure", "value", "chance"]
    return of_starts(rows, names).assign(space="layer", neighbours=6)


def separations():
    def rows(_):
        for replicate, epoch in product(range(REPLICATES), range(EPOCHS)):
            for space, measure in product(("map", "hidden"), ("hit", "ratio")):
                yield replicate, epoch, space, measure, 0.1 * epoch + wiggle(replicate)

    found = of_both(rows, ["replicate", "epoch", "space", "measure", "value"])
    return found.assign(set=found["set"].str.replace("test", "train"))


def trajectories():
    """Examples that go the farther the less they err in the end."""
    shown = examples("net1", "mnist/train")
    chosen = shown[~shown["right"] | (shown["example_id"] % 8 == 0)]
    frames = []
    for epoch in range(EPOCHS):
        way = epoch / (EPOCHS - 1) * chosen["error"] ** 2
        frames.append(
            chosen[["replicate", "example_id", "label"]].assign(epoch=epoch, z1=way, z2=0.0)
        )
    return pd.concat(frames, ignore_index=True).assign(method="net1", set="mnist/train")


def misclassification():
    areas = {"estimate": 0.93, "maximum output": 0.95, "margin": 0.94, "density": 0.8, "hit": 0.9}
    areas |= {"estimate on principal components": 0.85, "random": 0.5}

    def rows(_):
        for replicate, (name, area) in product(range(REPLICATES), areas.items()):
            noise = wiggle(replicate + 5 * area)
            yield replicate, name, "auroc", area + noise
            yield replicate, name, "aurc", (1 - area) / 10 * (1 + noise)
            yield replicate, name, "wrong", 40
            yield replicate, name, "count", 800

    return of_both(rows, ["replicate", "score", "measure", "value"]).assign(label=-1)


def introspection_variants():
    """Introspections that are as good however they are trained."""
    measures = {"hit": 0.9, "rank correlation": 0.8, "auroc": 0.8, "trustworthiness": 0.95}
    rows = [
        (replicate, variant, measure, value + wiggle(replicate + place))
        for replicate in range(REPLICATES)
        for place, variant in enumerate(("usual", "together"))
        for measure, value in measures.items()
    ]
    table = pd.DataFrame(rows, columns=["replicate", "variant", "measure", "value"])
    return table.assign(method=SHORT, set="mnist/test")


def map_quality():
    spaces = ("introspection", "principal components", "t-SNE", "hidden")

    def rows(_):
        for replicate, space, measure in product(
            range(REPLICATES), spaces, ("hit", "knn accuracy")
        ):
            yield replicate, space, measure, 0.9 + wiggle(replicate + spaces.index(space))

    return of_both(rows, ["replicate", "space", "measure", "value"])


def ensembles():
    rows = []
    for first in range(0, REPLICATES, 5):
        for members in combinations(range(first, first + 5), 3):
            level = 0.9 + wiggle(sum(members))
            for weighting, more in (
                ("uniform", 0),
                ("confidence", 0.01),
                ("maximum output", 0.005),
            ):
                rows.append(
                    (" ".join(map(str, members)), weighting, level + more * (1 + 10 * level))
                )
    table = pd.DataFrame(rows, columns=["members", "weighting", "accuracy"])
    return table.assign(method="net1-ensemble", set="mnist/test")


@cache
def as_published():
    """All tables as the paper says."""
    tables = {
        "introspection": introspection(),
        "introspection_trajectories": trajectories(),
        "introspection_trajectories.separations": separations(),
        "expected_patterns": expected_patterns(),
        "expected_patterns.places": class_places(),
        "example_patterns": example_patterns(),
        "introspection_variants": introspection_variants(),
        "misclassification": misclassification(),
        "map_quality": map_quality(),
        "ensembles": ensembles(),
        "deviations": deviations(),
        "neighbourhoods": neighbourhoods(),
    }
    assert tables.keys() == WORK.tables.keys()
    return tables


def world(**changes):
    """All tables as the paper says, some changed by functions."""
    tables = dict(as_published())
    for name, change in changes.items():
        tables[name] = change(tables[name].copy())
    return Evidence(REPLICATES, tables)


def of_claim(name):
    """The world in which the printed accuracies are ours."""
    return world(introspection=with_accuracy(CLAIMS[name].published["accuracy"]))


def with_accuracy(share):
    """A change: so large a share of the test examples is answered rightly, more or less."""

    def change(table):
        places = table["example_id"] / table.groupby(OF)["example_id"].transform("max")
        spread = 0.002 * np.sin(table["replicate"])
        return table.assign(right=places.fillna(0) <= share + spread)

    return change


@pytest.mark.parametrize("name", TESTED)
def test_what_the_paper_says_is_reproduced_where_it_holds(name):
    evidence = of_claim(name) if CLAIMS[name].published else world()
    found = verdict(CLAIMS[name], evidence)
    assert found.verdict == REPRODUCED, [found.reason, *found.parts]


def setting(column_values, **where):
    """A change: these columns get these values in the rows that `where` names."""

    def change(table):
        rows = np.ones(len(table), bool)
        for column, value in where.items():
            rows &= (value(table[column]) if callable(value) else table[column] == value).to_numpy()
        assert rows.any()
        for column, value in column_values.items():
            current = table.loc[rows, column]
            table.loc[rows, column] = value(current) if callable(value) else value
        return table

    return change


def introspected(column_values, **where):
    return {"introspection": setting(column_values, **where)}


def spread(value):
    """The value with a spread over rows."""
    return lambda column: value + wiggle(np.arange(len(column)))


def one_of(*values):
    return lambda column: column.isin(values)


def scored(name, measure, value, method="net1"):
    where = {"score": name, "measure": measure, "method": method}
    return {"misclassification": setting({"value": value}, **where)}


def patterns(change, method="net1"):
    """Other expected patterns of a network: a function of (labels, units), replicate and depth."""

    def changed(table):
        is_own = table["method"] == method
        columns = ["mean", "mean_0", "mean_1"]
        for (replicate, depth), own in table[is_own].groupby(["replicate", "depth"]):
            means = own.pivot(index="label", columns="unit", values="mean").to_numpy()
            ordered = own.sort_values(["label", "unit"]).index
            found = change(means, replicate, depth).ravel()
            tiny = 1e-3 * np.sin(3.0 * np.arange(found.size))
            table.loc[ordered, columns] = np.stack([found, found + tiny, found - tiny], axis=1)
        return table

    return {"expected_patterns": changed}


def as_at_the_start(means, replicate, depth):
    return pattern(UNTRAINED.format("net1"), replicate, depth - 1)


def with_more(which, value):
    """Other values of some units for the third class: a function of means gives which."""

    def change(means, replicate, depth):
        means = means.copy()
        means[3, which(means)] = value
        return means

    return change


def as_columns(values):
    """Patterns with units in order, the same in all replicates."""
    return lambda means, replicate, depth: (
        values + 1e-4 * np.random.default_rng(replicate).random(means.shape)
    )


def unlike_halves(table):
    """What one half says of units says nothing of the other."""
    rng = np.random.default_rng(0)
    own = table["method"] == "net1"
    table.loc[own, "mean_1"] = rng.standard_normal(own.sum()) - 5 * (table["mean_0"] > 0.5)[own]
    return table


def scaled(factor):
    return lambda column: column * factor


def where_they_are_not(table):
    """Noisy copies of the most noise lie where the clean examples are."""
    rows = table["set"].eq(NOISY.format(0.3)) & table["method"].eq("net1")
    table.loc[rows, ["z1", "z2"]] = [middle(each) for each in table.loc[rows, "label"]]
    return table


def far_off(table):
    """Noisy copies lie far off in the map of the network trained with noise."""
    rows = table["set"].isin([NOISY.format(0.2), NOISY.format(0.3)])
    table.loc[rows & table["method"].eq("net1-noise"), ["z1", "z2"]] += 5
    return table


def last(table):
    """The rows at the ends of attacks towards other classes."""
    return table["set"].eq(FGSM) & table["step"].eq(100) & table["target"].ne(table["label"])


def failed_end_there(table):
    """Attacks that fail end in the region of the target."""
    rows = last(table) & table["target"].ne(table["answer"])
    table.loc[rows, ["z1", "z2"]] = [middle(each) for each in table.loc[rows, "target"].astype(int)]
    return table


def answered_so(answers):
    """The ends of attacks have other answers: a function of their rows and their number."""

    def change(table):
        rows = last(table)
        table.loc[rows, "answer"] = answers(table[rows])
        return table

    return {"introspection": change}


def by_chance(rows):
    is_there = np.random.default_rng(0).random(len(rows)) < 0.5
    return np.where(is_there, rows["target"], rows["label"])


def to_the_hard_ones(rows):
    return np.where(rows["target"].isin(HARD), rows["target"], rows["label"])


def with_wrong_ones_at(places):
    """Wrong test examples lie at a mix of the middles of their class and of their answer."""

    def change(table):
        rows = (
            table["set"].eq("mnist/test")
            & ~table["right"].astype(bool)
            & table["method"].eq("net1")
        )
        own = np.stack([middle(each) for each in table.loc[rows, "label"].astype(int)])
        taken = np.stack([middle(each) for each in table.loc[rows, "answer"].astype(int)])
        table.loc[rows, ["z1", "z2"]] = places(own, taken)
        return table

    return {"introspection": change}


FGSM, WALK = "cifar10-attack-paths/fgsm", "cifar10-attack-paths/random-signs"


def ends(column_values, wanted=FGSM, step=100, **where):
    return introspected(column_values, set=wanted, step=step, **where)


def knowing(column_values):
    """Other ends of the attacks that know the introspection."""
    return ends(column_values, wanted="cifar10-attack-paths-evading/fgsm")


def seldom(table):
    """Attacks that know the introspection succeed with one target alone."""
    rows = table["set"].str.contains("-evading") & (table["target"] != EASY[0])
    return table.assign(answer=table["answer"].mask(rows, table["label"]))


def trained_together(measure, difference):
    """A measure differs for introspections that are trained with their networks."""
    where = {"variant": "together", "measure": measure}
    changed = {"value": lambda values: values + difference}
    return {"introspection_variants": setting(changed, **where)}


def random_targets(table):
    """Attacks that go from each image along a way of its own, whatever their target is."""
    rows = table["set"] == FGSM
    own = table[rows]
    angle = 2.4 * own["origin_id"] + 3.7 * own["target"]
    table.loc[rows, "z1"] = np.cos(7 * angle) * (1 + own["step"] / 50)
    table.loc[rows, "z2"] = np.sin(7 * angle) * (1 + own["step"] / 50)
    return table


def askew(table):
    """Test examples whose place on one axis goes with that on the other."""
    rows = table["set"].eq("mnist/test") & table["method"].eq("net1")
    table.loc[rows, "z2"] = 0.6 * table.loc[rows, "z1"] + 0.8 * table.loc[rows, "z2"]
    return table


def all_the_more_alike(table):
    """Patterns of a class become more alike from layer to layer of the untrained network."""
    rows = table["method"].eq(UNTRAINED.format("net1")) & table["scope"].eq("inner")
    table.loc[rows, "value"] = 0.5 ** (1 + table["depth"] + wiggle(table["replicate"]))
    return table


def cats_apart(table):
    """Wrong cats and dogs lie among their own; those of other classes stay."""
    rows = table["set"].eq("cifar10-validated/test") & ~table["right"].astype(bool)
    rows &= table["label"].isin([CAT, DOG])
    places = np.stack([middle(each) for each in table.loc[rows, "label"].astype(int)])
    table.loc[rows, ["z1", "z2"]] = 0.5 * places
    return table


def without_start(measure):
    """Separation that falls from the first cycle on."""
    return {
        "introspection_trajectories.separations": setting(
            {"value": lambda values: 1 - values}, measure="ratio", space=measure, method="net1"
        )
    }


NET1 = {"method": "net1"}
TEST, TRAIN = {"set": "mnist/test", **NET1}, {"set": "mnist/train", **NET1}
CIFAR = {"set": "cifar10-validated/test", "method": "net2"}
NOISY = "mnist-noise-many/noise-{}"
# How a claim comes not to hold, and what it then says of the parts that contradict it.
WRONG = [
    ("P-N01", {"introspection": with_accuracy(0.9)}, ["accuracy"]),
    ("P-N02", {"introspection": with_accuracy(0.9)}, ["accuracy"]),
    ("P-N13", introspected({"estimate": spread(-4)}, **TEST), ["mean estimate"]),
    ("P-N13", introspected({"estimate": scaled(2)}, **TEST), ["mean estimate"]),
    ("P-N14", introspected({"estimate": spread(-4)}, label=3, **CIFAR), ["median estimate, cat"]),
    (
        "P-N14",
        introspected({"estimate": spread(-2.1)}, label=one_of(0, 1, 4, 6, 7, 8, 9), **CIFAR),
        ["median estimate, these"],
    ),
    (
        "P-N15",
        {
            "expected_patterns.places": setting(
                {"expected_2": lambda column: column + 0.01}, label=4
            )
        },
        ["shift"],
    ),
    (
        "P-C01",
        {"neighbourhoods": setting({"value": spread(0.4)}, labels="label", **NET1)},
        ["hit above chance, mean over the encoded layers: trained minus"],
    ),
    (
        "P-C01",
        {"deviations": setting({"value": spread(0.7)}, scope="inner", **NET1)},
        ["cosine distance"],
    ),
    (
        "P-C01 (dimension)",
        {"neighbourhoods": setting({"value": spread(13)}, labels="", depth=2, **NET1)},
        ["intrinsic dimension of a hidden layer", "intrinsic dimensions per unit"],
    ),
    (
        "P-C02",
        {"map_quality": setting({"value": spread(0.6)}, space="introspection", **NET1)},
        ["accuracy of neighbours in the map over"],
    ),
    ("P-C03", scored("density", "auroc", spread(0.6)), ["low density"]),
    (
        "P-C03",
        scored("hit", "auroc", spread(0.6)),
        ["few neighbours in the map", "few such neighbours minus estimate"],
    ),
    (
        "P-C03",
        scored("estimate on principal components", "auroc", spread(0.92)),
        ["few such neighbours minus estimate"],
    ),
    (
        "P-C03 (anomalies)",
        introspected({"density": spread(0.2)}, set="mnist-occluded/test"),
        ["low density in the map: mnist-occluded/test"],
    ),
    (
        "P-C03 (other images)",
        introspected({"density": spread(0.2)}, set="notmnist/test"),
        ["low density in the map: notmnist/test"],
    ),
    (
        "P-C03 (anomalies)",
        introspected({"density": spread(0.2)}, set=NOISY.format(0.3), **NET1),
        ["low density in the map: mnist-noise-many/noise-0.3"],
    ),
    ("P-C04", without_start("map"), ["ratio in the map"]),
    ("P-C04", without_start("hidden"), ["ratio in the hidden"]),
    (
        "P-C05",
        {"introspection_trajectories": setting({"z1": spread(1)}, epoch=EPOCHS - 1)},
        ["way of an example in the map with"],
    ),
    (
        "P-C06",
        introspected({"error": lambda column: np.cos(5.0 * np.arange(len(column)))}, **TRAIN),
        ["estimate with the error, mnist/train"],
    ),
    (
        "P-C06",
        introspected({"error": lambda column: np.cos(5.0 * np.arange(len(column)))}, **TEST),
        ["estimate with the error, mnist/test"],
    ),
    (
        "P-C06",
        scored("estimate", "auroc", spread(0.6)),
        ["estimate, for misclassification", "the same minus estimate"],
    ),
    (
        "P-C06",
        scored("estimate on principal components", "auroc", spread(0.925)),
        ["the same minus estimate"],
    ),
    (
        "P-C06 (training error)",
        introspected({"error": lambda column: column - 1.5}, **TRAIN),
        ["mean error"],
    ),
    (
        "P-C06 (training error)",
        introspected({"estimate": lambda column: column - 0.6}, **TEST),
        ["mean estimate"],
    ),
    (
        "P-C07",
        scored("estimate", "wrong", spread(10)),
        ["mean risk over coverages by the estimate, over that by chance"],
    ),
    (
        "P-C07",
        scored("estimate on principal components", "aurc", scaled(0.3)),
        ["mean risk over coverages by the estimate, over that by the estimate on"],
    ),
    (
        "P-C08",
        {"deviations": setting({"value": lambda column: 1 - column}, scope="inner", **NET1)},
        ["trend", "trend"],
    ),
    (
        "P-C08",
        {"deviations": all_the_more_alike},
        ["trend over layers of the distance within a class over that between class means: tr"],
    ),
    ("P-C09", patterns(as_at_the_start), ["lead of the preferred class over the next"]),
    (
        "P-C09 (grey)",
        patterns(lambda means, *_: means + 20 * (means.max(axis=0) > 0.8)),
        ["saturation"],
    ),
    (
        "P-C10",
        patterns(lambda means, *_: means + 5 * (np.arange(CLASSES) == 3)[:, None]),
        ["squared"],
    ),
    (
        "P-C11",
        patterns(
            lambda means, replicate, depth: pattern(SHORT, replicate, depth - 1), "net1-unbalanced"
        ),
        ["change"],
    ),
    ("P-C12", {"expected_patterns": unlike_halves}, ["activation"]),
    (
        "P-C13",
        patterns(
            lambda means, replicate, depth: pattern("net1-no-dropout", replicate, depth - 1), SHORT
        ),
        ["the most active units, 10%"],
    ),
    ("P-C14", patterns(lambda means, *_: np.maximum(means, 0)), ["units that are inhibited"]),
    (
        "P-C14",
        patterns(
            lambda means, *_: (
                np.where(means > 0.95, 0.45, np.minimum(means, 0.45))
                * (1 + 9 * (np.arange(UNITS) == 0))
            )
        ),
        [
            "units that are excited",
            "units that are inhibited",
            "units that are weakly active for most classes",
        ],
    ),
    (
        "P-C14",
        patterns(lambda means, *_: means + 0.15 * (np.arange(CLASSES) == 3)[:, None]),
        ["the same of one class, more or less than of all, where it is most: qui"],
    ),
    (
        "P-C14",
        patterns(with_more(lambda means: np.arange(UNITS) % 10 == 1, 0.9)),
        [
            "the same of one class, more or less than of all, where it is most: exc",
            "the same of one class, more or less than of all, where it is most: qui",
        ],
    ),
    (
        "P-C14",
        patterns(with_more(lambda means: np.abs(means[3]) < 0.1, -0.3)),
        [
            "the same of one class, more or less than of all, where it is most: inh",
            "the same of one class, more or less than of all, where it is most: qui",
        ],
    ),
    (
        "P-C14",
        patterns(with_more(lambda means: means[3] == 0.2, 0)),
        [
            "the same of one class, more or less than of all, where it is most: qui",
            "the same of one class, more or less than of all, where it is most: wea",
        ],
    ),
    (
        "P-C14",
        patterns(lambda means, *_: np.where(np.abs(means) < 0.1, 0.2, means)),
        ["units that are quiet"],
    ),
    ("P-C15", patterns(lambda means, replicate, depth: means + 0.05 * depth), ["trend", "trend"]),
    (
        "P-C16",
        patterns(as_columns(pattern("net1", 0, 0))),
        ["patterns of all classes in one network with those in the next, as"],
    ),
    (
        "P-C16",
        patterns(as_at_the_start),
        [
            "patterns of all classes in one network with those in the next, sorted ",
            "patterns of all classes in one network with those in the next, sorted:",
        ],
    ),
    (
        "P-C17",
        {"example_patterns": setting({"value": scaled(10)}, example_id=lambda ids: ids % 2 == 1)},
        ["small lead"],
    ),
    ("P-C18", introspected({"norm": lambda column: 20 - column}, **TEST), ["norm"]),
    ("P-C19", with_wrong_ones_at(lambda own, taken: 0.05 * own + 0.95 * taken), ["way"]),
    ("P-C19", with_wrong_ones_at(lambda own, taken: -2 * (own + taken)), ["other pairs"]),
    ("P-C20", {"introspection": where_they_are_not}, ["mean way in the map, noise of 0.3"]),
    (
        "P-C20 (direction)",
        introspected(
            {"z1": lambda column: 9 * np.cos(2.3 * np.arange(len(column)))}
            | {"z2": lambda column: 9 * np.sin(2.3 * np.arange(len(column)))},
            set="mnist-noise/noise-0.3",
            **NET1,
        ),
        ["length"],
    ),
    ("P-C21", introspected({"answer": 8}, answer=one_of(2, 4), **NET1), ["wrong answers"]),
    (
        "P-C22",
        introspected({"right": False}, method="net1-noise", copy=lambda copies: copies >= 0),
        ["accuracy"],
    ),
    ("P-C22", {"introspection": far_off}, ["way"]),
    ("P-C23", ends({"z1": 9.0, "z2": 0.0}, target=one_of(*EASY)), ["successful"]),
    ("P-C23", {"introspection": failed_end_there}, ["failed"]),
    (
        "P-C24",
        {"introspection": random_targets},
        [
            "cells that two images' paths share between start and end, to one targe",
            "cells that two images' paths share between start and end, to one targe",
        ],
    ),
    ("P-C25", answered_so(lambda rows: rows["target"]), ["attacks", "variance", "variance"]),
    ("P-C25", answered_so(by_chance), ["variance of success that is between im", "variance"]),
    ("P-C26", answered_so(to_the_hard_ones), ["success on cars"]),
    (
        "P-C27",
        introspected({"estimate": spread(-5)}, set=FGSM, step=one_of(*STEPS[1:-1])),
        [
            "mean estimate between start and end minus that at both: successful att",
            "mean estimate between start and end minus that at both: these minus ra",
            "mean estimate on the way, attacks from walks",
        ],
    ),
    (
        "P-C27",
        introspected({"estimate": spread(-1)}, set=WALK, step=one_of(*STEPS[1:-1])),
        [
            "mean estimate between start and end minus that at both: these minus ra",
            "mean estimate on the way, attacks from walks",
        ],
    ),
    ("P-C28", introspected({"estimate": spread(-5)}, right=False, **TEST), ["wrong examples"]),
    ("P-C28 (classes)", introspected({"estimate": scaled(-1)}, **CIFAR), ["accuracy"]),
    ("P-C29", introspected({"estimate": spread(-6)}, right=False, **CIFAR), ["wrong examples"]),
    ("P-C29", introspected({"estimate": spread(-1)}, right=False, **CIFAR), ["wrong examples"]),
    ("P-C30", {"introspection": cats_apart}, ["neighbours of cats"]),
    ("P-C31", introspected({"hit": spread(0.8)}, **TEST), ["hit among"]),
    (
        "P-C32",
        {"expected_patterns": setting({"decoded": spread(0.3)}, **NET1)},
        [
            "decoded with true mean patterns, each unit's mean over classes taken o",
            "units that prefer the same class by both",
        ],
    ),
    (
        "P-C33",
        introspected({"z1": lambda column: column + 0.4}, **TEST),
        [
            "mnist/test: Kolmogorov distance, the larger of two",
            "mnist/test: mean, the farther of two",
        ],
    ),
    (
        "P-C33",
        introspected({"z1": scaled(2), "z2": scaled(2)}, **TEST),
        [
            "mnist/test: Kolmogorov distance, the larger of two",
            "mnist/test: standard deviation less 1, the farther of two",
        ],
    ),
    (
        "P-C33",
        introspected({"z2": lambda column: column * 0 + 1}, **TEST),
        [
            "mnist/test: Kolmogorov distance, the larger of two",
            "mnist/test: mean, the farther of two",
            "mnist/test: standard deviation less 1, the farther of two",
        ],
    ),
    (
        "P-C34",
        ends({"reconstruction": spread(0.1)}),
        ["error of reconstruction, end of attacks from their start"],
    ),
    (
        "P-C34",
        ends({"density": spread(0.2)}),
        ["low density in the map, end of attacks from their start"],
    ),
    (
        "P-C34 (key)",
        knowing({"reconstruction": spread(0.2)}),
        ["best of three signs, end of attacks from their start: knowing minus plain"],
    ),
    (
        "P-C34 (key)",
        knowing({"estimate": spread(-3)}),
        ["best of three signs, end of attacks from their start: knowing minus plain"],
    ),
    (
        "P-C34 (key)",
        {"introspection": seldom},
        ["attacks that succeed, knowing over plain"],
    ),
    ("P-C36", trained_together("hit", 0.2), ["hit in the map"]),
    ("P-C36", trained_together("rank correlation", -0.2), ["rank correlation"]),
    (
        "P-C35",
        {"ensembles": setting({"accuracy": lambda column: column - 0.2}, weighting="confidence")},
        ["accuracy"],
    ),
    ("P-C33", {"introspection": askew}, ["mnist/test: correlation"]),
]


@pytest.mark.parametrize(("name", "changes", "false"), WRONG)
def test_what_the_paper_says_is_not_reproduced_where_it_does_not_hold(name, changes, false):
    found = verdict(CLAIMS[name], world(**changes))
    assert found.verdict == NOT_REPRODUCED, found.reason
    parts = sorted(part.part for part in found.parts if part.outcome == FALSE)
    assert len(parts) == len(false), parts
    assert all(part.startswith(start) for part, start in zip(parts, false, strict=True)), parts


def test_every_claim_comes_not_to_hold():
    assert {name for name, _, _ in WRONG} == set(TESTED)


@pytest.mark.parametrize("name", TESTED)
def test_a_claim_without_its_tables_is_not_testable_and_says_what_it_needs(name):
    found = verdict(CLAIMS[name], Evidence(REPLICATES, dict.fromkeys(WORK.tables)))
    assert found.verdict == NOT_TESTABLE
    wanted = f"this study has no .+; the test needs what {CLAIMS[name].config} asks for"
    assert re.fullmatch(wanted, found.reason)


def test_every_entry_has_a_test_or_says_why_not():
    for name, claim in EVERY.items():
        assert (claim.tested_as in TESTS) == (claim.untested is None), name
    asked = {claim.tested_as for claim in EVERY.values()}
    assert {name for name in TESTS if name.startswith("P-")} == {
        name for name in asked if name in TESTS
    }
    assert glassbox.claims.pardo2019.__name__ == f"glassbox.claims.{WORK.name}"


def test_what_is_untested_gives_its_reason():
    for name in set(CLAIMS) - set(TESTED):
        found = verdict(CLAIMS[name], world())
        assert (found.verdict, found.reason) == (NOT_TESTABLE, CLAIMS[name].untested)
    settings = {name for name in CLAIMS if (CLAIMS[name].untested or "").startswith("a setting")}
    numbers = (*range(4, 13), 16, 17)
    assert settings == {f"P-N{number:02}" for number in numbers}


# Sisters


def of_sister(claim):
    """The world of a claim, with the names that its sister has."""
    base, _, sister = claim.id.removesuffix(")").rpartition(" (")
    names = WORK.sisters[sister]["renamed"]
    methods = {each for each in CLAIMS[base].of.values() if isinstance(each, str)}
    tables = {}
    for name, table in world().tables.items():
        method = table["method"].str.removesuffix("@0")
        own = table[method.isin(methods)]
        start = own["method"].str.endswith("@0").map({True: "@0", False: ""})
        tables[name] = own.assign(
            method=method.replace(names) + start,
            set=own["set"].map(lambda each, names=names: with_names(each, names)),
        )
    return Evidence(REPLICATES, tables)


@pytest.mark.parametrize("name", [name for name in EVERY if name not in CLAIMS])
def test_a_sister_is_asked_of_its_own_models_and_sets(name):
    claim = EVERY[name]
    assert verdict(claim, of_sister(claim)).verdict == REPRODUCED
    assert "net1" not in claim.needs and "net1" not in claim.of.values()
    if "(cifar10)" not in name:
        assert verdict(claim, world()).verdict == NOT_TESTABLE


def test_sisters_keep_the_readings_that_differ():
    assert [each.of for each in EVERY["P-C25 (quarter)"].readings] == [
        {"attack": "cifar10-attack-paths-quarter-total"},
        {"attack": "cifar10-attack-paths-quarter-unclipped"},
    ]
    assert EVERY["P-C20"].readings and not EVERY["P-C20 (digits)"].readings


@pytest.mark.parametrize("name", ["P-C20", "P-C21", "P-C22", "P-C23", "P-C25", "P-C26", "P-C27"])
def test_other_readings_are_asked_of_other_sets(name):
    for reading in CLAIMS[name].readings:
        asked = CLAIMS[name].read_as(reading)
        assert verdict(asked, world()).verdict == REPRODUCED
        (wanted,) = reading.of.values()
        without = {
            "introspection": lambda table, of=wanted: table[~table["set"].str.contains(f"{of}/")]
        }
        assert verdict(asked, world(**without)).verdict == NOT_TESTABLE


# Replicates without what a claim is about


def flawless(replicates):
    def change(table):
        rows = table["set"].eq("mnist/test") & table["replicate"].isin(replicates)
        return table.assign(right=table["right"].astype(bool) | rows)

    return change


@pytest.mark.parametrize("name", ["P-N13", "P-C19", "P-C28"])
def test_replicates_without_an_error_are_left_out(name):
    found = verdict(CLAIMS[name], world(introspection=flawless([0, 3])))
    assert found.verdict == REPRODUCED
    assert {part.replicates for part in found.parts} == {REPLICATES - 2}
    found = verdict(CLAIMS[name], world(introspection=flawless(range(REPLICATES))))
    assert found.verdict == NOT_TESTABLE
    assert found.reason == "there is no misclassified example of net1, and so nothing to compare"


@pytest.mark.parametrize("name", ["P-C03", "P-C06", "P-C07"])
def test_scores_of_replicates_without_an_error_are_left_out(name):
    def without(table):
        none = table["replicate"].isin([0, 3])
        table.loc[none, "value"] = np.where(table.loc[none, "measure"] == "wrong", 0, np.nan)
        return table

    found = verdict(CLAIMS[name], world(misclassification=without))
    assert found.verdict == REPRODUCED
    assert REPLICATES - 2 in {part.replicates for part in found.parts}


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("P-C28", "introspection"),
        ("P-C03", "misclassification"),
        ("P-C10", "expected_patterns"),
        ("P-C13", "expected_patterns"),
        ("P-C14", "expected_patterns"),
        ("P-C17", "example_patterns"),
        ("P-C23", "introspection"),
        ("P-C21", "introspection"),
        ("P-C32", "expected_patterns"),
    ],
)
def test_a_replicate_that_is_absent_leaves_a_claim_open(name, table):
    without = {table: lambda rows: rows[rows["replicate"] != 2]}
    assert verdict(CLAIMS[name], world(**without)).verdict == INCONCLUSIVE


# What claims are measured by


def test_the_chance_that_an_odd_one_scores_higher_is_counted_over_pairs():
    rng = np.random.default_rng(0)
    scores, odd = rng.integers(0, 9, 60), rng.random(60) < 0.3
    pairs = [(one > other) + (one == other) / 2 for one in scores[odd] for other in scores[~odd]]
    assert auroc_by(scores, odd) == pytest.approx(np.mean(pairs))
    assert np.isnan(auroc_by(scores, odd & False))


def test_a_trend_is_the_correlation_with_the_order():
    assert trend(np.array([[1.0, 2, 3], [3, 2, 1], [1, 1, 1]])) == pytest.approx([1, -1, 0])
    assert trend(np.array([[0.0, 0, 1]])) == pytest.approx(np.sqrt(3) / 2)
    assert np.isnan(trend(np.full((1, 3), np.nan))).all()


def test_the_mean_distance_is_over_pairs():
    assert mean_distance(np.array([[0, 0], [3, 4], [0, 0]])) == pytest.approx(10 / 3)


def test_pseudo_values_vary_as_a_mean_over_members_does():
    """Of ensembles whose value is the mean over their members, these values are the members'."""
    skill = np.random.default_rng(0).random(10)
    ensembles = {
        " ".join(map(str, each)): skill[list(each)].mean()
        for first in (0, 5)
        for size in (2, 3, 5)
        for each in combinations(range(first, first + 5), size)
    }
    assert pseudo_values(pd.Series(ensembles)) == pytest.approx(skill)
    assert np.isnan(pseudo_values(pd.Series({"0 1 2": 0.5}))).all()


def test_success_that_hangs_on_the_image_alone_has_all_its_variance_between_images():
    ends = pd.DataFrame(list(product(range(6), range(9))), columns=["origin_id", "target"])
    ends = ends.assign(success=ends["origin_id"] < 3)
    assert between(ends, "origin_id") == pytest.approx(1)
    assert between(ends, "target") < 0
    assert between(ends.assign(success=True), "target") == 0


def test_classes_that_lie_in_one_place_are_mixed_by_as_many_as_they_are():
    rng = np.random.default_rng(0)
    labels = np.repeat([0, 1, 2], 400)
    places = rng.standard_normal((1200, 2)) + 50 * (labels == 2)[:, None]
    rows = pd.DataFrame(places, columns=["z1", "z2"]).assign(label=labels)
    found = mixing(rows)
    assert found[0, 1] == pytest.approx(0.5, abs=0.05)
    assert found[2].tolist() == [0, 0, 1]


def test_ways_that_end_at_one_middle_are_equally_far_beyond_it():
    middles = pd.DataFrame({"z1": [0.0, 1.0, 0.3], "z2": [0.0, 0.1, 1.0]}, dtype="float32")
    beyond = pd.DataFrame({"z1": [-0.7], "z2": [-0.9]}, dtype="float32")
    rows = beyond.assign(replicate=0, right=False, label=0, answer=1)
    assert _on_the_way(rows, {0: middles})[1].tolist() == [0.5]
