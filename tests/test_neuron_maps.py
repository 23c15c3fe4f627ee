"""Maps of neurons and which class each tells, against loops, NumPy, SciPy and scikit-learn."""

from itertools import permutations

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.distance import cdist
from scipy.stats import permutation_test
from sklearn.manifold import smacof
from sklearn.metrics import roc_auc_score

from glassbox.analyses import neuron_maps as module
from glassbox.analyses.autocorrelation import Nearness, nearest_by
from glassbox.analyses.covariance import correlations
from glassbox.analyses.discrimination import aurocs, power, tree_scores
from glassbox.analyses.neuron_maps import (
    Settings,
    dissimilarities,
    metric_map,
    neuron_maps,
    scores_of,
    states_of,
)
from glassbox.analyses.neuron_tables import AREA, MAP, PAIRS, TREES, WITHIN
from glassbox.analyses.scores import ALL_CLASSES, auroc_of
from glassbox.errors import GlassboxError
from glassbox.seeds import stream_seed
from glassbox.tables import Examples

CPU = torch.device("cpu")
SETTINGS = Settings(trees=20, neighbours=4, permutations=99)
CLASSES = 4


def seeds(what):
    return stream_seed(0, what) % 2**32


def layer(values, labels):
    ids = np.arange(len(labels)) + 100
    return Examples(ids, labels, values.astype(np.float32), {"classes": CLASSES})


def made(values, labels, settings=SETTINGS):
    return neuron_maps(layer(values, labels), settings, seeds, CPU)


@pytest.fixture(scope="module")
def activity():
    """Values (400, 30) of neurons that each like some classes, and the labels."""
    rng = np.random.default_rng(0)
    labels = rng.integers(CLASSES, size=400)
    liked = rng.normal(size=(CLASSES, 30))
    return np.maximum(liked[labels] + rng.normal(size=(400, 30)), 0), labels


# Correlations


def test_correlations_are_numpys(activity):
    values, _ = activity
    found = correlations(values.astype(np.float32), None, CPU, rows=64)
    np.testing.assert_allclose(found, np.corrcoef(values.T), atol=2e-6)
    np.testing.assert_array_equal(found, found.T)
    assert (found.diagonal() == 1).all()


def test_correlations_lose_nothing_to_large_means_and_scales():
    rng = np.random.default_rng(1)
    values = rng.normal(size=(500, 5)) * [1e-6, 1, 1e3, 1, 1] + [0, 1e3, 0, -1e3, 0]
    values = values.astype(np.float32)
    expected = np.corrcoef(values.T.astype(np.float64))
    np.testing.assert_allclose(correlations(values, None, CPU), expected, atol=2e-6)


def test_correlations_less_class_means_are_those_of_residuals(activity):
    values, labels = activity
    frame = pd.DataFrame(values)
    residuals = (frame - frame.groupby(labels).transform("mean")).to_numpy()
    found = correlations(values.astype(np.float32), labels, CPU, rows=100)
    np.testing.assert_allclose(found, np.corrcoef(residuals.T), atol=2e-6)


def test_what_is_constant_has_no_correlation(activity):
    values, labels = activity
    values = values[:, :4].astype(np.float32)
    values[:, 1] = 0.1
    values[:, 2] = np.array([0.1, 0.7, 0.3, 0.9])[labels]  # so within each class
    isnan = np.isnan(correlations(values, None, CPU))
    np.testing.assert_array_equal(isnan, np.logical_or.outer(*[np.arange(4) == 1] * 2))
    within = np.isnan(correlations(values, labels, CPU)).diagonal()
    assert within.tolist() == [False, True, True, False]


def test_dissimilarities_do_not_see_signs(activity):
    values, _ = activity
    turned = values.astype(np.float32)
    turned[:, 3] *= -1
    apart = dissimilarities(turned, None, CPU)
    np.testing.assert_allclose(apart, 1 - np.abs(np.corrcoef(values.T)), atol=2e-6)
    assert (apart.diagonal() == 0).all()


# Discrimination


def test_aurocs_are_those_of_single_ones(activity):
    values, labels = activity  # rectified, so with many ties
    found = aurocs(values, labels, np.arange(CLASSES))
    for label in range(CLASSES):
        own = labels == label
        for unit in range(values.shape[1]):
            one = auroc_of(values[~own, unit], values[own, unit])
            assert found[label, unit] == pytest.approx(one, abs=1e-12)
            assert one == pytest.approx(roc_auc_score(own, values[:, unit]), abs=1e-12)


def test_neurons_are_ranked_in_parts(activity, monkeypatch):
    values, labels = activity
    whole = aurocs(values, labels, np.arange(CLASSES))
    monkeypatch.setattr("glassbox.analyses.discrimination.COLUMNS", 7)
    np.testing.assert_array_equal(aurocs(values, labels, np.arange(CLASSES)), whole)


def test_a_class_that_is_not_there_has_no_auroc(activity):
    values, labels = activity
    found = aurocs(values, labels, np.arange(CLASSES + 1))
    assert np.isnan(found[CLASSES]).all()
    assert not np.isnan(found[:CLASSES]).any()


@given(st.floats(0, 1))
def test_power_is_the_same_for_high_and_for_low(area):
    assert power(np.float64(area)) == pytest.approx(power(np.float64(1 - area)))
    assert 0 <= power(np.float64(area)) <= 1


def test_trees_find_the_neuron_that_tells_a_class(activity):
    values, labels = activity
    values = values.copy()
    values[:, 7] = (labels == 2) + 0.01 * values[:, 7]
    values[:, 8] = (labels != 3) + 0.01 * values[:, 8]  # low for its class
    found = tree_scores(values, labels, 30, 0)
    assert found.shape == (CLASSES, values.shape[1])
    assert found[2].argmax() == 7
    assert found[3].argmax() == 8
    np.testing.assert_allclose(found.sum(axis=1), 1)
    np.testing.assert_array_equal(found, tree_scores(values, labels, 30, 0))
    assert (found != tree_scores(values, labels, 30, 1)).any()


# Moran's I and purity


def near_of(count=9, neighbours=3, seed=0):
    return nearest_by(cdist(*[np.random.default_rng(seed).normal(size=(count, 2))] * 2), neighbours)


def moran_by_loop(values, indices):
    """The textbook's: n / S0, times sum over pairs, over sum of squares."""
    weights = np.zeros((len(values), len(values)))
    for one, others in enumerate(indices):
        weights[one, others] = 1
    apart, total = values - np.mean(values), 0.0
    for i in range(len(values)):
        for j in range(len(values)):
            total += weights[i, j] * apart[i] * apart[j]
    return len(values) / weights.sum() * total / (apart**2).sum()


def purity_by_loop(labels, indices):
    return np.mean([np.mean([labels[each] == own for each in others])
                    for own, others in zip(labels, indices, strict=True)])  # fmt: skip


def test_nearest_are_those_of_all_dissimilarities():
    apart = cdist(*[np.random.default_rng(0).normal(size=(20, 3))] * 2)
    found = np.sort(nearest_by(apart, 4), axis=1)
    np.testing.assert_array_equal(found, np.sort(apart.argsort(axis=1)[:, 1:5], axis=1))
    assert (apart.diagonal() == 0).all()  # what is given stays as it is


def test_morans_i_is_that_of_a_loop():
    rng, indices = np.random.default_rng(2), near_of(25, 5)
    for values in rng.normal(size=(5, 25)):
        found = Nearness.of(indices, 10, rng).morans_i(values)
        assert found.value == pytest.approx(moran_by_loop(values, indices))


def test_purity_is_that_of_a_loop():
    rng, indices = np.random.default_rng(3), near_of(25, 5)
    for labels in rng.integers(3, size=(5, 25)):
        found = Nearness.of(indices, 10, rng).purity(labels)
        assert found.value == pytest.approx(purity_by_loop(labels, indices))


def test_over_all_permutations_chance_is_exact():
    indices = near_of(6, 2)
    every = Nearness(indices, np.array(list(permutations(range(6)))))
    rng = np.random.default_rng(4)
    values, labels = rng.normal(size=6), np.array([0, 0, 0, 1, 1, 2])
    for found, loop, dealt_out in (
        (every.morans_i(values), moran_by_loop, values),
        (every.purity(labels), purity_by_loop, labels),
    ):
        dealt = np.array([loop(dealt_out[order], indices) for order in every.orders])
        assert found.expected == pytest.approx(dealt.mean())
        assert found.deviation == pytest.approx(dealt.std())


def test_p_is_scipys():
    indices, rng = near_of(40, 4), np.random.default_rng(5)
    values = rng.normal(size=40)
    values[indices[0]] += 1.5  # some neighbours are alike
    ours = Nearness.of(indices, 4999, rng).morans_i(values)
    theirs = permutation_test(
        (values,),
        lambda each: moran_by_loop(each, indices),
        permutation_type="pairings",
        alternative="greater",
        n_resamples=1999,
        rng=6,
    )
    assert ours.value == pytest.approx(theirs.statistic)
    assert ours.p == pytest.approx(theirs.pvalue, abs=0.03)
    assert ours.deviation == pytest.approx(theirs.null_distribution.std(), rel=0.1)


def test_what_is_alike_everywhere_has_no_morans_i():
    found = Nearness.of(near_of(), 9, np.random.default_rng(0)).morans_i(np.ones(9))
    assert np.isnan([found.value, found.p]).all()


# The map


def test_the_map_is_the_plane_that_dissimilarities_are_of():
    places = np.random.default_rng(6).normal(size=(15, 2))
    apart = cdist(places, places)
    found, stress = metric_map(apart, 0)
    assert stress < 0.02
    np.testing.assert_allclose(cdist(found, found), apart, atol=0.15)
    np.testing.assert_array_equal(found, metric_map(apart, 0)[0])


def test_the_stress_is_kruskals_and_no_higher_than_scikit_learns():
    apart = cdist(*[np.random.default_rng(7).random((20, 5))] * 2)
    found, stress = metric_map(apart, 0)
    shown = cdist(found, found)
    assert stress == pytest.approx(np.sqrt(((shown - apart) ** 2).sum() / (shown**2).sum()))
    _, theirs = smacof(apart, n_init=1, random_state=0, normalized_stress=True)
    assert stress <= 1.01 * theirs


# All of it


def test_constant_and_dead_neurons_are_named_and_left_out(activity):
    values, labels = activity
    values = values.copy()
    values[:, 3], values[:, 5] = 0, 2.5
    assert states_of(values)[[2, 3, 5]].tolist() == ["varying", "dead", "constant"]
    tables = made(values, labels)
    table = tables["table"].set_index("unit")
    assert table.loc[[2, 3, 5], "state"].tolist() == ["varying", "dead", "constant"]
    absent = table.loc[[3, 5]]
    assert absent[["x", "y", "score_trees", "score_auroc"]].isna().all(axis=None)
    assert (absent[["class_trees", "class_auroc"]] == ALL_CLASSES).all(axis=None)
    assert table.drop([3, 5]).notna().all(axis=None)
    assert not {3, 5} & set(tables["scores"]["unit"])
    assert (tables["measures"]["neurons"] == 28).all()


def test_tables_say_of_each_neuron_what_its_scores_say(activity):
    values, labels = activity
    tables = made(values, labels)
    scores = tables["scores"].set_index(["unit", "label"])
    whole = aurocs(values.astype(np.float32), labels, np.arange(CLASSES))
    np.testing.assert_allclose(scores["auroc"].unstack().to_numpy().T, whole)
    table = tables["table"].set_index("unit")
    for name, by_class in (("trees", scores["trees"]), ("auroc", power(scores["auroc"]))):
        told = by_class.unstack()
        pd.testing.assert_series_equal(table[f"score_{name}"], told.max(axis=1), check_names=False)
        assert table[f"class_{name}"].tolist() == told.idxmax(axis=1).tolist()


def test_the_measures_are_those_of_the_spaces(activity):
    values, labels = activity
    tables = made(values, labels)
    measures = tables["measures"].set_index(["space", "score", "measure", "label"])["value"]
    assert len(measures) == 3 * 2 * (CLASSES + 1) + 1
    table = tables["table"]
    frame = pd.DataFrame(values)
    residuals = frame - frame.groupby(labels).transform("mean")
    places = table[["x", "y"]].to_numpy()
    spaces = {
        MAP: cdist(places, places),
        PAIRS: 1 - frame.corr().abs().to_numpy(),
        WITHIN: 1 - residuals.corr().abs().to_numpy(),
    }
    scores = tables["scores"].set_index(["unit", "label"])
    for space, apart in spaces.items():
        indices = apart.argsort(axis=1)[:, 1:5]
        for label in range(CLASSES):
            own = scores["trees"].xs(label, level="label").to_numpy()
            found = measures[space, TREES, "moran", label]
            assert found == pytest.approx(moran_by_loop(own, indices))
            areas = power(scores["auroc"].xs(label, level="label").to_numpy())
            found = measures[space, AREA, "moran", label]
            assert found == pytest.approx(moran_by_loop(areas, indices))
        found = measures[space, TREES, "purity", ALL_CLASSES]
        assert found == pytest.approx(purity_by_loop(table["class_trees"].to_numpy(), indices))


def clouds(together):
    """Neurons that tell one class each, with noise of their own or of their class's neurons."""
    rng = np.random.default_rng(8)
    labels = np.arange(600) % CLASSES
    tells = np.arange(40) % CLASSES
    noise = rng.normal(size=(600, CLASSES))[:, tells] if together else 0
    values = 2.0 * (labels[:, None] == tells) + noise + rng.normal(size=(600, 40))
    return values, labels


@pytest.mark.parametrize("together", [False, True])
def test_without_class_means_only_what_goes_together_groups(together):
    tested = made(*clouds(together))["measures"].query("measure == 'purity' and score == 'auroc'")
    tested = tested.set_index("space")
    assert tested.loc[PAIRS, "value"] > 0.9  # as a matter of course
    assert tested.loc[PAIRS, "p"] == 1 / 100
    if together:
        assert tested.loc[WITHIN, "value"] > 0.9
    else:
        low, high = (
            tested.loc[WITHIN, "expected"] + np.array([-3, 3]) * tested.loc[WITHIN, "deviation"]
        )
        assert low < tested.loc[WITHIN, "value"] < high


def test_neurons_are_chosen_on_one_half_and_shown_on_the_other(activity):
    values, labels = activity
    tables, first = made(values, labels), module.is_told(labels)
    chosen, rng = tables["chosen"].set_index("label"), np.random.default_rng(9)
    scores = tables["scores"].set_index(["unit", "label"])
    for label, row in chosen.iterrows():
        by_unit = scores["auroc_0"].xs(label, level="label")
        assert row["unit"] == by_unit.idxmax()
        others = scores.loc[row["unit"], "auroc_0"].drop(label)
        assert row["runner_up"] == others.idxmax()
        assert row["runner_up_auroc"] == scores.loc[(row["unit"], row["runner_up"]), "auroc_1"]
        unit, rest = values[~first, int(row["unit"])], labels[~first]
        assert row["auroc_1"] == pytest.approx(roc_auc_score(rest == label, unit))
        pair = np.isin(rest, [label, row["runner_up"]])
        found = roc_auc_score(rest[pair] == label, unit[pair])
        assert row["against_runner_up"] == pytest.approx(found)
    # What the other half holds has no part in the choice.
    changed = values.copy()
    changed[~first] = rng.permuted(values[~first], axis=1)
    again = made(changed, labels)["chosen"].set_index("label")
    pd.testing.assert_frame_equal(
        again[["unit", "auroc_0", "runner_up"]], chosen[["unit", "auroc_0", "runner_up"]]
    )
    assert (again["auroc_1"] != chosen["auroc_1"]).any()


def test_activations_of_the_chosen_are_those_of_the_other_half(activity):
    values, labels = activity
    tables, first = made(values, labels), module.is_told(labels)
    shown = tables["responses"]
    assert len(shown) == CLASSES * (~first).sum()
    for label, unit in tables["chosen"][["label", "unit"]].itertuples(index=False):
        own = shown[shown["chosen_for"] == label]
        assert (own["unit"] == unit).all()
        np.testing.assert_array_equal(own["example_id"], np.flatnonzero(~first) + 100)
        np.testing.assert_array_equal(own["label"], labels[~first])
        np.testing.assert_array_equal(own["value"], values[~first, unit].astype(np.float32))


def test_halves_have_as_many_of_each_class(activity):
    _, labels = activity
    found = scores_of(np.random.default_rng(0).normal(size=(400, 2)), labels, 1, 0)
    assert np.isfinite(found.auroc_0 + found.auroc_1).all()
    halves = [
        np.bincount(labels[half]) for half in (module.is_told(labels), ~module.is_told(labels))
    ]
    assert np.abs(halves[0] - halves[1]).max() <= 1


def test_the_same_seeds_give_the_same_tables(activity):
    for one, other in zip(made(*activity).values(), made(*activity).values(), strict=True):
        pd.testing.assert_frame_equal(one, other, check_exact=True)


@pytest.mark.parametrize("varying", [0, 1, 2, 4])
def test_of_few_neurons_there_are_tables_without_measures(activity, varying):
    values, labels = np.zeros((400, 6)), activity[1]
    values[:, :varying] = activity[0][:, :varying]
    tables = made(values, labels)
    assert len(tables["table"]) == 6
    assert (tables["table"]["state"] == "dead").sum() == 6 - varying
    assert tables["measures"].query("measure != 'stress'")["value"].isna().all()
    assert len(tables["chosen"]) == (CLASSES if varying else 0)


def test_a_single_class_is_refused():
    with pytest.raises(GlassboxError, match="of a single class"):
        made(np.random.default_rng(0).normal(size=(20, 3)), np.zeros(20, np.int64))


def test_too_many_neurons_are_refused(activity, monkeypatch):
    monkeypatch.setattr(module, "MOST", 29)
    with pytest.raises(GlassboxError, match=r"(?s)a map of 30 neurons .* at most 29.*layers"):
        made(*activity)
