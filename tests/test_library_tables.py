"""Tables of libraries and of detection by their consistency, from arrays, against plain loops."""

import weakref

import numpy as np
import pandas as pd
import pytest
import torch
from sklearn.linear_model import LogisticRegression

from glassbox.analyses import library_network
from glassbox.analyses.baselines import Mahalanobis, MaximumSoftmax, NearestPatterns
from glassbox.analyses.confusion import confusion_index, confusion_table
from glassbox.analyses.consistency import consistency, softmax_consistency
from glassbox.analyses.detection import Subject, one_after_another
from glassbox.analyses.libraries import build_libraries
from glassbox.analyses.library_detection import FittedLayer, library_detection
from glassbox.analyses.library_measures import shown_again
from glassbox.analyses.library_network import Answered, LibraryNetwork
from glassbox.analyses.library_tables import library_tables
from glassbox.analyses.library_variants import variant_rows
from glassbox.analyses.links import hebbian_links, predictions
from glassbox.analyses.nearest import most_active
from glassbox.analyses.probes import Probe
from glassbox.analyses.scores import auroc_of

CPU = torch.device("cpu")
CLASSES = 5
THRESHOLDS = [0.5, 0.8]


def layer(seed, counts=(90, 40)):
    """Training and test patterns in clusters by answer, which overlap."""
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(CLASSES, 8))
    found = []
    for count in counts:
        answers = np.random.default_rng(count).integers(CLASSES, size=count)
        patterns = centres[answers] + rng.normal(size=(count, 8))
        found.append(Answered(patterns.astype(np.float32), answers))
    return found


@pytest.fixture(scope="module")
def case():
    training, test = layer(0)
    labels = np.where(np.arange(40) % 5, test.answers, (test.answers + 1) % CLASSES)
    return training, test, labels


def tables_of(training, test, labels, seed=5, nodes=3):
    settings = {"thresholds": THRESHOLDS, "nodes": nodes, "orders": 2, "shares": [0.5]}
    rng = np.random.default_rng(seed)
    return library_tables(training, test, labels, CLASSES, **settings, rng=rng, device=CPU)


@pytest.fixture(scope="module")
def tables(case):
    return tables_of(*case)


@pytest.fixture(scope="module")
def measured(tables):
    """The values of a variant's measure, one per threshold."""

    def values(variant, measure):
        table = tables["table"]
        return table[(table["variant"] == variant) & (table["measure"] == measure)][
            "value"
        ].tolist()

    return values


@pytest.fixture(scope="module")
def built(case):
    return build_libraries(case[0].patterns, THRESHOLDS, CPU)


def cosines(ones, others):
    unit = [each / np.linalg.norm(each, axis=1, keepdims=True) for each in (ones, others)]
    return unit[0].astype(np.float64) @ unit[1].astype(np.float64).T


def voted(patterns, stored, answers, count):
    """Votes of the nearest stored patterns with their cosines, one pattern at a time."""
    total = np.zeros((len(patterns), CLASSES))
    for place, row in enumerate(cosines(patterns, stored)):
        for near in np.argsort(-row)[:count]:
            total[place, answers[near]] += row[near]
    return total


def best(values, answers, count):
    """The share of answers among the best of predictions (n, classes)."""
    order = np.argsort(-values, axis=1, kind="stable")[:, :count]
    return np.mean([answer in mine for answer, mine in zip(answers, order, strict=True)])


def test_libraries_have_sizes_purity_and_activations_of_what_they_stored(case, measured, built):
    patterns = case[0].patterns
    assert measured("library", "size") == built.sizes.tolist()
    assert all(1 / CLASSES < each <= 1 for each in measured("library", "purity"))
    for place in range(len(THRESHOLDS)):
        stored = patterns[built.library(place)]
        between = cosines(stored, stored) - 2 * np.eye(len(stored))
        assert measured("library", "own activation")[place] == pytest.approx(1, abs=1e-6)
        found = measured("library", "other activation")[place]
        assert found == pytest.approx(between.max(), abs=1e-6) and found < THRESHOLDS[place] + 1e-6


def test_a_pattern_that_is_stored_twice_activates_another_node_fully():
    one = np.array([[1, 0], [0, 1], [2, 0]], np.float32)
    assert shown_again(one, CPU) == (pytest.approx(1), pytest.approx(1))


@pytest.mark.parametrize("top", [1, 3])
def test_agreement_by_nodes_and_kernels_is_that_of_the_predictions(case, measured, built, top):
    training, test, _ = case
    widths = {"nodes=8": (8, 0.01), "kernel=0.1": (3, 0.1), "library": (3, 0.01)}
    for variant, (nodes, width) in widths.items():
        links = hebbian_links(
            training.patterns, built.rows, training.answers, CLASSES, CPU, (width,)
        )[0]
        active = most_active(test.patterns, training.patterns, built.rows, built.member, nodes, CPU)
        wanted = [best(each, test.answers, top) for each in predictions(active, links, nodes)]
        assert measured(variant, f"top{top}") == wanted
    assert measured("library", f"top{top}") == measured("nodes=3", f"top{top}")


@pytest.mark.parametrize("count", [1, 3])
def test_neighbours_vote_with_their_cosines(case, measured, count):
    training, test, _ = case
    values = voted(test.patterns, training.patterns, training.answers, count)
    for top in (1, 3):
        wanted = best(values, test.answers, top)
        assert measured(f"neighbours={count}", f"top{top}") == [wanted]


def test_prototypes_are_as_many_as_nodes_and_the_first_draw(case, measured, built):
    training, test, _ = case
    drawn = np.random.default_rng(5).permutation(90)
    for place, size in enumerate(built.sizes):
        some = np.sort(drawn[:size])
        values = voted(test.patterns, training.patterns[some], training.answers[some], 3)
        found = measured("prototypes", "top1")[place]
        assert found == best(values, test.answers, 1)


def test_the_probe_is_measured_as_a_classifier(case, tables, measured):
    training, test, labels = case
    probe = Probe.of_table(tables["probe"], CPU)
    logits = probe.logits(test.patterns)
    assert measured("probe", "accuracy")[0] == (logits.argmax(1) == labels).mean()
    assert measured("probe", "top1")[0] == (logits.argmax(1) == test.answers).mean()
    oracle = LogisticRegression(C=100, max_iter=1000).fit(training.patterns, training.answers)
    assert (oracle.predict(test.patterns) == logits.argmax(1)).mean() > 0.9


def test_patterns_and_the_network_are_described(case, measured):
    training, test, labels = case
    assert measured("network", "accuracy")[0] == (test.answers == labels).mean()
    assert measured("network", "majority")[0] == np.bincount(test.answers).max() / 40
    counts = {"train": 90, "test": 40, "classes": CLASSES, "units": 8}
    for name, count in counts.items():
        assert measured("patterns", name)[0] == count
    pairs = np.triu_indices(90, 1)
    for name, centre in [("cosine", 0), ("centred cosine", training.patterns.mean(0))]:
        wanted = cosines(training.patterns - centre, training.patterns - centre)[pairs].mean()
        assert measured("patterns", name)[0] == pytest.approx(wanted, abs=1e-6)


def test_variants_are_libraries_of_the_changed_patterns(case, measured):
    training, test, _ = case
    rng = np.random.default_rng(5)
    rng.permutation(90)  # the prototypes'
    changed = {
        f"order={number}": Answered(training.patterns[order], training.answers[order])
        for number, order in ((n, rng.permutation(90)) for n in (1, 2))
    }
    units = np.sort(rng.permutation(8)[:4])
    changed["rectified"] = Answered(np.maximum(training.patterns, 0), training.answers)
    changed["share=0.5"] = Answered(training.patterns[:, units].copy(), training.answers)
    shown = {"rectified": np.maximum(test.patterns, 0), "share=0.5": test.patterns[:, units].copy()}
    for name, variant in changed.items():
        network = LibraryNetwork.fit(variant, CLASSES, THRESHOLDS, CPU)
        assert measured(name, "size") == network.libraries.sizes.tolist()
        asked = shown.get(name, test.patterns)
        found = network.predictions(network.most_active(asked, variant.patterns, 3, CPU), 3)
        assert measured(name, "top1") == [best(each, test.answers, 1) for each in found]


def test_patterns_without_negative_values_are_not_rectified(case):
    training, test = (Answered(np.abs(each.patterns), each.answers) for each in case[:2])
    names = []

    def measure(name, training, test):
        names.append(name)
        return iter([(name, 0.5, "size", len(training.patterns))])

    rows = list(variant_rows(training, test, [0.2, 0.01], np.random.default_rng(0), measure))
    assert names == ["share=0.2", "share=0.01"] and len(rows) == 2


def test_one_copy_of_variants_at_a_time_is_in_memory(case):
    copies = []

    def measure(name, training, test):
        assert not any(each() is not None for each in copies), name
        copies.extend(
            weakref.ref(each.patterns) for each in (training, test) if each is not case[1]
        )
        return iter([])

    list(variant_rows(*case[:2], [0.5, 0.2], np.random.default_rng(0), measure))
    assert len(copies) == 2 + 4


def test_more_nodes_than_are_compared_may_predict(case):
    table = tables_of(*case, nodes=30)["table"]
    assert {"library", "nodes=20", "neighbours=30"} <= set(table["variant"])


def test_confusion_has_a_row_per_threshold_and_pair_of_classes(case, tables):
    training, test, labels = case
    network = LibraryNetwork.fit(training, CLASSES, THRESHOLDS, CPU)
    found = network.predictions(network.most_active(test.patterns, training.patterns, 3, CPU), 3)
    table = tables["confusion"]
    pd.testing.assert_frame_equal(table, confusion_table(np.array(THRESHOLDS), found, labels))
    assert len(table) == len(THRESHOLDS) * CLASSES**2
    row = table[(table["threshold"] == 0.8) & (table["shown"] == 2) & (table["other"] == 1)]
    assert row["value"].item() == confusion_index(found[1], labels)[2, 1]


def test_library_networks_are_read_again_for_any_of_their_thresholds(case, tables):
    network = LibraryNetwork.fit(case[0], CLASSES, THRESHOLDS, CPU)
    again = LibraryNetwork.of_table(tables["nodes"], [0.8])
    assert again.libraries.library(0).tolist() == network.libraries.library(1).tolist()
    np.testing.assert_array_equal(again.links, network.links)
    assert LibraryNetwork.of_table(tables["nodes"], []).libraries.member.shape[0] == 0


def test_links_are_made_once_for_all_orders(case, monkeypatch):
    training, made = case[0], []

    def linked(patterns, rows, *others):
        made.append(rows)
        return hebbian_links(patterns, rows, *others)

    monkeypatch.setattr(library_network, "hebbian_links", linked)
    orders = [np.random.default_rng(seed).permutation(90) for seed in (1, 2)]
    found = LibraryNetwork.by_order(training, CLASSES, THRESHOLDS, CPU, orders, (0.01, 0.1))
    for order, networks in zip([np.arange(90), *orders], found, strict=True):
        patterns = training.patterns[order]
        built = build_libraries(patterns, THRESHOLDS, CPU)
        for width, network in networks.items():
            rows, libraries = order[built.rows], network.libraries
            assert np.all(np.diff(libraries.rows) > 0)
            for place in range(len(THRESHOLDS)):
                wanted = np.sort(order[built.library(place)])
                assert libraries.library(place).tolist() == wanted.tolist()
            given = patterns, built.rows, training.answers[order], CLASSES, CPU, (width,)
            wanted = hebbian_links(*given)[0][np.argsort(rows)]
            np.testing.assert_allclose(network.links, wanted, rtol=1e-4, atol=1e-6)
    (rows,) = made
    assert rows.tolist() == sorted({row for each in found for row in each[0.1].libraries.rows})


# Detection

SETS = {"set1": {"one": 0.5, "two": 0.8}, "set2": {"two": 0.5, "one": 0.5}}
NORMAL, ATTACK, PHOTOS = one_after_another([20, 20, 15])
SUBJECTS = [
    Subject("normal", "none", 0.0, NORMAL, paired=True),
    Subject("pgd", "pixels", 0.3, ATTACK, paired=True),
    Subject("outlier", "photos/test", 0.0, PHOTOS, paired=False),
]


@pytest.fixture(scope="module")
def network():
    """Training and shown patterns of three layers, what was fitted to them, answers and logits."""
    layers = {
        name: layer(seed, counts=(90, 55)) for seed, name in enumerate(("one", "two", "three"))
    }
    training = {name: each[0].patterns for name, each in layers.items()}
    shown = {name: each[1].patterns for name, each in layers.items()}
    fitted = {}
    for name, (known, _) in layers.items():
        whole = LibraryNetwork.fit(known, CLASSES, THRESHOLDS, CPU).table()
        taken = [] if name == "three" else THRESHOLDS
        probe = Probe.fit(known.patterns, known.answers, CPU, CLASSES)
        fitted[name] = FittedLayer(LibraryNetwork.of_table(whole, taken), probe)
    logits = np.random.default_rng(3).normal(size=(55, CLASSES)).astype(np.float32)
    return training, shown, layers["one"][0].answers, logits, fitted


@pytest.fixture(scope="module")
def detected(network):
    return detect(network, mahalanobis="two")


def detect(network, mahalanobis):
    *told, fitted = network
    rng = np.random.default_rng(7)
    settings = {"sets": SETS, "nodes": 3, "mahalanobis": mahalanobis, "rng": rng, "device": CPU}
    return library_detection(*told, SUBJECTS, fitted, **settings)


def scores_by_hand(network):
    training, shown, answers, logits, fitted = network
    yield "maximum softmax", "", "", MaximumSoftmax().oddness(logits)
    for name in fitted:
        near = NearestPatterns.fit(training[name], answers, CPU, 3)
        yield "neighbours", "", name, near.oddness(shown[name])
        if name == "two":
            classes = Mahalanobis.fit(training[name], answers, CPU)
            yield "Mahalanobis", "", name, classes.oddness(shown[name])
    probed = [fitted[name].probe.logits(shown[name]) for name in fitted]
    yield "probe consistency", "", "", -softmax_consistency(probed)
    for name, chosen in SETS.items():
        printed, code = (predicted(network, chosen, nodes) for nodes in (3, 20))
        yield "CPL, printed", name, "", -consistency(printed)
        yield "CPL, code", name, "", -softmax_consistency(code)


def predicted(network, chosen, nodes):
    training, shown, _, _, fitted = network
    for name, threshold in chosen.items():
        one, stored = fitted[name].network, training[name]
        active = one.most_active(shown[name], stored, nodes, CPU)
        yield one.predictions(active, nodes)[THRESHOLDS.index(threshold)]


def test_detection_is_by_all_detectors_in_this_order(network, detected):
    table, _ = detected
    wanted = list(scores_by_hand(network))
    rows = iter(table.itertuples())
    for detector, chosen, name, values in wanted:
        for subject in SUBJECTS[1:]:
            row = next(rows)
            assert (row.detector, row.thresholds, row.layer) == (detector, chosen, name)
            assert (row.space, row.kind, row.size) == tuple(subject.columns().values())
            area = auroc_of(values[NORMAL], values[subject.places])
            assert row.auroc == pytest.approx(area)
            assert row.low <= row.auroc <= row.high
    assert next(rows, None) is None


def test_each_image_has_its_consistency_by_set(network, detected):
    _, scores = detected
    by_hand = [each for each in scores_by_hand(network) if each[0].startswith("CPL")]
    for detector, chosen, _, values in by_hand:
        mine = scores[(scores["detector"] == detector) & (scores["thresholds"] == chosen)]
        for subject in SUBJECTS:
            rows = mine[mine["kind"] == subject.kind].sort_values("image")
            np.testing.assert_allclose(rows["consistency"], -values[subject.places], atol=1e-6)
    assert set(scores["detector"]) == {"CPL, printed", "CPL, code"}


def test_the_null_is_of_layers_that_are_shown_different_normal_images(network, detected):
    _, scores = detected
    rng = np.random.default_rng(7)
    for name, chosen in SETS.items():
        orders = [rng.permutation(20) for _ in chosen]
        mixed = [
            each[order] for each, order in zip(predicted(network, chosen, 3), orders, strict=True)
        ]
        rows = scores[(scores["kind"] == "null") & (scores["thresholds"] == name)]
        found = rows[rows["detector"] == "CPL, printed"]["consistency"]
        np.testing.assert_allclose(found, consistency(mixed), atol=1e-6)


def test_the_mahalanobis_distance_is_of_the_layer_that_is_named_or_of_none(network, detected):
    table, _ = detected
    assert table[table["detector"] == "Mahalanobis"]["layer"].unique().tolist() == ["two"]
    without, _ = detect(network, mahalanobis=None)
    assert "Mahalanobis" not in set(without["detector"])


class ReadAnew:
    """Layers that are copied when they are asked for; `alive` holds what of them is in memory."""

    def __init__(self, patterns, alive):
        self.patterns, self.alive = patterns, alive

    def __getitem__(self, name):
        assert {other for other, _ in self.alive} <= {name}
        found = self.patterns[name].copy()
        self.alive[name, id(self)] = found
        return found


def test_one_layer_at_a_time_is_in_memory(network, detected):
    training, shown, *rest = network
    alive = weakref.WeakValueDictionary()
    read = detect((ReadAnew(training, alive), ReadAnew(shown, alive), *rest), "two")
    for one, other in zip(read, detected, strict=True):
        pd.testing.assert_frame_equal(one, other)
    assert not alive
