"""The claims of lee2019 on made-up tables where each goes either way."""

import itertools
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import workflow

import glassbox.claims.lee2019
from glassbox.analyses.pattern_changes import FREE, WHOLE
from glassbox.claims.evidence import Evidence
from glassbox.claims.hypotheses import FALSE, UNDECIDED
from glassbox.claims.judging import TESTS, judged, verdict
from glassbox.claims.lee2019.readings import CONFUSED, NETWORKS, RESNET
from glassbox.claims.settings import differences
from glassbox.claims.verdicts import (
    INCONCLUSIVE,
    NOT_REPRODUCED,
    NOT_TESTABLE,
    OTHER_SETTINGS,
    REPRODUCED,
)
from glassbox.claims.works import Claim, read_work
from glassbox.errors import GlassboxError
from study import schema

ROOT = Path(__file__).parents[1]
WORK = read_work(ROOT / "scripts/glassbox/claims/lee2019/claims.yaml")
EVERY = {claim.id: claim for claim in WORK.claims}
CLAIMS = {name: claim for name, claim in EVERY.items() if not name.endswith(" (digits)")}
TESTED = [name for name, claim in CLAIMS.items() if claim.untested is None]
REPLICATES = 20
SMALL = {"lenet-cn1": "CN1", "lenet-cn2": "CN2", "lenet-fc1": "FC1"}
COUNTS = dict.fromkeys(["lenet", "lenet-digits", *SMALL], REPLICATES) | {RESNET: 1}
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
    return 1e-4 * np.sin(7.0 * replicate)


def library_rows(network):
    """Libraries as the paper describes them: (layer, replicate, variant, threshold, measure)."""
    layers = NETWORKS[network]
    # Of ResNet44 the replicates are data orders, which are variants of one network.
    orders = [f"order={draw}" for draw in range(1, REPLICATES)] if network == RESNET else []
    for depth, layer in enumerate(layers):
        for replicate in range(1 if network == RESNET else REPLICATES):
            for draw, variant in enumerate(["library", *orders]):
                for step, threshold in enumerate(THRESHOLDS):
                    noise = wiggle(replicate + draw + 0.1 * depth)
                    size = 2.0 ** (10 + step - depth) + noise
                    lower = 0.2 if network == RESNET else 0.0
                    top1 = 0.91 + 0.01 * depth + 0.02 * step - 0.03 - lower + noise
                    values = {"size": size, "top1": top1, "top3": 1 - 0.3 * (1 - top1)}
                    values |= {"purity": 0.95 + noise, "own activation": 1.0}
                    values |= {"other activation": 0.7 + noise}
                    for measure, value in values.items():
                        yield layer, replicate, variant, threshold, measure, value
            for variant in ("prototypes", "neighbours=1", "probe"):
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
    every = {
        network: pd.DataFrame(library_rows(network), columns=names).assign(method=network)
        for network in ("lenet", RESNET)
    }
    return pd.concat([*every.values(), *(small(every["lenet"], name) for name in SMALL)])


def small(libraries, name):
    """Libraries of a LeNet with one layer too small: they agree less there, and all the more on."""
    layers = NETWORKS["lenet"]
    later = layers[layers.index(SMALL[name]) :]
    found = libraries[libraries["variant"] == "library"].assign(method=name)
    worse = (found["measure"] == "top1") & found["layer"].isin(later)
    found.loc[worse, "value"] -= 0.02 + wiggle(found.loc[worse, "replicate"] + 0.5)
    return found


def pattern_changes():
    """Filters that find what they found, wherever it is, and dense layers that do not."""
    cosines = {
        **{("CN1", FREE): (0.6, 0.9), ("CN1", WHOLE): (0.6, 0.4), ("CN2", FREE): (0.5, 0.8)},
        **{("CN2", WHOLE): (0.5, 0.4), ("FC1", WHOLE): (0.3, 0.4), ("FC2", WHOLE): (0.2, 0.4)},
    }
    rows = [
        ("lenet", layer, pattern, replicate, measure, value + wiggle(replicate + value))
        for (layer, pattern), (others, own) in cosines.items()
        for replicate in range(REPLICATES)
        for measure, value in (("cosine", own), ("cosine, other labels", others), ("nearest", 0.5))
    ]
    return pd.DataFrame(
        rows, columns=["method", "layer", "pattern", "replicate", "measure", "value"]
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
            value = scale[layer] * base[shown, other] * (1 + wiggle(replicate + 0.1 * other))
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
                    area = 0.9 + 0.2 * size + noise * (1 + size)
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
        for image in range(5 if kind == "normal" else 4)
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
        "pattern_changes": pattern_changes(),
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


def change(value, measure="cosine", **where):
    return {"pattern_changes": setting({"value": value}, measure=measure, **where)}


def confused(value, **where):
    return {"libraries.confusion": setting({"value": value}, **where)}


SAME_SIZE = setting({"auroc": lambda areas: 0.95 + wiggle(np.arange(len(areas)))}, kind="pgd")
# How a claim comes not to hold, and what it then says of the parts that contradict it.
WRONG = [
    ("L-N02", measure("train", 50_000, method=RESNET), ["train images per class"]),
    ("L-N02", measure("test", 10_000, method=RESNET), ["test images per class"]),
    (
        "L-N10",
        {"consistency": setting({"auroc": 0.7, "low": 0.6, "high": 0.79}, method=RESNET)},
        ["largest AUROC"],
    ),
    ("L-N11", measure("other activation", 1.0, layer="FC1", **MNIST), ["FC1: largest"]),
    ("L-N11", measure("own activation", 0.99, layer="CN2", **MNIST), ["CN2: least"]),
    ("L-C01", measure("size", 100.0, layer="CN2", threshold=0.65, **MNIST), ["CN2"]),
    ("L-C02", measure("size", lambda sizes: 8 * sizes, layer="FC1", **MNIST), ["CN2 over FC1"]),
    ("L-C03", measure("top1", lambda shares: shares - 0.1, layer="CN1", **MNIST), ["CN1"]),
    ("L-C03", measure("top1", 0.99, layer="CN2", threshold=0.5, **MNIST), ["CN2"]),
    ("L-C04", measure("top3", lambda shares: shares - 0.09, layer="FC2", **MNIST), ["FC2"]),
    (
        "L-C05",
        measure("top1", 0.5, layer="FC2", variant="library", **MNIST),
        ["agreement at the highest threshold, FC2"],
    ),
    ("L-C06", confused(0.01, layer="CN2", shown=9), ["CN2"]),
    ("L-C06", confused(0.9, layer="FC1", shown=9), ["FC1 minus CN1"]),
    ("L-C06", confused(0.01, layer="CN1", shown=9), ["CN1", "FC1 minus CN1"]),
    *(
        ("L-C07", confused(lambda index: 1 - index, layer=layer, threshold=0.75), [layer])
        for layer in ("CN1", "CN2", "FC1")
    ),
    *(
        ("L-C08", confused(0.01, layer=layer, shown=4, other=9), [layer])
        for layer in ("CN1", "CN2", "FC1")
    ),
    ("L-C09", confused(0.2, layer="FC2"), ["mean CI of FC2"]),
    ("L-C10", change(0.7, layer="CN1", pattern=FREE), ["CN1"]),
    ("L-C10", change(0.7, layer="CN2", pattern=FREE), ["CN2"]),
    ("L-C10", change(0.9, layer="FC1"), ["FC1 minus CN2"]),
    ("L-C10", change(0.9, layer="FC2"), ["FC2 minus CN2"]),
    ("L-C11", measure("cosine", 0.5, method=RESNET), ["range"]),
    ("L-C12", measure("cosine", 0.9, layer="CN1", method=RESNET), ["mean cosine"]),
    *(
        (
            "L-C13",
            measure("top1", lambda shares: shares - 0.6, layer=layer, method=RESNET),
            [f"{layer}: agreement"],
        )
        for layer in NETWORKS[RESNET]
    ),
    ("L-C13", measure("top1", 0.6, variant="library", **MNIST), ["mean agreement minus"]),
    (
        "L-C14",
        {"consistency.scores": setting({"consistency": 0.2}, kind="normal")},
        ["CPL, code: mean", "CPL, printed: mean"],
    ),
    (
        "L-C14",
        {"consistency.scores": setting({"consistency": 0.95}, kind="null", detector="CPL, code")},
        ["CPL, code: the same minus"],
    ),
    (
        "L-C15",
        {"consistency": setting({"auroc": 0.6}, kind="pgd", detector="CPL, code", **MNIST)},
        ["CPL, code: attack"],
    ),
    ("L-C16", {"consistency": SAME_SIZE}, ["CPL, code", "CPL, printed"]),
    (
        "L-C17",
        {"consistency": setting({"auroc": 0.6}, kind="outlier", detector="CPL, code")},
        ["CPL, code"],
    ),
    ("L-C18", measure("top1", 0.5, layer="CN1", variant="neighbours=1", **MNIST), ["CN1: nearest"]),
    (
        "L-C18",
        {"silhouettes": setting({"silhouette": -0.1}, layer="CN1")},
        ["CN1: mean silhouette"],
    ),
    (
        "L-C19",
        measure("accuracy", 0.1, layer="FC1", **MNIST),
        ["accuracy of a linear probe, FC1 minus CN2"],
    ),
    (
        "L-C21",
        measure("top1", 0.2, layer="FC", method=RESNET),
        ["agreement at the highest threshold, FC minus CL3"],
    ),
    ("L-C21", measure("cosine", 0.05, layer="CL1", method=RESNET), ["mean cosine, CL1"]),
]


@pytest.mark.parametrize(("name", "changes", "false"), WRONG)
def test_what_the_paper_says_is_not_reproduced_where_it_does_not_hold(name, changes, false):
    found = verdict(CLAIMS[name], world(**changes))
    assert found.verdict == NOT_REPRODUCED, found.reason
    parts = sorted(part.part for part in found.parts if part.outcome == FALSE)
    assert len(parts) == len(false), parts
    assert all(part.startswith(start) for part, start in zip(parts, false, strict=True)), parts


@pytest.mark.parametrize(
    ("small", "layer", "agreement", "false"),
    [
        ("lenet-digits-cn1", "CN1", 0.99, ["in CN1"]),
        ("lenet-digits-cn2", "CN2", 0.99, ["in CN2", "in CN2 minus in CN1"]),
        ("lenet-digits-fc1", "FC1", 0.99, ["in FC1", "in FC1 minus in CN2"]),
        ("lenet-digits-fc1", "CN2", 0.5, ["in FC1 minus in CN2"]),
    ],
)
def test_libraries_that_lose_elsewhere_do_not_show_the_layer(small, layer, agreement, false):
    tables = dict(OF_DIGITS.tables)
    change = measure("top1", agreement, layer=layer, variant="library", method=small)
    tables["libraries"] = change["libraries"](tables["libraries"].copy())
    found = verdict(EVERY["L-C20 (digits)"], Evidence(0, tables, OF_DIGITS.own))
    assert found.verdict == NOT_REPRODUCED
    parts = [part.part for part in found.parts if part.outcome == FALSE]
    assert [part.partition(": ")[2] for part in parts] == false


def test_every_claim_comes_not_to_hold():
    assert {name for name, _, _ in WRONG} == set(TESTED)


@pytest.mark.parametrize("name", TESTED)
def test_a_claim_without_its_tables_is_not_testable_and_says_what_it_needs(name):
    found = verdict(CLAIMS[name], Evidence(0, dict.fromkeys(WORK.tables), COUNTS))
    assert found.verdict == NOT_TESTABLE
    wanted = f"this study has no .+; the test needs what {CLAIMS[name].config} asks for"
    assert re.fullmatch(wanted, found.reason)


def test_a_replicate_that_is_absent_leaves_a_claim_open():
    without = {"libraries": lambda table: table[table["replicate"] != 2]}
    found = verdict(CLAIMS["L-C01"], world(**without))
    assert found.verdict == INCONCLUSIVE


def test_the_orders_of_the_data_are_the_replicates_of_the_given_network():
    fewer = {"libraries": lambda table: table[table["variant"] != "order=3"]}
    found = {part.part: part for part in verdict(CLAIMS["L-C13"], world(**fewer)).parts}
    assert found["CN1: agreement"].replicates == REPLICATES - 1


def test_networks_are_compared_with_as_many_orders_as_there_are_of_both():
    few = Evidence(0, AS_PUBLISHED.tables, COUNTS | {"lenet": 7})
    found = verdict(CLAIMS["L-C13"], few)
    assert found.verdict == REPRODUCED
    assert [part.replicates for part in found.parts[:2]] == [7, REPLICATES]
    few = Evidence(0, OF_DIGITS.tables, {**OF_DIGITS.own, "lenet-digits-cn2": 7})
    by_part = {part.part: part.replicates for part in verdict(EVERY["L-C20 (digits)"], few).parts}
    assert sorted(by_part.values()) == [7, 7, *3 * [REPLICATES]]


def test_networks_on_mnist_that_differ_leave_open_how_much_less_another_agrees():
    spread = 0.8 * (np.arange(REPLICATES) % 2)

    def unlike(table):
        rows = (table["method"] == "lenet") & (table["measure"] == "top1")
        table.loc[rows, "value"] -= spread[table.loc[rows, "replicate"]]
        return table

    part = verdict(CLAIMS["L-C13"], world(libraries=unlike)).parts[0]
    standard_error = np.std(spread, ddof=1) / np.sqrt(REPLICATES)
    assert part.outcome == UNDECIDED
    assert part.high - part.effect == pytest.approx(2.093 * standard_error, rel=1e-2)


def test_attacks_that_are_told_less_the_larger_they_are_depend_on_their_size_too():
    weaker = {"consistency": setting({"auroc": 0.5}, size=0.3, kind="pgd")}
    assert verdict(CLAIMS["L-C16"], world(**weaker)).verdict == REPRODUCED


@pytest.mark.parametrize(
    ("name", "column", "table", "kind"),
    [
        ("L-C14", "consistency", "consistency.scores", "normal"),
        ("L-C15", "auroc", "consistency", "pgd"),
        ("L-C17", "auroc", "consistency", "outlier"),
    ],
)
def test_consistency_is_read_as_printed_and_as_in_the_code(name, column, table, kind):
    told = setting({column: 0.4}, kind=kind, detector="CPL, code", method="lenet")
    evidence = world(**{table: told})
    found = {
        each.words: verdict(EVERY[name].read_as(each), evidence).verdict
        for each in EVERY[name].readings
    }
    assert found["CPL as printed (E-L04)"] == REPRODUCED
    assert found["CPL as in the published code (E-L04)"] == NOT_REPRODUCED


def test_what_is_left_of_a_pattern_is_what_it_has_of_its_own():
    part = verdict(CLAIMS["L-C10"], AS_PUBLISHED).parts[0]
    assert part.effect == pytest.approx((0.9 - 0.6) / (1 - 0.6), abs=1e-3)
    same = change(1.0, pattern=FREE)
    assert verdict(CLAIMS["L-C10"], world(**same)).parts[0].effect == 1


def test_what_has_no_draw_needs_one_value_alone():
    found = verdict(CLAIMS["L-C12"], AS_PUBLISHED)
    assert [part.replicates for part in found.parts] == [1, 1]
    assert found.parts[0].low == found.parts[0].high == pytest.approx(0.2)


def test_every_entry_has_a_test_or_says_why_not():
    for name, claim in EVERY.items():
        is_asked_elsewhere = name == "L-C20"
        assert (claim.tested_as in TESTS) == (claim.untested is None or is_asked_elsewhere), name
    assert {name for name in TESTS if name.startswith("L-")} == {*TESTED, "L-C20"}
    assert glassbox.claims.lee2019.__name__ == f"glassbox.claims.{WORK.name}"
    made_up = Claim("L-C99", "", "", "", ["lenet"], "")
    with pytest.raises(GlassboxError, match="L-C99: the table of claims names it"):
        verdict(made_up, AS_PUBLISHED)


@pytest.mark.parametrize("name", [name for name in CLAIMS if name not in TESTED])
def test_untested_claims_are_settings_and_give_their_reason(name):
    found = verdict(CLAIMS[name], AS_PUBLISHED)
    assert (found.verdict, found.reason) == (NOT_TESTABLE, CLAIMS[name].untested)
    is_setting = found.reason.startswith("a setting, ") and name.startswith("L-N")
    assert is_setting or name == "L-C20"


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
    assert "L-N02 (digits)" not in EVERY and len(EVERY) == len(CLAIMS) + 18


def of_digits():
    """The same world of the digits, with their thresholds of confusion."""
    tables = {name: of_the_small_sister(table) for name, table in AS_PUBLISHED.tables.items()}
    confused = tables["libraries.confusion"]
    asked = CONFUSED["lenet-digits"]
    places = zip(confused["layer"], confused["threshold"], strict=True)
    moved = [asked[layer][(0.65, 0.75).index(each)] for layer, each in places]
    tables["libraries.confusion"] = confused.assign(threshold=moved)
    counts = {each.replace("lenet", "lenet-digits"): count for each, count in COUNTS.items()}
    return Evidence(0, tables, counts)


def of_the_small_sister(table):
    return table.assign(method=table["method"].str.replace("lenet", "lenet-digits"))


OF_DIGITS = of_digits()


@pytest.mark.parametrize("name", [name for name in EVERY if name not in CLAIMS])
def test_what_a_sister_says_is_reproduced_where_it_holds_of_the_digits_alone(name):
    assert verdict(EVERY[name], OF_DIGITS).verdict == REPRODUCED
    assert verdict(EVERY[name], AS_PUBLISHED).verdict == NOT_TESTABLE
    assert verdict(CLAIMS[EVERY[name].tested_as], OF_DIGITS).verdict == NOT_TESTABLE


# The claims beside the config


def test_a_setting_that_is_not_the_works_leaves_its_claims_without_a_verdict():
    changed = {"models": {"lenet": {"recipe": {"learning_rate": 0.02}}}}
    config = schema.load(workflow.content(changed, scale="published", works=["lee2019"]))
    found = differences(CLAIMS["L-C05"].needs, config.model_dump(mode="json"), WORK.settings)
    assert [str(each) for each in found] == [
        "models.lenet.recipe.learning_rate is 0.02, and 0.01 in the work"
    ]
    given = judged(CLAIMS["L-C05"], AS_PUBLISHED, found).verdict
    assert (given.verdict, given.reason) == (OTHER_SETTINGS, str(found[0]))


def test_confusion_of_digits_is_read_where_libraries_and_the_figure_have_thresholds():
    config = workflow.configured("config/lee2019/laptop.yaml")
    asked = CONFUSED["lenet-digits"]
    for layer, pair in asked.items():
        assert set(pair) <= set(config.analyses["libraries"].thresholds[layer])
    shown = config.figures["lee2019-3-digits"].thresholds
    assert {layer: list(asked[layer]) for layer in shown} == shown
    published = workflow.configured("config/lee2019/published.yaml")
    figure = published.figures["lee2019-3"].thresholds
    assert {layer: list(CONFUSED["lenet"][layer]) for layer in figure} == figure
