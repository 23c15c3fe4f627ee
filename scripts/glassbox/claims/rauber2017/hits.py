"""How far classes lie apart: neighbourhood hits in maps and layers, and linear probes (H1 to H3).

A map's hit is that of t-SNE maps with six neighbours; of one replicate it is the mean over its
draws of points and their random states, but where a printed number, which is that of one map, is
compared with single maps.
"""

import numpy as np
import pandas as pd

from glassbox.analyses.mapped import NEAREST, T_SNE
from glassbox.claims.evidence import Evidence, Missing
from glassbox.claims.hypotheses import REPORTED, above, below, inside
from glassbox.claims.judging import claim
from glassbox.claims.layers import UNTRAINED, hits
from glassbox.claims.verdicts import Comparison, against_published

TEST = "{}/test"
INPUT, FIRST, LAST = "input", "first", "last"
PLACES = {INPUT: 0, FIRST: 1, LAST: -2}  # among all layers, the output the last of them
HIT, ABOVE_CHANCE = "neighbourhood hit", "neighbourhood hit above chance"
ABOUT_THE_SAME = 0.1  # hits apart; R-N01 and R-N02 print 0.0534
FAR_ABOVE = 0.5  # over chance
POOR = 0.15  # over chance; R-N05 prints 0.2094, and the classes of SVHN give about 0.12


def maps_of(evidence: Evidence, method: str, wanted: str, place: str) -> pd.DataFrame:
    """The rows of the hits in all t-SNE maps of a layer: input, first or last hidden one."""
    rows = evidence.rows(
        "projections.hits",
        "t-SNE maps",
        method=method,
        set=wanted,
        projection=T_SNE,
        labels="label",
        measure="hit",
        neighbours=NEAREST,
    )
    depths = np.sort(rows.loc[(rows["depth"] > 0) & (rows["layer"] != "output"), "depth"].unique())
    depth = 0
    if place != INPUT:
        if not len(depths):
            raise Missing(f"t-SNE maps of hidden layers of {method}")
        depth = depths[0] if place == FIRST else depths[-1]
    rows = rows[rows["depth"] == depth]
    if rows.empty:
        raise Missing(f"t-SNE maps of the {place} layer of {method}")
    return rows


def in_map(evidence: Evidence, method: str, wanted: str, place: str) -> pd.DataFrame:
    """The mean hit and chance of each replicate that has maps, by replicate."""
    return maps_of(evidence, method, wanted, place).groupby("replicate")[["value", "chance"]].mean()


def in_layer(evidence: Evidence, method: str, wanted: str, place: str) -> np.ndarray:
    """The hit above chance in a layer itself, (replicates,)."""
    return hits(evidence, method, wanted, "label")[:, PLACES[place]]


def differences(
    evidence: Evidence, wanted: str, one: tuple[str, str], other: tuple[str, str]
) -> dict[str, np.ndarray]:
    """By how much more a layer of a model hits than another, by replicate, in map and layer."""
    mapped, others = (in_map(evidence, method, wanted, place) for method, place in (one, other))
    full, rest = (in_layer(evidence, method, wanted, place) for method, place in (one, other))
    count = min(len(full), len(rest))
    return {
        "in the map": (mapped["value"] - others["value"]).dropna().to_numpy(),
        "in the layer": full[:count] - rest[:count],
    }


@claim("R-N01")
def printed_hit(
    evidence: Evidence,
    method: str,
    wanted: str,
    place: str,
    published: dict[str, float],
    *,
    untrained: bool = False,
    of_draws: bool = False,
) -> list[Comparison]:
    """R-N01 to R-N09: the printed hit of a map. of_draws: every draw of points counts by itself."""
    method = UNTRAINED.format(method) if untrained else method
    rows = maps_of(evidence, method, wanted, place)
    rows = rows[rows["seed"] == 0] if of_draws else rows[(rows["seed"] == 0) & (rows["draw"] == 0)]
    values = rows.sort_values(["replicate", "draw"])["value"].to_numpy()
    return [
        against_published("hit in the map", values, published["hit"], HIT),
        Comparison(
            "hit in the layer itself, above chance",
            in_layer(evidence, method, wanted, place),
            REPORTED,
            ABOVE_CHANCE,
        ),
    ]


@claim("R-C01")
def untrained_keeps_classes(evidence: Evidence, method: str, data: str) -> list[Comparison]:
    """R-C01: without training the last layer separates classes about as the input does (H1)."""
    wanted, untrained = TEST.format(data), UNTRAINED.format(method)
    changes = differences(evidence, wanted, (untrained, LAST), (method, INPUT))
    found = in_map(evidence, untrained, wanted, LAST)
    same = inside(-ABOUT_THE_SAME, ABOUT_THE_SAME)
    return [
        *(
            Comparison(f"untrained last layer minus input, {where}", values, same, HIT)
            for where, values in changes.items()
        ),
        Comparison(
            "untrained last layer, in the map",
            (found["value"] - found["chance"]).to_numpy(),
            above(FAR_ABOVE),
            ABOVE_CHANCE,
        ),
        Comparison(
            "untrained last layer, in the layer",
            in_layer(evidence, untrained, wanted, LAST),
            above(FAR_ABOVE),
            ABOVE_CHANCE,
        ),
    ]


@claim("R-C02")
def untrained_is_poor(evidence: Evidence, method: str, data: str) -> list[Comparison]:
    """R-C02: on SVHN the untrained last layer separates classes poorly (Fig. 4)."""
    wanted, untrained = TEST.format(data), UNTRAINED.format(method)
    found = in_map(evidence, untrained, wanted, LAST)
    return [
        Comparison(
            "untrained last layer, in the map",
            (found["value"] - found["chance"]).to_numpy(),
            below(POOR),
            ABOVE_CHANCE,
        ),
        *(
            Comparison(
                f"{what}, in the layer",
                in_layer(evidence, untrained, wanted, place),
                hypothesis,
                ABOVE_CHANCE,
            )
            for what, place, hypothesis in (
                ("untrained last layer", LAST, below(POOR)),
                ("input", INPUT, REPORTED),
            )
        ),
    ]


@claim("R-C03")
def training_separates(evidence: Evidence, method: str, data: str) -> list[Comparison]:
    """R-C03: training separates the classes of the last hidden layer further (H2)."""
    trained, untrained = (method, LAST), (UNTRAINED.format(method), LAST)
    return [
        Comparison(f"last hidden layer, trained minus untrained, {where}", values, above(0), HIT)
        for where, values in differences(evidence, TEST.format(data), trained, untrained).items()
    ]


@claim("R-C05")
def depth_separates(evidence: Evidence, method: str, data: str) -> list[Comparison]:
    """R-C05: the last hidden layer separates classes further than the first (H3)."""
    last, first = (method, LAST), (method, FIRST)
    return [
        Comparison(f"last hidden layer minus first, {where}", values, above(0), HIT)
        for where, values in differences(evidence, TEST.format(data), last, first).items()
    ]


@claim("R-C05 (probes)")
def probes_separate(evidence: Evidence, method: str, data: str) -> list[Comparison]:
    """R-C05 (probes): linear probes are right more often in the last hidden layer (H3)."""
    wanted = TEST.format(data)
    rows = evidence.rows("probes", "linear probes", method=method, set=wanted)
    hidden = rows[(rows["depth"] > 0) & (rows["layer"] != "output")]
    table = hidden.pivot(index="replicate", columns="depth", values="accuracy").sort_index(axis=1)
    if table.shape[1] < 2:
        raise Missing(f"linear probes of two hidden layers of {method} on {wanted}")
    values = evidence.per_replicate(table.iloc[:, -1] - table.iloc[:, 0], method)
    return [Comparison("last hidden layer minus first", values, above(0), "accuracy")]
