"""Every file of the study by what it is of, once, and which of them the config has made."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import PurePath
from typing import TYPE_CHECKING

from study.schema.section import at_epoch, kind_of

if TYPE_CHECKING:
    from study.schema.config import Config
    from study.schema.models import Model


FITTED = "results/analyses/fitted_{kind}/{model}/{block}"


@dataclass(frozen=True)
class Place:
    """Where the tables of one name lie, and what of the config has them made.

    path: of one table. {of} is a model, a detector or an experiment, {block} its replicates that
    one job makes, {replicate} one of them that gets a map, {set} dataset/split, {layer} a layer.
    analysis: the kind that makes it; key: of the config, for what no analysis makes, and kind, of
    an experiment.
    """

    path: str
    analysis: str | None = None
    key: str | None = None
    kind: str | None = None


def of_analyses() -> dict[str, Place]:
    """The places of what the kinds of analyses make."""
    from study.schema.analyses import KINDS

    return {
        name_of(kind.rule(), option): Place(path, analysis=kind.rule())
        for kind in KINDS
        for option, path in kind.places().items()
    }


def of_experiments() -> dict[str, Place]:
    """The places of what the kinds of experiments make."""
    from study.schema.experiments import KINDS

    return {
        name_of(kind.rule(), option): Place(path, key="experiments", kind=kind_of(kind))
        for kind in KINDS
        for option, path in kind.places().items()
    }


def name_of(rule: str, option: str) -> str:
    """The name of a table: that of the rule that makes it, and the output where that is another."""
    return rule if option == "table" else f"{rule}.{option}"


@cache
def places() -> dict[str, Place]:
    """Where all tables lie, by the rule that makes them and the output: see `name_of`."""
    return {
        "training.history": Place("results/models/{of}/{block}/history.parquet", key="trained"),
        "errors": Place("results/analyses/errors.parquet", analysis="predictions"),
        **of_analyses(),
        **of_experiments(),
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
    """Whether a path is a folder's: it has no checksum for Snakemake, but a digest beside it.

    Its name may end with a number, such as the size of an attack.
    """
    return not PurePath(path).suffix[1:2].isalpha()


class Study:
    """The files that a config asks for. What it has not made is refused with `NotMade`."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.made = cache(self._made)

    def model(self, name: str) -> Model:
        """The section of a model, or of the model that a checkpoint is of."""
        if not self.config.is_model(name):
            raise NotMade(name, self.config.asked_models())
        return self.config.model(name)

    def blocks(self, of: str) -> list[str]:
        """The blocks of a model, detector or experiment that hold the study's replicates."""
        together = self.config.side_by_side(of)
        firsts = range(0, self.config.count(of), together)
        return [f"{first}-{first + together - 1}" for first in firsts]

    def examples(self, dataset: str, split: str, block: str = "0-0") -> list[str]:
        """The files of a split in the draws of a block's replicates, or its one file for all."""
        return self.drawn(dataset, split, members(block))

    def drawn(self, dataset: str, split: str, replicates: list[int]) -> list[str]:
        """The files of a split in the draws of some replicates, or its one file for all."""
        if dataset not in self.config.datasets:
            raise NotMade(dataset, self.config.datasets)
        draws = replicates if self.config.draws(dataset) else [0]
        return [f"results/datasets/{dataset}/{draw}/{split}.parquet" for draw in draws]

    def made_of(self, dataset: str, split: str, draw: int) -> list[str]:
        """The file of the other set that a split of a set is made of."""
        of = self.config.datasets[dataset].of
        return self.drawn(*(of.split("/") if "/" in of else (of, split)), [draw])

    def by_replicate(self, sets: Iterable[str], replicates: list[int]) -> list[str]:
        """The files of some sets, dataset/split, in the draws of replicates: one each, in turn."""
        every = []
        for one in sets:
            files = self.drawn(*one.split("/"), replicates)
            every += files if len(files) == len(replicates) else files * len(replicates)
        return every

    def own_examples(self, model: str, split: str, block: str = "0-0") -> list[str]:
        """The files of a split of the set that a model is made for, in the draws of a block."""
        return self.examples(self.model(model).dataset, split, block)

    def activations(self, model: str, wanted: str, replicate: int = 0) -> str:
        """The folder with the activations of a model on a set that hold a replicate."""
        names = self.config.datasets
        sets = [f"{name}/{split}" for name in names for split in self.config.splits(name)]
        self.model(model)
        if wanted not in sets:
            raise NotMade(wanted, sets, model)
        return f"results/activations/{model}/{self.block_of(model, replicate)}/{wanted}"

    def fitted(self, kind: str, model: str, replicate: int) -> str:
        """The folder of what an analysis of this kind fits once on a model, as a model itself."""
        return FITTED.format(kind=kind, model=model, block=self.block_of(model, replicate))

    def trained(self, model: str, replicate: int) -> str:
        """The folder with the weights of a model, and its checkpoints, that holds a replicate."""
        return f"results/models/{at_epoch(model)[0]}/{self.block_of(model, replicate)}"

    def block_of(self, model: str, replicate: int) -> str:
        """The block of a model that holds a replicate."""
        return next(each for each in self.blocks(model) if replicate in members(each))

    def _made(self, table: str) -> dict[str, Sequence[str | None]]:
        """What the config has tables of this name made of, and on which sets; None: on no set."""
        place = places()[table]
        if place.analysis:
            return self.config.asked(place.analysis)
        asked = getattr(self.config, place.key)
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
        path = places()[table].path
        fill = partial(path.format, of=of, set=wanted)
        if "{replicate}" in path:
            entry = self.config.analysis(places()[table].analysis, of, wanted)
            mapped = min(entry.replicates, self.config.count(of))
            return [fill(replicate=each) for each in range(mapped)]
        layers = self.layers(table, of, wanted) if "{layer}" in path else [None]
        blocks = [block] if block else self.blocks(of)
        every = [fill(block=each, layer=layer) for each in blocks for layer in layers]
        return list(dict.fromkeys(every))

    def layers(self, table: str, model: str, wanted: str | None) -> list[str]:
        """The layers that tables are made of one by one, from a model's inputs on."""
        self.model(model)
        entry = self.config.analysis(places()[table].analysis, model, wanted)
        return entry.by_layer(self.config, model)

    def each(self, table: str, pairs: Iterable[tuple[str, str | None]]) -> list[str]:
        """The paths of the tables of one name of several models on sets, each once."""
        every = [path for of, wanted in pairs for path in self.tables(table, of, wanted)]
        return list(dict.fromkeys(every))

    def all(self, table: str, of: Collection[str] | None = None) -> list[str]:
        """All tables of one name, or those of some models, detectors or experiments."""
        made = self.made(table).items()
        pairs = [(each, one) for each, sets in made for one in sets if of is None or each in of]
        return self.each(table, pairs)

    def surplus(self) -> list[str]:
        """What blocks make beyond the study's replicates, in words: tables of them hold it too."""
        found: dict[tuple[int, int], list[str]] = {}
        for model in self.config.models:
            made, count = self.config.made_of(model), self.config.count(model)
            if made > count:
                found.setdefault((made, count), []).append(model)
        return [
            f"{made} replicates are made, a whole number of blocks, of which {count} count: "
            f"filter the tables of {', '.join(models)} by replicate < {count}"
            for (made, count), models in found.items()
        ]

    def asked(self) -> list[str]:
        """The tables of all analyses that the config asks for."""
        names = (name for name, place in places().items() if place.analysis)
        return [path for name in names for path in self.all(name)]

    def _refuse(self, table: str, of: str, wanted: str | None = None) -> None:
        made = self.made(table)
        if of not in made:
            raise NotMade(of, made)
        if wanted not in made[of]:
            raise NotMade(wanted, made[of], of)
