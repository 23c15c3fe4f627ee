"""What each figure is made from, and where the report says that it comes from.

Units can't be averaged over networks, so that a figure of single units, points or ascended signals
shows replicate 0.
"""


def dump(figure):
    """The folder of activations that a figure of replicate 0 shows."""
    return f"results/activations/{figure.network}/{blocks(figure.network)[0]}/{figure.set}"


def of_ascents(networks):
    """The tables and the signals of gradient ascent, of the networks' first blocks."""
    firsts = [f"results/analyses/ascents/{each}/{blocks(each)[0]}" for each in networks]
    return {
        "tables": [f"{first}/table.parquet" for first in firsts],
        "signals": [f"{first}/signals.parquet" for first in firsts],
    }


def of_maps(columns):
    """The t-SNE maps of each column, and how often neighbours share a class in and before them."""
    shown = [(column.network, column.set) for column in columns]
    return {
        "projections": [projections("projections", *each)[0] for each in shown],
        "hits": [projections("map_neighbourhoods", *each)[0] for each in shown],
        "layers": [tables("neighbourhoods", *each)[0] for each in shown],
    }


def of_sets(analysis, pairs):
    """The tables of an analysis of several networks, each on a set."""
    return [table for model, wanted in pairs for table in tables(analysis, model, wanted)]


# By kind and role: the options of the program that draws the kind.
FIGURE_DATA = {
    "histograms": lambda figure: {"predictions": tables("predictions", figure.method, figure.set)},
    "heatmaps": lambda figure: {"averages": tables("averages", figure.network, figure.set)[:1]},
    "profiles": lambda figure: {"deviations": tables("deviations", figure.network, figure.set)},
    "filter-shapes": lambda figure: {"filters": of_weights("filters", [figure.network], "table")},
    "planes": lambda figure: {"digest": [f"{dump(figure)}.json"]},
    "bottleneck-widths": lambda figure: {"errors": ["results/analyses/errors.parquet"]},
    "ascent-signals": lambda figure: of_ascents(figure.networks),
    "ascent-layers": lambda figure: of_ascents([figure.network]),
    "partings": lambda figure: {
        "trajectories": of_sets(
            "trajectories",
            [(shown.network, shown.set) for shown in (figure.learning, *figure.others)],
        )
    },
    "responses": lambda figure: {
        "responses": experiment_tables(figure.experiment, "mixed_filters")[:1]
    },
    "detection-curves": lambda figure: {
        "widths": experiment_tables(figure.experiment, "filter_widths")
    },
    "searches": lambda figure: {"searches": experiment_tables(figure.experiment, "filter_search")},
    "successes": lambda figure: {"embeddings": experiment_tables(figure.experiment, "embeddings")},
    "learned": lambda figure: {
        "filters": tables("learned_filters", figure.network, figure.set)[:1],
        "likeness": tables("likeness", figure.network, figure.set),
    },
    "weights": lambda figure: {"parameters": parameter_tables(figure.network)[:1]},
    "curves": lambda figure: {"histories": histories(figure.network)},
    "tsne": lambda figure: of_maps(figure.columns),
    "shapes": lambda figure: {
        "examples": [set_file(figure.set)],
        "confidences": tables("confidences", figure.network, figure.set),
    },
    "sweeps": lambda figure: {
        "confidences": of_sets(
            "confidences", [(network, figure.set) for network in figure.networks]
        )
    },
    "library-curves": lambda figure: {"libraries": library_files(figure.classifier, "table")},
    "confusions": lambda figure: {"confusion": library_files(figure.classifier, "confusion")},
    "aurocs": lambda figure: {
        "detection": of_weights("consistency", [figure.classifier], "table"),
        "scores": of_weights("consistency", [figure.classifier], "scores"),
    },
}


def data(role):
    """The input function of a rule: the data of a figure that have this role."""
    return lambda w: data_by_role(w.figure)[role]


def data_by_role(name):
    """The data of a figure, as its rule takes them."""
    figure = CONFIG.figures[name]
    return FIGURE_DATA[figure.kind](figure)


def figure_data(name):
    """The files that a figure, or a table of the report, is made from, each once."""
    if name in CONFIG.tables:
        return ["results/analyses/errors.parquet"]
    return list(dict.fromkeys(path for paths in data_by_role(name).values() for path in paths))


def all_figure_data():
    """The tables behind all figures and tables of the report, each once, in order of their names."""
    shown = [*CONFIG.figures, *CONFIG.tables]
    return sorted({table for name in shown for table in figure_data(name)})


def figures(kind):
    """A wildcard constraint: the figures of a kind."""
    return one_of(name for name, figure in CONFIG.figures.items() if figure.kind == kind)


def rule_of(kind):
    """The rule that draws figures of a kind."""
    return kind.replace("-", "_")


def figure_origins():
    """The rule, config slice and data of each figure and table, and the code of each rule."""
    origins, codes = {}, {}
    for name in [*CONFIG.figures, *CONFIG.tables]:
        kind = "error_tables" if name in CONFIG.tables else rule_of(CONFIG.figures[name].kind)
        slice_of = slices.table if name in CONFIG.tables else slices.figure
        origins[name] = {"rule": kind, "config": slice_of(CONFIG, name), "data": figure_data(name)}
        codes[kind] = code_of(workflow.get_rule(kind))
    return {"origins": origins, "codes": {kind: vars(code) for kind, code in codes.items()}}
