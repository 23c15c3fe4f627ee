"""Pages to explore of made-up tables, for tests of what they hold and of what a browser does."""

from pathlib import Path

import numpy as np
import pandas as pd

from glassbox.maps.activation_map import Attacks, activation_map
from glassbox.maps.library import FILES, copy_file
from glassbox.maps.linked_maps import Panel, linked_maps
from glassbox.maps.neurons_beside_observations import Network, neurons_beside_observations
from glassbox.maps.page import write_page, write_sheet
from glassbox.maps.pictures import Sheet, sheet_of
from glassbox.maps.playing_trails import playing_trails
from study.schema.figures.introspection import COLOURS

TEMPLATE = Path(__file__).parents[1] / "scripts/glassbox/maps/page.html"
COUNT, CLASSES, UNITS, STEPS = 40, 4, 6, 3
# A page is drawn, for a browser that is asked.
IDLE = "window.Bokeh && Bokeh.documents.length && Bokeh.documents[0].is_idle"
TITLE = "Digits </script> & maps"  # what a title may hold


def rng() -> np.random.Generator:
    return np.random.default_rng(0)


def observations() -> pd.DataFrame:
    """Examples on a circle, class by class, whose ids are no row numbers."""
    rows = np.arange(COUNT)
    turn = 2 * np.pi * rows / COUNT
    labels = rows * CLASSES // COUNT
    columns = {"example_id": 3 * rows, "label": labels, "x": np.cos(turn), "y": np.sin(turn)}
    return pd.DataFrame(columns)


def pictures(path: Path) -> tuple[Sheet, pd.DataFrame]:
    sheet = sheet_of(rng().random((COUNT, 16)), [4, 4], path.name)
    write_sheet(path, sheet)
    return sheet, sheet.places(0, COUNT).assign(example_id=observations()["example_id"])


def activations(folder: Path) -> None:
    sheet, places = pictures(folder / "activations.png")
    points = observations().rename(columns={"x": "z1", "y": "z2"}).merge(places)
    points = points.assign(answer=points["label"], right=True, estimate=-3.0, error=-2.5)
    points.loc[0, ["answer", "right"]] = 1, False
    axis = np.linspace(-2, 2, 5)
    z1, z2 = (each.ravel() for each in np.meshgrid(axis, axis))
    plane = pd.DataFrame({"z1": z1, "z2": z2, "estimate": -z1 - 3})
    paths = [
        points.iloc[[first] * STEPS].assign(
            origin_id=3 * first, target=target, step=5 * np.arange(STEPS), answer=target
        )
        for first in (0, 20)
        for target in range(CLASSES)
    ]
    moved = pd.concat(paths, ignore_index=True)
    moved["z1"] += 0.1 * moved["step"]
    sets = {"digits/train": points, "digits/test": points.iloc[:5]}
    attacks = Attacks(moved, sheet.html())
    greys = ["#ffffff", "#888888", "#000000"]
    page = activation_map(sets, plane, COLOURS, greys, (-5, -1), sheet.html(), attacks)
    write_page(folder / "activations.html", TEMPLATE, TITLE, page, "made2099")


def trails(folder: Path) -> None:
    sheet, places = pictures(folder / "trails.png")
    steps = [
        observations().assign(step=step, x=lambda t, s=step: t["x"] + s) for step in range(STEPS)
    ]
    shown = pd.concat(steps).merge(places)
    names = [f"layer hidden-{step}" for step in range(STEPS)]
    page = playing_trails(shown, names, COLOURS, False, sheet.html())
    write_page(folder / "trails.html", TEMPLATE, "Trails", page, "made2099")


def linked(folder: Path) -> None:
    sheet, places = pictures(folder / "linked.png")
    first = observations()
    second = first.assign(x=-first["x"], answer=first["label"])
    panels = [Panel("input", "digits/test", first), Panel("hidden-1", "digits/test", second)]
    page = linked_maps(panels, {"digits/test": places}, COLOURS, sheet.html(), 2)
    write_page(folder / "linked.html", TEMPLATE, "Linked", page, "made2099")


def neurons(folder: Path) -> None:
    sheet, places = pictures(folder / "neurons.png")
    units = np.arange(UNITS)
    columns = {"unit": units, "x": units, "y": units % 2, "label": units % CLASSES, "score": 0.5}
    values = np.outer(np.arange(COUNT), np.arange(1, UNITS + 1))
    network = Network("trained", observations(), pd.DataFrame(columns), values)
    page = neurons_beside_observations([network], places, COLOURS, "importance", sheet.html())
    write_page(folder / "neurons.html", TEMPLATE, "Neurons", page, "made2099")


PAGES = {"activations": activations, "trails": trails, "linked": linked, "neurons": neurons}


def write_all(folder: Path) -> None:
    for file in FILES:
        copy_file(folder / file)
    for write in PAGES.values():
        write(folder)


if __name__ == "__main__":
    import sys

    write_all(Path(sys.argv[1]))
