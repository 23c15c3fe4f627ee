"""Figures of maps of observations: beside each other, followed by trails, and what hits vary by."""

from argparse import Namespace

import numpy as np
import pandas as pd
import pytest
import workflow

from figures import hit_variation, observation_maps, projection_trails
from glassbox.figures.hit_variation import hit_variation as draw_variation
from glassbox.figures.projection_trails import projection_trails as draw_trails
from glassbox.tables import write_table
from study import schema
from study.schema.messages import ConfigError

COLOURS = ["#3f17ff", "#f18500", "#22be9b"]
COUNT = 30
IDS, LABELS = np.arange(COUNT) + 5, np.arange(COUNT) % 3
OF = {"method": "net", "set": "some/test", "replicate": 0}


def maps():
    rng = np.random.default_rng(0)
    frames = [
        pd.DataFrame({"example_id": IDS, "label": LABELS, "x": places[0], "y": places[1]}).assign(
            **OF, layer="hidden-1", depth=1, projection=method, draw=0, seed=seed
        )
        for method, seed in (("t-sne", 0), ("t-sne", 1), ("mds", 0))
        for places in [rng.normal(size=(2, COUNT)) + LABELS]
    ]
    return pd.concat(frames)


def hits():
    rows = [
        {"projection": "t-sne", "seed": 0, "neighbours": 3, "value": 0.11},
        {"projection": "t-sne", "seed": 0, "neighbours": 6, "value": 0.89},
        {"projection": "t-sne", "seed": 1, "neighbours": 6, "value": 0.22},
        {"projection": "mds", "seed": 0, "neighbours": 6, "value": 0.45},
    ]
    told = {"layer": "hidden-1", "depth": 1, "draw": 0, "labels": "label", "measure": "hit"}
    return pd.DataFrame(rows).assign(**OF, **told, space="map")


def layers():
    told = {"layer": "hidden-1", "depth": 1, "labels": "label", "measure": "hit"}
    row = {**OF, **told, "space": "layer", "neighbours": 6, "value": 0.93}
    return pd.DataFrame([row])


def answers():
    wrong = np.arange(COUNT) < 3
    told = {"example_id": IDS, "label": LABELS, "predicted": (LABELS + wrong) % 3}
    return pd.DataFrame(told).assign(**OF)


def trails():
    rng = np.random.default_rng(1)
    frames = [
        pd.DataFrame({"example_id": IDS, "label": LABELS, "x": places[0], "y": places[1]}).assign(
            **OF, over="layers", step=step, layer=f"hidden-{step + 1}", depth=step + 1, epoch=-1
        )
        for step in range(3)
        for places in [rng.normal(size=(2, COUNT)) + step * LABELS]
    ]
    return pd.concat(frames)


def measures():
    rows = [
        {"step": step, "layer": f"hidden-{step + 1}", "space": space, "measure": measure}
        | {"epoch": -1, "over": "layers", "value": 0.5 + 0.1 * step}
        for step in range(3)
        for space in ("layer", "map")
        for measure in ("ratio", "hit", "within")
    ]
    return pd.DataFrame(rows).assign(**OF)


def varied():
    rows = [
        {"replicate": r, "draw": d, "seed": s, "value": 0.9 + 0.01 * r + 0.003 * d + 0.001 * s}
        for r in range(3)
        for d in range(2)
        for s in range(2)
    ]
    told = {"method": "net", "set": "some/test", "layer": "hidden-1", "depth": 1, "space": "map"}
    told |= {"projection": "t-sne", "labels": "label", "measure": "hit", "neighbours": 6}
    return pd.DataFrame(rows).assign(**told)


def made(tmp_path, program, config, **tables):
    """The bytes that a program writes for some tables; None: for no table of that role."""
    files = {"output": tmp_path / "figure.svg"}
    for role, table in tables.items():
        files[role] = [tmp_path / f"{role}.parquet"] if table is not None else []
        for path in files[role]:
            write_table(path, table)
    program.main(Namespace(config=config, **files))
    return files["output"].read_bytes()


def panel(**changes):
    shown = {"title": "a map", "model": "net", "set": "some/test", "layer": "hidden-1"}
    return {**shown, "method": "t-sne", "answers": True, **changes}


def test_maps_stand_beside_each_other(tmp_path, monkeypatch):
    drawn = []
    draw = observation_maps.observation_maps
    monkeypatch.setattr(
        observation_maps, "observation_maps", lambda *given: drawn.append(draw(*given)) or drawn[-1]
    )
    tables = {"projections": maps(), "hits": hits(), "layers": layers(), "predictions": answers()}
    config = {"panels": [panel(), panel(method="mds", answers=False)], "colours": COLOURS}
    assert b"<svg" in made(tmp_path, observation_maps, config, **tables)
    first, second = drawn[0].axes[:2]
    assert first.get_xlabel() == "NH 89.0%, in the layer 93.0%, accuracy 90.0%"
    assert second.get_xlabel() == "NH 45.0%, in the layer 93.0%"
    # Below all panels the numbers of classes; those answered wrongly are drawn once more.
    assert [len(each.get_offsets()) for each in first.collections] == [COUNT, 3]
    assert [len(each.get_offsets()) for each in second.collections] == [COUNT]
    shown = maps().query("projection == 't-sne' and seed == 0")[["x", "y"]]
    np.testing.assert_allclose(first.collections[0].get_offsets(), shown)


def test_maps_are_drawn_without_answers_and_layers(tmp_path):
    config = {"panels": [panel(answers=False)], "colours": COLOURS}
    tables = {"projections": maps(), "hits": hits(), "layers": None, "predictions": None}
    assert b"<svg" in made(tmp_path, observation_maps, config, **tables)


def test_trails_go_from_step_to_step(tmp_path):
    config = {"colours": COLOURS, "over": "layers", "period": "epoch"}
    tables = {"places": trails(), "measures": measures()}
    assert b"<svg" in made(tmp_path, projection_trails, config, **tables)
    figure = draw_trails(trails(), measures(), COLOURS, "layers", "epoch")
    of_trails, *beside = figure.axes
    lines = of_trails.collections[:2]
    assert [len(each.get_segments()) for each in lines] == [COUNT, COUNT]
    ends = trails().query("step == 2")[["x", "y"]]
    np.testing.assert_allclose([each[1] for each in lines[1].get_segments()], ends)
    for each in beside:
        assert [tick.get_text() for tick in each.get_xticklabels()] == [
            "hidden-1",
            "hidden-2",
            "hidden-3",
        ]
        for line in each.lines:
            np.testing.assert_allclose(line.get_ydata(), [0.5, 0.6, 0.7])


def test_what_hits_vary_by_is_said(tmp_path):
    config = {"colours": COLOURS, "method": "t-sne", "replicates": 3}
    assert b"<svg" in made(tmp_path, hit_variation, config, hits=varied())
    (axes,) = draw_variation(varied(), COLOURS).axes
    assert axes.get_title(loc="left").startswith("hidden-1: mean 91.2%\nnetworks 0.99")
    assert [len(each.get_offsets()) for each in axes.collections] == [4, 4, 4]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {
                "figures": {"rauber2017-10-digits": {"over": "checkpoints"}},
                "analyses": {"projection_trajectories": {"over": ["layers"]}},
            },
            "figures.rauber2017-10-digits.over: found 'checkpoints'; allowed: layers",
        ),
        (
            {"analyses": {"projections-rauber2017": {"layers": ["input", "hidden-9"]}}},
            "found 'hidden-9'; did you mean",
        ),
        (
            {"analyses": {"projections-rauber2017": {"methods": ["t-sne"]}}},
            "figures.rauber2017-1-5-digits.panels.2.method: found 'mds'; allowed: t-sne",
        ),
        (
            {"analyses": {"projections-rauber2017": {"layers": ["hidden-2"]}}},
            "figures.rauber2017-1-5-digits.panels.0.layer: found 'input'; allowed: hidden-2",
        ),
        ({"analyses": {"projections-rauber2017": {"neighbours": []}}}, "neighbours"),
        (
            {
                "figures": {"rauber2017-chance-digits": {"model": "mlp-digits@0"}},
                "analyses": {"projections-untrained": {"replicates": 1}},
            },
            "has one map of each layer, which does not vary",
        ),
    ],
)
def test_what_can_not_be_shown_is_refused(changes, said):
    with pytest.raises(ConfigError) as refused:
        schema.load(workflow.content(changes, works=["rauber2017"], scale="smoke"))
    assert said in str(refused.value)


def test_a_model_without_checkpoints_is_not_followed_over_them():
    changes = {
        "analyses": {"projection_trajectories": {"of": {"cnn-digits-inverted": ["digits/test"]}}},
        "models": {"cnn-digits-inverted": {"checkpoints": []}},
    }
    with pytest.raises(ConfigError, match="found checkpoints; cnn-digits-inverted has no check"):
        schema.load(workflow.content(changes, works=["rauber2017"], scale="smoke"))
