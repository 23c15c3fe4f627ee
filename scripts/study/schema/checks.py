"""What no single section can tell: names that are not there, sets that do not fit."""

from collections.abc import Iterable

from study.schema.config import Config
from study.schema.datasets import (
    ATTACKS,
    MADE_OF_ANOTHER,
    ONE_SPLIT,
    WHOLE,
    AttackPaths,
    Edges,
    Inverted,
    MovedPatches,
    Noise,
    Occluded,
    Shapes,
    Unbalanced,
)
from study.schema.detectors import Detector, LearnedFilter
from study.schema.experiments import DetectorDraws, Experiment
from study.schema.refusals import no_model, no_set, not_among, too_few_draws


def rooted(config: Config, name: str) -> bool:
    seen = set()
    while source := config.source(name):
        seen.add(name)
        name = source
        if name in seen or name not in config.datasets:
            return False
    return True


def dataset_problems(config: Config) -> Iterable[str]:
    for name, section in config.datasets.items():
        where = f"datasets.{name}"
        if section.kind in MADE_OF_ANOTHER:
            source = config.source(name)
            problems = list(unknown(f"{where}.of", source, set(config.datasets) - {name}))
            yield from problems
            if not problems and not rooted(config, name):
                yield f"{where}.of: {source} is itself made from {name}"
            elif not problems and section.kind == "shapes":
                yield from _shape_problems(config, where, section)
            elif not problems and section.kind == "moved-patches":
                yield from _patch_problems(config, where, section)
            elif not problems and section.kind == "occluded":
                yield from _square_problems(config, where, section)
            elif not problems and section.kind in ("edges", "inverted"):
                yield from _picture_problems(config, where, section)
            elif not problems and section.kind == "unbalanced":
                yield from _share_problems(config, where, section)
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


def _patch_problems(config: Config, where: str, section: MovedPatches) -> Iterable[str]:
    """Sets that are no images, and images that are not several whole patches."""
    shape = config.image_shape(section.of)
    if shape is None:
        yield f"{where}.of: {section.of} has no images"
        return
    size = f"{shape[0]} x {shape[1]} pixels"
    if shape[0] % section.patch or shape[1] % section.patch:
        yield f"{where}.patch: found {section.patch}; {size} are not whole patches of that size"
    elif shape[0] == shape[1] == section.patch:
        yield f"{where}.patch: found {section.patch}; {size} are one patch, with no other place"


def _square_problems(config: Config, where: str, section: Occluded) -> Iterable[str]:
    """Sets that are no images, and squares that are larger than they are."""
    shape = config.image_shape(section.of)
    if shape is None:
        yield f"{where}.of: {section.of} has no images"
    elif section.patch > min(shape[:2]):
        yield f"{where}.patch: found {section.patch}; at most {min(shape[:2])}, the images' side"


def _picture_problems(config: Config, where: str, section: Edges | Inverted) -> Iterable[str]:
    """Sets that are no images, and those some of which are inverted already."""
    if config.image_shape(section.of) is None:
        yield f"{where}.of: {section.of} has no images"
    behind = section.of
    while section.kind == "inverted" and behind:
        if config.datasets[behind].kind == "inverted":
            yield f"{where}.of: images of {behind} are inverted already"
        behind = config.source(behind)


def _share_problems(config: Config, where: str, section: Unbalanced) -> Iterable[str]:
    """Sets without training examples, and other numbers of shares than of classes."""
    if absent := absent_splits(config, section.of, "train"):
        yield f"{where}.of: {section.of} has {absent} set to thin out"
    classes, found = config.origin(section.of).classes, len(section.shares)
    if found != classes:
        yield f"{where}.shares: found {found} shares; {section.of} has {classes} classes"


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


def one_split_problems(config: Config) -> Iterable[str]:
    """Sets made of a split that there is not, or by a model that does not take such inputs."""
    for name, section in config.datasets.items():
        where = f"datasets.{name}"
        if section.kind in ATTACKS:
            refused = no_model(config, section.model, config.models)
            problems = [f"{where}.model: {why}" for why in refused]
            problems += set_problems(config, f"{where}.of", section.of)
            yield from problems or fit_problems(config, f"{where}.of", section.model, section.of)
        elif section.kind in ONE_SPLIT:
            yield from set_problems(config, f"{where}.of", section.of)
        if section.kind == "attack":
            yield from _named_twice(f"{where}.sizes", section.sizes)
        elif section.kind == "noise":
            yield from _named_twice(f"{where}.sigmas", section.sigmas)
            yield from _chosen_twice(where, section)
        elif section.kind == "attack-paths":
            yield from _chosen_twice(where, section)
            yield from _path_problems(where, section)
            yield from _evasion_problems(config, where, section)


def _named_twice(where: str, values: Iterable[float]) -> Iterable[str]:
    """Values that would give splits of one name."""
    named = [f"{value:g}" for value in values]
    for value in sorted({each for each in named if named.count(each) > 1}):
        yield f"{where}: {value} is there twice"


def _chosen_twice(where: str, section: Noise | AttackPaths) -> Iterable[str]:
    if section.images and section.examples:
        yield f"{where}: images and examples are given; allowed: one of them"


def _path_problems(where: str, section: AttackPaths) -> Iterable[str]:
    if not section.images and not section.examples:
        yield f"{where}: neither images nor examples are given; wanted: one of them"
    if section.steps % section.every:
        yield f"{where}.every: found {section.every}; must divide steps ({section.steps})"


def _evasion_problems(config: Config, where: str, section: AttackPaths) -> Iterable[str]:
    """Attacks that evade nothing, or an introspection that there is not."""
    if section.evades is None:
        return
    if not section.evades.weights:
        yield f"{where}.evades: no sign weighs anything; allowed: one at least above 0"
    introspected = config.asked("introspection")
    if section.model not in introspected:
        allowed = ", ".join(sorted(introspected)) or "none"
        yield f"{where}.evades: {section.model} has no introspection; allowed: {allowed}"


def fit_problems(config: Config, where: str, name: str, wanted: str) -> Iterable[str]:
    """A model can only be shown inputs and classes of the size that it was made for.

    And it needs a draw per replicate.
    """
    dataset = wanted.split("/")[0]
    takes = config.detectors.get(name) or config.model(name)
    trained = config.origin(takes.dataset)
    shown = config.origin(dataset)
    if (shown.width, shown.classes) != (trained.width, trained.classes):
        yield (
            f"{where}: {wanted} has {shown.width} inputs and {shown.classes} classes, "
            f"{name} takes {trained.width} and {trained.classes}"
        )
    else:
        yield from (f"{where}: {why}" for why in too_few_draws(config, name, dataset))


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
    elif experiment.kind == "detector-draws":
        yield from _draw_problems(config, where, experiment)
    elif experiment.kind == "moore-penrose-embeddings":
        for place, cells in enumerate(experiment.cells):
            least = cells.width + ("affine" in experiment.maps)
            if min(cells.points) < least:
                yield (
                    f"{where}.cells.{place}.points: found {min(cells.points)}; at least {least} "
                    f"points span {cells.width} dimensions"
                )


def _draw_problems(config: Config, where: str, experiment: DetectorDraws) -> Iterable[str]:
    """Detectors that are not in closed form, and sets that are not drawn, or not for them."""
    name, wanted = experiment.detector, experiment.set
    closed = [each for each, one in config.detectors.items() if one.kind != "learned-filter"]
    problems = list(set_problems(config, f"{where}.set", wanted))
    if not problems and config.datasets[wanted.split("/")[0]].kind != "jumps":
        problems.append(f"{where}.set: {wanted} is not of a set of kind jumps")
    if name in config.detectors and name not in closed:
        allowed = ", ".join(sorted(closed)) or "none"
        problems.append(
            f"{where}.detector: {name} is a filter that a network learned, in no closed form; "
            f"allowed: {allowed}"
        )
    else:
        problems += unknown(f"{where}.detector", name, closed)
    yield from problems or fit_problems(config, f"{where}.set", name, wanted)


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
    made = config.asked("learned_filters")
    problems = list(unknown(f"{where}.model", detector.model, made))
    yield from problems
    if not problems and detector.set not in made[detector.model]:
        left_out = f"learned_filters are not made of {detector.model} on {detector.set}"
        yield f"{where}.split: {left_out}"


def set_problems(config: Config, where: str, wanted: str) -> Iterable[str]:
    yield from (f"{where}: {why}" for why in no_set(config, wanted))


def absent_splits(config: Config, dataset: str, *wanted: str) -> str:
    """The wanted splits that a set lacks, in words; empty if it has all."""
    absent = [f"no {split}" for split in wanted if split not in config.splits(dataset)]
    return " and ".join(absent)


def unknown(where: str, name: str, allowed: Iterable[str]) -> Iterable[str]:
    yield from (f"{where}: {why}" for why in not_among(name, allowed))
