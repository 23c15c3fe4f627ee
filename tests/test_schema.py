"""The config is refused as a whole, with the path, what was found, what is allowed, and a hint."""

import copy
import re
from typing import get_args

import numpy as np
import pytest
import workflow

from glassbox.models.build import architecture, describe
from study import schema
from study.schema.datasets import Jumps
from study.schema.models import Model
from study.schema.reading import refuse_twice

DEFAULT = workflow.content()
# Beside what the messages below name, so that they change with no scale of a work.
BESIDE = {
    "models": {
        "bottleneck-2": {"build": "mlp", "dataset": "jumps", "hidden": [2]},
        "deep-bottleneck-2": {"build": "mlp", "dataset": "jumps", "hidden": [25, 2, 25]},
    },
    "analyses": {
        "predictions": {
            "of": {"bottleneck-2": ["jumps/test"], "deep-bottleneck-2": ["jumps/test"]}
        },
        "averages": {"of": {"bottleneck-2": ["jumps/train"]}},
    },
    "figures": {
        "plane": {
            "kind": "bottleneck-representations",
            "title": "",
            "model": "bottleneck-2",
            "set": "jumps/train",
        },
    },
}
SUM = "0" * 64
FILE = {"name": "file", "sha256": SUM}
IDX = {
    "kind": "idx",
    "folder": "a",
    "validation": 5,
    "files": {"train": {"images": FILE, "labels": FILE}, "test": {"images": FILE, "labels": FILE}},
}
RESNET44 = {
    "build": "resnet44",
    "dataset": "digits",
    "weights": {"file": FILE, "accuracy": 0.9},
}
ARRAYS = {
    "kind": "arrays",
    "folder": "a",
    "files": {"train": FILE},
    "shape": [20],
    "classes": 2,
    "validation": 5,
}
NOISE = {"kind": "noise", "of": "digits/test", "sigmas": [0.1]}
PATHS = {"kind": "attack-paths", "of": "digits/test", "model": "digits-5", "images": 5}
OWN = {"build": "cnn-1d", "dataset": "own", "convolutions": [3]}
HUB = {
    "kind": "hub",
    "folder": "a",
    "validation": 5,
    "files": {"train": [FILE], "test": [FILE]},
    "shape": [32, 32, 3],
}


def changed(*changes):
    """The config of two works with changes laid over it."""
    return workflow.content(*copy.deepcopy((BESIDE, *changes)), works=["chen2017", "lee2019"])


def nested(path, value):
    """{"a": {"b": value}} for "a b"."""
    for key in reversed(path.split()):
        value = {key: value}
    return value


def problems(*changes):
    with pytest.raises(schema.ConfigError) as error:
        schema.load(changed(*changes))
    return str(error.value).splitlines()


def test_the_default_config_is_valid():
    config = schema.load(workflow.content())
    assert set(config.models) == set(DEFAULT["models"])


def test_the_default_spells_out_the_defaults_of_jump_signals():
    section = DEFAULT["datasets"]["jumps"]
    assert Jumps(kind="jumps") == Jumps(**section)


def test_null_drops_an_entry_and_puts_a_value_back_to_its_default():
    dropped = {"models": {"fitted": None}, "analyses": {"deviations": {"of": {"fitted": None}}}}
    config = schema.load(changed(dropped, {"datasets": {"jumps": {"height": None}}, "seed": None}))
    assert set(schema.load(changed()).models) - set(config.models) == {"fitted"}
    assert (config.seed, config.datasets["jumps"].height) == (2017, 3.0)


def test_image_sets_know_their_width():
    config = schema.load(changed({"datasets": {"idx": {**IDX, "size": 4}, "hub": HUB}}))
    widths = {name: config.origin(name).width for name in config.datasets}
    widths_wanted = {"jumps": 100, "jumps-shuffled": 100, "hand-made": 100, "digits": 64}
    widths_wanted |= {"photos": 64, "digits-moved": 64, "idx": 16, "hub": 3072}
    widths_wanted |= {"digits-attacks-normalised": 64, "digits-attacks-pixels": 64}
    assert widths == widths_wanted


def test_only_generated_sets_and_attacks_have_a_draw_of_their_own_per_replicate():
    shuffled = {"kind": "shuffled-labels", "of": "digits"}
    config = schema.load(changed({"datasets": {"digits-shuffled": shuffled}}))
    drawn = {name for name in config.datasets if config.draws(name)}
    attacks = {"digits-attacks-normalised", "digits-attacks-pixels"}
    assert drawn == {"jumps", "jumps-shuffled"} | attacks


WIDTHS = {"kind": "bottleneck-widths", "title": "", "set": "jumps/test"}
# Where a change is made, its value, and how the line begins that must be reported.
WRONG = {
    "misspelt key at the top": ("sed", 1, "sed: unknown key; did you mean 'seed'? allowed: "),
    "misspelt key of a kind of data set": (
        "datasets jumps lenght",
        5,
        "datasets.jumps.lenght: unknown key; did you mean 'length'? allowed: first, height, kind",
    ),
    "misspelt key of a recipe": (
        "models mlp-2 recipe learnin_rate",
        1.0,
        "models.mlp-2.recipe.learnin_rate: unknown key; did you mean 'learning_rate'? allowed:",
    ),
    "misspelt key of original files": (
        "datasets idx",
        {**IDX, "files": {**IDX["files"], "train": {"imags": FILE, "labels": FILE}}},
        "datasets.idx.files.train.imags: unknown key; did you mean 'images'? allowed: images",
    ),
    "misspelt key in a list": (
        "datasets hub",
        {**HUB, "files": {"train": [{"name": "a", "sha": SUM}], "test": [FILE]}},
        "datasets.hub.files.train.0.sha: unknown key; did you mean 'sha256'? allowed: name, sha256",
    ),
    "misspelt analysis": (
        "analyses deviation",
        {},
        "analyses.deviation.kind: found 'deviation'; did you mean 'deviations'? allowed: a",
    ),
    "missing key": (
        "models new",
        {"build": "mlp", "hidden": [9]},
        "models.new.dataset: required, but missing",
    ),
    "null for what is required": (
        "models mlp-2 dataset",
        None,
        "models.mlp-2.dataset: required, but missing",
    ),
    "wrong kind": (
        "datasets jumps kind",
        "jump",
        "datasets.jumps.kind: found 'jump'; did you mean 'jumps'? allowed: arrays, attack,",
    ),
    "missing kind": (
        "datasets new",
        {"length": 5},
        "datasets.new.kind: required, but missing; allowed: arrays, attack, attack-paths, digits,",
    ),
    "wrong choice": ("device", "gpu", "device: found 'gpu'; did you mean 'cpu'? allowed: auto"),
    "text for a whole number": ("replicates", "5", "replicates: found '5'; input should be"),
    "truth for a whole number": ("replicates", True, "replicates: found True; input should be"),
    "fraction for a whole number": ("replicates", 2.5, "replicates: found 2.5; input should be"),
    "text for a number": (
        "datasets jumps height",
        "3",
        "datasets.jumps.height: found '3'; input should be a valid number",
    ),
    "truth for a number": (
        "datasets jumps height",
        True,
        "datasets.jumps.height: found True; input should be a valid number",
    ),
    "number for a list": (
        "models mlp-2 hidden",
        5,
        "models.mlp-2.hidden: found 5; input should be a valid list",
    ),
    "number for a section": (
        "models mlp-2 recipe",
        5,
        "models.mlp-2.recipe: found 5; must be a section of keys",
    ),
    "below the least": ("seed", -1, "seed: found -1; input should be greater than or equal to 0"),
    "zero width": (
        "models mlp-2 hidden",
        [5, 0],
        "models.mlp-2.hidden.1: found 0; input should be greater than or equal to 1",
    ),
    "infinite": (
        "datasets jumps noise",
        float("inf"),
        "datasets.jumps.noise: found inf; input should be a finite number",
    ),
    "not a number": (
        "models mlp-2 recipe learning_rate",
        float("nan"),
        "models.mlp-2.recipe.learning_rate: found nan; input should be a finite number",
    ),
    "name that is no file name": (
        "models a/b",
        {"build": "mlp", "dataset": "jumps", "hidden": []},
        "models.a/b: found 'a/b'; string should match pattern '^[A-Za-z0-9]",
    ),
    "checksum that is none": (
        "datasets hub",
        {**HUB, "files": {"train": [FILE], "test": [{"name": "a", "sha256": "abc"}]}},
        "datasets.hub.files.test.0.sha256: found 'abc'; string should match pattern '^[0-9a-f]",
    ),
    "shape that is none": (
        "datasets hub",
        {**HUB, "shape": [9]},
        "datasets.hub.shape: found [9]; list",
    ),
    "unknown data set of a network": (
        "models mlp-2 dataset",
        "jump",
        "models.mlp-2.dataset: found 'jump'; did you mean 'jumps'? allowed: digits, digits-moved",
    ),
    "unknown data set of a detector": (
        "detectors gaussian-derivative dataset",
        "jump",
        "detectors.gaussian-derivative.dataset: found 'jump'; did you mean 'jumps'? allowed:",
    ),
    "unknown data set of shuffled labels": (
        "datasets jumps-shuffled of",
        "jump",
        "datasets.jumps-shuffled.of: found 'jump'; did you mean 'jumps'? allowed: digits",
    ),
    "labels shuffled of itself": (
        "datasets jumps-shuffled of",
        "jumps-shuffled",
        "datasets.jumps-shuffled.of: found 'jumps-shuffled'; did you mean 'jumps'? allowed",
    ),
    "labels shuffled in a circle": (
        "datasets",
        {
            "a": {"kind": "shuffled-labels", "of": "b"},
            "b": {"kind": "shuffled-labels", "of": "a"},
        },
        "datasets.b.of: a is itself made from b",
    ),
    "patches that images are no whole number of": (
        "datasets digits-moved patch",
        3,
        "datasets.digits-moved.patch: found 3; 8 x 8 pixels are not whole patches of that size",
    ),
    "a patch that has no other place": (
        "datasets digits-moved patch",
        8,
        "datasets.digits-moved.patch: found 8; 8 x 8 pixels are one patch, with no other place",
    ),
    "patches of signals": (
        "datasets digits-moved of",
        "jumps",
        "datasets.digits-moved.of: jumps has no images",
    ),
    "changes of patterns on a set that is not changed": (
        "analyses pattern_changes of lenet-digits",
        ["digits/test"],
        "analyses.pattern_changes.of.lenet-digits: digits/test is not of a set of kind moved-pat",
    ),
    "filters of one convolutional layer": (
        "models lenet-digits filters",
        [20],
        "models.lenet-digits.filters: found [20]; list should have at least 2 items",
    ),
    "last location that is not above the first": (
        "datasets jumps last",
        21,
        "datasets.jumps.last: found 21; must be above first (21)",
    ),
    "last location past the end": (
        "datasets jumps last",
        101,
        "datasets.jumps.last: found 101; at most the length (100)",
    ),
    "no signals to train on": (
        "datasets jumps per_class train",
        None,
        "datasets.jumps.per_class: train is missing",
    ),
    "no digits to train on": (
        "datasets digits test",
        1510,
        "datasets.digits: validation and test leave nothing of the 1797 images to train on",
    ),
    "even window": (
        "detectors gaussian-derivative window",
        18,
        "detectors.gaussian-derivative.window: found 18; must be odd, to be centred",
    ),
    "window longer than the signal": (
        "detectors gaussian-derivative window",
        101,
        "detectors.gaussian-derivative.window: found 101; at most the length (100)",
    ),
    "detector of images": (
        "detectors step-likelihood dataset",
        "digits",
        "detectors.step-likelihood.dataset: digits is not a set of kind jumps",
    ),
    "one name for a network and a detector": (
        "detectors mlp-2",
        {"kind": "step-likelihood", "dataset": "jumps"},
        "detectors: mlp-2 is also the name of a model",
    ),
    "analysis of an unknown network": (
        "analyses deviations of mlp-44",
        ["jumps/test"],
        "analyses.deviations.of.mlp-44: found 'mlp-44'; did you mean 'mlp-4'? allowed: bottle",
    ),
    "deviations of a detector": (
        "analyses deviations of step-likelihood",
        ["jumps/test"],
        "analyses.deviations.of.step-likelihood: found 'step-likelihood'; allowed: bottleneck-2,",
    ),
    "analysis on an unknown data set": (
        "analyses predictions of nn-1",
        ["jump/test"],
        "analyses.predictions.of.nn-1: found 'jump'; did you mean 'jumps'? allowed: digits",
    ),
    "analysis on an unknown split": (
        "analyses predictions of nn-1",
        ["jumps/tset"],
        "analyses.predictions.of.nn-1: found 'tset'; did you mean 'test'? allowed: averages, test",
    ),
    "analysis on a set without its split": (
        "analyses predictions of nn-1",
        ["jumps"],
        "analyses.predictions.of.nn-1.0: found 'jumps'; string should match pattern",
    ),
    "network shown a set of another width": (
        "analyses predictions of nn-1",
        ["digits/test"],
        "analyses.predictions.of.nn-1: digits/test has 64 inputs and 10 classes, nn-1 takes 100",
    ),
    "figure of a network that is not analysed": (
        "figures new",
        {
            "kind": "deviation-profiles",
            "title": "a",
            "model": "nn-1",
            "set": "jumps/averages",
            "panels": ["level"],
        },
        "figures.new.model: found 'nn-1'; allowed: digits-5, digits-5@0, fitted, long, memori",
    ),
    "figure of a set that is not analysed": (
        "figures chen2017-3.7 set",
        "jumps/averages",
        "figures.chen2017-3.7.set: found 'jumps/averages'; did you mean 'jumps/test'?",
    ),
    "panel that there is none of": (
        "figures chen2017-6.7 panels",
        ["euclid"],
        "figures.chen2017-6.7.panels.0: found 'euclid'; did you mean 'euclidean'? allowed:",
    ),
    "network trained on hand-made signals": (
        "models mlp-2 dataset",
        "hand-made",
        "models.mlp-2.dataset: found 'hand-made'; allowed: digits, digits-moved, jumps",
    ),
    "hand-made signals like images": (
        "datasets hand-made of",
        "digits",
        "datasets.hand-made.of: digits is not a set of kind jumps",
    ),
    "hand-made signals of no class": (
        "datasets hand-made location",
        20,
        "datasets.hand-made.location: found 20; must be from 21 to 80",
    ),
    "another rise without a place": (
        "datasets hand-made shapes step",
        {"spike": 2.0},
        "datasets.hand-made.shapes.step.spike_at: required, but missing",
    ),
    "another rise past the end": (
        "datasets hand-made shapes step",
        {"spike": 2.0, "spike_at": 101},
        "datasets.hand-made.shapes.step.spike_at: found 101; at most the length (100)",
    ),
    "sweep of another rise without a place": (
        "datasets hand-made sweeps rival fixed",
        None,
        "datasets.hand-made.sweeps.rival.fixed.spike_at: required, but missing",
    ),
    "fractions of samples": (
        "datasets hand-made sweeps later-drop values",
        [1.5],
        "datasets.hand-made.sweeps.later-drop.values: width takes whole numbers",
    ),
    "another rise of no sample": (
        "datasets hand-made shapes step",
        {"spike": 2.0, "spike_at": 30, "spike_width": 0},
        "datasets.hand-made.shapes.step.spike_width: found 0; input should be",
    ),
    "another rise of no sample in a sweep": (
        "datasets hand-made sweeps rival fixed",
        {"spike_at": 30, "spike_width": 0},
        "datasets.hand-made.sweeps.rival.fixed.spike_width: found 0; ",
    ),
    "another rise of fractions of samples": (
        "datasets hand-made sweeps new",
        {"parameter": "spike_width", "values": [1, 1.5], "fixed": {"spike": 2.0, "spike_at": 30}},
        "datasets.hand-made.sweeps.new.values: spike_width takes whole numbers",
    ),
    "split of hand-made signals": (
        "analyses confidences of mlp-2",
        ["hand-made/test"],
        "analyses.confidences.of.mlp-2: found 'test'; allowed: all",
    ),
    "redundancy of a network without hidden layers": (
        "analyses redundancy of nn-1",
        ["jumps/test"],
        "analyses.redundancy.of.nn-1: nn-1 is no perceptron with hidden layers; allowed: bottle",
    ),
    "confidences on signals that are drawn": (
        "analyses confidences of mlp-2",
        ["jumps/test"],
        "analyses.confidences.of.mlp-2: jumps/test is not of a set of kind shapes",
    ),
    "another answer farther away than the classes are wide": (
        "analyses adversarial_distances apart",
        [1, 31],
        "analyses.adversarial_distances.apart: found 31; classes of jumps/test allow at most 30",
    ),
    "another answer so far away among images, which have no order": (
        "analyses adversarial_distances of digits-5",
        ["digits/test"],
        "analyses.adversarial_distances.apart: found 10; classes of digits/test allow at most 1",
    ),
    "learned filters on images": (
        "analyses learned_filters of digits-5",
        ["digits/test"],
        "analyses.learned_filters.of.digits-5: digits/test is not of a set of kind jumps",
    ),
    "learned filter of a network without filters": (
        "detectors nn-1-filter model",
        "mlp-4",
        "detectors.nn-1-filter.model: found 'mlp-4'; did you mean 'mlp-2'? allowed: mlp-2, nn-1",
    ),
    "learned filter of signals that it was not taken on": (
        "detectors nn-1-filter split",
        "train",
        "detectors.nn-1-filter.split: learned_filters are not made of nn-1 on jumps/train",
    ),
    "weights of an unknown network": (
        "analyses parameters of",
        ["mlp-22"],
        "analyses.parameters.of: found 'mlp-22'; did you mean 'mlp-2'?",
    ),
    "widths for images": (
        "experiments chen2017-3.5 dataset",
        "digits",
        "experiments.chen2017-3.5.dataset: digits is not a set of kind jumps",
    ),
    "search on an unknown split": (
        "experiments chen2017-3.2.3 set",
        "jumps/tain",
        "experiments.chen2017-3.2.3.set: found 'tain'; did you mean 'train'?",
    ),
    "search for an even window": (
        "experiments chen2017-3.2.3 windows",
        [9, 10],
        "experiments.chen2017-3.2.3.windows: found 10; must be odd, to be centred",
    ),
    "draws for a learned filter": (
        "experiments chen2017-3.1-draws detector",
        "nn-1-filter",
        "experiments.chen2017-3.1-draws.detector: nn-1-filter is a filter that a network learned, "
        "in no closed form; allowed: blind-step-likelihood, gaussian-derivative,",
    ),
    "draws for a detector that there is not": (
        "experiments chen2017-3.1-draws detector",
        "step-likelyhood",
        "experiments.chen2017-3.1-draws.detector: found 'step-likelyhood'; did you mean "
        "'step-likelihood'?",
    ),
    "draws of a set that is not drawn": (
        "experiments chen2017-3.1-draws set",
        "hand-made/all",
        "experiments.chen2017-3.1-draws.set: hand-made/all is not of a set of kind jumps",
    ),
    "draws of an unknown split": (
        "experiments chen2017-3.1-draws set",
        "jumps/tset",
        "experiments.chen2017-3.1-draws.set: found 'tset'; did you mean 'test'?",
    ),
    "no draws": (
        "experiments chen2017-3.1-draws draws",
        0,
        "experiments.chen2017-3.1-draws.draws: found 0; ",
    ),
    "too few points to embed": (
        "experiments chen2017-4.15 cells",
        [{"width": 3, "points": [3, 9]}],
        "experiments.chen2017-4.15.cells.0.points: found 3; at least 4 points span 3 dimensions",
    ),
    "unknown kind of experiment": (
        "experiments new",
        {"kind": "embedding"},
        "experiments.new.kind: found 'embedding'; did you mean 'moore-penrose-embeddings'?",
    ),
    "figure of an experiment of another kind": (
        "figures chen2017-3.5 experiment",
        "chen2017-4.14",
        "figures.chen2017-3.5.experiment: found 'chen2017-4.14'; did you mean 'chen2017-3.5'?",
    ),
    "maps of a network that has none": (
        "figures chen2017-3.2-signals columns",
        [{"title": "a", "model": "nn-1", "set": "jumps/train"}],
        "figures.chen2017-3.2-signals.columns.0.model: found 'nn-1'; allowed: memorising",
    ),
    "sweeps of a network without confidences": (
        "figures chen2017-7.1-family models",
        ["nn-1", "mlp-3"],
        "figures.chen2017-7.1-family.models.1: found 'mlp-3'; did you mean 'mlp-4'?",
    ),
    "weights that are not tabled": (
        "figures chen2017-3.11 model",
        "mlp-4",
        "figures.chen2017-3.11.model: found 'mlp-4'; did you mean 'mlp-2'? allowed: mlp-2, nn-1",
    ),
    "one name for a figure and a table": (
        "tables chen2017-3.7",
        {"title": "a", "methods": ["mlp-2"], "set": "jumps/test"},
        "tables.chen2017-3.7: is also the name of a figure",
    ),
    "even filter": (
        "models cnn-7 convolutions",
        [6],
        "models.cnn-7.convolutions: found 6; must be odd",
    ),
    "filter longer than the signal": (
        "models cnn-7 convolutions",
        [101],
        "models.cnn-7.convolutions: found 101; must be odd, to be centred, and at most",
    ),
    "filters on images": (
        "models new",
        {"build": "cnn-1d", "dataset": "digits", "convolutions": [3]},
        "models.new.dataset: digits holds no signals to convolve",
    ),
    "filters of a perceptron": (
        "models mlp-2 rectified",
        False,
        "models.mlp-2.rectified: unknown key; did you mean 'recipe'? allowed: activation, buil",
    ),
    "unknown build": (
        "models mlp-2 build",
        "mpl",
        "models.mlp-2.build: found 'mpl'; did you mean 'mlp'? allowed: all-cnn, cnn, cnn-1d, len",
    ),
    "missing build": (
        "models new",
        {"dataset": "jumps"},
        "models.new.build: required, but missing; allowed: all-cnn, cnn, cnn-1d, lenet, mlp,",
    ),
    "optimizer": (
        "models mlp-2 recipe optimizer",
        "adamw",
        "models.mlp-2.recipe.optimizer: found 'adamw'; did you mean 'adam'? allowed: ",
    ),
    "loss": (
        "models mlp-2 recipe loss",
        "mse",
        "models.mlp-2.recipe.loss: found 'mse'; allowed: cross-entropy, squared-error",
    ),
    "noise below none": (
        "models mlp-2 recipe noise",
        -0.1,
        "models.mlp-2.recipe.noise: found -0.1; ",
    ),
    "schedule without a cycle": (
        "models mlp-2 recipe schedule",
        "triangular",
        "models.mlp-2.recipe.cycle: required with schedule: triangular, but missing",
    ),
    "stop at cycles of no length": (
        "models mlp-4 recipe",
        {"stop": "cycles", "max_cycles": 5},
        "models.mlp-4.recipe.cycle: required with stop: cycles, but missing",
    ),
    "cycles without an end, of a model with checkpoints": (
        "models mlp-4 recipe",
        {"stop": "cycles", "cycle": 5},
        "models.mlp-4.recipe.max_cycles: required with stop: cycles, but missing",
    ),
    "cycle of nothing": (
        "models mlp-2 recipe cycle",
        10,
        "models.mlp-2.recipe.cycle: found 10; neither schedule nor stop goes by cycles",
    ),
    "limit of cycles for epochs": (
        "models mlp-2 recipe max_cycles",
        10,
        "models.mlp-2.recipe.max_cycles: found 10; is for stop: cycles",
    ),
    "decay of a constant rate": (
        "models mlp-2 recipe decay",
        0.95,
        "models.mlp-2.recipe.decay: found 0.95; a constant schedule has no peak to decay",
    ),
    "momentum of Adam": (
        "models mlp-2 recipe",
        {"optimizer": "adam", "momentum": 0.9},
        "models.mlp-2.recipe.momentum: found 0.9; allowed with optimizer: adam is 0",
    ),
    "cycles that the test set decides": (
        "models mlp-2 recipe",
        {"stop": "cycles", "cycle": 5, "max_cycles": 2, "held_out": "test"},
        "models.mlp-2.recipe.stop: found 'cycles'; the test set must decide nothing",
    ),
    "dropout of everything": (
        "models mlp-2 keep",
        0.0,
        "models.mlp-2.keep: found 0.0; ",
    ),
    "dropout of other than the hidden layers": (
        "models mlp-2 keep",
        [0.8, 0.7],
        "models.mlp-2.keep: found 2 shares; it has 1 hidden layers",
    ),
    "dropout of one layer of everything": (
        "models mlp-2 keep",
        [0.0],
        "models.mlp-2.keep.0: found 0.0; ",
    ),
    "dropout of other than pooled and dense layers": (
        "models new",
        {"build": "cnn", "dataset": "digits", "keep": [0.5, 0.5]},
        "models.new.keep: found 2 shares; it has 2 pooled layers and 2 hidden dense layers",
    ),
    "poolings that leave nothing": (
        "models new",
        {"build": "cnn", "dataset": "digits", "filters": [4, 4, 4, 4]},
        "models.new.filters: found 4 pairs; so many poolings leave nothing of 8 x 8 pixels",
    ),
    "convolutions of signals": (
        "models new",
        {"build": "cnn", "dataset": "jumps"},
        "models.new.dataset: jumps has no images",
    ),
    "images that are none": (
        "models new",
        {"build": "all-cnn", "dataset": "jumps"},
        "models.new.dataset: jumps has no images",
    ),
    "stop that the test set decides": (
        "models mlp-2 recipe held_out",
        "test",
        "models.mlp-2.recipe.stop: found 'validation-loss'; the test set must decide nothing",
    ),
    "split held out that is not there": (
        "models lenet-digits",
        {"dataset": "photos", "recipe": {"held_out": "validation"}},
        "models.lenet-digits.dataset: photos has no train and no validation set to train with",
    ),
    "LeNet on signals": (
        "models lenet-digits dataset",
        "jumps",
        "models.lenet-digits.dataset: jumps has no square grey images",
    ),
    "filters that leave nothing of an image": (
        "models lenet-digits kernel",
        7,
        "models.lenet-digits.kernel: found 7; leaves nothing of 8 x 8 pixels",
    ),
    "ResNet44 on small images": (
        "models new",
        RESNET44,
        "models.new.dataset: digits has no images of 32 x 32 x 3",
    ),
    "ResNet44 without weights": (
        "models new",
        {"build": "resnet44", "dataset": "digits"},
        "models.new.weights: required, but missing",
    ),
    "weights of a network that is trained here alone": (
        "models new",
        {**RESNET44, "build": "mlp"},
        "models.new.weights: not allowed for build mlp; allowed for all-cnn, cnn, lenet, own,",
    ),
    "recipe beside weights": (
        "models new",
        {**RESNET44, "recipe": {"max_epochs": 3}},
        "models.new.recipe: has no meaning beside weights, which take the place of training",
    ),
    "replicates of given weights": (
        "models new",
        {**RESNET44, "replicates": 3},
        "models.new.replicates: has no meaning beside weights",
    ),
    "misspelt key of weights": (
        "models new",
        {**RESNET44, "weights": {**RESNET44["weights"], "acuracy": 0.9}},
        "models.new.weights.acuracy: unknown key; did you mean 'accuracy'? allowed: accuracy, file",
    ),
    "filters by location of signals that have none": (
        "",
        {
            "datasets": {"own": ARRAYS},
            "models": {"new": OWN},
            "analyses": {"filters": {"of": ["new"]}},
        },
        "analyses.filters.of: new takes no signals with jumps; allowed: cnn-5-9, cnn-7",
    ),
    "libraries of an unknown model": (
        "analyses libraries of lenet-digit",
        ["digits/test"],
        "analyses.libraries.of.lenet-digit: found 'lenet-digit'; did you mean 'lenet-digits'?",
    ),
    "libraries of a layer that there is not": (
        "analyses libraries thresholds CN3",
        [0.5],
        "analyses.libraries.thresholds: found 'CN3'; did you mean 'CN2'? allowed: CN1, CN2",
    ),
    "libraries of a perceptron with the thresholds of a LeNet": (
        "analyses libraries of digits-5",
        ["digits/test"],
        "analyses.libraries.thresholds: found 'CN1'; allowed: hidden-1, hidden-2, hidden-3",
    ),
    "probes of a network that nothing is known to be trained on": (
        "",
        {
            "datasets": {"hub": {**IDX, "files": {"test": IDX["files"]["test"]}, "size": 32}},
            "analyses": {"probes": {"of": {"mlp-2": ["hub/test"]}}},
        },
        "analyses.probes.of.mlp-2: hub/test has 1024 inputs and 10 classes, mlp-2 takes 100 and 60",
    ),
    "an introspection of a network without hidden layers": (
        "analyses introspection of nn-1",
        ["jumps/train"],
        "analyses.introspection.of.nn-1: nn-1 has no hidden layers; allowed: bottle",
    ),
    "an introspection of outputs": (
        "analyses introspection",
        {"of": {"digits-5": ["digits/train"]}, "layers": ["output"]},
        "analyses.introspection.layers: found 'output'; allowed: hidden-1, hidden-2, hidden-3,",
    ),
    "introspections in no ways": (
        "analyses introspection_variants",
        {"of": {"digits-5": ["digits/test"]}},
        "analyses.introspection_variants.variants: none are given",
    ),
    "introspections for what they are fitted on": (
        "analyses introspection_variants",
        {"of": {"digits-5": ["digits/train"]}, "variants": {"usual": {}}},
        "analyses.introspection_variants.of.digits-5: digits/train is what they are fitted on, an",
    ),
    "an introspection that is trained with what is no perceptron": (
        "analyses introspection_variants",
        {"of": {"lenet-digits": ["digits/test"]}, "variants": {"both": {"together": True}}},
        "analyses.introspection_variants.variants.both.together: lenet-digits is no perceptron",
    ),
    "trajectories of a layer that there is not": (
        "analyses introspection_trajectories",
        {"of": {"digits-5": ["digits/train"]}, "layers": ["hidden-9"]},
        "analyses.introspection_trajectories.layers: found 'hidden-9'; did you mean 'hidden-",
    ),
    "silhouettes in an unknown layer": (
        "analyses silhouettes",
        {"of": {"lenet-digits": ["digits/test"]}, "layers": ["FC9"]},
        "analyses.silhouettes.layers: found 'FC9'; did you mean 'FC2'? allowed: CN1, CN2, ",
    ),
    "probes in an unknown layer": (
        "analyses probes",
        {"of": {"lenet-digits": ["digits/test"]}, "layers": ["FC9"]},
        "analyses.probes.layers: found 'FC9'; did you mean 'FC2'? allowed: CN1, CN2, ",
    ),
    "changes of patterns in an unknown layer": (
        "analyses pattern_changes",
        {"of": {"lenet-digits": ["digits-moved/test"]}, "layers": ["FC9"]},
        "analyses.pattern_changes.layers: found 'FC9'; did you mean 'FC2'? allowed: CN1, CN2, ",
    ),
    "mistakes by maps of a network without hidden layers": (
        "analyses misclassification of nn-1",
        ["jumps/test"],
        "analyses.misclassification.of.nn-1: nn-1 has no hidden layers; allowed: ",
    ),
    "mistakes by a hidden vector of a layer that there is not": (
        "analyses misclassification",
        {"of": {"lenet-digits": ["digits/test"]}, "layers": ["FC3"]},
        "analyses.misclassification.layers: found 'FC3'; did you mean 'FC2'? allowed: CN1, CN2",
    ),
    "a t-SNE map of too few training examples": (
        "analyses map_quality",
        {"of": {"digits-5": ["digits/test"]}, "points": 90},
        "analyses.map_quality.points: found 90 training examples of digits-5; t-SNE with perplexi",
    ),
    "the quality of maps for what they are made of": (
        "analyses map_quality of digits-5",
        ["digits/train"],
        "analyses.map_quality.of.digits-5: digits/train is what the maps are made of, which are a",
    ),
    "ensembles on a set that differs by replicate": (
        "analyses ensembles of mlp-2",
        ["jumps/test"],
        "analyses.ensembles.of.mlp-2: jumps/test has a draw per replicate, where an ensemble is sh",
    ),
    "ensembles of more replicates than a block holds": (
        "analyses ensembles",
        {"of": {"lenet-digits": ["digits/test"]}, "sizes": [2, 9]},
        "analyses.ensembles.sizes: found 9; blocks of lenet-digits hold 8 replicates that count",
    ),
    "an ensemble of one": (
        "analyses ensembles",
        {"of": {"digits-5": ["digits/test"]}, "sizes": [1]},
        "analyses.ensembles.sizes.0: found 1; input should be greater than or equal to 2",
    ),
    "errors of which no logarithm can be had": (
        "analyses misclassification",
        {"of": {"digits-5": ["digits/test"]}, "floor": 0.0},
        "analyses.misclassification.floor: found 0.0; input should be greater than 0",
    ),
    "consistency on a set without libraries": (
        "analyses consistency of lenet-digits",
        ["digits/validation"],
        "analyses.consistency.of.lenet-digits: digits/validation is not among those that lenet-d",
    ),
    "consistency of layers at a threshold that is not built": (
        "analyses consistency sets set1 CN1",
        0.12,
        "analyses.consistency.sets.set1.CN1: found 0.12; built: 0.646, 0",
    ),
    "consistency of one layer": (
        "analyses consistency sets new",
        {"CN1": 0.55},
        "analyses.consistency.sets.new: found 1 layers; at least 2 are compared",
    ),
    "distances in a layer without libraries": (
        "analyses consistency mahalanobis",
        "FC3",
        "analyses.consistency.mahalanobis: found 'FC3'; did you mean 'FC2'? allowed: CN1, CN2",
    ),
    "consistency with nothing to tell": (
        "analyses consistency",
        {"attacks": [], "outliers": []},
        "analyses.consistency.attacks: neither attacks nor outliers are given",
    ),
    "consistency and attacks of a set that is none": (
        "analyses consistency attacks",
        ["digits"],
        "analyses.consistency.attacks: found 'digits'; allowed: digits-attacks-normalised, digits-",
    ),
    "consistency and attacks of fewer images": (
        "analyses consistency images",
        300,
        "analyses.consistency.attacks: digits-attacks-normalised has 200 images, and 300 are shown",
    ),
    "consistency and attacks of other images": (
        "datasets digits-attacks-pixels of",
        "digits/train",
        "analyses.consistency.attacks: digits-attacks-pixels is made of digits/train, and not of d",
    ),
    "outliers of another size": (
        "analyses consistency outliers",
        ["jumps/test"],
        "analyses.consistency.outliers: jumps/test has not the 64 inputs of digits",
    ),
    "an attack on a model that there is not": (
        "datasets digits-attacks-pixels model",
        "lenet",
        "datasets.digits-attacks-pixels.model: found 'lenet'; did you mean 'lenet-digits'?",
    ),
    "an attack on a model of other inputs": (
        "datasets digits-attacks-pixels model",
        "mlp-2",
        "datasets.digits-attacks-pixels.of: digits/test has 64 inputs and 10 classes, mlp-2 takes",
    ),
    "an attack of a split that there is not": (
        "datasets digits-attacks-pixels of",
        "digits/tset",
        "datasets.digits-attacks-pixels.of: found 'tset'; did you mean 'test'?",
    ),
    "an attack of a size twice": (
        "datasets digits-attacks-pixels sizes",
        [0.1, 0.2, 0.1],
        "datasets.digits-attacks-pixels.sizes: found [0.1, 0.2, 0.1]; 0.1 is there twice",
    ),
    "noise of a split that there is not": (
        "datasets new",
        {**NOISE, "of": "digits/tset"},
        "datasets.new.of: found 'tset'; did you mean 'test'? allowed: test, train, validation",
    ),
    "noise without a split": (
        "datasets new",
        {**NOISE, "of": "digits"},
        "datasets.new.of: found 'digits'; string should match pattern",
    ),
    "noise of nothing": (
        "datasets new",
        {**NOISE, "sigmas": []},
        "datasets.new.sigmas: found []; list should have at least 1 item",
    ),
    "noise of a negative deviation": (
        "datasets new",
        {**NOISE, "sigmas": [-0.1]},
        "datasets.new.sigmas.0: found -0.1; input should be greater than or equal to 0",
    ),
    "noise of deviations with one name": (
        "datasets new",
        {**NOISE, "sigmas": [0.1, 0.1000000001]},
        "datasets.new.sigmas: 0.1 is there twice",
    ),
    "noise of examples chosen twice": (
        "datasets new",
        {**NOISE, "images": 5, "examples": [907]},
        "datasets.new: images and examples are given; allowed: one of them",
    ),
    "noise of no examples": (
        "datasets new",
        {**NOISE, "examples": []},
        "datasets.new.examples: found []; value should have at least 1 item",
    ),
    "noise of an example that can't be": (
        "datasets new",
        {**NOISE, "examples": [-1]},
        "datasets.new.examples.0: found -1; input should be greater than or equal to 0",
    ),
    "noise to train on": (
        "",
        {"datasets": {"new": NOISE}, "models": {"digits-5": {"dataset": "new"}}},
        "models.digits-5.dataset: found 'new'; allowed: digits, digits-moved, jumps",
    ),
    "shares of another number of classes": (
        "datasets new",
        {"kind": "unbalanced", "of": "digits", "shares": [1, 0.5]},
        "datasets.new.shares: found 2 shares; digits has 10 classes",
    ),
    "a share that leaves nothing": (
        "datasets new",
        {"kind": "unbalanced", "of": "digits", "shares": [0]},
        "datasets.new.shares.0: found 0; input should be greater than 0",
    ),
    "shares of a set that is not trained on": (
        "datasets new",
        {"kind": "unbalanced", "of": "photos", "shares": [1, 0.5]},
        "datasets.new.of: photos has no train set to thin out",
    ),
    "a square on signals": (
        "datasets new",
        {"kind": "occluded", "of": "jumps", "patch": 3},
        "datasets.new.of: jumps has no images",
    ),
    "a square that is too large": (
        "datasets new",
        {"kind": "occluded", "of": "digits", "patch": 9},
        "datasets.new.patch: found 9; at most 8, the images' side",
    ),
    "paths on a model that there is not": (
        "datasets new",
        {**PATHS, "model": "digits5"},
        "datasets.new.model: found 'digits5'; did you mean 'digits-5'? allowed:",
    ),
    "paths on a model of other inputs": (
        "datasets new",
        {**PATHS, "model": "mlp-2"},
        "datasets.new.of: digits/test has 64 inputs and 10 classes, mlp-2 takes 100 and 60",
    ),
    "paths of nobody knows how many examples": (
        "datasets new",
        {**PATHS, "images": None},
        "datasets.new: neither images nor examples are given; wanted: one of them",
    ),
    "paths of which the end is no record": (
        "datasets new",
        {**PATHS, "every": 7},
        "datasets.new.every: found 7; must divide steps (100)",
    ),
    "an attack that evades what weighs nothing": (
        "datasets new",
        {**PATHS, "evades": {"density": 0.0}},
        "datasets.new.evades: no sign weighs anything; allowed: one at least above 0",
    ),
    "an attack that evades an introspection that there is not": (
        "datasets new",
        {**PATHS, "evades": {"density": 0.1}},
        "datasets.new.evades: digits-5 has no introspection; allowed: ",
    ),
    "paths that are a set of their own kind of walk": (
        "datasets new",
        {**PATHS, "walk": "fgsm"},
        "datasets.new.walk: unknown key; allowed: clip, evades, every, examples, images, kind, mod",
    ),
    "an attack of itself": (
        "datasets digits-attacks-pixels of",
        "digits-attacks-normalised/pgd-0.7",
        "datasets.digits-attacks-pixels.of: found 'pgd-0.7'; did you mean 'pgd-0.5'? allowed: cli",
    ),
    "attacks in a circle": (
        "datasets",
        {
            "digits-attacks-pixels": {"of": "digits-attacks-normalised/pgd-0.1"},
            "digits-attacks-normalised": {"of": "digits-attacks-pixels/pgd-0.1"},
        },
        "datasets.digits-attacks-pixels.of: digits-attacks-normalised is itself made from digits-a",
    ),
    "an attack to train on": (
        "models digits-5 dataset",
        "digits-attacks-pixels",
        "models.digits-5.dataset: found 'digits-attacks-pixels'; allowed: digits, digits-moved, j",
    ),
    "an attack with fewer draws than a model that is shown it": (
        "",
        {
            "models": {"lenet-digits": {"replicates": 2, "together": 2}},
            "analyses": {"predictions": {"of": {"digits-5": ["digits-attacks-pixels/pgd-0.1"]}}},
        },
        "analyses.predictions.of.digits-5: digits-attacks-pixels has 2 draws, one per replicate of",
    ),
    "clipping of signals, which have no bounds": (
        "",
        {
            "datasets": {
                "a": {"kind": "attack", "of": "jumps/test", "model": "nn-1", "sizes": [1]}
            },
            "analyses": {"predictions": {"of": {"nn-1": ["a/clip-1"]}}},
        },
        "analyses.predictions.of.nn-1: found 'clip-1'; did you mean",
    ),
    "filters of a network without": (
        "analyses filters of",
        ["mlp-2"],
        "analyses.filters.of: mlp-2 has no convolutions of signals; allowed: cnn-5-9, cnn-7",
    ),
    "ascent of a network on images": (
        "analyses gradient_ascents of",
        ["digits-5"],
        "analyses.gradient_ascents.of: digits-5 takes no signals with jumps; allowed: bottle",
    ),
    "trajectories without checkpoints": (
        "analyses deviation_trajectories of mlp-3",
        ["jumps/test"],
        "analyses.deviation_trajectories.of.mlp-3: mlp-3 has no checkpoints; allowed: digits-5,",
    ),
    "figure of filters that are not looked at": (
        "figures chen2017-3.18a model",
        "mlp-2",
        "figures.chen2017-3.18a.model: found 'mlp-2'; allowed: cnn-5-9, cnn-7",
    ),
    "plane of a layer that has not two units": (
        "figures plane layer",
        "output",
        "figures.plane.layer: output of bottleneck-2 has not two units",
    ),
    "plane of a layer that there is not": (
        "figures plane layer",
        "hidden-2",
        "figures.plane.layer: found 'hidden-2'; did you mean 'hidden-1'?",
    ),
    "maps of a layer that there is not": (
        "figures chen2017-6.6 layers",
        ["hidden-9"],
        "figures.chen2017-6.6.layers.0: found 'hidden-9'; did you mean",
    ),
    "ascent to a location without a class": (
        "figures chen2017-5.3 location",
        20,
        "figures.chen2017-5.3.location: found 20; jumps of the set jumps are at 21 to 80",
    ),
    "width of a network without hidden layers": (
        "figures new",
        {**WIDTHS, "models": ["bottleneck-2", "nn-1"]},
        "figures.new.models.1: found 'nn-1'; allowed: bottleneck-2, deep-bottleneck-2, digits-5, ",
    ),
    "bottlenecks of one width": (
        "figures new",
        {**WIDTHS, "models": ["bottleneck-2", "deep-bottleneck-2"]},
        "figures.new.models: found bottlenecks of [2, 2] units; must differ",
    ),
    "width of a network that is not analysed": (
        "figures new",
        {**WIDTHS, "models": ["bottleneck-2", "long"]},
        "figures.new.models.1: found 'long'; allowed: blind-step-likelihood, bottleneck-2,",
    ),
    "more curves than colours": (
        "figures chen2017-7.3 colours",
        ["#000000", "#111111"],
        "figures.chen2017-7.3.colours: 2 for 3 curves",
    ),
    "a set of the second of two columns on the same set": (
        "figures chen2017-6.5 columns",
        [
            {"title": "a", "model": "memorising", "set": "jumps-shuffled/train"},
            {"title": "jumps-shuffled/train", "model": "mlp-4", "set": "jumps-shuffled/train"},
        ],
        "figures.chen2017-6.5.columns.1.set: found 'jumps-shuffled/train'; did you mean 'jumps/t",
    ),
    "a set of one of the networks beside": (
        "figures chen2017-7.3 others",
        [
            {"model": "memorising", "set": "jumps/test"},
            {"model": "long", "set": "jumps/tset"},
        ],
        "figures.chen2017-7.3.others.1.set: found 'jumps/tset'; did you mean 'jumps/test'?",
    ),
    "an ascent of a network that is not climbed": (
        "figures chen2017-5.1-5.2 models",
        ["mlp-2", "long"],
        "figures.chen2017-5.1-5.2.models.1: found 'long'; allowed: cnn-5-9, cnn-7, mlp-2,",
    ),
    "activations of a network that there is not": (
        "figures plane model",
        "bottleneck-3",
        "figures.plane.model: found 'bottleneck-3'; did you mean 'bottleneck-2'?",
    ),
    "activations on a split that there is not": (
        "figures plane set",
        "jumps/tset",
        "figures.plane.set: found 'jumps/tset'; did you mean 'jumps/test'?",
    ),
    "curves of a network that there is not": (
        "figures chen2017-3.9 model",
        "lenet-digit",
        "figures.chen2017-3.9.model: found 'lenet-digit'; did you mean 'lenet-digits'?",
    ),
    "libraries that are not built": (
        "figures lee2019-3-digits model",
        "lenet",
        "figures.lee2019-3-digits.model: found 'lenet'; did you mean 'lenet-digits'?",
    ),
    "confusion in a layer without libraries": (
        "figures lee2019-3-digits thresholds CN3",
        [0.65],
        "figures.lee2019-3-digits.thresholds: found 'CN3'; did you mean 'CN2'?",
    ),
    "confusion at a threshold that is not built": (
        "figures lee2019-3-digits thresholds CN1",
        [0.123],
        "figures.lee2019-3-digits.thresholds.CN1: found 0.123; built: ",
    ),
    "an attack of a size that is not made": (
        "figures lee2019-5-digits shown",
        0.123,
        "figures.lee2019-5-digits.shown: found 0.123; attacks, normalised: ",
    ),
    "table of a method that is not analysed": (
        "tables chen2017-3.2 methods",
        ["mlp-2", "fitted"],
        "tables.chen2017-3.2.methods.1: found 'fitted'; allowed: blind-step-likelihood, bottl",
    ),
}


@pytest.mark.parametrize(("path", "value", "line"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_said_with_its_path_and_what_is_allowed(path, value, line):
    found = problems(nested(path, value))
    assert any(each.startswith(line) for each in found), found


FORMER = {
    "networks": ({"mlp-2": {}}, "networks", "models, with build: mlp or cnn-1d"),
    "bottlenecks": ({"a": {}}, "bottlenecks", "models, one per width, with build: mlp"),
    "libraries": ({"a": {}}, "libraries", "analyses, of the kinds libraries and consistency"),
    "classifiers": ({"a": {}}, "classifiers", "models, with build: lenet or resnet44"),
    "models mlp-2 kind": ("mlp", "models.mlp-2.kind", "build"),
    "models new": ({"kind": "mlp", "dataset": "jumps"}, "models.new.kind", "build"),
    "models lenet-digits recipe epochs": (
        10,
        "models.lenet-digits.recipe.epochs",
        "max_epochs, with stop: epochs",
    ),
    "models lenet-digits accuracy": (0.9, "models.lenet-digits.accuracy", "weights.accuracy"),
    "figures new": ({**WIDTHS, "bottlenecks": "a"}, "figures.new.bottlenecks", "models, the list"),
    "figures chen2017-3.12 network": ("mlp-2", "figures.chen2017-3.12.network", "model"),
    "figures chen2017-7.1-family networks": (
        ["mlp-2"],
        "figures.chen2017-7.1-family.networks",
        "models",
    ),
    "detectors nn-1-filter network": ("nn-1", "detectors.nn-1-filter.network", "model"),
    "figures chen2017-6.6 columns": (
        [{"title": "a", "network": "mlp-4", "set": "jumps/train"}],
        "figures.chen2017-6.6.columns.0.network",
        "model",
    ),
}


@pytest.mark.parametrize(
    ("path", "value", "line"),
    [
        (
            "figures new",
            {"kind": "heatmaps", "title": "a"},
            "'heatmaps' is now called 'activation-heatmaps'",
        ),
        (
            "analyses trajectories",
            {"of": {"long": ["jumps/test"]}},
            "'trajectories' is now called 'deviation_trajectories'",
        ),
        (
            "experiments new",
            {"kind": "embeddings"},
            "'embeddings' is now called 'moore-penrose-embeddings'",
        ),
    ],
)
def test_a_former_kind_is_answered_with_its_name(path, value, line):
    assert any(each.endswith(line) for each in problems(nested(path, value)))


@pytest.mark.parametrize("path", FORMER)
def test_a_former_key_is_answered_with_what_stands_in_its_place(path):
    value, where, instead = FORMER[path]
    line = f"{where}: no longer a key; in its place: {instead}"
    found = problems(nested(path, value))
    assert any(each.startswith(line) for each in found), found


BUILDS = {
    "mlp": {"dataset": "digits", "hidden": [7, 5]},
    "cnn-1d": {"dataset": "jumps", "convolutions": [5, 3], "hidden": [9]},
    "all-cnn": {"dataset": "hub", "widths": [6, 7], "dense": [9, 8]},
    "cnn": {"dataset": "hub", "filters": [5, 6], "dense": [9, 8], "keep": [0.8, 0.7, 0.6, 0.5]},
    "lenet": {"dataset": "digits", "kernel": 3, "padding": 1, "recipe": {"stop": "epochs"}},
    "resnet44": {**RESNET44, "dataset": "hub"},
}


@pytest.mark.parametrize("build", BUILDS)
def test_layers_that_a_build_is_said_to_have_are_those_that_it_has(build):
    section = {"build": build, **BUILDS[build]}
    config = schema.load(changed({"datasets": {"hub": HUB}, "models": {"new": section}}))
    data, shape = config.origin_of("new"), config.image_shape(section["dataset"])
    described = describe(config.models["new"].architecture(), shape or [data.width], data.classes)
    network = architecture(described)
    model = network.model(network.start([np.random.default_rng(0)])[0].states()[0])
    layers = {layer.name: layer.units for layer in model.layers}
    assert list(config.layers("new").items()) == list(layers.items())


def test_every_build_says_which_layers_it_has():
    builds = get_args(get_args(Model)[0])
    kinds = {get_args(each.model_fields["build"].annotation)[0] for each in builds}
    assert kinds - {"own"} == set(BUILDS), "a user's own is said by its places"


def test_given_weights_are_one_replicate_however_many_the_study_has():
    given = {**RESNET44, "dataset": "hub"}
    few = {"replicates": 20, "together": 5, "models": {"mlp-4": {"replicates": 10}}}
    sets, models = {"datasets": {"hub": HUB}}, {"models": {"given": given}}
    config = schema.load(changed(few, sets, models))
    assert (config.count("given"), config.side_by_side("given")) == (1, 1)
    assert (config.count("mlp-2"), config.side_by_side("mlp-2")) == (20, 5)
    before = schema.load(changed(few)).own_counts()
    assert before.items() >= {"mlp-4": 10, "mlp-4@0": 10}.items()
    assert "mlp-2" not in before
    assert config.own_counts() == {**before, "given": 1}


@pytest.mark.parametrize(
    "changes",
    [
        {"sed": 1, "replicates": 0, "device": "gpu"},
        {"datasets": {"jumps": {"last": 101}, "digits": {"test": 1800}}},
        {
            "models": {"mlp-2": {"dataset": "jump"}, "mlp-4": {"dataset": "digit"}},
            "detectors": {"gaussian-derivative": {"window": 18}},
        },
        {"analyses": {"averages": {"of": {"nn-1": ["jumps/tset"], "mlp-5": ["jumps/test"]}}}},
    ],
)
def test_several_problems_are_reported_at_once(changes):
    def leaves(section):
        return sum(leaves(each) if isinstance(each, dict) else 1 for each in section.values())

    assert len(problems(changes)) == leaves(changes)


def test_a_wrong_config_gives_no_problem_that_follows_from_another():
    assert len(problems({"models": {"mlp-2": {"dataset": "jump"}}})) == 1
    assert len(problems({"detectors": {"step-likelihood": {"dataset": "jump"}}})) == 1
    assert len(problems({"datasets": {"jumps-shuffled": {"of": "jump"}}})) == 1


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        (
            {
                "analyses": {"gradient_ascents": {"of": ["digits-5"]}},
                "figures": {"chen2017-5.3": {"model": "digits-5"}},
            },
            "figures.chen2017-5.3.location: digits has no signals with jumps",
        ),
        (
            {
                "analyses": {"confidences": {"of": {"mlp-2": ["hand/all"]}}},
                "figures": {"chen2017-7.1-shapes": {"set": "hand/all"}},
            },
            "analyses.confidences.of.mlp-2: found 'hand'; ",
        ),
        (
            {
                "analyses": {"averages": {"of": {"mlp-4": ["jump/averages"]}}},
                "figures": {"chen2017-6.3": {"model": "mlp-4", "set": "jump/averages"}},
            },
            "analyses.averages.of.mlp-4: found 'jump'; did you mean 'jumps'?",
        ),
    ],
)
def test_a_figure_of_what_is_wrong_itself_is_still_answered_in_words(changes, line):
    assert any(each.startswith(line) for each in problems(changes))


def test_the_nearest_name_is_offered_only_if_one_is_near():
    assert schema.nearest("mpl-2", ["mlp-4", "mlp-2"]) == (
        "did you mean 'mlp-2'? allowed: mlp-2, mlp-4"
    )
    assert schema.nearest("x", ["mlp-4", "mlp-2"]) == "allowed: mlp-2, mlp-4"
    assert schema.nearest("x", []) == "allowed: none"


def test_a_checkpoint_is_named_by_its_model_and_an_epoch_that_is_kept() -> None:
    kept = {"analyses": {"deviations": {"of": {"long@0": ["jumps/test"]}}}}
    config = schema.load(workflow.content(kept))
    assert config.is_model("long@0") and "long@0" in config.asked("deviations")
    for wrong, said in (
        ("long@7", "found 'long@7'; allowed: long@0, long@1, long@3,"),
        ("long@end", "found 'long@end'; allowed: long@0,"),
        ("mlp-3@0", "found 'mlp-3@0'; allowed: none (models.mlp-3.checkpoints)"),
        ("lonf@0", "found 'lonf@0'; did you mean 'long'?"),
    ):
        change = {"analyses": {"deviations": {"of": {wrong: ["jumps/test"]}}}}
        with pytest.raises(schema.ConfigError, match=re.escape(said)):
            schema.load(workflow.content(change))
    followed = {"analyses": {"deviation_trajectories": {"of": {"long@0": ["jumps/test"]}}}}
    with pytest.raises(schema.ConfigError, match="long@0 is one checkpoint"):
        schema.load(workflow.content(followed))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            {"models": {"mlp-2": {"recipe": {"learning_rate": "1e-3"}}}},
            "mlp-2.recipe.learning_rate: found the text '1e-3'; YAML wants a point in such a "
            "number: 1.0e-03",
        ),
        (
            {"models": {False: {"build": "mlp", "dataset": "jumps"}}},
            "found False, which is how YAML reads no, off and false; write a word in quotes",
        ),
        ({"device": True}, "device: found True, which is how YAML reads yes, on and true; write a"),
        (
            {"analyses": {"predictions": {"of": {"mlp-2": ["jumps/test", "jumps/test"]}}}},
            "analyses.predictions.of.mlp-2: found ['jumps/test', 'jumps/test']; jumps/test is "
            "there twice",
        ),
        ({"tables": {"chen2017-3.1": {"methods": ["nn-1", "nn-1"]}}}, "nn-1 is there twice"),
        ({"analyses": {"libraries": {"thresholds": {"FC1": [0.5, 0.5]}}}}, "0.5 is there twice"),
        (
            {"figures": {"chen2017-3.12": {"colour_map": "virids"}}},
            "figures.chen2017-3.12.colour_map: found 'virids'; matplotlib has viridis",
        ),
        (
            {"together": 1_000_000},
            "together: found 1000000; input should be less than or equal to",
        ),
    ],
)
def test_what_yaml_reads_otherwise_and_what_stands_twice_is_said(change, said):
    with pytest.raises(schema.ConfigError, match=re.escape(said)):
        schema.load(workflow.content(change))


def test_a_colour_map_of_matplotlib_is_taken_whatever_its_name():
    schema.load(workflow.content({"figures": {"chen2017-3.12": {"colour_map": "magma"}}}))


def test_a_key_that_stands_twice_is_refused_with_both_lines(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("models:\n  a: {build: mlp}\nseed: 1\nmodels:\n  b: {c: 1, c: 2}\n")
    with pytest.raises(schema.ConfigError) as refused:
        schema.load_study({"works": []}, workflow.ROOT / "config", [path])
    assert str(refused.value).splitlines() == [
        f"{path}: models: stands in line 1 and again in line 4",
        f"{path}: models.b.c: stands twice in line 5",
    ]
    for right in ("a: 1\nb: 2\n", "a: &a {c: 1}\nb: {<<: *a, c: 2}\n"):
        path.write_text(right)
        refuse_twice([path])
