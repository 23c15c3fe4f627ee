"""Neurons in the colour of the class that they tell best (rauber2017 Fig. 13)."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from glassbox.analyses.neuron_tables import MAP, PAIRS, VARYING, WITHIN
from glassbox.analyses.scores import ALL_CLASSES
from glassbox.analyses.unit_order import BRIGHT
from glassbox.figures import maps
from glassbox.figures.neurons import NAMES, counted, draw_neurons, measured
from glassbox.figures.style import WIDTH, look, title_panels

PALE = np.array(to_rgb("#f2f2f2"))  # of a neuron that tells nothing


@dataclass(frozen=True)
class NeuronMap:
    """One layer's neurons, with the columns state, x, y, class_<score> and score_<score>.

    measures: space, score, measure, label and value.
    """

    title: str
    neurons: pd.DataFrame
    measures: pd.DataFrame


def discriminative_neuron_map(shown: list[NeuronMap], score: str, colours: list[str]) -> Figure:
    """A panel per network, two in a row: the better a neuron tells its class, the stronger.

    score: trees or auroc. Full from the 95th percentile of all scores that are shown.
    """
    tints = maps.rgb(colours)
    rows = -(-len(shown) // 2)
    with look():
        figure = Figure(figsize=(WIDTH, 0.55 * WIDTH * rows + 0.5))
        axes = figure.subplots(rows, 2, squeeze=False).ravel()
        own = [_by_strength(each.neurons, score) for each in shown]
        every = np.concatenate([each["strength"] for each in own])
        full = np.percentile(every, BRIGHT) if len(every) else 1
        titles = []
        for panel, each, neurons in zip(axes, shown, own, strict=False):
            draw_neurons(panel, neurons, c=_tones(neurons, tints, full))
            titles.append(f"{each.title}\n{counted(each.neurons)}\n{_grouped(each, score)}")
        title_panels(axes, titles)
        for empty in axes[len(shown) :]:
            empty.set_axis_off()
        labels = sorted(set().union(*(each["told"] for each in own)))
        maps.legend_of_classes(figure, labels, tints)
        figure.supxlabel(
            f"colour: the class that a neuron tells best; strength: its {NAMES[score]}, full from "
            f"{full:.2g} on\npurity: share of the nearest neurons that tell the same class, in the "
            "map / by 1 - |r| / by that less class means",
            size=9,
        )
    return figure


def _by_strength(neurons: pd.DataFrame, score: str) -> pd.DataFrame:
    """Those that vary, the strongest last, with the columns told and strength."""
    names = {f"class_{score}": "told", f"score_{score}": "strength"}
    return neurons[neurons["state"] == VARYING].rename(columns=names).sort_values("strength")


def _tones(neurons: pd.DataFrame, colours: np.ndarray, full: float) -> np.ndarray:
    """Between pale and the colour of the class, (n, 3)."""
    strength = np.clip(neurons["strength"].to_numpy() / full, 0, 1)[:, None]
    return (1 - strength) * PALE + strength * colours[neurons["told"]]


def _grouped(shown: NeuronMap, score: str) -> str:
    values = measured(shown.measures, score, "purity", ALL_CLASSES)
    return f"purity {' / '.join(f'{values[each]:.2f}' for each in (MAP, PAIRS, WITHIN))}"
