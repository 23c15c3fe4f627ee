"""What every kind of experiment declares: its tables, its slice, and what does not suit it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from study.schema.section import Section, kind_of

if TYPE_CHECKING:
    from study.schema.config import Config

OF_EXPERIMENTS = "results/analyses/{name}/{{of}}/{{block}}.parquet"


class ExperimentSection(Section):
    """An experiment without networks."""

    # Where its tables lie, by option; left out: one table, in the folder of its rule's name.
    paths: ClassVar[Mapping[str, str]] = {}
    minutes: ClassVar[int] = 10

    kind: str

    @classmethod
    def rule(cls) -> str:
        """The name of its rule and of its program."""
        return kind_of(cls).replace("-", "_")

    @classmethod
    def places(cls) -> dict[str, str]:
        """The path of each table, by option; {of} is the experiment."""
        return dict(cls.paths) or {"table": OF_EXPERIMENTS.format(name=cls.rule())}

    @property
    def reads(self) -> str | None:
        """The set, dataset/split, that it is about, if its job reads one."""
        return None

    @property
    def about(self) -> list[str]:
        """Options of its program that say what its tables are about."""
        return []

    def misfits(self, config: Config) -> Iterable[tuple[str, str]]:
        """What does not suit it, by key, of its own keys, of sets and of detectors."""
        return ()

    def implied(self, config: Config) -> dict[str, Any]:
        """What it depends on beside its settings and what it reads."""
        return {}

    def slice(self, config: Config, name: str) -> dict[str, Any]:
        """What a job depends on, beside what it reads; name: of the experiment in the config."""
        settings = self.model_dump(exclude={"kind", "dataset", "set"}) | self.implied(config)
        return settings | {"seed": config.seed, "stream": ["experiments", name]}
