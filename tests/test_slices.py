"""A job's slice of the config changes with what the job depends on, and with nothing else."""

import copy
import json
from pathlib import Path

import pytest
import workflow
from slice_digests import KEPT, digests, slices_of

from glassbox.claims.settings import differences
from glassbox.claims.works import read_work
from study import schema, slices
from study.paths import Study

ROOT = Path(__file__).resolve().parents[1]
WORKS = [read_work(path) for path in sorted(ROOT.glob("scripts/glassbox/claims/*/claims.yaml"))]
PUBLISHED = workflow.content(scale="published", works=["lee2019"])
# Which chen2017 has at the published scale alone.
FEW = {"train": 200, "validation": 100, "test": 100}
BESIDE = {
    "datasets": {
        "jumps-quiet": {"kind": "jumps", "noise": 0.5, "per_class": FEW},
        "jumps-loud": {"kind": "jumps", "noise": 2.0, "per_class": FEW},
    },
    "models": {
        "deep-bottleneck-2": {
            "build": "mlp",
            "dataset": "jumps",
            "hidden": [25, 2, 25],
            "recipe": {"max_epochs": 20000},
        }
    },
}
PATHS = [f"digits-attack-paths{suffix}" for suffix in ("", "-total", "-unclipped")]
SPLITS = {
    "jumps": {"train", "validation", "test", "averages"},
    "jumps-shuffled": {"train", "validation", "test", "averages"},
    "jumps-quiet": {"train", "validation", "test"},
    "jumps-loud": {"train", "validation", "test"},
    "hand-made": {"all"},
    "digits": {"train", "validation", "test"},
    "photos": {"test"},
    "digits-unbalanced": {"train", "validation", "test"},
    "digits-occluded": {"train", "validation", "test"},
    "digits-noise": {"noise-0", "noise-0.1", "noise-0.2", "noise-0.3"},
    **{each: {"fgsm", "random-signs", "random-direction"} for each in PATHS},
    "digits-attack-paths-evading": {"fgsm"},
    "digits-moved": {"train", "validation", "test"},
    "mnist-moved": {"train", "test"},
    "mnist": {"train", "validation", "test"},
    "mnist-all": {"train", "test"},
    "cifar10": {"train", "test"},
    "notmnist": {"test"},
    "emnist-letters": {"test"},
    "svhn-regenerated": {"train", "test"},
}


def merged(*changes):
    mnist = workflow.preset("chen2017/mnist.yaml")
    works = ["chen2017", "lee2019", "pardo2019"]
    return workflow.content(mnist, PUBLISHED, *copy.deepcopy((BESIDE, *changes)), works=works)


def with_claims(content):
    """The slices of all jobs that have one, and that of the claims."""
    return slices_of(content) | {"claims": slices.claims(schema.load(content), WORKS)}


BEFORE = with_claims(merged())
MODELS = set(schema.load(merged()).models)
GIVEN = {"resnet44"}
TRAINED = MODELS - GIVEN
AMONG_CLASSES = {"gaussian-derivative-bounded", "step-likelihood", "blind-step-likelihood"}
NEAR, MAPS = (
    {name for name in BEFORE if name.startswith(f"{kind} of ")}
    for kind in ("neighbourhoods", "projections")
)
DRAWS = "chen2017-3.1-draws!"
DRAWN = NEAR | MAPS | {DRAWS, "chen2017-3.3!", "chen2017-3.5!", "chen2017-4.14!", "chen2017-4.15!"}
AWAY = {name for name in BEFORE if name.startswith("adversarial_distances of ")}
DRAWN |= AWAY | {"chen2017-4.14-rare!"}
FITTED_OR_DRAWN = ("expected_patterns", "example_patterns", "introspection_trajectories")
FITTED_OR_DRAWN += ("misclassification", "map_quality", "introspection_variants")
FITTED_OR_DRAWN += ("class_clusters", "misclassified_places", "neuron_maps")
HIDDEN = {name for name in BEFORE if name.split(" of ")[0] in FITTED_OR_DRAWN}
LIBRARIES = {name for name in BEFORE if name.startswith("libraries of ")}
CONSISTENCY = {name for name in BEFORE if name.startswith("consistency of ")}
OF_LENET = {name for name in LIBRARIES if "lenet-digits" in name}
TOLD = "consistency of lenet-digits on digits/test"
ATTACKS = {
    f"{name}-attacks-{space}"
    for name in ("digits", "mnist", "cifar10")
    for space in ("normalised", "pixels")
}
FIGURES = merged()["figures"]
ASCENTS = merged()["analyses"]["gradient_ascents"]["of"]
INSIDE = {"chen2017-5.1-5.2": {"locations": [40]}}
WEIGHTS = {f"gradient_ascents of {name}" for name in ASCENTS} | {
    f"filters of {name}" for name in merged()["analyses"]["filters"]["of"]
}


def all_of(*names):
    return {f"{name}/{split}" for name in names for split in SPLITS[name]}


# The test set of a file is the whole file, of which nothing is drawn.
FILES = {"mnist", "mnist-all", "cifar10", "notmnist", "emnist-letters", "svhn-regenerated"}
SPLIT = all_of(*SPLITS) - {f"{name}/test" for name in FILES}
SPLIT -= {"digits-unbalanced/validation", "digits-unbalanced/test"}  # which are those of digits


def figures(*kinds):
    return {name for name, figure in FIGURES.items() if figure["kind"] in kinds}


PLACED = all_of("jumps", "hand-made") | AMONG_CLASSES | {"chen2017-3.5!", DRAWS}
ONE_REPLICATE = (
    *(
        "activation-heatmaps",
        "tsne",
        "filter-responses",
        "weight-matrices",
        "bottleneck-representations",
    ),
    *("ascent-signals", "bottleneck-widths"),
)
OVER_REPLICATES = {name for name, figure in FIGURES.items() if figure["kind"] not in ONE_REPLICATE}


def shown(section):
    """The models that a figure names anywhere."""
    if isinstance(section, dict):
        named = [section[key] for key in ("model", "method") if key in section]
        named += [each for each in section.get("models", ()) if isinstance(each, str)]
        return set(named).union(*map(shown, section.values()))
    return set().union(*map(shown, section)) if isinstance(section, list) else set()


OWN_NUMBER = {name for name, model in merged()["models"].items() if model.get("replicates")} | GIVEN
OVER_REPLICATES -= {
    name for name in OVER_REPLICATES if (each := shown(FIGURES[name])) and each <= OWN_NUMBER
}


def backwards(section):
    """The same config with the keys of every section in another order."""
    if isinstance(section, dict):
        return {key: backwards(section[key]) for key in reversed(section)}
    return section


def test_what_is_drawn_or_trained_has_a_slice_that_no_other_has():
    random = SPLIT | TRAINED | (DRAWN - NEAR - MAPS - AWAY) | SEEDED
    assert len({BEFORE[name] for name in random}) == len(random)


def test_no_job_depends_on_anything_else_than_it_did():
    assert digests() == json.loads(KEPT.read_text()), "see tests/slice_digests.py"


def test_slices_are_one_line_of_json_with_sorted_keys():
    for text in BEFORE.values():
        assert text == json.dumps(json.loads(text), sort_keys=True, separators=(",", ":"))
        assert "\n" not in text


SEEDED = LIBRARIES | CONSISTENCY | ATTACKS
PIXELS = "digits-attacks-pixels"


NEW_SETS = {
    "noisy": {"kind": "noise", "of": "digits/test", "sigmas": [0, 0.1]},
    "thinned": {"kind": "unbalanced", "of": "digits", "shares": [0.5] * 10},
    "squares": {"kind": "occluded", "of": "digits", "patch": 3},
    "paths": {"kind": "attack-paths", "of": "digits/test", "model": "digits-5", "images": 5},
}
RECIPE = {"models": {"mlp-2": {"recipe": {"learning_rate": 0.02}}}}
IMAGES = {"mnist": {"files": {"train": {"images": {"sha256": "0" * 64}}}}}

# What is changed, and whose slices change.
CHANGES = {
    "seed": (
        {"seed": 1},
        (SPLIT - {"hand-made/all", "digits-attack-paths-evading/fgsm"})
        | TRAINED
        | DRAWN
        | SEEDED
        | HIDDEN
        | {f"gradient_ascents of {name}" for name in ASCENTS},
    ),
    "length": (
        {"datasets": {"jumps": {"length": 101}}},
        all_of("jumps", "hand-made")
        | {"gaussian-derivative", "chen2017-3.5!", DRAWS, "claims"}
        | {f"gradient_ascents of {name}" for name in ASCENTS},
    ),
    "noise": (
        {"datasets": {"jumps": {"noise": 1.1}}},
        {*all_of("jumps", "hand-made"), DRAWS, "claims"},
    ),
    "noise of quiet signals": (
        {"datasets": {"jumps-quiet": {"noise": 0.4}}},
        {*all_of("jumps-quiet"), "claims"},
    ),
    "height": (
        {"datasets": {"jumps": {"height": 2}}},
        all_of("jumps", "hand-made") | {"step-likelihood", DRAWS, "claims"},
    ),
    "first location": (
        {"datasets": {"jumps": {"first": 22}}, "figures": INSIDE},
        PLACED
        | WEIGHTS
        | {"claims"}
        | figures(
            "activation-heatmaps",
            "activation-slices",
            "bottleneck-representations",
            "ascent-signals",
            "ascent-layers",
            "tsne",
        ),
    ),
    "last location": (
        {"datasets": {"jumps": {"last": 79}}, "figures": INSIDE},
        PLACED | set(INSIDE) | {f"gradient_ascents of {name}" for name in ASCENTS} | {"claims"},
    ),
    "a hand-made signal": (
        {"datasets": {"hand-made": {"shapes": {"step": {"rise": 2}}}}},
        {"hand-made/all"},
    ),
    "the width of another rise": (
        {"datasets": {"hand-made": {"sweeps": {"wide-rival": {"fixed": {"spike_width": 9}}}}}},
        {"hand-made/all"},
    ),
    "defaults of a hand-made signal": (
        {"datasets": {"hand-made": {"shapes": {"step": {"rise": 1, "spike_width": 1}}}}},
        set(),
    ),
    "trials": ({"experiments": {"chen2017-4.14": {"trials": 9}}}, {"chen2017-4.14!"}),
    "draws": ({"experiments": {"chen2017-3.1-draws": {"draws": 9}}}, {DRAWS}),
    "windows": ({"experiments": {"chen2017-3.2.3": {"windows": [9]}}}, {"chen2017-3.2.3!"}),
    "points of maps": (
        {"analyses": {kind: {"points": 99} for kind in ("projections", "projections-memorising")}},
        MAPS,
    ),
    "points of neighbourhoods": ({"analyses": {"neighbourhoods": {"points": 99}}}, NEAR),
    "perplexity": (
        {"analyses": {"projections": {"perplexity": 9}}},
        {name for name in MAPS if " of mlp-4 " in name},
    ),
    "replicates with maps": ({"analyses": {"projections": {"replicates": 1}}}, set()),
    "the class of a filter": (
        {"figures": {"chen2017-3.15": {"label": 3}}},
        {"chen2017-3.15"},
    ),
    "size of a split": (
        {"datasets": {"jumps": {"per_class": {"validation": 9}}}},
        {"jumps/validation", "claims"},
    ),
    "size of a split that is drawn anew": (
        {"datasets": {"jumps": {"per_class": {"test": 9}}}},
        {"jumps/test", "claims", DRAWS},
    ),
    "size of a split that is averaged": (
        {"datasets": {"jumps": {"per_class": {"averages": 9}}}},
        {"jumps/averages", "claims"},
    ),
    "new split": ({"datasets": {"jumps": {"per_class": {"new": 9}}}}, set()),
    "part of digits held out": (
        {"datasets": {"digits": {"validation": 9}}},
        {"digits/train", "digits/validation"},
    ),
    "test set of digits": ({"datasets": {"digits": {"test": 9}}}, all_of("digits")),
    "file to train on": ({"datasets": IMAGES}, {"mnist/train", "mnist/validation"}),
    "learning rate": (RECIPE, {"mlp-2", "claims"}),
    "start": ({"models": {"long": {"start": "moore-penrose"}}}, {"long", "claims"}),
    "widths": ({"models": {"long": {"hidden": [100, 100]}}}, {"long", "claims"}),
    "criterion": (
        {"models": {"long": {"recipe": {"stop": "train-accuracy"}}}},
        {"long", "claims"},
    ),
    "patience that counts": (
        {"models": {"mlp-2": {"recipe": {"patience": 9}}}},
        {"mlp-2", "claims"},
    ),
    "patience without a use": ({"models": {"memorising": {"recipe": {"patience": 9}}}}, set()),
    "patience for a number of epochs": ({"models": {"long": {"recipe": {"patience": 9}}}}, set()),
    "momentum": ({"models": {"lenet-digits": {"recipe": {"momentum": 0.4}}}}, {"lenet-digits"}),
    "momentum that a work has": (
        {"models": {"lenet": {"recipe": {"momentum": 0.4}}}},
        {"lenet", "claims"},
    ),
    "epochs": ({"models": {"lenet-digits": {"recipe": {"max_epochs": 3}}}}, {"lenet-digits"}),
    "split that is held out": (
        {"models": {"lenet-digits": {"recipe": {"held_out": "validation"}}}},
        set(),  # its file is an input
    ),
    "filters of a LeNet": ({"models": {"lenet-digits": {"kernel": 1}}}, {"lenet-digits"}),
    "number of filters of a LeNet": (
        {"models": {"lenet-digits": {"filters": [20, 40]}}},
        {"lenet-digits"},
    ),
    "usual number of filters and units, spelt out": (
        {"models": {"lenet-digits": {"filters": [20, 50], "units": 500}}},
        set(),
    ),
    "size of patches": ({"datasets": {"digits-moved": {"patch": 2}}}, all_of("digits-moved")),
    "accuracy of given weights": (
        {"models": {"resnet44": {"weights": {"accuracy": 0.93}}}},
        {"resnet44"},
    ),
    "thresholds of a layer": (
        {"analyses": {"libraries": {"thresholds": {"CN1": [0.797, 0.839, 0.875, 0.927]}}}},
        {name for name in OF_LENET if name.endswith(" on CN1")},
    ),
    "nodes that predict": (
        {"analyses": {"libraries": {"nodes": 8}, "consistency": {"nodes": 8}}},
        OF_LENET | {TOLD},
    ),
    "steps of an attack": (
        {"datasets": {PIXELS: {"steps": 9}}},
        {PIXELS},
    ),
    "one size of an attack less": (
        {"datasets": {PIXELS: {"sizes": [0.05, 0.1]}}},
        {PIXELS, TOLD},
    ),
    "set of thresholds": (
        {"analyses": {"consistency": {"sets": {"set1": {"CN1": 0.839}}}}},
        {TOLD},
    ),
    "width of a filter": (
        {"detectors": {"gaussian-derivative": {"tau": 2.0}}},
        {"gaussian-derivative", DRAWS, "claims"},
    ),
    "new model": ({"models": {"new": {"build": "mlp", "dataset": "jumps", "hidden": []}}}, set()),
    "replicates": (
        {"replicates": 9},
        OVER_REPLICATES | {"claims"},
    ),
    "replicates of a LeNet": (
        {"models": {"lenet": {"replicates": 4}}},
        {"claims", "lee2019-2", "lee2019-3", "lee2019-5ab", "lee2019-5ab-code"},
    ),
    "replicates of a network": (
        {"models": {"cnn-7": {"replicates": 9}}},
        {"chen2017-3.18a", "chen2017-3.18c", "chen2017-5.3", "claims"},
    ),
    "taps": ({"models": {"cnn-7": {"convolutions": [9]}}}, {"cnn-7", "claims"}),
    "filters rectified": ({"models": {"cnn-7": {"rectified": True}}}, {"cnn-7", "claims"}),
    "filters of a LeNet that is too small": (
        {"models": {"lenet-digits-cn1": {"filters": [2, 50]}}},
        {"lenet-digits-cn1"},
    ),
    "checkpoints": ({"models": {"long": {"checkpoints": [0, 5]}}}, {"long"}),
    "layers around a bottleneck": (
        {"models": {"deep-bottleneck-2": {"hidden": [30, 2, 30]}}},
        {"deep-bottleneck-2", "claims"},
    ),
    "limit of gradient ascent": (
        {"analyses": {"gradient_ascents": {"limit": 9}}},
        {f"gradient_ascents of {name}" for name in ASCENTS},
    ),
    "replicates in one job": ({"together": 9, "models": {"mlp-2": {"together": 2}}}, set()),
    "device": ({"device": "cpu"}, set()),
    "scale": ({"scale": "smoke"}, {"claims"}),
    "colour": ({"figures": {"chen2017-3.7": {"colour": "#000000"}}}, {"chen2017-3.7"}),
    "methods of a table": (  # so that it shows one claim less
        {"tables": {"chen2017-3.2": {"methods": ["mlp-2"]}}},
        {"chen2017-3.2", "claims"},
    ),
    "titles": (
        {"figures": {"chen2017-3.7": {"title": "a"}}, "tables": {"chen2017-3.2": {"title": "a"}}},
        set(),
    ),
    "new sets that are others, changed": ({"datasets": NEW_SETS}, set()),
    "analyses": ({"analyses": {"predictions": {"of": {"fitted": ["jumps/test"]}}}}, set()),
    "a default spelt out": ({"models": {"nn-1": {"recipe": {"batch_size": 100}}}}, set()),
    "a number without a point": ({"datasets": {"jumps": {"height": 3, "noise": 1}}}, set()),
}


@pytest.mark.parametrize(("change", "wanted"), CHANGES.values(), ids=CHANGES)
def test_a_change_changes_the_slices_that_depend_on_it_and_no_other(change, wanted):
    after = with_claims(merged(change))
    assert {name for name in BEFORE if after.get(name, BEFORE[name]) != BEFORE[name]} == wanted


@pytest.mark.parametrize("change", [{}, RECIPE, {"datasets": {"jumps": {"noise": 1.1}}}])
def test_the_slice_of_the_claims_holds_all_settings_that_they_rest_on(change):
    config = schema.load(merged(change))
    found = json.loads(slices.claims(config, WORKS))
    assert found["scale"] == config.scale
    assert (found["replicates"], found["own"]) == (config.replicates, config.own_counts())
    whole = config.model_dump(mode="json")
    for work in WORKS:
        for claim in work.claims:
            of_slice = differences(claim.needs, found["settings"][work.name], work.settings)
            assert of_slice == differences(claim.needs, whole, work.settings)
    assert json.loads(slices.claims(config, []))["settings"] == {}


def test_the_order_of_keys_changes_no_slice():
    content = backwards(merged())
    assert list(content) != list(merged())
    assert with_claims(content) == BEFORE


def test_draws_and_splits_and_replicates_have_slices_of_their_own():
    config = schema.load(merged())
    for one in (("jumps", 0, "test"), ("jumps-shuffled", 0, "test")):
        others = [(one[0], 1, "test"), (one[0], 0, "train")]
        assert len({slices.dataset(config, *each) for each in (one, *others)}) == 3
    assert slices.model(config, "mlp-2", [0, 1]) != slices.model(config, "mlp-2", [1, 2])


def test_the_report_shows_every_value_but_those_of_how_it_is_run():
    def report(*changes):
        return slices.report(schema.load(merged(*changes)), [], [])

    assert report({"device": "cpu", "save_every": 0}) == report()
    assert slices.report(schema.load(backwards(merged())), [], []) == report()
    for change in ({"seed": 1}, {"replicates": 9}, {"report": {"title": "a"}}, RECIPE):
        assert report(change) != report()


# Of models that were there before recipes and networks had all the keys that they have.
FORMER = {
    "mlp-2": '{"build":{"hidden":[100],"kind":"mlp"},"checkpoints":[0],"name":"mlp-2","recipe":'
    '{"batch_size":100,"learning_rate":0.01,"max_epochs":3000,"momentum":0.0,"patience":100,'
    '"stop":"validation-loss"},"replicates":[0,1],"seed":2018,"start":"glorot","stream":"models"}',
    "lenet-digits": '{"build":{"kernel":3,"kind":"lenet","padding":1},"checkpoints":[],'
    '"name":"lenet-digits","recipe":{"batch_size":64,"learning_rate":0.01,"max_epochs":40,'
    '"momentum":0.5,"stop":"epochs"},"replicates":[0,1],"seed":2018,"start":"uniform",'
    '"stream":"classifiers"}',
}
SQUARED = "squared-error"
CYCLES = {"stop": "cycles", "cycle": 30, "max_cycles": 9}


def of_model(name, **changes):
    config = schema.load(workflow.content({"seed": 2018, "models": {name: changes}}))
    return slices.model(config, name, [0, 1])


@pytest.mark.parametrize("name", FORMER)
def test_what_a_recipe_or_a_network_does_not_use_is_in_no_slice(name):
    assert of_model(name) == FORMER[name]
    plain = {"optimizer": "sgd", "schedule": "constant", "loss": "cross-entropy", "noise": 0}
    assert of_model(name, recipe=plain) == FORMER[name]


def test_a_network_of_elus_with_dropout_and_sigmoids_says_so():
    network = {"activation": "elu", "keep": 0.9}
    changed = json.loads(of_model("mlp-2", **network, recipe={"loss": "squared-error"}))
    build = {"kind": "mlp", "hidden": [100], "activation": "elu", "keep": 0.9, "output": "sigmoid"}
    assert changed["build"] == build
    assert changed["recipe"] == {
        **json.loads(FORMER["mlp-2"])["recipe"],
        "loss": "squared-error",
    }


def test_the_curves_of_a_training_are_told_what_is_not_usual_of_it():
    usual, other = (
        Study(schema.load(workflow.content(*changes)))
        for changes in ((), ({"models": {"mlp-2": {"recipe": {**CYCLES, "loss": SQUARED}}}},))
    )
    wanted = json.loads(slices.exhibit(usual, usual.config.figures["chen2017-3.9"]))
    found = json.loads(slices.exhibit(other, other.config.figures["chen2017-3.9"]))
    assert wanted.keys() == {"model", "replicates"}
    assert found == {**wanted, "period": "cycle", "loss": SQUARED}


def test_a_recipe_of_cycles_has_no_epochs_and_one_with_adam_no_momentum():
    adam = {"optimizer": "adam", "schedule": "triangular", "decay": 0.95, "noise": 1.0}
    changed = json.loads(of_model("mlp-2", recipe={**CYCLES, **adam, "patience": 5}))
    assert changed["recipe"] == {
        **{"batch_size": 100, "learning_rate": 0.01, "patience": 5},
        **CYCLES,
        **adam,
    }
