"""Every file of the study by what it is of, once, and which of them the config has made."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from pathlib import PurePath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from study.schema.config import Config
    from study.schema.models import Model


@dataclass(frozen=True)
class Place:
    """Where the tables of one name lie, and the key of the config that has them made.

    path: of one table. {of} is a model, a detector or an experiment, {block} its replicates that
    one job makes, {replicate} one of them that gets a map, {set} dataset/split, {layer} a layer.
    kind: of an experiment.
    """

    path: str
    key: str
    kind: str | None = None


def on_sets(analysis: str, key: str | None = None) -> Place:
    """The place of tables about a model on a set."""
    path = f"results/analyses/{analysis}/{{of}}/{{block}}/{{set}}.parquet"
    return Place(path, f"analyses.{key or analysis}")


def of_maps(analysis: str) -> Place:
    """The place of tables about the maps of one replicate."""
    path = f"results/analyses/{analysis}/{{of}}/{{replicate}}/{{set}}.parquet"
    return Place(path, "analyses.projections")


def of_experiment(made: str, kind: str) -> Place:
    """The place of what experiments of a kind make."""
    return Place(f"results/analyses/{made}/{{of}}/{{block}}.parquet", "experiments", kind)


def of_model(analysis: str, key: str, file: str = "table") -> Place:
    """The place of tables about a model on no set."""
    return Place(f"results/analyses/{analysis}/{{of}}/{{block}}/{file}.parquet", key)


def of_layers(file: str) -> Place:
    """The place of tables about the libraries of a layer."""
    return Place(
        f"results/analyses/libraries/{{of}}/{{block}}/{{layer}}/{file}.parquet", "libraries"
    )


# By the rule that makes them, and by its output where that is not `table`.
TABLES = {
    "training.history": Place("results/models/{of}/{block}/history.parquet", "trained"),
    "errors": Place("results/analyses/errors.parquet", "analyses.predictions"),
    "predictions": on_sets("predictions"),
    "averages": on_sets("averages"),
    "deviations": on_sets("deviations"),
    "units": on_sets("units"),
    "redundancy": on_sets("redundancy"),
    "trajectories": on_sets("trajectories"),
    "confidences": on_sets("confidences"),
    "neighbourhoods": on_sets("neighbourhoods"),
    "learned_filters.filters": on_sets("learned_filters"),
    "learned_filters.likeness": on_sets("likeness", "learned_filters"),
    "projections": of_maps("projections"),
    "projections.hits": of_maps("map_neighbourhoods"),
    "parameters": Place("results/analyses/parameters/{of}/{block}.parquet", "analyses.parameters"),
    "filters": of_model("filters", "analyses.filters"),
    "ascents": of_model("ascents", "analyses.ascents.networks"),
    "ascents.signals": of_model("ascents", "analyses.ascents.networks", "signals"),
    "libraries": of_layers("table"),
    "libraries.nodes": of_layers("nodes"),
    "libraries.confusion": of_layers("confusion"),
    "libraries.probe": of_layers("probe"),
    "silhouettes": of_model("silhouettes", "libraries"),
    "consistency": of_model("consistency", "libraries"),
    "consistency.scores": of_model("consistency", "libraries", "scores"),
    "mixed_filters.responses": of_experiment("mixed_filters", "mixed-filters"),
    "mixed_filters.gains": of_experiment("noise_gains", "mixed-filters"),
    "filter_widths": of_experiment("filter_widths", "filter-widths"),
    "filter_search": of_experiment("filter_search", "filter-search"),
    "embeddings": of_experiment("embeddings", "embeddings"),
}


class NotMade(Exception):
    """Something was asked for that the config does not have made.

    found: the name that there is not; allowed: those that there are; of: what was asked about.
    """

    def __init__(self, found: str | None, allowed: Iterable[str], of: str | None = None) -> None:
        super().__init__(f"found '{found}'; allowed: {', '.join(allowed) or 'none'}")
        self.found, self.allowed, self.of = found, list(allowed), of or found


def members(block: str) -> list[int]:
    """The replicates of a block, which is named by the first and the last."""
    first, last = map(int, block.split("-"))
    return list(range(first, last + 1))


def is_folder(path: str) -> bool:
    """Whether a path is a folder's: it has no checksum for Snakemake, but a digest beside it."""
    return not PurePath(path).suffix


class Study:
    """The files that a config asks for. What it has not made is refused with `NotMade`."""

    def __init__(self, config: Config) -> None:
        self.config = config

    def model(self, name: str) -> Model:
        """The section of a model."""
        if name not in self.config.models:
            raise NotMade(name, self.config.models)
        return self.config.models[name]

    def blocks(self, of: str) -> list[str]:
        """The blocks of a model, detector or experiment that hold the study's replicates."""
        detector = self.config.detectors.get(of)
        of = detector.network if detector and detector.kind == "learned-filter" else of
        together = self.config.side_by_side(of)
        firsts = range(0, self.config.count(of), together)
        return [f"{first}-{first + together - 1}" for first in firsts]

    def layers(self, model: str) -> list[str]:
        """The layers of a model that have libraries, from its inputs on."""
        self._refuse("libraries", model)
        self.model(model)
        return self.config.library_layers(model)

    def examples(self, dataset: str, split: str, block: str = "0-0") -> list[str]:
        """The files of a split in the draws of a block's replicates, or its one file for all."""
        draws = members(block) if self.config.draws(dataset) else [0]
        return [f"results/datasets/{dataset}/{draw}/{split}.parquet" for draw in draws]

    def own_examples(self, model: str, split: str, block: str = "0-0") -> list[str]:
        """The same of the set that a model is made for."""
        return self.examples(self.model(model).dataset, split, block)

    def activations(self, model: str, wanted: str, replicate: int = 0) -> str:
        """The folder with the activations of a model on a set that hold a replicate."""
        stacks, names = self.config.stacks(), self.config.datasets
        sets = [f"{name}/{split}" for name in names for split in self.config.splits(name)]
        if model not in stacks:
            raise NotMade(model, stacks)
        if wanted not in sets:
            raise NotMade(wanted, sets, model)
        block = next(each for each in self.blocks(model) if replicate in members(each))
        return f"results/activations/{model}/{block}/{wanted}"

    def attacks(self, model: str, block: str) -> list[str]:
        """The folders of all attacks on a block of a model."""
        sizes = self.config.attack_sizes(model)
        return [f"results/attacks/{model}/{block}/{space}/{size:g}" for space, size in sizes]

    def made(self, table: str) -> dict[str, Sequence[str | None]]:
        """What the config has tables of this name made of, and on which sets; None: on no set."""
        place = TABLES[table]
        asked = attrgetter(place.key)(self.config)
        asked = asked if isinstance(asked, Mapping) else dict.fromkeys(asked)
        return {
            name: content if isinstance(content, list) else [None]
            for name, content in asked.items()
            if place.kind is None or content.kind == place.kind
        }

    def tables(
        self, table: str, of: str, wanted: str | None = None, block: str | None = None
    ) -> list[str]:
        """The tables of one name that hold the study's replicates, or those of one block.

        of: a model, detector or experiment; wanted: the set, where tables are made on sets.
        """
        self._refuse(table, of, wanted)
        path = TABLES[table].path
        fill = partial(path.format, of=of, set=wanted)
        if "{replicate}" in path:
            mapped = min(self.config.projection.replicates, self.config.replicates)
            return [fill(replicate=each) for each in range(mapped)]
        layers = self.layers(of) if "{layer}" in path else [None]
        blocks = [block] if block else self.blocks(of)
        every = [fill(block=each, layer=layer) for each in blocks for layer in layers]
        return list(dict.fromkeys(every))

    def each(self, table: str, pairs: Iterable[tuple[str, str | None]]) -> list[str]:
        """The same of several models on sets, each once."""
        every = [path for of, wanted in pairs for path in self.tables(table, of, wanted)]
        return list(dict.fromkeys(every))

    def all(self, table: str, of: Collection[str] | None = None) -> list[str]:
        """All tables of one name, or those of some models, detectors or experiments."""
        made = self.made(table).items()
        pairs = [(each, one) for each, sets in made for one in sets if of is None or each in of]
        return self.each(table, pairs)

    def _refuse(self, table: str, of: str, wanted: str | None = None) -> None:
        made = self.made(table)
        if of not in made:
            raise NotMade(of, made)
        if wanted not in made[of]:
            raise NotMade(wanted, made[of], of)
