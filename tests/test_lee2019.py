"""The claims of lee2019 on made-up tables where each goes either way."""

import itertools
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

import glassbox.claims.lee2019
from glassbox.claims.evidence import Evidence
from glassbox.claims.judging import TESTS, verdict
from glassbox.claims.lee2019.readings import NETWORKS, RESNET
from glassbox.claims.verdicts import INCONCLUSIVE, NOT_REPRODUCED, NOT_TESTABLE, REPRODUCED
from glassbox.claims.works import Claim, read_work
from glassbox.errors import GlassboxError

ROOT = Path(__file__).parents[1]
WORK = read_work(ROOT / "scripts/glassbox/claims/lee2019/claims.yaml")
EVERY = {claim.id: claim for claim in WORK.claims}
CLAIMS = {name: claim for name, claim in EVERY.items() if not name.endswith(" (digits)")}
TESTED = [name for name, claim in CLAIMS.items() if claim.untested is None]
REFERENCE = ROOT.parent / "shared/reference/claims.yaml"
REPLICATES = 4
COUNTS = {"lenet": REPLICATES, "lenet-digits": REPLICATES, "resnet44": 1}
THRESHOLDS = (0.5, 0.65, 0.75)
SINGLE = {
    ("patterns", "train"): {"lenet": 60_000, RESNET: 5_000},
    ("patterns", "test"): {"lenet": 10_000, RESNET: 1_000},
    ("patterns", "classes"): {"lenet": 10, RESNET: 10},
    ("patterns", "units"): {"lenet": 500, RESNET: 4096},
    ("network", "majority"): {"lenet": 0.1, RESNET: 0.1},
}
# Mean cosine of pairs, so that CL1 is the most homogeneous.
COSINES = {"CN1": 0.1, "CL1": 0.6, "CL2": 0.3, "CL3": 0.4, "FC": 0.2}


def wiggle(replicate):
    """A spread over replicates, small against all effects."""
    return 1e-4 * (replicate - 1.5)


def library_rows(network):
    """Libraries as the paper describes them: (layer, replicate, variant, threshold, measure)."""
    layers = NETWORKS[network]
    # Of ResNet44 the replicates are data orders, which are variants of one network.
    orders = ["library", "order=1", "order=2", "order=3"] if network == RESNET else ["library"]
    for depth, layer in enumerate(layers):
        for replicate in range(1 if network == RESNET else REPLICATES):
            for draw, variant in enumerate(orders):
                for step, threshold in enumerate(THRESHOLDS):
                    noise = wiggle(replicate + draw)
                    size = 2.0 ** (10 + step - depth) + noise
                    lower = 0.2 if network == RESNET else 0.0
                    top1 = 0.91 + 0.01 * depth + 0.02 * step - 0.03 - lower + noise
                    values = {"size": size, "top1": top1, "top3": 1 - 0.3 * (1 - top1)}
                    values |= {"purity": 0.95 + noise, "own activation": 1.0}
                    values |= {"other activation": 0.7 + noise}
                    for measure, value in values.items():
                        yield layer, replicate, variant, threshold, measure, value
            others = ["kernel=0.001", "kernel=0.1", "kernel=1", "nodes=1", "nodes=3", "nodes=8"]
            others += ["nodes=20", "nodes=all", "prototypes", "neighbours=1", "probe"]
            for variant in others:
                yield layer, replicate, variant, 0.75, "top1", 0.91 + wiggle(replicate)
            accuracy = 0.8 + 0.02 * depth + wiggle(replicate)
            yield layer, replicate, "probe", np.nan, "accuracy", accuracy
            for (variant, measure), by_network in SINGLE.items():
                yield layer, replicate, variant, np.nan, measure, by_network[network]
            if network == RESNET:
                for measure in ("cosine", "centred cosine"):
                    yield layer, replicate, "patterns", np.nan, measure, COSINES[layer]


def libraries():
    names = ["layer", "replicate", "variant", "threshold", "measure", "value"]
    return pd.concat(
        pd.DataFrame(library_rows(network), columns=names).assign(method=network)
        for network in ("lenet", RESNET)
    )


def confusion():
    """Much confusion of 9 in CN1 and CN2, of (4, 9) everywhere, next to none in FC2."""
    scale = {"CN1": 1.0, "CN2": 0.8, "FC1": 0.3, "FC2": 0.001}
    rng = np.random.default_rng(0)
    base = rng.uniform(0.05, 0.1, (10, 10))
    base[9] += 0.2
    base[4, 9] = 0.5
    rows = []
    for layer, replicate, threshold in itertools.product(scale, range(REPLICATES), (0.65, 0.75)):
        for shown, other in itertools.product(range(10), repeat=2):
            value = scale[layer] * base[shown, other] * (1 + wiggle(replicate))
            if shown == other:
                value = 1.0
            rows.append(("lenet", layer, replicate, threshold, shown, other, value))
    names = ["method", "layer", "replicate", "threshold", "shown", "other", "value"]
    return pd.DataFrame(rows, columns=names)


def detection():
    """Attacks that are told the better the larger, and images from elsewhere that are told."""
    rows = []
    for network in ("lenet", RESNET):
        for replicate in range(1 if network == RESNET else REPLICATES):
            noise = wiggle(replicate)
            for detector, name in (("CPL, printed", "set1"), ("CPL, code", "set1")):
                for kind, space, size in itertools.product(
                    ("pgd", "noise", "clip"), ("normalised", "pixels"), (0.1, 0.3)
                ):
                    area = 0.9 + 0.2 * size + noise
                    rows.append((network, replicate, detector, name, space, kind, size, area))
                rows.append((network, replicate, detector, name, "x/test", "outlier", 0.0, 0.85))
            for detector in ("maximum softmax", "Mahalanobis", "probe consistency", "neighbours"):
                rows.append((network, replicate, detector, "", "x/test", "outlier", 0.0, 0.9))
    names = ["method", "replicate", "detector", "thresholds", "space", "kind", "size", "auroc"]
    frame = pd.DataFrame(rows, columns=names)
    return frame.assign(low=frame["auroc"] - 0.02, high=frame["auroc"] + 0.02)


def scores():
    rows = [
        ("lenet", replicate, detector, "set1", kind, level + wiggle(replicate + image))
        for replicate in range(REPLICATES)
        for detector in ("CPL, printed", "CPL, code")
        for kind, level in (("normal", 0.9), ("null", 0.1))
        for image in range(5)
    ]
    names = ["method", "replicate", "detector", "thresholds", "kind", "consistency"]
    return pd.DataFrame(rows, columns=names)


def silhouettes():
    """Patterns that lie with those of their answer, the more so the deeper."""
    rows = [
        ("lenet", replicate, layer, 0.1 + 0.1 * depth + wiggle(replicate))
        for depth, layer in enumerate(NETWORKS["lenet"])
        for replicate in range(REPLICATES)
    ]
    return pd.DataFrame(rows, columns=["method", "replicate", "layer", "silhouette"])


def world(**changes):
    """All tables as the paper says, some changed by functions."""
    tables = {
        "libraries": libraries(),
        "libraries.confusion": confusion(),
        "consistency": detection(),
        "consistency.scores": scores(),
        "silhouettes": silhouettes(),
    }
    assert tables.keys() == WORK.tables.keys()
    for name, change in changes.items():
        tables[name] = change(tables[name].copy())
    return Evidence(0, tables, COUNTS)


def setting(column_values, **where):
    """A change: these columns get these values in the rows that `where` names."""

    def change(table):
        rows = np.ones(len(table), bool)
        for column, value in where.items():
            rows &= (table[column] == value).to_numpy()
        assert rows.any()
        for column, value in column_values.items():
            current = table.loc[rows, column]
            table.loc[rows, column] = value(current) if callable(value) else value
        return table

    return change


AS_PUBLISHED = world()


@pytest.mark.parametrize("name", TESTED)
def test_what_the_paper_says_is_reproduced_where_it_holds(name):
    found = verdict(CLAIMS[name], AS_PUBLISHED)
    assert found.verdict == REPRODUCED, found.reason


def measure(name, value, **where):
    return {"libraries": setting({"value": value}, measure=name, **where)}


MNIST = {"method": "lenet"}
BETTER = measure("top1", 0.95, variant="nodes=20", **MNIST)
WIDER = measure("top1", 0.95, variant="kernel=0.1", **MNIST)
WRONG = {
    "L-N01": measure("train", 48_000, **MNIST),
    "L-N02": measure("train", 50_000, method=RESNET),
    "L-N03": WIDER,
    "L-N04": BETTER,
    "L-N10": {"consistency": setting({"auroc": 0.7, "low": 0.6, "high": 0.79}, method=RESNET)},
    "L-N11": measure("other activation", 1.0, layer="FC1", **MNIST),
    "L-N12": {"libraries": lambda table: table[table["layer"] != "CL3"]},
    "L-C01": measure("size", 100.0, layer="CN2", threshold=0.65, **MNIST),
    "L-C02": measure("size", lambda sizes: 8 * sizes, layer="FC1", **MNIST),
    "L-C03": measure("top1", lambda shares: shares - 0.1, layer="CN1", **MNIST),
    "L-C04": measure("top3", lambda shares: shares - 0.09, layer="FC2", **MNIST),
    "L-C05": measure("top1", 0.5, layer="FC2", variant="library", **MNIST),
    "L-C06": {"libraries.confusion": setting({"value": 0.9}, layer="FC1", shown=9)},
    "L-C07": {
        "libraries.confusion": setting({"value": lambda v: 1 - v}, layer="CN1", threshold=0.75)
    },
    "L-C08": {"libraries.confusion": setting({"value": 0.01}, layer="CN2", shown=4, other=9)},
    "L-C09": {"libraries.confusion": setting({"value": 0.2}, layer="FC2")},
    "L-C11": measure("cosine", 0.5, method=RESNET),
    "L-C12": measure("cosine", 0.9, layer="CN1", method=RESNET),
    "L-C13": measure("top1", lambda shares: shares - 0.6, layer="CN1", method=RESNET),
    "L-C14": {"consistency.scores": setting({"consistency": 0.2}, kind="normal")},
    "L-C15": {"consistency": setting({"auroc": 0.6}, kind="pgd", **MNIST)},
    "L-C16": {"consistency": setting({"auroc": 0.5}, size=0.3, **MNIST)},
    "L-C17": {"consistency": setting({"auroc": 0.6}, kind="outlier", detector="CPL, code")},
    "L-C18": measure("top1", 0.5, layer="CN1", variant="neighbours=1", **MNIST),
    "L-C19": measure("accuracy", 0.1, layer="FC1", **MNIST),
    "L-C21": measure("top1", 0.2, layer="FC", method=RESNET),
}


@pytest.mark.parametrize("name", TESTED)
def test_what_the_paper_says_is_not_reproduced_where_it_does_not_hold(name):
    found = verdict(CLAIMS[name], world(**WRONG[name]))
    assert found.verdict == NOT_REPRODUCED, found.reason


def test_patterns_that_lie_nearer_other_answers_are_not_clustered():
    among_others = {"silhouettes": setting({"silhouette": -0.1}, layer="CN1")}
    assert verdict(CLAIMS["L-C18"], world(**among_others)).verdict == NOT_REPRODUCED


@pytest.mark.parametrize("name", TESTED)
def test_a_claim_without_its_tables_is_not_testable_and_says_what_it_needs(name):
    found = verdict(CLAIMS[name], Evidence(0, dict.fromkeys(WORK.tables), COUNTS))
    assert found.verdict == NOT_TESTABLE
    assert found.reason.startswith("no ") and CLAIMS[name].needs[0] in found.reason


def test_a_replicate_that_is_absent_leaves_a_claim_open():
    without = {"libraries": lambda table: table[table["replicate"] != 2]}
    found = verdict(CLAIMS["L-C01"], world(**without))
    assert found.verdict == INCONCLUSIVE


def test_the_orders_of_the_data_are_the_replicates_of_the_given_network():
    part = verdict(CLAIMS["L-C13"], AS_PUBLISHED).parts[1]
    assert part.replicates == 4 and part.part.startswith("CN1")


def test_what_has_no_draw_needs_one_value_alone():
    found = verdict(CLAIMS["L-C12"], AS_PUBLISHED)
    assert [part.replicates for part in found.parts] == [1, 1]
    assert found.parts[0].low == found.parts[0].high == pytest.approx(0.2)


def test_every_entry_has_a_test_or_says_why_not():
    for name, claim in EVERY.items():
        assert (claim.tested_as in TESTS) == (claim.untested is None), name
    assert {name for name in TESTS if name.startswith("L-")} == set(TESTED)
    assert glassbox.claims.lee2019.__name__ == f"glassbox.claims.{WORK.name}"
    made_up = Claim("L-C99", "", "", "", ["lenet"], "")
    with pytest.raises(GlassboxError, match="L-C99: the table of claims names it"):
        verdict(made_up, AS_PUBLISHED)


def test_untested_claims_give_their_reason():
    found = verdict(CLAIMS["L-C20"], AS_PUBLISHED)
    assert found.verdict == NOT_TESTABLE and "made worse on purpose" in found.reason


def test_sisters_are_asked_of_the_digits():
    first, second = CLAIMS["L-C05"], EVERY["L-C05 (digits)"]
    assert WORK.claims.index(second) == WORK.claims.index(first) + 1
    assert (first.of, second.of) == ({"method": "lenet"}, {"method": "lenet-digits"})
    assert second.statement.startswith("What L-C05 says of MNIST, asked of the 8 x 8 digits")
    assert (first.config, second.config) == (
        "config/lee2019/published.yaml",
        "config/lee2019/laptop.yaml",
    )
    assert (first.location, first.test) == (second.location, second.test)
    tables = {"libraries": lambda table: table.replace({"method": {"lenet": "lenet-digits"}})}
    assert verdict(second, world(**tables)).verdict == REPRODUCED
    assert verdict(first, world(**tables)).verdict == NOT_TESTABLE
    assert "L-N12 (digits)" not in EVERY and len(EVERY) == len(CLAIMS) + 18


@pytest.mark.skipif(not REFERENCE.exists(), reason=f"no {REFERENCE}, the list of all statements")
def test_every_statement_of_the_paper_is_in_the_table():
    wanted = [entry["id"] for entry in yaml.safe_load(REFERENCE.read_text())]
    assert [name for name in wanted if name.startswith("L-")] == list(CLAIMS)
