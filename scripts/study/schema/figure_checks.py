"""What figures ask for, and the study does not make."""

from collections.abc import Callable, Iterable
from typing import Any

from study.schema.checks import set_problems, unknown
from study.schema.config import Config
from study.schema.figures import (
    AscentFigure,
    AscentLayerFigure,
    BottleneckFigure,
    CurveFigure,
    FilterFigure,
    MapFigure,
    PlaneFigure,
    SweepFigure,
    TrajectoryFigure,
    WeightFigure,
)
from study.schema.libraries import (
    AurocFigure,
    ConfusionFigure,
    LibraryFigure,
)


def figure_problems(config: Config) -> Iterable[str]:
    for name, figure in config.figures.items():
        yield from FIGURE_PROBLEMS[figure.kind](config, f"figures.{name}", figure)
    for name in sorted(set(config.figures) & set(config.tables)):
        yield f"tables.{name}: is also the name of a figure"
    for name, table in config.tables.items():
        shown = {f"methods.{place}": method for place, method in enumerate(table.methods)}
        yield from _not_analysed(config, f"tables.{name}", "predictions", shown, table.set)


def _of_network(analysis: str, method: str = "network") -> Callable:
    """The problems of a figure that shows one method on a set, from this analysis."""

    def problems(config: Config, where: str, figure: Any) -> Iterable[str]:
        shown = {method: getattr(figure, method)}
        yield from _not_analysed(config, where, analysis, shown, figure.set)

    return problems


def _plane_problems(config: Config, where: str, figure: PlaneFigure) -> Iterable[str]:
    problems = list(unknown(f"{where}.network", figure.network, config.stacks()))
    yield from problems or set_problems(config, f"{where}.set", figure.set)
    if problems:
        return
    model = config.models[figure.network]
    if model.build != "mlp" or model.hidden[figure.layer - 1 :][:1] != [2]:
        yield f"{where}.layer: layer {figure.layer} of {figure.network} has not two units"


def _bottleneck_problems(config: Config, where: str, figure: BottleneckFigure) -> Iterable[str]:
    models = config.models.items()
    narrow = [name for name, model in models if model.build == "mlp" and model.hidden]
    shown = {f"models.{place}": name for place, name in enumerate(figure.models)}
    problems = [each for key in shown for each in unknown(f"{where}.{key}", shown[key], narrow)]
    yield from problems
    widths = [] if problems else [min(config.models[name].hidden) for name in figure.models]
    if len(set(widths)) < len(widths):
        yield f"{where}.models: found bottlenecks of {widths} units; must differ"
    if figure.reference is not None:
        shown["reference"] = figure.reference
    if not problems:
        yield from _not_analysed(config, where, "predictions", shown, figure.set)


def _filter_problems(config: Config, where: str, figure: FilterFigure) -> Iterable[str]:
    yield from unknown(f"{where}.network", figure.network, config.analyses.filters)


def _ascent_problems(
    config: Config, where: str, figure: AscentFigure | AscentLayerFigure
) -> Iterable[str]:
    several = isinstance(figure, AscentFigure)
    networks = figure.networks if several else [figure.network]
    for network in networks:
        problems = list(unknown(where, network, config.analyses.ascents.networks))
        yield from problems
        for location in [] if problems else figure.locations if several else [figure.location]:
            signals = config.origin(config.models[network].dataset)
            if not signals.first <= location <= signals.last:
                yield (
                    f"{where}: found location {location}; "
                    f"jumps of {network} are at {signals.first} to {signals.last}"
                )


def _trajectory_problems(config: Config, where: str, figure: TrajectoryFigure) -> Iterable[str]:
    for key, shown in {"learning": figure.learning, **dict(enumerate(figure.others))}.items():
        network = {"network": shown.network}
        yield from _not_analysed(config, f"{where}.{key}", "trajectories", network, shown.set)
    if len(figure.others) >= len(figure.colours):
        yield f"{where}.colours: {len(figure.colours)} for {len(figure.others) + 1} curves"


def _of_experiment(kind: str) -> Callable:
    """The problems of a figure that shows an experiment of this kind."""

    def problems(config: Config, where: str, figure: Any) -> Iterable[str]:
        allowed = [name for name, each in config.experiments.items() if each.kind == kind]
        yield from unknown(f"{where}.experiment", figure.experiment, allowed)

    return problems


def _weight_problems(config: Config, where: str, figure: WeightFigure) -> Iterable[str]:
    yield from unknown(f"{where}.network", figure.network, config.analyses.parameters)


def _curve_problems(config: Config, where: str, figure: CurveFigure) -> Iterable[str]:
    yield from unknown(f"{where}.network", figure.network, config.stacks())


def _sweep_problems(config: Config, where: str, figure: SweepFigure) -> Iterable[str]:
    networks = {f"networks.{place}": name for place, name in enumerate(figure.networks)}
    yield from _not_analysed(config, where, "confidences", networks, figure.set)


def _map_problems(config: Config, where: str, figure: MapFigure) -> Iterable[str]:
    for place, column in enumerate(figure.columns):
        for analysis in ("projections", "neighbourhoods"):
            here = f"{where}.columns.{place}"
            yield from _not_analysed(
                config, here, analysis, {"network": column.network}, column.set
            )


def _library_figure_problems(
    config: Config, where: str, figure: LibraryFigure | ConfusionFigure | AurocFigure
) -> Iterable[str]:
    """What a figure shows of libraries, and what the config does not have built or attacked."""
    problems = list(unknown(f"{where}.classifier", figure.classifier, config.libraries))
    yield from problems
    if problems:
        return
    libraries = config.libraries[figure.classifier]
    if figure.kind == "aurocs":
        if "set1" not in libraries.sets:
            yield f"{where}.classifier: libraries.{figure.classifier}.sets has no set1 to show"
        if figure.shown not in libraries.attacks.normalised:
            sizes = ", ".join(map(str, libraries.attacks.normalised)) or "none"
            yield f"{where}.shown: found {figure.shown}; attacks, normalised: {sizes}"
    elif figure.kind == "confusions":
        for layer in figure.layers:
            yield from unknown(f"{where}.layers", layer, libraries.thresholds)
            built = libraries.thresholds.get(layer, figure.thresholds)
            for threshold in set(figure.thresholds) - set(built):
                yield f"{where}.thresholds: found {threshold}, which {layer} is not built with"


FIGURE_PROBLEMS: dict[str, Callable[[Config, str, Any], Iterable[str]]] = {
    "histograms": _of_network("predictions", "method"),
    "heatmaps": _of_network("averages"),
    "profiles": _of_network("deviations"),
    "filter-shapes": _filter_problems,
    "planes": _plane_problems,
    "bottleneck-widths": _bottleneck_problems,
    "ascent-signals": _ascent_problems,
    "ascent-layers": _ascent_problems,
    "partings": _trajectory_problems,
    "responses": _of_experiment("mixed-filters"),
    "detection-curves": _of_experiment("filter-widths"),
    "searches": _of_experiment("filter-search"),
    "successes": _of_experiment("embeddings"),
    "learned": _of_network("learned_filters"),
    "weights": _weight_problems,
    "curves": _curve_problems,
    "tsne": _map_problems,
    "shapes": _of_network("confidences"),
    "sweeps": _sweep_problems,
    "library-curves": _library_figure_problems,
    "confusions": _library_figure_problems,
    "aurocs": _library_figure_problems,
}


def _not_analysed(
    config: Config, where: str, analysis: str, shown: dict[str, str], wanted: str
) -> Iterable[str]:
    """Methods, by their keys, or their sets that a figure wants and the analysis leaves out."""
    analysed = getattr(config.analyses, analysis)
    for key, method in shown.items():
        problems = list(unknown(f"{where}.{key}", method, analysed))
        yield from problems or unknown(f"{where}.set", wanted, analysed[method])
