"""Which rows are meant of tables of maps, and of neighbourhoods, that hold several of each."""

import pandas as pd

T_SNE, MDS = "t-sne", "mds"
LAYER, MAP = "layer", "map"  # spaces
NEAREST = 6


def first_maps(table: pd.DataFrame, projection: str = T_SNE) -> pd.DataFrame:
    """The rows of the first map by one method of each layer, of the first draw of points.

    table: columns projection, draw and seed, as of `projections`.
    """
    first = (table["projection"] == projection) & (table["draw"] == 0) & (table["seed"] == 0)
    return table[first]


def usual(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of six neighbours, as rauber2017 counts them, or of the fewest without these."""
    counted = table["neighbours"]
    return table[counted == (NEAREST if (counted == NEAREST).any() else counted.min())]
