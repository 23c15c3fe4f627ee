"""Figures of self-introspection show what they are given, and refuse what can't be shown."""

from argparse import Namespace
from itertools import combinations
from types import SimpleNamespace

import matplotlib
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgb

from figures import (
    attack_trajectories,
    constellations,
    error_violins,
    introspection_maps,
    introspection_quality,
    patterns_of_examples,
    reordered_network,
    risk_coverage_curves,
    trajectory_maps,
)
from glassbox.errors import GlassboxError
from glassbox.figures import maps
from glassbox.figures.attack_trajectories import attack_trajectories as draw_attacks
from glassbox.figures.constellations import Constellation, noisy_copies
from glassbox.figures.constellations import constellations as draw_constellations
from glassbox.figures.error_violins import error_violins as draw_violins
from glassbox.figures.introspection_maps import introspection_maps as draw_maps
from glassbox.figures.introspection_quality import introspection_quality as draw_quality
from glassbox.figures.patterns import layers_in_order, picture
from glassbox.figures.patterns_of_examples import patterns_of_examples as draw_examples
from glassbox.figures.reordered_network import reordered_network as draw_network
from glassbox.figures.risk_coverage_curves import risk_coverage_curves as draw_curves
from glassbox.figures.trajectory_maps import trajectory_maps as draw_trajectories
from glassbox.tables import Examples, write_examples, write_table
from study.paths import NotMade
from study.schema.figures import introspection as kinds
from study.schema.figures.kind import Refused

COLOURS = kinds.COLOURS
TINTS = maps.rgb(COLOURS)
CLASSES, UNITS, COUNT = 3, {1: 5, 2: 4}, 30
LIMITS = (-4.0, 0.0)


def points(wanted="digits/test", seed=0, **columns):
    """A map of a set whose every tenth example is misclassified."""
    rng = np.random.default_rng(seed)
    label = np.arange(COUNT) % CLASSES
    answer = np.where(np.arange(COUNT) % 10, label, (label + 1) % CLASSES)
    z = rng.normal(size=(2, COUNT)) + label
    table = {
        "method": "net",
        "replicate": 0,
        "set": wanted,
        "example_id": np.arange(COUNT) + 100,
        "label": label,
        "answer": answer,
        "right": label == answer,
        "z1": z[0],
        "z2": z[1],
        "estimate": rng.normal(-3, 1, COUNT),
    }
    return pd.DataFrame(table | columns)


def plane():
    grid = pd.MultiIndex.from_product([np.linspace(-3, 4, 8), np.linspace(-2, 5, 6)])
    table = grid.to_frame(index=False, name=["z1", "z2"])
    return table.assign(replicate=0, estimate=table["z1"] - 3)


def inputs(ids=COUNT, **metadata):
    values = np.random.default_rng(1).random((ids, 4)).astype(np.float32)
    return Examples(
        np.arange(ids) + 100, np.arange(ids) % CLASSES, values, {"classes": CLASSES, **metadata}
    )


def expected():
    rows = [
        (
            0,
            f"hidden-{depth}",
            depth,
            unit,
            label,
            (label + 1) * (1 if unit % CLASSES == label else 0),
        )
        for depth, units in UNITS.items()
        for unit in range(units)
        for label in range(CLASSES)
    ]
    columns = ["replicate", "layer", "depth", "unit", "label", "decoded"]
    return pd.DataFrame(rows, columns=columns)


def patterns():
    own = points().iloc[[1, 0]]
    units = expected()[["layer", "depth", "unit"]].drop_duplicates()
    return own.merge(units, how="cross").assign(
        value=lambda rows: 10 * rows["depth"] + rows["unit"]
    )


def trajectories():
    frames = [
        points(epoch=epoch).assign(z1=lambda rows, e=epoch: rows["z1"] * e) for epoch in (0, 1, 4)
    ]
    return pd.concat(frames, ignore_index=True)


def paths():
    """Attacks on two examples of class 0, towards three classes, of which class 2 is reached."""
    rows = [
        ("net", 0, "paths/fgsm", origin, 0, target, step, step * target, step, 2 if step else 0)
        for origin in (101, 103)
        for target in range(CLASSES)
        for step in (2, 0, 1)
    ]
    columns = ["method", "replicate", "set", "origin_id", "label", "target", "step", "z1", "z2"]
    return pd.DataFrame(rows, columns=[*columns, "answer"])


def noisy(sigma=0.5):
    name = f"noise/noise-{sigma:g}"
    return points(name, seed=3, origin_id=np.repeat([101, 102, 103], 10), label=1)


def curves(replicates=2):
    rows = [
        (replicate, score, coverage, risk * coverage)
        for replicate in range(replicates)
        for score, risk in (("estimate", 0.1), ("margin", 0.2), ("random", 0.3))
        for coverage in (0.5, 1.0)
    ]
    return pd.DataFrame(rows, columns=["replicate", "score", "coverage", "risk"])


def measures(replicates=2):
    areas = curves(replicates).groupby(["replicate", "score"], as_index=False)["risk"].mean()
    overall = areas.rename(columns={"risk": "value"}).assign(measure="aurc", label=-1)
    return pd.concat([overall, overall.assign(label=0, value=9.0)])


def qualities():
    """Two variants of two replicates, one of which has no wrong answer, and a third of one."""
    rows = [
        (replicate, variant, measure, place + 0.1 * replicate + 0.01 * number)
        for replicate in range(2)
        for place, variant in enumerate(("usual", "wide", "few")[: 3 - replicate])
        for number, measure in enumerate(("auroc", "trustworthiness", "hit", "aurc"))
    ]
    table = pd.DataFrame(rows, columns=["replicate", "variant", "measure", "value"])
    is_flawless = (table["replicate"] == 1) & (table["measure"] == "auroc")
    return table.assign(value=table["value"].mask(is_flawless))


def chosen(**keys):
    return {"colours": COLOURS, "colour_map": "viridis", "shape": [2, 2], **keys}


RANGE = {"lowest": LIMITS[0], "highest": LIMITS[1]}
PROGRAMS = {
    "introspection_maps": (
        introspection_maps,
        chosen(model="net", sets=["digits/train", "digits/test"], **RANGE),
        {"maps": [points("digits/train", 5), points()], "plane": [plane()]},
    ),
    "trajectory_maps": (
        trajectory_maps,
        chosen(period="cycle"),
        {"trajectories": [trajectories()]},
    ),
    "reordered_network": (reordered_network, chosen(column="decoded"), {"expected": [expected()]}),
    "patterns_of_examples": (
        patterns_of_examples,
        chosen(column="decoded"),
        {
            "patterns": [patterns()],
            "maps": [points("digits/train", 5)],
            "expected": [expected()],
            "examples": inputs(),
        },
    ),
    "constellations": (
        constellations,
        chosen(
            models=[{"title": "one", "model": "net"}],
            set="digits/test",
            noisy=["noise/noise-0.5"],
            example=101,
        ),
        {"maps": [points(), noisy()], "examples": [inputs(), inputs(sigma=0.5)]},
    ),
    "attack_trajectories": (
        attack_trajectories,
        chosen(model="net", set="paths/fgsm", training="digits/train", rows=1, **RANGE),
        {"maps": [points("digits/train"), paths()], "plane": [plane()], "examples": inputs()},
    ),
    "error_violins": (
        error_violins,
        {
            "shown": [{"title": "one", "model": "net", "set": "digits/test"}],
            "colours": COLOURS[:2],
            "replicates": 1,
        },
        {"maps": [points()]},
    ),
    "introspection_quality": (
        introspection_quality,
        {"colours": COLOURS, "replicates": 2, "variants": ["usual", "few", "wide"]},
        {"measures": [qualities()]},
    ),
    "risk_coverage_curves": (
        risk_coverage_curves,
        {"colours": COLOURS, "replicates": 2},
        {"curves": [curves()], "measures": [measures()]},
    ),
}


def stored(path, table):
    if isinstance(table, Examples):
        write_examples(path, table)
    else:
        write_table(path, table)
    return path


def written(name, folder):
    """What a program writes for its tables and examples."""
    program, config, roles = PROGRAMS[name]
    options = {}
    for role, content in roles.items():
        every = content if isinstance(content, list) else [content]
        files = [stored(folder / f"{role}{n}.parquet", each) for n, each in enumerate(every)]
        options[role] = files if isinstance(content, list) else files[0]
    program.main(Namespace(config=config, output=folder / "figure.svg", **options))
    return (folder / "figure.svg").read_bytes()


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_figure_has_the_same_bytes_again(name, tmp_path):
    first = written(name, tmp_path)
    with matplotlib.rc_context({"font.size": 20, "axes.grid": True}):
        assert written(name, tmp_path) == first
    assert b"<dc:date>" not in first
    assert b"<text" not in first


def offsets(axes, place):
    return axes.collections[place].get_offsets()


def test_maps_have_every_example_and_mark_what_is_wrong():
    shown = points()
    figure = draw_maps({"digits/test": shown}, plane(), COLOURS, "Greys", LIMITS)
    left, right, bar = figure.axes
    wrong = shown.loc[~shown["right"], ["z1", "z2"]]
    np.testing.assert_allclose(offsets(left, 0), shown[["z1", "z2"]])
    np.testing.assert_allclose(offsets(left, 1), wrong)
    np.testing.assert_allclose(offsets(right, 0), wrong)
    colours = left.collections[0].get_facecolors()[:, :3]
    np.testing.assert_allclose(colours, TINTS[shown["label"]])
    assert left.get_title("left") == "(a) digits/test: 10.0% of 30 wrong"
    assert (left.get_xlabel(), left.get_ylabel()) == ("$z_1$", "$z_2$")
    assert bar.get_ylabel() == "log10 of the estimated error"
    assert {text.get_text() for text in left.texts} == {"0", "1", "2"}


def test_a_plane_is_where_its_cells_are_and_clipped_to_its_range():
    figure = draw_maps({"digits/test": points()}, plane(), COLOURS, "Greys", LIMITS)
    (image,) = figure.axes[1].images
    assert image.get_extent() == pytest.approx([-3.5, 4.5, -2.7, 5.7])
    assert image.get_clim() == LIMITS
    assert image.get_array().shape == (6, 8)
    np.testing.assert_allclose(image.get_array()[0], np.linspace(-3, 4, 8) - 3)


def test_panels_of_maps_have_one_scale_that_holds_all_points():
    shown = {"one": points(), "far": points(z1=np.linspace(0, 50, COUNT))}
    *axes, _ = draw_maps(shown, plane(), COLOURS, "Greys", LIMITS).axes
    spans = {(*each.get_xlim(), *each.get_ylim()) for each in axes}
    ((left, right, low, high),) = spans
    assert left < -3 and right > 50
    assert right - left == pytest.approx(high - low)


def test_trajectories_join_epochs_and_end_in_the_colour_of_the_class():
    table = trajectories().sample(frac=1, random_state=0)
    axes = draw_trajectories(table, COLOURS).axes[0]
    first, last, dots = axes.collections
    by_example = table.sort_values("example_id")
    label = by_example.loc[by_example["epoch"] == 4, "label"]
    np.testing.assert_allclose(last.get_colors()[:, :3], TINTS[label])
    grey = np.array(to_rgb("#cccccc"))
    np.testing.assert_allclose(first.get_colors()[:, :3], (grey + TINTS[label]) / 2)
    ends = by_example.loc[by_example["epoch"] == 4, ["z1", "z2"]]
    np.testing.assert_allclose([each[1] for each in last.get_segments()], ends)
    assert len(dots.get_offsets()) == COUNT


def test_a_picture_has_a_column_per_layer_and_nothing_where_there_are_no_units():
    whole = picture([np.array([1.0, 2, 3]), np.array([4.0])])
    assert whole.tolist() == [[1, 4], [2, None], [3, None]]


def test_a_network_is_shown_in_its_own_order_and_sorted():
    figure = draw_network(expected(), "decoded", COLOURS, "viridis")
    own, preferred, by_class, coloured, *of_classes, _ = figure.axes
    assert preferred.images[0].get_array().T.tolist() == [[0, 1, 2, 0, 1], [0, 1, 2, 0, None]]
    assert by_class.images[0].get_array().T.tolist() == [[0, 0, 1, 1, 2], [0, 0, 1, 2, None]]
    order = layers_in_order(expected(), "decoded")[0].order
    first = own.images[0].get_array()[:, 0]
    np.testing.assert_allclose(coloured.images[0].get_array()[:, 0], first[order])
    assert [each.images[0].get_array()[:, 0].tolist() for each in of_classes] == [
        [1, 1, 0, 0, 0],
        [0, 0, 1, 1, 0],
        [0, 0, 0, 0, 1],
    ]
    titles = [each.get_title("left") for each in (own, *of_classes)]
    assert titles == ["(a) own order", "(e) 0", "(f) 1", "(g) 2"]


def test_units_of_a_class_have_its_hue():
    figure = draw_network(expected(), "decoded", COLOURS, "viridis")
    (image,) = figure.axes[3].images
    for row, label in enumerate([0, 0, 1, 1, 2]):
        shown, hue = image.get_array()[row, 0], TINTS[label]
        np.testing.assert_allclose(shown / shown.max(), hue / hue.max())


def test_examples_have_their_input_their_place_and_their_pattern():
    shown = draw_examples(
        patterns(),
        inputs(),
        [2, 2],
        points("digits/train", 5),
        expected(),
        "decoded",
        COLOURS,
        "viridis",
    )
    *grid, bar = shown.axes
    first, second = (grid[place::2] for place in (0, 1))
    assert [text.get_text() for text in first[0].texts] == ["1", "1"]
    assert [text.get_text() for text in second[0].texts] == ["0", "1"]
    np.testing.assert_allclose(first[0].images[0].get_array().ravel(), inputs().values[1])
    cross = second[1].get_lines()[-1]
    row = points().iloc[0]
    assert (cross.get_xdata()[0], cross.get_ydata()[0]) == (row["z1"], row["z2"])
    assert cross.get_color() == "black"
    (image,) = first[2].images
    assert image.get_array().T.tolist() == [[10, 13, 11, 14, 12], [20, 23, 21, 22, None]]
    assert image.get_clim() == (-1, 4) and bar.get_xlim() == (-1, 4)


def test_constellations_lead_from_one_place_to_those_of_its_copies():
    copies = noisy_copies(noisy(), inputs(sigma=0.5), 102)
    network = Constellation("one", points(), 102, inputs().values[2], [copies])
    figure = draw_constellations([network], [2, 2], COLOURS)
    clean, noise, reference, moved = figure.axes
    assert [each.get_title("left") for each in (clean, noise)] == ["(a) no noise", "(b) σ = 0.5"]
    np.testing.assert_allclose(noise.images[0].get_array().ravel(), inputs().values[10])
    own = noisy()[lambda rows: rows["origin_id"] == 102]
    np.testing.assert_allclose(offsets(moved, 1), own[["z1", "z2"]])
    np.testing.assert_allclose(moved.collections[1].get_facecolors()[:, :3], TINTS[own["answer"]])
    lines = moved.get_lines()[0].get_xydata()
    np.testing.assert_allclose(
        lines[::3], np.tile(points().iloc[2][["z1", "z2"]].astype(float), (10, 1))
    )
    np.testing.assert_allclose(lines[1::3], own[["z1", "z2"]])
    assert moved.get_xlabel() == f"{own['right'].mean():.0%} right"
    assert reference.get_xlabel() == "90.0% right"


def test_an_example_without_noisy_copies_is_named():
    with pytest.raises(GlassboxError, match="no noisy copies of example 7"):
        noisy_copies(noisy(), inputs(sigma=0.5), 7)


def test_attacks_lead_from_start_to_end_and_say_whether_they_got_there():
    figure = draw_attacks(paths(), inputs(), [2, 2], points(), plane(), "Greys", LIMITS)
    *grid, _ = figure.axes
    assert [each.get_title() for each in grid[:4]] == ["class 0", "to 0 ✗", "to 1 ✗", "to 2 ✓"]
    path, start, end = grid[3].get_lines()
    assert path.get_xydata().tolist() == [[0, 0], [2, 1], [4, 2]]
    assert start.get_xydata().tolist() == [[0, 0]] and start.get_marker() == "x"
    assert end.get_xydata().tolist() == [[4, 2]]
    assert end.get_markerfacecolor() == end.get_color()
    assert grid[2].get_lines()[2].get_markerfacecolor() == "white"
    assert "start" in [text.get_text() for text in grid[3].texts]
    np.testing.assert_allclose(grid[4].images[0].get_array().ravel(), inputs().values[3])


def test_violins_stand_for_many_and_points_for_few():
    table = points()
    table.loc[:17, ["right", "label"]] = [True, 0]
    table.loc[18:27, ["right", "label"]] = [False, 0]
    table.loc[28:, ["right", "label"]] = [False, 1]
    axes = draw_violins({"one": table}, ("#009e73", "#d55e00")).axes[0]
    assert len(axes.collections) == 2
    assert [text.get_text() for text in axes.texts] == ["64.3%", "0.0%"]
    right, wrong, none, dots = axes.get_lines()
    medians = [table.loc[:17, "estimate"].median(), table.loc[18:27, "estimate"].median()]
    assert [right.get_ydata()[0], wrong.get_ydata()[0]] == pytest.approx(medians)
    assert len(none.get_xdata()) == 0
    np.testing.assert_allclose(dots.get_ydata(), table.loc[28:, "estimate"])


def test_curves_are_means_over_replicates_and_the_legend_has_their_areas_in_order():
    table = curves()
    table.loc[table["replicate"] == 1, "risk"] *= 3
    areas = measures()
    areas.loc[areas["replicate"] == 1, "value"] *= 3
    figure = draw_curves(table, areas, COLOURS)
    (legend,) = figure.legends
    texts = [text.get_text() for text in legend.texts]
    assert [each.split(":")[0] for each in texts] == ["estimate", "margin", "random"]
    assert texts[0] == "estimate: 0.1500 ± 0.1061"
    bold = [each for each in figure.axes[0].get_lines() if each.get_linewidth() > 1]
    np.testing.assert_allclose(bold[0].get_ydata(), [0.1, 0.2])
    assert bold[2].get_linestyle() == "--"
    assert figure.axes[0].get_ylim() == (0, pytest.approx(0.8))


def test_qualities_have_a_dot_per_replicate_and_a_stroke_at_their_mean():
    figure = draw_quality(qualities(), ["wide", "usual", "few"], COLOURS)
    area, kept, _ = figure.axes
    assert [each.get_text() for each in area.get_yticklabels()] == ["wide", "usual", "few"]
    first, means = kept.get_lines()
    np.testing.assert_allclose(means.get_xdata(), [1.06, 0.06, 2.01])
    assert first.get_xdata()[0] == pytest.approx(1.06), "the mean of the first, to compare with"
    dots = np.ma.filled(offsets(kept, 0), np.nan)
    wanted = [[1.01, 0], [1.11, 0], [0.01, 1], [0.11, 1], [2.01, 2]]
    np.testing.assert_allclose(dots[:5], wanted)
    assert len(dots) == 6 and np.isnan(dots[5, 0]), "of a replicate that it was not made for"
    np.testing.assert_allclose(area.get_lines()[1].get_xdata(), [1, 0, 2])


# Machado, Oliveira and Fernandes (2009), at full severity, on linear RGB.
EYES = {
    "normal": np.eye(3),
    "protan": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deutan": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritan": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}


def oklab(linear):
    """Ottosson's (2020) perceptual coordinates of linear RGB (n, 3)."""
    to_cones = [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
    to_lab = [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
    return np.cbrt(linear @ np.transpose(to_cones)) @ np.transpose(to_lab)


@pytest.mark.parametrize("eye", EYES)
def test_everybody_can_tell_the_colours_of_classes_apart(eye):
    linear = np.where(TINTS <= 0.04045, TINTS / 12.92, ((TINTS + 0.055) / 1.055) ** 2.4)
    seen = oklab(np.clip(linear @ np.transpose(EYES[eye]), 0, 1))
    assert min(np.linalg.norm(one - other) for one, other in combinations(seen, 2)) > 0.14


class Made:
    """A study that has every table made of one model, on any set."""

    def __init__(self, classes=10):
        noise = SimpleNamespace(kind="noise", of="digits/test", examples=[907])
        attacked = SimpleNamespace(kind="attack-paths", of="digits/test")
        digits = SimpleNamespace(kind="digits")
        self.config = SimpleNamespace(
            datasets={"digits": digits, "noisy": noise, "paths": attacked},
            origin=lambda dataset: SimpleNamespace(classes=classes),
            splits=lambda dataset: ["noise-0", "noise-0.1"],
            image_shape=lambda dataset: [8, 8],
            count=lambda model: 3,
            analysis=lambda kind, model, wanted: SimpleNamespace(variants={"usual": {}}),
        )

    def model(self, name):
        return SimpleNamespace(dataset="digits", recipe=SimpleNamespace(stop="cycles"))

    def made(self, table):
        return {"net": ["digits/train", "digits/test"]}

    def tables(self, table, model, wanted):
        return [f"{table}/{model}/{block}/{wanted}" for block in ("0-1", "2-3")]

    def each(self, table, pairs):
        return [path for pair in pairs for path in self.tables(table, *pair)]

    def examples(self, dataset, split):
        return [f"{dataset}/{split}"]


ENTRIES = {
    "introspection-maps": {"model": "net", "sets": ["digits/train", "digits/test"]},
    "trajectory-maps": {"model": "net", "set": "digits/test"},
    "reordered-network": {"model": "net", "set": "digits/train"},
    "patterns-of-examples": {"model": "net", "set": "digits/test", "training": "digits/train"},
    "constellations": {
        "models": [{"title": "one", "model": "net"}],
        "noise": "noisy",
        "example": 907,
    },
    "attack-trajectories": {"model": "net", "set": "paths/fgsm", "training": "digits/train"},
    "error-violins": {"shown": [{"title": "one", "model": "net", "set": "digits/test"}]},
    "introspection-quality": {"model": "net", "set": "digits/test", "variants": ["usual"]},
    "risk-coverage-curves": {"model": "net", "set": "digits/test"},
}
OWN = [each for each in vars(kinds).values() if getattr(each, "__module__", "") == kinds.__name__]
BY_KIND = {each.rule(): each for each in OWN if hasattr(each, "rule")}


def entry(kind, **keys):
    return BY_KIND[kind.replace("-", "_")](kind=kind, title="Title", **ENTRIES[kind] | keys)


@pytest.mark.parametrize("kind", ENTRIES)
def test_a_kind_has_the_roles_and_the_settings_that_its_program_reads(kind):
    study, program = Made(), kind.replace("-", "_")
    _, config, roles = PROGRAMS[program]
    made = entry(kind)
    assert set(made.data(study)) == set(roles)
    unread = {"colours", "colour_map", "shape"}
    assert set(config) - unread <= set(made.slice(study))
    assert set(made.slice(study)) & unread <= set(config)


def test_figures_of_maps_and_units_are_of_replicate_0_and_distributions_of_all():
    study = Made()
    assert entry("reordered-network").data(study)["expected"] == [
        "expected_patterns/net/0-1/digits/train"
    ]
    assert len(entry("error-violins").data(study)["maps"]) == 2
    assert entry("error-violins").slice(study)["replicates"] == 3


def test_constellations_are_of_the_set_that_was_copied_and_of_every_level_of_noise():
    made = entry("constellations")
    wanted = ["digits/test", "noisy/noise-0", "noisy/noise-0.1"]
    assert made.data(Made())["examples"] == wanted
    assert made.slice(Made())["noisy"] == wanted[1:]


@pytest.mark.parametrize(
    ("kind", "keys", "key", "said"),
    [
        ("introspection-maps", {"colours": COLOURS[:9]}, "colours", "found 9"),
        ("introspection-quality", {"variants": ["usual", "wide"]}, "variants", "found 'wide'"),
        ("introspection-maps", {"lowest": 0.5, "highest": 0.0}, "highest", "found 0.0"),
        ("constellations", {"noise": "digits"}, "noise", "allowed: noisy"),
        ("constellations", {"example": 1}, "example", r"found 1; copied: \[907\]"),
        ("attack-trajectories", {"set": "noisy/noise-0"}, "set", "allowed: paths"),
    ],
)
def test_what_cannot_be_shown_is_refused(kind, keys, key, said):
    with pytest.raises(Refused, match=said) as refused:
        entry(kind, **keys).data(Made())
    assert refused.value.key == key


def test_a_set_of_noise_that_there_is_not_is_refused():
    with pytest.raises(NotMade, match="found 'nosy'"):
        entry("constellations", noise="nosy").data(Made())


def test_figures_of_a_model_of_ones_own_need_enough_colours():
    of_all = {kind.rule() for kind in BY_KIND.values() if kind.of(Made(), "net", "digits/test")}
    more = {"constellations", "attack_trajectories", "introspection_quality"}
    assert of_all == set(BY_KIND) - more
    many = Made(classes=60)
    assert {kind.rule() for kind in BY_KIND.values() if kind.of(many, "net", "digits/test")} == {
        "error_violins",
        "risk_coverage_curves",
    }
    assert kinds.IntrospectionMaps.of(Made(), "net", "digits/test").sets == [
        "digits/train",
        "digits/test",
    ]
