"""Pages to explore: their pictures, what they hold, and which figures have one."""

import os
import subprocess
import sys
from pathlib import Path

import map_pages
import numpy as np
import pandas as pd
import pytest
import workflow

from glassbox.maps.inputs import MOST, thinned
from glassbox.maps.pictures import sheet_of
from glassbox.maps.points import card, filled
from maps import linked_maps, playing_trails
from study import schema, slices
from study.paths import Study
from study.schema.figures import explored


@pytest.mark.parametrize("shape", [[3, 5], [4, 4, 3]])
def test_each_picture_is_where_its_place_says(shape: list[int]) -> None:
    values = np.random.default_rng(1).uniform(-0.2, 1.2, (7, int(np.prod(shape))))
    sheet = sheet_of(values, shape, "sheet.png")
    places = sheet.places(0, 7) // sheet.zoom
    for row, wanted in zip(places.itertuples(), values, strict=True):
        box = (row.px, row.py, row.px + shape[1], row.py + shape[0])
        found = np.asarray(sheet.image.crop(box)) / 255
        assert np.allclose(found, np.clip(wanted, 0, 1).reshape(shape), atol=1 / 255)


def test_signals_are_curves_on_one_scale() -> None:
    rising, flat = np.linspace(0, 1, 20), np.full(20, 0.5)
    sheet = sheet_of(np.stack([rising, flat]), None, "sheet.png")
    wide, high = sheet.size
    pixels = np.asarray(sheet.image.convert("L")).reshape(-1, high, sheet.across, wide)
    up, level = pixels.swapaxes(1, 2).reshape(-1, high, wide)[:2]
    assert up[-1, 0] and up[0, -1] and not up[0, 0]
    assert {int(row) for row in np.nonzero(level)[0]} <= {high // 2 - 1, high // 2}


def test_a_card_tells_whole_numbers_and_three_digits_of_others() -> None:
    row = pd.Series({"label": 3, "error": np.float32(-4.56789), "px": 16, "py": 0}, dtype=object)
    assert "class 3, -4.57" in filled(card("", "class {label}, {error}"), row)


def test_a_page_shows_a_limited_number_of_points_evenly_spaced() -> None:
    few = pd.DataFrame({"at": range(9)})
    assert thinned(few).equals(few)
    many = thinned(pd.DataFrame({"at": range(3 * MOST)}))
    assert len(many) == MOST and set(np.diff(many["at"])) == {3}


def test_pages_have_the_same_bytes_again_and_no_title_ends_their_script(tmp_path: Path) -> None:
    made = []
    for seed in ("1", "2"):
        folder = tmp_path / seed
        subprocess.run(
            [sys.executable, map_pages.__file__, str(folder)],
            check=True,
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        made.append({each.name: each.read_bytes() for each in folder.iterdir()})
    assert made[0] == made[1]
    page = made[0]["activations.html"].decode()
    assert page.count("</script>") == 4, "three files of the library, and what the page holds"
    assert "http" not in page.partition("<script>Bokeh")[0]


def projected() -> pd.DataFrame:
    """Two maps of two layers of one network; the second map of each is of another random state."""
    own = {"method": "net", "set": "jumps/train", "projection": "t-sne", "draw": 0}
    frames = [
        pd.DataFrame({"example_id": [4, 7], "label": [0, 1], "origin_label": [1, 0], **own}).assign(
            layer=layer, depth=depth, seed=seed, x=10.0 * depth + seed, y=0.0
        )
        for depth, layer in enumerate(["input", "hidden-1"])
        for seed in (0, 1)
    ]
    return pd.concat(frames, ignore_index=True)


def test_columns_of_layers_are_maps_of_the_first_random_state_with_their_labels() -> None:
    column = {"title": "true", "model": "net", "set": "jumps/train", "labels": "origin_label"}
    config = {"columns": [column], "layers": None, "classes": 2, "colour_map": "viridis"}
    panels = list(linked_maps.panels_of(config, projected(), None))
    assert [each.title for each in panels] == ["true, input", "true, hidden-1"]
    assert [each.shown["x"].tolist() for each in panels] == [[0, 0], [10, 10]]
    assert panels[0].shown["label"].tolist() == [1, 0]
    assert linked_maps.shown_of(panels, "jumps/train").tolist() == [4, 7]
    assert len(linked_maps.palette(config)) == 2


def test_panels_are_single_layers_with_answers_where_asked() -> None:
    keys = {"model": "net", "set": "jumps/train", "method": "t-sne", "layer": "hidden-1"}
    config = {"panels": [{"title": "a", "answers": True, **keys}]}
    said = pd.DataFrame({"method": "net", "set": "jumps/train", "example_id": [7, 4]})
    (panel,) = linked_maps.panels_of(config, projected(), said.assign(predicted=[1, 9]))
    assert panel.shown["answer"].tolist() == [9, 1]


def test_steps_are_called_by_layer_or_by_epoch() -> None:
    trails = pd.DataFrame({"step": [1, 0], "layer": ["b", "a"], "epoch": [20, 0]})
    assert playing_trails.names_of(trails, "layers", "epoch") == ["layer a", "layer b"]
    assert playing_trails.names_of(trails, "checkpoints", "cycle") == ["cycle 0", "cycle 20"]


PAGES = {
    "introspection-maps": "activation_map",
    "attack-trajectories": "activation_map",
    "trajectory-maps": "playing_trails",
    "projection-trails": "playing_trails",
    "observation-maps": "linked_maps",
    "tsne": "linked_maps",
    "observation-and-neuron-maps": "neurons_beside_observations",
}


def study(**keys) -> Study:
    works = ["chen2017", "lee2019", "pardo2019", "rauber2017"]
    return Study(schema.load_study({"works": works, **keys}, workflow.ROOT / "config", []))


@pytest.mark.parametrize("scale", ["laptop", "published", "smoke"])
def test_the_works_figures_of_maps_have_pages(scale: str) -> None:
    asked = study(scale=scale)
    wanted = {
        name: PAGES[each.kind] for name, each in asked.config.figures.items() if each.kind in PAGES
    }
    found = explored(asked)
    assert {name: page.program for name, page in found.items()} == wanted
    for name, page in found.items():
        assert all(page.data["examples"]), name
        assert asked.config.figures[name].title in slices.explored(asked, name, page)


def test_a_change_of_one_figure_leaves_the_pages_of_others_alone() -> None:
    before, after = (
        {name: slices.explored(each, name, page) for name, page in explored(each).items()}
        for each in (
            study(scale="laptop"),
            study(scale="laptop", figures={"pardo2019-6-digits": {"rows": 2}}),
        )
    )
    assert {name for name in before if before[name] != after[name]} == {"pardo2019-6-digits"}


def test_a_map_of_neurons_alone_has_the_page_where_no_other_figure_has_it() -> None:
    figures = {"rauber2017-12-digits": None}
    found = explored(study(scale="laptop", figures=figures))
    assert found["rauber2017-13-digits"].program == "neurons_beside_observations"
    wide = explored(study(scale="laptop", figures=figures, widest=8))
    assert "rauber2017-13-digits" not in wide, "no dump holds the layer"
