"""Figures of neurons show what they are given, and refuse what can't be shown."""

from argparse import Namespace
from types import SimpleNamespace

import matplotlib
import numpy as np
import pandas as pd
import pytest
import torch

from figures import discriminative_neuron_map, neuron_activation_map, observation_and_neuron_maps
from glassbox.analyses.neuron_maps import Settings, neuron_maps
from glassbox.errors import GlassboxError
from glassbox.figures import maps
from glassbox.figures import neurons as shared
from glassbox.figures.discriminative_neuron_map import PALE, NeuronMap
from glassbox.figures.discriminative_neuron_map import discriminative_neuron_map as draw_roles
from glassbox.figures.neuron_activation_map import neuron_activation_map as draw_activation
from glassbox.figures.observation_and_neuron_maps import Pair
from glassbox.figures.observation_and_neuron_maps import observation_and_neuron_maps as draw_pairs
from glassbox.seeds import stream_seed
from glassbox.tables import Examples, write_table
from study.paths import NotMade
from study.schema.figures import neurons as kinds
from study.schema.figures.introspection import COLOURS
from study.schema.figures.kind import Refused

TINTS = maps.rgb(COLOURS)
CLASSES, COUNT, UNITS = 3, 90, 24
SETTINGS = Settings(trees=5, neighbours=3, permutations=9)
OF = {"replicate": 0, "set": "digits/test"}


def tables(method, strength):
    """The tables of a layer whose neurons tell classes, of which one is dead, one constant."""
    rng = np.random.default_rng(0)
    labels = np.arange(COUNT) % CLASSES
    tells = np.arange(UNITS) % CLASSES
    values = strength * (labels[:, None] == tells) + rng.normal(size=(COUNT, UNITS))
    values[:, 4], values[:, 5] = 0, 1
    examples = Examples(np.arange(COUNT), labels, values.astype(np.float32), {"classes": CLASSES})
    made = neuron_maps(
        examples, SETTINGS, lambda what: stream_seed(0, what) % 2**32, torch.device("cpu")
    )
    return {
        name: table.assign(layer="hidden-2", depth=2, method=method, **OF)
        for name, table in made.items()
    }


BEFORE, AFTER = tables("net@0", 0.3), tables("net", 3)


def projections(method):
    """Maps of two layers, of two thirds of the observations."""
    rng = np.random.default_rng(1)
    ids = np.arange(0, COUNT, 3).repeat(2) + np.tile([0, 1], COUNT // 3)
    own = {"example_id": ids, "label": ids % CLASSES, "method": method, **OF}
    own |= {"projection": "t-sne", "draw": 0, "seed": 0}
    frames = [
        pd.DataFrame({**own, "layer": layer, "depth": depth}).assign(
            x=rng.normal(size=len(ids)) + ids % CLASSES, y=depth
        )
        for layer, depth in (("hidden-1", 1), ("hidden-2", 2), ("output", 3))
    ]
    first = pd.concat(frames, ignore_index=True)
    others = [{"seed": 1}, {"draw": 1}, {"projection": "mds"}]
    return pd.concat([first, *(first.assign(x=9.0, **each) for each in others)], ignore_index=True)


def both(name):
    return [BEFORE[name], AFTER[name]]


NETWORKS = [{"title": "before", "model": "net@0"}, {"title": "after", "model": "net"}]
KEYS = {"set": "digits/test", "layer": None, "colours": COLOURS}
PROGRAMS = {
    "observation_and_neuron_maps": (
        observation_and_neuron_maps,
        {**KEYS, "models": NETWORKS, "label": 1, "score": "trees", "colour_map": "YlGnBu"},
        {
            "maps": [projections("net@0"), projections("net")],
            "neurons": both("table"),
            "scores": both("scores"),
            "measures": both("measures"),
        },
    ),
    "discriminative_neuron_map": (
        discriminative_neuron_map,
        {**KEYS, "models": NETWORKS, "score": "trees"},
        {"neurons": both("table"), "measures": both("measures")},
    ),
    "neuron_activation_map": (
        neuron_activation_map,
        {**KEYS, "model": "net", "label": 1, "colour_map": "viridis"},
        {
            "maps": [projections("net")],
            "chosen": [AFTER["chosen"]],
            "responses": [AFTER["responses"]],
        },
    ),
}


def written(name, folder, **keys):
    """What a program writes for its tables."""
    program, config, roles = PROGRAMS[name]
    options = {}
    for role, content in roles.items():
        options[role] = [folder / f"{role}{place}.parquet" for place in range(len(content))]
        for path, each in zip(options[role], content, strict=True):
            write_table(path, each)
    program.main(Namespace(config={**config, **keys}, output=folder / "figure.svg", **options))
    return (folder / "figure.svg").read_bytes()


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_figure_has_the_same_bytes_again(name, tmp_path):
    first = written(name, tmp_path)
    with matplotlib.rc_context({"font.size": 20, "axes.grid": True}):
        assert written(name, tmp_path) == first
    assert b"<dc:date>" not in first
    assert b"<text" not in first


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_layer_that_there_is_not_is_named(name, tmp_path):
    with pytest.raises(GlassboxError, match="no layer conv-1 in the table: it has hidden-2"):
        written(name, tmp_path, layer="conv-1")


def test_a_class_that_no_neuron_was_chosen_for_is_named(tmp_path):
    with pytest.raises(GlassboxError, match="no neuron was chosen for class 7"):
        written("neuron_activation_map", tmp_path, label=7)


def pair(title, made):
    points = shared.observations(projections("net"), "hidden-2")
    return Pair(title, points, made["table"], made["scores"], made["measures"])


def offsets(axes, place=0):
    return axes.collections[place].get_offsets()


def test_pairs_show_observations_by_class_and_neurons_by_score():
    shown = [pair("before", BEFORE), pair("after", AFTER)]
    *axes, bar = draw_pairs(shown, 1, "trees", COLOURS, "YlGnBu").axes
    for each, left, right in zip(shown, axes[::2], axes[1::2], strict=True):
        np.testing.assert_allclose(offsets(left), each.points[["z1", "z2"]])
        colours = left.collections[0].get_facecolors()[:, :3]
        np.testing.assert_allclose(colours, TINTS[each.points["label"]])
        dots = right.collections[0]
        own = each.scores[each.scores["label"] == 1].set_index("unit")["trees"].sort_values()
        np.testing.assert_allclose(dots.get_array(), own)  # the best on top
        places = each.neurons.set_index("unit").loc[own.index, ["x", "y"]]
        np.testing.assert_allclose(dots.get_offsets(), places)
        assert len(own) == UNITS - 2
    limits = {each.collections[0].get_clim() for each in axes[1::2]}
    every = np.concatenate([each.scores.query("label == 1")["trees"] for each in shown])
    assert limits == {(0, np.percentile(every, 95))}
    assert bar.get_xlabel() == "how well a neuron tells class 1 from the rest: importance"


def test_titles_say_how_many_are_left_out_and_whether_like_ones_group():
    _, right, _ = draw_pairs([pair("after", AFTER)], 1, "auroc", COLOURS, "YlGnBu").axes
    values = AFTER["measures"].query("measure == 'moran' and score == 'auroc' and label == 1")
    values = values.set_index("space")["value"]
    title = right.get_title("left")
    assert "after: neurons\n22 varying, 1 dead, 1 constant\n" in title
    assert f"Moran's I {values['map']:.2f} here, {values['dissimilarities']:.2f}" in title


def test_the_power_of_an_auroc_is_shown():
    scores = pd.DataFrame({"unit": [3, 4], "label": 1, "auroc": [0.1, 0.5], "trees": [0.3, 0.7]})
    assert shared.scores_for(scores, "auroc", 1).round(9).to_dict() == {3: 0.8, 4: 0.0}
    assert shared.scores_for(scores, "trees", 1).to_dict() == {3: 0.3, 4: 0.7}


def test_neurons_have_the_colour_of_their_class_as_strong_as_its_score():
    neurons = pd.DataFrame(
        {
            "unit": range(5),
            "state": [*["varying"] * 4, "dead"],
            "x": [0, 1, 2, 3, np.nan],
            "y": 0.0,
            "class_trees": [2, 1, 0, 1, -1],
            "score_trees": [0.0, 0.2, 0.1, 0.2, np.nan],
        }
    )
    shown = NeuronMap("net", neurons, AFTER["measures"])
    axes, empty = draw_roles([shown], "trees", COLOURS).axes
    assert not empty.axison
    dots = axes.collections[0]
    assert dots.get_offsets()[:, 0].tolist() == [0, 2, 1, 3]
    expected = [PALE, (PALE + TINTS[0]) / 2, TINTS[1], TINTS[1]]
    np.testing.assert_allclose(dots.get_facecolors()[:, :3], expected)
    purity = AFTER["measures"].query("measure == 'purity' and score == 'trees'")
    by_space = purity.set_index("space")["value"]
    values = [by_space[each] for each in ("map", "dissimilarities", "within classes")]
    assert axes.get_title(
        "left"
    ) == "net\n4 varying, 1 dead\npurity {:.2f} / {:.2f} / {:.2f}".format(*values)


def test_an_activation_is_shown_on_the_half_that_it_was_not_chosen_on():
    points = shared.observations(projections("net"), "hidden-2")
    chosen = AFTER["chosen"].to_dict("records")[1]
    own = AFTER["responses"].query("chosen_for == 1")
    left, right, bar = draw_activation(points, own, chosen, COLOURS, "viridis").axes
    values = own.set_index("example_id")["value"]
    told = points[points["example_id"].isin(values.index)].set_index("example_id")
    assert 0 < len(told) < len(points)
    dots = right.collections[0]
    by_value = values[told.index].sort_values()
    np.testing.assert_allclose(dots.get_array(), by_value)
    np.testing.assert_allclose(dots.get_offsets(), told.loc[by_value.index, ["z1", "z2"]])
    assert len(offsets(left)) == len(points)
    assert f"on the {len(told):,} observations that it was not chosen on" in bar.get_xlabel()
    title = right.get_title("left")
    assert title.startswith(f"(b) neuron {chosen['unit']}, chosen for class 1\nAUROC ")
    assert f"AUROC {chosen['auroc_1']:.2f}; of class {chosen['runner_up']}: " in title
    (box,) = right.patches
    x, width = box.get_x(), box.get_width()
    inside = points.query("label == 1")["z1"].between(x, x + width).mean()
    assert 0.75 <= inside <= 0.85


# What the config can ask for


class Made:
    """A study in which the neurons of hidden-2 of net and net@0 are mapped, on digits/test."""

    def __init__(self, layers=("hidden-2",)):
        entry = SimpleNamespace(layers=list(layers) if layers else None)
        origin = SimpleNamespace(classes=CLASSES)
        self.config = SimpleNamespace(
            analysis=lambda kind, model, wanted: entry, origin=lambda dataset: origin
        )

    def made(self, table):
        return {"net": ["digits/test"], "net@0": ["digits/test"]}

    def tables(self, table, of, wanted):
        if of not in self.made(table):
            raise NotMade(of, self.made(table))
        return [f"{table}/{of}/{block}" for block in ("0-2", "3-5")]


def titled(kind, **keys):
    networks = [kinds.Titled(title="after", model="net")]
    keys = {"models": networks, "set": "digits/test", **keys}
    return kind.titled("t", **keys)


def test_figures_are_drawn_from_the_first_block_of_each_network():
    figure = titled(kinds.ObservationAndNeuronMaps, label=1, layer="hidden-2")
    assert figure.data(Made()) == {
        "maps": ["projections/net/0-2"],
        "neurons": ["neuron_maps/net/0-2"],
        "measures": ["neuron_maps.measures/net/0-2"],
        "scores": ["neuron_maps.scores/net/0-2"],
    }
    figure = kinds.NeuronActivationMap.titled("t", model="net", set="digits/test", label=1)
    assert figure.data(Made()) == {
        "maps": ["projections/net/0-2"],
        "chosen": ["neuron_maps.chosen/net/0-2"],
        "responses": ["neuron_maps.responses/net/0-2"],
    }


def test_of_a_model_alone_the_discriminative_map_is_shown():
    figure = kinds.DiscriminativeNeuronMap.of(Made(), "net", "digits/test")
    assert [each.model for each in figure.models] == ["net"]
    assert kinds.DiscriminativeNeuronMap.of(Made(), "other", "digits/test") is None


def test_layers_classes_and_colours_that_there_are_not_are_refused():
    roles = kinds.DiscriminativeNeuronMap
    with pytest.raises(NotMade, match="found 'conv-1'; allowed: hidden-2"):
        titled(roles, layer="conv-1").data(Made())
    assert titled(roles, layer="any").data(Made(layers=None))  # which they are, the job finds out
    with pytest.raises(Refused, match="found 3; digits/test has classes 0 to 2"):
        titled(kinds.ObservationAndNeuronMaps, label=3).data(Made())
    with pytest.raises(Refused, match="found 2; digits/test has 3 classes"):
        titled(roles, colours=COLOURS[:2]).data(Made())
    with pytest.raises(NotMade, match="found 'other'"):
        titled(roles, models=[kinds.Titled(title="t", model="other")]).data(Made())
