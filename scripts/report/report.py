"""Render the report: one HTML page with every figure, table and verdict, and where each is from."""

import json
from argparse import Namespace
from pathlib import Path

import pandas as pd

from glassbox.analyses.errors import PRINTED
from glassbox.claims.works import read_work
from glassbox.digests import file_sha256
from glassbox.files import whole
from glassbox.processors import mixture
from glassbox.replicates import counted
from glassbox.report import page
from glassbox.tables import read_table
from study.command import Program, run


def main(arguments: Namespace) -> None:
    config = arguments.config
    verdicts = read_table(arguments.verdicts)
    sums = data_sums(config, arguments.data)
    html = page.render(
        arguments.template,
        title=config["title"],
        seed=config["seed"],
        replicates=config["replicates"],
        works=[read_work(path) for path in arguments.claims],
        tally=page.tally(verdicts),
        claims=page.claims_with_parts(verdicts, read_table(arguments.parts)),
        measures=PRINTED,
        tables=[table(config, path) for path in arguments.tables],
        models=[own(config, *each, arguments) for each in config["models"].items()],
        figures=[figure(config, path) for path in arguments.figures if not is_own(config, path)],
        training=training(config, arguments.histories, arguments.errors),
        origins={name: origin(config, name, sums) for name in config["origins"]},
        config=config["whole"],
        mixture=mixture(map(read_json, sorted(Path(arguments.records).rglob("*.json")))),
    )
    with whole(arguments.output) as part:
        part.write_text(html)


def read_json(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def figure(config: dict, path: Path) -> dict:
    return {"name": path.stem, "title": config["titles"][path.stem], "path": str(path)}


def is_own(config: dict, path: Path) -> bool:
    """Whether a figure is shown with a model of which all analyses are asked."""
    return any(path.stem in names for names in config["models"].values())


def own(config: dict, model: str, names: list[str], arguments: Namespace) -> dict:
    """A model of which all analyses are asked: how right and how sure it is, and its figures."""
    errors, counts = arguments.errors, (config["replicates"], config["own"])
    numbers = page.numbers(counted(errors, *counts), model) if errors else []
    shown = [figure(config, path) for path in arguments.figures if path.stem in names]
    return {"name": model, "numbers": numbers, "figures": shown}


def table(config: dict, path: Path) -> dict:
    rows = page.error_rows(read_table(path))
    return {"name": path.stem, "title": config["titles"][path.stem], "rows": rows}


def data_sums(config: dict, files: list[Path]) -> dict[str, str]:
    """SHA-256 of the figures' data by their names in the study, in whose order the files come."""
    names = sorted({path for entry in config["origins"].values() for path in entry["data"]})
    return {name: file_sha256(path) for name, path in zip(names, files, strict=True)}


def origin(config: dict, name: str, sums: dict[str, str]) -> dict:
    """Where a figure is from, with the digests of its data."""
    entry = config["origins"][name]
    data = {path: sums[path] for path in entry["data"]}
    script = f"scripts/figures/{entry['rule']}.py"
    return {**entry, **config["codes"][entry["rule"]], "script": script, "data": data}


def training(config: dict, histories: list[Path], errors: list[Path]) -> list[dict]:
    """How each network was trained, with its mean accuracy on its own test set if it was taken."""
    if not histories:
        return []
    summary = page.training_summary(counted(histories, config["replicates"], config["own"]))
    summary["test_accuracy"] = summary["method"].map(test_accuracy(errors))
    return summary.to_dict("records")


def test_accuracy(errors: list[Path]) -> pd.Series:
    """The mean accuracy on test sets by method; of no method where there are no errors."""
    if not errors:
        return pd.Series(dtype="float64")
    table = pd.concat(map(read_table, errors))
    accuracy = table[(table["measure"] == "accuracy") & table["set"].str.endswith("/test")]
    return accuracy.groupby("method")["value"].mean()


if __name__ == "__main__":
    program = Program(__doc__).inputs(
        *("template", "verdicts", "parts"),
        optional=("claims", "errors", "histories", "tables", "figures", "data"),
    )
    program.add_argument("--records", required=True, help="the folder of all records")
    run(main, program.outputs("output"))
