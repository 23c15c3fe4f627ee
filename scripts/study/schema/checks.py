"""What no single section can tell: names that are not there, sets that do not fit."""

from collections.abc import Iterable

from study.schema.classifiers import (
    LAYERS,
    Classifier,
    Libraries,
)
from study.schema.config import Config
from study.schema.datasets import MADE_OF_ANOTHER, WHOLE, Shapes
from study.schema.detectors import Detector, LearnedFilter
from study.schema.experiments import Experiment
from study.schema.messages import nearest
from study.schema.networks import Network


def rooted(config: Config, name: str) -> bool:
    seen = set()
    while config.datasets[name].kind in MADE_OF_ANOTHER:
        seen.add(name)
        name = config.datasets[name].of
        if name in seen or name not in config.datasets:
            return False
    return True


def dataset_problems(config: Config) -> Iterable[str]:
    for name, section in config.datasets.items():
        where = f"datasets.{name}"
        if section.kind in MADE_OF_ANOTHER:
            problems = list(unknown(f"{where}.of", section.of, set(config.datasets) - {name}))
            yield from problems
            if not problems and not rooted(config, name):
                yield f"{where}.of: {section.of} is itself made from {name}"
            elif not problems and section.kind == "shapes":
                yield from _shape_problems(config, where, section)
        elif section.kind == "jumps":
            if not section.first <= section.last - 1:
                yield f"{where}.last: found {section.last}; must be above first ({section.first})"
            if section.last > section.length:
                yield f"{where}.last: found {section.last}; at most the length ({section.length})"
            missing = {"train", "validation"} - set(section.per_class)
            if missing:
                yield f"{where}.per_class: {', '.join(sorted(missing))} is missing"
        elif section.kind == "digits" and section.validation + section.test >= 1797:
            yield f"{where}: validation and test leave nothing of the 1797 images to train on"


def _shape_problems(config: Config, where: str, section: Shapes) -> Iterable[str]:
    """Hand-made signals that are no signals, or of no class."""
    if config.datasets[section.of].kind != "jumps":
        yield f"{where}.of: {section.of} is not a set of kind jumps"
        return
    signals = config.datasets[section.of]
    if not signals.first <= section.location <= signals.last:
        yield (
            f"{where}.location: found {section.location}; "
            f"must be from {signals.first} to {signals.last}"
        )
    if not section.shapes and not section.sweeps:
        yield f"{where}: neither shapes nor sweeps are given"
    shapes = {f"shapes.{name}": shape for name, shape in section.shapes.items()}
    for name, sweep in section.sweeps.items():
        shapes[f"sweeps.{name}.fixed"] = sweep.fixed
        if sweep.parameter in WHOLE and not all(isinstance(each, int) for each in sweep.values):
            yield f"{where}.sweeps.{name}.values: {sweep.parameter} takes whole numbers"
        if sweep.parameter == "spike" and sweep.fixed.spike_at is None:
            yield f"{where}.sweeps.{name}.fixed.spike_at: required, but missing"
    for name, shape in shapes.items():
        if shape.spike and shape.spike_at is None:
            yield f"{where}.{name}.spike_at: required, but missing"
        if (shape.spike_at or 1) > signals.length:
            yield (
                f"{where}.{name}.spike_at: found {shape.spike_at}; "
                f"at most the length ({signals.length})"
            )


def experiment_problems(config: Config, where: str, experiment: Experiment) -> Iterable[str]:
    if experiment.kind == "filter-widths":
        problems = list(unknown(f"{where}.dataset", experiment.dataset, config.datasets))
        yield from problems
        if not problems and config.datasets[experiment.dataset].kind != "jumps":
            yield f"{where}.dataset: {experiment.dataset} is not a set of kind jumps"
    elif experiment.kind == "filter-search":
        problems = list(set_problems(config, f"{where}.set", experiment.set))
        yield from problems
        if not problems and config.datasets[experiment.set.split("/")[0]].kind != "jumps":
            yield f"{where}.set: {experiment.set} is not of a set of kind jumps"
        for window in experiment.windows:
            if window % 2 == 0:
                yield f"{where}.windows: found {window}; must be odd, to be centred"
    elif experiment.kind == "embeddings":
        for place, cells in enumerate(experiment.cells):
            least = cells.width + ("affine" in experiment.maps)
            if min(cells.points) < least:
                yield (
                    f"{where}.cells.{place}.points: found {min(cells.points)}; at least {least} "
                    f"points span {cells.width} dimensions"
                )


def network_problems(config: Config, name: str, network: Network) -> Iterable[str]:
    where = f"networks.{name}"
    learnable = {each for each, section in config.datasets.items() if section.kind != "shapes"}
    problems = list(unknown(f"{where}.dataset", network.dataset, learnable))
    yield from problems
    if problems or not network.convolutions:
        return
    shown = config.origin(network.dataset)
    if shown.kind != "jumps":
        yield f"{where}.convolutions: {network.dataset} holds no signals to convolve"
    for taps in network.convolutions:
        if taps % 2 == 0 or taps > shown.width:
            yield (
                f"{where}.convolutions: found {taps}; "
                f"must be odd, to be centred, and at most the length ({shown.width})"
            )


def detector_problems(config: Config, name: str, detector: Detector) -> Iterable[str]:
    where = f"detectors.{name}"
    problems = list(unknown(f"{where}.dataset", detector.dataset, config.datasets))
    yield from problems
    if problems:
        return
    if config.datasets[detector.dataset].kind != "jumps":
        yield f"{where}.dataset: {detector.dataset} is not a set of kind jumps"
    elif detector.kind == "learned-filter":
        yield from _learned_filter_problems(config, where, detector)
    elif detector.kind == "gaussian-derivative":
        signals = config.datasets[detector.dataset]
        if detector.window % 2 == 0:
            yield f"{where}.window: found {detector.window}; must be odd, to be centred"
        if detector.window > signals.length:
            yield f"{where}.window: found {detector.window}; at most the length ({signals.length})"


def _learned_filter_problems(config: Config, where: str, detector: LearnedFilter) -> Iterable[str]:
    problems = list(unknown(f"{where}.network", detector.network, config.analyses.learned_filters))
    yield from problems
    wanted = f"{detector.dataset}/{detector.split}"
    if not problems and wanted not in config.analyses.learned_filters[detector.network]:
        yield (f"{where}.split: analyses.learned_filters.{detector.network} leaves out {wanted}")


def training_problems(config: Config, where: str, dataset: str, *also: str) -> Iterable[str]:
    """Splits that training wants and a set lacks."""
    missing = [one for one in ("train", *also) if one not in config.splits(dataset)]
    if missing:
        yield f"{where}.dataset: {dataset} has no {' and no '.join(missing)} set to train with"


def classifier_problems(config: Config) -> Iterable[str]:
    """Classifiers whose images they can't take, and libraries of layers that there are not."""
    known = set()
    for name, classifier in config.classifiers.items():
        where = f"classifiers.{name}"
        if name in {**config.networks, **config.detectors}:
            yield f"{where}: the name is that of a network or detector"
        problems = list(unknown(f"{where}.dataset", classifier.dataset, config.datasets))
        problems = problems or list(training_problems(config, where, classifier.dataset, "test"))
        problems = problems or list(_image_problems(config, where, classifier))
        yield from problems
        known |= set() if problems else {name}
    for name, libraries in config.libraries.items():
        where = f"libraries.{name}"
        yield from unknown(where, name, config.classifiers)
        if name in known:
            yield from _library_problems(config, where, config.classifiers[name], libraries)


def _image_problems(config: Config, where: str, classifier: Classifier) -> Iterable[str]:
    images = config.origin(classifier.dataset)
    shape = config.image_shape(classifier.dataset)
    if classifier.kind == "resnet44":
        if shape != [32, 32, 3]:
            yield f"{where}.dataset: {classifier.dataset} has no images of 32 x 32 x 3"
        return
    if not shape or len(shape) != 2 or shape[0] != shape[1]:
        yield f"{where}.dataset: {classifier.dataset} has no square grey images"
        return
    size = shape[0]
    for _ in range(2):
        size = (size + 2 * classifier.padding - classifier.kernel + 1) // 2
    if size < 1:
        side = f"{images.width**0.5:.0f}"
        yield f"{where}.kernel: found {classifier.kernel}; leaves nothing of {side} x {side} pixels"


def _library_problems(
    config: Config, where: str, classifier: Classifier, libraries: Libraries
) -> Iterable[str]:
    layers = LAYERS[classifier.kind]
    for layer in libraries.thresholds:
        yield from unknown(f"{where}.thresholds", layer, layers)
    if libraries.mahalanobis:
        yield from unknown(f"{where}.mahalanobis", libraries.mahalanobis, layers)
    for name, chosen in libraries.sets.items():
        if len(chosen) < 2:
            yield f"{where}.sets.{name}: found {len(chosen)} layers; at least 2 are compared"
        for layer, threshold in chosen.items():
            at = f"{where}.sets.{name}.{layer}"
            built = libraries.thresholds.get(layer, [])
            if threshold not in built:
                yield f"{at}: found {threshold}; built: {', '.join(map(str, built)) or 'none'}"
    for one in libraries.outliers:
        problems = list(set_problems(config, f"{where}.outliers", one))
        yield from problems
        width = config.origin(classifier.dataset).width
        if not problems and config.origin(one.split("/")[0]).width != width:
            yield f"{where}.outliers: {one} has not the {width} inputs of {classifier.dataset}"


def set_problems(config: Config, where: str, wanted: str) -> Iterable[str]:
    dataset, split = wanted.split("/")
    problems = list(unknown(where, dataset, config.datasets))
    yield from problems or unknown(where, split, config.splits(dataset))


def analysis_problems(config: Config) -> Iterable[str]:
    for place, name in enumerate(config.analyses.parameters):
        yield from unknown(f"analyses.parameters.{place}", name, config.networks)
    for analysis, wanted in config.analyses.on_sets.items():
        for name, sets in wanted.items():
            where = f"analyses.{analysis}.{name}"
            allowed = set(config.networks)
            if analysis == "predictions":
                allowed |= set(config.detectors)
            if analysis == "trajectories":
                allowed = {each for each in allowed if config.networks[each].checkpoints}
            if analysis == "redundancy":
                allowed = {each for each in allowed if _is_mlp(config.networks[each])}
            problems = list(unknown(where, name, allowed))
            for one in sets:
                problems += set_problems(config, where, one)
            problems = problems or list(_kind_problems(config, where, analysis, sets))
            yield from problems or _fit_problems(config, where, name, sets)
    with_filters = [name for name, network in config.networks.items() if network.convolutions]
    for name in config.analyses.filters:
        yield from unknown("analyses.filters", name, with_filters)
    with_jumps = [
        name
        for name, network in config.networks.items()
        if config.origin(network.dataset).kind == "jumps"
    ]
    for name in config.analyses.ascents.networks:
        yield from unknown("analyses.ascents.networks", name, with_jumps)


def _is_mlp(network: Network) -> bool:
    return bool(network.hidden) and not network.convolutions


def _kind_problems(config: Config, where: str, analysis: str, sets: list[str]) -> Iterable[str]:
    """Sets that an analysis can't be made of, for want of locations or of shapes."""
    allowed = {"learned_filters": ("jumps",), "confidences": ("shapes",)}.get(analysis)
    for one in sets:
        if allowed and config.datasets[one.split("/")[0]].kind not in allowed:
            yield f"{where}: {one} is not of a set of kind {allowed[0]}"


def _fit_problems(config: Config, where: str, name: str, sets: list[str]) -> Iterable[str]:
    """A network can only be shown inputs and classes of the size that it was made for."""
    methods = {**config.networks, **config.detectors}
    trained = config.origin(methods[name].dataset)
    for one in sets:
        shown = config.origin(one.split("/")[0])
        if (shown.width, shown.classes) != (trained.width, trained.classes):
            yield (
                f"{where}: {one} has {shown.width} inputs and {shown.classes} classes, "
                f"{name} takes {trained.width} and {trained.classes}"
            )


def unknown(where: str, name: str, allowed: Iterable[str]) -> Iterable[str]:
    if name not in allowed:
        yield f"{where}: found '{name}'; {nearest(name, allowed)}"
