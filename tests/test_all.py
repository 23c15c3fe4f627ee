"""`analyses: all` is every kind that applies to a model, with its figures, and nothing twice."""

import copy

import pytest
import workflow

from study import schema
from study.schema import every
from study.schema.analyses import KINDS
from study.schema.works import laid_over

DEFAULT = workflow.content()
CODE = "class Net:\n    pass\n"
OWN = {"build": "own", "class": "Net", "dataset": "digits"}
LAYERS = {"places": {"first": "conv", "last": "fc"}}
OF_LAYERS = {"libraries", "consistency"}
ON_ALL = {"predictions", "averages", "deviations", "unit_activity", "neighbourhoods", "projections"}
ON_ALL |= {"silhouettes", "probes", "adversarial_distances"}
ON_ALL |= {"introspection", "expected_patterns", "example_patterns"}
ON_ALL |= {"misclassification", "map_quality", "ensembles"}
ON_ALL |= {"class_clusters", "misclassified_places", "neuron_maps", "projection_trajectories"}
TEST = "digits/test"


@pytest.fixture
def config(tmp_path):
    """The default config with networks of one's own, of which no analysis is asked."""
    (tmp_path / "nets.py").write_text(CODE)
    own = {**OWN, "file": str(tmp_path / "nets.py")}
    content = copy.deepcopy(DEFAULT)
    content["models"] |= {"mine": {**own, **LAYERS}, "plain": own}
    return content


def loaded(config, all_of, **changes):
    return schema.load(laid_over(config, {"analyses": {"all": {"of": all_of}}, **changes}))


def made_of(config, model):
    return {kind.rule() for kind in KINDS if model in config.asked(kind.rule())}


def test_what_applies_is_made_on_the_sets(config):
    found = loaded(config, {"mine": [TEST], "plain": [TEST]})
    assert made_of(found, "mine") == ON_ALL | OF_LAYERS
    assert made_of(found, "plain") == ON_ALL
    assert found.asked("averages")["mine"] == [TEST]
    assert found.analysis("libraries", "mine", TEST).thresholds == {
        "first": [0.5, 0.6, 0.7, 0.8, 0.9],
        "last": [0.5, 0.6, 0.7, 0.8, 0.9],
    }
    assert found.analysis("consistency", "mine", TEST).sets == {"set1": {"first": 0.7, "last": 0.7}}


def test_ensembles_are_of_as_many_as_a_block_holds(config):
    for together, sizes in ((5, [3, 5]), (4, [3]), (3, [3])):
        of = {"models": {"plain": {"replicates": 5, "together": together}}}
        found = loaded(config, {"plain": [TEST]}, **of)
        assert found.analysis("ensembles", "plain", TEST).sizes == sizes
    few = loaded(config, {"plain": [TEST]}, models={"plain": {"replicates": 2, "together": 5}})
    why = "sizes: found 3; blocks of plain hold 2 replicates that count"
    assert f"no ensembles of plain: {why}" in list(every.left_out(few))


def test_an_introspection_is_fitted_on_the_training_set_and_shown_attacks(config):
    found = loaded(config, {"plain": [TEST]})
    attacks = [f"plain-attacks-digits-test/pgd-{size}" for size in (0.1, 0.3, 0.5)]
    assert found.asked("introspection")["plain"] == ["digits/train", TEST, *attacks]
    assert found.asked("expected_patterns")["plain"] == ["digits/train", TEST]
    assert found.asked("example_patterns")["plain"] == [TEST]
    names = {name for name, _ in every.figures(found)["plain"]}
    assert names >= {
        "plain-introspection-maps",
        "plain-reordered-network",
        "plain-patterns-of-examples",
        "plain-error-violins",
        "plain-risk-coverage-curves",
    }


def test_an_introspection_that_is_fitted_by_name_is_shown_attacks_too(config):
    named = {"kind": "introspection", "hidden": [9], "of": {"plain": ["digits/train"]}}
    found = loaded(laid_over(config, {"analyses": {"narrow": named}}), {"plain": [TEST]})
    for one in found.asked("introspection")["plain"]:
        assert found.analysis("introspection", "plain", one).hidden == [9]


def test_nothing_is_made_of_hidden_layers_where_there_are_none(config):
    found = loaded(config, {"nn-1": ["jumps/test"]}, models={"nn-1": {"checkpoints": [0]}})
    of_hidden = {"introspection", "introspection_trajectories", "misclassification", "map_quality"}
    of_hidden |= {"unit_activity", "projection_trajectories", "class_clusters"}
    of_hidden |= {"neuron_maps"}
    for kind in of_hidden:
        assert f"no {kind} of nn-1: it has no hidden layers" in list(every.left_out(found))
    assert not made_of(found, "nn-1") & {*of_hidden, "expected_patterns", "example_patterns"}


def test_maps_of_more_classes_than_colours_are_tables_alone(config):
    shown = {"mlp-2": ["jumps/test"], "digits-5": [TEST]}
    kept = {name: {"checkpoints": [0]} for name in shown}
    found = loaded(config, shown, models=kept)
    assert "introspection_trajectories" in made_of(found, "mlp-2")
    signals, digits = (dict(every.figures(found)[name]) for name in shown)
    for kind in ("introspection-maps", "trajectory-maps", "reordered-network"):
        assert f"mlp-2-{kind}" not in signals
        assert f"digits-5-{kind}" in digits
    assert signals.keys() >= {"mlp-2-error-violins", "mlp-2-risk-coverage-curves"}


def test_a_model_of_the_project_gets_what_is_its_own(config):
    found = loaded(config, {"nn-1": ["jumps/test"]})
    assert {"parameters", "gradient_ascents", "learned_filters"} <= made_of(found, "nn-1")
    names = [name for name, _ in every.figures(found)["nn-1"]]
    assert {
        "nn-1-error-histograms",
        "nn-1-weight-matrices",
        "nn-1-deviation-profiles",
        "nn-1-training-curves",
    } <= set(names)
    assert not {
        "nn-1-filter-shapes",
        "nn-1-deviation-slopes",
        "nn-1-bottleneck-representations",
    } & set(names)


def test_attacks_are_made_and_answered(config):
    found = loaded(config, {"mine": [TEST]})
    attack = found.datasets["mine-attacks-digits-test"]
    assert (attack.of, attack.model) == (TEST, "mine")
    assert found.analysis("consistency", "mine", TEST).attacks == ["mine-attacks-digits-test"]
    shown = [TEST, *(f"mine-attacks-digits-test/pgd-{size}" for size in (0.1, 0.3, 0.5))]
    assert found.asked("predictions")["mine"] == shown


def test_attacks_that_there_are_do(config):
    attack = {"kind": "attack", "of": TEST, "model": "mine", "sizes": [0.2]}
    found = loaded(config, {"mine": [TEST]}, datasets={"hits": attack})
    assert "mine-attacks-digits-test" not in found.datasets
    assert found.analysis("consistency", "mine", TEST).attacks == ["hits"]
    assert found.asked("predictions")["mine"] == [TEST, "hits/pgd-0.2"]


def test_what_is_asked_for_by_name_stays_as_it_is(config):
    named = {"kind": "projections", "perplexity": 5.0, "of": {"mine": [TEST]}}
    mine = {"kind": "activation-heatmaps", "title": "Mine", "model": "mine", "set": TEST}
    changes = {"analyses": {"maps": named}, "figures": {"mine-activation-heatmaps": mine}}
    config = laid_over(config, changes)
    found = loaded(config, {"mine": [TEST]})
    assert found.asked("projections")["mine"] == [TEST]
    assert found.analysis("projections", "mine", TEST).perplexity == 5.0
    assert found.figures["mine-activation-heatmaps"].title == "Mine"
    assert "mine-activation-heatmaps" in dict(every.figures(found)["mine"])


def test_figures_of_several_sets_are_told_apart(config):
    found = loaded(config, {"mine": [TEST, "digits/train"]})
    names = [name for name, _ in every.figures(found)["mine"]]
    assert {
        "mine-activation-heatmaps-digits-test",
        "mine-activation-heatmaps-digits-train",
        "mine-training-curves",
    } <= set(names)
    assert len(names) == len(set(names))
    assert set(names) <= set(found.figures)


def test_what_is_not_made_is_said_once_with_the_reason(config):
    said = list(every.left_out(loaded(config, {"plain": [TEST, "digits/train"]})))
    assert "no deviation_trajectories of plain: it has no checkpoints" in said
    unnamed = "it is of build own, whose layers the config does not name"
    assert f"no libraries of plain: {unnamed}" in said
    shapes = "is not of a set of kind shapes"
    assert f"no confidences of plain: digits/test {shapes}; digits/train {shapes}" in said
    mapped = "digits/train is what the maps are made of, which are asked of others"
    assert f"no map_quality of plain: {mapped}" in said
    assert len(said) == len(KINDS) - len(ON_ALL) + 1
    assert list(every.left_out(schema.load(DEFAULT))) == []


def test_nothing_is_fitted_without_training_examples(config):
    given = {"weights": {"file": {"name": "a.pt", "sha256": "0" * 64}}, "dataset": "shown"}
    files = {"test": {key: {"name": "a", "sha256": "0" * 64} for key in ("images", "labels")}}
    shown = {"kind": "idx", "folder": "a", "size": 8, "validation": 0, "files": files}
    found = loaded(
        config, {"mine": ["shown/test"]}, datasets={"shown": shown}, models={"mine": given}
    )
    said = list(every.left_out(found))
    assert "no probes of mine: shown, the set of mine, has no train set to fit on" in said


@pytest.mark.parametrize(
    ("of", "said"),
    [
        ({"mie": [TEST]}, "analyses.all.of.mie: found 'mie'; did you mean 'mine'?"),
        ({"mine": ["digit/test"]}, "analyses.all.of.mine: found 'digit'; did you mean 'digits'?"),
        ({"mine": ["jumps/test"]}, "analyses.all.of.mine: jumps/test has 100 inputs and 60 class"),
        ([], "analyses.all.of: found []; must be a section of keys"),
    ],
)
def test_a_wrong_one_is_refused_once(config, of, said):
    with pytest.raises(schema.ConfigError) as refused:
        loaded(config, of)
    assert said in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1
