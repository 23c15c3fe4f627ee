"""The claims of rauber2017 on classes and accuracies, on made-up tables that go either way."""

import re
from functools import cache
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import workflow

import glassbox.claims.rauber2017  # noqa: F401
from glassbox.claims.evidence import Evidence, Missing
from glassbox.claims.hypotheses import FALSE, NOT_TESTED
from glassbox.claims.judging import verdict
from glassbox.claims.rauber2017.accuracies import SUBSET, of_subsets
from glassbox.claims.rauber2017.clusters import chosen
from glassbox.claims.rauber2017.misclassified import hits, pooled
from glassbox.claims.verdicts import NOT_REPRODUCED, NOT_TESTABLE, REPRODUCED
from glassbox.claims.works import read_work, with_names

ROOT = Path(__file__).parents[1]
WORK = read_work(ROOT / "scripts/glassbox/claims/rauber2017/claims.yaml")
CLAIMS = {claim.id: claim for claim in WORK.claims}
REPLICATES, CLASSES, DEPTHS = 6, 10, 4  # input, two hidden layers, output
NAMED = "R-N04", "R-N10", "R-C04", "R-C06", "R-C06 (polarity)", "R-C08", "R-C09", "R-C09 (sevens)"
EDGES = [each["method"] for each in CLAIMS["R-C08"].of["edges"]]
ON_SVHN = ["cnn-svhn", *EDGES]
SETS = {
    "cnn-svhn": "svhn",
    **{each["method"]: each["data"] for each in CLAIMS["R-C08"].of["edges"]},
}


ASKED = {
    "R-N04": ["predictions"],
    "R-C04": ["misclassified_places"],
    "R-C06": ["class_clusters"],
    "R-C06 (polarity)": ["class_clusters"],
    "R-C08": ["predictions", "class_clusters"],
    "R-C09": ["predictions", "neighbourhoods"],
    "R-C09 (sevens)": ["predictions", "misclassified_places"],
}


def wiggle(replicate):
    """A spread over replicates, small against all effects."""
    return 1e-3 * np.sin(7.0 * np.asarray(replicate))


def frame(rows, *columns):
    return pd.DataFrame(rows, columns=["method", "replicate", "set", *columns])


def networks(method, shown):
    """Method, replicate and set of each replicate."""
    return [(method, replicate, shown) for replicate in range(REPLICATES)]


def errors():
    """Edges are told better than images, and training examples better than test examples."""
    level = {"train": 0.99, "test": 0.9}
    better = {"cnn-svhn": 0, **{method: 0.02 + place / 100 for place, method in enumerate(EDGES)}}
    return frame(
        [
            (method, replicate, f"{SETS[method]}/{split}", "accuracy", value)
            for method, replicate, split in product(ON_SVHN, range(REPLICATES), level)
            for value in [min(level[split] + better[method], 0.995) + wiggle(replicate)]
        ],
        *("measure", "value"),
    )


def neighbourhoods():
    """Training examples have a hit of 0.95, test examples one of 0.85."""
    return frame(
        [
            (*of, f"layer-{depth}", depth, "layer", "label", "hit", hit + wiggle(of[1]), 0.1, 6)
            for split, hit in (("train", 0.95), ("test", 0.85))
            for of in networks("cnn-svhn", f"svhn/{split}")
            for depth in range(DEPTHS)
        ],
        *("layer", "depth", "space", "labels", "measure", "value", "chance", "neighbours"),
    )


def misclassified_places():
    """Wrong examples lie with the class that they are taken for, but in the input."""
    places = [("layer", -1, depth) for depth in range(DEPTHS)]
    places += [("map", seed, 2) for seed in (0, 1)]
    hit = {"predicted": (0.4, 0.6, 0.8, 0.9), "true": (0.4, 0.3, 0.1, 0.05)}
    return frame(
        [
            (*of, f"layer-{depth}", depth, space, seed, seed, labels, value, 8 + of[1] % 3, 2000)
            for of in networks("mlp-mnist", "mnist/test")
            for (space, seed, depth), labels in product(places, hit)
            for value in [hit[labels][depth] + wiggle(of[1] + 3 * (labels == "true"))]
        ],
        *("layer", "depth", "space", "draw", "seed", "labels", "hit", "errors", "count"),
    )


def nearby():
    """Ones are what lies nearest to sevens, beside sevens."""
    share = {7: 0.8, 1: 0.1, 2: 0.03}
    return frame(
        [
            (*of, f"layer-{depth}", depth, "layer", -1, -1, "right", label, near, value, 150)
            for split in ("train", "test")
            for of in networks("cnn-svhn", f"svhn/{split}")
            for depth, label, near in product(range(DEPTHS), (1, 7), range(CLASSES))
            for value in [share.get(near, 0.01) + wiggle(of[1]) * (near == 1)]
        ],
        *("layer", "depth", "space", "draw", "seed", "answered", "label", "near", "share", "count"),
    )


def predictions():
    """MNIST is told as printed, training digits of SVHN too; one test seven in ten is a one."""
    frames = []
    wanted = {("mlp-mnist", "mnist/test"): 0.9915, ("cnn-svhn", "svhn/train"): 0.999}
    wanted[("cnn-svhn", "svhn/test")] = 0.9
    for (method, shown), share in wanted.items():
        for replicate in range(REPLICATES):
            label = np.arange(4000) % CLASSES
            wrong = np.random.default_rng(replicate).random(4000) >= share
            answer = np.where(wrong, np.where(label == 7, 1, (label + 3) % CLASSES), label)
            columns = {"example_id": np.arange(4000), "label": label, "predicted": answer}
            frames.append(
                pd.DataFrame(columns).assign(method=method, replicate=replicate, set=shown)
            )
    return pd.concat(frames, ignore_index=True)


def class_clusters():
    """Two clusters of images by polarity, and one of edges."""
    images = {"second": 0.4, "third": 0.0, "separation": 4, "share": 0.45, "auroc-pixels": 0.95}
    edges = {"second": 0.0, "third": 0.0, "separation": 1, "share": 0.4, "auroc-pixels": 0.52}
    of = dict.fromkeys(EDGES, edges) | {"cnn-svhn": images}
    return frame(
        [
            (*own, f"layer-{depth}", depth, label, measure, value * (depth == 2) + spread)
            for method in of
            for own in networks(method, f"{SETS[method]}/test")
            for depth, label in product((1, 2), range(CLASSES))
            for spread in [wiggle(own[1] + 0.1 * label)]
            for measure, value in of[method].items()
        ],
        *("layer", "depth", "label", "measure", "value"),
    )


def members():
    """Polarity is told rightly of 398 digits of 400, in each layer."""
    inverted = np.arange(400) % 2
    polarity = np.where(inverted, -0.4, 0.4) * np.where(np.arange(400) < 2, -1, 1)
    own = pd.DataFrame({"example_id": np.arange(400), "inverted": inverted, "polarity": polarity})
    of = {"method": "cnn-digits-inverted", "set": "digits-inverted/test", "label": 0}
    return pd.concat(
        own.assign(**of, replicate=replicate, depth=depth, cluster=0)
        for replicate, depth in product(range(REPLICATES), (1, 2))
    )


def history():
    """The last of three blurs is the best in the end."""
    rows = [
        (method, replicate, epoch, 0.5 + place / 10)
        for place, method in enumerate(EDGES)
        for replicate, epoch in product(range(REPLICATES), (1, 2))
    ]
    return pd.DataFrame(rows, columns=["method", "replicate", "epoch", "validation_accuracy"])


TABLES = {
    "errors": errors,
    "training.history": history,
    "neighbourhoods": neighbourhoods,
    "misclassified_places": misclassified_places,
    "misclassified_places.nearby": nearby,
    "predictions": predictions,
    "class_clusters": class_clusters,
    "class_clusters.members": members,
}


@cache
def table(name):
    return TABLES[name]()


def world(**changes):
    """What the slides say, with tables changed."""
    tables = dict.fromkeys(WORK.tables)
    for name in TABLES:
        own = table(name).copy()
        tables[name] = changes[name](own) if name in changes else own
    return Evidence(REPLICATES, tables)


def setting(column, value, **where):
    """A change: a column gets a value, or what a function makes of it, in some rows."""

    def change(rows):
        part = np.ones(len(rows), bool)
        for name, wanted in where.items():
            part &= rows[name].isin(wanted if isinstance(wanted, list) else [wanted]).to_numpy()
        assert part.any()
        rows.loc[part, column] = value(rows.loc[part, column]) if callable(value) else value
        return rows

    return change


def as_many_wrong(rows):
    """Every third example is answered wrongly, sevens never as ones."""
    rows["predicted"] = np.where(
        rows["example_id"] % 3 == 0, (rows["label"] + 3) % CLASSES, rows["label"]
    )
    return rows


@pytest.mark.parametrize("name", NAMED)
def test_what_the_slides_say_is_reproduced_where_it_holds(name):
    found = verdict(CLAIMS[name], world())
    assert found.verdict == REPRODUCED, [found.reason, *found.parts]


@pytest.mark.parametrize("name", NAMED)
def test_a_claim_without_its_tables_is_not_testable_and_says_what_it_needs(name):
    found = verdict(CLAIMS[name], Evidence(REPLICATES, dict.fromkeys(WORK.tables)))
    assert found.verdict == NOT_TESTABLE
    wanted = f"this study has no .+; the test needs what {CLAIMS[name].config} asks for"
    assert re.fullmatch(wanted, found.reason)


def shifted(by):
    return lambda column: column + by


WRONG = [
    ("R-N04", {"predictions": as_many_wrong}, ["accuracy on 2,000"]),
    ("R-N10", {"predictions": as_many_wrong}, ["accuracy on 2,000"]),
    (
        "R-C04",
        {"misclassified_places": setting("hit", shifted(-0.4), depth=2, labels="predicted")},
        ["of the class it is taken for, last"],
    ),
    (
        "R-C04",
        {"misclassified_places": setting("hit", shifted(0.8), depth=2, labels="true")},
        ["of the class it is taken for minus of its own, the last", "the same, last hidden"],
    ),
    (
        "R-C04",
        {"misclassified_places": setting("hit", shifted(-0.9), depth=0, labels="true")},
        ["the same, last hidden"],
    ),
    (
        "R-C06",
        {"class_clusters": setting("value", shifted(-0.6), label=4, measure="second")},
        ["likelihood held out, two"],
    ),
    (
        "R-C06",
        {"class_clusters": setting("value", shifted(-3), measure="separation")},
        ["distance"],
    ),
    (
        "R-C06",
        {"class_clusters": setting("value", shifted(-0.4), measure="auroc-pixels")},
        ["membership against"],
    ),
    (
        "R-C06 (polarity)",
        {"class_clusters.members": setting("polarity", shifted(0.5), inverted=1)},
        ["told rightly"],
    ),
    ("R-C08", {"errors": setting("value", shifted(-0.2), method=EDGES)}, ["accuracy"]),
    (
        "R-C08",
        {
            "class_clusters": setting(
                "value", shifted(0.45), method=EDGES, measure="auroc-pixels", depth=2
            )
        },
        ["membership against polarity, edges", "membership against polarity, edges minus"],
    ),
    (
        "R-C08",
        {"class_clusters": setting("value", shifted(0.6), method=EDGES, measure="second")},
        ["likelihood held out"],
    ),
    ("R-C09", {"neighbourhoods": setting("value", shifted(-0.2), set="svhn/train")}, ["hit"]),
    (
        "R-C09 (sevens)",
        {"misclassified_places.nearby": setting("share", shifted(0.2), near=2)},
        ["ones near"],
    ),
    (
        "R-C09 (sevens)",
        {"predictions": setting("predicted", 1, label=7, set="svhn/train")},
        ["sevens taken"],
    ),
]


@pytest.mark.parametrize(("name", "changes", "false"), WRONG)
def test_what_the_slides_say_is_not_reproduced_where_it_does_not_hold(name, changes, false):
    found = verdict(CLAIMS[name], world(**changes))
    assert found.verdict == NOT_REPRODUCED, found.reason
    parts = sorted(part.part for part in found.parts if part.outcome == FALSE)
    assert len(parts) == len(false), parts
    assert all(part.startswith(start) for part, start in zip(parts, false, strict=True)), parts


def test_every_claim_comes_not_to_hold():
    assert {name for name, _, _ in WRONG} == set(NAMED)


def of_sister(name):
    """The world of a claim, with the names that its sister has."""
    _base, _, sister = name.removesuffix(")").rpartition(" (")
    names = WORK.sisters[sister]["renamed"]
    tables = {}
    for key, own in world().tables.items():
        if own is not None:
            own = own.assign(method=own["method"].replace(names))
            if "set" in own:
                own["set"] = own["set"].map(lambda each: with_names(each, names))
        tables[key] = own
    return Evidence(REPLICATES, tables)


SISTERS = [f"{name} ({each})" for name in NAMED for each in WORK.sisters]


@pytest.mark.parametrize("name", [name for name in SISTERS if name in CLAIMS])
def test_a_sister_is_asked_of_its_own_models_and_sets(name):
    assert verdict(CLAIMS[name], of_sister(name)).verdict == REPRODUCED
    assert not {"svhn", "cnn-svhn", "mlp-mnist"} & {
        each.split("/")[0] for each in CLAIMS[name].needs
    }


@pytest.mark.parametrize("name", [name for name in CLAIMS if name.startswith(NAMED)])
def test_the_config_that_an_entry_names_makes_what_is_asked(name):
    claim = CLAIMS[name]
    config = workflow.configured(claim.config)
    of = claim.of["method"]
    made = {kind: config.asked(kind).get(of, []) for kind in ASKED.get(claim.tested_as, ())}
    assert all(made.values()), made
    for each in claim.of.get("edges", []):
        shown = f"{each['data']}/test"
        for kind in ("predictions", "class_clusters"):
            assert config.asked(kind)[each["method"]] == [shown]
        assert each["method"] in WORK.tables["training.history"]


def test_controls_are_asked_of_inverted_digits_and_mistakes_of_pooled_ones():
    assert {"R-C06 (inverted)", "R-C08 (inverted)", "R-C04 (digits)"} <= set(CLAIMS)


def test_replicates_without_mistakes_change_nothing_of_what_is_pooled():
    def flawless(rows):
        none = rows["replicate"] == 2
        return rows.assign(
            errors=rows["errors"].where(~none, 0), hit=rows["hit"].where(~none, np.nan)
        )

    found = verdict(CLAIMS["R-C04"], world(misclassified_places=flawless))
    assert found.verdict == REPRODUCED and {part.replicates for part in found.parts} == {REPLICATES}
    none = verdict(
        CLAIMS["R-C04"], world(misclassified_places=lambda rows: rows.assign(errors=0, hit=np.nan))
    )
    assert none.verdict == NOT_TESTABLE and "misclassified" in none.reason


def test_hits_of_several_maps_of_a_replicate_are_pooled_over_their_errors():
    shares, errors = [1.0, 0.1, np.nan], [1, 4, 0]
    rows = pd.DataFrame({"replicate": 0, "labels": "own", "hit": shares, "errors": errors})
    found = hits(Evidence(1, {}), rows, "mlp-digits")
    assert found["own"].tolist() == [pytest.approx(1.4 / 5)]
    assert found["errors"].tolist() == [pytest.approx(5 / 3)]


def test_what_is_pooled_is_the_share_of_all_and_spreads_as_a_ratio_does():
    rng = np.random.default_rng(0)
    shares, counts = rng.random(6), np.array([1, 9, 4, 0, 7, 3])
    shares[3] = np.nan
    values = pooled(shares, counts)
    every = np.repeat(np.nan_to_num(shares), counts)
    assert values.mean() == pytest.approx(every.mean())
    assert values[3] == pytest.approx(every.mean())
    drawn, widths = [], []
    for _ in range(4000):
        count = rng.integers(1, 20, 12)
        each = pooled(rng.binomial(count, 0.3) / count, count)
        drawn.append(each.mean())
        widths.append(each.var(ddof=1) / len(each))
    assert np.mean(widths) == pytest.approx(np.var(drawn), rel=0.15)
    with pytest.raises(Missing):
        pooled(np.full(3, np.nan), np.zeros(3))


def test_places_in_maps_are_reported_and_need_not_be_there():
    told = verdict(CLAIMS["R-C04"], world()).parts
    (mapped,) = [part for part in told if "map" in part.part]
    assert mapped.outcome == NOT_TESTED and mapped.effect == pytest.approx(0.7, abs=0.01)
    bare = world(misclassified_places=lambda rows: rows[rows["space"] == "layer"])
    found = verdict(CLAIMS["R-C04"], bare)
    assert found.verdict == REPRODUCED and len(found.parts) == len(told) - 1


def test_the_last_hidden_layer_is_that_before_the_output_whichever_layers_are_looked_at():
    without = {"misclassified_places": lambda rows: rows[rows["depth"] != 1]}
    of_all, of_some = (verdict(CLAIMS["R-C04"], world(**each)) for each in ({}, without))
    assert of_some == of_all
    few = world(misclassified_places=lambda rows: rows[rows["depth"].isin([0, 2])])
    assert "hidden layers of mlp-mnist" in verdict(CLAIMS["R-C04"], few).reason


def test_accuracies_of_subsets_spread_as_binomial_ones_do():
    right = [np.random.default_rng(seed).random(60_000) < 0.9915 for seed in range(3)]
    drawn = of_subsets(right)
    assert drawn.mean() == pytest.approx(np.mean(right), abs=3e-4)
    spread = np.sqrt(0.9915 * 0.0085 / SUBSET)
    assert drawn.std() == pytest.approx(spread, rel=0.2)
    with pytest.raises(Missing):
        of_subsets([right[0][: SUBSET - 1]])


def test_the_blur_that_is_best_on_validation_images_in_the_end_is_chosen():
    networks = [{"method": name, "data": f"set-{name}"} for name in "abcd"]
    accuracies = {"a": (0.99, 0.8), "b": (0.1, 0.9), "c": (0.5, 0.9)}
    rows = [
        (name, replicate, epoch, value)
        for name, values in accuracies.items()
        for replicate in range(3)
        for epoch, value in enumerate(values)
    ]
    columns = ["method", "replicate", "epoch", "validation_accuracy"]
    evidence = Evidence(3, {"training.history": pd.DataFrame(rows, columns=columns)})
    assert chosen(evidence, networks)["method"] == "b"
    assert chosen(evidence, networks[:1])["method"] == "a"
    with pytest.raises(Missing):
        chosen(evidence, networks[3:])
