"""What figures and tables show, what they depend on, and that their bytes are stable."""

import copy
import json
import os
import subprocess
import sys
from argparse import Namespace
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import workflow
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from figures import activation_heatmaps, deviation_profiles, error_histograms, error_tables
from glassbox.analyses.errors import PRINTED
from glassbox.claims.works import printed, read_work
from glassbox.errors import GlassboxError
from glassbox.figures import style
from glassbox.figures.activation_heatmaps import activation_heatmaps as draw_heatmaps
from glassbox.figures.activation_heatmaps import averaged_matrix
from glassbox.figures.deviation_profiles import PANELS
from glassbox.figures.deviation_profiles import deviation_profiles as draw_profiles
from glassbox.figures.error_histograms import error_counts
from glassbox.figures.error_histograms import error_histograms as draw_histograms
from glassbox.tables import read_table, write_table
from study import schema, slices
from study.paths import Study

ROOT = Path(__file__).resolve().parents[1]
COLOURS = ["#112233", "#aa3377", "#338855"]
LAYERS, UNITS, CLASSES, SIGNALS = 4, 5, 6, 250
NAMES = ["input", "first", "second", "output"]

PROGRAMS = {
    "error_histograms": (error_histograms, "predictions"),
    "activation_heatmaps": (activation_heatmaps, "averages"),
    "deviation_profiles": (deviation_profiles, "deviations"),
}
CONFIGS = {
    "error_histograms": {"colour": "#aa3377", "replicates": 3},
    "activation_heatmaps": {"colour_map": "viridis", "first": 21},
    "deviation_profiles": {"panels": list(PANELS), "colours": COLOURS, "replicates": 3},
}


def predictions(replicates: int) -> pd.DataFrame:
    """Answers that are mostly right; one signal of replicate 0 is far off."""
    frames = []
    for replicate in range(replicates):
        rng = np.random.default_rng(replicate)
        label = rng.integers(0, 60, SIGNALS)
        predicted = np.clip(label + rng.integers(-1, 2, SIGNALS), 0, 59)
        if replicate == 0:
            label[0], predicted[0] = 2, 55
        frames.append(pd.DataFrame({"label": label, "predicted": predicted}))
    return stacked(frames)


def averages(replicates: int) -> pd.DataFrame:
    index = pd.MultiIndex.from_product(
        [range(LAYERS), range(CLASSES), range(UNITS)], names=["depth", "label", "unit"]
    )
    values = [np.random.default_rng(each).random(len(index)) for each in range(replicates)]
    frames = [named(pd.DataFrame({"mean": mean}, index).reset_index()) for mean in values]
    return stacked(frames)


def named(frame: pd.DataFrame) -> pd.DataFrame:
    """Layers have names: input, first and second, and the last is the output."""
    return frame.assign(layer=frame["depth"].map(dict(enumerate(NAMES))))


def deviations(replicates: int) -> pd.DataFrame:
    measures = ["euclidean", "cosine", "correlation", "normalised"]
    kinds = [("level", "mean_l1"), *((s, m) for s in ("inner", "inter") for m in measures)]
    rows = [(layer, *kind) for layer in range(LAYERS) for kind in kinds]
    frame = named(pd.DataFrame(rows, columns=["depth", "scope", "measure"]))
    draws = [np.random.default_rng(each).random(len(rows)) + 0.01 for each in range(replicates)]
    return stacked([frame.assign(value=draw) for draw in draws])


def stacked(frames: list[pd.DataFrame]) -> pd.DataFrame:
    return pd.concat(frame.assign(replicate=each) for each, frame in enumerate(frames))


MAKERS = {
    "error_histograms": predictions,
    "activation_heatmaps": averages,
    "deviation_profiles": deviations,
}


def drawn(kind: str, frame: pd.DataFrame, path: Path, **changes: object) -> bytes:
    """What the program of a kind of figure writes for a table."""
    program, option = PROGRAMS[kind]
    data = path.with_suffix(".parquet")
    write_table(data, frame)
    files = {
        option: data if kind == "activation_heatmaps" else [data],
        "output": path.with_suffix(".svg"),
    }
    program.main(Namespace(config=CONFIGS[kind] | changes, **files))
    return files["output"].read_bytes()


def lines(figure: Figure) -> list:
    return [line for axes in figure.axes for line in axes.get_lines()]


@pytest.mark.parametrize("kind", PROGRAMS)
def test_two_processes_write_the_same_bytes(kind: str, tmp_path: Path) -> None:
    data = tmp_path / "table.parquet"
    write_table(data, MAKERS[kind](3))
    written = []
    for run, settings_ in enumerate(["", "font.size: 20\nsvg.fonttype: none\naxes.grid: True\n"]):
        folder = tmp_path / str(run)
        folder.mkdir()
        (folder / "matplotlibrc").write_text(settings_)
        config = ["--config", json.dumps(CONFIGS[kind])]
        files = [f"--{PROGRAMS[kind][1]}", data, "--output", folder / "figure.svg"]
        subprocess.run(
            [sys.executable, ROOT / f"scripts/figures/{kind}.py", *config, *files],
            cwd=folder,
            env=os.environ | {"PYTHONHASHSEED": str(run)},
            check=True,
        )
        written.append((folder / "figure.svg").read_bytes())
    assert written[0] == written[1]
    assert b"<dc:date>" not in written[0]
    assert b"<text" not in written[0], "letters are paths, whatever fonts a reader has"


@pytest.mark.parametrize("kind", ["error_histograms", "deviation_profiles"])
def test_replicates_beyond_the_study_are_left_out(kind: str, tmp_path: Path) -> None:
    three, five = MAKERS[kind](3), MAKERS[kind](5)
    assert drawn(kind, three, tmp_path / "a") == drawn(kind, five, tmp_path / "b")
    assert drawn(kind, five, tmp_path / "b") != drawn(kind, five, tmp_path / "c", replicates=4)


def test_heat_maps_show_replicate_0_alone(tmp_path: Path) -> None:
    one, five = averages(1), averages(5)
    assert drawn("activation_heatmaps", one, tmp_path / "a") == drawn(
        "activation_heatmaps", five, tmp_path / "b"
    )


def test_colours_of_the_config_are_in_the_file(tmp_path: Path) -> None:
    assert b"#aa3377" in drawn("error_histograms", predictions(3), tmp_path / "a")
    assert b"#c0ffee" in drawn("error_histograms", predictions(3), tmp_path / "a", colour="#C0FFEE")
    written = drawn("deviation_profiles", deviations(3), tmp_path / "b", panels=["inner"])
    assert all(colour.encode() in written for colour in COLOURS)
    viridis = drawn("activation_heatmaps", averages(3), tmp_path / "c")
    assert viridis != drawn(
        "activation_heatmaps", averages(3), tmp_path / "c", colour_map="cividis"
    )


def test_an_unknown_colour_map_is_named(tmp_path: Path) -> None:
    with pytest.raises(GlassboxError, match="'virids'; it has viridis"):
        drawn("activation_heatmaps", averages(1), tmp_path / "a", colour_map="virids")


@settings(max_examples=50, deadline=None)
@given(st.lists(st.lists(st.integers(0, 70), min_size=1, max_size=40), min_size=1, max_size=4))
def test_counts_are_those_of_a_plain_count(errors: list[list[int]]) -> None:
    counts = error_counts([np.array(each, dtype=np.int64) for each in errors])
    assert counts.sum(axis=1).tolist() == [len(each) for each in errors]
    for row, each in zip(counts, errors, strict=True):
        assert {error: n for error, n in enumerate(row) if n} == Counter(each)


def test_bars_add_up_to_the_number_of_signals() -> None:
    figure = draw_histograms(predictions(3), "#aa3377")
    heights = [sum(bar.get_height() for bar in axes.patches) for axes in figure.axes]
    assert heights == pytest.approx([SIGNALS, np.floor(0.99 * SIGNALS), SIGNALS])


def test_one_outlying_signal_is_seen_and_named() -> None:
    axes = draw_histograms(predictions(3), "#aa3377").axes[-1]
    assert axes.patches[53].get_height() == pytest.approx(1 / 3)
    ranges = axes.collections[0].get_segments()
    assert ranges[53][:, 1].tolist() == [0, 1]
    bottom, top = axes.transData.transform([(0, axes.get_ylim()[0]), (0, 1)])
    assert axes.get_ylim()[0] == 0.5 and top[1] - bottom[1] > 5
    assert axes.texts[0].get_text() == "greatest error of a replicate: 1 to 53, mean 18.3"


def test_a_heat_map_per_layer_shows_neurons_by_classes() -> None:
    frame = averages(2)
    panels = [axes for axes in draw_heatmaps(frame, "viridis", 21).axes if axes.get_images()]
    titles = [axes.get_title("left") for axes in panels]
    assert titles == ["(a) first", "(b) second", "(c) output"]
    for layer, axes in enumerate(panels, start=1):
        rows = frame[(frame["replicate"] == 0) & (frame["depth"] == layer)]
        wanted = rows["mean"].to_numpy().reshape(CLASSES, UNITS).T
        np.testing.assert_array_equal(axes.get_images()[0].get_array(), wanted)
        assert axes.get_xlim() == (0.5, CLASSES + 0.5)
        assert axes.get_xlabel() == "class (1 to 6: location 21 to 26)"


def test_heat_maps_of_a_convolution_have_samples_and_of_locations_these() -> None:
    frame = averages(1).replace({"layer": {"first": "conv-1", "second": "hidden-1"}})
    panels = [axes for axes in draw_heatmaps(frame, "viridis", 21).axes if axes.get_images()]
    assert [axes.get_ylabel() for axes in panels] == ["sample", "neuron", "location"]
    firsts = [1, 1, 21]
    assert [axes.get_ylim() for axes in panels] == [(n + UNITS - 0.5, n - 0.5) for n in firsts]


def test_classes_that_are_no_locations_keep_their_names() -> None:
    axes = draw_heatmaps(averages(1), "viridis", None).axes[0]
    assert axes.get_xlim() == (-0.5, CLASSES - 0.5)
    assert axes.get_xlabel() == "class"


def test_a_class_without_examples_is_left_blank() -> None:
    frame = averages(1)
    frame.loc[(frame["depth"] == 1) & (frame["label"] == 2), "mean"] = np.nan
    image = draw_heatmaps(frame, "viridis", None).axes[0].get_images()[0]
    assert image.get_array().mask[:, 2].all()
    assert image.norm.vmax == frame[frame["depth"] == 1]["mean"].max()
    assert averaged_matrix(frame[frame["depth"] == 1]).shape == (UNITS, CLASSES)


def test_the_output_layer_is_left_out_of_profiles() -> None:
    figure = draw_profiles(deviations(3), list(PANELS), COLOURS)
    for line in lines(figure):
        assert line.get_xdata().tolist() == list(range(LAYERS - 1))
    for axes in figure.axes:
        labels = [label.get_text() for label in axes.get_xticklabels()]
        assert labels == NAMES[:-1]


def test_bold_lines_are_means_and_thin_ones_replicates() -> None:
    frame = deviations(3)
    (axes,) = draw_profiles(frame, ["euclidean"], COLOURS).axes
    drawn_ = sorted(line.get_ydata().round(9).tolist() for line in axes.get_lines())
    rows = frame[(frame["measure"] == "euclidean") & (frame["depth"] < LAYERS - 1)]
    wanted = []
    for _, scope in rows.groupby("scope"):
        values = scope.sort_values(["replicate", "depth"])["value"].to_numpy().reshape(3, -1)
        wanted += [*values, values.mean(axis=0)]
    assert drawn_ == sorted(value.round(9).tolist() for value in wanted)
    bold = {line.get_label(): line for line in axes.get_lines() if line.get_linewidth() > 1}
    assert {name: line.get_linestyle() for name, line in bold.items()} == {
        "inner-class": ":",
        "inter-class": "-",
    }


@pytest.mark.parametrize("panel", PANELS)
def test_all_of_a_curve_lies_within_its_panel(panel: str) -> None:
    frame = deviations(3)
    frame["value"] = frame["value"] ** 6
    (axes,) = draw_profiles(frame, [panel], COLOURS).axes
    low, high = axes.get_ylim()
    values = np.concatenate([line.get_ydata() for line in axes.get_lines()])
    assert ((low <= values) & (values < high)).all()


def test_measures_keep_their_colours() -> None:
    figure = draw_profiles(deviations(2), ["inner", "inter"], COLOURS)
    for axes in figure.axes:
        bold = [line for line in axes.get_lines() if line.get_linewidth() > 1]
        assert {line.get_label(): to_hex(line.get_color()) for line in bold} == dict(
            zip(["normalised Euclidean", "cosine", "correlation"], COLOURS, strict=True)
        )
        assert len({line.get_marker() for line in bold}) == 3, "told apart without colour"


def test_a_failed_figure_leaves_no_file(tmp_path: Path) -> None:
    class Broken(Figure):
        def savefig(self, path: Path, **_: object) -> None:
            Path(path).write_text("half", encoding="utf-8")
            raise OSError

    with pytest.raises(OSError):
        style.save(Broken(), tmp_path / "figure.svg")
    assert list(tmp_path.iterdir()) == []


CLAIMS = """
title: Made up
author: Nobody
year: 2000
config: config.yaml
tables: {}
claims:
- &plain {id: C-C07, location: "", statement: no numbers, test: "", needs: []}
- <<: *plain
  id: C-T01
  of: {method: filter}
  published: {L1: 0.5532, L2: 1.4946, L1_p99: 0.4917, L2_p99: 0.7443}
- <<: *plain
  id: C-T02
  of: {method: mlp}
  published: {L1: 0.3083, L2_p99: 1.2}
  misprinted: {L2_p99: 0.2}
"""
TABLE = {"methods": ["mlp", "filter", "bound"], "set": "jumps/test"}


def errors(replicates: int) -> pd.DataFrame:
    """Measures of all methods on the table's set and on another one, which has other values."""
    index = pd.MultiIndex.from_product(
        [
            TABLE["methods"],
            range(replicates),
            ["jumps/test", "jumps/train"],
            [*PRINTED, "accuracy"],
        ],
        names=["method", "replicate", "set", "measure"],
    )
    value = np.random.default_rng(0).uniform(0.1, 1, len(index))
    return pd.DataFrame({"value": value}, index).reset_index()


def written_table(tmp_path: Path, replicates: int, **changes: object) -> pd.DataFrame:
    paths = {name: tmp_path / f"{name}.parquet" for name in ("errors", "output")}
    write_table(paths["errors"], errors(replicates))
    (tmp_path / "claims.yaml").write_text(CLAIMS)
    works = [read_work(tmp_path / "claims.yaml")]
    config = TABLE | changes
    config["printed"] = printed(works, config["methods"])
    error_tables.main(Namespace(config=config, **paths))
    return read_table(paths["output"])


def test_a_table_holds_means_and_spreads_in_the_order_of_the_config(tmp_path: Path) -> None:
    table, known = written_table(tmp_path, 4), errors(4)
    rows = [(method, measure) for method in TABLE["methods"] for measure in PRINTED]
    assert list(zip(table["method"], table["measure"], strict=True)) == rows
    assert (table["replicates"] == 4).all()
    for row in table.itertuples():
        wanted = [row.method, row.measure, "jumps/test"]
        same = (known[["method", "measure", "set"]] == wanted).all(axis=1)
        values = known["value"][same].to_numpy()
        assert row.mean == pytest.approx(np.mean(values))
        assert row.spread == pytest.approx(np.std(values, ddof=1))


def test_published_values_stand_beside_their_method(tmp_path: Path) -> None:
    table = written_table(tmp_path, 2).set_index(["method", "measure"])["published"]
    assert table["filter"].to_dict() == {
        "L1": 0.5532,
        "L2": 1.4946,
        "L1_p99": 0.4917,
        "L2_p99": 0.7443,
    }
    assert table["mlp", "L1"] == 0.3083
    assert table["mlp"].isna().sum() == 2
    assert table["bound"].isna().all() and table.dtype == np.float64


def test_misprints_stand_beside_their_sensible_reading(tmp_path: Path) -> None:
    table = written_table(tmp_path, 2).set_index(["method", "measure"])
    assert table.loc[("mlp", "L2_p99"), "misprinted"] == 0.2
    assert table.loc[("mlp", "L2_p99"), "published"] == 1.2
    assert table["misprinted"].notna().sum() == 1


def test_one_replicate_has_no_spread(tmp_path: Path) -> None:
    assert written_table(tmp_path, 1)["spread"].isna().all()


def test_a_method_without_errors_is_named(tmp_path: Path) -> None:
    with pytest.raises(GlassboxError, match="no errors of mlp-9 on jumps/test"):
        written_table(tmp_path, 2, methods=["mlp", "mlp-9"])


def test_the_claims_of_the_study_are_read() -> None:
    work = read_work(ROOT / "scripts/glassbox/claims/chen2017/claims.yaml")
    published = printed([work], ["gaussian-derivative"])["published"]["gaussian-derivative"]
    assert published["L2_p99"] == 0.7443
    assert set(published) == set(PRINTED)


SHOWN = "figures/chen2017-5.1-5.2/locations"
OF_ONE_CLASS = {"chen2017-3.18c", "chen2017-3.21c"}
OF_CLASSES = {
    *(
        "chen2017-3.12",
        "chen2017-3.18b",
        "chen2017-3.21b",
        "chen2017-5.1-5.2",
        "chen2017-5.3",
    ),
    *("chen2017-5.4", "chen2017-6.3", "chen2017-6.4"),
}
COUNTED = {"chen2017-5.3", "chen2017-5.4"}  # these say in how many replicates an ascent arrives
MAPS = ("chen2017-3.2-signals", "chen2017-6.5", "chen2017-6.6")


# Of networks with a number of replicates of their own.
OWN_NUMBER = {
    *("chen2017-6.13", "chen2017-6.14", "chen2017-7.3", "lee2019-2-digits", "lee2019-3-digits"),
    *("lee2019-5-digits", "lee2019-5-digits-code"),
}


def all_slices(change: dict) -> dict[str, str]:
    """The slices of all figures and tables of two works, with values changed by path."""
    merged = copy.deepcopy(workflow.content(works=["chen2017", "lee2019"]))
    for path, value in change.items():
        section = merged
        *parents, key = path.split("/")
        for parent in parents:
            section = section[parent]
        section[key] = value
    config = schema.load(merged)
    exhibits = {**config.figures, **config.tables}
    return {name: slices.exhibit(Study(config), each) for name, each in exhibits.items()}


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        ({"figures/chen2017-3.7/title": "Another"}, set()),
        ({"tables/chen2017-3.2/title": "Another"}, set()),
        ({"figures/chen2017-3.7/colour": "#112233"}, {"chen2017-3.7"}),
        ({"figures/chen2017-6.3/colour_map": "cividis"}, {"chen2017-6.3"}),
        ({"figures/chen2017-6.9/panels": ["inner"]}, {"chen2017-6.9"}),
        ({"tables/chen2017-3.3/methods": ["nn-1"]}, {"chen2017-3.3"}),
        ({"datasets/jumps/last": 70, "seed": 1, SHOWN: [40]}, {"chen2017-5.1-5.2"}),
        ({"datasets/jumps/first": 31, SHOWN: [40]}, {*OF_CLASSES, *OF_ONE_CLASS, *MAPS}),
    ],
)
def test_what_a_slice_depends_on(change: dict, wanted: set[str]) -> None:
    before, after = all_slices({}), all_slices(change)
    assert {name for name in before if before[name] != after[name]} == wanted


def test_a_new_replicate_concerns_figures_that_show_it() -> None:
    before, after = all_slices({}), all_slices({"replicates": 6})
    kept = {name for name in before if before[name] == after[name]}
    assert kept == {
        *(OF_CLASSES - COUNTED),
        *MAPS,
        *OWN_NUMBER,
        *("chen2017-3.3-filter", "chen2017-3.4-filters", "chen2017-3.11", "chen2017-3.14"),
        *("chen2017-3.1", "chen2017-3.2", "chen2017-3.3", "chen2017-3.4"),
        "chen2017-7.1",
    }
