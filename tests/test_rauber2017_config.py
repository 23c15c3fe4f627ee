"""The configs of rauber2017 beside what the slides print and what its claims ask."""

import pytest
import workflow

from glassbox.claims.settings import differences
from glassbox.claims.works import read_work
from study import schema

WORK = read_work(workflow.ROOT / "scripts/glassbox/claims/rauber2017/claims.yaml")
FULL = ("svhn", "gpu")  # what is laid over the published scale
PRINTED = [1000, 1000, 1000, 1000]


def configured(scale, *over):
    presets = [workflow.preset(f"rauber2017/{name}.yaml") for name in over]
    return schema.load(workflow.content(*presets, scale=scale, works=["rauber2017"]))


@pytest.fixture(scope="module")
def full():
    return configured("published", *FULL)


def test_the_settings_of_the_slides_are_those_of_the_published_config(full):
    ours = full.model_dump(mode="json")
    for section, entries in WORK.settings.items():
        for name in entries:
            assert name in ours[section], f"{section}.{name} is in no config"
            assert not differences([name], ours, WORK.settings)


def test_a_sister_has_models_and_sets_that_are_configured(full):
    laptop = configured("laptop")
    for name, sister in WORK.sisters.items():
        config = laptop if "laptop" in sister.get("config", "") else full
        known = {*config.models, *config.datasets}
        renamed = sister["renamed"]
        assert set(renamed) <= {*full.models, *full.datasets}, name
        assert set(renamed.values()) <= known, name
        for model in set(renamed) & set(full.models):
            trained_on = full.models[model].dataset
            assert config.models[renamed[model]].dataset == renamed[trained_on], (name, model)
            assert config.models[renamed[model]].build == full.models[model].build


def test_perceptrons_and_networks_are_as_printed(full):
    of_kind = {"mlp": [], "cnn": []}
    for name, section in full.models.items():
        of_kind[section.build] += [] if "digits" in name else [section]
    for section in of_kind["mlp"]:
        assert (section.hidden, section.activation) == (PRINTED, "relu")
        assert section.keep == [0.8, 0.7, 0.6, 0.5]
        assert section.kept() == [0, 20, 40, 60, 80, 100]
    readings = {tuple(section.dense) for section in of_kind["cnn"]}
    assert readings == {(4096, 512), (512,)}, "both of E-R03"
    assert {tuple(section.filters) for section in of_kind["cnn"]} == {(32, 64)}
    for section in (*of_kind["mlp"], *of_kind["cnn"]):
        recipe = section.recipe
        assert (recipe.learning_rate, recipe.momentum, recipe.optimizer) == (0.01, 0.9, "sgd")
        assert (recipe.loss, recipe.stop, section.kept()[0]) == ("cross-entropy", "epochs", 0)
        assert section.kept()[-1] == recipe.max_epochs


@pytest.mark.parametrize(
    ("model", "units"), [("cnn-svhn-flat", 64 * 8 * 8), ("cnn-mnist-flat", 3136)]
)
def test_where_the_pooled_map_takes_the_dense_layers_place_it_is_as_wide(full, model, units):
    assert full.layers(model)["pool-2"] == units
    assert "hidden-2" not in full.layers(model)


def test_parameters_of_edges_are_swept_on_sets_with_validation_images(full):
    for config, prefix in (
        (full, "svhn-edges-"),
        (full, "svhn-regenerated-edges-"),
        (configured("laptop"), "digits-inverted-edges-"),
    ):
        swept = {name: each for name, each in config.datasets.items() if name.startswith(prefix)}
        assert len({each.sigma for each in swept.values()}) == 3
        for name, each in swept.items():
            assert name == f"{prefix}{each.sigma:g}"
            assert "validation" in config.splits(name)
            assert config.models[f"cnn-{name}"].dataset == name
            assert config.models[f"cnn-{name}"].recipe.held_out == "validation"


def test_what_is_no_svhn_is_not_called_so(full):
    folders = {name: getattr(each, "folder", None) for name, each in full.datasets.items()}
    assert [name for name, folder in folders.items() if folder == "svhn"] == ["svhn"]
    regenerated = [name for name, folder in folders.items() if folder == "svhn-regenerated"]
    assert regenerated == ["svhn-regenerated-validated"]
    assert "svhn" not in configured("published").datasets
